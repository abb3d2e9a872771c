"""
A single day as people write it: “1.6.2027”, “Juni 2027”, “Herbst 2027”, “12. KW 2027”, “2028”.

A month or a year means its last day where something is due, its first where something begins.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from zusammenplan.plans.domain.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTH_NUMBERS,
    Precision,
    parse_period,
    period_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Edge = Literal["first", "last"]
MAX_READ = 60
# A year of two digits below this one lies in this century.
TURN_OF_CENTURY = 70

SHORT_DAY = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{2}|\d{4})")
SLASHED_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
NAMED_DAY = re.compile(r"(\d{1,2})\. ?([a-zä]+)\.? (\d{2}|\d{4})")
WEEK = re.compile(r"(?:kw ?(\d{1,2})|(\d{1,2})\. ?kw)[ /]?(\d{4})")
SEASON = re.compile(r"(frühjahr|frühling|sommer|herbst) (\d{4})")
PART_OF_YEAR = re.compile(r"(anfang|mitte|ende) (\d{4})")
PART_OF_MONTH = re.compile(r"(anfang|mitte|ende) ([a-zä]+\.? \d{4}|\d{1,2}[./]\d{4})")
BEFORE = re.compile(r"(?:im|in|am|bis|zum|bis zum|bis ende|spätestens) ")
WRONG_YEAR = re.compile(r"(?<!\d)\d{5,}(?!\d)|(?<=\.)\d{3}(?!\d)")
WITHOUT_YEAR = re.compile(r"\d{1,2}\. ?(?:\d{1,2}\.?|[a-zä]+)|[a-zä]+")
SEASONS = {"frühjahr": (3, 5), "frühling": (3, 5), "sommer": (6, 8), "herbst": (9, 11)}
PARTS_OF_YEAR = {"anfang": (1, 3), "mitte": (4, 6), "ende": (10, 12)}


class DayFault(StrEnum):
    """Why a day cannot be read."""

    UNREADABLE = "unreadable"
    NO_YEAR = "no_year"
    WRONG_YEAR = "wrong_year"
    NO_SUCH_DAY = "no_such_day"


class UnreadableDayError(ValueError):
    """What was typed names no day, month or year."""

    def __init__(self, fault: DayFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_day(text: str, *, edge: Edge = "last") -> date:
    """
    Read a day, month, quarter, season, week or year; take its first or last day.

    :raises UnreadableDayError: if it names none, or one that does not exist
    """
    written = " ".join(text.split())
    if not written or len(written) > MAX_READ:
        raise UnreadableDayError(DayFault.UNREADABLE)
    words = _without_preposition(written.lower())
    if WRONG_YEAR.search(words):
        raise UnreadableDayError(DayFault.WRONG_YEAR)
    first, last = _read(words)
    return first if edge == "first" else last


def precision_of(day: date, *, edge: Edge = "last") -> Precision:
    """Tell how exactly a day is meant: the last of a month means the month, of a year the year."""
    span = (None, day) if edge == "last" else (day, None)
    return period_text(*span).precision


def _without_preposition(words: str) -> str:
    found = BEFORE.match(words)
    return words[found.end() :] if found else words


def _read(words: str) -> tuple[date, date]:
    for pattern, read in WAYS:
        if (found := pattern.fullmatch(words)) and (days := read(found)):
            return days
    return _span(words)


def _numbers(found: re.Match[str]) -> tuple[date, date]:
    return _one_day(_year(found[3]), int(found[2]), int(found[1]))


def _named(found: re.Match[str]) -> tuple[date, date] | None:
    month = MONTH_NUMBERS.get(found[2])
    # “2. Halbjahr 2027” looks alike and is read further down.
    return _one_day(_year(found[3]), month, int(found[1])) if month else None


def _span(words: str) -> tuple[date, date]:
    """Read what a period can be: a month, a quarter, a half-year, a year, an ISO day."""
    period = parse_period(words)
    if (
        period.starts_on
        and period.ends_on
        and not re.search(r"\d\s*[-–—]\s*\d{4}|\bbis\b|\d{4}/\d{2}$", words)
    ):
        return period.starts_on, period.ends_on
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
        year, month, day = map(int, words.split("-"))
        return _one_day(year, month, day)
    if WITHOUT_YEAR.fullmatch(words) and (
        words[0].isdecimal() or words.rstrip(".") in MONTH_NUMBERS
    ):
        raise UnreadableDayError(DayFault.NO_YEAR)
    if re.fullmatch(r"\d{4}|\d{1,2}[./]\d{4}", words):
        year = int(words[-4:])
        is_year = FIRST_YEAR <= year <= LAST_YEAR
        raise UnreadableDayError(DayFault.NO_SUCH_DAY if is_year else DayFault.WRONG_YEAR)
    raise UnreadableDayError(DayFault.UNREADABLE)


def _one_day(year: int, month: int, day: int) -> tuple[date, date]:
    _demand_year(year)
    try:
        found = date(year, month, day)
    except ValueError as fault:
        raise UnreadableDayError(DayFault.NO_SUCH_DAY) from fault
    return found, found


def _week(year: int, week: int) -> tuple[date, date]:
    _demand_year(year)
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError as fault:
        raise UnreadableDayError(DayFault.NO_SUCH_DAY) from fault
    return monday, monday + timedelta(days=6)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    _demand_year(year)
    after = date(year + 1, 1, 1) if last == 12 else date(year, last + 1, 1)  # noqa: PLR2004 - December
    return date(year, first, 1), after - timedelta(days=1)


def _part_of_month(part: str, first: date, last: date) -> tuple[date, date]:
    if part == "anfang":
        return first, first.replace(day=10)
    if part == "mitte":
        return first.replace(day=11), first.replace(day=20)
    return first.replace(day=21), last


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:  # noqa: PLR2004 - a whole year
        return year
    return year + (2000 if year < TURN_OF_CENTURY else 1900)


def _demand_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnreadableDayError(DayFault.WRONG_YEAR)


WAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[date, date] | None]], ...] = (
    (SHORT_DAY, _numbers),
    (SLASHED_DAY, _numbers),
    (NAMED_DAY, _named),
    (WEEK, lambda found: _week(int(found[3]), int(found[1] or found[2]))),
    (SEASON, lambda found: _months(int(found[2]), *SEASONS[found[1]])),
    (PART_OF_YEAR, lambda found: _months(int(found[2]), *PARTS_OF_YEAR[found[1]])),
    (PART_OF_MONTH, lambda found: _part_of_month(found[1], *_span(found[2]))),
)
