"""A day as people write it."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from zusammenplan.core.days import DayFault, UnreadableDayError, precision_of, read_day


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("1.6.2027", date(2027, 6, 1), date(2027, 6, 1)),
        ("01.06.27", date(2027, 6, 1), date(2027, 6, 1)),
        ("1. 6. 2027", date(2027, 6, 1), date(2027, 6, 1)),
        ("2027-06-01", date(2027, 6, 1), date(2027, 6, 1)),
        ("1/6/2027", date(2027, 6, 1), date(2027, 6, 1)),
        ("1. Juni 2027", date(2027, 6, 1), date(2027, 6, 1)),
        ("1. Jun. 27", date(2027, 6, 1), date(2027, 6, 1)),
        ("am 1. März 2027", date(2027, 3, 1), date(2027, 3, 1)),
        ("bis zum 1.6.2027", date(2027, 6, 1), date(2027, 6, 1)),
        ("Dienstag, den 1. Juni 2027", date(2027, 6, 1), date(2027, 6, 1)),
        ("Juni 2027", date(2027, 6, 1), date(2027, 6, 30)),
        ("im Februar 2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("6/2027", date(2027, 6, 1), date(2027, 6, 30)),
        ("06.2027", date(2027, 6, 1), date(2027, 6, 30)),
        ("II. Quartal 2027", date(2027, 4, 1), date(2027, 6, 30)),
        ("2. Halbjahr 2027", date(2027, 7, 1), date(2027, 12, 31)),
        ("Herbst 2027", date(2027, 9, 1), date(2027, 11, 30)),
        ("Ende 2027", date(2027, 10, 1), date(2027, 12, 31)),
        ("Mitte Juni 2027", date(2027, 6, 11), date(2027, 6, 20)),
        ("Anfang Juni 2027", date(2027, 6, 1), date(2027, 6, 10)),
        ("Ende 6/2027", date(2027, 6, 21), date(2027, 6, 30)),
        ("12. KW 2027", date(2027, 3, 22), date(2027, 3, 28)),
        ("KW 12/2027", date(2027, 3, 22), date(2027, 3, 28)),
        ("2028", date(2028, 1, 1), date(2028, 12, 31)),
        ("bis 2028", date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_day_is_read_as_it_was_meant(typed: str, first: date, last: date) -> None:
    assert (read_day(typed, edge="first"), read_day(typed, edge="last")) == (first, last)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("20027", DayFault.WRONG_YEAR),
        ("1. Mai 20027", DayFault.WRONG_YEAR),
        ("1.1.20027", DayFault.WRONG_YEAR),
        ("1.1.202", DayFault.WRONG_YEAR),
        ("3027", DayFault.WRONG_YEAR),
        ("Herbst 1800", DayFault.WRONG_YEAR),
        ("31.2.2027", DayFault.NO_SUCH_DAY),
        ("2027-02-30", DayFault.NO_SUCH_DAY),
        ("1.13.2027", DayFault.NO_SUCH_DAY),
        ("60. KW 2027", DayFault.NO_SUCH_DAY),
        ("1.6.", DayFault.NO_YEAR),
        ("Oktober", DayFault.NO_YEAR),
        ("2025–2027", DayFault.UNREADABLE),
        ("2025/26", DayFault.UNREADABLE),
        ("ab 2027", DayFault.UNREADABLE),
        ("morgen", DayFault.UNREADABLE),
        ("", DayFault.UNREADABLE),
        ("💚", DayFault.UNREADABLE),
        ("1.6.2027 " * 20, DayFault.UNREADABLE),
    ],
)
def test_what_is_no_day_is_refused_with_its_fault(typed: str, fault: DayFault) -> None:
    with pytest.raises(UnreadableDayError) as refusal:
        read_day(typed)

    assert refusal.value.fault is fault


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_is_read_back_from_what_the_form_writes(day: date) -> None:
    assert read_day(f"{day:%d.%m.%Y}") == read_day(day.isoformat()) == day


@given(st.text(max_size=80))
def test_any_text_is_a_day_or_is_refused(typed: str) -> None:
    try:
        day = read_day(typed)
    except UnreadableDayError:
        return
    assert 1900 <= day.year <= 2199


def test_where_a_single_day_is_asked_for_nothing_longer_is_taken() -> None:
    assert read_day("16. Juni 2027", edge="only") == date(2027, 6, 16)
    with pytest.raises(UnreadableDayError) as refusal:
        read_day("Juni 2027", edge="only")
    assert refusal.value.fault is DayFault.NO_SINGLE_DAY


def test_the_last_day_of_a_month_means_the_month() -> None:
    assert precision_of(date(2027, 10, 31)) == "month"
    assert precision_of(date(2027, 12, 31)) == "year"
    assert precision_of(date(2027, 10, 30)) == "day"
