"""
Tables of the Thüringer Landesamt für Statistik: areas by name alone, as copied from its pages.

Blanks separate thousands, a minus may stand apart from its number. When a table is copied, cells
that span several columns leave blanks behind, which the heading to the left fills.

Names of municipalities occur in several counties. Where a table goes through the counties, each
above its municipalities, or has one above all, it says which is meant.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

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
from zusammenplan.indicators.domain.times import find_time, read_time
from zusammenplan.indicators.domain.towers import Column, measure_of_titles, understand
from zusammenplan.places.domain.names import names_a_county, spelling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from zusammenplan.indicators.domain.times import Time

    Knows = Callable[[str], bool]

LETTERS = re.compile(r"[^\W\d_]{2,}")
TABLE = re.compile(r"\b([a-z]{2}\d{6})\b")
AS_OF = re.compile(r"Stand:? ?(\d{1,2}\.\d{1,2}\.\d{4}.*)")
NOT_THE_TIME = re.compile(r"gebietsstand|erstell|abruf|aktualis|druck|quelle", re.IGNORECASE)
OF_ITS_OWN = re.compile(r"\b(?:ags|ars|schlüssel|jahr|zeit|datum|stichtag|key|year)\b")
PARTED = re.compile(r"\s*[:;|()–]\s*|\s-\s|,\s(?!Stadt\b|krsfr|kreisfr)")
INTRODUCED = re.compile(r".*\b(?:im|in|für|des|der|von)\s+", re.IGNORECASE)
THE_LAND = re.compile(r"(?:(?:Land|Freistaat) )?Thüringen|Insgesamt|Zusammen", re.IGNORECASE)
MOST_HEAD_ROWS = 30
MOST_LOOKED_AT = 200


class _Found(NamedTuple):
    titles: list[str]
    columns: list[Column]
    time: Time | None


def is_named(rows: Sequence[Row]) -> bool:
    """Tell by its first rows whether the table names areas, and says when and what it counts."""
    found = _head([cells for _row, cells in rows[:MOST_LOOKED_AT]])
    if found is None:
        return False
    _count, shape = found
    has_times = shape.time or all(column.time for column in shape.columns)
    whole = measure_of_titles(shape.titles).label
    return bool(has_times) and all(column.label or whole for column in shape.columns)


def read_named(
    rows: list[Row], rest: Iterator[Row], about: Provenance, knows: Knows
) -> Iterator[Reading | Refused]:
    """Read a table that ``is_named``; ``rows`` are its first ones."""
    found = _head([cells for _row, cells in rows[:MOST_LOOKED_AT]])
    if found is None:
        return
    count, shape = found
    about.title = " ".join(shape.titles)
    if table := TABLE.search(about.title):
        about.table = table.group(1)
    kinds = _kinds(shape, about.table, knows)
    regions: dict[tuple[str, str], Region] = {}
    within = _county_above(shape.titles, knows)
    sums_stand_above = _begins_with_counties(cells for _row, cells in rows[count:])
    for row, cells in chain(rows[count:], rest):
        name = " ".join(cells[0].split()) if cells else ""
        if name.startswith(FOOTER):
            continue
        if not any(cell.strip() for cell in cells[1:]):
            if names_a_county(name):
                within = name
            else:
                read_note(name, about)
            continue
        about.rows += 1
        if not LETTERS.search(name):
            yield Refused(row, 1, Problem.REGION_MISSING, ";".join(cells)[:80])
            continue
        if names_a_county(name):
            within = name if sums_stand_above else ""
        of = "" if name == within else within
        region = regions.setdefault((name, of), Region("", "", name, of))
        yield from _values(row, cells, region, kinds, shape)


def _head(rows: list[Sequence[str]]) -> tuple[int, _Found] | None:
    """Read titles and headings down to the first row of values; None if there is none."""
    titles: list[str] = []
    tower: list[Sequence[str]] = []
    for count, cells in enumerate(rows[:MOST_HEAD_ROWS]):
        filled = [cell.strip() for cell in cells if cell.strip()]
        if tower and _is_body(cells, has_times=_names_times(tower)):
            columns = columns_below(tower, len(cells))
            said = f"{' '.join(tower[0])} {cells[0]}".casefold()
            if not columns or OF_ITS_OWN.search(said):
                return None
            return count, _Found(titles, columns, _time(titles))
        # What stands alone over the values is a heading of all of them.
        if len(filled) == 1 and not (tower and not cells[0].strip()):
            titles.append(filled[0])
        elif filled:
            tower.append(cells)
    return None


def _county_above(titles: Sequence[str], knows: Knows) -> str:
    """Give the county that the lines above name, the last one; "" if they name none."""
    for title in reversed(titles):
        parts = [title, *parts_of(title)]
        if found := next((part for part in parts if names_a_county(part) and knows(part)), ""):
            return found
        if names_a_county(title) and spelling(title).said:
            return title
    return ""


def parts_of(title: str) -> Iterator[str]:
    """Give the parts of a title that may be the name of an area."""
    for part in PARTED.split(title):
        if part:
            yield part
        if found := INTRODUCED.match(part):
            yield part[found.end() :].replace("Landkreises ", "Landkreis ")


def _begins_with_counties(rows: Iterator[Sequence[str]]) -> bool:
    """Tell whether each county stands above its municipalities, and not as their sum below."""
    for cells in rows:
        name = " ".join(cells[0].split()) if cells else ""
        if names_a_county(name):
            return True
        if name and not THE_LAND.fullmatch(name) and spelling(name).said == "":
            return False
    return False


def _names_times(tower: list[Sequence[str]]) -> bool:
    return any(read_time(cell.strip()) for cells in tower for cell in cells[1:])


def _is_body(cells: Sequence[str], *, has_times: bool) -> bool:
    """
    Tell a row of values from a heading.

    Years in a row are a heading, unless one above has named the times: then they are counts
    that only look like years.
    """
    if len(cells) < 2 or not LETTERS.search(cells[0]):  # noqa: PLR2004 - a name and a value
        return False
    values = [cell for cell in cells[1:] if cell.strip()]
    return (
        bool(values)
        and all(is_value(cell) for cell in values)
        and (has_times or not all(read_time(cell) for cell in values))
    )


def is_value(cell: str) -> bool:
    """Tell whether a cell holds a number or a sign."""
    try:
        read_cell(cell)
    except UnreadableCellError:
        return False
    return True


def columns_below(tower: Sequence[Sequence[str]], width: int) -> list[Column]:
    """Understand the headings over each column but the first."""
    filled = []
    for cells in tower:
        row: list[str] = []
        for at in range(1, width):
            here = cells[at].strip() if at < len(cells) else ""
            row.append(here or (row[-1] if row else ""))
        filled.append(row)
    return [understand(row[at] for row in filled) for at in range(width - 1)]


def _time(titles: list[str]) -> Time | None:
    """Find when the table is of: a line of its own, else the only day or year of the titles."""
    lines = [line for line in titles if not NOT_THE_TIME.search(line)]
    for line in lines:
        if time := read_time(line):
            return time
    return find_time(" ".join(lines))


def _kinds(shape: _Found, table: str, knows: Knows) -> list[Kind]:
    lines = [line for line in shape.titles if not read_time(line)]
    # What is counted is not called like the area above it, unless nothing else is said.
    whole = measure_of_titles([line for line in lines if not knows(line)] or lines)
    kinds = []
    for column in shape.columns:
        measure = Measure("", column.label, column.unit) if column.label else whole
        if not measure.unit and column.unit:
            measure = measure._replace(unit=column.unit)
        kinds.append(Kind(table, measure, column.sides))
    return kinds


def _values(
    row: int, cells: Sequence[str], region: Region, kinds: list[Kind], shape: _Found
) -> Iterator[Reading | Refused]:
    if len(cells) > len(kinds) + 1 and any(cell.strip() for cell in cells[len(kinds) + 1 :]):
        yield Refused(row, len(kinds) + 2, Problem.ROW_TOO_LONG, ";".join(cells)[:80])
        return
    for at, raw in enumerate(cells[1 : len(kinds) + 1]):
        time = shape.columns[at].time or shape.time
        if not raw.strip() or time is None:
            continue
        try:
            yield Reading(row, at + 2, region, time, kinds[at], read_cell(raw.strip()))
        except UnreadableCellError:
            yield Refused(row, at + 2, Problem.UNREADABLE_CELL, raw[:80])


def read_note(text: str, about: Provenance) -> None:
    """Take state, licence or anything else from a line that stands alone."""
    if found := AS_OF.match(text):
        about.as_of = found.group(1)
    elif text.startswith(("©", "Quelle")) or "lizen" in text.casefold():
        about.licence = text[:300]
    elif text:
        about.notes.append(text)
