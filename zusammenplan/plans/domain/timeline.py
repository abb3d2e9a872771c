"""
The timeline of measures: where on the axis a bar begins and ends, where milestones and today stand.

Places are shares of the axis in percent, so that a picture of any width can use them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# More years than this would make a year too narrow to see; the axis then keeps those around today.
YEARS_AT_MOST = 16
YEARS_BEFORE_TODAY = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """The whole years that a timeline shows, from the first of January to the last of December."""

    first: int
    last: int

    @property
    def years(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def begins_on(self) -> date:
        return date(self.first, 1, 1)

    @property
    def ends_on(self) -> date:
        return date(self.last, 12, 31)

    def place(self, day: date, *, is_end: bool = False) -> float:
        """Give the day's place in percent; the end of a bar lies at the end of its day."""
        whole = (self.ends_on - self.begins_on).days + 1
        days = (day - self.begins_on).days + is_end
        return min(max(days / whole, 0.0), 1.0) * 100

    def holds(self, day: date) -> bool:
        return self.begins_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a timeline; an open side runs on to the edge of the axis."""

    start: float
    width: float
    is_open_start: bool
    is_open_end: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone on a bar."""

    place: float
    state: str


def axis_for(days: Iterable[date | None], today: date) -> Axis:
    """Make an axis that holds the days and today; of too many years those around today stay."""
    years = sorted({today.year, *(day.year for day in days if day is not None)})
    first, last = years[0], years[-1]
    if last - first >= YEARS_AT_MOST:
        first = max(first, today.year - YEARS_BEFORE_TODAY)
        last = min(last, first + YEARS_AT_MOST - 1)
    return Axis(first, max(first, last))


def bar(starts_on: date | None, ends_on: date | None, axis: Axis) -> Bar | None:
    """Draw a period; nothing for one without any day or one that lies outside the axis."""
    if starts_on is None and ends_on is None:
        return None
    if (starts_on and starts_on > axis.ends_on) or (ends_on and ends_on < axis.begins_on):
        return None
    start = axis.place(starts_on) if starts_on else 0.0
    end = axis.place(ends_on, is_end=True) if ends_on else 100.0
    # A side that goes on beyond the axis looks open, because it is not the end that one sees.
    return Bar(
        start=start,
        width=end - start,
        is_open_start=starts_on is None or starts_on < axis.begins_on,
        is_open_end=ends_on is None or ends_on > axis.ends_on,
    )


def mark(due_on: date | None, done_on: date | None, axis: Axis, today: date) -> Mark | None:
    """Draw a milestone where it was done, else where it is due; late ones stand out."""
    day = done_on or due_on
    if day is None or not axis.holds(day):
        return None
    state = "done" if done_on else "late" if day < today else "open"
    return Mark(axis.place(day), state)
