"""
The geometry of our small pictures: priority mark, steps, thread, distribution of marks.

Plain Python without Django. Every function takes numbers and gives dataclasses whose
coordinates are finished text; the templates in ``templates/components`` write the SVG.
A scale is told by two grades: ``first`` is the grade that means "comes first", ``last``
the one that means "comes last", so that 1 to 6 and 10 to 0 are drawn alike.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil
from typing import Literal

from zusammenplan.core.charts.axis import short

Number = int | float | Decimal
NumberFormat = Callable[[Number], str]
Size = Literal["small", "normal", "large"]
StepKind = Literal["done", "now", "half", "open"]

NO_DEGREE = "\N{EN DASH}"
DOTS_AT_MOST = 60  # more marks than this in one group are drawn as bars of shares


def plain_number(value: Number, *, comma: str = ",") -> str:
    """Write a degree with at most two decimals and without needless zeros: 1, 1,5, 1,75."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", comma)


# --- priority mark -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """One field of a small scale."""

    x: str
    width: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class PriorityMark:
    """A numeral on a tile and below it the scale with the degree's place."""

    ramp: str
    text: str
    size: Size
    width: int
    height: int
    boxes: tuple[Box, ...]


SIZES: Mapping[Size, tuple[int, int, float]] = {
    "small": (36, 4, 2),
    "normal": (44, 5, 2),
    "large": (72, 8, 3),
}
FIELDS_AT_MOST = 12


def priority_mark(
    degree: Number | None,
    *,
    first: int,
    last: int,
    size: Size = "normal",
    number: NumberFormat = plain_number,
) -> PriorityMark:
    """Draw the mark of a degree; without a degree no field is on and the tile says so."""
    width, height, gap = SIZES[size]
    step = 1 if last >= first else -1
    grades = range(first, last + step, step)
    if len(grades) > FIELDS_AT_MOST:
        boxes = _slider(degree, first=first, last=last, width=width)
    else:
        gap = gap if len(grades) <= 8 else 1  # noqa: PLR2004 - above eight fields the gap narrows
        field = (width - gap * (len(grades) - 1)) / len(grades)
        boxes = tuple(
            Box(short(i * (field + gap)), short(field), is_on=_touches(degree, grade))
            for i, grade in enumerate(grades)
        )
    return PriorityMark(
        ramp=_ramp(degree, first=first, last=last),
        text=NO_DEGREE if degree is None else number(degree),
        size=size,
        width=width,
        height=height,
        boxes=boxes,
    )


def _touches(degree: Number | None, grade: int) -> bool:
    return degree is not None and abs(float(degree) - grade) <= 0.5  # noqa: PLR2004 - half a step


def _ramp(degree: Number | None, *, first: int, last: int) -> str:
    """Sample the eleven tones of the ramp evenly over the scale."""
    if degree is None:
        return "none"
    place = _place(degree, first=first, last=last)
    return str(10 + 5 * int(place * 10 + 0.5))


def _place(degree: Number, *, first: int, last: int) -> float:
    share = (float(degree) - first) / (last - first) if last != first else 0.0
    return min(max(share, 0.0), 1.0)


def _slider(degree: Number | None, *, first: int, last: int, width: int) -> tuple[Box, ...]:
    """Draw a long scale as one track with a knob."""
    track = Box("0", str(width), is_on=False)
    if degree is None:
        return (track,)
    knob = width / 8
    x = _place(degree, first=first, last=last) * (width - knob)
    return (track, Box(short(x), short(knob), is_on=True))


# --- steps -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepsBar:
    """So many of so many, as segments."""

    done: int
    total: int
    width: int
    boxes: tuple[Box, ...]


SEGMENT, SEGMENT_GAP, SEGMENTS_AT_MOST = 13, 4, 12


def steps_bar(done: int, total: int) -> StepsBar:
    """Draw one segment per step; above twelve steps the segments stand for equal shares."""
    segments = min(total, SEGMENTS_AT_MOST)
    on = done if total == segments else done * segments // total
    pitch = SEGMENT + SEGMENT_GAP
    return StepsBar(
        done=done,
        total=total,
        width=max(segments * pitch - SEGMENT_GAP + 1, 1),
        boxes=tuple(
            Box(short(0.5 + i * pitch), str(SEGMENT), is_on=i < on) for i in range(segments)
        ),
    )


@dataclass(frozen=True, slots=True)
class ThreadStep:
    """One station of the red thread or of the plan's cycle."""

    what: str
    kind: StepKind
    name: str = ""
    state: str = ""
    url: str = ""
    is_last: bool = False


def thread(steps: Sequence[ThreadStep]) -> tuple[ThreadStep, ...]:
    """Mark where the line turns from drawn to dotted: before the first open station."""
    following = [*steps[1:], None]
    return tuple(
        replace(step, is_last=after is not None and step.kind != "open" and after.kind == "open")
        for step, after in zip(steps, following, strict=True)
    )


# --- distribution of marks ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupMarks:
    """
    How one group marked one measure.

    ``value`` is the group's own result. A group that told only its majority grade has an
    empty tally and ``majority_only``: its value is drawn as a rhombus, not as marks.
    """

    name: str
    tally: Mapping[int, int]
    value: float | None = None
    majority_only: bool = False

    @property
    def count(self) -> int:
        return sum(self.tally.values())


@dataclass(frozen=True, slots=True)
class Label:
    """The numeral of a grade below or between the marks."""

    x: str
    y: str
    text: str
    is_strong: bool


@dataclass(frozen=True, slots=True)
class Series:
    """One group's marks in a panel, as ready path data."""

    name: str
    tone: Literal["one", "two"]
    marks: str
    marks_width: str
    bars: str
    majority: str
    value: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture: one group above the numerals or two mirrored at them."""

    caption: str
    height: str
    band_x: str | None
    band_width: str
    series: tuple[Series, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class MirrorHistogram:
    """The marks of all groups for one measure."""

    width: str
    panels: tuple[Panel, ...]
    is_empty: bool
    as_bars: bool


@dataclass(frozen=True, slots=True)
class _Grid:
    """The measures that all panels of a picture share."""

    grades: Sequence[int]
    column: float
    per_row: int
    pitch: float
    rows_above: int
    rows_below: int
    largest_share: float

    def centre(self, grade: float) -> float:
        """Find a grade's middle, also between two grades and for scales in either direction."""
        first, last = self.grades[0], self.grades[-1]
        return self.column * (0.5 + _place(grade, first=first, last=last) * (len(self.grades) - 1))


WIDTH, WIDEST = 228.0, 360.0
NARROWEST_COLUMN = 24.0
DOT_PITCH = 9.2
BAR_HEIGHT = 36.0
NUMERALS = 23.0  # room for the numerals between the groups
GRADES_WITH_DOTS = 15
LABEL_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def mirror_histogram(
    scale_grades: Sequence[int],
    groups: Sequence[GroupMarks],
    degree: float | None,
    *,
    as_bars: bool | None = None,
    rows: tuple[int, int] | None = None,
) -> MirrorHistogram:
    """
    Draw how the groups marked: group one above the numerals, group two mirrored below.

    With three groups or more each gets its own panel. A group of more than 60 marks turns the
    whole picture into bars of shares. ``scale_grades`` run from the grade that comes first to
    the one that comes last. ``rows`` from :func:`rows_needed` give pictures of one page the
    same height.
    """
    if as_bars is None:
        as_bars = (
            any(group.count > DOTS_AT_MOST for group in groups)
            or len(scale_grades) > GRADES_WITH_DOTS
        )
    column = _column(scale_grades)
    per_row, pitch = _packing(groups, column)
    above, below = rows or rows_needed(scale_grades, [groups])
    shares = [max(g.tally.values()) / g.count for g in groups if g.count]
    grid = _Grid(scale_grades, column, per_row, pitch, above, below, max(shares, default=1.0))
    if len(groups) > 2:  # noqa: PLR2004 - two groups are mirrored, more stand apart
        panels = tuple(
            _panel(grid, (group,), degree, as_bars=as_bars, caption=group.name) for group in groups
        )
    else:
        panels = (_panel(grid, tuple(groups), degree, as_bars=as_bars, caption=""),)
    return MirrorHistogram(
        width=short(column * len(scale_grades)),
        panels=panels,
        is_empty=not any(group.count or group.majority_only for group in groups),
        as_bars=as_bars,
    )


def rows_needed(
    scale_grades: Sequence[int], pictures: Sequence[Sequence[GroupMarks]]
) -> tuple[int, int]:
    """Tell how many rows of marks the fullest of the pictures needs above and below."""
    column = _column(scale_grades)
    above = below = 1
    for groups in pictures:
        per_row, _ = _packing(groups, column)
        fullest = [ceil(max(group.tally.values(), default=0) / per_row) for group in groups]
        if len(groups) > 2:  # noqa: PLR2004 - each group in its own panel
            above = max(above, *fullest)
            continue
        above = max([above, *fullest[:1]])
        below = max([below, *fullest[1:]])
    return above, below


def _column(scale_grades: Sequence[int]) -> float:
    """Widen the picture for long scales, but not beyond the room of a page's column."""
    count = len(scale_grades)
    return min(max(WIDTH / count, NARROWEST_COLUMN), WIDEST / count)


def _packing(groups: Sequence[GroupMarks], column: float) -> tuple[int, float]:
    """Choose marks per row and their distance so that no stack grows too high."""
    fullest = max((max(group.tally.values(), default=0) for group in groups), default=0)
    room = max(column - 4, column * 0.8)
    per_row = max(1, int(room // DOT_PITCH))
    while ceil(fullest / per_row) * min(DOT_PITCH, room / per_row) > 60:  # noqa: PLR2004 - height
        per_row += 1
    return per_row, min(DOT_PITCH, room / per_row)


def _panel(
    grid: _Grid,
    groups: tuple[GroupMarks, ...],
    degree: float | None,
    *,
    as_bars: bool,
    caption: str,
) -> Panel:
    up = BAR_HEIGHT + 3 if as_bars else grid.rows_above * grid.pitch + 2.3
    down = BAR_HEIGHT + 5 if as_bars else grid.rows_below * grid.pitch + 4.5
    series = [_series(grid, groups[0], base=up, below=False, as_bars=as_bars)] if groups else []
    height = up + NUMERALS
    if len(groups) > 1:
        series.append(_series(grid, groups[1], base=up + NUMERALS, below=True, as_bars=as_bars))
        height = up + NUMERALS + down
    every = next(step for step in LABEL_STEPS if step * grid.column >= NARROWEST_COLUMN - 0.01)
    labels = tuple(
        Label(
            x=short(grid.centre(grade)),
            y=short(up + 16),
            text=str(grade),
            is_strong=any(_touches(group.value, grade) for group in groups)
            or _touches(degree, grade),
        )
        for i, grade in enumerate(grid.grades)
        if i % every == 0
    )
    width = max(grid.column - 2, grid.column * 0.9)
    return Panel(
        caption=caption,
        height=short(height),
        band_x=None if degree is None else short(grid.centre(degree) - width / 2),
        band_width=short(width),
        series=tuple(series),
        labels=labels,
    )


def _series(grid: _Grid, group: GroupMarks, *, base: float, below: bool, as_bars: bool) -> Series:
    sign = 1 if below else -1
    marks = bars = majority = value = ""
    if group.majority_only and group.value is not None:
        majority = _rhombus(grid.centre(group.value), base + sign * 9)
    elif as_bars:
        bars = _bars(grid, group, base=base, sign=sign)
    elif below:
        marks = _squares(grid, group, base=base)
    else:
        marks = _dots(grid, group, base=base)
    if group.value is not None:
        top = base - 4.3 if below else base + 1.5
        long = max(grid.column - 8, grid.column * 0.75)
        left = grid.centre(group.value) - long / 2
        value = f"M{short(left)} {short(top)}h{short(long)}v2.5h-{short(long)}z"
    return Series(
        name=group.name,
        tone="two" if below else "one",
        marks=marks,
        marks_width="2" if below else short(grid.pitch * 0.83),
        bars=bars,
        majority=majority,
        value=value,
    )


def _places(grid: _Grid, group: GroupMarks) -> list[tuple[float, int]]:
    """Place the marks of a group: their x and their row, each row centred on its grade."""
    places = []
    for grade in grid.grades:
        left = group.tally.get(grade, 0)
        row = 0
        while left > 0:
            here = min(left, grid.per_row)
            start = grid.centre(grade) - (here - 1) / 2 * grid.pitch
            places += [(start + i * grid.pitch, row) for i in range(here)]
            left -= here
            row += 1
    return places


def _dots(grid: _Grid, group: GroupMarks, *, base: float) -> str:
    """Draw dots as round caps of tiny lines: one path whatever their number."""
    first_row = base - grid.pitch / 2
    return "".join(
        f"M{short(x)} {short(first_row - row * grid.pitch)}h.01" for x, row in _places(grid, group)
    )


def _squares(grid: _Grid, group: GroupMarks, *, base: float) -> str:
    side = grid.pitch * 0.7
    return "".join(
        f"M{short(x - side / 2)} {short(base + 1 + row * grid.pitch)}"
        f"h{short(side)}v{short(side)}h-{short(side)}z"
        for x, row in _places(grid, group)
    )


def _bars(grid: _Grid, group: GroupMarks, *, base: float, sign: int) -> str:
    """Draw each grade's share of the group's marks; the picture's largest share is full height."""
    width = grid.column * 0.8
    height = BAR_HEIGHT / grid.largest_share
    return "".join(
        f"M{short(grid.centre(grade) - width / 2)} {short(base)}"
        f"h{short(width)}v{short(sign * height * group.tally[grade] / group.count)}"
        f"h-{short(width)}z"
        for grade in grid.grades
        if group.tally.get(grade, 0) > 0
    )


def _rhombus(x: float, y: float) -> str:
    return f"M{short(x)} {short(y - 6)}l6 6-6 6-6-6z"
