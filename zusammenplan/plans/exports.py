"""A plan's measures and its evaluations as XLSX, CSV and JSON."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from zusammenplan.core.templatetags.zp import degree
from zusammenplan.plans.models import Evaluation, Measure, MeasureQuerySet, Plan
from zusammenplan.plans.queries.attainment_words import said_text
from zusammenplan.plans.queries.evaluations import Line, Results, results_of
from zusammenplan.plans.queries.plans import measure_line

CSV_KIND = "text/csv; charset=utf-8"
XLSX_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK = "\ufeff"
# A spreadsheet program computes a cell that begins with one of these.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
WIDTHS = (8, 60, 40, 60, 30, 18, 12, 12, 16, 9, 30, 12)
ROWS_AT_ONCE = 500


def csv_lines(measures: MeasureQuerySet) -> Iterator[str]:
    """Write the measures as CSV the way German Excel opens it, line by line."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield BYTE_ORDER_MARK
    yield writer.writerow(_heads())
    for measure in _few_at_a_time(measures):
        yield writer.writerow([harmless(cell) for cell in _cells(measure)])


def xlsx_file(measures: MeasureQuerySet, *, title: str) -> IO[bytes]:
    """Write the measures as a workbook; every cell is text, so that nothing is computed."""
    import xlsxwriter

    file = TemporaryFile()  # noqa: SIM115 - the answer that sends it closes it
    workbook = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    workbook.set_properties({"title": title})
    sheet = workbook.add_worksheet(_("Measures"))
    bold = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    for column, (head, width) in enumerate(zip(_heads(), WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, measure in enumerate(_few_at_a_time(measures), start=1):
        for column, cell in enumerate(_cells(measure)):
            sheet.write_string(last, column, cell, wrapped)
    sheet.autofilter(0, 0, last, len(WIDTHS) - 1)
    workbook.close()
    file.seek(0)
    return file


def plan_document(plan: Plan) -> dict[str, Any]:
    """Give the plan as others script against it; see docs/commands.md."""
    return {
        "title": plan.title_de,
        "fields": [
            {"code": field.code, "name": field.name_de}
            for field in plan.fields.order_by("position", "pk")
        ],
        "goals": [],
        "measures": [
            {
                "number": measure.number,
                "field": measure.field.code if measure.field else None,
                "goals": [],
                "title": measure.title_de,
                "period": {
                    "text": measure.period_text,
                    "starts_on": _iso(measure.starts_on),
                    "ends_on": _iso(measure.ends_on),
                },
                "status": measure.status,
                "indicators": [],
                "priority": _priority(measure),
            }
            for measure in plan.measures.select_related("field").in_order()
        ],
    }


def harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet program would compute."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _few_at_a_time(measures: MeasureQuerySet) -> Iterator[Measure]:
    return measures.select_related("field", "responsible").iterator(chunk_size=ROWS_AT_ONCE)


def _heads() -> list[str]:
    return [
        _("No."),
        _("Measure"),
        _("Field of action"),
        _("What shall change"),
        _("Responsible"),
        _("Period"),
        _("Begin"),
        _("End"),
        _("Status"),
        _("Priority"),
        _("Set by"),
        _("Set on"),
    ]


def _cells(measure: Measure) -> list[str]:
    line = measure_line(measure)
    return [
        line.number,
        line.title,
        line.field,
        measure.text,
        line.responsible,
        line.period,
        _day(measure.starts_on),
        _day(measure.ends_on),
        line.status_label,
        "" if line.degree is None else degree(line.degree),
        measure.priority_round,
        _day(measure.priority_on),
    ]


def _priority(measure: Measure) -> dict[str, Any] | None:
    if measure.priority_degree is None:
        return None
    return {"degree": float(measure.priority_degree), "round": measure.priority_round}


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


class _Echo:
    """A file that gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


# --- evaluations -------------------------------------------------------------------------


def evaluation_csv_lines(evaluation: Evaluation) -> Iterator[str]:
    """Write a round's ratings as CSV the way German Excel opens it, line by line."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield BYTE_ORDER_MARK
    heads, rows = _ratings_table(evaluation)
    yield writer.writerow(heads)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def evaluation_xlsx_file(evaluation: Evaluation) -> IO[bytes]:
    """Write a round as a workbook: ratings, by field, by goal; every cell is text."""
    import xlsxwriter

    file = TemporaryFile()  # noqa: SIM115 - the answer that sends it closes it
    workbook = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    workbook.set_properties({"title": evaluation.title})
    bold = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    results = results_of(evaluation)
    tables = [
        (_("Ratings"), _ratings_table(evaluation, results), (10, 10, 60, 30, 24, 60, 40, 24, 20)),
        (_("By field"), _lines_table(results, _by_field(results)), (50, 12, 26)),
        (_("By goal"), _lines_table(results, results.tree), (60, 12, 26)),
    ]
    for name, (heads, rows), widths in tables:
        sheet = workbook.add_worksheet(name)
        for column, head in enumerate(heads):
            sheet.set_column(column, column, widths[column] if column < len(widths) else 16)
            sheet.write_string(0, column, head, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, wrapped)
    workbook.close()
    file.seek(0)
    return file


def _ratings_table(
    evaluation: Evaluation, results: Results | None = None
) -> tuple[list[str], list[list[str]]]:
    results = results or results_of(evaluation)
    kinds = {"measure": _("Measure"), "goal": _("Goal")}
    heads = [
        _("Kind"),
        _("No."),
        _("Title"),
        _("Field of action"),
        _("Rating"),
        _("Reason"),
        _("Evidence"),
        _("Rated by"),
        _("Rated on"),
        _("Checked"),
    ]
    rows = []
    for thing in results.things:
        given = thing.given
        rows.append(
            [
                kinds[thing.of],
                thing.number,
                thing.title,
                thing.field_name,
                said_text(thing.said, results.scale),
                given.reason if given else "",
                given.evidence if given else "",
                given.author if given else "",
                _day(localtime(given.rated_at).date()) if given else "",
                (_("yes") if given.is_checked else _("no")) if given else "",
            ]
        )
    return heads, rows


def _lines_table(results: Results, lines: Sequence[Line]) -> tuple[list[str], list[list[str]]]:
    before = [one.title for one in (results.former, results.former_plan) if one]
    heads = [
        _("Name"),
        _("Average"),
        _("Share rated"),
        *results.columns,
        *(_("Against “%(title)s”") % {"title": title} for title in before),
    ]
    rows = [
        [
            "  " * line.depth + line.name,
            line.average,
            line.rated,
            *map(str, line.counts),
            *(one.change for one in line.against),
        ]
        for line in lines
    ]
    return heads, rows


def _by_field(results: Results) -> list[Line]:
    """Give the measures by field with their sum, then the goals; what is not rated is left out."""
    lines = [*results.fields, results.measures] if results.has_measures else []
    return [*lines, *results.goal_fields, results.goals] if results.has_goals else lines
