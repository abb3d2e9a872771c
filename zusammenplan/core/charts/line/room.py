"""Where the axes of a line chart stand, and what they are labelled with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from zusammenplan.core.charts.axis import NumberFormat, Scale, Spot, Text, short, width_of
from zusammenplan.core.charts.line.parts import Known

DayFormat = Callable[[date], str]

TOP, PLOT = 26.0, 160.0
LEFT_AT_LEAST, LEFT_AT_MOST = 46.0, 150.0
YEAR_ROOM = 38.0
MONTH_ROOM = 70.0
# Below this length of time the axis counts months instead of years.
SHORT_TIME = 550
EVERY = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


@dataclass(frozen=True, slots=True)
class Room:
    """The axes: what stands at their ends, and where these are."""

    first: date
    final: date
    values: Scale
    left: float
    right: float

    @property
    def top(self) -> float:
        return self.values.end

    @property
    def bottom(self) -> float:
        return self.values.begin

    def x(self, day: date) -> float:
        if self.first == self.final:
            return (self.left + self.right) / 2
        share = (day - self.first).days / (self.final - self.first).days
        return self.left + share * (self.right - self.left)

    def spot(self, point: Known) -> Spot:
        day, value = point
        return Spot(short(self.x(day)), short(self.values.at(value)))

    def x_between(self, days: Sequence[date], on: date) -> float:
        """Stand half way between the values before and after, so that it belongs to neither."""
        before = max((day for day in days if day < on), default=None)
        after = min((day for day in days if day >= on), default=None)
        if before is None or after is None:
            return self.x(on)
        return (self.x(before) + self.x(after)) / 2


def room_for(
    days: Sequence[date], values: Scale, number: NumberFormat, *, top: float, right: float
) -> Room:
    """Lay out the axes for days and values between the picture's ``top`` and ``right``."""
    widest = max(width_of(number(level), 14) for level in values.ticks)
    return Room(
        first=min(days),
        final=max(days),
        values=values.between(top + PLOT, top),
        left=min(max(LEFT_AT_LEAST, widest + 18), LEFT_AT_MOST),
        right=right,
    )


def levels(room: Room, number: NumberFormat) -> tuple[Text, ...]:
    """Label the round values, each left of its line."""
    return tuple(
        Text(short(room.left - 8), short(room.values.at(level)), number(level), anchor="end")
        for level in room.values.ticks
    )


def day_ticks(room: Room, days: Sequence[date], last: date, day: DayFormat) -> tuple[Text, ...]:
    """Label years where the time is long, else the first, the last and the target's month."""
    y = short(room.bottom + 22)
    if (room.final - room.first).days < SHORT_TIME:
        return tuple(
            Text(short(room.x(one)), y, day(one), is_strong=one == last)
            for one in _apart(room, sorted({room.first, last, room.final}))
        )
    # Values of one same day of each year stand right above their year.
    found = {(one.month, one.day) for one in days}
    month, of_month = found.pop() if len(found) == 1 and (2, 29) not in found else (1, 1)
    is_yearly = not found
    years = [
        year
        for year in range(room.first.year, room.final.year + 1)
        if room.first <= date(year, month, of_month) <= room.final
    ]
    at_most = max((room.right - room.left) / YEAR_ROOM, 2)
    every = next(n for n in EVERY if len(years) / n <= at_most)
    return tuple(
        Text(
            short(room.x(date(year, month, of_month))),
            y,
            str(year),
            is_strong=is_yearly and year == last.year,
        )
        for year in years
        if (year - years[0]) % every == 0
    )


def _apart(room: Room, wanted: Sequence[date]) -> list[date]:
    """Leave out the middle one of up to three days if its label has no room."""
    first, final = room.x(wanted[0]), room.x(wanted[-1])
    return [
        one
        for one in wanted
        if one in {wanted[0], wanted[-1]}
        or min(room.x(one) - first, final - room.x(one)) > MONTH_ROOM
    ]
