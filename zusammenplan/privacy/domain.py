"""When what is kept of people must go: periods in whole months, counted as the law counts them."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Terms:
    """How many months something is kept unless somebody says otherwise, and what may be said."""

    usual: int
    least: int
    most: int


# By class, see ``choices.Retention``. In German law nothing says how long most of this is needed;
# the usual periods follow what it is for: a plan runs five years, files on grants are commonly
# kept ten.
TERMS = {
    "drafts": Terms(1, 1, 1),
    "mails": Terms(3, 1, 12),
    "links": Terms(6, 1, 24),
    "barriers": Terms(12, 1, 36),
    "contacts": Terms(12, 1, 60),
    "accounts": Terms(36, 1, 120),
    "tasks": Terms(36, 6, 120),
    "comments": Terms(120, 12, 240),
    "votes": Terms(60, 6, 240),
    "ratings": Terms(60, 6, 240),
    "seats": Terms(120, 12, 360),
}


def last_day(start: date, months: int) -> date:
    """
    Give the last day of a period that begins with an event on ``start``.

    It ends with the day of the same number; a month without one ends it with its own last day
    (BGB § 188 Abs. 2 and 3).
    """
    years, month = divmod(start.month - 1 + months, MONTHS_A_YEAR)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def over_before(today: date, months: int) -> date:
    """
    Give the day before which the event must lie for the period to be over today.

    What began on an earlier day is over, what began on this day or later is not.
    """
    day = last_day(today, -months)
    while last_day(day, months) < today:
        day += timedelta(days=1)
    return day
