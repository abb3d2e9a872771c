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
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet

    Values = dict[tuple[int, date, date], dict[int, Decimal]]

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
    """Compare totals with their parts, for the latest period of each quantity; five queries."""
    tree = AreaTree.load()
    composites = tree.summed()
    quantities = {one.pk: one for one in Quantity.objects.filter(is_additive=True)}
    totals = Observation.objects.filter(
        quantity__in=quantities, area_version__in=[place.pk for place in composites]
    )
    latest = dict(totals.order_by().values_list("quantity").annotate(last=Max("ends_on")))
    # Only what a source says is compared; the parts of all else need not be read.
    said = _values_of(totals.filter(source__isnull=False), latest)
    wanted = {
        part.pk
        for (_quantity, _start, end), known in said.items()
        for version in known
        for part in tree.parts(tree.places[version].area, end)
    }
    rows = Observation.objects.filter(area_version__in=wanted)
    values = _values_of(rows, {quantity: latest[quantity] for quantity, _start, _end in said})
    found = []
    for (quantity, start, end), totals_said in sorted(said.items()):
        known = values.get((quantity, start, end), {})
        for place in composites:
            parts = tree.parts(place.area, end)
            if place.pk not in totals_said or any(part.pk not in known for part in parts):
                continue
            total, together = totals_said[place.pk], sum(known[part.pk] for part in parts)
            if parts and total != together:
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


def _values_of(rows: QuerySet[Observation], latest: Mapping[int, date]) -> Values:
    """Read the values for everybody by quantity and period, then by version; of the latest day."""
    found: Values = defaultdict(dict)
    whole = rows.filter(
        quantity__in=latest,
        ends_on__in=set(latest.values()),
        sex="",
        age_from=0,
        age_to=ALL_AGES,
        other="",
    )
    for quantity, start, end, version, value in whole.values_list(
        "quantity_id", "starts_on", "ends_on", "area_version_id", "value"
    ):
        if value is not None and latest[quantity] == end:
            found[quantity, start, end][version] = value
    return found
