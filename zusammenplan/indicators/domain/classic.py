"""
Classic tables of GENESIS, as the web page gives them: a tower of headers, stubs, a footer.

The region stands in the first column, or behind the time; what follows until the first value are
further stubs. The header cells of a column, joined from the top, say what is counted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zusammenplan.indicators.domain.flat import reading
from zusammenplan.indicators.domain.shapes import (
    Attribute,
    Layout,
    Measure,
    NotOfficial,
    NotOfficialError,
    Problem,
    Provenance,
    Reading,
    Refused,
)
from zusammenplan.indicators.domain.signs import UnreadableCellError, read_cell
from zusammenplan.indicators.domain.times import read_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TABLE = re.compile(r"(?:GENESIS-)?Tabelle: ?(\S+)")
REGION = re.compile(r"DG|\d{2,8}")
YEAR = re.compile(r"(?:19|20)\d{2}")
AS_OF = re.compile(r"Stand: ?(.+)")
FOOTER = "____"
UNITS = frozenset(
    {"Anzahl", "Prozent", "EUR", "Tsd. EUR", "Mill. EUR", "ha", "qm", "qkm", "1000", "Jahre"}
    | {"EUR/qm", "Tsd. qm", "1000 EUR", "je EW", "je 1000 EW", "t", "GWh", "%"}
)
MOST_HEAD_ROWS = 60

Row = tuple[int, "Sequence[str]"]


def is_classic(first: Sequence[str]) -> bool:
    """Tell whether the first row is the heading of a classic table."""
    return bool(first) and bool(TABLE.match(first[0].strip()))


def read_classic(
    first: Sequence[str], rows: Iterator[Row], about: Provenance
) -> Iterator[Reading | Refused]:
    """
    Read a classic table row by row; ``about`` learns whence it comes.

    :raises NotOfficialError: if no row begins with a region
    """
    about.layout = Layout.CLASSIC
    if found := TABLE.match(first[0].strip()):
        about.table = found.group(1)
    head: list[Sequence[str]] = []
    for row, cells in rows:
        if _is_body(cells):
            shape = _Shape(head, cells, about)
            yield from shape.read_row(row, cells)
            break
        if _is_footer(cells) or len(head) > MOST_HEAD_ROWS:
            raise NotOfficialError(NotOfficial.NO_ROWS)
        head.append(cells)
    else:
        raise NotOfficialError(NotOfficial.NO_ROWS)
    for row, cells in rows:
        if _is_footer(cells):
            _read_footer(rows, about)
            return
        if any(cells):
            yield from shape.read_row(row, cells)


def _is_body(cells: Sequence[str]) -> bool:
    if len(cells) < 3:  # noqa: PLR2004 - key, name and a value
        return False
    first = cells[0].strip()
    if REGION.fullmatch(first) and not YEAR.fullmatch(first):
        return True
    return read_time(first) is not None and bool(REGION.fullmatch(cells[1].strip()))


def _is_footer(cells: Sequence[str]) -> bool:
    return bool(cells) and cells[0].startswith(FOOTER)


def _read_footer(rows: Iterator[Row], about: Provenance) -> None:
    for _row, cells in rows:
        text = " ".join(cell for cell in cells if cell).strip()
        if found := AS_OF.fullmatch(text):
            about.as_of = found.group(1)
        elif text.startswith("©") or "lizen" in text.casefold():
            about.licence = " ".join(text.split())
        elif text:
            about.notes.append(text)


class _Shape:
    """Where region, time and values stand, and what each column of values counts."""

    def __init__(
        self, head: Sequence[Sequence[str]], first: Sequence[str], about: Provenance
    ) -> None:
        titles = [cells for cells in head if cells and cells[0].strip()]
        tower = [cells for cells in head if not (cells and cells[0].strip())]
        about.title = " ".join(cells[0].strip() for cells in titles)
        self.about = about
        self.time_at = (
            None
            if REGION.fullmatch(first[0].strip()) and not YEAR.fullmatch(first[0].strip())
            else 0
        )
        self.key_at = 0 if self.time_at is None else 1
        self.values_at = next(
            (at for at in range(self.key_at + 2, len(first)) if _is_value(first[at])), len(first)
        )
        self.columns = [
            self._column([_cell(cells, at) for cells in tower])
            for at in range(self.values_at, len(first))
        ]

    def _column(self, heads: list[str]) -> tuple[str, Measure]:
        """Give the time that stands in the header, if any, and what the column counts."""
        time = next((head for head in heads if read_time(head)), "")
        unit = heads[-1] if heads and heads[-1] in UNITS else ""
        words: list[str] = []
        for head in heads[:-1] if unit else heads:
            if head and head != time and head not in words:
                words.append(head)
        label = " – ".join(words) or self.about.title
        return time, Measure("", label, unit)

    def read_row(self, row: int, cells: Sequence[str]) -> Iterator[Reading | Refused]:
        if len(cells) < self.values_at + 1:
            yield Refused(row, len(cells), Problem.ROW_TOO_SHORT, ";".join(cells)[:80])
            return
        self.about.rows += 1
        key = cells[self.key_at].strip()
        if not REGION.fullmatch(key):
            yield Refused(row, self.key_at + 1, Problem.REGION_MISSING, ";".join(cells)[:80])
            return
        region = "", key, cells[self.key_at + 1].strip()
        own = tuple(
            Attribute("", "", "", cells[at].strip())
            for at in range(self.key_at + 2, self.values_at)
        )
        for at, (head, measure) in enumerate(self.columns, start=self.values_at):
            text = cells[0] if self.time_at == 0 else head
            time = read_time(text)
            if time is None:
                yield Refused(row, at + 1, Problem.UNREADABLE_TIME, text)
                continue
            yield reading(row, at, region, time, measure, own, _cell(cells, at))


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _is_value(cell: str) -> bool:
    try:
        return bool(read_cell(cell).kind)
    except UnreadableCellError:
        return False
