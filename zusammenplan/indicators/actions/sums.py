"""The counts of areas that are made of others: sums over their parts, kept beside the sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from zusammenplan.indicators.domain.reckoning import (
    Datum,
    Group,
    Missing,
    Table,
    from_groups,
    total_of,
)
from zusammenplan.indicators.models import Observation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet

    from zusammenplan.indicators.queries.tree import AreaTree, Place

UNKNOWN = "."
AT_ONCE = 2000

Side = tuple[str, str]  # sex and further breakdown
Cells = dict[Side, Table]


class Row(NamedTuple):
    """A count as it is read, in the order of the query."""

    quantity: int
    starts_on: date
    ends_on: date
    version: int
    sex: str
    other: str
    age_from: int
    age_to: int
    value: Decimal | None
    sign: str
    quality: str
    secrecy: str
    pk: int
    source: int | None


FIELDS = (
    "quantity_id",
    "starts_on",
    "ends_on",
    "area_version_id",
    "sex",
    "other",
    "age_from",
    "age_to",
    "value",
    "sign",
    "quality",
    "secrecy",
    "pk",
    "source_id",
)


@dataclass(slots=True)
class Summed:
    """What the sums changed: new rows, and what stood in changed ones before."""

    new: set[int] = field(default_factory=set)
    before: dict[int, Decimal | None] = field(default_factory=dict)


def sum_over_parts(
    tree: AreaTree,
    quantities: Collection[int] | None,
    periods: Collection[tuple[date, date]] | None,
) -> Summed:
    """
    Keep the sums of areas that are made of others.

    A sum stands only where each part that exists on the day has a value; where one has none, the
    sum has none either and carries its sign. What a source says of the area itself goes before.
    """
    summed = Summed()
    composites = tree.summed()
    if not composites:
        _delete(_rows(quantities, periods).filter(source=None).values_list("pk", flat=True))
        return summed
    areas = {place.area for place in composites}
    wanted = {place.pk for place in composites} | {
        place.pk for area in areas for place in tree.within[area]
    }
    _delete(
        _rows(quantities, periods)
        .filter(source=None)
        .exclude(area_version__in={place.pk for place in composites})
        .values_list("pk", flat=True)
    )
    rows = (
        _rows(quantities, periods)
        .filter(quantity__is_additive=True, area_version__in=wanted)
        .order_by("quantity", "ends_on", "starts_on")
        .values_list(*FIELDS)
    )
    writer = _Writer(summed)
    for (quantity, start, end), group in groupby(
        (Row(*row) for row in rows.iterator(chunk_size=AT_ONCE)), key=itemgetter(0, 1, 2)
    ):
        _sum_one(tree, composites, (quantity, start, end), group, writer)
    writer.flush()
    return summed


def _rows(
    quantities: Collection[int] | None, periods: Collection[tuple[date, date]] | None
) -> QuerySet[Observation]:
    rows = Observation.objects.all()
    if quantities is not None:
        rows = rows.filter(quantity__in=quantities)
    if periods is not None:
        rows = rows.filter(
            starts_on__in={start for start, _end in periods},
            ends_on__in={end for _start, end in periods},
        )
    return rows


def _sum_one(
    tree: AreaTree,
    composites: list[Place],
    key: tuple[int, date, date],
    rows: Iterable[Row],
    writer: _Writer,
) -> None:
    """Sum one quantity in one period, from the innermost areas outwards."""
    known: dict[int, Cells] = {}
    kept: dict[tuple[int, Side, Group], tuple[int, Datum]] = {}
    for row in rows:
        side, group = (row.sex, row.other), (row.age_from, row.age_to)
        datum = Datum(row.value, row.sign, row.quality, row.secrecy)
        if row.source is None:
            kept[row.version, side, group] = row.pk, datum
        else:
            known.setdefault(row.version, {}).setdefault(side, Table())[group] = datum
    _quantity, _start, end = key
    for place in composites:
        if not place.is_valid(end):
            continue
        parts = [known.get(part.pk, {}) for part in tree.parts(place.area, end)]
        own = known.setdefault(place.pk, {})
        for side, group in {
            (side, group) for part in parts for side, table in part.items() for group in table
        }:
            if group in own.get(side, {}):
                continue
            datum = _sum_of(parts, side, group)
            writer.keep(key, place.pk, side, group, datum, kept.pop((place.pk, side, group), None))
            own.setdefault(side, Table())[group] = datum
    writer.gone += [pk for pk, _datum in kept.values()]


def _sum_of(parts: list[Cells], side: Side, group: Group) -> Datum:
    found = []
    for part in parts:
        table = part.get(side)
        one = from_groups(table, group) if table else None
        if one is None or isinstance(one, Missing):
            return Datum(None, (one.sign if one else "") or UNKNOWN)
        found.append(one)
    return total_of(found)


@dataclass(slots=True)
class _Writer:
    """Writes sums in bulk, and only those that differ from what is kept."""

    summed: Summed
    new: list[Observation] = field(default_factory=list)
    changed: list[Observation] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)

    def keep(
        self,
        key: tuple[int, date, date],
        version: int,
        side: Side,
        group: Group,
        datum: Datum,
        kept: tuple[int, Datum] | None,
    ) -> None:
        if kept is not None:
            pk, before = kept
            same = (before.value, before.sign, before.quality)
            if same == (datum.value, datum.sign, datum.quality):
                return
            self.summed.before[pk] = before.value
        row = Observation(
            pk=kept[0] if kept else None,
            quantity_id=key[0],
            starts_on=key[1],
            ends_on=key[2],
            area_version_id=version,
            sex=side[0],
            other=side[1],
            age_from=group[0],
            age_to=group[1],
            value=datum.value,
            sign=datum.sign,
            quality=datum.quality,
            secrecy=kept[1].secrecy if kept else "",
        )
        (self.changed if kept else self.new).append(row)
        if len(self.new) + len(self.changed) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        _delete(self.gone)
        made = Observation.objects.bulk_create(self.new, batch_size=AT_ONCE)
        self.summed.new.update(row.pk for row in made)
        Observation.objects.bulk_update(self.changed, ["value", "sign", "quality"], batch_size=200)
        self.new, self.changed, self.gone = [], [], []


def _delete(keys: Iterable[int]) -> None:
    found = list(keys)
    for start in range(0, len(found), AT_ONCE):
        Observation.objects.filter(pk__in=found[start : start + AT_ONCE]).delete()
