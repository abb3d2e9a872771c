"""The plan as a workbook made for editing, which can be read back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zusammenplan.core.garbage import without_collecting
from zusammenplan.core.printed_sheets import print_across
from zusammenplan.plans.domain.workbook import (
    SHEETS,
    SIGN,
    Kind,
    digest,
    labels_of,
    records_of,
)
from zusammenplan.plans.domain.workbook.compare import shortened
from zusammenplan.plans.queries.workbook import choice_words, heading, sheet_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from zusammenplan.plans.domain.content import PlanContent
    from zusammenplan.plans.domain.workbook import Column, Record, Sheet, Value

FORMAT = 1
NOTHING = (None, "", ())
# The sheets that nobody sees: what was written and when, and the words to choose from.
BASE_SHEET, WORDS_SHEET = "zp-stand", "zp-worte"
# A row above the visible headings names each column, whatever language and order they have.
FIRST_ROW = 2
EMPTY_ROWS = 300
WIDTHS = {
    Kind.TEXT: 40,
    Kind.REFS: 30,
    Kind.NAMES: 26,
    Kind.REF: 34,
    Kind.NAME: 26,
    Kind.CHOICE: 20,
    Kind.ADDRESS: 40,
}
WIDE = {"title_de", "text_de"}
NARROW = {"number": 9, "period_text": 16, "unit": 14}
# Spreadsheet programs keep fifteen digits, and know no day before 1900.
MOST_DIGITS = 15
FIRST_YEAR = 1901


@without_collecting()
def workbook_file(content: PlanContent, *, now: datetime) -> IO[bytes]:
    """Write the workbook; it knows what stood in the plan at that moment."""
    import xlsxwriter

    records = records_of(content)
    file = TemporaryFile()  # noqa: SIM115 - the answer that sends it closes it
    workbook = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    workbook.set_properties({"title": content.title.de})
    writer = _Writer(workbook, content, labels_of(records))
    for sheet in SHEETS.values():
        writer.write_sheet(sheet, records[sheet.key])
    writer.write_base(records, now)
    writer.write_words()
    workbook.close()
    file.seek(0)
    return file


class _Writer:
    def __init__(self, workbook: Any, content: PlanContent, labels: Mapping[str, str]) -> None:
        self.workbook = workbook
        self.content = content
        self.labels = labels
        self.words = choice_words(content)
        shape = {"text_wrap": True, "valign": "top", "locked": False}
        self.head = workbook.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E8EDF3"}
        )
        self.formats = {
            Kind.DAY: workbook.add_format({**shape, "num_format": "dd.mm.yyyy"}),
            Kind.MONEY: workbook.add_format({**shape, "num_format": "#,##0.00"}),
            Kind.NUMBER: workbook.add_format({**shape, "num_format": "#,##0.####"}),
            Kind.YEAR: workbook.add_format({**shape, "num_format": "0"}),
        }
        self.text = workbook.add_format({**shape, "num_format": "@"})

    def write_sheet(self, sheet: Sheet, records: Sequence[Record]) -> None:
        page = self.workbook.add_worksheet(sheet_name(sheet.key))
        page.set_column(0, 0, None, self.text, {"hidden": True})
        for at, column in enumerate(sheet.columns, start=1):
            page.set_column(at, at, _width(column), self._format(column))
        page.set_row(0, None, None, {"hidden": True})
        page.write_string(0, 0, f"zp:{sheet.key}", self.head)
        for at, column in enumerate(sheet.columns, start=1):
            page.write_string(0, at, column.key, self.head)
        page.write_string(1, 0, "", self.head)
        for at, column in enumerate(sheet.columns, start=1):
            page.write_string(1, at, heading(sheet.key, column.key), self.head)
        last = FIRST_ROW - 1
        for last, record in enumerate(records, start=FIRST_ROW):
            page.write_string(last, 0, record.key, self.text)
            for at, column in enumerate(sheet.columns, start=1):
                self._write(page, last, at, column, record.values[column.key])
        stays = 3 if len(sheet.columns) > 5 else 2  # noqa: PLR2004 - number and title stay in view
        page.freeze_panes(FIRST_ROW, stays)
        print_across(page, [_width(column) for column in sheet.columns], head=1, stays=stays)
        page.autofilter(1, 1, max(last, FIRST_ROW), len(sheet.columns))
        for at, column in enumerate(sheet.columns, start=1):
            self._offer(page, at, column, last + EMPTY_ROWS)
        page.protect(
            "",
            {
                "format_cells": True,
                "format_columns": True,
                "format_rows": True,
                "insert_rows": True,
                "delete_rows": True,
                "sort": True,
                "autofilter": True,
            },
        )

    def _format(self, column: Column) -> Any:
        return self.formats.get(column.kind, self.text)

    def _write(self, page: Any, row: int, at: int, column: Column, value: Value) -> None:
        if value in NOTHING:
            return
        shape = self._format(column)
        if isinstance(value, date) and value.year >= FIRST_YEAR:
            page.write_datetime(row, at, value, shape)
        elif isinstance(value, int) or (isinstance(value, Decimal) and _fits(value)):
            page.write_number(row, at, value, shape)
        else:
            page.write_string(row, at, shortened(self._in_words(column, value)), shape)

    def _in_words(self, column: Column, value: Value) -> str:
        """Write a value as text, in the words that reading it back understands."""
        if isinstance(value, tuple):
            shown = [self.labels[one] for one in value] if column.kind is Kind.REFS else value
            return "\n".join(shown)
        if isinstance(value, date):
            return f"{value.day:02}.{value.month:02}.{value.year:04}"
        if isinstance(value, Decimal):
            return format(value, "f")
        if column.kind is Kind.REF:
            return self.labels.get(str(value), "")
        if column.kind is Kind.CHOICE:
            return self.words[column.of].get(str(value), str(value))
        return str(value)

    def _offer(self, page: Any, at: int, column: Column, last: int) -> None:
        """Let the cells of a column offer the words that there are."""
        if column.kind is not Kind.CHOICE or not self.words[column.of]:
            return
        letter = chr(ord("A") + list(self.words).index(column.of))
        count = len(self.words[column.of])
        page.data_validation(
            FIRST_ROW,
            at,
            last,
            at,
            {
                "validate": "list",
                "source": f"='{WORDS_SHEET}'!${letter}$1:${letter}${count}",
                "error_title": _("Not in the list"),
                "error_message": _("Choose one of the words in the list."),
            },
        )

    def write_base(self, records: Mapping[str, Sequence[Record]], now: datetime) -> None:
        """Write what every record held, so that changes on either side are known later."""
        page = self.workbook.add_worksheet(BASE_SHEET)
        page.very_hidden()
        for at, text in enumerate((SIGN, str(FORMAT), self.content.slug, now.isoformat())):
            page.write_string(0, at, text)
        row = 0
        for sheet, rows in records.items():
            for record in rows:
                row += 1
                # One cell a record: a plan of thousands has ten times as many records.
                columns = SHEETS[sheet].columns if sheet in SHEETS else ()
                marks = " ".join(
                    f"{column.key}={digest(column, value)}"
                    for column in columns
                    if (value := record.values[column.key]) not in NOTHING
                )
                parts = (sheet, record.key, marks, record.label)
                page.write_string(row, 0, shortened("\t".join(parts)))

    def write_words(self) -> None:
        page = self.workbook.add_worksheet(WORDS_SHEET)
        page.very_hidden()
        columns = [list(words.values()) for words in self.words.values()]
        for row in range(max(len(words) for words in columns)):
            for at, words in enumerate(columns):
                if row < len(words):
                    page.write_string(row, at, words[row])


def _width(column: Column) -> int:
    if column.key in WIDE:
        return 60
    return NARROW.get(column.key) or WIDTHS.get(column.kind, 14)


def _fits(value: Decimal) -> bool:
    return len(value.normalize().as_tuple().digits) <= MOST_DIGITS
