"""A published plan as a workbook for everybody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.utils.translation import get_language, gettext as _

from zusammenplan.core.printed_sheets import print_across
from zusammenplan.core.templatetags.zp import degree
from zusammenplan.plans.choices import (
    EvidenceKind,
    GoalState,
    IndicatorKind,
    MeasureStatus,
    NeedState,
    Strength,
)
from zusammenplan.plans.domain.content import MeasureContent, PlanContent, Span, Words
from zusammenplan.plans.queries.citations import evidence_words

XLSX_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_NAME = 31  # Excel takes no longer name
CELL_AT_MOST = 32_767  # nor a longer text in a cell
Value = str | int | Decimal | date | None
Head = tuple[str, int]
Sheet = tuple[str, list[Head], Iterable[Sequence[Value]]]


def plan_workbook(content: PlanContent) -> bytes:
    """Write measures, goals, needs, milestones, indicators and costs, each on a sheet."""
    import xlsxwriter

    file = BytesIO()
    # Texts stay texts: neither a formula nor an address is made of them.
    workbook = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    workbook.set_properties({"title": _say(content.title)[:255]})
    looks = _Looks(
        head=workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        text=workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        day=workbook.add_format({"valign": "top", "num_format": "yyyy-mm-dd"}),
        number=workbook.add_format({"valign": "top"}),
        money=workbook.add_format({"valign": "top", "num_format": "#,##0.00"}),
    )
    for name, heads, rows in _sheets(content):
        sheet = workbook.add_worksheet(name[:SHEET_NAME])
        for column, (head, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, looks.head)
        sheet.freeze_panes(1, 0)
        print_across(sheet, [width for _head, width in heads], stays=2)
        last = 0
        for last, row in enumerate(rows, start=1):
            _write_row(sheet, last, row, looks)
        sheet.autofilter(0, 0, max(last, 1), len(heads) - 1)
    workbook.close()
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Looks:
    head: Any
    text: Any
    day: Any
    number: Any
    money: Any


def _write_row(sheet: Any, number: int, row: Sequence[Value], looks: _Looks) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            if value:
                sheet.write_string(number, column, value[:CELL_AT_MOST], looks.text)
        elif isinstance(value, date):
            sheet.write_datetime(number, column, value, looks.day)
        elif isinstance(value, Decimal):
            sheet.write_number(number, column, float(value), looks.money)
        elif value is not None:
            sheet.write_number(number, column, value, looks.number)


def _sheets(content: PlanContent) -> Iterator[Sheet]:
    fields = {one.code: f"{one.code} {_say(one.name)}" for one in content.fields}
    goals = {one.identity: f"{one.number} {_say(one.title)}".strip() for one in content.goals}
    needs = {one.identity: f"{one.number} {_say(one.title)}".strip() for one in content.needs}
    yield _measure_sheet(content, fields, goals, needs)
    yield _goal_sheet(content, fields, goals, needs)
    yield _need_sheet(content, fields)
    yield _milestone_sheet(content.measures)
    yield _indicator_sheet(content.measures)
    yield _cost_sheet(content.measures)


def _measure_sheet(
    content: PlanContent,
    fields: Mapping[str, str],
    goals: Mapping[str, str],
    needs: Mapping[str, str],
) -> Sheet:
    statuses = _labels(MeasureStatus.choices)
    return (
        _("Measures"),
        [
            (_("No."), 8),
            (_("Measure"), 60),
            (_("Field of action"), 36),
            (_("What shall change"), 70),
            (_("Status"), 16),
            (_("Reason"), 30),
            (_("Period"), 18),
            (_("Begin"), 12),
            (_("End"), 12),
            (_("Responsible"), 30),
            (_("Partners"), 30),
            (_("Goals"), 50),
            (_("Needs"), 50),
            (_("Planning areas"), 30),
            (_("For whom"), 30),
            (_("Priority"), 9),
            (_("Milestones reached"), 12),
            (_("Milestones"), 12),
        ],
        (
            [
                one.number,
                _say(one.title),
                fields.get(one.field or "", ""),
                _say(one.text),
                statuses.get(one.status, one.status),
                one.status_reason,
                _period(one.period),
                one.period.starts_on,
                one.period.ends_on,
                one.responsible,
                "; ".join(one.partners),
                "; ".join(goals[key] for key in one.goals if key in goals),
                "; ".join(needs[key] for key in one.needs if key in needs),
                "; ".join(one.areas),
                "; ".join(_say(term) for term in one.target_groups),
                degree(one.priority.degree) if one.priority else "",
                sum(step.done_on is not None for step in one.milestones),
                len(one.milestones),
            ]
            for one in content.measures
        ),
    )


def _goal_sheet(
    content: PlanContent,
    fields: Mapping[str, str],
    goals: Mapping[str, str],
    needs: Mapping[str, str],
) -> Sheet:
    levels = {one.depth: _say(one.name) for one in content.levels}
    states = _labels(GoalState.choices)
    heads = [
        (_("No."), 8),
        (_("Level"), 18),
        (_("Goal"), 60),
        (_("Goal above"), 50),
        (_("Field of action"), 36),
        (_("Period"), 18),
        (_("State"), 14),
        (_("Needs"), 50),
    ]
    return (
        _("Goals"),
        heads,
        (
            [
                one.number,
                levels.get(one.level or 0, ""),
                _say(one.title),
                goals.get(one.parent or "", ""),
                fields.get(one.field or "", ""),
                _period(one.period),
                states.get(one.state, one.state),
                "; ".join(needs[key] for key in one.needs if key in needs),
            ]
            for one in content.goals
        ),
    )


def _need_sheet(content: PlanContent, fields: Mapping[str, str]) -> Sheet:
    strengths, states = _labels(Strength.choices), _labels(NeedState.choices)
    kinds = _labels(EvidenceKind.choices)
    heads = [
        (_("No."), 8),
        (_("Need"), 60),
        (_("Field of action"), 36),
        (_("Strength"), 12),
        (_("State"), 14),
        (_("Evidence"), 80),
        (_("Planning areas"), 30),
        (_("For whom"), 30),
    ]
    return (
        _("Needs"),
        heads,
        (
            [
                one.number,
                _say(one.title),
                fields.get(one.field or "", ""),
                strengths.get(one.strength, one.strength),
                states.get(one.state, one.state),
                "\n".join(
                    ", ".join(
                        part for part in (kinds[it.kind], evidence_words(it), it.source) if part
                    )
                    for it in one.evidence
                ),
                "; ".join(one.areas),
                "; ".join(_say(term) for term in one.target_groups),
            ]
            for one in content.needs
        ),
    )


def _milestone_sheet(measures: Sequence[MeasureContent]) -> Sheet:
    heads = [
        (_("No."), 8),
        (_("Measure"), 60),
        (_("Milestone"), 50),
        (_("Due"), 12),
        (_("First due"), 12),
        (_("Done"), 12),
        (_("Why it moved"), 40),
    ]
    return (
        _("Milestones"),
        heads,
        (
            [
                one.number,
                _say(one.title),
                _say(it.title),
                it.due_on,
                it.first_due_on,
                it.done_on,
                it.moved_reason,
            ]
            for one in measures
            for it in one.milestones
        ),
    )


def _indicator_sheet(measures: Sequence[MeasureContent]) -> Sheet:
    """Each value on a line of its own, so that one can go on computing with them."""
    kinds = _labels(IndicatorKind.choices)
    heads = [
        (_("No."), 8),
        (_("Measure"), 60),
        (_("Indicator"), 50),
        (_("Kind"), 14),
        (_("Unit"), 16),
        (_("Baseline"), 12),
        (_("Target"), 12),
        (_("Date of the target"), 14),
        (_("Reached"), 12),
        (_("Day"), 12),
        (_("Value"), 12),
        (_("Source"), 40),
    ]
    return (
        _("Indicators"),
        heads,
        (
            [
                one.number,
                _say(one.title),
                _say(it.text),
                kinds.get(it.kind, it.kind),
                it.unit_said(get_language() or "de"),
                it.baseline,
                it.target,
                it.target_on,
                it.reached_on,
                value.on if value else None,
                value.value if value else None,
                it.source,
            ]
            for one in measures
            for it in one.indicators
            for value in (it.values or (None,))
        ),
    )


def _cost_sheet(measures: Sequence[MeasureContent]) -> Sheet:
    heads = [
        (_("No."), 8),
        (_("Measure"), 60),
        (_("Year"), 8),
        (_("Amount in euros"), 16),
        (_("Source of the money"), 30),
        (_("Note"), 40),
    ]
    return (
        _("Costs"),
        heads,
        (
            [one.number, _say(one.title), it.year, it.amount, it.source, it.note]
            for one in measures
            for it in one.costs
        ),
    )


def _say(words: Words) -> str:
    return words.say(get_language() or "de")


def _period(period: Span) -> str:
    days = (period.starts_on, period.ends_on)
    if period.text or not any(days):
        return period.text
    return "\N{EN DASH}".join(str(day.year) if day else "" for day in days)


def _labels(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return {value: str(label) for value, label in choices}
