"""
Tables of one area: it stands in a line above, such as “Landkreis Hildburghausen”.

The Landesamt gives the time series of an area so: years as rows and what is counted as columns, or
the other way round. Which line names an area only the list of areas can tell.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from zusammenplan.indicators.domain.named import (
    LETTERS,
    MOST_HEAD_ROWS,
    TABLE,
    columns_below,
    is_value,
    parts_of,
    read_note,
)
from zusammenplan.indicators.domain.shapes import (
    FOOTER,
    Kind,
    Measure,
    Problem,
    Provenance,
    Reading,
    Refused,
    Region,
    Row,
)
from zusammenplan.indicators.domain.signs import UnreadableCellError, read_cell
from zusammenplan.indicators.domain.times import MONTHS, read_time
from zusammenplan.indicators.domain.towers import Column, measure_of_titles, understand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zusammenplan.indicators.domain.named import Knows
    from zusammenplan.indicators.domain.times import Time

# A day of every year: "31.12." or "31. Dezember".
EACH_YEAR = re.compile(
    rf"\b(\d{{1,2}})\. ?(?:(\d{{1,2}})\.|({'|'.join(MONTHS)})\b)(?! ?\d)", re.IGNORECASE
)
YEAR = re.compile(r"[12]\d{3}")


class OneArea(NamedTuple):
    """The head of such a table: which area, what the columns are, and whether rows are times."""

    begins_at: int
    area: str
    titles: list[str]
    columns: list[Column]
    has_times_in_rows: bool
    each_year: tuple[int, int] | None


def area_above(rows: Sequence[Row], knows: Knows) -> OneArea | None:
    """Read the head of a table whose only area stands above it; None if it is none."""
    titles: list[str] = []
    tower: list[Sequence[str]] = []
    for count, (_row, cells) in enumerate(rows[:MOST_HEAD_ROWS]):
        filled = [cell.strip() for cell in cells if cell.strip()]
        has_times = read_time(cells[0].strip()) is not None if cells else False
        if tower and (has_times or _is_count(cells, tower)) and any(map(str.strip, cells[1:])):
            area = _area_in(titles, knows)
            names = (" ".join(cells[0].split()) for _row, cells in rows[count:] if cells)
            if area is None or not all(is_value(cell) for cell in cells[1:] if cell.strip()):
                return None
            if not has_times and any(map(knows, names)):
                return None
            left = [title for title in titles if title != area]
            columns = columns_below(tower, len(cells))
            each_year = _each_year([*(row[0] for row in tower), *left])
            return OneArea(count, area, left, columns, has_times, each_year)
        if len(filled) == 1 and not (tower and not cells[0].strip()):
            titles.append(filled[0])
        elif filled:
            tower.append(cells)
    return None


def read_of_one(
    one: OneArea, rows: list[Row], rest: Iterator[Row], about: Provenance
) -> Iterator[Reading | Refused]:
    """Read a table whose head is known; ``rows`` are its first ones."""
    about.title = " ".join([*one.titles, one.area])
    if table := TABLE.search(about.title):
        about.table = table.group(1)
    body = _Body(one, about.table)
    for row, cells in chain(rows[one.begins_at :], rest):
        name = " ".join(cells[0].split()) if cells else ""
        if name.startswith(FOOTER):
            continue
        if not any(cell.strip() for cell in cells[1:]):
            read_note(name, about)
            continue
        about.rows += 1
        yield from body.read_row(row, name, cells)


class _Body:
    """Reads the rows of values."""

    def __init__(self, one: OneArea, table: str) -> None:
        self.one = one
        self.table = table
        self.region = Region("", "", one.area)
        self.whole = measure_of_titles(line for line in one.titles if not read_time(line))
        self.times: dict[str, Time | None] = {}
        self.kinds: dict[tuple[str, int], Kind] = {}

    def read_row(self, row: int, name: str, cells: Sequence[str]) -> Iterator[Reading | Refused]:
        by_time, columns = self.one.has_times_in_rows, self.one.columns
        for at, raw in enumerate(cells[1:]):
            if not raw.strip():
                continue
            if at >= len(columns):
                yield Refused(row, at + 2, Problem.ROW_TOO_LONG, ";".join(cells)[:80])
                return
            column = columns[at].time
            time = self._time(name if by_time else column.text if column else "")
            if time is None:
                yield Refused(row, 1, Problem.UNREADABLE_TIME, name[:80])
                return
            try:
                kind = self._kind("" if by_time else name, at)
                yield Reading(row, at + 2, self.region, time, kind, read_cell(raw.strip()))
            except UnreadableCellError:
                yield Refused(row, at + 2, Problem.UNREADABLE_CELL, raw[:80])

    def _time(self, text: str) -> Time | None:
        if text not in self.times:
            day, month = self.one.each_year or (0, 0)
            is_day = self.one.each_year and YEAR.fullmatch(text)
            self.times[text] = read_time(f"{day}.{month}.{text}" if is_day else text)
        return self.times[text]

    def _kind(self, name: str, at: int) -> Kind:
        if (name, at) not in self.kinds:
            column, said = self.one.columns[at], understand([name])
            label = " – ".join(filter(None, (said.label, column.label)))
            unit = said.unit or column.unit or ("" if label else self.whole.unit)
            measure = Measure("", label or self.whole.label, unit)
            self.kinds[name, at] = Kind(self.table, measure, said.sides + column.sides)
        return self.kinds[name, at]


def _is_count(cells: Sequence[str], tower: Sequence[Sequence[str]]) -> bool:
    """Tell a row that names what is counted, below headings that are all times."""
    heads = [cell.strip() for cell in tower[-1][1:] if cell.strip()]
    is_named = bool(cells) and LETTERS.search(cells[0]) is not None
    return is_named and bool(heads) and all(map(read_time, heads))


def _area_in(titles: Sequence[str], knows: Knows) -> str | None:
    """Find the only area that the lines above name, best as a line of its own."""
    whole = {title for title in titles if knows(title)}
    parts = whole or {
        part for title in titles if (part := next(filter(knows, parts_of(title)), None))
    }
    return parts.pop() if len(parts) == 1 else None


def _each_year(lines: Sequence[str]) -> tuple[int, int] | None:
    """Find the day on which each year was counted, such as 31.12."""
    for line in lines:
        if found := EACH_YEAR.search(line):
            day, month, name = found.groups()
            return int(day), int(month or MONTHS.index(name.casefold()) + 1)
    return None
