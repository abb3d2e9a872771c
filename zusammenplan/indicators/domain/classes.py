"""
Classes for a map of values: natural breaks, or as many areas in each, with rounded bounds.

A bound lies in the gap between two values, rounded as far as the gap allows, so that rounding never
moves an area into another class. Equal values are always in the same class, and no class is empty.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CLASSES = 7
# Natural breaks compare every value with every other; beyond that many they are thinned out.
MOST_COMPARED = 300


class ClassMethod(StrEnum):
    """How values are put into classes."""

    NATURAL = "natural"
    QUANTILE = "quantile"
    EQUAL = "equal"


def classify(
    values: Sequence[Decimal], *, most: int = 5, method: ClassMethod = ClassMethod.NATURAL
) -> tuple[Decimal, ...]:
    """
    Give the bounds between at most so many classes, from the lowest to the highest.

    A bound is the first value of the class above it, as a map draws it
    (:func:`zusammenplan.core.charts.classes.class_of`).
    """
    distinct = sorted(set(values))
    if not distinct:
        return ()
    number = min(most, MOST_CLASSES, len(distinct))
    if method == ClassMethod.NATURAL:
        starts = _natural(distinct, number)
    elif method == ClassMethod.QUANTILE:
        starts = _quantiles(sorted(values), distinct, number)
    else:
        starts = _equal(distinct, number)
    return tuple(_between(distinct[start - 1], distinct[start]) for start in starts)


def _natural(distinct: Sequence[Decimal], number: int) -> list[int]:
    """Give where classes begin so that values differ least within them (Jenks, Fisher)."""
    picked = _thinned(len(distinct))
    points = [float(distinct[at]) for at in picked]
    count = len(points)
    number = min(number, count)
    middle = points[count // 2]
    sums, squares = [0.0], [0.0]
    for point in points:
        sums.append(sums[-1] + point - middle)
        squares.append(squares[-1] + (point - middle) ** 2)

    def spread(first: int, end: int) -> float:
        total = sums[end] - sums[first]
        return max(0.0, squares[end] - squares[first] - total * total / (end - first))

    best = [spread(0, end) if end else 0.0 for end in range(count + 1)]
    came_from: list[list[int]] = []
    for classes in range(2, number + 1):
        row, chosen = [float("inf")] * (count + 1), [0] * (count + 1)
        for end in range(classes, count + 1):
            for first in range(classes - 1, end):
                cost = best[first] + spread(first, end)
                if cost < row[end]:
                    row[end], chosen[end] = cost, first
        best = row
        came_from.append(chosen)
    starts, end = [], count
    for chosen in reversed(came_from):
        end = chosen[end]
        starts.append(picked[end])
    return sorted(starts)


def _thinned(count: int) -> list[int]:
    if count <= MOST_COMPARED:
        return list(range(count))
    return sorted({at * (count - 1) // (MOST_COMPARED - 1) for at in range(MOST_COMPARED)})


def _quantiles(ordered: Sequence[Decimal], distinct: Sequence[Decimal], number: int) -> list[int]:
    """Give where classes begin so that each has about as many areas; equal values stay together."""
    place = {value: at for at, value in enumerate(distinct)}
    starts = {place[ordered[len(ordered) * part // number]] for part in range(1, number)}
    return sorted(starts - {0})


def _equal(distinct: Sequence[Decimal], number: int) -> list[int]:
    """Give where classes begin so that they are of the same width; empty ones are left out."""
    step = (distinct[-1] - distinct[0]) / number
    starts = set()
    for part in range(1, number):
        limit = distinct[0] + step * part
        starts.add(next(at for at, value in enumerate(distinct) if value >= limit))
    return sorted(starts - {0})


def _between(below: Decimal, above: Decimal) -> Decimal:
    """Give the roundest number that is above the one value and not above the other."""
    exponent = (above - below).adjusted() + 1
    while True:
        unit = Decimal(1).scaleb(exponent)
        for step in (unit * 5, unit * 2, unit):
            found = (above / step).to_integral_value(ROUND_FLOOR) * step
            if below < found <= above:
                return found.normalize() + Decimal(0)
        exponent -= 1
