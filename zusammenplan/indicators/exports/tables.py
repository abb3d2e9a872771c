"""Values as CSV, XLSX and JSON: with sign, secrecy and where each comes from."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _, pgettext

from zusammenplan.core.printed_sheets import print_across
from zusammenplan.core.spreadsheets import harmless

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from zusammenplan.indicators.queries.looking.rows import DataRow

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
XLSX_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_AT_MOST = 32_767


def heads() -> list[tuple[str, int]]:
    """Name the columns, each with how wide it is."""
    return [
        (pgettext("statistics", "Area"), 26),
        (_("AGS"), 12),
        (_("Indicator"), 34),
        (_("Short name"), 18),
        (_("Of whom"), 22),
        (_("Unit"), 22),
        (_("First day"), 12),
        (_("Last day"), 12),
        (_("Value"), 14),
        (_("Sign"), 8),
        (_("Hidden"), 10),
        (_("Quality"), 10),
        (_("Version of the method"), 10),
        (_("Source"), 44),
        (_("Where the value comes from"), 44),
        (_("Territory"), 44),
    ]


def cells(row: DataRow) -> list[Any]:
    """Give a line's cells; numbers and days stay what they are."""
    return [
        row.area,
        row.ags,
        row.indicator,
        row.code,
        row.detail,
        row.unit,
        row.starts_on,
        row.ends_on,
        row.value,
        row.sign,
        _("yes") if row.is_hidden else "",
        row.quality,
        row.method_version,
        row.source,
        address(row),
        row.territory,
    ]


def address(row: DataRow) -> str:
    """Give the page of the value, where it has one."""
    return f"{settings.SITE_URL}/daten/wert/{row.origin}/" if row.origin else ""


def csv_file(rows: Sequence[DataRow]) -> bytes:
    """Write rows the way a German Excel opens them: semicolons, decimal commas, UTF-8 with mark."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([head for head, _width in heads()])
    for row in rows:
        writer.writerow([_written(cell) for cell in cells(row)])
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    return cell.isoformat() if hasattr(cell, "isoformat") else plain(cell)


def plain(number: int | Decimal) -> str:
    """Write a number with all its digits and a decimal comma, without needless noughts."""
    if isinstance(number, int):
        return str(number)
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def xlsx_file(rows: Sequence[DataRow], *, title: str, about: Sequence[tuple[str, str]]) -> bytes:
    """Write rows on a sheet, and on a second one what one must know of them."""
    import xlsxwriter

    file = BytesIO()
    # Texts stay texts: neither a formula nor an address is made of them.
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title[:255]})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    number = book.add_format({"valign": "top"})
    sheet = book.add_worksheet(_("Values"))
    for column, (head, width) in enumerate(heads()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    for at, row in enumerate(rows, start=1):
        for column, cell in enumerate(cells(row)):
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(at, column, cell[:CELL_AT_MOST], text)
            elif hasattr(cell, "isoformat"):
                sheet.write_datetime(at, column, cell, day)
            elif cell is not None:
                sheet.write_number(at, column, float(cell), number)
    sheet.freeze_panes(1, 1)
    print_across(sheet, [width for _head, width in heads()], stays=1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(heads()) - 1)
    told = book.add_worksheet(_("About"))
    told.set_column(0, 0, 24)
    told.set_column(1, 1, 90)
    for at, (term, words) in enumerate(about):
        told.write_string(at, 0, term, bold)
        told.write_string(at, 1, words[:CELL_AT_MOST], text)
    book.close()
    return file.getvalue()


def json_file(rows: Sequence[DataRow], *, title: str, about: Sequence[tuple[str, str]]) -> bytes:
    """Write rows as open data."""
    content = {
        "title": title,
        "about": dict(about),
        "values": [
            {
                "area": row.area,
                "ags": row.ags or None,
                "indicator": row.code,
                "name": row.indicator,
                "detail": row.detail or None,
                "recalculated": row.territory or None,
                "unit": row.unit,
                "from": row.starts_on.isoformat(),
                "to": row.ends_on.isoformat(),
                "value": None if row.value is None else float(row.value),
                "sign": row.sign or None,
                "hidden": row.is_hidden,
                "quality": row.quality or None,
                "method_version": row.method_version,
                "source": row.source or None,
                "provenance": address(row) or None,
            }
            for row in rows
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
