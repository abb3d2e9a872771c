"""
The geometry of a line over time with its target, as in ``core.pictures``: plain Python.

It takes days and numbers and gives dataclasses whose coordinates are finished text; the template
``components/line_chart.html`` writes the SVG. What the line means is the caller's business.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor, log10

Point = tuple[date, Decimal]
NumberFormat = Callable[[Decimal], str]
DayFormat = Callable[[date], str]

WIDTH, HEIGHT = 440.0, 220.0
TOP, BOTTOM, RIGHT = 26.0, 186.0, 370.0
LETTER = 7.6
LEFT_AT_LEAST, LEFT_AT_MOST = 46.0, 130.0
TICKS = 4
YEAR_LABELS = 8
DOTS_AT_MOST = 40
# Below this length of time the axis counts months instead of years.
SHORT_TIME = 550
# A line may begin elsewhere than at nought if nought is far from all values.
FAR_FROM_NOUGHT = 0.6


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis with its label; ``x`` and ``y`` place the text."""

    x: str
    y: str
    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A value at its place."""

    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Target:
    """Where the line shall go: an open ring and the dotted way to it, or a dotted level."""

    way: str
    ring: Dot | None
    label: Tick


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line over time, ready to be drawn."""

    width: str
    height: str
    left: str
    right: str
    axis: str
    grid: tuple[Tick, ...]
    days: tuple[Tick, ...]
    line: str
    dots: tuple[Dot, ...]
    last: Tick | None
    target: Target | None
    begins_at_nought: bool


@dataclass(frozen=True, slots=True)
class _Room:
    """The axes: what stands at their ends, and where these are."""

    first: date
    days: int
    low: float
    high: float
    left: float

    def x(self, day: date) -> float:
        share = (day - self.first).days / self.days
        return self.left + share * (RIGHT - self.left)

    def y(self, value: Decimal) -> float:
        return BOTTOM - (float(value) - self.low) / (self.high - self.low) * (BOTTOM - TOP)


def line_chart(
    points: Sequence[Point],
    *,
    target: Decimal | None = None,
    target_on: date | None = None,
    number: NumberFormat,
    day: DayFormat,
    target_word: str,
) -> LineChart | None:
    """
    Draw values over time and the target they shall reach; nothing without a value to draw.

    ``number`` writes a value, ``day`` a month; ``target_word`` stands before the target's value.
    A target without a day, or one whose day has passed, is drawn as a level.
    """
    values = sorted(points)
    if not values:
        return None
    is_ahead = target is not None and target_on is not None and target_on > values[-1][0]
    days = [on for on, _ in values] + ([target_on] if is_ahead and target_on else [])
    levels = _levels([float(value) for _, value in values], target)
    labels = [number(Decimal(f"{level:.10g}")) for level in levels]
    left = min(max(LEFT_AT_LEAST, max(map(len, labels)) * LETTER + 18), LEFT_AT_MOST)
    span = (max(days) - min(days)).days
    room = _Room(first=min(days), days=max(span, 1), low=levels[0], high=levels[-1], left=left)
    last_on, last_value = values[-1]
    return LineChart(
        width=_short(WIDTH),
        height=_short(HEIGHT),
        left=_short(left),
        right=_short(RIGHT + 10),
        axis=_short(BOTTOM),
        grid=tuple(
            Tick(_short(left - 8), _short(room.y(Decimal(level))), text)
            for level, text in zip(levels, labels, strict=True)
        ),
        days=_day_ticks(room, days, last_on, day),
        line=_line(room, values),
        dots=tuple(_dot(room, point) for point in values) if len(values) <= DOTS_AT_MOST else (),
        last=Tick(
            _short(room.x(last_on)),
            _short(_beside_the_line(room, values, target)),
            number(last_value),
        ),
        target=_target(room, values, target, target_on if is_ahead else None, number, target_word),
        begins_at_nought=levels[0] == 0,
    )


def _levels(values: Sequence[float], target: Decimal | None) -> list[float]:
    """Choose round numbers for the axis, about four steps, from nought unless that is far away."""
    reach = [*values, *([float(target)] if target is not None else [])]
    low, high = min(reach), max(reach)
    if low >= 0 and low < FAR_FROM_NOUGHT * high:
        low = 0.0
    if high <= 0 and high > FAR_FROM_NOUGHT * low:
        high = 0.0
    if low == high:
        low, high = (min(low, 0.0), max(high, 0.0)) if low else (0.0, 1.0)
    step = _round_step((high - low) / (TICKS - 1))
    bottom, top = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [number * step for number in range(bottom, top + 1)]


def _round_step(rough: float) -> float:
    size = 10.0 ** floor(log10(rough))
    return next(step * size for step in (1, 2, 2.5, 5, 10) if step * size >= rough * 0.999)


def _line(room: _Room, values: Sequence[Point]) -> str:
    places = [f"{_short(room.x(on))} {_short(room.y(value))}" for on, value in values]
    return f"M{' L'.join(places)}" if len(places) > 1 else ""


def _dot(room: _Room, point: Point) -> Dot:
    on, value = point
    return Dot(_short(room.x(on)), _short(room.y(value)))


def _beside_the_line(room: _Room, values: Sequence[Point], target: Decimal | None) -> float:
    """Place the last value where neither the line nor the way to the target runs through it."""
    here = room.y(values[-1][1])
    falls = target is not None and target < values[-1][1]
    if not falls and here + 24 < BOTTOM - 4:
        return here + 24
    return here - 12


def _target(
    room: _Room,
    values: Sequence[Point],
    target: Decimal | None,
    target_on: date | None,
    number: NumberFormat,
    word: str,
) -> Target | None:
    if target is None:
        return None
    y = room.y(target)
    text = f"{word} {number(target)}".strip()
    if target_on is None:
        # The word lies on the level, at the side where the line is further away.
        ends = (values[0][1], values[-1][1])
        is_left = abs(room.y(ends[0]) - y) >= abs(room.y(ends[1]) - y)
        x = room.left + 6 if is_left else RIGHT - len(text) * LETTER
        return Target(
            f"M{_short(room.left)} {_short(y)}H{_short(RIGHT + 10)}",
            None,
            Tick(_short(x), _short(y - 8 if y > TOP + 4 else y + 20), text),
        )
    start = _dot(room, values[-1])
    ring = _dot(room, (target_on, target))
    # A long label does not fit beside the ring; it ends above it then.
    fits = len(text) * 8.6 <= WIDTH - RIGHT - 12
    label = (
        Tick(_short(RIGHT + 12), _short(y + 5), text)
        if fits
        else Tick(_short(WIDTH - len(text) * 8.6), _short(y - 14), text)
    )
    return Target(f"M{start.x} {start.y}L{ring.x} {ring.y}", ring, label)


def _day_ticks(room: _Room, days: Sequence[date], last: date, day: DayFormat) -> tuple[Tick, ...]:
    """Label years where the time is long, else the first, the last and the target's month."""
    first, final = min(days), max(days)
    y = BOTTOM + 22
    if (final - first).days < SHORT_TIME:
        wanted = sorted({first, last, final})
        shown = [
            one
            for number, one in enumerate(wanted)
            if number in {0, len(wanted) - 1}
            or min(room.x(one) - room.x(wanted[0]), room.x(wanted[-1]) - room.x(one)) > 70  # noqa: PLR2004 - room for a label
        ]
        return tuple(
            Tick(_short(room.x(one)), _short(y), day(one), is_strong=one == last) for one in shown
        )
    # Yearly counts of 31 December stand right above their year.
    month, of_month = (12, 31) if all((d.month, d.day) == (12, 31) for d in days) else (1, 1)
    years = [
        year
        for year in range(first.year, final.year + 1)
        if first <= date(year, month, of_month) <= final
    ]
    every = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200) if len(years) / n <= YEAR_LABELS)
    last_year = last.year if (month, of_month) == (12, 31) else None
    return tuple(
        Tick(
            _short(room.x(date(year, month, of_month))),
            _short(y),
            str(year),
            is_strong=year == last_year,
        )
        for year in years
        if (year - years[0]) % every == 0
    )


def _short(value: float) -> str:
    """Write a coordinate with at most two decimals, without needless zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
