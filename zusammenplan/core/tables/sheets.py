"""A workbook cell by cell, hidden sheets too, each value as what it is: text, number or day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from zusammenplan.core.tables.archive import child_of, local_name, xml_events
from zusammenplan.core.tables.refusals import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TABLES,
    refuse_too_many_cells,
    refuse_too_many_columns,
    refuse_too_many_rows,
)
from zusammenplan.core.tables.xlsx import (
    Workbook,
    area_of,
    is_date,
    open_workbook,
    rich_text,
    unescaped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from zusammenplan.core.tables.archive import Package


MOST_DIGITS = 308


class Uncomputed:
    """A formula whose result the file does not hold."""

    def __repr__(self) -> str:
        return "Uncomputed()"


CellValue = str | Decimal | date | bool | Uncomputed


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the filled cells by row, counted from 1, and column, counted from 0."""

    name: str
    rows: dict[int, dict[int, CellValue]]


def read_sheets_of(package: Package, part: str) -> Iterator[Sheet]:
    workbook, sheets = open_workbook(package, part, with_hidden=True)
    for name, member in sheets[:MAX_TABLES]:
        yield Sheet(name, _rows(package, member, name, workbook))


def _rows(
    package: Package, member: str, sheet: str, workbook: Workbook
) -> dict[int, dict[int, CellValue]]:
    rows: dict[int, dict[int, CellValue]] = {}
    number = filled = 0
    with package.open(member) as stream:
        for _event, element in xml_events(stream):
            if local_name(element.tag) != "row":
                continue
            number = int(element.get("r") or number + 1)
            cells = _row(element, workbook)
            element.clear()
            if not cells:
                continue
            if number > MAX_ROWS:
                refuse_too_many_rows(package.name, sheet)
            if max(cells) >= MAX_COLUMNS:
                refuse_too_many_columns(package.name, number)
            filled += len(cells)
            package.count(value for value in cells.values() if isinstance(value, str))
            if filled > MAX_CELLS:
                refuse_too_many_cells(package.name, sheet)
            rows[number] = cells
    return rows


def _row(element: Element, workbook: Workbook) -> dict[int, CellValue]:
    cells: dict[int, CellValue] = {}
    column = -1
    for cell in element:
        if local_name(cell.tag) != "c":
            continue
        reference = cell.get("r")
        column = area_of(reference)[1] if reference else column + 1
        value = _value(cell, workbook)
        if value is not None and value != "":
            cells[column] = value
    return cells


def _value(cell: Element, workbook: Workbook) -> CellValue | None:  # noqa: PLR0911 - one line a kind of cell
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = child_of(cell, "is")
        return None if inline is None else unescaped(rich_text(inline))
    element = child_of(cell, "v")
    text = (element.text or "") if element is not None else ""
    if not text:
        return Uncomputed() if child_of(cell, "f") is not None and kind != "str" else None
    if kind == "s":
        return workbook.strings[int(text)]
    if kind == "b":
        return text == "1"
    if kind == "d":
        return datetime.fromisoformat(text).date()
    if kind == "n":
        return _number(text, int(cell.get("s", "0")), workbook)
    return unescaped(text)


def _number(text: str, style: int, workbook: Workbook) -> CellValue:
    if is_date(style, workbook):
        try:
            return (workbook.epoch + timedelta(days=float(text))).date()
        except OverflowError:
            return text
    try:
        value = Decimal(text)
    except InvalidOperation as fault:
        raise ValueError(text) from fault
    # Written out, a number beyond those of spreadsheets may have a billion digits.
    is_number = value.is_finite() and abs(value.adjusted()) <= MOST_DIGITS
    return value if is_number else text
