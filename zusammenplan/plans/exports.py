"""A plan's measures as XLSX, CSV and JSON."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from tempfile import TemporaryFile
from typing import IO, Any

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zusammenplan.core.templatetags.zp import degree
from zusammenplan.plans.models import (
    Measure,
    MeasureQuerySet,
    Need,
    NeedEvidence,
    NeedQuerySet,
    Plan,
)
from zusammenplan.plans.queries.plans import measure_line

CSV_KIND = "text/csv; charset=utf-8"
XLSX_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK = "\ufeff"
# A spreadsheet program computes a cell that begins with one of these.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
WIDTHS = (8, 60, 40, 60, 30, 18, 12, 12, 16, 9, 30, 12)
ROWS_AT_ONCE = 500
# What a spreadsheet program takes in one cell.
LONGEST_CELL = 32_767


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


# Needs


NEED_WIDTHS = (8, 60, 40, 60, 10, 12, 30, 30, 30, 30, 60, 40, 40)


def need_csv_lines(needs: NeedQuerySet) -> Iterator[str]:
    """Write the needs as CSV the way German Excel opens it, line by line."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield BYTE_ORDER_MARK
    yield writer.writerow(_need_heads())
    for need in _needs_with_links(needs):
        yield writer.writerow([harmless(cell) for cell in _need_cells(need)])


def need_xlsx_file(needs: NeedQuerySet, *, title: str) -> IO[bytes]:
    """Write the needs as a workbook; every cell is text, so that nothing is computed."""
    import xlsxwriter

    file = TemporaryFile()  # noqa: SIM115 - the answer that sends it closes it
    workbook = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    workbook.set_properties({"title": title})
    sheet = workbook.add_worksheet(_("Needs"))
    bold = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    for column, (head, width) in enumerate(zip(_need_heads(), NEED_WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, need in enumerate(_needs_with_links(needs), start=1):
        for column, cell in enumerate(_need_cells(need)):
            sheet.write_string(last, column, cell[:LONGEST_CELL], wrapped)
    sheet.autofilter(0, 0, last, len(NEED_WIDTHS) - 1)
    workbook.close()
    file.seek(0)
    return file


def _needs_with_links(needs: NeedQuerySet) -> Iterator[Need]:
    return (
        needs.select_related("field")
        .prefetch_related(
            "areas",
            "target_groups",
            "life_situations",
            "goals",
            "measures",
            Prefetch("evidence", NeedEvidence.objects.order_by("position", "pk")),
        )
        .iterator(chunk_size=ROWS_AT_ONCE)
    )


def _need_heads() -> list[str]:
    return [
        _("No."),
        _("Need"),
        _("Field of action"),
        _("Explanation"),
        _("Strength"),
        _("State"),
        _("Reason of the state"),
        _("Planning areas"),
        _("Target groups"),
        _("Life situations"),
        _("Evidence"),
        _("Goals"),
        _("Measures"),
    ]


def _need_cells(need: Need) -> list[str]:
    return [
        need.number,
        need.title,
        str(need.field or ""),
        need.text,
        need.get_strength_display(),
        need.get_state_display(),
        need.state_reason,
        _listed(need.areas.all()),
        _listed(need.target_groups.all()),
        _listed(need.life_situations.all()),
        "\n".join(_evidence_line(one) for one in need.evidence.all()),
        _listed(need.goals.all()),
        _listed(need.measures.all()),
    ]


def _listed(records: Iterable[object]) -> str:
    return "\n".join(sorted(str(record) for record in records))


def _evidence_line(one: NeedEvidence) -> str:
    source = ", ".join(part for part in (one.source, _day(one.dated_on), one.url) if part)
    return f"{one.text} ({source})" if source else one.text
