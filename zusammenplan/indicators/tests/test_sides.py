"""Sex and age are understood from the codes and labels of tables."""

import pytest
from hypothesis import assume, example, given, strategies as st

from zusammenplan.indicators.domain.shapes import Attribute
from zusammenplan.indicators.domain.sides import (
    ALL_AGES,
    OLDEST,
    Ages,
    Whom,
    age_of,
    age_of_code,
    beginnings_of,
    whom,
)


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("unter 3 Jahre", (0, 3)),
        ("unter 1 Jahr", (0, 1)),
        ("3 bis unter 6 Jahre", (3, 6)),
        ("65 Jahre und mehr", (65, 999)),
        ("65 und älter", (65, 999)),
        ("80 u. älter", (80, 999)),
        ("85+", (85, 999)),
        ("ab 65 Jahre", (65, 999)),
        ("über 65", (66, 999)),
        ("18-25", (18, 26)),
        ("18 bis 24 Jahre", (18, 25)),
        ("bis 17 Jahre", (0, 18)),
        ("20", (20, 21)),
        ("20 Jahre", (20, 21)),
        ("under 3 years", (0, 3)),
        ("3 to under 6 years", (3, 6)),
        ("65 years and over", (65, 999)),
        ("Insgesamt", (0, 999)),
    ],
)
def test_group_of_ages_is_read(text: str, ages: tuple[int, int]) -> None:
    assert age_of(text) == Ages(*ages)


@pytest.mark.parametrize("text", ["ledig", "6 bis unter 3 Jahre", "200 Jahre", "3 Kinder"])
def test_what_is_no_age_is_none(text: str) -> None:
    assert age_of(text) is None


@given(st.integers(0, OLDEST), st.integers(1, OLDEST))
def test_groups_are_read_as_they_are_written(first: int, under: int) -> None:
    assume(first < under)
    last = under - 1
    for text in (
        f"{first} bis unter {under} Jahre",
        f"von {first} bis unter {under}",
        f"{first} bis {last} Jahre",
        f"{first}-{last}",
    ):
        assert age_of(text) == (first, under), text
    assert age_of(f"ab {first} Jahre") == age_of(f"{first} und älter") == (first, ALL_AGES)
    assert age_of(f"unter {under} Jahre") == age_of(f"bis {last} Jahre") == (0, under)


@given(st.text(max_size=60))
@example("9" * 5000)
@example(f"unter {'9' * 5000} Jahre")
def test_any_text_is_a_group_of_ages_or_none(text: str) -> None:
    found = age_of(text)

    assert found is None or 0 <= found.first < found.under <= ALL_AGES


def test_end_belongs_to_the_next_group_where_one_begins_there() -> None:
    groups = ["0-3", "3-6", "6-10"]

    assert [age_of(it, beginnings=beginnings_of(groups)) for it in groups] == [
        (0, 3),
        (3, 6),
        (6, 11),
    ]


def test_codes_of_the_federal_office_are_read() -> None:
    assert age_of_code("ALT000B03") == (0, 3)
    assert age_of_code("ALT065UM") == (65, 999)
    assert age_of_code("ALT020") == (20, 21)
    assert age_of_code("NATA") is None


def test_breakdown_becomes_sex_age_and_the_rest() -> None:
    sides = [
        Attribute("NAT", "Nationalität", "NATA", "ausländisch"),
        Attribute("GES", "Geschlecht", "GESW", "weiblich"),
        Attribute("ALTX", "Altersgruppen", "ALT018B25", "18 bis unter 25 Jahre"),
        Attribute("FAMST", "Familienstand", "", "Insgesamt"),
    ]

    assert whom(sides) == Whom("f", 18, 25, "NAT=NATA")


def test_duration_is_no_age() -> None:
    sides = [Attribute("AUFD", "Aufenthaltsdauer", "AUFD05", "5 bis unter 10 Jahre")]

    assert whom(sides) == Whom(other="AUFD=AUFD05")
