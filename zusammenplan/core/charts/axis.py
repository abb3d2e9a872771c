"""What all charts share: a scale with round numbers, marks with text, and how coordinates read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

NumberFormat = Callable[[Decimal], str]
Style = Literal["one", "two", "rest"]
Anchor = Literal["start", "middle", "end"]

WIDTH = 440.0
# How wide a letter of size 1 is on the average; figures and German words are hardly wider.
LETTER = 0.56
# A phone shows all text of a chart in this size, so room is kept for it.
TEXT = 16.0
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
# A line may begin elsewhere than at nought if nought is far from all values.
FAR_FROM_NOUGHT = Decimal("0.6")


@dataclass(frozen=True, slots=True)
class Text:
    """Words at their place."""

    x: str
    y: str
    text: str
    is_strong: bool = False
    anchor: Anchor = "middle"


@dataclass(frozen=True, slots=True)
class Spot:
    """A value at its place."""

    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Key:
    """What a style stands for; ``x`` and ``y`` are the sample's upper left corner."""

    x: str
    y: str
    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Round numbers from ``low`` to ``high``, laid out between two places of the picture."""

    low: Decimal
    high: Decimal
    step: Decimal
    begin: float = 0.0
    end: float = 1.0

    @property
    def ticks(self) -> tuple[Decimal, ...]:
        count = int((self.high - self.low) / self.step)
        return tuple(self.low + self.step * number for number in range(count + 1))

    def at(self, value: Decimal) -> float:
        """Give the place of a value."""
        share = float((value - self.low) / (self.high - self.low))
        return self.begin + share * (self.end - self.begin)

    def between(self, begin: float, end: float) -> "Scale":
        """Lay the same numbers out between two places."""
        return Scale(self.low, self.high, self.step, begin, end)


def scale(values: Iterable[Decimal], *, from_nought: bool = True, steps: int = 3) -> Scale:
    """
    Choose round numbers around some values, in about so many steps.

    Nought is among them; with ``from_nought=False`` it is left out if it is far from all values.
    """
    found = list(values) or [Decimal(0)]
    low, high = min(found), max(found)
    if low > 0 and (from_nought or low < FAR_FROM_NOUGHT * high):
        low = Decimal(0)
    if high < 0 and (from_nought or high > FAR_FROM_NOUGHT * low):
        high = Decimal(0)
    if low == high:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high = Decimal(1)
    step = _round_step((high - low) / steps)
    bottom = (low / step).to_integral_value(ROUND_FLOOR)
    top = (high / step).to_integral_value(ROUND_CEILING)
    return Scale(bottom * step, top * step, step)


def reaching(values: Iterable[Decimal], begin: float, end: float) -> Scale:
    """Let the longest of some bars fill the room; nought is within, no round number at the end."""
    found = [Decimal(0), *values]
    low, high = min(found), max(found)
    if low == high:
        high = Decimal(1)
    return Scale(low, high, high - low, begin, end)


def _round_step(rough: Decimal) -> Decimal:
    size = Decimal(10) ** rough.adjusted()
    return next(step * size for step in STEPS if step * size >= rough)


def short(value: float) -> str:
    """Write a coordinate with at most two decimals, without needless noughts."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def width_of(text: str, size: float = TEXT) -> float:
    """Estimate how wide a text is."""
    return len(text) * size * LETTER


def spread(wanted: list[float], *, apart: float, low: float, high: float) -> list[float]:
    """Move places as little as need be so that none lies closer to the next than ``apart``."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    places = list(wanted)
    floor = low
    for index in order:
        places[index] = floor = max(places[index], floor)
        floor += apart
    ceiling = high
    for index in reversed(order):
        places[index] = ceiling = min(places[index], ceiling)
        ceiling -= apart
    return places
