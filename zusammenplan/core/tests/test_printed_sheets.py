"""A printed sheet can be read on every page."""

from io import BytesIO
from typing import Any

import xlsxwriter
from openpyxl import load_workbook

from zusammenplan.core.printed_sheets import print_across


def printed(widths: list[int], **more: int) -> Any:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        print_across(book.add_worksheet("Blatt"), widths, **more)
    return load_workbook(file).active


def test_a_narrow_sheet_has_the_width_of_the_paper_and_its_header_on_each_page() -> None:
    sheet = printed([8, 60, 20], head=1)

    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    # One page wide is what is meant where nothing else is said.
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
    assert sheet.print_title_rows == "$2:$2"


def test_a_wide_sheet_goes_on_beside_the_page_with_its_first_columns() -> None:
    sheet = printed([8, 60] * 6, stays=2)

    assert sheet.page_setup.scale == 60
    assert sheet.print_title_cols == "$A:$B"
    assert sheet.print_title_rows == "$1:$1"
