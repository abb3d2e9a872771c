"""Lying bars: a ranking, shares, and bars stacked of several parts. They begin at nought."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from zusammenplan.core.charts.axis import (
    WIDTH,
    Anchor,
    Key,
    NumberFormat,
    Style,
    Text,
    reaching,
    short,
    width_of,
)
from zusammenplan.core.charts.classes import Tone, tones

# A label up to this width stands left of its bar, a longer one above it.
LABEL_AT_MOST = 160.0
THICK, GAP, LABEL_ROW, KEY_ROW = 18.0, 10.0, 22.0, 24.0
MISSING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A value and whose it is; without a value ``sign`` says why. Own bars stand out."""

    label: str
    value: Decimal | None
    sign: str = MISSING
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that all bars are compared with."""

    value: Decimal
    word: str


@dataclass(frozen=True, slots=True)
class BarRow:
    label: Text
    path: str
    style: Style
    value: Text


@dataclass(frozen=True, slots=True)
class ReferenceMark:
    path: str
    label: Text


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars with their values written out."""

    kind: ClassVar[str] = "bars"
    width: str
    height: str
    axis: str
    rows: tuple[BarRow, ...]
    reference: ReferenceMark | None


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar of several parts; if one is missing, the whole is not known and not drawn."""

    label: str
    parts: Sequence[Decimal | None]
    sign: str = MISSING


@dataclass(frozen=True, slots=True)
class Segment:
    tone: Tone
    path: str
    value: Text | None


@dataclass(frozen=True, slots=True)
class StackRow:
    label: Text
    segments: tuple[Segment, ...]
    missing: Text | None


@dataclass(frozen=True, slots=True)
class StackedChart:
    """Bars of several parts, with the key of the parts above."""

    kind: ClassVar[str] = "stacked"
    width: str
    height: str
    axis: str
    keys: tuple[Key, ...]
    rows: tuple[StackRow, ...]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where labels and bars lie."""

    top: float
    left: float
    is_above: bool
    count: int

    @property
    def pitch(self) -> float:
        return THICK + GAP + (LABEL_ROW if self.is_above else 0.0)

    @property
    def bottom(self) -> float:
        return self.top + self.count * self.pitch - GAP / 2

    def bar_y(self, place: int) -> float:
        return self.top + place * self.pitch + (LABEL_ROW if self.is_above else 0.0)

    def upright(self, x: float, over: float) -> str:
        """Draw along all bars, so far above them; names above their bars are left free."""
        if self.is_above:
            return "".join(
                f"M{short(x)} {short(self.bar_y(place) - GAP / 2)}v{short(THICK + GAP)}"
                for place in range(self.count)
            )
        return f"M{short(x)} {short(self.top - over)}V{short(self.bottom)}"

    def label(self, place: int, text: str, *, is_strong: bool = False) -> Text:
        y = self.bar_y(place)
        if self.is_above:
            return Text("0", short(y - 6), text, is_strong, anchor="start")
        return Text(short(self.left - 10), short(y + THICK / 2 + 5), text, is_strong, anchor="end")


def _rows(labels: Sequence[str], *, top: float) -> _Rows:
    widest = max(map(width_of, labels))
    is_above = widest > LABEL_AT_MOST
    return _Rows(top, 0.0 if is_above else widest + 12, is_above, len(labels))


def bar_chart(
    bars: Sequence[Bar], *, number: NumberFormat, reference: Reference | None = None
) -> BarChart | None:
    """Draw bars in the given order; nothing without a value to draw."""
    known = [bar.value for bar in bars if bar.value is not None]
    if not known:
        return None
    rows = _rows([bar.label for bar in bars], top=30.0 if reference else 4.0)
    texts = [bar.sign if bar.value is None else number(bar.value) for bar in bars]
    reach = [*known, *([reference.value] if reference else [])]
    along = reaching(reach, rows.left, WIDTH - max(map(width_of, texts)) - 12)
    nought = along.at(Decimal(0))
    has_own = any(bar.is_own for bar in bars)
    return BarChart(
        width=short(WIDTH),
        height=short(rows.bottom),
        axis=rows.upright(nought, 4),
        rows=tuple(
            BarRow(
                label=rows.label(place, bar.label, is_strong=bar.is_own),
                path=""
                if bar.value is None
                else _box(nought, along.at(bar.value), rows.bar_y(place)),
                style="rest" if has_own and not bar.is_own else "one",
                # In a column, so that no upright and no bar runs through a value.
                value=_value(WIDTH, rows.bar_y(place), text, anchor="end", is_strong=bar.is_own),
            )
            for place, (bar, text) in enumerate(zip(bars, texts, strict=True))
        ),
        reference=_reference(rows, along.at(reference.value), reference, number)
        if reference
        else None,
    )


def _box(begin: float, end: float, y: float) -> str:
    return f"M{short(begin)} {short(y)}H{short(end)}v{short(THICK)}H{short(begin)}z"


def _value(x: float, y: float, text: str, *, anchor: Anchor, is_strong: bool = False) -> Text:
    return Text(short(x), short(y + THICK / 2 + 5), text, is_strong, anchor)


def _reference(rows: _Rows, x: float, reference: Reference, number: NumberFormat) -> ReferenceMark:
    text = f"{reference.word} {number(reference.value)}"
    half = width_of(text) / 2
    middle = min(max(x, half), max(WIDTH - half, half))
    return ReferenceMark(
        rows.upright(x, 8),
        Text(short(middle), "14", text),
    )


def stacked_chart(
    names: Sequence[str],
    stacks: Sequence[Stack],
    *,
    number: NumberFormat,
    as_shares: bool = True,
) -> StackedChart | None:
    """
    Draw bars of the named parts, as shares of the whole or by their size.

    :raises ValueError: if a part is below nought, or there are more parts than tones
    """
    wholes = [_whole(stack) for stack in stacks]
    longest = max((whole for whole in wholes if whole), default=Decimal(0))
    if not longest:
        return None
    shades = tones(len(names))
    keys, key_height = _keys(names, shades)
    rows = _rows([stack.label for stack in stacks], top=key_height + 8)
    drawn = []
    for place, (stack, whole) in enumerate(zip(stacks, wholes, strict=True)):
        y = rows.bar_y(place)
        missing: Text | None = None
        segments: tuple[Segment, ...] = ()
        if whole:
            unit = (WIDTH - rows.left) / float(whole if as_shares else longest)
            segments = _segments(stack, shades, number, rows.left, y, unit)
        elif whole is None:
            missing = _value(rows.left + 8, y, stack.sign, anchor="start")
        drawn.append(StackRow(rows.label(place, stack.label), segments, missing))
    return StackedChart(
        width=short(WIDTH),
        height=short(rows.bottom),
        axis=rows.upright(rows.left, 4),
        keys=keys,
        rows=tuple(drawn),
    )


def _whole(stack: Stack) -> Decimal | None:
    whole = Decimal(0)
    for part in stack.parts:
        if part is None:
            return None
        if part < 0:
            raise ValueError(f"a part of a whole cannot be {part}")
        whole += part
    return whole


def _keys(names: Sequence[str], shades: Sequence[Tone]) -> tuple[tuple[Key, ...], float]:
    """Write the parts' names in lines above the bars."""
    keys: list[Key] = []
    x, y = 0.0, 0.0
    for name, tone in zip(names, shades, strict=True):
        wide = 22 + width_of(name)
        if x and x + wide > WIDTH:
            x, y = 0.0, y + KEY_ROW
        keys.append(Key(short(x), short(y), name, tone.name))
        x += wide + 16
    return tuple(keys), y + KEY_ROW


def _segments(
    stack: Stack,
    shades: Sequence[Tone],
    number: NumberFormat,
    x: float,
    y: float,
    unit: float,
) -> tuple[Segment, ...]:
    segments = []
    for part, tone in zip(stack.parts, shades, strict=True):
        if not part:
            continue
        wide = float(part) * unit
        text = number(part)
        fits = width_of(text) + 6 <= wide
        value = Text(short(x + wide / 2), short(y + THICK / 2 + 5), text) if fits else None
        segments.append(Segment(tone, _box(x, x + wide, y), value))
        x += wide
    return tuple(segments)
