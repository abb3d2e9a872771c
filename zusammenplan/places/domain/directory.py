"""
Areas from the municipal directory GV-ISys of the Statistisches Bundesamt ("Auszug GV").

Each row has the kind of record (Satzart: 10 Land, 20 district of government, 40 county, 50
association, 60 municipality) and the regional key in five columns.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from zusammenplan.places.domain.area_files import (
    AreaFile,
    BadKeyError,
    FileArea,
    Layout,
    Reason,
    RefusedArea,
    Unreadable,
    UnreadableError,
    association_name,
    day_in,
    is_association,
    keys_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

Cells = tuple[str, ...]

HEADS = ("Land", "RB", "Kreis", "VB", "Gem")
# The digits of the five columns; a spreadsheet may have dropped leading zeros.
WIDTHS = (2, 1, 2, 4, 3)
# How many of the five columns each kind of record fills.
RECORDS = {"10": 1, "20": 2, "40": 3, "50": 4, "60": 5}
ASSOCIATION, REGION = "50", "20"
# What an association is, by its Textkennzeichen.
ASSOCIATIONS = {"54": "Verwaltungsgemeinschaft", "58": "Erfüllende Gemeinde"}
SOURCE = "Gemeindeverzeichnis GV-ISys, © Statistisches Bundesamt (Destatis)"
LICENCE = "dl-de/by-2-0"


class _Columns(NamedTuple):
    record: int
    first: int
    name: int
    size: int | None
    # Textkennzeichen: what a record is more exactly.
    text: int | None


def is_directory(rows: Iterable[Sequence[str]]) -> bool:
    """Tell whether the table has the five columns of the key."""
    return any(_heads_at(row) is not None for row in rows)


def read_directory(rows: Iterable[tuple[int, Sequence[str]]]) -> AreaFile:
    """
    Read all areas of the directory; each row comes with its number in the file.

    :raises UnreadableError: if the five columns of the key are not there
    """
    table = [(number, tuple(cell.strip() for cell in row)) for number, row in rows]
    columns = _columns([row for _number, row in table])
    about = AreaFile(Layout.DIRECTORY, source=SOURCE, licence=LICENCE)
    about.as_of = _as_of([row for _number, row in table])
    associations: dict[str, str] = {}
    named: dict[str, str] = {}
    for number, row in table:
        record = _cell(row, columns.record)
        parts = RECORDS.get(record)
        if parts is None or not _cell(row, columns.first).isdecimal():
            continue
        full_name = _cell(row, columns.name)
        key = _key(row, columns, parts)
        if record == ASSOCIATION:
            kind = ASSOCIATIONS.get(_cell(row, columns.text or 0), "")
            associations[key] = association_name(kind, full_name)
            if is_association(key):
                about.associations.append(full_name)
            continue
        area = _area(number, key, full_name, about)
        if area is None:
            continue
        if area.ags in named:
            told = f"{named[area.ags]} ({area.ags})"
            about.refused.append(RefusedArea(number, full_name, Reason.TWO_NAMES, told))
            continue
        named[area.ags] = area.name
        about.areas.append(
            replace(
                area,
                km2=_size(row, columns),
                association=associations.get(key[:9], "") if is_association(key) else "",
            )
        )
    if not about.areas and not about.refused:
        raise UnreadableError(Unreadable.NO_DIRECTORY)
    return about


def _area(number: int, key: str, full_name: str, about: AreaFile) -> FileArea | None:
    name, _comma, designation = full_name.partition(", ")
    try:
        keys = keys_of("", key)
    except BadKeyError as bad:
        about.refused.append(RefusedArea(number, full_name, bad.reason, bad.key))
        return None
    if not name:
        about.refused.append(RefusedArea(number, key, Reason.NO_NAME))
        return None
    return FileArea(number, name, keys.ags, keys.ars, keys.kind, designation=designation)


def _heads_at(row: Sequence[str]) -> int | None:
    cells = [cell.strip() for cell in row]
    for start in range(len(cells) - len(HEADS) + 1):
        if tuple(cells[start : start + len(HEADS)]) == HEADS:
            return start
    return None


def _columns(rows: Sequence[Cells]) -> _Columns:
    for number, row in enumerate(rows):
        first = _heads_at(row)
        if first is None:
            continue
        heads = rows[max(0, number - 2) : number + 1]
        name = first + len(HEADS)
        size = _column_of(heads, "Fläche")
        record = _column_of(heads, "Satz")
        text = _column_of(heads, "Text")
        return _Columns(0 if record is None else record, first, name, size, text)
    raise UnreadableError(Unreadable.NO_DIRECTORY)


def _column_of(heads: Sequence[Cells], word: str) -> int | None:
    for row in heads:
        # The title of the whole table stands alone in its row.
        if sum(map(bool, row)) < len(HEADS) - 1:
            continue
        for column, cell in enumerate(row):
            if cell.startswith(word):
                return column
    return None


def _as_of(rows: Sequence[Cells]) -> date | None:
    for row in rows[:10]:
        for cell in row:
            if "Gebietsstand" in cell and (day := day_in(cell)):
                return day
    for row in rows[:10]:
        for cell in row:
            if day := day_in(cell):
                return day
    return None


def _key(row: Cells, columns: _Columns, parts: int) -> str:
    return "".join(_cell(row, columns.first + place).zfill(WIDTHS[place]) for place in range(parts))


def _size(row: Cells, columns: _Columns) -> Decimal | None:
    if columns.size is None:
        return None
    text = _cell(row, columns.size)
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    try:
        size = Decimal("".join(text.split()))
    except InvalidOperation:
        return None
    return size if size > 0 else None


def _cell(row: Cells, column: int) -> str:
    return row[column] if column < len(row) else ""
