"""
Flat files of GENESIS: one value a line (since 2025), or a column per measure (before).

The columns are found by their names; a region is found by the code of its variable. Whatever many
lines have in common is made once and found again, for such files have a million lines.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

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
REGIONAL_ATLAS = "99910"
# What a named tuple's own call does, without its detour by keywords: once a value, it counts.
make = tuple.__new__
# Cells as text, or as the bytes of a plain file, which are cheaper to part and to compare.
Written = TypeVar("Written", str, bytes)


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
    header: Sequence[str],
    rows: Iterator[tuple[int, Sequence[Written]]],
    about: Provenance,
    text: Callable[[Written], str],
) -> Iterator[Reading | Refused]:
    """
    Read a flat file row by row; ``about`` learns whence it comes.

    :param text: makes a cell to text
    :raises NotOfficialError: if columns that every flat file has are missing
    """
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    is_old = names[0].casefold() == OLD_FIRST
    about.layout = Layout.FLAT_OLD if is_old else Layout.FLAT
    return _read(rows, about, text, *(_old_shape(names) if is_old else _new_shape(names)))


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
    rows: Iterator[tuple[int, Sequence[Written]]],
    about: Provenance,
    text: Callable[[Written], str],
    columns: Columns,
    values: list[Values],
) -> Iterator[Reading | Refused]:
    times: dict[Written, Time | None] = {}
    reads = [_Lines(columns, column, text).read for column in values]
    width, time_at = columns.width, columns.time
    count = 0
    try:
        for row, cells in rows:
            if len(cells) != width:
                said = [text(cell) for cell in cells]
                if fault := _wrong_length(row, said, width):
                    if said and said[0].startswith(FOOTER):
                        _read_end(about, rows, text, width)
                        return
                    yield fault
                    continue
            if not count:
                _learn(about, [text(cell) for cell in cells], columns)
            count += 1
            written = cells[time_at]
            time = times.get(written)
            if time is None:
                time = times[written] = read_time(text(written))
                if time is None:
                    yield Refused(row, time_at + 1, Problem.UNREADABLE_TIME, text(written)[:80])
                    continue
            for read in reads:
                yield read(row, cells, time)
    finally:
        about.rows += count


def _read_end(
    about: Provenance,
    rows: Iterator[tuple[int, Sequence[Written]]],
    text: Callable[[Written], str],
    width: int,
) -> None:
    rest = ((row, [text(cell) for cell in cells]) for row, cells in rows)
    about.notes += [" ".join(it).strip() for _, it in demand_end(rest, most=width // 2)]


def _learn(about: Provenance, cells: Sequence[str], columns: Columns) -> None:
    """
    Take statistics and title from the first row.

    The table's number stands in the name of the file alone, where it is kept if it fits.
    """
    about.statistics, about.title = cells[columns.statistics].strip(), cells[columns.title].strip()
    is_atlas = about.statistics == REGIONAL_ATLAS and about.table.startswith("AI-")
    if not about.table.startswith(about.statistics) and not is_atlas:
        about.table = about.statistics


def _wrong_length(row: int, cells: Sequence[str], width: int) -> Refused | None:
    """Refuse a row of another length: its values may stand in the wrong columns."""
    if len(cells) < width:
        return Refused(row, len(cells), Problem.ROW_TOO_SHORT, ";".join(cells)[:80])
    if any(cell.strip() for cell in cells[width:]):
        return Refused(row, width + 1, Problem.ROW_TOO_LONG, ";".join(cells)[:80])
    return None


class _Lines(Generic[Written]):
    """
    Reads the values of one column.

    A line's kind is found by all codes but the region's, whose group is the one that the last line
    had it in; where that is another, the line is looked at anew.
    """

    def __init__(self, columns: Columns, values: Values, text: Callable[[Written], str]) -> None:
        self.columns = columns
        self.at = values.at
        self.values = values
        self.quality = values.quality
        self.text: Callable[[Written], str] = text
        # Those that one variable names, found by their key alone.
        self.regions: dict[Written, dict[Written, Region]] = {}
        self._expect(columns.groups[0])

    def _expect(self, region: Group) -> None:
        """Expect the region in a group of columns."""
        self.group, self.key_at = region, region.code
        groups = self.columns.groups
        named = () if self.values.measure else (self.values.code, self.values.unit)
        self.codes = itemgetter(
            self.columns.statistics,
            *(group.variable for group in groups),
            *(group.code for group in groups if group is not region),
            *named,
        )
        self.known: dict[tuple[Written, ...], tuple[Kind, dict[Written, Region]]] = {}

    def read(self, row: int, cells: Sequence[Written], time: Time) -> Reading | Refused:
        known = self.known.get(self.codes(cells))
        if known is None:
            known = self._learn(cells)
            if known is None:
                return Refused(row, 1, Problem.REGION_MISSING, self._said(cells))
        kind, regions = known
        key = cells[self.key_at]
        region = regions.get(key)
        if region is None:
            place = self._text(cells, self.key_at)
            if not place:
                return Refused(row, self.key_at + 1, Problem.REGION_MISSING, self._said(cells))
            group = self.group
            region = regions[key] = Region(
                self._text(cells, group.variable), place, self._text(cells, group.label)
            )
        raw = self.text(cells[self.at])
        try:
            quality = self.text(cells[self.quality]) if self.quality >= 0 else ""
            cell = read_cell(raw, quality)
        except UnreadableCellError:
            return Refused(row, self.at + 1, Problem.UNREADABLE_CELL, raw[:80])
        return make(Reading, (row, self.at + 1, region, time, kind, cell))

    def _text(self, cells: Sequence[Written], at: int) -> str:
        return self.text(cells[at]).strip()

    def _said(self, cells: Sequence[Written]) -> str:
        return ";".join(map(self.text, cells))[:80]

    def _learn(self, cells: Sequence[Written]) -> tuple[Kind, dict[Written, Region]] | None:
        """Make the kind of a line whose codes are new; None if it names no region."""
        columns, values = self.columns, self.values
        groups = columns.groups
        region = next((one for one in groups if _is_region(self._text(cells, one.variable))), None)
        if region is None:
            return None
        if region is not self.group:
            self._expect(region)
        measure = values.measure or Measure(
            *(self._text(cells, at) for at in (values.code, values.label, values.unit))
        )
        breakdown = tuple(
            Attribute(*(self._text(cells, at) for at in group))
            for group in groups
            if group is not region and cells[group.variable].strip()
        )
        kind = Kind(self._text(cells, columns.statistics), measure, breakdown)
        regions = self.regions.setdefault(cells[region.variable], {})
        self.known[self.codes(cells)] = kind, regions
        return kind, regions
