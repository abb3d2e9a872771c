"""How a plan's table is understood, whatever file it came in."""

import io
import random
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
import xlsxwriter
from docx import Document
from hypothesis import given, settings, strategies as st

from zusammenplan.core.tables import read_tables
from zusammenplan.plans.domain.plan_table import (
    COUNT,
    ColumnMeaning,
    Hint,
    NotAPlan,
    NotAPlanTableError,
    PlanTable,
    Reason,
    best_table,
    understand,
)
from zusammenplan.plans.queries.table_words import (
    HINT_TEXTS,
    NOT_A_PLAN_TEXTS,
    REASON_TEXTS,
    not_a_plan_text,
    reason_text,
)

HERE = Path(__file__).parent
SHARED = Path(__file__).parents[4] / "shared"
HILDBURGHAUSEN = SHARED / "data" / "founding_tables" / "hildburghausen_prioritaeten_2025.tsv"
HEADER = ["HF", "Maßnahmen", "1", "2", "3"]


def plan_of(*rows: Sequence[str], header: Sequence[str] = HEADER) -> PlanTable:
    return understand(list(enumerate([header, *rows], start=1)))


def plan_in(name: str, content: bytes) -> PlanTable:
    tables = read_tables(name, content)
    return best_table([[(row.number, row.cells) for row in table.rows] for table in tables]).plan


def reasons(plan: PlanTable) -> list[tuple[int, Reason]]:
    return [(refused.row, refused.reason) for refused in plan.refused]


def hints(plan: PlanTable) -> list[tuple[int, Hint]]:
    return [(note.row, note.hint) for note in plan.notes]


# Own files


def test_a_handout_as_text_is_understood_with_the_marks_of_both_groups() -> None:
    plan = plan_in("tischvorlage.txt", (HERE / "tables" / "tischvorlage.txt").read_bytes())

    assert plan.refused == ()
    assert [(it.code, it.name) for it in plan.fields] == [
        ("1", "Gut informiert sein"),
        ("2", "Unterwegs sein"),
    ]
    assert [(it.row, it.number, it.title, it.marks_by_sign) for it in plan.measures] == [
        (
            9,
            "1.1",
            "Wegweiser für Familien neu auflegen: gedruckt und im Netz",
            {"x": {1: 1}, "-": {2: 1}},
        ),
        (
            10,
            "1.2",
            "Sprechstunden in den Gemeinden anbieten, und zwar in jeder mindestens einmal im Monat",
            {"x": {2: 1}, "-": {2: 1}},
        ),
        (13, "1.3", "Lotsen ausbilden", {}),
        (
            19,
            "2.1",
            "Fahrdienst zu Arztpraxen aufbauen gemeinsam mit den Nachbarkreisen",
            {"x": {2: 1}, "-": {3: 1}},
        ),
        (21, "2.10", "Haltestellen barrierefrei umbauen", {"x": {4: 1}, "-": {4: 1}}),
    ]
    assert plan.grades == (1, 2, 3, 4)
    assert plan.signs == ("x", "-")
    assert plan.legend == {"x": "Beirat für Soziales", "-": "Fachrunde der Ämter"}
    assert plan.header_rows == (6, 7)
    assert hints(plan) == [
        (13, Hint.NO_MARK),
        (14, Hint.LINE_SKIPPED),
        (16, Hint.HEADER_REPEATED),
        (17, Hint.HEADER_REPEATED),
        (20, Hint.ROWS_JOINED),
    ]


def test_a_plain_list_with_a_column_of_fields_is_understood_without_grades() -> None:
    plan = plan_in("liste.csv", (HERE / "tables" / "liste.csv").read_bytes())

    assert plan.refused == ()
    assert plan.grades == ()
    assert [(it.code, it.name) for it in plan.fields] == [("1", "Wohnen"), ("2", "Bildung")]
    assert [(it.number, it.field_code, it.title) for it in plan.measures] == [
        ("1", "1", "Wohnberatung ausbauen; auch zu Hause"),
        ("2", "1", "Musterwohnung einrichten"),
        ("3", "2", "Lesepaten gewinnen"),
    ]
    assert plan.measures[0].extra == {
        "responsible": "Sozialamt",
        "period": "2027 bis 2029",
        "status": "geplant",
    }


def test_numbers_in_grade_columns_are_counts_and_a_dash_beside_them_is_none() -> None:
    plan = plan_in("auszaehlung.tsv", (HERE / "tables" / "auszaehlung.tsv").read_bytes())

    assert [it.code for it in plan.fields] == ["A", "B"]
    assert [(it.number, it.field_code, it.marks, it.sign) for it in plan.measures] == [
        ("A 1", "A", {1: 4, 2: 7}, COUNT),
        ("A 2", "A", {1: 12, 3: 1}, COUNT),
        ("B 1", "B", {2: 3}, COUNT),
    ]
    assert (1, Hint.DASHES_ARE_EMPTY) in hints(plan)


# Header and columns


@pytest.mark.parametrize(
    "header",
    [
        ["Nr.", "Maßnahme", "Wozu?", "Wer macht's?", "Mit wem", "Bis wann", "Sachstand"],
        [
            *("lfd. Nr.", "Was wir vorhaben", "Wozu das gut ist", "Federführung", "Mitwirkende"),
            *("Zeitschiene", "Stand der Dinge"),
        ],
    ],
)
def test_headings_in_plain_words_are_understood(header: list[str]) -> None:
    plan = plan_of(["1", "Rufbus", "Gut ankommen", "Amt", "Bahn", "2027", "läuft"], header=header)

    assert [column.meaning for column in plan.columns] == [
        ColumnMeaning.NUMBER,
        ColumnMeaning.TITLE,
        ColumnMeaning.TEXT,
        ColumnMeaning.RESPONSIBLE,
        ColumnMeaning.PARTNERS,
        ColumnMeaning.PERIOD,
        ColumnMeaning.STATUS,
    ]


def test_columns_are_named_with_heading_example_and_meaning() -> None:
    plan = plan_of(["1", "Wohnen", "", "", ""], ["1.1", "Wohnberatung", "x", "", ""])

    assert [
        (it.letter, it.heading, it.example, it.meaning, it.grade) for it in plan.columns[:3]
    ] == [
        ("A", "HF", "1", ColumnMeaning.NUMBER, None),
        ("B", "Maßnahmen", "Wohnen", ColumnMeaning.TITLE, None),
        ("C", "1", "x", ColumnMeaning.GRADE, 1),
    ]


@pytest.mark.parametrize(
    ("headings", "grades"),
    [
        (["1", "2", "3", "4", "5", "6"], (1, 2, 3, 4, 5, 6)),
        (["6", "5", "4", "3"], (3, 4, 5, 6)),
        (["0", "1", "2"], (0, 1, 2)),
        (["Note 1", "Note 2"], (1, 2)),
        (["1 (zuerst)", "2", "3 (später)"], (1, 2, 3)),
        (["1", "", "2", "", "3"], (1, 2, 3)),
    ],
)
def test_any_run_of_whole_numbers_makes_grade_columns(
    headings: list[str], grades: tuple[int, ...]
) -> None:
    header = ["Nr.", "Was wir tun", *headings]
    empty = [""] * len(headings)

    plan = plan_of(["1", "Wohnen", *empty], ["1.1", "Beratung", *empty], header=header)

    assert plan.grades == grades
    assert len(plan.measures) == 1


def test_field_and_number_that_count_on_are_not_taken_for_grades() -> None:
    plan = plan_of(
        ["1", "2", "Wohnberatung"],
        ["1", "3", "Musterwohnung"],
        header=["Handlungsfeld", "Nr.", "Maßnahme"],
    )

    assert plan.grades == ()
    assert [it.number for it in plan.measures] == ["2", "3"]


def test_a_field_named_by_a_word_and_a_number_has_the_number_as_its_code() -> None:
    plan = plan_of(
        ["Feld 1", "1.1", "Wohnberatung"],
        ["Feld 2", "2.1", "Musterwohnung"],
        header=["Handlungsfeld", "Nr.", "Maßnahme"],
    )

    assert [(it.code, it.name) for it in plan.fields] == [("1", "Feld 1"), ("2", "Feld 2")]
    assert [it.field_code for it in plan.measures] == ["1", "2"]


def test_a_table_without_a_header_is_understood_by_its_numbers() -> None:
    plan = understand([(1, ["1", "Wohnen"]), (2, ["1.1", "Beratung"]), (3, ["1.2", "Umbau"])])

    assert [it.title for it in plan.measures] == ["Beratung", "Umbau"]


def test_a_number_before_the_title_in_one_cell_is_split_off() -> None:
    plan = plan_of(
        ["1 Wohnen", "", ""],
        ["1.1 Wohnberatung", "x", ""],
        ["1.2 Musterwohnung", "", "x"],
        header=["Maßnahmen", "1", "2"],
    )

    assert [(it.number, it.title, it.marks) for it in plan.measures] == [
        ("1.1", "Wohnberatung", {1: 1}),
        ("1.2", "Musterwohnung", {2: 1}),
    ]
    assert plan.fields[0].name == "Wohnen"


def test_a_person_can_overrule_what_a_column_means() -> None:
    rows = [["Nr.", "Titel", "Bemerkung"], ["1.1", "kurz", "Wohnberatung ausbauen"]]

    plan = understand(
        list(enumerate(rows, start=1)),
        columns={1: ColumnMeaning.IGNORED, 2: ColumnMeaning.TITLE},
    )

    assert plan.measures[0].title == "Wohnberatung ausbauen"


def test_a_person_can_take_a_grade_column_away_and_give_it_back() -> None:
    rows = list(enumerate([HEADER, ["1", "Wohnen", "", "", ""], ["1.1", "Rat", "", "x", ""]], 1))

    without = understand(rows, columns={3: ColumnMeaning.IGNORED})
    again = understand(rows, columns={1: ColumnMeaning.TITLE, 3: ColumnMeaning.GRADE})
    wrong = understand(rows, columns={9: ColumnMeaning.TITLE})

    assert (without.grades, without.measures[0].marks) == ((1, 3), {})
    assert again.measures[0].marks == {2: 1}
    assert wrong.measures[0].marks == {2: 1}


def test_a_column_without_a_number_in_its_heading_cannot_be_a_grade() -> None:
    rows = list(enumerate([["Nr.", "Maßnahme", "Ort"], ["1.1", "Rat", "x"]], 1))

    plan = understand(rows, columns={2: ColumnMeaning.GRADE})

    assert plan.columns[2].meaning is ColumnMeaning.IGNORED


def test_of_two_columns_of_a_kind_the_one_of_measures_or_the_first_counts() -> None:
    plan = plan_of(
        ["1", "Wohnen", "Beratung", "Amt", "Verein", "A"],
        header=["Nr.", "Projekt", "Maßnahme", "Träger", "Akteure", "Beschreibung"],
    )

    assert plan.measures[0].title == "Beratung"
    assert plan.measures[0].extra == {"responsible": "Amt"}
    assert plan.measures[0].text == "A"


def test_a_second_scale_is_named_because_only_the_first_is_read() -> None:
    plan = plan_of(
        ["1.1", "Beratung", "x", "", "", "x"], header=["Nr.", "Maßnahme", "1", "2", "1", "2"]
    )

    assert plan.measures[0].marks == {1: 1}
    assert (1, Hint.SECOND_SCALE) in hints(plan)


def test_a_decimal_comma_in_a_number_is_read_as_a_point_and_named() -> None:
    plan = plan_of(["1", "Wohnen", "", "", ""], ["1,1", "Beratung", "x", "", ""])

    assert plan.measures[0].number == "1.1"
    assert hints(plan) == [(3, Hint.NUMBER_RESPELLED)]


def test_a_table_without_any_title_is_no_plan() -> None:
    with pytest.raises(NotAPlanTableError) as caught:
        plan_of(["1.1", "x"], header=["Nr.", "Stand"])

    assert caught.value.reason == NotAPlan.NO_TITLES


# Fields


@pytest.mark.parametrize(
    ("field", "measure"),
    [("1", "1.1"), ("HF 1", "1.1"), ("I", "I.1"), ("A", "A 3"), ("2.2", "2.2.1")],
)
def test_fields_are_told_from_measures_by_their_numbers(field: str, measure: str) -> None:
    plan = plan_of([field, "Wohnen", "", "", ""], [measure, "Beratung", "x", "", ""])

    assert [it.code for it in plan.fields] == [field]
    assert [(it.number, it.field_code) for it in plan.measures] == [(measure, field)]


def test_a_merged_row_of_text_is_the_heading_of_a_field() -> None:
    plan = plan_of(
        ["Handlungsfeld 2: Wohnen", "", "", "", ""],
        ["1", "Wohnberatung", "x", "", ""],
        ["Bildung und Teilhabe", "", "", "", ""],
        ["2", "Lesepaten", "", "x", ""],
        ["Quelle: Sozialamt, Stand März 2027", "", "", "", ""],
    )

    assert [(it.code, it.name) for it in plan.fields] == [
        ("2", "Wohnen"),
        ("3", "Bildung und Teilhabe"),
    ]
    assert [it.field_code for it in plan.measures] == [it.code for it in plan.fields]
    assert hints(plan)[-1] == (6, Hint.LINE_SKIPPED)


def test_roman_fields_stand_above_plain_numbers() -> None:
    plan = plan_of(
        ["I", "Wohnen", "", "", ""],
        ["1", "Wohnberatung", "x", "", ""],
        ["II", "Bildung", "", "", ""],
        ["2", "Lesepaten", "", "x", ""],
    )

    assert [(it.number, it.field_code) for it in plan.measures] == [("1", "I"), ("2", "II")]


def test_a_field_without_a_number_gets_that_of_its_measures() -> None:
    plan = plan_of(
        ["", "Wohnen", "", "", ""],
        ["1.1", "Wohnberatung", "x", "", ""],
        ["", "Bildung", "", "", ""],
        ["2.1", "Lesepaten", "", "x", ""],
    )

    assert [(it.code, it.name) for it in plan.fields] == [("1", "Wohnen"), ("2", "Bildung")]


def test_a_column_of_fields_is_filled_down_and_may_hold_codes() -> None:
    plan = plan_of(
        ["1 Wohnen", "1.1", "Beratung", "x", ""],
        ["", "1.2", "Umbau", "", "x"],
        ["HF 2: Bildung", "2.1", "Lesepaten", "", ""],
        ["1 Gesundheit", "1.3", "Bewegung", "", ""],
        header=["Handlungsfeld", "Nr.", "Maßnahme", "1", "2"],
    )

    assert [(it.code, it.name) for it in plan.fields] == [("1", "Wohnen"), ("HF 2", "Bildung")]
    assert [(it.number, it.field_code) for it in plan.measures] == [
        ("1.1", "1"),
        ("1.2", "1"),
        ("2.1", "HF 2"),
    ]
    assert reasons(plan) == [(5, Reason.FIELD_TWICE)]


def test_a_measure_beside_an_empty_first_field_is_refused() -> None:
    plan = plan_of(
        ["", "1", "Beratung"], ["Wohnen", "2", "Umbau"], header=["Handlungsfeld", "Nr.", "Maßnahme"]
    )

    assert reasons(plan) == [(2, Reason.BEFORE_ANY_FIELD)]


def test_a_column_that_looks_like_fields_is_ignored_where_fields_have_rows() -> None:
    plan = plan_of(
        ["1", "Wohnen", "", "", ""],
        ["1.1", "Beratung", "Sozialamt", "x", ""],
        header=["Nr.", "Maßnahme", "Bereich", "1", "2"],
    )

    assert [it.code for it in plan.fields] == ["1"]
    assert plan.columns[2].meaning is ColumnMeaning.IGNORED


def test_a_field_that_a_page_break_repeats_is_taken_once() -> None:
    plan = plan_of(
        ["1", "Wohnen", "", "", ""],
        ["1.1", "Wohnberatung", "x", "", ""],
        ["1", "Wohnen (Fortsetzung)", "", "", ""],
        ["1.2", "Umbau", "x", "", ""],
    )

    assert len(plan.fields) == 1
    assert plan.refused == ()
    assert hints(plan) == [(4, Hint.FIELD_REPEATED)]


# Torn rows


def test_a_row_without_a_number_continues_the_one_above() -> None:
    plan = plan_of(
        ["1", "Wohnen", "", "", ""],
        ["1.1", "Wohnberatung ausbauen im Rahmen von", "", "", ""],
        ["", "", "", "", ""],
        ["", "Modellprojekten", "", "x", ""],
    )

    assert plan.measures[0].title == "Wohnberatung ausbauen im Rahmen von Modellprojekten"
    assert plan.measures[0].marks == {2: 1}
    assert hints(plan) == [(5, Hint.ROWS_JOINED)]


def test_the_rest_of_a_row_may_fill_other_columns_only() -> None:
    plan = plan_of(
        ["1.1", "Beratung", "Sozialamt,"],
        ["", "", "Jugendamt"],
        ["1.2", "Umbau", "Bauamt"],
        ["", "und Ausbau", "und Sozialamt"],
        header=["Nr.", "Maßnahme", "Verantwortlich"],
    )

    assert [(it.title, it.extra["responsible"]) for it in plan.measures] == [
        ("Beratung", "Sozialamt, Jugendamt"),
        ("Umbau und Ausbau", "Bauamt und Sozialamt"),
    ]


def test_a_line_that_fits_no_row_is_not_glued_to_one() -> None:
    text = "Nr.\tMaßnahme\t1\t2\n1.1\tBeratung\n1.2\tUmbau\t\tx\n1.3\tRat\nund Tat\nam Ort\t\tx\n"

    plan = plan_in("plan.tsv", text.encode())

    assert [(it.number, it.title, it.marks) for it in plan.measures] == [
        ("1.1", "Beratung", {}),
        ("1.2", "Umbau", {2: 1}),
        ("1.3", "Rat und Tat am Ort", {2: 1}),
    ]


def test_a_number_that_a_spreadsheet_made_a_date_is_read_where_the_field_agrees() -> None:
    plan = plan_of(
        ["2", "Wohnen", "", "", ""],
        ["02.01.2025", "Wohnberatung", "x", "", ""],
        ["2025-02-02", "Umbau", "x", "", ""],
        ["2025-01-03", "Lesepaten", "x", "", ""],
    )

    assert [it.number for it in plan.measures] == ["2.1", "2.2"]
    assert hints(plan) == [(3, Hint.NUMBER_WAS_DATE), (4, Hint.NUMBER_WAS_DATE)]
    assert reasons(plan) == [(5, Reason.NUMBER_IS_DATE)]


# Marks


@pytest.mark.parametrize(
    ("cell", "marks"),
    [
        ("x", {"x": {1: 1}}),
        ("X", {"x": {1: 1}}),
        ("✗", {"x": {1: 1}}),
        ("☒", {"x": {1: 1}}),
        ("-", {"-": {1: 1}}),
        ("–", {"-": {1: 1}}),
        ("✓", {"✓": {1: 1}}),
        ("TRUE", {"✓": {1: 1}}),
        ("•", {"•": {1: 1}}),
        ("x -", {"x": {1: 1}, "-": {1: 1}}),
        ("x, -", {"x": {1: 1}, "-": {1: 1}}),
        ("X/–", {"x": {1: 1}, "-": {1: 1}}),
        ("7", {COUNT: {1: 7}}),
        ("3x", {"x": {1: 3}}),
        ("xxx", {"x": {1: 3}}),
        ("0", {}),
        ("☐", {}),
        ("FALSE", {}),
    ],
)
def test_marks_are_read_as_people_write_them(cell: str, marks: dict[str, dict[int, int]]) -> None:
    plan = plan_of(["1", "Wohnen", "", "", ""], ["1.1", "Beratung", cell, "", ""])

    assert plan.refused == ()
    assert plan.measures[0].marks_by_sign == marks


def test_dashes_in_every_empty_cell_are_no_marks() -> None:
    plan = plan_of(
        ["1", "Wohnen", "", "", ""],
        ["1.1", "Beratung", "x", "-", "-"],
        ["1.2", "Umbau", "-", "-", "x"],
    )

    assert [it.marks_by_sign for it in plan.measures] == [{"x": {1: 1}}, {"x": {3: 1}}]


# What is refused


@pytest.mark.parametrize(
    ("rows", "row", "reason"),
    [
        ([["1.1", "Beratung", "x", "x", ""]], 3, Reason.TWO_MARKS),
        ([["1.1", "Beratung", "ja", "", ""]], 3, Reason.SIGN_UNREADABLE),
        ([["1.1", "Beratung", "1,5", "", ""]], 3, Reason.SIGN_UNREADABLE),
        ([["1.1", "Beratung", "x" * 501, "", ""]], 3, Reason.SIGN_UNREADABLE),
        ([["1.1", "Beratung", "-3", "", ""]], 3, Reason.SIGN_UNREADABLE),
        ([["", "Beratung", "x", "", ""]], 3, Reason.NUMBER_MISSING),
        ([["eins", "Beratung", "x", "", ""]], 3, Reason.NUMBER_UNREADABLE),
        ([["1.1", "Beratung", "", "", ""], ["1.1", "Umbau", "", "", ""]], 4, Reason.NUMBER_TWICE),
        ([["1.1", "Beratung", "", "", ""], ["1.01", "Umbau", "", "", ""]], 4, Reason.NUMBER_TWICE),
        ([["1.1", "", "x", "", ""]], 3, Reason.TITLE_MISSING),
        ([["1.1", "Beratung", "", "", "", "x"]], 3, Reason.MARK_OUTSIDE_SCALE),
        ([["1.1", "Beratung", "", "", ""], ["3.1", "Umbau", "", "", ""]], 4, Reason.FIELD_UNKNOWN),
        ([["1.1", "Beratung", "", "", ""], ["1", "Bildung", "", "", ""]], 4, Reason.FIELD_TWICE),
        ([["1.1", "Beratung", "", "", ""], ["2", "", "", "", ""]], 4, Reason.TITLE_MISSING),
        ([["1.1", "Beratung", "", "", ""], ["2", "B" * 201, "", "", ""]], 4, Reason.NAME_TOO_LONG),
        ([["1.1", "Beratung", "", "", ""], ["2", "Bildung", "x", "", ""]], 4, Reason.MARK_ON_FIELD),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_with_its_reason(
    rows: list[list[str]], row: int, reason: Reason
) -> None:
    plan = plan_of(["1", "Wohnen", "", "", ""], *rows)

    assert reasons(plan) == [(row, reason)]
    assert reason_text(plan.refused[0])


def test_a_measure_above_the_first_field_is_refused() -> None:
    plan = plan_of(["1.1", "Beratung", "x", "", ""], ["2", "Bildung", "", "", ""])

    assert reasons(plan) == [(2, Reason.BEFORE_ANY_FIELD)]


def test_two_marks_are_named_with_their_columns() -> None:
    plan = plan_of(["1", "Wohnen", "", "", ""], ["1.1", "Beratung", "", "x", "X"])

    assert plan.refused[0].values == {
        "number": "1.1",
        "sign": "x",
        "grades": "2, 3",
        "columns": "D, E",
    }


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], NotAPlan.EMPTY),
        ([["", ""]], NotAPlan.EMPTY),
        ([["Herzlich willkommen"], ["Der Plan folgt."]], NotAPlan.NO_NUMBERS),
        ([["Name", "Ort"], ["Kita", "Neustadt"]], NotAPlan.NO_NUMBERS),
        ([["Nr.", "Maßnahme"]], NotAPlan.NO_MEASURES),
    ],
)
def test_what_is_no_plan_is_said_to_be_none(rows: list[list[str]], reason: NotAPlan) -> None:
    with pytest.raises(NotAPlanTableError) as caught:
        understand(list(enumerate(rows, start=1)))

    assert caught.value.reason == reason
    assert not_a_plan_text(reason)


def test_every_hint_has_a_sentence() -> None:
    assert set(HINT_TEXTS) == set(Hint)
    assert set(REASON_TEXTS) == set(Reason)
    assert set(NOT_A_PLAN_TEXTS) == set(NotAPlan)


def test_a_long_title_is_kept_whole_and_shortened_only_beyond_400_characters() -> None:
    long, longer = "Beratung " * 44, f"Lotsen ausbilden: {'in jeder Gemeinde ' * 30}"
    plan = plan_of(
        ["1", "Wohnen", "", "", ""], ["1.1", long, "", "", ""], ["1.2", longer, "", "", ""]
    )

    assert [(it.title, it.text) for it in plan.measures] == [
        (long.strip(), ""),
        ("Lotsen ausbilden", longer.strip()),
    ]


@pytest.mark.parametrize(("sign", "end"), [(" ", " …"), ("-", "…")])
def test_a_title_without_a_sentence_is_cut_between_words_if_it_can_be(sign: str, end: str) -> None:
    title = sign.join(["Beratung"] * 60)
    plan = plan_of(["1", "Wohnen", "", "", ""], ["1.1", title, "", "", ""])

    assert len(plan.measures[0].title) <= 400
    assert plan.measures[0].title.endswith(f"g{end}" if sign == " " else end)
    assert plan.measures[0].text == title


# Several tables


def test_the_plan_is_found_among_several_tables_and_joined_with_its_continuation() -> None:
    members = [(1, ["Name", "Amt"]), (2, ["Vertretung", "Jugendamt"])]
    first = [(1, HEADER), (2, ["1", "Wohnen", "", "", ""]), (3, ["1.1", "Beratung", "x", "", ""])]
    second = [(1, ["1.2", "Umbau", "", "x", ""]), (2, ["1.3", "Lotsen", "", "", "x"])]

    best = best_table([members, first, second, members])

    assert best.indexes == (1, 2)
    assert [(it.row, it.number) for it in best.plan.measures] == [
        (3, "1.1"),
        (4, "1.2"),
        (5, "1.3"),
    ]


def test_no_plan_among_the_tables_is_an_error() -> None:
    with pytest.raises(NotAPlanTableError):
        best_table([])


# The real case


def hildburghausen() -> str:
    if not HILDBURGHAUSEN.exists():
        pytest.skip("The shared folder with the real tables is not beside the repository.")
    return HILDBURGHAUSEN.read_text()


def lines_of(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines() if line.strip()]


def assert_is_hildburghausen(plan: PlanTable) -> None:
    lines = lines_of(hildburghausen())
    marks = {
        cells[0]: {
            grade: 1 for grade, cell in enumerate(cells[2:], start=1) if cell.strip().lower() == "x"
        }
        for cells in lines
        if "." in cells[0]
    }
    titles = {cells[0]: " ".join(cells[1].split()) for cells in lines if cells[0][:1].isdigit()}
    assert plan.refused == ()
    assert len(plan.fields) == 6
    assert len(plan.measures) == 16
    assert {it.number: it.marks for it in plan.measures} == marks
    assert {it.number: it.title for it in plan.measures} | {
        it.code: it.name for it in plan.fields
    } == titles
    assert marks["1.2"] == {}
    assert [note.values["number"] for note in plan.notes if note.hint is Hint.NO_MARK] == ["1.2"]


def as_xlsx(lines: list[list[str]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Prioritäten")
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                if column == 0 and cell:
                    number = cell.replace(".", "").isdigit()
                    (sheet.write_number if number else sheet.write)(
                        row, column, float(cell) if number else cell
                    )
                elif cell:
                    sheet.write_string(row, column, cell)
        sheet.merge_range(0, 0, 1, 0, lines[0][0])
        sheet.merge_range(0, 1, 1, 1, lines[0][1])
        sheet.merge_range(0, 2, 0, 7, lines[0][2])
        workbook.add_worksheet("Leer")
    return content.getvalue()


def as_docx(lines: list[list[str]], *, cut_at: Iterable[int] = ()) -> bytes:
    document = Document()
    document.add_paragraph("Tischvorlage")
    cuts = [0, *cut_at, len(lines)]
    for start, end in pairwise(cuts):
        table = document.add_table(rows=end - start, cols=8)
        for row, cells in zip(table.rows, lines[start:end], strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        if start == 0:
            table.cell(0, 0).merge(table.cell(1, 0))
            table.cell(0, 1).merge(table.cell(1, 1))
            table.cell(0, 2).merge(table.cell(0, 7))
        document.add_paragraph("Seitenwechsel")
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def test_the_real_table_is_read_from_tab_separated_text() -> None:
    assert_is_hildburghausen(plan_in("plan.tsv", hildburghausen().encode()))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "cp850"])
def test_the_real_table_is_read_in_any_usual_encoding(encoding: str) -> None:
    assert_is_hildburghausen(plan_in("plan.csv", hildburghausen().encode(encoding)))


@pytest.mark.parametrize("separator", [";", ",", "|"])
def test_the_real_table_is_read_with_any_usual_separator(separator: str) -> None:
    quoted = [
        separator.join('"' + cell.replace('"', '""') + '"' for cell in cells)
        for cells in lines_of(hildburghausen())
    ]

    assert_is_hildburghausen(plan_in("plan.csv", "\r\n".join(quoted).encode()))


def test_the_real_table_is_read_from_a_spreadsheet_with_merged_cells() -> None:
    assert_is_hildburghausen(plan_in("plan.xlsx", as_xlsx(lines_of(hildburghausen()))))


def test_the_real_table_is_read_from_a_word_document_with_merged_cells() -> None:
    assert_is_hildburghausen(plan_in("plan.docx", as_docx(lines_of(hildburghausen()))))


def test_the_real_table_is_read_from_a_word_document_that_cuts_it_in_two() -> None:
    lines = lines_of(hildburghausen())

    assert_is_hildburghausen(plan_in("plan.docx", as_docx(lines, cut_at=[13])))


def test_the_real_table_is_read_from_the_founding_document_as_text() -> None:
    documents = sorted((SHARED / "founding").glob("000_*.txt"))
    if not documents:
        pytest.skip("The shared folder with the founding documents is not beside the repository.")
    plan = plan_in(documents[0].name, documents[0].read_bytes())

    assert_is_hildburghausen(plan)
    assert plan.legend == {"x": "Externe Steuerungsgruppe", "-": "Interne Steuerungsgruppe"}


# Any table


WORDS = st.sampled_from(
    ["Beratung", "Wohnen", "Pflege", "Familie", "Ehrenamt", "Treffpunkt", "Bus", "Netz", "Fest"]
)
TITLES = st.lists(WORDS, min_size=2, max_size=8).map(" ".join)
MARKS = st.fixed_dictionaries({}, optional={"x": st.integers(1, 6), "-": st.integers(1, 6)})
PLANS = st.lists(
    st.tuples(TITLES, st.lists(st.tuples(TITLES, MARKS), min_size=1, max_size=5)),
    min_size=1,
    max_size=5,
)


def torn(
    plan: list[tuple[str, list[tuple[str, dict[str, int]]]]], chance: random.Random
) -> list[list[str]]:
    """Write the plan as a table and let page breaks tear it in every way known."""
    header = [
        ["HF", "Themenschwerpunkt und Einzelmaßnahmen", "Priorisierungsgrad", *[""] * 5],
        ["", "", *"123456"],
    ]
    rows = [*header]
    for code, (name, measures) in enumerate(plan, start=1):
        rows.append([str(code), name, *[""] * 6])
        for number, (title, marks) in enumerate(measures, start=1):
            cells = [
                " ".join(sign for sign, marked in marks.items() if marked == grade)
                for grade in range(1, 7)
            ]
            row = [f"{code}.{number}", title, *cells]
            first, _space, rest = title.partition(" ")
            tear = chance.choice(["whole", "whole", "blank", "header", "row", "line"])
            if tear == "blank":
                rows += [[""], row]
            elif tear == "header":
                rows += [row, [""], *header]
            elif tear == "row":
                rows += [[row[0], first, *cells], [""], ["", rest, *[""] * 6]]
            elif tear == "line":
                rows += [[row[0], first], [""], [rest, *cells]]
            else:
                rows.append(row)
    return rows


@settings(max_examples=150)
@given(plan=PLANS, seed=st.integers(0, 2**32))
def test_any_plan_is_read_back_however_pages_tear_its_table(
    plan: list[tuple[str, list[tuple[str, dict[str, int]]]]], seed: int
) -> None:
    rows = torn(plan, random.Random(seed))
    text = "\n".join("\t".join(cells) for cells in rows)

    read = plan_in("plan.tsv", text.encode())

    assert read.refused == ()
    assert [(it.code, it.name) for it in read.fields] == [
        (str(code), name) for code, (name, _measures) in enumerate(plan, start=1)
    ]
    assert [(it.field_code, it.number, it.title, it.marks_by_sign) for it in read.measures] == [
        (
            str(code),
            f"{code}.{number}",
            title,
            {sign: {grade: 1} for sign, grade in marks.items()},
        )
        for code, (_name, measures) in enumerate(plan, start=1)
        for number, (title, marks) in enumerate(measures, start=1)
    ]
