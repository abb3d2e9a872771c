"""Whether the parts of an area add up to what a source says of it (R37)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max

from zusammenplan.indicators.models import ALL_AGES, Observation, Quantity
from zusammenplan.indicators.queries.tree import AreaTree
from zusammenplan.indicators.queries.words import number_text, period_text

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

MOST = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """An area of which a source says another total than its parts add up to."""

    area: str
    quantity: str
    period: str
    total: str
    parts: str
    difference: str


def differing_totals() -> list[Difference]:
    """Compare totals with their parts, for the latest period of each quantity; four queries."""
    tree = AreaTree.load()
    composites = tree.summed()
    wanted = {place.pk for place in composites} | {
        part.pk for place in composites for part in tree.within[place.area]
    }
    quantities = {one.pk: one for one in Quantity.objects.filter(is_additive=True)}
    latest = dict(
        Observation.objects.filter(quantity__in=quantities, area_version__in=wanted)
        .order_by()
        .values_list("quantity")
        .annotate(last=Max("ends_on"))
    )
    values: defaultdict[tuple[int, date, date], dict[int, Decimal]] = defaultdict(dict)
    sources: set[tuple[int, date, date, int]] = set()
    rows = Observation.objects.filter(
        quantity__in=latest,
        ends_on__in=set(latest.values()),
        area_version__in=wanted,
        sex="",
        age_from=0,
        age_to=ALL_AGES,
        other="",
    ).values_list("quantity_id", "starts_on", "ends_on", "area_version_id", "value", "source_id")
    for quantity, start, end, version, value, source in rows:
        if value is not None and latest[quantity] == end:
            values[quantity, start, end][version] = value
            if source is not None:
                sources.add((quantity, start, end, version))
    found = []
    for (quantity, start, end), known in sorted(values.items()):
        for place in composites:
            parts = tree.parts(place.area, end)
            if (
                (quantity, start, end, place.pk) not in sources
                or not parts
                or any(part.pk not in known for part in parts)
            ):
                continue
            total, together = known[place.pk], sum(known[part.pk] for part in parts)
            if total != together:
                found.append(
                    Difference(
                        place.name,
                        quantities[quantity].name,
                        period_text(start, end),
                        number_text(total),
                        number_text(together + 0 * total),
                        number_text(total - together),
                    )
                )
    return found[:MOST]
