"""The record of processing as a workbook, to go on working with."""

from typing import IO

from django.utils.translation import gettext as _

from zusammenplan.plans.exports.sheets import add_sheet, finished, new_workbook
from zusammenplan.privacy.queries.processing import (
    measures_taken,
    record_of_processing,
    responsible,
)

WIDTHS = (24, 34, 30, 30, 44, 34, 60)


def record_file() -> IO[bytes]:
    """Write the activities, who is responsible and what protects the data, each on a sheet."""
    file, book = new_workbook(_("Record of processing"))
    activities = record_of_processing()
    heads = [_("Activity"), *(label for label, _text in activities[0].facts)]
    rows = [[one.name, *(text for _label, text in one.facts)] for one in activities]
    add_sheet(book, _("Activities"), heads, rows, WIDTHS)
    who = [list(pair) for pair in responsible()]
    add_sheet(book, _("Who is responsible"), [_("Entry"), _("Text")], who, (44, 60))
    measures = [[measure] for measure in measures_taken()]
    add_sheet(book, _("Protection"), [_("What protects the data")], measures, (100,))
    return finished(file, book)
