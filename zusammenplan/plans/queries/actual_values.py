"""The actual values of measures' indicators: typed, or those of the data they are tied to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from zusammenplan.indicators.models import Figure
from zusammenplan.plans.models import IndicatorValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zusammenplan.plans.models import MeasureIndicator


def values_of(indicators: Iterable[MeasureIndicator]) -> dict[int, list[IndicatorValue]]:
    """
    Give the values of indicators by their key, in the order of time.

    Typed ones must be fetched with the indicators; those of tied ones take one query for all.
    """
    indicators = list(indicators)
    tied = tied_values(indicators)
    return {
        one.pk: tied.get(one.pk, []) if one.is_tied else list(one.values.all())
        for one in indicators
    }


def tied_values(indicators: Iterable[MeasureIndicator]) -> dict[int, list[IndicatorValue]]:
    """
    Give the values of the data for tied indicators; they are kept nowhere else.

    What is secret is left out, for everybody reads the plan; and so is what was measured on another
    territory than the newest value, for it cannot be compared with a target.
    """
    tied = [one for one in indicators if one.is_tied]
    if not tied:
        return {}
    figures: defaultdict[tuple[int, int], list[Figure]] = defaultdict(list)
    rows = Figure.objects.filter(
        indicator__in={one.tied_indicator_id for one in tied},
        area__in={one.tied_area_id for one in tied},
        value__isnull=False,
        secrecy="",
    ).select_related("indicator")
    for figure in rows.order_by("ends_on", "area_version", "pk"):
        figures[figure.indicator_id, figure.area_id].append(figure)
    found = {}
    for one in tied:
        own = figures.get((one.tied_indicator_id or 0, one.tied_area_id or 0), [])
        territory = own[-1].area_version_id if own else 0
        found[one.pk] = [
            IndicatorValue(
                indicator=one,
                on=figure.ends_on,
                value=round(figure.value, figure.indicator.decimals),
            )
            for figure in own
            if figure.area_version_id == territory and figure.value is not None
        ]
    return found
