"""Tables of goals, and lists in which each row names the one above it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from zusammenplan.core.periods import parse_day
from zusammenplan.core.tables import read_tables
from zusammenplan.plans.domain.plan_table import (
    ColumnMeaning,
    Hint,
    NotAPlanTableError,
    PlanTable,
    Reason,
    RowsAs,
    best_table,
    columns_only,
    understand,
)
from zusammenplan.plans.domain.plan_table.cells import healed
from zusammenplan.plans.domain.plan_table.details import parse_amount
from zusammenplan.plans.domain.plan_table.indicators import joined, split_indicators
from zusammenplan.plans.domain.plan_table.statuses import status_of
from zusammenplan.plans.domain.table_rows import Decisions, decided, headings_key, status_words
from zusammenplan.plans.queries.table_words import hint_text, reason_text

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARED = Path(__file__).parents[4] / "shared"
EISENACH = SHARED / "data" / "founding_tables" / "eisenach_massnahmen_2020.tsv"
GOALS = ["Unterziel", "Handlungsziel", "Indikatoren", "Zeitraum"]
TREE = ["Nr.", "Titel", "Übergeordnet"]
WORD = st.from_regex(r"[A-ZÄÖÜ]?[a-zäöüß]{3,8}", fullmatch=True)
SIGN = st.sampled_from([" ", "\n", "; ", "\n• "])


def table(*rows: Sequence[str], rows_as: RowsAs = RowsAs.MEASURES) -> PlanTable:
    return understand(list(enumerate(rows, start=1)), rows_as=rows_as)


def reasons(found: PlanTable) -> list[tuple[int, Reason]]:
    return [(it.row, it.reason) for it in found.refused]


# Goals with their measures


def test_the_line_above_the_header_is_the_goal_and_a_sub_goal_is_carried_on() -> None:
    found = table(
        ["Familien stärken", "", "", ""],
        GOALS,
        ["Gut beraten", "Beratungsstelle sichern", "Vertrag liegt vor", "seit 2019"],
        ["", "Lotsen ausbilden", "", "ab 2022"],
        ["Gut wohnen", "Wohnungen barrierefrei umbauen", "", "2021-2023"],
    )

    assert [(it.key, it.parent, it.level, it.title) for it in found.goals] == [
        ("z1", None, "Oberziel", "Familien stärken"),
        ("z2", "z1", "Unterziel", "Gut beraten"),
        ("z3", "z1", "Unterziel", "Gut wohnen"),
    ]
    assert [(it.title, it.goals, it.extra["period"]) for it in found.measures] == [
        ("Beratungsstelle sichern", ("z2",), "seit 2019"),
        ("Lotsen ausbilden", ("z2",), "ab 2022"),
        ("Wohnungen barrierefrei umbauen", ("z3",), "2021-2023"),
    ]
    assert found.refused == ()


def test_what_a_page_break_repeats_is_taken_once() -> None:
    title = ["Familien stärken", "", "", ""]
    found = table(
        title, GOALS, ["A-Ziel", "Eins", "", ""], title, GOALS, ["B-Ziel", "Zwei", "", ""]
    )

    assert [it.title for it in found.goals] == ["Familien stärken", "A-Ziel", "B-Ziel"]
    assert [(it.row, it.hint) for it in found.notes] == [
        (4, Hint.GOAL_REPEATED),
        (5, Hint.HEADER_REPEATED),
    ]
    assert all(hint_text(note) for note in found.notes)


def test_samples_of_a_column_are_neither_titles_nor_headings() -> None:
    title = ["Familien stärken", "", "", ""]
    found = table(
        title, GOALS, ["A-Ziel", "Eins", "", ""], title, GOALS, ["B-Ziel", "Zwei", "", ""]
    )

    assert [column.samples for column in found.columns[:2]] == [
        ("A-Ziel", "B-Ziel"),
        ("Eins", "Zwei"),
    ]


def test_the_field_comes_from_a_heading_and_prose_is_left_out() -> None:
    found = table(
        ["Willkommen"],
        ["Handlungsfeld 4 - Beratung und Information"],
        ["Gut beraten sein", "", "", ""],
        GOALS,
        ["Unter", "Beratungsstelle sichern", "", ""],
        ["www.stadt.example"],
    )

    assert [(it.code, it.name) for it in found.fields] == [("4", "Beratung und Information")]
    assert {it.field_code for it in found.goals} == {"4"}
    assert {it.field_code for it in found.measures} == {"4"}
    assert (6, Hint.LINE_SKIPPED) in [(it.row, it.hint) for it in found.notes]


@pytest.mark.parametrize(
    ("rows_as", "goals", "measures"),
    [
        (RowsAs.MEASURES, ["Unter"], ["Tun"]),
        (RowsAs.GOALS, ["Unter", "Tun"], []),
        (RowsAs.BOTH, ["Unter", "Tun"], ["Tun"]),
    ],
)
def test_action_goals_become_what_the_person_chooses(
    rows_as: RowsAs, goals: list[str], measures: list[str]
) -> None:
    found = table(GOALS, ["Unter", "Tun", "", "ab 2022"], rows_as=rows_as)

    assert [it.title for it in found.goals] == goals
    assert [it.title for it in found.measures] == measures
    if rows_as is not RowsAs.MEASURES:
        assert (found.goals[1].level, found.goals[1].parent) == ("Handlungsziel", "z1")
        assert found.goals[1].starts_on == date(2022, 1, 1)


def test_the_same_row_twice_below_a_goal_is_refused() -> None:
    found = table(GOALS, ["Unter", "Tun", "", ""], ["", "tun", "", ""])

    assert reasons(found) == [(3, Reason.ROW_TWICE)]
    assert "Zeile 2" in reason_text(found.refused[0])


def test_the_real_table_is_understood_without_a_loss() -> None:
    if not EISENACH.exists():
        pytest.skip("The shared folder with the real tables is not beside the repository.")
    files = [EISENACH, *(SHARED / "founding").glob("002*.txt")]
    for file in files:
        read = read_tables(file.name, file.read_bytes())
        found = best_table([[(row.number, row.cells) for row in it.rows] for it in read]).plan

        assert [it.level for it in found.goals] == ["Oberziel", "Unterziel", "Unterziel"]
        assert found.goals[2].title.startswith("Lebensphasenübergreifende Informationen")
        assert [len(it.indicators) for it in found.measures] == [1, 3, 2, 2]
        assert found.refused == ()
    assert [(it.code, it.name) for it in found.fields] == [
        ("4", "Beratung, Unterstützung und Information")
    ]


# Cells


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("Konzept liegt vorVergabe ist erfolgtEröffnung", 3),
        ("• Vertrag liegt vor\n• Stelle ist besetzt", 2),
        ("\uf0b7 Vertrag liegt vor \uf0b7 Stelle ist besetzt", 2),
        ("1. Vertrag\n2. Stelle", 2),
        ("Anzahl der Beratungen\nin den Gemeinden", 1),
        ("Angebote erfassen und digitalisieren Lizenzen sind erworben", 2),
        ("Verwendungsnachweise der Träger gGmbH liegen vor", 1),
        ("Alt- und Neubau sind barrierefrei", 1),
        ("Vertrag; Stelle; Raum", 3),
        ("", 0),
    ],
)
def test_indicators_of_one_cell_are_told_apart(cell: str, parts: int) -> None:
    assert len(split_indicators(cell)) == parts, split_indicators(cell)


@given(st.lists(st.tuples(WORD, SIGN), min_size=1, max_size=12))
def test_splitting_indicators_loses_no_word(parts: list[tuple[str, str]]) -> None:
    cell = "".join(word + sign for word, sign in parts)

    assert re.findall(r"\w+", " ".join(split_indicators(cell))) == [word for word, _ in parts]


@given(st.text(max_size=200))
def test_splitting_indicators_adds_no_letter(cell: str) -> None:
    kept = "".join(split_indicators(cell))

    assert all(len(part.strip()) >= 3 for part in split_indicators(cell))
    assert set(kept) <= set(healed(cell)) | {" "}


def test_proposed_indicators_can_be_joined_and_left_out() -> None:
    assert joined(("a", "b", "c"), [(1, "join")]) == ("a b", "c")
    assert joined(("a", "b", "c"), [(0, "leave"), (1, "join")]) == ("b", "c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lebensphasenüber- greifende", "Lebensphasenübergreifende"),
        ("Beratungs-\nangebote", "Beratungsangebote"),
        ("Alt- und Neubau", "Alt- und Neubau"),
        ("Unterstützungs- und Beratungsangebote", "Unterstützungs- und Beratungsangebote"),
        ("Haupt- bzw. Ehrenamt", "Haupt- bzw. Ehrenamt"),
        ("(Weiter-) Entwicklung", "(Weiter-) Entwicklung"),
        ("2021 - heute", "2021 - heute"),
        ("Kinder- Jugendhilfe", "Kinder- Jugendhilfe"),
    ],
)
def test_words_torn_by_a_line_break_are_healed(text: str, expected: str) -> None:
    assert healed(text) == expected


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.500,00 €", "12500.00"),
        ("10.000,- €", "10000.00"),
        ("12500.5", "12500.50"),
        ("ca. 3.000 Euro", "3000.00"),
        ("15 TEUR", "15000.00"),
        ("1,2 Mio. €", "1200000.00"),
        ("=1+1", None),
        ("viel", None),
        ("99999999999999", None),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str | None) -> None:
    assert parse_amount(text) == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    "text",
    [
        "1.3.2027",
        "01.03.27",
        "1. März 2027",
        "2027-03-01",
        "1/3/2027",
        "ab 1.3.2027",
        "2027-03-01 00:00:00",
        "zum 1. 3. 2027",
    ],
)
def test_days_are_read_in_all_german_spellings(text: str) -> None:
    assert parse_day(text) == date(2027, 3, 1)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_days_and_amounts(text: str) -> None:
    parse_day(text)
    parse_day(text, at_end=True)
    parse_amount(text)


def test_a_list_from_a_spreadsheet_keeps_its_title_and_its_sum_out_of_goals_and_measures() -> None:
    found = table(
        ["Sozialplan Neustadt 2027–2031, Entwurf", "", "", ""],
        ["Nr.", "Ziel", "Maßnahme", "Kosten 2027"],
        ["1", "Gut wohnen", "Wohnberatung", "12.500"],
        ["2", "Gut wohnen", "Runder Tisch", "500,50 €"],
        ["", "", "Summe", "13.000,50"],
    )

    assert [it.title for it in found.goals] == ["Gut wohnen"]
    assert [it.title for it in found.measures] == ["Wohnberatung", "Runder Tisch"]
    assert [(it.row, it.hint) for it in found.notes] == [(5, Hint.LINE_SKIPPED)]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("noch nicht begonnen", "planned"),
        ("nicht umgesetzt", "not_done"),
        ("in Vorbereitung", "planned"),
        ("fertig", "done"),
    ],
)
def test_what_is_not_begun_yet_is_planned_and_not_given_up(words: str, status: str) -> None:
    assert status_of(words) == status


# Lists of rows below rows


def test_a_list_with_numbers_above_makes_goals_and_measures() -> None:
    found = table(
        TREE,
        ["1", "Gut leben", ""],
        ["1.1", "Gut wohnen", "1"],
        ["1.1.1", "Wohnberatung", "1.1"],
        ["7", "Ohne Ziel 🏡 שלום", ""],
    )

    assert [(it.number, it.parent) for it in found.goals] == [("1", None), ("1.1", "1")]
    assert [(it.number, it.goals) for it in found.measures] == [("1.1.1", ("1.1",)), ("7", ())]


def test_a_column_of_goals_above_is_told_from_numbers_above_by_what_stands_in_it() -> None:
    header = ["Nr.", "Maßnahme", "Übergeordnetes Ziel"]
    said = table(header, ["1", "Wohnberatung", "Gut wohnen"], ["2", "Rufbus", "Gut ankommen"])
    counted = table(header, ["1", "Gut wohnen", ""], ["1.1", "Wohnberatung", "1"])

    assert [it.title for it in said.goals] == ["Gut wohnen", "Gut ankommen"]
    assert [it.title for it in said.measures] == ["Wohnberatung", "Rufbus"]
    assert [it.title for it in counted.goals] == ["Gut wohnen"]
    assert said.refused == counted.refused == ()


def test_a_row_may_stand_before_the_one_above_it() -> None:
    found = table(TREE, ["3", "Unten", "2"], ["2", "Mitte", "1"], ["1", "Oben", ""])

    assert [it.number for it in found.goals] == ["1", "2"]
    assert [it.number for it in found.measures] == ["3"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["1", "A", "9"]], [(2, Reason.PARENT_UNKNOWN)]),
        ([["1", "A", "1"]], [(2, Reason.CYCLE)]),
        ([["1", "A", "2"], ["2", "B", "1"]], [(2, Reason.CYCLE), (3, Reason.CYCLE)]),
        (
            [["1", "A", "2"], ["2", "B", "1"], ["3", "C", "2"]],
            [(2, Reason.CYCLE), (3, Reason.CYCLE), (4, Reason.PARENT_REFUSED)],
        ),
        ([["1", "A", ""], ["2", "B", ""], ["3", "C", "1; 2"]], [(4, Reason.TWO_PARENTS)]),
        (
            [["1", "A", ""], ["2", "B", ""], ["3", "C", "1"], ["3", "C", "2"]],
            [(5, Reason.TWO_PARENTS)],
        ),
        ([["1", "A", ""], ["1", "B", ""]], [(3, Reason.NUMBER_TWICE)]),
        ([["", "A", ""]], [(2, Reason.NUMBER_MISSING)]),
        ([["=1+1", "A", ""]], [(2, Reason.NUMBER_UNREADABLE)]),
        ([["1", "", ""], ["2", "B", "1"]], [(2, Reason.TITLE_MISSING), (3, Reason.PARENT_REFUSED)]),
    ],
)
def test_rows_that_cannot_stand_there_are_refused_with_a_sentence(
    rows: list[list[str]], expected: list[tuple[int, Reason]]
) -> None:
    found = table(TREE, *rows)

    assert reasons(found) == expected
    assert all(reason_text(refused).endswith(".") for refused in found.refused)


def test_a_column_says_what_a_row_is() -> None:
    head = ["Nr.", "Titel", "Gehört zu", "Art"]
    found = table(
        head,
        ["1", "Wohnen", "", "Handlungsfeld"],
        ["2", "Gut wohnen", "1", "Oberziel"],
        ["3", "Beratung", "2", "Maßnahme"],
        ["4", "Darunter", "3", "Maßnahme"],
        ["5", "Seltsames", "2", "Wunsch"],
    )

    assert [it.code for it in found.fields] == ["1"]
    assert [(it.number, it.level, it.field_code) for it in found.goals] == [("2", "Oberziel", "1")]
    assert [(it.number, it.goals, it.field_code) for it in found.measures] == [("3", ("2",), "1")]
    assert reasons(found) == [(5, Reason.PARENT_WRONG), (6, Reason.KIND_UNKNOWN)]


@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(-1, 12)).map(
            lambda pair: [str(pair[0]), f"Zeile {pair[0]}", "" if pair[1] < 0 else str(pair[1])]
        ),
        min_size=1,
        max_size=25,
    )
)
def test_every_row_of_any_list_is_taken_once_or_refused(rows: list[list[str]]) -> None:
    found = table(TREE, *rows)
    taken = [it.row for it in found.goals] + [it.row for it in found.measures]

    assert sorted([*taken, *{it.row for it in found.refused}]) == list(range(2, len(rows) + 2))
    seen: set[str] = set()
    for goal in found.goals:
        assert goal.parent is None or goal.parent in seen
        seen.add(goal.key)


# Columns


def test_a_progress_becomes_a_proposed_status_that_a_person_may_change() -> None:
    found = table(
        ["Nr.", "Maßnahme", "Fortschritt"],
        ["1.1", "Beraten", "75 %"],
        ["1.2", "Bauen", "100 %"],
        ["1.3", "Reden", "beinahe"],
    )

    assert [it.status for it in found.measures] == ["running", "done", None]
    assert [(it.written, it.proposal) for it in status_words(found)] == [
        ("75 %", "running"),
        ("100 %", "done"),
        ("beinahe", ""),
    ]
    chosen = decided(found, Decisions(statuses={"75 %": "partly_done", "beinahe": "done"}))
    assert [it.status for it in chosen.measures] == ["partly_done", "done", "done"]
    read = (Hint.PROGRESS_READ, Hint.PROGRESS_UNKNOWN)
    assert [note.row for note in found.notes if note.hint in read] == [2, 3, 4]
    assert [note.row for note in chosen.notes if note.hint in read] == [3], "the rest is decided"


def test_a_header_of_unknown_words_is_none_the_less_a_header_if_one_names_a_year() -> None:
    rows = [("Kennung", "Was wir tun", "Geld 2027"), ("X1", "Besuchsdienst aufbauen", "4.500,00")]
    found = understand(list(enumerate(rows, start=1)), columns={2: ColumnMeaning.COST})

    assert found.header_rows == (1,)
    assert [(it.number, it.costs) for it in found.measures] == [
        ("X1", ((2027, Decimal("4500.00")),))
    ]


def test_a_progress_beside_a_status_is_not_left_out_silently() -> None:
    found = table(
        ["Nr.", "Maßnahme", "Status", "Fortschritt"],
        ["1.1", "Beraten", "geplant", "75 %"],
        ["1.2", "Bauen", "geplant", ""],
    )

    assert [it.status for it in found.measures] == ["planned", "planned"]
    assert [note.row for note in found.notes if note.hint is Hint.PROGRESS_LEFT] == [2]


def test_costs_have_the_year_of_their_heading() -> None:
    found = table(
        ["Nr.", "Maßnahme", "Kosten 2027", "Kosten 2028", "Beginn", "Ende", "Partner"],
        ["1.1", "Beraten", "1.000 €", "2.000,50", "1.3.2027", "2028", "Diakonie; Caritas"],
        ["1.2", "Bauen", "viel", "", "", "", ""],
        ["1.3", "Reden", "", "", "2028", "2027", ""],
    )

    first = found.measures[0]
    assert first.costs == ((2027, Decimal("1000.00")), (2028, Decimal("2000.50")))
    assert (first.starts_on, first.ends_on) == (date(2027, 3, 1), date(2028, 12, 31))
    assert reasons(found) == [(3, Reason.AMOUNT_UNREADABLE), (4, Reason.ENDS_BEFORE)]


def test_a_period_that_names_no_days_is_kept_and_told() -> None:
    found = table(
        ["Nr.", "Maßnahme", "Zeitraum"],
        ["1.1", "Beraten", "bis Mitte 2028"],
        ["1.2", "Bauen", "nach Ostern"],
        ["1.3", "Reden", "laufend"],
        ["1.4", "Feiern", "–"],
    )

    assert len(found.measures) == 4
    told = [(note.row, note.values) for note in found.notes if note.hint is Hint.PERIOD_UNREAD]
    assert told == [(3, {"written": "nach Ostern"})]


def test_a_table_with_other_headings_is_read_as_a_person_says() -> None:
    rows = [["Kennung", "Was", "Oben"], ["M-12", "Beraten", "Z-1"], ["Z-1", "Gut leben", ""]]
    numbered = list(enumerate(rows, start=1))
    columns = {0: ColumnMeaning.NUMBER, 1: ColumnMeaning.TITLE, 2: ColumnMeaning.PARENT}

    found = understand(numbered, columns=columns)

    assert columns_only(numbered).columns[1].samples == ("Beraten", "Gut leben")
    assert [it.number for it in found.goals] == ["Z-1"]
    assert [it.number for it in found.measures] == ["M-12"]


def test_tables_with_the_same_headings_are_known_again() -> None:
    first = table(GOALS, ["A", "B", "", ""])
    second = table(GOALS, ["C", "D", "", ""])
    other = table([*GOALS[:3], "Termin"], ["C", "D", "", ""])

    assert headings_key(first) == headings_key(second)
    assert headings_key(first) != headings_key(other)


def test_prose_has_no_columns_to_explain() -> None:
    with pytest.raises(NotAPlanTableError):
        columns_only([(1, ["Herzlich willkommen"]), (2, ["Der Plan folgt."])])
