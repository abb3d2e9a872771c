"""
A single day as people write it: “1.6.2027”, “Juni 2027”, “Herbst 2027”, “12. KW 2027”, “2028”.

A month or a year means its last day where something is due, its first where something begins.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from zusammenplan.core.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTH_NUMBERS,
    WEEK,
    Precision,
    full_year,
    period_text,
    read_one,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# "only" takes a single day and nothing longer.
Edge = Literal["first", "last", "only"]
MAX_READ = 60

SHORT_DAY = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{2}|\d{4})")
SLASHED_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
NAMED_DAY = re.compile(r"(\d{1,2})\. ?([a-zä]+)\.? (\d{2}|\d{4})")
BEFORE = re.compile(r"(?:im|in|am|bis zum|bis|zum|spätestens) ")
WRONG_YEAR = re.compile(r"(?<!\d)\d{5,}(?!\d)|(?<=\.)\d{3}(?!\d)")
WITHOUT_YEAR = re.compile(r"\d{1,2}\. ?(?:\d{1,2}\.?|[a-zä]+)|[a-zä]+")


class DayFault(StrEnum):
    """Why a day cannot be read."""

    UNREADABLE = "unreadable"
    NO_YEAR = "no_year"
    WRONG_YEAR = "wrong_year"
    NO_SUCH_DAY = "no_such_day"
    NO_SINGLE_DAY = "no_single_day"


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
    if edge == "only" and first != last:
        raise UnreadableDayError(DayFault.NO_SINGLE_DAY)
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
    return _one_day(full_year(found[3]), int(found[2]), int(found[1]))


def _named(found: re.Match[str]) -> tuple[date, date] | None:
    month = MONTH_NUMBERS.get(found[2])
    # “2. Halbjahr 2027” looks alike and is read further down.
    return _one_day(full_year(found[3]), month, int(found[1])) if month else None


def _span(words: str) -> tuple[date, date]:
    """Read what is longer than a day, or tell what is wrong with it."""
    if span := read_one(words):
        return span
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
        year, month, day = map(int, words.split("-"))
        return _one_day(year, month, day)
    if WITHOUT_YEAR.fullmatch(words) and (
        words[0].isdecimal() or words.rstrip(".") in MONTH_NUMBERS
    ):
        raise UnreadableDayError(DayFault.NO_YEAR)
    if found := re.search(r"(?<!\d)\d{4}$", words):
        _demand_year(int(found[0]))
    if WEEK.fullmatch(words) or re.fullmatch(r"\d{1,2}[./]\d{4}", words):
        raise UnreadableDayError(DayFault.NO_SUCH_DAY)
    raise UnreadableDayError(DayFault.UNREADABLE)


def _one_day(year: int, month: int, day: int) -> tuple[date, date]:
    _demand_year(year)
    try:
        found = date(year, month, day)
    except ValueError as fault:
        raise UnreadableDayError(DayFault.NO_SUCH_DAY) from fault
    return found, found


def _demand_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnreadableDayError(DayFault.WRONG_YEAR)


WAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[date, date] | None]], ...] = (
    (SHORT_DAY, _numbers),
    (SLASHED_DAY, _numbers),
    (NAMED_DAY, _named),
)
