"""What counts as a number, how numbers sort, and which is next."""

import pytest
from hypothesis import given, strategies as st

from zusammenplan.plans.domain.numbers import (
    clean_number,
    depth,
    free_number,
    is_number,
    next_code,
    next_number,
    number_beside,
    number_key,
    parent_key,
    sort_key,
)


@pytest.mark.parametrize(
    "number",
    ["1", "1.1", "2.10", "A 3", "HF 1", "I", "IV", "II.3", "1a", "M-01", "1.2.3", "A", "3/4"],
)
def test_numbers_as_municipalities_write_them_are_numbers(number: str) -> None:
    assert is_number(number)


@pytest.mark.parametrize(
    "text", ["", "Maßnahme", "und", "x", "1..2", "Steuerung 1", "1.1 Leitbild", "-", "1" * 21]
)
def test_other_text_is_no_number(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize(
    ("written", "clean"),
    [("1.1.", "1.1"), (" 1 .1 ", "1.1"), ("1,1", "1.1"), ("A  3)", "A 3"), ("HF 1:", "HF 1")],
)
def test_clean_number_takes_away_what_only_belongs_to_the_writing(written: str, clean: str) -> None:
    assert clean_number(written) == clean


def test_numbers_sort_as_people_count() -> None:
    numbers = ["2.10", "10", "1.2", "2", "2.9", "A 2", "1", "A 10", "HF 3"]

    assert sorted(numbers, key=sort_key) == [
        "1", "1.2", "2", "2.9", "2.10", "HF 3", "10", "A 2", "A 10"
    ]  # fmt: skip


def test_roman_numbers_sort_by_value() -> None:
    assert sorted(["IX", "V", "I", "IV", "X"], key=sort_key) == ["I", "IV", "V", "IX", "X"]


def test_a_word_before_the_digits_is_no_part_of_the_number_but_a_letter_is() -> None:
    assert number_key("HF 2") == number_key("2") == ("2",)
    assert number_key("A 3") == ("a", "3")
    assert parent_key("2.10") == ("2",)
    assert depth("1.2.3") == 3


@pytest.mark.parametrize(
    ("field", "taken", "following"),
    [
        ("2", [], "2.1"),
        ("2", ["1.7", "2.1", "2.10", "2.9"], "2.11"),
        ("2", ["2.1", "2.3"], "2.4"),
        ("HF 2", ["2.1"], "2.2"),
        ("HF 2", [], "2.1"),
        ("A", ["A 1", "A 2"], "A 3"),
        ("2.2", ["2.2.1"], "2.2.2"),
        ("M", ["M-01", "M-09"], "M-10"),
    ],
)
def test_next_number_follows_the_highest_of_the_field(
    field: str, taken: list[str], following: str
) -> None:
    assert next_number(field, taken) == following


def test_next_code_follows_the_highest_field() -> None:
    assert next_code([]) == "1"
    assert next_code(["1", "10", "9"]) == "11"
    assert next_code(["HF 1", "HF 2"]) == "HF 3"


@given(st.lists(st.integers(1, 99), max_size=30))
def test_next_number_is_always_free(taken: list[int]) -> None:
    numbers = [f"3.{number}" for number in taken]

    following = next_number("3", numbers)

    assert following not in numbers
    assert is_number(following)
    assert parent_key(following) == ("3",)


def test_without_a_field_the_next_number_of_all_is_given() -> None:
    assert free_number("", ["1.1", "3", "2.4"]) == "4"
    assert free_number("", []) == "1"
    assert free_number("2", ["2.4", "3"]) == "2.5"


def test_a_number_is_proposed_beside_its_siblings_or_below_the_one_above() -> None:
    assert number_beside(["B1", "B9"], ["B1", "B9", "B10"]) == "B11"
    assert number_beside([], ["1", "2"], above="2") == "2.1"
    assert number_beside([], ["2.1"], above="2") == "2.2"


def test_where_nothing_is_numbered_nothing_is_proposed() -> None:
    assert number_beside([], []) == ""
    assert number_beside(["A", ""], ["A"]) == ""
