"""Sheets of a workbook (XLSX), each cell as a person sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.core.tables.archive import Package, attribute_of, child_of, local_name, xml_events
from zusammenplan.core.tables.refusals import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TABLES,
    refuse,
    refuse_too_many_cells,
    refuse_too_many_columns,
    refuse_too_many_rows,
)
from zusammenplan.core.tables.rows import Row, Table
from zusammenplan.core.tables.text import CONTROLS, LINE_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

Cells = dict[int, dict[int, str]]

CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
TIME_FORMATS = frozenset({*range(18, 22), *range(45, 48)})
PLAIN_FORMATS = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
DIGITS_SHOWN = re.compile(r"[#,0]*0(?:\.(0+))?(%?)")
# A spreadsheet program shows no more decimals, and takes no longer code of a format.
MOST_PLACES = 30
LONGEST_CODE = 255
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no time zone
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Workbook:
    strings: list[str]
    formats: list[tuple[int, str]]
    epoch: datetime


def read_workbook(package: Package, part: str) -> Iterator[Table]:
    workbook, sheets = open_workbook(package, part)
    for name, member in sheets[:MAX_TABLES]:
        cells = _read_sheet(package, member, name, workbook)
        if cells:
            width = 1 + max(max(row) for row in cells.values())
            rows = (
                Row(number, tuple(row.get(column, "") for column in range(width)))
                for number, row in sorted(cells.items())
            )
            yield Table(name, tuple(rows), "xlsx")


def open_workbook(
    package: Package, part: str, *, with_hidden: bool = False
) -> tuple[Workbook, list[tuple[str, str]]]:
    """Read what all sheets share, and give the name and the member of each sheet."""
    sheets: list[tuple[str, str]] = []
    epoch = EPOCH
    with package.open(part) as stream:
        for _event, element in xml_events(stream):
            tag = local_name(element.tag)
            if tag == "workbookPr" and element.get("date1904") in {"1", "true"}:
                epoch = EPOCH_1904
            elif tag == "sheet" and (with_hidden or element.get("state", "visible") == "visible"):
                sheets.append((element.get("name", ""), attribute_of(element, "id") or ""))
    links = package.links(part)
    workbook = Workbook(_strings(package, part), _formats(package, part), epoch)
    found = ((name, links.get(link_id)) for name, link_id in sheets)
    return workbook, [
        (name, link.target) for name, link in found if link and link.kind == "worksheet"
    ]


def _strings(package: Package, part: str) -> list[str]:
    member = package.linked(part, "sharedStrings")
    if member is None:
        return []
    strings = []
    with package.open(member) as stream:
        for _event, element in xml_events(stream):
            if local_name(element.tag) == "si":
                strings.append(unescaped(rich_text(element)))
                element.clear()
    return strings


def rich_text(element: Element) -> str:
    parts = []
    for child in element:
        tag = local_name(child.tag)
        if tag == "t":
            parts.append(child.text or "")
        elif tag == "r":
            parts.append(rich_text(child))
    return "".join(parts)


def _formats(package: Package, part: str) -> list[tuple[int, str]]:
    """Give number and code of the format of each cell style."""
    member = package.linked(part, "styles")
    if member is None:
        return []
    codes = dict(PLAIN_FORMATS)
    formats = []
    with package.open(member) as stream:
        for _event, element in xml_events(stream):
            tag = local_name(element.tag)
            if tag == "numFmt":
                code = element.get("formatCode", "")[:LONGEST_CODE]
                codes[int(element.get("numFmtId", "0"))] = code
            elif tag == "cellXfs":
                numbers = (int(style.get("numFmtId", "0")) for style in element)
                formats = [(number, codes.get(number, "")) for number in numbers]
    return formats


def _read_sheet(package: Package, member: str, sheet: str, workbook: Workbook) -> Cells:
    """Read the filled cells by row (from 1) and column (from 0)."""
    rows: Cells = {}
    merged: list[tuple[int, int, int, int]] = []
    number = filled = 0
    with package.open(member) as stream:
        for _event, element in xml_events(stream):
            tag = local_name(element.tag)
            if tag == "row":
                number = int(element.get("r") or number + 1)
                cells = _read_row(package.name, sheet, element, number, workbook)
                element.clear()
                if not cells:
                    continue
                if number > MAX_ROWS:
                    refuse_too_many_rows(package.name, sheet)
                if max(cells) >= MAX_COLUMNS:
                    refuse_too_many_columns(package.name, number)
                filled += len(cells)
                package.count(cells.values())
                if filled > MAX_CELLS:
                    refuse_too_many_cells(package.name, sheet)
                rows.setdefault(number, {}).update(cells)
            elif tag == "mergeCell":
                merged.append(area_of(element.get("ref", "")))
    _keep_first_of_merged(rows, merged)
    return rows


def _read_row(
    name: str, sheet: str, element: Element, number: int, workbook: Workbook
) -> dict[int, str]:
    cells = {}
    column = -1
    for cell in element:
        if local_name(cell.tag) != "c":
            continue
        if reference := cell.get("r"):
            column = area_of(reference)[1]
        else:
            column += 1
        if _is_formula_without_result(cell):
            refuse(
                _(
                    "Cell %(cell)s on sheet “%(sheet)s” of the file “%(file)s” holds a formula "
                    "without a stored result. Open the file in your spreadsheet program, "
                    "save it, and choose it anew."
                ),
                file=name,
                sheet=sheet,
                cell=reference or f"{number}/{column + 1}",
            )
        if text := _cell_text(cell, workbook):
            cells[column] = text
    return cells


def _is_formula_without_result(cell: Element) -> bool:
    value = child_of(cell, "v")
    is_empty = value is None or not value.text
    return child_of(cell, "f") is not None and is_empty and cell.get("t") != "str"


def _cell_text(cell: Element, workbook: Workbook) -> str:
    """Give what a person sees in the cell."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = child_of(cell, "is")
        return "" if inline is None else unescaped(rich_text(inline))
    element = child_of(cell, "v")
    value = (element.text or "") if element is not None else ""
    if kind == "n" and value:
        style = int(cell.get("s", "0"))
        number, code = workbook.formats[style] if style < len(workbook.formats) else (0, "")
        value = _shown_number(float(value), number, code, workbook.epoch)
    elif kind == "s" and value:
        return workbook.strings[int(value)]
    elif kind == "b" and value:
        value = "TRUE" if value == "1" else "FALSE"
    elif kind == "d" and value:
        value = _shown_date(datetime.fromisoformat(value), "d.m.y")
    return unescaped(value)


def unescaped(text: str) -> str:
    plain = ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
    if plain is not text:
        # Half of a pair of UTF-16 is no letter, and nothing can keep it.
        plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return LINE_BREAK.sub("\n", plain).translate(CONTROLS).replace("\ufffe", "").strip()


def _shown_number(value: float, number: int, code: str, epoch: datetime) -> str:
    if not isfinite(value):
        raise ValueError(value)
    shown, has_time = _shown_format(code)
    if _shows_date(number, shown, has_time=has_time):
        try:
            return _shown_date(epoch + timedelta(days=value), shown or "d.m.y")
        except OverflowError:
            return f"{value:.15g}"
    if number in TIME_FORMATS or has_time:
        minutes = round(value * 24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if found := DIGITS_SHOWN.fullmatch(shown.strip()):
        decimals, percent = found.groups()
        scaled = value * 100 if percent else value
        places = min(len(decimals or ""), MOST_PLACES)
        return f"{scaled:.{places}f}{percent}"
    return str(int(value)) if value.is_integer() else f"{value:.15g}"


def is_date(style: int, workbook: Workbook) -> bool:
    """Tell whether cells of this style show a day."""
    number, code = workbook.formats[style] if style < len(workbook.formats) else (0, "")
    shown, has_time = _shown_format(code)
    return _shows_date(number, shown, has_time=has_time)


def _shown_format(code: str) -> tuple[str, bool]:
    shown = NOT_SHOWN.sub("", code.partition(";")[0]).lower()
    return shown, any(sign in shown for sign in "hs")


def _shows_date(number: int, shown: str, *, has_time: bool) -> bool:
    has_date = any(sign in shown for sign in "dy") and shown != "standard"
    return number in DATE_FORMATS or has_date or ("m" in shown and not has_time)


def _shown_date(moment: datetime, shown: str) -> str:
    if "y" in shown and "d" not in shown:
        return f"{moment:%m/%Y}" if "m" in shown else f"{moment:%Y}"
    return f"{moment:%d.%m.%Y}"


def area_of(reference: str) -> tuple[int, int, int, int]:
    """Read “B2:D5” as first row, first column, last row, last column; columns count from 0."""
    first, _colon, last = reference.replace("$", "").partition(":")
    corners = []
    for corner in (first, last or first):
        found = CELL.fullmatch(corner)
        if found is None:
            raise ValueError(corner)
        column = 0
        for letter in found.group(1):
            column = column * 26 + ord(letter) - ord("A") + 1
        corners += [int(found.group(2)), column - 1]
    return corners[0], corners[1], corners[2], corners[3]


def _keep_first_of_merged(rows: Cells, merged: Iterable[tuple[int, int, int, int]]) -> None:
    last_row = max(rows, default=0)
    looked_at = 0
    for first_row, first_column, to_row, to_column in merged:
        for number in range(first_row, min(to_row, last_row) + 1):
            row = rows.get(number, {})
            looked_at += 1 + len(row)
            if looked_at > 4 * MAX_CELLS:
                # Only ranges that overlap, which no office program writes, come to so many.
                raise ValueError(number)
            for column in [column for column in row if first_column <= column <= to_column]:
                if (number, column) != (first_row, first_column):
                    del row[column]
    for number in [number for number, row in rows.items() if not row]:
        del rows[number]
