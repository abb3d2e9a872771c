"""After areas changed: figures follow to the versions of their days, and all is computed anew."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.actions.locks import figures_alone
from zusammenplan.indicators.models import Observation, Quantity
from zusammenplan.places.models import AreaVersion

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY = ("quantity", "starts_on", "ends_on", "sex", "age_from", "age_to", "other")


@transaction.atomic
def follow_areas() -> int:
    """
    Let figures belong to the version that their area had on their last day.

    A figure for which that version has another one already stays where it is. Gives how many moved.
    """
    figures_alone()
    siblings: defaultdict[int, list[AreaVersion]] = defaultdict(list)
    for version in AreaVersion.objects.defer("geometry").order_by("pk"):
        siblings[version.area_id].append(version)
    moved = sum(_sort_out(versions) for versions in siblings.values() if len(versions) > 1)
    recompute()
    return moved


def _sort_out(versions: Sequence[AreaVersion]) -> int:
    moved = 0
    for target in versions:
        same = {name: OuterRef(name) for name in KEY}
        taken = Observation.objects.filter(area_version=target, **same)
        strays = Observation.objects.filter(
            ~Exists(taken),
            # The index leads from the quantity to the area.
            quantity__in=Quantity.objects.values("pk"),
            source__isnull=False,
            ends_on__gte=target.valid_from or date.min,
            ends_on__lte=target.valid_to or date.max,
        )
        # One after the other: two of them may have the same figure, of which one can move.
        for other in versions:
            if other != target:
                moved += strays.filter(area_version=other).update(area_version=target)
    return moved
