"""
The social index: the weighted mean of z-scores, and classes of areas (R38).

z = (value - mean) / standard deviation, over the evaluated areas; turned round where a high value
is good, so that more always means more burden. Areas with too few people, or without one of the
values, are left out and said so; they count neither for mean nor for classes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from math import fsum, sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

# Differences that come only from computing with binary numbers.
NOTHING = 1e-9


class IndexClasses(StrEnum):
    """How areas are put into classes."""

    QUANTILE = "quantile"  # about as many areas in each
    EQUAL = "equal"  # equal steps of the index


class LeftOut(StrEnum):
    """Why an area is not evaluated."""

    TOO_SMALL = "too_small"
    POPULATION_UNKNOWN = "population_unknown"
    VALUE_MISSING = "value_missing"


@dataclass(frozen=True, slots=True)
class Part:
    """An indicator in the index."""

    key: Any
    weight: float = 1.0
    high_is_burden: bool = True


@dataclass(frozen=True, slots=True)
class AreaResult:
    """What the index says of an area; raw values stand next to it."""

    area: Any
    values: Mapping[Any, Decimal | None]
    scores: Mapping[Any, float]
    index: float | None = None
    # From 1 for the least burden on; None for areas that are left out.
    burden_class: int | None = None
    # From 1 for the most burden on; equal ones share a rank.
    rank: int | None = None
    left_out: LeftOut | None = None


class NoWeightError(ValueError):
    """No indicator has a weight above zero."""


def evaluate(
    values: Mapping[Any, Mapping[Any, Decimal | None]],
    population: Mapping[Any, Decimal | None],
    parts: Sequence[Part],
    *,
    minimum_population: int,
    classes: int,
    method: IndexClasses = IndexClasses.QUANTILE,
) -> list[AreaResult]:
    """
    Compute the index of all areas, in the order in which they are given.

    :raises NoWeightError: if no indicator has a weight
    """
    weights = fsum(part.weight for part in parts)
    if weights <= 0:
        raise NoWeightError
    reasons = {
        area: _left_out(values[area], population.get(area), parts, minimum_population)
        for area in values
    }
    evaluated = [area for area in values if reasons[area] is None]
    scores: dict[Any, dict[Any, float]] = {area: {} for area in evaluated}
    for part in parts:
        column = [float(values[area][part.key] or 0) for area in evaluated]
        for area, score in zip(evaluated, z_scores(column), strict=True):
            scores[area][part.key] = score if part.high_is_burden else 0.0 - score
    index = {
        area: fsum(part.weight * scores[area][part.key] for part in parts) / weights
        for area in evaluated
    }
    numbers = _classes([index[area] for area in evaluated], classes, method)
    burden = dict(zip(evaluated, numbers, strict=True))
    ordered = sorted(index.values())
    results = []
    for area in values:
        if area not in index:
            results.append(AreaResult(area, values[area], {}, left_out=reasons[area]))
            continue
        rank = 1 + len(ordered) - bisect_right(ordered, index[area] + NOTHING)
        results.append(
            AreaResult(
                area,
                values[area],
                scores[area],
                index[area],
                burden[area],
                rank,
            )
        )
    return results


def z_scores(values: Sequence[float]) -> list[float]:
    """Give how many standard deviations each value is away from the mean; 0 if all are equal."""
    if not values:
        return []
    mean = fsum(values) / len(values)
    deviation = sqrt(fsum((value - mean) ** 2 for value in values) / len(values))
    if deviation <= NOTHING * max(1.0, abs(mean)):
        return [0.0] * len(values)
    return [(value - mean) / deviation for value in values]


def _left_out(
    values: Mapping[Any, Decimal | None],
    population: Decimal | None,
    parts: Sequence[Part],
    minimum_population: int,
) -> LeftOut | None:
    if population is None:
        return LeftOut.POPULATION_UNKNOWN
    if population < minimum_population:
        return LeftOut.TOO_SMALL
    if any(values.get(part.key) is None for part in parts):
        return LeftOut.VALUE_MISSING
    return None


def _classes(index: Sequence[float], classes: int, method: IndexClasses) -> list[int]:
    """Put areas into classes; those with the same index are in the same one."""
    ordered = sorted(index)
    if not ordered or ordered[-1] - ordered[0] <= NOTHING:
        return [1] * len(index)
    if method == IndexClasses.EQUAL:
        step = (ordered[-1] - ordered[0]) / classes
        return [min(classes, 1 + int((value - ordered[0]) / step + NOTHING)) for value in index]
    return [1 + classes * bisect_left(ordered, value - NOTHING) // len(ordered) for value in index]
