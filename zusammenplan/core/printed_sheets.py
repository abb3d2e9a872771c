"""Sheets of workbooks as they come out of a printer."""

from collections.abc import Sequence
from typing import Any

A4 = 9
# So many letters stand beside each other on A4 across at the smallest size that is still read.
LETTERS_ACROSS = 220
SMALLEST = 60


def print_across(sheet: Any, widths: Sequence[float], *, head: int = 0, stays: int = 0) -> None:
    """
    Print a sheet on A4 across, its header again on each page.

    A sheet that is too wide for one page goes on beside it, and its first columns, ``stays`` of
    them, stand there again.
    """
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.set_footer("&L&A&R&P / &N")
    sheet.repeat_rows(head)
    if sum(widths) <= LETTERS_ACROSS:
        sheet.fit_to_pages(1, 0)
        return
    sheet.set_print_scale(SMALLEST)
    if stays:
        sheet.repeat_columns(0, stays - 1)
