"""A value among others on one line: the strip below a key figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from zusammenplan.core.charts.axis import short

WIDTH, EDGE = 300.0, 8.0


@dataclass(frozen=True, slots=True)
class Strip:
    """Where the own value, the others and the compared one lie; each is an x coordinate."""

    own: str
    others: tuple[str, ...]
    reference: str


def strip(
    own: Decimal | None, others: Sequence[Decimal], reference: Decimal | None = None
) -> Strip | None:
    """Lay values out from the least to the greatest; nothing where there is none to compare."""
    compared = [*others, *([] if reference is None else [reference])]
    if own is None or not compared:
        return None
    low, high = min(own, *compared), max(own, *compared)
    unit = (WIDTH - 2 * EDGE) / float(high - low) if high > low else 0.0

    def at(value: Decimal) -> str:
        return short(EDGE + float(value - low) * unit if unit else WIDTH / 2)

    # Values that fall together are drawn once.
    places = tuple(dict.fromkeys(at(value) for value in others))
    return Strip(at(own), places, "" if reference is None else at(reference))
