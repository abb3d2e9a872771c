"""The times of official tables: a day, a year, a half-year, a quarter, a month."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
YEAR = re.compile(r"(\d{4})")
# As in ISO 8601: a beginning and how long it lasts, 2023-10P6M is the winter term of 2023.
SPAN = re.compile(r"(\d{4})-(\d{2})P(\d{1,2})M")
MONTH = re.compile(r"(\d{4})-(\d{2})")
QUARTER = re.compile(r"(\d{4})-?Q([1-4])|([1-4])\. ?Quartal (\d{4})")


@dataclass(frozen=True, slots=True)
class Time:
    """A time as written, with its first and last day."""

    text: str
    starts_on: date
    ends_on: date

    @property
    def is_day(self) -> bool:
        return self.starts_on == self.ends_on


def read_time(text: str) -> Time | None:
    """Read a time; None if it is written in no known way."""
    text = text.strip()
    try:
        return _read(text)
    except ValueError:
        return None


def _read(text: str) -> Time | None:
    if found := DAY.fullmatch(text):
        day = date(*map(int, found.groups()))
        return Time(text, day, day)
    if found := GERMAN_DAY.fullmatch(text):
        day = date(*map(int, reversed(found.groups())))
        return Time(text, day, day)
    if found := YEAR.fullmatch(text):
        year = int(text)
        return Time(text, date(year, 1, 1), date(year, 12, 31))
    if found := SPAN.fullmatch(text):
        year, month, length = map(int, found.groups())
        return _months(text, year, month, length)
    if found := MONTH.fullmatch(text):
        year, month = map(int, found.groups())
        return _months(text, year, month, 1)
    if found := QUARTER.fullmatch(text):
        first, second, third, fourth = found.groups()
        return _months(text, int(first or fourth), 3 * int(second or third) - 2, 3)
    return None


def _months(text: str, year: int, month: int, length: int) -> Time:
    last = month - 1 + length - 1
    end_year, end_month = year + last // 12, last % 12 + 1
    return Time(
        text, date(year, month, 1), date(end_year, end_month, monthrange(end_year, end_month)[1])
    )
