"""
Classic tables of GENESIS, as the web page gives them: a tower of headers, stubs, a footer.

The region stands in the first column, or behind the time; what follows until the first value are
further stubs. The header cells of a column, joined from the top, say what is counted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zusammenplan.indicators.domain.shapes import (
    FOOTER,
    Attribute,
    Kind,
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
from zusammenplan.indicators.domain.towers import Column, measure_of_titles, understand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zusammenplan.indicators.domain.times import Time

TABLE = re.compile(r"(?:GENESIS-)?(?:Tabelle|Table): ?(\S+)")
STATISTICS = re.compile(r"(\d{5}|\d{4}[A-Z])\b")
REGION = re.compile(r"DG|\d{2,8}|\d{12}")
YEAR = re.compile(r"(?:19|20)\d{2}")
AS_OF = re.compile(r"(?:Stand|Status): ?(.+)")
MOST_HEAD_ROWS = 60
LEAST_CELLS = 3  # key, name and a value


def is_classic(first: Sequence[str]) -> bool:
    """Tell whether the first row is the heading of a classic table."""
    return bool(first) and bool(TABLE.match(first[0].strip()))


def read_classic(
    first: Sequence[str], rows: Iterator[Row], about: Provenance
) -> Iterator[Reading | Refused]:
    """
    Read a classic table row by row; ``about`` learns whence it comes.

    :raises NotOfficialError: if no row begins with a region, or rows follow below the footer
    """
    if found := TABLE.match(first[0].strip()):
        about.table = found.group(1)
    if statistics := STATISTICS.match(about.table):
        about.statistics = statistics.group(1)
    head, row, cells = _head(rows)
    body = _Body(head, cells, about)
    yield from body.read_row(row, cells)
    for row, cells in rows:
        if cells and cells[0].startswith(FOOTER):
            _read_footer(demand_end(rows, most=body.values_at + 1), about)
            return
        if any(cells):
            yield from body.read_row(row, cells)


def _head(rows: Iterator[Row]) -> tuple[list[Sequence[str]], int, Sequence[str]]:
    """Give the rows above the first with a region, and that one."""
    head: list[Sequence[str]] = []
    for row, cells in rows:
        if _is_body(cells):
            return head, row, cells
        if (cells and cells[0].startswith(FOOTER)) or len(head) > MOST_HEAD_ROWS:
            raise NotOfficialError(NotOfficial.NO_ROWS, line=row)
        head.append(cells)
    raise NotOfficialError(NotOfficial.NO_ROWS)


def _is_key(cell: str) -> bool:
    cell = cell.strip()
    return REGION.fullmatch(cell) is not None and YEAR.fullmatch(cell) is None


def _is_body(cells: Sequence[str]) -> bool:
    if len(cells) < LEAST_CELLS:
        return False
    if _is_key(cells[0]):
        return True
    return read_time(cells[0]) is not None and REGION.fullmatch(cells[1].strip()) is not None


def _read_footer(rows: Iterator[Row], about: Provenance) -> None:
    for _row, cells in rows:
        text = " ".join(" ".join(cell for cell in cells if cell).split())
        if found := AS_OF.fullmatch(text):
            about.as_of = found.group(1)
        elif text.startswith("©") or "lizen" in text.casefold():
            about.licence = text
        elif text:
            about.notes.append(text)


class _Body:
    """Where region, time and values stand, and what each column of values counts."""

    def __init__(
        self, head: Sequence[Sequence[str]], first: Sequence[str], about: Provenance
    ) -> None:
        titles = [cells[0].strip() for cells in head if cells and cells[0].strip()]
        tower = [cells for cells in head if not (cells and cells[0].strip())]
        about.title = " ".join(titles)
        self.about = about
        self.whole = measure_of_titles(titles)
        self.has_time_first = not _is_key(first[0])
        self.key_at = 1 if self.has_time_first else 0
        self.values_at = next(
            (at for at in range(self.key_at + 2, len(first)) if _is_value(first[at])), len(first)
        )
        width = max([len(first), *map(len, tower)])
        self.columns = [
            understand(_cell(cells, at) for cells in tower) for at in range(self.values_at, width)
        ]
        self.kinds: dict[tuple[str, ...], list[Kind]] = {}
        self.regions: dict[str, Region] = {}
        self.times: dict[str, Time | None] = {}

    def read_row(self, row: int, cells: Sequence[str]) -> Iterator[Reading | Refused]:
        said = ";".join(cells)[:80]
        if len(cells) < self.values_at + 1:
            yield Refused(row, len(cells), Problem.ROW_TOO_SHORT, said)
            return
        if any(_cell(cells, at) for at in range(self.values_at + len(self.columns), len(cells))):
            yield Refused(row, len(cells), Problem.ROW_TOO_LONG, said)
            return
        self.about.rows += 1
        key = cells[self.key_at].strip()
        if not REGION.fullmatch(key):
            yield Refused(row, self.key_at + 1, Problem.REGION_MISSING, said)
            return
        if self.has_time_first and self._time(cells[0]) is None:
            yield Refused(row, 1, Problem.UNREADABLE_TIME, cells[0][:80])
            return
        region = self.regions.get(key)
        if region is None:
            region = self.regions[key] = Region("", key, cells[self.key_at + 1].strip())
        yield from self._values(row, cells, region)

    def _values(
        self, row: int, cells: Sequence[str], region: Region
    ) -> Iterator[Reading | Refused]:
        kinds = self._kinds(cells)
        for at, column in enumerate(self.columns):
            place = self.values_at + at
            time = column.time or (self._time(cells[0]) if self.has_time_first else None)
            if time is None:
                yield Refused(row, place + 1, Problem.UNREADABLE_TIME, column.label[:80])
                continue
            raw = _cell(cells, place)
            try:
                yield Reading(row, place + 1, region, time, kinds[at], read_cell(raw))
            except UnreadableCellError:
                yield Refused(row, place + 1, Problem.UNREADABLE_CELL, raw[:80])

    def _time(self, text: str) -> Time | None:
        if text not in self.times:
            self.times[text] = read_time(text)
        return self.times[text]

    def _kinds(self, cells: Sequence[str]) -> list[Kind]:
        """Give what each column counts in rows with the same stubs."""
        stubs = tuple(cells[at].strip() for at in range(self.key_at + 2, self.values_at))
        if stubs not in self.kinds:
            own = tuple(Attribute("", "", "", stub) for stub in stubs)
            self.kinds[stubs] = [self._kind(column, own) for column in self.columns]
        return self.kinds[stubs]

    def _kind(self, column: Column, own: tuple[Attribute, ...]) -> Kind:
        measure = Measure("", column.label, column.unit) if column.label else self.whole
        if not measure.unit and column.unit:
            measure = measure._replace(unit=column.unit)
        return Kind(self.about.statistics or self.about.table, measure, own + column.sides)


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _is_value(cell: str) -> bool:
    try:
        return bool(read_cell(cell).kind)
    except UnreadableCellError:
        return False
