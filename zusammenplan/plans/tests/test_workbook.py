"""The plan as a workbook: written, changed by people and programs, read back."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
from hypothesis import HealthCheck, Phase, given, settings

from zusammenplan.plans.domain.content import (
    CostContent,
    FieldContent,
    GoalContent,
    IndicatorContent,
    MeasureContent,
    PlanContent,
    Span,
    ValueContent,
    Words,
)
from zusammenplan.plans.domain.workbook import Difference, compare
from zusammenplan.plans.exports.workbook import workbook_file
from zusammenplan.plans.forms.workbook import read_workbook
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries.workbook import sheet_name, vocabulary
from zusammenplan.plans.tests.contents import AREAS, plan_contents

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)
MANY = settings(
    deadline=None,
    max_examples=20,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


def bytes_of(content: PlanContent) -> bytes:
    with workbook_file(content, now=NOW) as file:
        return file.read()


def difference(now: PlanContent, file: bytes) -> Difference:
    edited = read_workbook("plan.xlsx", file, plan=Plan(slug=now.slug))
    return compare(now, edited.book, vocabulary(now, AREAS))


def rewritten(file: bytes, change: Callable[[Any], None] = lambda _book: None) -> bytes:
    """Save the workbook as another program does, perhaps with changes."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cell(book: Any, sheet: str, row: int, column: str) -> Any:
    page = book[sheet_name(sheet)]
    at = next(one.column for one in page[1] if one.value == column)
    return page.cell(row, at)


PLAN = PlanContent(
    slug="sozialplan",
    title=Words("Sozialplan"),
    summary=Words(),
    starts_on=None,
    ends_on=None,
    status="draft",
    fields=(FieldContent("1", Words("Wohnen"), Words()),),
    goals=(
        GoalContent(
            "g1", None, None, "1", "Z 1", Words("Gut wohnen"), Words(), Span(), "pursued", pk=1
        ),
        GoalContent(
            "g2", "g1", None, "1", "Z 2", Words("Beraten sein"), Words(), Span(), "pursued", pk=2
        ),
    ),
    measures=(
        MeasureContent(
            "m1",
            "1.1",
            "1",
            Words("Wohnberatung"),
            Words(),
            "planned",
            Span("ab 2027", date(2027, 1, 1)),
            goals=("g2",),
            costs=(CostContent(2027, Decimal("1000.00"), "Land", "", 5),),
            indicators=(
                IndicatorContent(
                    "numeric",
                    Words("Beratungen"),
                    values=(ValueContent(date(2026, 12, 31), Decimal("201.0000"), "", 8),),
                    pk=7,
                ),
            ),
            pk=1,
        ),
        MeasureContent("m2", "1.10", "1", Words("Musterwohnung"), Words(), "planned", Span(), pk=2),
    ),
)


# Without a change


@MANY
@given(plan_contents())
def test_a_round_trip_without_a_change_changes_nothing(content: PlanContent) -> None:
    assert difference(content, bytes_of(content)).is_empty


@settings(MANY, max_examples=10)
@given(plan_contents())
def test_saving_by_another_program_changes_nothing(content: PlanContent) -> None:
    found = difference(content, rewritten(bytes_of(content)))

    assert found.is_empty, found


@settings(MANY, max_examples=10)
@given(plan_contents(), plan_contents())
def test_what_the_plan_changed_alone_is_no_change_of_the_file(
    before: PlanContent, after: PlanContent
) -> None:
    found = difference(after, bytes_of(before))

    assert not [change for change in found.changes if not change.is_derived]
    assert not found.new
