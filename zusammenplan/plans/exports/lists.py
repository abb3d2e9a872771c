"""A plan's measures as XLSX, CSV and JSON."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from zusammenplan.core.templatetags.zp import degree
from zusammenplan.plans.choices import IndicatorKind
from zusammenplan.plans.domain.content import IndicatorContent, MeasureContent, Span
from zusammenplan.plans.exports.sheets import (
    ROWS_AT_ONCE,
    add_sheet,
    csv_table,
    finished,
    new_workbook,
    shown_day,
)
from zusammenplan.plans.models import Measure, MeasureQuerySet, Plan
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.plans import measure_line

WIDTHS = (8, 60, 40, 60, 30, 18, 12, 12, 16, 9, 30, 12)


def csv_lines(measures: MeasureQuerySet) -> Iterator[str]:
    """Write the measures as CSV, line by line."""
    return csv_table(_heads(), map(_cells, _few_at_a_time(measures)))


def xlsx_file(measures: MeasureQuerySet, *, title: str) -> IO[bytes]:
    """Write the measures as a workbook; every cell is text, so that nothing is computed."""
    file, book = new_workbook(title)
    add_sheet(book, _("Measures"), _heads(), map(_cells, _few_at_a_time(measures)), WIDTHS)
    return finished(file, book)


def plan_document(plan: Plan) -> dict[str, Any]:
    """Give the plan as others script against it; see docs/commands.md."""
    content = plan_content(plan)
    levels = {level.depth: level.name.de for level in content.levels}
    return {
        "title": content.title.de,
        "fields": [{"code": field.code, "name": field.name.de} for field in content.fields],
        "goals": [
            {
                "id": goal.identity,
                "parent": goal.parent,
                "level": None if goal.level is None else levels.get(goal.level),
                "field": goal.field,
                "title": goal.title.de,
                "period": _period(goal.period),
                "number": goal.number,
                "state": goal.state,
            }
            for goal in content.goals
        ],
        "measures": [
            {
                "number": measure.number,
                "field": measure.field,
                "goals": list(measure.goals),
                "title": measure.title.de,
                "period": _period(measure.period),
                "status": measure.status,
                "indicators": [_indicator(one) for one in measure.indicators],
                "priority": _priority(measure),
                "id": measure.identity,
            }
            for measure in content.measures
        ],
    }


def _indicator(one: IndicatorContent) -> dict[str, Any]:
    found: dict[str, Any] = {
        "text": one.text.de,
        "kind": one.kind,
        "reached_on": _iso(one.reached_on),
    }
    if one.kind == IndicatorKind.NUMERIC:
        found |= {
            "unit": one.unit,
            "baseline": _decimal(one.baseline),
            "baseline_on": _iso(one.baseline_on),
            "target": _decimal(one.target),
            "target_on": _iso(one.target_on),
            "values": [{"on": _iso(it.on), "value": _decimal(it.value)} for it in one.values],
        }
    return found


def _period(period: Span) -> dict[str, Any]:
    return {
        "text": period.text,
        "starts_on": _iso(period.starts_on),
        "ends_on": _iso(period.ends_on),
    }


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


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
        shown_day(measure.starts_on),
        shown_day(measure.ends_on),
        line.status_label,
        "" if line.degree is None else degree(line.degree),
        measure.priority_round_said,
        shown_day(measure.priority_on),
    ]


def _priority(measure: MeasureContent) -> dict[str, Any] | None:
    if measure.priority is None:
        return None
    return {"degree": float(measure.priority.degree), "round": measure.priority.round}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
