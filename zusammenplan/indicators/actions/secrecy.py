"""Mark the counts that the public does not see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zusammenplan.indicators.choices import Secrecy
from zusammenplan.indicators.models import DataRules, Observation
from zusammenplan.indicators.models.rules import LEAST_MINIMUM

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from zusammenplan.indicators.actions.sums import Summed
    from zusammenplan.indicators.queries.tree import AreaTree


def hide_small_counts(
    tree: AreaTree,
    quantities: Collection[int] | None,
    periods: Collection[tuple[date, date]] | None,
    summed: Summed,
) -> set[int]:
    minimum = DataRules.objects.values_list("minimum_cases", flat=True).first() or LEAST_MINIMUM
    small = Observation.objects.filter(
        quantity__is_confidential=True, value__gt=0, value__lt=minimum, secrecy=""
    )
    small.update(secrecy=Secrecy.PRIMARY)
    return set()
