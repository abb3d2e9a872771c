"""The times of official tables: a day, a year, a half-year, a quarter, a month, a school year."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MONTHS = [
    *("januar", "februar", "märz", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "dezember"),
]
SHORT_YEAR = 100


@dataclass(eq=False, frozen=True, slots=True)
class Time:
    """A time as written, with its first and last day. Compared by identity, as kinds are."""

    text: str
    starts_on: date
    ends_on: date


def read_time(text: str) -> Time | None:
    """Read a time; None if it is written in no known way."""
    text = " ".join(text.replace("\u00a0", " ").split())
    for pattern, read in WAYS:
        if found := pattern.fullmatch(text):
            try:
                starts_on, ends_on = read(*found.groups())
            except ValueError:
                return None
            return Time(text, starts_on, ends_on)
    return None


def _day(year: str, month: str, day: str) -> tuple[date, date]:
    on = date(int(year), int(month), int(day))
    return on, on


def _months(year: int, month: int, length: int) -> tuple[date, date]:
    last = month - 1 + length - 1
    end_year, end_month = year + last // 12, last % 12 + 1
    return date(year, month, 1), date(end_year, end_month, monthrange(end_year, end_month)[1])


def _school_year(first: str, second: str) -> tuple[date, date]:
    """Read 2023/24: from August to July, as the Länder count it."""
    year = int(first)
    if int(second) % SHORT_YEAR != (year + 1) % SHORT_YEAR:
        raise ValueError(second)
    return _months(year, 8, 12)


def _named_month(name: str, year: str) -> tuple[date, date]:
    return _months(int(year), MONTHS.index(name.casefold()) + 1, 1)


WAYS: tuple[tuple[re.Pattern[str], Callable[..., tuple[date, date]]], ...] = (
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?"), _day),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})"), lambda day, month, year: _day(year, month, day)),
    (
        re.compile(r"([12]\d{3})"),
        lambda year: (date(int(year), 1, 1), date(int(year), 12, 31)),
    ),
    # As in ISO 8601: a beginning and how long it lasts, 2023-10P6M is the winter term of 2023.
    (
        re.compile(r"(\d{4})-(\d{2})P(\d{1,2})M"),
        lambda year, month, length: _months(int(year), int(month), int(length)),
    ),
    (re.compile(r"(\d{4})-(\d{2})"), lambda year, month: _months(int(year), int(month), 1)),
    (
        re.compile(r"(\d{4})-?Q([1-4])"),
        lambda year, quarter: _months(int(year), 3 * int(quarter) - 2, 3),
    ),
    (
        re.compile(r"([1-4])\. ?(?:Quartal|Vierteljahr) (\d{4})", re.IGNORECASE),
        lambda quarter, year: _months(int(year), 3 * int(quarter) - 2, 3),
    ),
    (
        re.compile(r"([12])\. ?Halbjahr (\d{4})", re.IGNORECASE),
        lambda half, year: _months(int(year), 6 * int(half) - 5, 6),
    ),
    (re.compile(rf"({'|'.join(MONTHS)}) (\d{{4}})", re.IGNORECASE), _named_month),
    (re.compile(r"(?:Schuljahr |WS )?(\d{4})/(\d{4}|\d{2})"), _school_year),
    (
        re.compile(r"(?:Jahr|Stichtag|am|Stand) (\d{4})", re.IGNORECASE),
        lambda year: (date(int(year), 1, 1), date(int(year), 12, 31)),
    ),
    (
        re.compile(r"(?:Stichtag:?|am|zum|Stand:?) (\d{1,2})\.(\d{1,2})\.(\d{4})", re.IGNORECASE),
        lambda day, month, year: _day(year, month, day),
    ),
)

SOUGHT_DAY = re.compile(r"\b(\d{1,2}\.\d{1,2}\.\d{4})\b")
SOUGHT_YEAR = re.compile(r"\b((?:19|20)\d{2})\b")


def find_time(text: str) -> Time | None:
    """Find the only day, or else the only year, that a title names; None if it names several."""
    for pattern in (SOUGHT_DAY, SOUGHT_YEAR):
        if found := set(pattern.findall(text)):
            return read_time(found.pop()) if len(found) == 1 else None
    return None
