"""What the exports share: kinds of files, harmless cells, days, a sheet of text."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.formats import date_format

from zusammenplan.core.printed_sheets import print_across
from zusammenplan.core.spreadsheets import harmless

CSV_KIND = "text/csv; charset=utf-8"
XLSX_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet program takes in one cell.
LONGEST_CELL = 32_767
ROWS_AT_ONCE = 500
USUAL_WIDTH = 16


def csv_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write rows as CSV the way German Excel opens it, line by line."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield BYTE_ORDER_MARK
    yield writer.writerow(heads)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def new_workbook(title: str) -> tuple[IO[bytes], Any]:
    """Begin a workbook in which nothing is computed; give its file and the book."""
    import xlsxwriter

    file = TemporaryFile()  # noqa: SIM115 - the answer that sends it closes it
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title})
    return file, book


def add_sheet(
    book: Any,
    name: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[int],
) -> None:
    """Add a sheet whose cells are all text, with a header that stays and can filter."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    widths = [*widths, *[USUAL_WIDTH] * len(heads)][: len(heads)]
    for column, head in enumerate(heads):
        sheet.set_column(column, column, widths[column])
        sheet.write_string(0, column, head, bold)
    sheet.freeze_panes(1, 0)
    print_across(sheet, widths, stays=2)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            sheet.write_string(last, column, cell[:LONGEST_CELL], wrapped)
    sheet.autofilter(0, 0, last, len(heads) - 1)


def finished(file: IO[bytes], book: Any) -> IO[bytes]:
    """Close the book and give its file to be read from the beginning."""
    book.close()
    file.seek(0)
    return file


def shown_day(day: date | None) -> str:
    """Write a day as the page's language does; nothing for none."""
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


class _Echo:
    """A file that gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line
