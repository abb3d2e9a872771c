"""
Flat files of GENESIS: one value a line (since 2025), or a column per measure (before).

The columns are found by their names; a region is found by the code of its variable. Whatever many
lines have in common is made once and found again, for such files have a million lines.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from zusammenplan.indicators.domain.shapes import (
    FOOTER,
    Attribute,
    Kind,
    Layout,
    Measure,
    NotOfficial,
    NotOfficialError,
    Problem,
    Provenance,
    Reading,
    Refused,
    Region,
    Row,
    demand_end,
)
from zusammenplan.indicators.domain.signs import UnreadableCellError, read_cell
from zusammenplan.indicators.domain.times import read_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from zusammenplan.indicators.domain.times import Time

REGIONS = frozenset({"KREISE", "GEMEIN", "DLAND", "DLANDU", "DINSG", "REGBEZ"})
# The census calls its regions by what they are and the territory of which day: GEOGM4, GEOBL1.
CENSUS_REGION = re.compile(r"GEO(?:DL|BL|RB|LK|VB|GM)\d")
NEW_FIRST, OLD_FIRST = "statistics_code", "statistik_code"
OLD_MEASURE = re.compile(r"\s*(?P<code>[A-Z0-9]{3,})__(?P<label>.*?)__(?P<unit>[^_]*)\s*")
GROUP = ("variable_code", "variable_label", "variable_attribute_code", "variable_attribute_label")
OLD_GROUP = ("merkmal_code", "merkmal_label", "auspraegung_code", "auspraegung_label")
MOST_GROUPS = 20


class Group(NamedTuple):
    """Where the four columns of a side of the breakdown stand."""

    variable: int
    variable_label: int
    code: int
    label: int


class Columns(NamedTuple):
    """Where the columns of a flat file stand."""

    width: int
    statistics: int
    title: int
    time: int
    groups: tuple[Group, ...]


def is_flat(header: Sequence[str]) -> bool:
    """Tell whether the first row is the header of a flat file."""
    return bool(header) and header[0].strip().casefold() in {NEW_FIRST, OLD_FIRST}


def read_flat(
    header: Sequence[str], rows: Iterator[Row], about: Provenance
) -> Iterator[Reading | Refused]:
    """
    Read a flat file row by row; ``about`` learns whence it comes.

    :raises NotOfficialError: if columns that every flat file has are missing
    """
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    is_old = names[0].casefold() == OLD_FIRST
    about.layout = Layout.FLAT_OLD if is_old else Layout.FLAT
    return _read(rows, about, *(_old_shape(names) if is_old else _new_shape(names)))


class Values(NamedTuple):
    """A column of values: its measure, or the columns that name it, and the note of quality."""

    at: int
    measure: Measure | None = None
    code: int = -1
    label: int = -1
    unit: int = -1
    quality: int = -1


def _new_shape(names: list[str]) -> tuple[Columns, list[Values]]:
    at = {name.casefold(): index for index, name in enumerate(names)}
    values = Values(
        at=_place(at, "value"),
        code=_place(at, "value_variable_code"),
        label=_place(at, "value_variable_label"),
        unit=_place(at, "value_unit"),
        quality=at.get("value_q", -1),
    )
    columns = Columns(
        len(names),
        _place(at, NEW_FIRST),
        _place(at, "statistics_label"),
        _place(at, "time"),
        _groups(at, GROUP),
    )
    return columns, [values]


def _old_shape(names: list[str]) -> tuple[Columns, list[Values]]:
    at = {name.casefold(): index for index, name in enumerate(names)}
    values = [
        Values(index, Measure(found["code"], found["label"].strip(), found["unit"].strip()))
        for index, name in enumerate(names)
        if (found := OLD_MEASURE.fullmatch(name))
    ]
    if not values:
        raise NotOfficialError(NotOfficial.COLUMN_MISSING, "CODE__…__…", line=1)
    columns = Columns(
        len(names),
        _place(at, OLD_FIRST),
        _place(at, "statistik_label"),
        _place(at, "zeit"),
        _groups(at, OLD_GROUP),
    )
    return columns, values


def _place(at: dict[str, int], name: str) -> int:
    if name not in at:
        raise NotOfficialError(NotOfficial.COLUMN_MISSING, name, line=1)
    return at[name]


def _groups(at: dict[str, int], parts: tuple[str, ...]) -> tuple[Group, ...]:
    found = []
    for number in range(1, MOST_GROUPS):
        places = [at.get(f"{number}_{part}") for part in parts]
        if None not in places:
            found.append(Group(*(place for place in places if place is not None)))
    if not found:
        raise NotOfficialError(NotOfficial.COLUMN_MISSING, f"1_{parts[0]}", line=1)
    return tuple(found)


def _is_region(variable: str) -> bool:
    return variable in REGIONS or CENSUS_REGION.fullmatch(variable) is not None


def _read(
    rows: Iterator[Row], about: Provenance, columns: Columns, values: list[Values]
) -> Iterator[Reading | Refused]:
    times: dict[str, Time | None] = {}
    readers = [_Lines(columns, column) for column in values]
    width, time_at = columns.width, columns.time
    for row, cells in rows:
        if len(cells) != width and (fault := _wrong_length(row, cells, width)):
            if cells and cells[0].startswith(FOOTER):
                about.notes += [" ".join(it).strip() for _, it in demand_end(rows, most=width // 2)]
                return
            yield fault
            continue
        if not about.rows:
            about.statistics, about.title = cells[columns.statistics], cells[columns.title]
        about.rows += 1
        text = cells[time_at]
        if text not in times:
            times[text] = read_time(text)
        time = times[text]
        if time is None:
            yield Refused(row, time_at + 1, Problem.UNREADABLE_TIME, text[:80])
            continue
        for reader in readers:
            yield reader.read(row, cells, time)


def _wrong_length(row: int, cells: Sequence[str], width: int) -> Refused | None:
    """Refuse a row of another length: its values may stand in the wrong columns."""
    if len(cells) < width:
        return Refused(row, len(cells), Problem.ROW_TOO_SHORT, ";".join(cells)[:80])
    if any(cell.strip() for cell in cells[width:]):
        return Refused(row, width + 1, Problem.ROW_TOO_LONG, ";".join(cells)[:80])
    return None


class _Plan(NamedTuple):
    """How lines with the same variables are read: where the region stands, and what else counts."""

    region: Group
    others: tuple[Group, ...]
    codes: Callable[[Sequence[str]], tuple[str, ...]]
    kinds: dict[tuple[str, ...], Kind]
    regions: dict[str, Region]


class _Lines:
    """Reads the values of one column."""

    def __init__(self, columns: Columns, values: Values) -> None:
        self.columns = columns
        self.values = values
        # Twice the first, because a getter of one place would give no tuple.
        first = columns.groups[0].variable
        self.variables = itemgetter(first, *(group.variable for group in columns.groups))
        self.plans: dict[tuple[str, ...], _Plan | None] = {}

    def read(self, row: int, cells: Sequence[str], time: Time) -> Reading | Refused:
        variables = self.variables(cells)
        try:
            plan = self.plans[variables]
        except KeyError:
            plan = self.plans[variables] = self._plan(cells)
        key = cells[plan.region.code] if plan else ""
        if plan is None or not key:
            return Refused(row, 1, Problem.REGION_MISSING, ";".join(cells)[:80])
        region = plan.regions.get(key) or self._region(plan, cells)
        codes = plan.codes(cells)
        kind = plan.kinds.get(codes) or self._kind(plan, codes, cells)
        values = self.values
        raw = cells[values.at]
        try:
            cell = read_cell(raw, cells[values.quality]) if values.quality >= 0 else read_cell(raw)
        except UnreadableCellError:
            return Refused(row, values.at + 1, Problem.UNREADABLE_CELL, raw[:80])
        return Reading(row, values.at + 1, region, time, kind, cell)

    def _plan(self, cells: Sequence[str]) -> _Plan | None:
        groups = self.columns.groups
        region = next((one for one in groups if _is_region(cells[one.variable].strip())), None)
        if region is None:
            return None
        others = tuple(one for one in groups if one is not region and cells[one.variable].strip())
        named = () if self.values.measure else (self.values.code, self.values.unit)
        statistics = self.columns.statistics
        places = (statistics, statistics, *(one.code for one in others), *named)
        return _Plan(region, others, itemgetter(*places), {}, {})

    def _region(self, plan: _Plan, cells: Sequence[str]) -> Region:
        group = plan.region
        key = cells[group.code]
        region = Region(cells[group.variable].strip(), key.strip(), cells[group.label].strip())
        plan.regions[key] = region
        return region

    def _kind(self, plan: _Plan, codes: tuple[str, ...], cells: Sequence[str]) -> Kind:
        values = self.values
        measure = values.measure or Measure(
            cells[values.code].strip(), cells[values.label].strip(), cells[values.unit].strip()
        )
        breakdown = tuple(
            Attribute(*(cells[place].strip() for place in group)) for group in plan.others
        )
        kind = plan.kinds[codes] = Kind(cells[self.columns.statistics].strip(), measure, breakdown)
        return kind
