"""The plan as a workbook: written, changed by people and programs, read back."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from zusammenplan.core.tables import UnreadableFileError
from zusammenplan.plans.domain.content import (
    CostContent,
    EvidenceContent,
    FieldContent,
    GoalContent,
    IndicatorContent,
    LevelContent,
    MeasureContent,
    NeedContent,
    PlanContent,
    RelationContent,
    Span,
    TieContent,
    ValueContent,
    Words,
)
from zusammenplan.plans.domain.goal_tree import MOST_LEVELS
from zusammenplan.plans.domain.workbook import MOST_EVIDENCE, SHEETS, Difference, Why, compare
from zusammenplan.plans.exports.workbook import workbook_file
from zusammenplan.plans.forms.workbook import read_workbook
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries.workbook import WHY, refusal_words, sheet_name, vocabulary
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
    needs=(
        NeedContent(
            "n1",
            "B 1",
            "1",
            Words("Wohnen im Alter"),
            Words(),
            "high",
            "open",
            evidence=(EvidenceContent("survey", Words("61 von 100"), "Befragung", "", None, 9),),
            pk=1,
        ),
    ),
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
            relations=(
                RelationContent(
                    "continues", "m1", Words("Beratung"), Words("Plan 2021"), "", 11, "plan-2021"
                ),
            ),
            pk=1,
        ),
        MeasureContent(
            "m2",
            "1.10",
            "1",
            Words("Musterwohnung"),
            Words(),
            "planned",
            Span(),
            relations=(
                RelationContent(
                    "blocks", "m1", Words("Wohnberatung"), Words("Plan"), "", 10, "sozialplan"
                ),
            ),
            pk=2,
        ),
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


# With changes


def edited(change: Callable[[Any], None], now: PlanContent = PLAN) -> Difference:
    return difference(now, rewritten(bytes_of(PLAN), change))


def put(sheet: str, row: int, column: str, value: object) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        cell(book, sheet, row, column).value = value

    return change


def test_each_changed_cell_is_named_with_old_and_new() -> None:
    found = edited(put("measures", 3, "title_de", "Wohnberatung ausbauen"))

    (change,) = found.changes
    assert (change.sheet, change.address, change.label) == ("measures", "C3", "1.1")
    assert (change.old, change.new) == ("Wohnberatung", "Wohnberatung ausbauen")
    assert not change.is_conflict


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "expected"),
    [
        ("measures", 3, "status", "läuft", "running"),
        ("measures", 3, "status", "running", "running"),
        ("measures", 4, "starts_on", datetime(2028, 1, 1), date(2028, 1, 1)),  # noqa: DTZ001 - as openpyxl has it
        ("measures", 4, "starts_on", "1. März 2028", date(2028, 3, 1)),
        ("measures", 3, "goals", "Z 1; Z 2", ("g1", "g2")),
        ("measures", 4, "partners", "Diakonie\nCaritas", ("Caritas", "Diakonie")),
        ("costs", 3, "amount", "12.500,50 €", Decimal("12500.50")),
        ("costs", 3, "amount", 0.1 + 0.2, Decimal("0.30")),
        ("costs", 3, "year", 2028, 2028),
        ("costs", 3, "measure", "1.10", "m2"),
        ("goals", 4, "parent", None, ""),
        ("relations", 4, "kind", "ersetzt", "replaces"),
        ("relations", 4, "other", "Plan 2021: Beratung", "m1@plan-2021"),
        ("relations", 3, "other", "1.10", "m2"),
        ("evidence", 3, "kind", "Statistik", "statistic"),
        ("evidence", 3, "url", "https://statistik.example/a", "https://statistik.example/a"),
        ("evidence", 3, "dated_on", "1. März 2026", date(2026, 3, 1)),
        ("values", 3, "value", 202, Decimal("202.0000")),
    ],
)
def test_cells_are_read_as_people_write_them(
    sheet: str, row: int, column: str, value: object, expected: object
) -> None:
    found = edited(put(sheet, row, column, value))

    assert not found.refused
    assert [(it.column, it.new) for it in found.changes if not it.is_derived] == [
        (column, expected)
    ]


def test_a_text_number_stays_text() -> None:
    found = edited(put("measures", 4, "text_de", "1.10"))

    assert [it.new for it in found.changes] == ["1.10"]


def test_the_days_follow_the_words_of_a_period() -> None:
    found = edited(put("measures", 3, "period_text", "2028 bis 2029"))

    assert [(it.column, it.new, it.is_derived) for it in found.changes] == [
        ("period_text", "2028 bis 2029", False),
        ("starts_on", date(2028, 1, 1), True),
        ("ends_on", date(2029, 12, 31), True),
    ]


def test_every_refusal_has_a_sentence() -> None:
    assert set(WHY) == set(Why)


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "why"),
    [
        ("measures", 3, "title_de", "", Why.EMPTY),
        ("measures", 3, "title_de", "x" * 401, Why.TOO_LONG),
        ("measures", 3, "status", "vielleicht", Why.NO_CHOICE),
        ("measures", 3, "number", datetime(2027, 2, 1), Why.BECAME_DATE),  # noqa: DTZ001 - as openpyxl has it
        ("measures", 3, "number", "1.10", Why.NUMBER_TAKEN),
        ("measures", 3, "goals", "Z 9", Why.UNKNOWN_REF),
        ("measures", 3, "areas", "Nirgendwo", Why.UNKNOWN_AREA),
        ("measures", 3, "ends_on", "31.12.2020", Why.ENDS_BEFORE),
        ("measures", 3, "ends_on", "31.02.2027", Why.NOT_A_DAY),
        ("measures", 3, "title_de", "=1+1", Why.UNCOMPUTED),
        ("measures", 3, "status", "entfallen", Why.REASON_MISSING),
        ("goals", 3, "state", "erreicht", Why.STATE_REASON_MISSING),
        ("needs", 3, "state", "zurückgestellt", Why.STATE_REASON_MISSING),
        ("indicators", 3, "kind", "in Worten", Why.KIND_LOSES),
        ("indicators", 3, "evidence", "Bericht", Why.NOT_OF_KIND),
        ("goals", 3, "parent", "Z 2", Why.CIRCLE),
        ("relations", 3, "other", "1.1", Why.RELATED_TO_ITSELF),
        ("relations", 3, "kind", "", Why.EMPTY),
        ("evidence", 3, "url", "javascript:alert(1)", Why.NOT_AN_ADDRESS),
        ("costs", 3, "amount", "viel", Why.NOT_A_NUMBER),
        ("costs", 3, "amount", -5, Why.NEGATIVE),
        ("costs", 3, "amount", 1.234, Why.TOO_EXACT),
        ("costs", 3, "year", 20270, Why.NOT_A_YEAR),
    ],
)
def test_what_a_cell_cannot_hold_is_refused_with_its_address(
    sheet: str, row: int, column: str, value: object, why: Why
) -> None:
    found = edited(put(sheet, row, column, value))

    assert [(it.sheet, it.why) for it in found.refused] == [(sheet, why)]
    assert found.refused[0].address.endswith("3")
    assert refusal_words(found.refused[0]).endswith(".")
    assert not [it for it in found.changes if it.column == column]


def test_there_are_never_fewer_people_than_none() -> None:
    def change(book: Any) -> None:
        cell(book, "indicators", 3, "unit").value = "Personen"
        cell(book, "indicators", 3, "target").value = -12
        cell(book, "values", 3, "value").value = -12

    found = edited(change)

    assert [(it.sheet, it.why) for it in found.refused] == [
        ("indicators", Why.LESS_THAN_NONE),
        ("values", Why.LESS_THAN_NONE),
    ]
    assert [it.column for it in found.changes] == ["unit"]


def test_an_indicator_in_words_takes_no_numbers() -> None:
    def change(book: Any) -> None:
        cell(book, "indicators", 4, "measure").value = "1.10"
        cell(book, "indicators", 4, "text_de").value = "Anlaufstelle besteht"
        cell(book, "values", 4, "indicator").value = "Anlaufstelle besteht"
        cell(book, "values", 4, "on").value = "31.12.2028"
        cell(book, "values", 4, "value").value = 12
        cell(book, "indicators", 5, "measure").value = "1.10"
        cell(book, "indicators", 5, "text_de").value = "Zahl der Besuche"
        cell(book, "indicators", 5, "target").value = 500

    found = edited(change)

    assert [one.label for one in found.new] == ["Anlaufstelle besteht"]
    assert [(one.sheet, one.row, one.why) for one in found.refused] == [
        ("indicators", 5, Why.NOT_OF_KIND),
        ("values", 4, Why.VALUES_OF_WORDS),
    ]


def test_what_both_changed_is_a_conflict_and_what_only_the_plan_changed_is_none() -> None:
    first, second = PLAN.measures
    now = replace(
        PLAN,
        measures=(replace(first, title=Words("Neu im Plan"), source="Runde"), second),
    )

    both = edited(put("measures", 3, "title_de", "Neu in Excel"), now)
    other = edited(put("measures", 4, "title_de", "Neu in Excel"), now)
    same = edited(put("measures", 3, "title_de", "Neu im Plan"), now)

    assert [(it.old, it.new) for it in both.conflicts] == [("Neu im Plan", "Neu in Excel")]
    assert not other.conflicts
    assert [it.key for it in other.changes] == ["m2"]
    assert same.is_empty


def test_new_rows_are_read_and_may_belong_together() -> None:
    def change(book: Any) -> None:
        for column, value in (
            ("title_de", "Lotsen"),
            ("field", "1 Wohnen"),
            ("goals", "Beraten sein"),
        ):
            cell(book, "measures", 5, column).value = value
        cell(book, "costs", 4, "measure").value = "Lotsen"
        cell(book, "costs", 4, "amount").value = 500

    found = edited(change)

    assert not found.refused, found.refused
    measure, cost = found.new
    assert measure.values["number"] == "1.11"
    assert (measure.values["status"], measure.values["goals"]) == ("planned", ("g2",))
    assert cost.values["measure"] == measure.key


def test_relations_and_evidence_are_added_as_rows_of_their_sheets() -> None:
    def change(book: Any) -> None:
        cell(book, "measures", 5, "title_de").value = "Lotsen"
        cell(book, "relations", 5, "measure").value = "Lotsen"
        cell(book, "relations", 5, "kind").value = "gehört zusammen mit"
        cell(book, "relations", 5, "other").value = "1.1"
        cell(book, "evidence", 4, "need").value = "B 1"
        cell(book, "evidence", 4, "text_de").value = "Viele fragten danach."

    found = edited(change)

    assert not found.refused, found.refused
    measure, relation, evidence = found.new
    assert relation.values["measure"] == measure.key
    assert (relation.values["kind"], relation.values["other"]) == ("belongs", "m1")
    assert evidence.values["need"] == "n1"
    assert evidence.values["kind"] == "statistic"


def test_a_relation_that_is_noted_from_the_other_side_is_refused() -> None:
    def change(book: Any) -> None:
        cell(book, "relations", 5, "measure").value = "1.1"
        cell(book, "relations", 5, "kind").value = "blockiert"
        cell(book, "relations", 5, "other").value = "1.10"

    found = edited(change)

    assert not found.new
    assert [it.why for it in found.refused] == [Why.RELATION_KNOWN]


def test_what_comes_from_the_data_stays_as_the_data_say_it() -> None:
    first, *others = PLAN.measures
    tie = TieContent("care_rate", Words("Pflegequote"), "Landkreis")
    tied = replace(first.indicators[0], unit="%", tie=tie)
    plan = replace(PLAN, measures=(replace(first, indicators=(tied,)), *others))

    def change(book: Any) -> None:
        cell(book, "indicators", 3, "unit").value = "Plätze"
        cell(book, "indicators", 3, "kind").value = "verbal"
        cell(book, "indicators", 3, "target").value = 9
        cell(book, "values", 3, "indicator").value = "1.1: Beratungen"
        cell(book, "values", 3, "on").value = "31.12.2027"
        cell(book, "values", 3, "value").value = 8

    found = difference(plan, rewritten(bytes_of(plan), change))

    assert [one.column for one in found.changes] == ["target"]
    assert not found.new
    assert {(it.sheet, it.column, it.why) for it in found.refused} == {
        ("indicators", "unit", Why.SAID_BY_DATA),
        ("indicators", "kind", Why.SAID_BY_DATA),
        ("values", "indicator", Why.VALUES_OF_DATA),
    }
    assert all(refusal_words(it).endswith(".") for it in found.refused)


def test_more_evidence_than_the_page_of_a_need_holds_is_refused() -> None:
    def change(book: Any) -> None:
        for row in range(4, 4 + MOST_EVIDENCE):
            cell(book, "evidence", row, "need").value = "B 1"
            cell(book, "evidence", row, "text_de").value = f"Beleg {row}"

    found = edited(change)

    assert {it.why for it in found.refused} == {Why.TOO_MANY}
    assert refusal_words(found.refused[0]).endswith(".")


def test_a_row_is_not_put_below_what_somebody_deleted_meanwhile() -> None:
    now = replace(PLAN, goals=PLAN.goals[:1])

    found = edited(put("measures", 4, "goals", "Z 2"), now)

    assert not found.changes
    assert [it.why for it in found.refused] == [Why.UNKNOWN_REF]


def test_a_goal_deeper_than_eight_levels_is_refused() -> None:
    def change(book: Any) -> None:
        for row in range(5, 5 + MOST_LEVELS):
            cell(book, "goals", row, "title_de").value = f"Ziel {row}"
            cell(book, "goals", row, "parent").value = "Z 2" if row == 5 else f"Ziel {row - 1}"

    found = edited(change)

    assert {it.why for it in found.refused} == {Why.TOO_DEEP, Why.REF_REFUSED}
    assert len(found.new) < MOST_LEVELS


LEVELS = (LevelContent(1, Words("Leitziel")), LevelContent(2, Words("Oberziel")))


def _with_levels(*depths: int | None) -> PlanContent:
    goals = [replace(goal, level=depth) for goal, depth in zip(PLAN.goals, depths, strict=True)]
    return replace(PLAN, levels=LEVELS, goals=tuple(goals))


@pytest.mark.parametrize(
    ("depths", "row", "column", "value"),
    [
        ((2, None), 4, "level", "Leitziel"),
        ((1, None), 4, "level", "Leitziel"),
        ((None, 1), 3, "level", "Oberziel"),
    ],
)
def test_a_level_above_that_of_the_goal_above_is_refused(
    depths: tuple[int | None, int | None], row: int, column: str, value: str
) -> None:
    now = _with_levels(*depths)

    found = difference(now, rewritten(bytes_of(now), put("goals", row, column, value)))

    assert not found.changes
    assert [(it.column, it.why) for it in found.refused] == [(column, Why.LEVEL_NOT_BELOW)]


def test_a_level_below_that_of_the_goal_above_is_taken() -> None:
    now = _with_levels(1, None)

    found = difference(now, rewritten(bytes_of(now), put("goals", 4, "level", "Oberziel")))

    assert not found.refused
    assert [change.new for change in found.changes] == ["Oberziel"]


def test_a_new_goal_with_the_level_of_the_goal_above_is_refused() -> None:
    now = _with_levels(1, None)

    def change(book: Any) -> None:
        for column, value in (("title_de", "Neu"), ("parent", "Z 1"), ("level", "Leitziel")):
            cell(book, "goals", 5, column).value = value

    found = difference(now, rewritten(bytes_of(now), change))

    assert not found.new
    assert [it.why for it in found.refused] == [Why.LEVEL_NOT_BELOW]


def test_a_level_that_stood_wrong_before_holds_up_nothing_else() -> None:
    now = _with_levels(2, 1)

    found = difference(now, rewritten(bytes_of(now), put("goals", 4, "title_de", "Gut beraten")))

    assert not found.refused
    assert [change.new for change in found.changes] == ["Gut beraten"]


def test_a_relation_that_both_changed_is_a_conflict() -> None:
    first, second = PLAN.measures
    noted = replace(second.relations[0], note="Erst bauen.")
    now = replace(PLAN, measures=(first, replace(second, relations=(noted,))))

    found = edited(put("relations", 4, "note", "Zuerst der Bau."), now)

    assert [(it.old, it.new) for it in found.conflicts] == [("Erst bauen.", "Zuerst der Bau.")]


def test_a_row_of_a_refused_one_is_refused_with_it() -> None:
    def change(book: Any) -> None:
        cell(book, "measures", 5, "title_de").value = "Lotsen"
        cell(book, "measures", 5, "number").value = "1.1"
        cell(book, "costs", 4, "measure").value = "Lotsen"
        cell(book, "costs", 4, "amount").value = 500

    found = edited(change)

    assert not found.new
    assert {it.why for it in found.refused} == {Why.NUMBER_TAKEN, Why.REF_REFUSED}


def test_a_deleted_or_emptied_row_is_only_proposed_for_removal() -> None:
    def delete(book: Any) -> None:
        book[sheet_name("measures")].delete_rows(4)

    def empty(book: Any) -> None:
        for one in book[sheet_name("measures")][4][1:]:
            one.value = None

    for change in (delete, empty):
        found = edited(change)
        assert [(it.sheet, it.key, it.is_changed) for it in found.gone] == [
            ("measures", "m2", False)
        ]
        assert not found.changes


def test_rows_may_be_sorted_columns_moved_and_sheets_renamed() -> None:
    def change(book: Any) -> None:
        page = book[sheet_name("measures")]
        for one in range(1, page.max_column + 1):
            above, below = page.cell(3, one), page.cell(4, one)
            above.value, below.value = below.value, above.value
        page.move_range(f"B1:B{page.max_row}", cols=30)
        page.title = "Meine Maßnahmen"

    assert edited(change).is_empty


def test_a_copied_row_is_a_new_one() -> None:
    def change(book: Any) -> None:
        page = book[sheet_name("measures")]
        for one in range(1, page.max_column + 1):
            page.cell(5, one).value = page.cell(3, one).value
        cell(book, "measures", 5, "number").value = "1.12"

    found = edited(change)

    assert [(it.row, it.values["number"]) for it in found.new] == [(5, "1.12")]
    assert not found.changes


def test_a_record_that_was_deleted_in_the_plan_meanwhile_is_said() -> None:
    now = replace(PLAN, measures=PLAN.measures[:1])

    assert edited(lambda _book: None, now).is_empty
    found = edited(put("measures", 4, "title_de", "Anders"), now)
    assert [it.why for it in found.refused] == [Why.DELETED_MEANWHILE]


def test_a_text_too_long_for_a_cell_comes_back_whole() -> None:
    text = "Wort " * 20_000
    long = replace(PLAN, measures=(replace(PLAN.measures[0], text=Words(text)),))

    assert difference(long, bytes_of(long)).is_empty
    changed = rewritten(bytes_of(long), put("measures", 3, "text_de", "kurz"))
    assert [it.why for it in difference(long, changed).refused] == [Why.TOO_LONG_TO_EDIT]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda book: book.remove(book["zp-stand"]),
        lambda book: [page.delete_rows(1) for page in book if not page.title.startswith("zp-")],
        lambda book: setattr(book["zp-stand"]["D1"], "value", "irgendwann"),
        lambda book: setattr(book["zp-stand"]["C1"], "value", "anderer-plan"),
    ],
)
def test_a_workbook_without_its_hidden_parts_or_of_another_plan_is_refused(
    spoil: Callable[[Any], None],
) -> None:
    with pytest.raises(UnreadableFileError):
        edited(spoil)


def test_the_workbook_is_safe_and_made_for_editing() -> None:
    nasty = replace(PLAN, measures=(replace(PLAN.measures[0], title=Words("=cmd|' /C calc'!A0")),))
    book = openpyxl.load_workbook(io.BytesIO(bytes_of(nasty)))
    page = book[sheet_name("measures")]

    assert cell(book, "measures", 3, "title_de").data_type == "s"
    assert page.column_dimensions["A"].hidden
    assert page.row_dimensions[1].hidden
    assert page.protection.sheet
    assert page["B2"].protection.locked
    assert not page["B3"].protection.locked
    assert any("zp-worte" in str(it.formula1) for it in page.data_validations.dataValidation)
    assert {book["zp-stand"].sheet_state, book["zp-worte"].sheet_state} == {"veryHidden"}
    assert [it.title for it in book][: len(SHEETS)] == [sheet_name(key) for key in SHEETS]
