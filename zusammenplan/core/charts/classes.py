"""Classes of values and the tones that stand for them, from light to dark."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

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
