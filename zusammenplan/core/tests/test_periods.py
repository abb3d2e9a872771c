"""How periods are read and told."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from zusammenplan.core.periods import Period, parse_period, period_text


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_on"),
    [
        ("seit 2019", date(2019, 1, 1), None),
        ("Seit Mai 2019", date(2019, 5, 1), None),
        ("ab 2022", date(2022, 1, 1), None),
        ("ab dem 15.3.2022", date(2022, 3, 15), None),
        ("2022 ff.", date(2022, 1, 1), None),
        ("2022 -", date(2022, 1, 1), None),
        ("2022, fortlaufend", date(2022, 1, 1), None),
        ("ab 2022 (laufend)", date(2022, 1, 1), None),
        ("bis 2027", None, date(2027, 12, 31)),
        ("bis Ende 2027", None, date(2027, 12, 31)),
        ("bis zum 30.06.2027", None, date(2027, 6, 30)),
        ("bis Februar 2028", None, date(2028, 2, 29)),
        ("2025-2027", date(2025, 1, 1), date(2027, 12, 31)),
        ("2025–2030", date(2025, 1, 1), date(2030, 12, 31)),
        ("2025 bis 2027", date(2025, 1, 1), date(2027, 12, 31)),
        ("von 2025 bis 2027", date(2025, 1, 1), date(2027, 12, 31)),
        ("2025/26", date(2025, 1, 1), date(2026, 12, 31)),
        ("Mai bis Juli 2027", date(2027, 5, 1), date(2027, 7, 31)),
        ("01.01.2025 – 30.06.2026", date(2025, 1, 1), date(2026, 6, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("März 2026", date(2026, 3, 1), date(2026, 3, 31)),
        ("ab Mai 2027", date(2027, 5, 1), None),
        ("05/2027", date(2027, 5, 1), date(2027, 5, 31)),
        ("II. Quartal 2026", date(2026, 4, 1), date(2026, 6, 30)),
        ("4. Quartal 2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("2. Halbjahr 2026", date(2026, 7, 1), date(2026, 12, 31)),
        ("01.01.2027", date(2027, 1, 1), date(2027, 1, 1)),
        ("2027-01-31", date(2027, 1, 31), date(2027, 1, 31)),
        ("2021/2022", date(2021, 1, 1), date(2022, 12, 31)),
        ("2022ff", date(2022, 1, 1), None),
        ("2021 - lfd.", date(2021, 1, 1), None),
        ("2020–2022 / laufend", date(2020, 1, 1), None),
        ("2021 bis auf Weiteres", date(2021, 1, 1), None),
        ("bis Mitte 2025", None, date(2025, 6, 30)),
        ("ab Mitte 2026", date(2026, 7, 1), None),
        ("seit Anfang 2019", date(2019, 1, 1), None),
        ("ab Ende 2026", date(2026, 10, 1), None),
        ("Mitte 2025", date(2025, 4, 1), date(2025, 6, 30)),
        ("bis zum Jahresende 2026", None, date(2026, 12, 31)),
        ("bis Ende des Jahres 2026", None, date(2026, 12, 31)),
        ("bis spätestens 31.12.2025", None, date(2025, 12, 31)),
        ("spätestens 2025", None, date(2025, 12, 31)),
        ("Ende Mai 2026", date(2026, 5, 21), date(2026, 5, 31)),
        ("Frühjahr 2026", date(2026, 3, 1), date(2026, 5, 31)),
        ("Herbst 2026 bis Frühjahr 2027", date(2026, 9, 1), date(2027, 5, 31)),
        ("III/2027", date(2027, 7, 1), date(2027, 9, 30)),
        ("KW 12/2027", date(2027, 3, 22), date(2027, 3, 28)),
        ("Schuljahr 2022/23", date(2022, 8, 1), date(2023, 7, 31)),
        ("ab Schuljahr 2022/2023", date(2022, 8, 1), None),
        ("zwischen 2021 und 2023", date(2021, 1, 1), date(2023, 12, 31)),
        ("2022 und 2023", date(2022, 1, 1), date(2023, 12, 31)),
        ("2022, 2023, 2024", date(2022, 1, 1), date(2024, 12, 31)),
        ("01.01.-31.12.2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("1.–3. März 2026", date(2026, 3, 1), date(2026, 3, 3)),
        ("im Jahr 2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("ca. 2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("Mo., 1.2.2027", date(2027, 2, 1), date(2027, 2, 1)),
        ("Dez. 26", date(2026, 12, 1), date(2026, 12, 31)),
        ("seit 1.5.98", date(1998, 5, 1), None),
        ("ab Mai 98", date(1998, 5, 1), None),
        ("2025-27", date(2025, 1, 1), date(2027, 12, 31)),
        ("bis 2025/2026", None, date(2026, 12, 31)),
        ("Mai-Juli 2026", date(2026, 5, 1), date(2026, 7, 31)),
        ("Jan.-März 2026", date(2026, 1, 1), date(2026, 3, 31)),
        ("Juni/Juli 2026", date(2026, 6, 1), date(2026, 7, 31)),
        ("Sommer 2026/Herbst 2026", date(2026, 6, 1), date(2026, 11, 30)),
        ("1. Juni bis 31. August 2026", date(2026, 6, 1), date(2026, 8, 31)),
        ("Anfang Mai bis Ende Juni 2026", date(2026, 5, 1), date(2026, 6, 30)),
        ("1.-3. Quartal 2026", date(2026, 1, 1), date(2026, 9, 30)),
        ("1. und 2. Quartal 2026", date(2026, 1, 1), date(2026, 6, 30)),
        ("Q1-Q3 2026", date(2026, 1, 1), date(2026, 9, 30)),
        ("erstes Halbjahr 2026", date(2026, 1, 1), date(2026, 6, 30)),
        ("Winter 2026/27", date(2026, 12, 1), date(2027, 2, 28)),
        ("Kita-Jahr 2026/27", date(2026, 8, 1), date(2027, 7, 31)),
        ("Förderperiode 2021-2027", date(2021, 1, 1), date(2027, 12, 31)),
        ("zum Schuljahr 2026/27", date(2026, 8, 1), date(2027, 7, 31)),
        ("jährlich ab 2022", date(2022, 1, 1), None),
        ("kontinuierlich ab 2022", date(2022, 1, 1), None),
        ("geplant ab 2027", date(2027, 1, 1), None),
        ("vsl. 2027", date(2027, 1, 1), date(2027, 12, 31)),
        ("2026 (einmalig)", date(2026, 1, 1), date(2026, 12, 31)),
        ("im Laufe des Jahres 2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_read(text: str, starts_on: date | None, ends_on: date | None) -> None:
    assert parse_period(text) == Period(starts_on, ends_on, text)


@pytest.mark.parametrize(
    "text",
    [
        "laufend",
        "nach Bedarf",
        "31.02.2027",
        "13/2027",
        "Maien 2027",
        "2027-2025",
        "2025/24",
        "2022 und 2024",
        "Mai und August 2027",
        "1. und 3. Quartal 2027",
        "2026-10",
        "Schuljahr 2022/24",
        "60. KW 2027",
        "Mitte Maien 2027",
        "Winter 2026",
        "1800",
        "2300",
        "ab sofort",
        "bis auf Weiteres",
        "1.1.0001",
        "2025 bis 2026 bis 2027",
        "",
        "x" * 300,
    ],
)
def test_a_text_that_is_no_period_is_kept_without_days(text: str) -> None:
    assert parse_period(text) == Period(None, None, text)


def test_spaces_and_line_breaks_do_not_count() -> None:
    assert parse_period("  ab \n 2022 ") == Period(date(2022, 1, 1), None, "ab 2022")


def test_a_period_without_days_is_understood_only_if_it_says_so() -> None:
    assert parse_period("laufend").is_understood
    assert parse_period("ab 2022").is_understood
    assert not parse_period("nach Bedarf").is_understood


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "kind", "precision"),
    [
        (None, None, "open", "year"),
        (date(2019, 1, 1), None, "since", "year"),
        (date(2019, 5, 1), None, "since", "month"),
        (None, date(2027, 12, 31), "until", "year"),
        (None, date(2027, 6, 15), "until", "day"),
        (date(2025, 1, 1), date(2027, 12, 31), "between", "year"),
        (date(2026, 1, 1), date(2026, 12, 31), "within", "year"),
        (date(2026, 5, 1), date(2026, 5, 31), "within", "month"),
        (date(2026, 5, 7), date(2026, 5, 7), "within", "day"),
        (date(2026, 5, 7), date(2026, 5, 31), "between", "day"),
    ],
)
def test_a_period_is_told_no_more_exactly_than_it_is_meant(
    starts_on: date | None, ends_on: date | None, kind: str, precision: str
) -> None:
    told = period_text(starts_on, ends_on)

    assert (told.kind, told.precision) == (kind, precision)


years = st.integers(1900, 2199)


@given(years, years)
def test_two_years_are_a_period_exactly_when_they_are_in_order(first: int, last: int) -> None:
    period = parse_period(f"{first}–{last}")

    if first <= last:
        assert (period.starts_on, period.ends_on) == (date(first, 1, 1), date(last, 12, 31))
    else:
        assert (period.starts_on, period.ends_on) == (None, None)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_as_itself(day: date) -> None:
    period = parse_period(f"{day.day}.{day.month}.{day.year}")

    assert (period.starts_on, period.ends_on) == (day, day)


@given(st.text() | st.from_regex(r"(seit |ab |bis )?\w{0,6} ?\d{0,4}( ?[-–/] ?\d{0,4})?"))
def test_any_text_is_kept_and_its_end_is_never_before_its_beginning(text: str) -> None:
    period = parse_period(text)

    assert period.text == " ".join(text.split())
    assert not (period.starts_on and period.ends_on) or period.starts_on <= period.ends_on
