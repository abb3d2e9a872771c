"""After areas changed: figures follow to the versions of their days, and all is computed anew."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.models import Observation, Quantity
from zusammenplan.places.models import AreaVersion

if TYPE_CHECKING:
    from collections.abc import Iterable

KEY = ("quantity", "starts_on", "ends_on", "sex", "age_from", "age_to", "other")


@transaction.atomic
def follow_areas() -> int:
    """
    Let figures belong to the version that their area had on their last day.

    A figure for which that version has another one already stays where it is. Gives how many moved.
    """
    siblings: defaultdict[int, list[AreaVersion]] = defaultdict(list)
    for version in AreaVersion.objects.defer("geometry").order_by("pk"):
        siblings[version.area_id].append(version)
    moved = sum(_sort_out(versions) for versions in siblings.values() if len(versions) > 1)
    recompute()
    return moved


def _sort_out(versions: Iterable[AreaVersion]) -> int:
    moved = 0
    known = list(versions)
    for target in known:
        strays = Observation.objects.filter(
            # The index leads from the quantity to the area.
            quantity__in=Quantity.objects.values("pk"),
            area_version__in=[one.pk for one in known if one.pk != target.pk],
            source__isnull=False,
            ends_on__gte=target.valid_from or date.min,
            ends_on__lte=target.valid_to or date.max,
        )
        same = {name: OuterRef(name) for name in KEY}
        taken = Observation.objects.filter(area_version=target, **same)
        moved += strays.filter(~Exists(taken)).update(area_version=target)
    return moved
