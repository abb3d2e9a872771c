"""The population by age: men to the left, women to the right, the oldest on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from zusammenplan.core.charts.axis import WIDTH, NumberFormat, Text, scale, short, width_of

TOP, THICK, PITCH, BELOW = 26.0, 16.0, 19.0, 26.0
MIDDLE_AT_LEAST, EDGE = 60.0, 8.0
# Above so many groups only every second is labelled, and so on.
LABELS_AT_MOST = 12
SINGLE_YEARS = 40
THIN, THIN_PITCH = 4.0, 4.5
MISSING = "\N{EN DASH}"

Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """One age group; a value may be missing. Compared values are drawn as an outline."""

    label: str
    men: Decimal | None
    women: Decimal | None
    men_compared: Decimal | None = None
    women_compared: Decimal | None = None
    sign: str = MISSING


@dataclass(frozen=True, slots=True)
class AgeRow:
    label: Text | None
    men: str
    women: str
    missing: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Pyramid:
    """A population pyramid, ready to be drawn."""

    kind: ClassVar[str] = "pyramid"
    width: str
    height: str
    heads: tuple[Text, ...]
    grid: tuple[Text, ...]
    top: str
    bottom: str
    rows: tuple[AgeRow, ...]
    outline: str


@dataclass(frozen=True, slots=True)
class _Plane:
    left: float
    right: float
    top: float
    thick: float
    pitch: float
    count: int
    unit: float

    def x(self, side: Side, value: Decimal) -> float:
        wide = float(value) * self.unit
        return self.left - wide if side == "left" else self.right + wide

    def y(self, place: int) -> float:
        """Give the upper edge of a group's bar; the first group is the lowest."""
        return self.top + (self.count - 1 - place) * self.pitch

    @property
    def bottom(self) -> float:
        return self.top + self.count * self.pitch


def pyramid(
    groups: Sequence[AgeGroup], *, men: str, women: str, number: NumberFormat
) -> Pyramid | None:
    """
    Draw age groups, the youngest first in ``groups``; nothing without a value to draw.

    :raises ValueError: if a value is below nought
    """
    values = [
        value
        for group in groups
        for value in (group.men, group.women, group.men_compared, group.women_compared)
        if value is not None
    ]
    if not values:
        return None
    if min(values) < 0:
        raise ValueError("a number of people cannot be below nought")
    along = scale(values, steps=4)
    middle = max(MIDDLE_AT_LEAST, max(width_of(group.label) for group in groups) + 12)
    is_thin = len(groups) > SINGLE_YEARS
    plane = _Plane(
        left=(WIDTH - middle) / 2,
        right=(WIDTH + middle) / 2,
        top=TOP,
        thick=THIN if is_thin else THICK,
        pitch=THIN_PITCH if is_thin else PITCH,
        count=len(groups),
        unit=((WIDTH - middle) / 2 - EDGE) / float(along.high),
    )
    every = _every(len(groups))
    bottom = plane.bottom + 4
    return Pyramid(
        width=short(WIDTH),
        height=short(bottom + BELOW),
        heads=(
            Text(short(plane.left), "14", men, is_strong=True, anchor="end"),
            Text(short(plane.right), "14", women, is_strong=True, anchor="start"),
        ),
        grid=_grid(plane, along.ticks[1:], number, bottom + 18),
        top=short(TOP - 2),
        bottom=short(bottom),
        rows=tuple(
            _row(plane, place, group, is_labelled=place % every == 0)
            for place, group in enumerate(groups)
        ),
        outline=_outline(plane, "left", [group.men_compared for group in groups])
        + _outline(plane, "right", [group.women_compared for group in groups]),
    )


def _every(count: int) -> int:
    return next(n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if count / n <= LABELS_AT_MOST)


def _grid(
    plane: _Plane, ticks: Sequence[Decimal], number: NumberFormat, y: float
) -> tuple[Text, ...]:
    """Label both sides alike, leaving out labels that would run into the next one."""
    room = plane.left / max(len(ticks), 1)
    widest = max(width_of(number(tick)) for tick in ticks) + 8
    every = max(1, -int(-widest // room))
    sides: tuple[Side, ...] = ("left", "right")
    return tuple(
        Text(short(plane.x(side, tick)), short(y), number(tick) if _shown(place, every) else "")
        for side in sides
        for place, tick in enumerate(ticks, start=1)
    )


def _shown(place: int, every: int) -> bool:
    return place % every == 0


def _row(plane: _Plane, place: int, group: AgeGroup, *, is_labelled: bool) -> AgeRow:
    y = plane.y(place)
    text_y = short(y + plane.thick / 2 + 5)
    missing = []
    if group.men is None:
        missing.append(Text(short(plane.left - 4), text_y, group.sign, anchor="end"))
    if group.women is None:
        missing.append(Text(short(plane.right + 4), text_y, group.sign, anchor="start"))
    return AgeRow(
        label=Text(short(WIDTH / 2), text_y, group.label) if is_labelled else None,
        men=_bar(plane, "left", group.men, y),
        women=_bar(plane, "right", group.women, y),
        missing=tuple(missing),
    )


def _bar(plane: _Plane, side: Side, value: Decimal | None, y: float) -> str:
    if not value:
        return ""
    begin, end = plane.x(side, Decimal(0)), plane.x(side, value)
    return f"M{short(begin)} {short(y)}H{short(end)}v{short(plane.thick)}H{short(begin)}z"


def _outline(plane: _Plane, side: Side, values: Sequence[Decimal | None]) -> str:
    """Draw the steps of the compared values; where one is missing the outline has a gap."""
    path, is_open = "", False
    gap = (plane.pitch - plane.thick) / 2
    for place, value in enumerate(values):
        if value is None:
            is_open = False
            continue
        x = short(plane.x(side, value))
        low, high = plane.y(place) + plane.thick + gap, plane.y(place) - gap
        path += f"{f'H{x}' if is_open else f'M{x} {short(low)}'}V{short(high)}"
        is_open = True
    return path
