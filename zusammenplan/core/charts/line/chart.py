"""Draws lines over time."""

from collections.abc import Sequence
from datetime import date

from zusammenplan.core.charts.axis import WIDTH, NumberFormat, Text, scale, short, width_of
from zusammenplan.core.charts.line.names import BESIDE, RIGHT, ROW, end_labels, names_of, right_of
from zusammenplan.core.charts.line.parts import (
    Break,
    Drawn,
    Known,
    Line,
    LineChart,
    Point,
    Series,
    Target,
    TargetMark,
    Upright,
)
from zusammenplan.core.charts.line.room import (
    TOP,
    DayFormat,
    Room,
    day_ticks,
    levels,
    room_for,
)

BELOW, BELOW_KEYS = 34.0, 8.0
DOTS_AT_MOST = 40


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
    drawn = Drawn.of(series)
    if not drawn:
        return None
    last_day = max(one.last[0] for one in drawn)
    goal = target.on if target and target.on and target.on > last_day else None
    days = [on for one in drawn for on, _value in one.known] + ([goal] if goal else [])
    breaks = sorted((one for one in breaks if min(days) < one.on <= max(days)), key=lambda b: b.on)
    heights = [value for one in drawn for _on, value in one.known]
    values = scale(heights + ([target.value] if target else []), from_nought=False)

    def room_beside(wide: float, above: float = 0.0) -> Room:
        right = min(RIGHT, right_of(wide)) if len(drawn) > 1 else RIGHT
        return room_for(days, values, number, top=TOP + above, right=right)

    names = names_of(drawn, breaks, number, room_beside)
    above = names.high + (BELOW_KEYS if names.keys and breaks else 0.0)
    room = room_beside(names.wide, above + ROW * sum(1 + bool(one.text) for one in breaks))
    if len(drawn) == 1:
        labels = [_beside(room, drawn[0].known, target, names.ends[0])]
    else:
        labels = end_labels(room, drawn, names)
    return LineChart(
        width=short(WIDTH),
        height=short(room.bottom + BELOW),
        left=short(room.left),
        right=short(room.right + 10),
        axis=short(room.bottom),
        grid=levels(room, number),
        days=day_ticks(room, days, last_day, day),
        lines=tuple(
            _line(room, one, breaks, label) for one, label in zip(drawn, labels, strict=True)
        ),
        breaks=_uprights(room, drawn, breaks, above),
        target=_target(room, drawn[0].known, target, goal, number) if target else None,
        keys=names.keys,
        begins_at_nought=room.values.low <= 0 <= room.values.high,
    )


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


def _line(room: Room, one: Drawn, breaks: Sequence[Break], label: Text) -> Line:
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


def _beside(room: Room, values: Sequence[Known], target: Target | None, text: str) -> Text:
    """Place the last value where neither the line nor the way to the target runs through it."""
    on, value = values[-1]
    here = room.values.at(value)
    falls = target is not None and target.value < value
    below = not falls and here + 24 < room.bottom - 4
    return Text(short(room.x(on)), short(here + 24 if below else here - 12), text)


def _uprights(
    room: Room, drawn: Sequence[Drawn], breaks: Sequence[Break], above: float
) -> tuple[Upright, ...]:
    """Draw the breaks, each with its words in rows of their own."""
    days = sorted({on for one in drawn for on, _value in one.known})
    uprights = []
    y = above + 14
    for one in breaks:
        x = room.x_between(days, one.on)
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


def _target(
    room: Room,
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
        if wide <= WIDTH - room.right - BESIDE
        else Text(short(WIDTH), short(y - 14), text, is_strong=True, anchor="end")
    )
    return TargetMark(f"M{start.x} {start.y}L{ring.x} {ring.y}", ring, label)
