"""Classes of values and the tones that stand for them, from light to dark."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

# Which of the sheet's seven tones so many classes take, so that they lie apart evenly.
TONES = {
    1: (3,),
    2: (2, 5),
    3: (1, 3, 6),
    4: (1, 3, 5, 7),
    5: (1, 2, 3, 5, 7),
    6: (1, 2, 3, 4, 5, 7),
    7: (1, 2, 3, 4, 5, 6, 7),
}
FIRST_DARK = 4


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone of the sheet; text on it is light from the fourth on."""

    number: int

    @property
    def name(self) -> str:
        return f"c{self.number}"

    @property
    def ink(self) -> str:
        return "on-dark" if self.number >= FIRST_DARK else "on-light"


def tones(count: int) -> tuple[Tone, ...]:
    """
    Give so many tones, the least first.

    :raises ValueError: if more are wanted than people can tell apart
    """
    if count not in TONES:
        raise ValueError(f"there are tones for 1 to {max(TONES)} classes, not for {count}")
    return tuple(Tone(number) for number in TONES[count])


def class_of(value: Decimal, bounds: Sequence[Decimal]) -> int:
    """Tell the class of a value, from 0; a bound is the first value of the class above it."""
    return bisect_right(bounds, value)


def class_bounds(values: Iterable[Decimal], classes: int = 5) -> tuple[Decimal, ...]:
    """
    Choose the bounds between classes of about as many values each, as short numbers.

    Few or equal values give fewer classes; each class has at least one value.
    """
    found = sorted(values)
    if not found or found[0] == found[-1]:
        return ()
    # Bounds read well if they have about two figures less than the whole reach.
    unit = Decimal(10) ** ((found[-1] - found[0]).adjusted() - 1)
    bounds: list[Decimal] = []
    for number in range(1, classes):
        exact = found[len(found) * number // classes]
        bound = _rounded(exact, unit)
        if bound > found[0] and bound <= found[-1]:
            bounds.append(bound)
    return _without_empty(sorted(set(bounds)), found)


def _rounded(value: Decimal, unit: Decimal) -> Decimal:
    return (value / unit).to_integral_value(ROUND_HALF_EVEN) * unit


def _without_empty(bounds: Sequence[Decimal], found: Sequence[Decimal]) -> tuple[Decimal, ...]:
    kept: list[Decimal] = []
    below = 0
    for bound in bounds:
        here = sum(value < bound for value in found)
        if below < here < len(found):
            kept.append(bound)
            below = here
    return tuple(kept)
