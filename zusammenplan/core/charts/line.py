"""Lines over time: one or several series with gaps, breaks, and a target."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from zusammenplan.core.charts.axis import (
    WIDTH,
    Key,
    NumberFormat,
    Scale,
    Spot,
    Style,
    Text,
    scale,
    short,
    spread,
    width_of,
)

Point = tuple[date, Decimal | None]
Known = tuple[date, Decimal]
DayFormat = Callable[[date], str]

TOP, PLOT, BELOW = 26.0, 160.0, 34.0
LEFT_AT_LEAST, LEFT_AT_MOST = 46.0, 150.0
RIGHT, RIGHT_AT_LEAST = 370.0, 250.0
YEAR_ROOM = 38.0
MONTH_ROOM = 70.0
DOTS_AT_MOST = 40
ROW, BELOW_KEYS = 20.0, 8.0
# Below this length of time the axis counts months instead of years.
SHORT_TIME = 550
EVERY = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


@dataclass(frozen=True, slots=True)
class Series:
    """
    Values over time under one name; ``None`` says that there is none, and leaves a gap.

    A line without a name runs along unnamed: one of many, behind those that are named.
    """

    name: str
    points: Sequence[Point]
    style: Style = "one"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a line shall go; without a day ahead it is drawn as a level."""

    value: Decimal
    on: date | None
    word: str


@dataclass(frozen=True, slots=True)
class Break:
    """A day from which on values cannot be compared with those before."""

    on: date
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    style: Style
    path: str
    dots: tuple[Spot, ...]
    label: Text


@dataclass(frozen=True, slots=True)
class Upright:
    """A dashed upright with its words above."""

    path: str
    words: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class TargetMark:
    """An open ring and the dotted way to it, or a dotted level."""

    way: str
    ring: Spot | None
    label: Text


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over time, ready to be drawn."""

    kind: ClassVar[str] = "line"
    width: str
    height: str
    left: str
    right: str
    axis: str
    grid: tuple[Text, ...]
    days: tuple[Text, ...]
    lines: tuple[Line, ...]
    breaks: tuple[Upright, ...]
    target: TargetMark | None
    keys: tuple[Key, ...]
    begins_at_nought: bool


@dataclass(frozen=True, slots=True)
class _Room:
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


def line_chart(
    series: Sequence[Series],
    *,
    number: NumberFormat,
    day: DayFormat,
    target: Target | None = None,
    breaks: Sequence[Break] = (),
) -> LineChart | None:
    """
    Draw series over time; nothing without a value to draw.

    ``number`` writes a value, ``day`` a month where the time is short.
    """
    drawn = [(one, _known(one)) for one in series]
    drawn = [(one, known) for one, known in drawn if known]
    if not drawn:
        return None
    last_day = max(known[-1][0] for _, known in drawn)
    goal = target.on if target and target.on and target.on > last_day else None
    days = [on for _, known in drawn for on, _ in known] + ([goal] if goal else [])
    breaks = sorted((one for one in breaks if min(days) < one.on <= max(days)), key=lambda b: b.on)
    values = [number(known[-1][1]) for _, known in drawn]
    lasts = [known[-1][0] == last_day for _, known in drawn]
    values = [text if one.name else "" for (one, _), text in zip(drawn, values, strict=True)]
    named = [f"{one.name} {text}".strip() for (one, _), text in zip(drawn, values, strict=True)]
    keyed = [one for one, _ in drawn if one.name]
    widest = max(
        (width_of(text) for text, is_last in zip(named, lasts, strict=True) if is_last), default=0.0
    )
    levels = scale(
        [*(value for _, known in drawn for _, value in known)] + ([target.value] if target else []),
        from_nought=False,
    )

    def room_beside(widest: float, above: float = 0.0) -> _Room:
        right = min(RIGHT, WIDTH - widest - 12) if len(drawn) > 1 else RIGHT
        return _room(days, levels, number, top=TOP + above, right=right)

    has_keys = len(drawn) > 1 and (
        WIDTH - widest - 12 < RIGHT_AT_LEAST
        or not _fit_before_breaks(room_beside(widest), drawn, breaks)
    )
    if has_keys or len(drawn) == 1:
        named, widest = values, max(map(width_of, values))
    keys_high = ROW * len(keyed) + (BELOW_KEYS if breaks else 0.0) if has_keys else 0.0
    room = room_beside(widest, keys_high + ROW * sum(1 + bool(one.text) for one in breaks))
    single = drawn[0][1]
    return LineChart(
        width=short(WIDTH),
        height=short(room.bottom + BELOW),
        left=short(room.left),
        right=short(room.right + 10),
        axis=short(room.bottom),
        grid=tuple(
            Text(short(room.left - 8), short(room.values.at(level)), number(level), anchor="end")
            for level in room.values.ticks
        ),
        days=_day_ticks(room, days, last_day, day),
        lines=(
            (_line(room, drawn[0][0], breaks, _beside(room, single, target, values[0])),)
            if len(drawn) == 1
            else tuple(
                _line(room, one, breaks, label)
                for (one, _), label in zip(
                    drawn, _end_labels(room, drawn, named, has_keys=has_keys), strict=True
                )
            )
        ),
        breaks=_uprights(room, drawn, breaks, keys_high),
        target=_target(room, single, target, goal, number) if target else None,
        keys=tuple(
            Key("0", short(ROW * place), text, style)
            for place, (text, style) in enumerate(_key_texts(drawn, number))
        )
        if has_keys
        else (),
        begins_at_nought=room.values.low <= 0 <= room.values.high,
    )


def _known(series: Series) -> list[Known]:
    return sorted((on, value) for on, value in series.points if value is not None)


def _room(
    days: Sequence[date], values: Scale, number: NumberFormat, *, top: float, right: float
) -> _Room:
    widest = max(width_of(number(level), 14) for level in values.ticks)
    return _Room(
        first=min(days),
        final=max(days),
        values=values.between(top + PLOT, top),
        left=min(max(LEFT_AT_LEAST, widest + 18), LEFT_AT_MOST),
        right=right,
    )


# Lines


def _runs(points: Sequence[Point], breaks: Sequence[Break]) -> list[list[Known]]:
    """Cut a series where a value is missing and where a break forbids to join."""
    runs: list[list[Known]] = [[]]
    ahead = [one.on for one in breaks]
    for on, value in sorted(points, key=lambda point: point[0]):
        if ahead and on >= ahead[0]:
            ahead = [day for day in ahead if day > on]
            runs.append([])
        if value is None:
            runs.append([])
        else:
            runs[-1].append((on, value))
    return [run for run in runs if run]


def _line(room: _Room, one: Series, breaks: Sequence[Break], label: Text) -> Line:
    runs = _runs(one.points, breaks)
    spots = [[room.spot(point) for point in run] for run in runs]
    path = "".join(
        f"M{' L'.join(f'{spot.x} {spot.y}' for spot in run)}" for run in spots if len(run) > 1
    )
    if sum(map(len, spots)) <= DOTS_AT_MOST:
        dots = [spot for run in spots for spot in run]
    else:
        # A value alone between two gaps would not be seen without its dot.
        dots = [run[0] for run in spots if len(run) == 1]
    return Line(one.style, path, tuple(dots), label)


def _beside(room: _Room, values: Sequence[Known], target: Target | None, text: str) -> Text:
    """Place the last value where neither the line nor the way to the target runs through it."""
    on, value = values[-1]
    here = room.values.at(value)
    falls = target is not None and target.value < value
    below = not falls and here + 24 < room.bottom - 4
    return Text(short(room.x(on)), short(here + 24 if below else here - 12), text)


def _end_labels(
    room: _Room,
    drawn: Sequence[tuple[Series, list[Known]]],
    ends: Sequence[str],
    *,
    has_keys: bool,
) -> list[Text]:
    """
    Write name and last value right of the lines, none over another.

    A line that ends earlier is named at its beginning, as its end may lie amid the other lines;
    the key above the picture names it just as well.
    """
    wanted = [room.values.at(known[-1][1]) + 5 for _, known in drawn]
    latest = max(known[-1][0] for _, known in drawn)
    last = [known[-1][0] == latest for _, known in drawn]
    places = iter(
        spread(
            [y for y, is_last, text in zip(wanted, last, ends, strict=True) if is_last and text],
            apart=18.0,
            low=room.top,
            high=room.bottom,
        )
    )
    labels = []
    for (one, known), is_last, text in zip(drawn, last, ends, strict=True):
        if not text or (has_keys and not is_last):
            labels.append(Text("0", "0", "", anchor="start"))
            continue
        if is_last:
            labels.append(Text(short(room.right + 10), short(next(places)), text, anchor="start"))
            continue
        x = min(room.x(known[0][0]), WIDTH - width_of(one.name))
        y = _free_height(room, known, drawn, x + width_of(one.name))
        labels.append(Text(short(x), short(y), one.name, anchor="start"))
    return labels


def _fit_before_breaks(
    room: _Room, drawn: Sequence[tuple[Series, list[Known]]], breaks: Sequence[Break]
) -> bool:
    """Tell whether no name at the beginning of a line would run over a break's upright."""
    latest = max(known[-1][0] for _, known in drawn)
    days = sorted({on for _, known in drawn for on, _ in known})
    return all(
        room.x(known[0][0]) + width_of(one.name) < _break_x(room, days, ahead.on)
        for one, known in drawn
        if known[-1][0] < latest
        for ahead in breaks
        if ahead.on > known[0][0]
    )


def _key_texts(
    drawn: Sequence[tuple[Series, list[Known]]], number: NumberFormat
) -> list[tuple[str, Style]]:
    """Name the lines; of those that look alike each is told by its last value too."""
    keyed = [(one, known) for one, known in drawn if one.name]
    styles = [one.style for one, _ in keyed]
    return [
        (
            f"{one.name} {number(known[-1][1])}" if styles.count(one.style) > 1 else one.name,
            one.style,
        )
        for one, known in keyed
    ]


def _free_height(
    room: _Room, known: list[Known], drawn: Sequence[tuple[Series, list[Known]]], until: float
) -> float:
    """Give the height of a name that crosses no line: below a line with others above it."""
    own = [room.values.at(value) for day, value in known if room.x(day) <= until]
    first = known[0][0]
    others = [
        room.values.at(value)
        for _, points in drawn
        if points is not known
        for day, value in points
        if day == first
    ]
    if others and min(others) < own[0]:
        return min(max(own) + 22, room.bottom - 4)
    return min(own) - 12


# Breaks


def _uprights(
    room: _Room,
    drawn: Sequence[tuple[Series, list[Known]]],
    breaks: Sequence[Break],
    above: float,
) -> tuple[Upright, ...]:
    days = sorted({on for _, known in drawn for on, _ in known})
    uprights = []
    y = above + 14
    for one in breaks:
        x = _break_x(room, days, one.on)
        words = []
        for text, is_strong in ((one.title, True), (one.text, False)):
            if text:
                half = width_of(text) / 2
                middle = min(max(x, half), WIDTH - half) if half * 2 < WIDTH else WIDTH / 2
                words.append(Text(short(middle), short(y), text, is_strong))
                y += ROW
        path = f"M{short(x)} {short(y - ROW + 7)}V{short(room.bottom)}"
        uprights.append(Upright(path, tuple(words)))
    return tuple(uprights)


def _break_x(room: _Room, days: Sequence[date], on: date) -> float:
    """Stand half way between the values before and after, so that it belongs to neither."""
    before = max((day for day in days if day < on), default=None)
    after = min((day for day in days if day >= on), default=None)
    if before is None or after is None:
        return room.x(on)
    return (room.x(before) + room.x(after)) / 2


# The target


def _target(
    room: _Room,
    values: Sequence[Known],
    target: Target,
    goal: date | None,
    number: NumberFormat,
) -> TargetMark:
    y = room.values.at(target.value)
    text = f"{target.word} {number(target.value)}".strip()
    wide = width_of(text)
    if goal is None:
        # The word lies on the level, at the side where the line is further away.
        begin, end = (abs(room.values.at(values[place][1]) - y) for place in (0, -1))
        label_y = short(y - 8 if y > room.top + 4 else y + 20)
        label = (
            Text(short(room.left + 6), label_y, text, is_strong=True, anchor="start")
            if begin >= end
            else Text(short(room.right + 10), label_y, text, is_strong=True, anchor="end")
        )
        return TargetMark(f"M{short(room.left)} {short(y)}H{short(room.right + 10)}", None, label)
    start, ring = room.spot(values[-1]), room.spot((goal, target.value))
    # A long label does not fit beside the ring; it ends above it then.
    label = (
        Text(short(room.right + 12), short(y + 5), text, is_strong=True, anchor="start")
        if wide <= WIDTH - room.right - 12
        else Text(short(WIDTH), short(y - 14), text, is_strong=True, anchor="end")
    )
    return TargetMark(f"M{start.x} {start.y}L{ring.x} {ring.y}", ring, label)


# The axis of time


def _day_ticks(room: _Room, days: Sequence[date], last: date, day: DayFormat) -> tuple[Text, ...]:
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


def _apart(room: _Room, wanted: Sequence[date]) -> list[date]:
    """Leave out the middle one of up to three days if its label has no room."""
    first, final = room.x(wanted[0]), room.x(wanted[-1])
    return [
        one
        for one in wanted
        if one in {wanted[0], wanted[-1]}
        or min(room.x(one) - first, final - room.x(one)) > MONTH_ROOM
    ]
