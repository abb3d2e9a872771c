"""Tests of the periods, against a calendar that counts day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from zusammenplan.privacy.choices import BEGINS, PURPOSES, Retention
from zusammenplan.privacy.domain import TERMS, last_day, over_before

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
months = st.integers(0, 360)


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        (date(2025, 11, 26), 12, date(2026, 11, 26)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_a_period_ends_with_the_day_of_the_same_number(start: date, number: int, end: date) -> None:
    assert last_day(start, number) == end


@given(days, months)
def test_a_period_is_as_many_months_of_the_calendar(start: date, number: int) -> None:
    end = last_day(start, number)

    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == number
    is_last_of_its_month = (end + timedelta(days=1)).month != end.month
    assert end.day == start.day or (is_last_of_its_month and end.day < start.day)


@given(days, months, st.integers(-40, 40))
def test_what_began_before_the_day_is_over_and_nothing_else(
    today: date, number: int, away: int
) -> None:
    before = over_before(today, number)
    start = before + timedelta(days=away)

    assert (start < before) == (last_day(start, number) < today)


def test_each_class_says_how_long_since_when_and_what_for() -> None:
    assert set(TERMS) == set(BEGINS) == set(PURPOSES) == set(Retention)
    assert all(terms.least <= terms.usual <= terms.most for terms in TERMS.values())
