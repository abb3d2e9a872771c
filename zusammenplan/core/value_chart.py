"""A chart of values over time, drawn on the server; the table stands beside them on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor, log10

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from zusammenplan.core.numbers import decimal_text

Point = tuple[date, Decimal]
WIDTH, HEIGHT = 440.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 380.0, 26.0, 186.0
GRID_LINES = 4
YEARS_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the picture with the text beside it."""

    x: str
    y: str
    text: str = ""
    text_y: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    place: str
    text: str
    is_strong: bool = False


def value_chart(
    points: Sequence[Point],
    *,
    target: Point | None,
    baseline: Point | None,
    unit: str,
    title: str,
    description: str,
    key: str,
) -> SafeString:
    """
    Draw actual values as a line, and the target as a ring that a dotted line leads to.

    ``title`` and ``description`` tell the picture to those who do not see it; ``key`` makes the
    ids in it unlike those of other charts of the page.
    """
    line = sorted([*([baseline] if baseline else []), *points])
    every = [*line, *([target] if target else [])]
    if not every:
        return SafeString("")
    plane = _Plane.around(every)
    marks = [Mark(plane.x(day), plane.y(value)) for day, value in line]
    last = line[-1] if line else None
    context = {
        "key": key,
        "title": title,
        "description": description,
        "unit": unit,
        "width": f"{WIDTH:g}",
        "height": f"{HEIGHT:g}",
        "left": f"{LEFT:g}",
        "right": f"{RIGHT:g}",
        "bottom": f"{BOTTOM:g}",
        "rows": plane.rows(),
        "columns": plane.columns(last[0] if last else None),
        "path": "M" + " L".join(f"{mark.x} {mark.y}" for mark in marks) if marks else "",
        "marks": marks,
        "last": _labelled(plane, last) if last else None,
        "target": _labelled(plane, target) if target else None,
        "way": f"M{plane.x(last[0])} {plane.y(last[1])}L{plane.x(target[0])} {plane.y(target[1])}"
        if last and target
        else "",
    }
    return SafeString(render_to_string("components/value_chart.html", context).strip())


def _labelled(plane: "_Plane", point: Point) -> Mark:
    day, value = point
    y = float(plane.y(value))
    below = y + 24 if y + 24 < BOTTOM - 4 else y - 12
    return Mark(plane.x(day), plane.y(value), decimal_text(value), f"{below:.1f}")


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where days and values lie on the picture."""

    first: date
    last: date
    low: float
    high: float
    step: float

    @classmethod
    def around(cls, points: Sequence[Point]) -> "_Plane":
        days = [day for day, _value in points]
        values = [float(value) for _day, value in points]
        first, last = min(days), max(days)
        if first == last:
            first, last = first - timedelta(days=183), last + timedelta(days=183)
        low, high = min(0.0, *values), max(0.0, *values)
        step = _round_step((high - low or 1.0) / GRID_LINES)
        return cls(first, last, floor(low / step) * step, ceil(high / step) * step or step, step)

    def x(self, day: date) -> str:
        share = (day - self.first).days / (self.last - self.first).days
        return f"{LEFT + share * (RIGHT - LEFT):.1f}"

    def y(self, value: Decimal | float) -> str:
        share = (float(value) - self.low) / (self.high - self.low)
        return f"{BOTTOM - share * (BOTTOM - TOP):.1f}"

    def rows(self) -> list[Tick]:
        count = round((self.high - self.low) / self.step)
        values = [self.low + number * self.step for number in range(count + 1)]
        return [Tick(self.y(value), decimal_text(round(value, 6))) for value in values]

    def columns(self, strong: date | None) -> list[Tick]:
        """Name the years, or the days at both ends where there is only one year."""
        years = range(self.first.year, self.last.year + 1)
        if len(years) < 2:  # noqa: PLR2004 - one year says nothing of the time that passed
            return [Tick(self.x(day), date_format(day, "M Y")) for day in (self.first, self.last)]
        every = ceil(len(years) / YEARS_AT_MOST)
        places = ((year, min(max(date(year, 12, 31), self.first), self.last)) for year in years)
        return [
            Tick(self.x(day), str(year), is_strong=strong is not None and strong.year == year)
            for number, (year, day) in enumerate(places)
            if number % every == 0
        ]


def _round_step(rough: float) -> float:
    """Give the next larger of 1, 2, 5, 10 and so on."""
    power = 10.0 ** floor(log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
