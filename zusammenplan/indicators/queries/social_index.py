"""A social index computed from the latest figures, with the raw values beside it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from zusammenplan.indicators.domain.social_index import (
    AreaResult,
    IndexClasses,
    NoWeightError,
    Part,
    evaluate,
)
from zusammenplan.indicators.models import ALL_AGES, Figure, Observation
from zusammenplan.places.models import Area

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from zusammenplan.indicators.models import IndexPart, Indicator, SocialIndex

    Period = tuple[date, date]

POPULATION = "population"


@dataclass(frozen=True, slots=True)
class IndexTable:
    """The areas of an index with their results; ``periods`` tells of when each indicator is."""

    parts: list[IndexPart]
    areas: dict[int, Area]
    results: list[AreaResult]
    periods: dict[int, Period]


def index_table(index: SocialIndex) -> IndexTable:
    """
    Compute an index; six queries, however many areas there are.

    All areas are compared in the same period, the latest that an indicator has. A hidden figure
    counts as missing for everybody, so that the index gives no hidden count away.
    """
    parts = list(index.parts.select_related("indicator").order_by("indicator__position", "pk"))
    areas = {area.pk: area for area in Area.objects.own().filter(kind=index.kind).in_order()}
    values, periods = _latest_values([part.indicator for part in parts], areas)
    table = {
        area: {part.indicator_id: values.get((area, part.indicator_id)) for part in parts}
        for area in areas
    }
    try:
        results = evaluate(
            table,
            _population(areas),
            [Part(part.indicator_id, float(part.weight), part.high_is_burden) for part in parts],
            minimum_population=index.minimum_population,
            classes=index.classes,
            method=IndexClasses(index.class_method),
        )
    except NoWeightError:
        results = []
    return IndexTable(parts, areas, results, periods)


def _latest_values(
    indicators: list[Indicator], areas: dict[int, Area]
) -> tuple[dict[tuple[int, int], Decimal | None], dict[int, Period]]:
    shown = Figure.objects.filter(indicator__in=indicators, area__in=areas, secrecy="")
    # The figures of all other years would be many times as many.
    ends = dict(shown.values_list("indicator_id").annotate(Max("ends_on")))
    rows = shown.filter(ends_on__in=set(ends.values())).values_list(
        "indicator_id", "area_id", "starts_on", "ends_on", "value"
    )
    by_period: defaultdict[int, dict[Period, dict[int, Decimal | None]]] = defaultdict(dict)
    for indicator, area, start, end, value in rows:
        if end == ends[indicator]:
            by_period[indicator].setdefault((start, end), {})[area] = value
    periods = {indicator: max(known) for indicator, known in by_period.items()}
    values = {
        (area, indicator): value
        for indicator, period in periods.items()
        for area, value in by_period[indicator][period].items()
    }
    return values, periods


def _population(areas: Iterable[int]) -> dict[Any, Decimal | None]:
    """Give the latest number of people of each area; hidden ones are not known."""
    rows = (
        Observation.objects.filter(
            quantity__code=POPULATION,
            area_version__area__in=list(areas),
            sex="",
            age_from=0,
            age_to=ALL_AGES,
            other="",
            secrecy="",
        )
        .order_by("ends_on", "starts_on")
        .values_list("area_version__area_id", "value")
    )
    return dict(rows.iterator(chunk_size=2000))
