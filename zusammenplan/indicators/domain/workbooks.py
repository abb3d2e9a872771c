"""Workbooks (XLSX) as rows of text, with numbers written as German tables write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO

from zusammenplan.core.tables import CellValue, Uncomputed, demand_size, read_sheets
from zusammenplan.indicators.domain.shapes import NotOfficial, NotOfficialError, Row

if TYPE_CHECKING:
    from zusammenplan.core.tables import Sheet

LETTERS = 26


def sheets_of(name: str, file: BinaryIO) -> list[list[Row]]:
    """
    Give the rows of each sheet that has some.

    :raises UnreadableFileError: if the workbook is damaged, too large or hostile
    :raises NotOfficialError: if a formula has no stored result
    """
    size = file.seek(0, 2)
    demand_size(name, size)
    file.seek(0)
    sheets = read_sheets(name, file.read())
    return [_rows(sheet) for sheet in sheets if sheet.rows]


def _rows(sheet: Sheet) -> list[Row]:
    width = 1 + max(max(cells) for cells in sheet.rows.values())
    rows: list[Row] = []
    for number, cells in sorted(sheet.rows.items()):
        for at, value in cells.items():
            if isinstance(value, Uncomputed):
                place = f"{letters(at)}{number} ({sheet.name})"
                raise NotOfficialError(NotOfficial.FORMULA, place, line=number)
        rows.append((number, [_text(cells.get(at, "")) for at in range(width)]))
    return rows


def _text(value: CellValue) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value)


def letters(column: int) -> str:
    """Name a column, counted from 0, as spreadsheets do: A, B, …, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, LETTERS)
        name = chr(ord("A") + rest) + name
    return name
