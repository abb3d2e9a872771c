"""What many marks say together: the middle, the majority, how far they agree."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from math import comb

from zusammenplan.ballots.domain.rule import Scale

Tally = Mapping[int, int]
"""How many marks each grade got."""


class GradeOutsideScaleError(ValueError):
    """A mark names a grade that the round's scale does not have."""

    def __init__(self, grade: int, scale: "Scale") -> None:
        super().__init__(f"{grade} is not between {scale.lowest} and {scale.highest}")
        self.grade = grade
        self.scale = scale


def median(tally: Tally) -> Fraction | None:
    """
    Find the value in the middle when all marks lie in a row (rule 3); none without marks.

    With an even number of marks it is halfway between the two in the middle.
    """
    marks = sum(tally.values())
    if not marks:
        return None
    return Fraction(_mark_at(tally, (marks - 1) // 2) + _mark_at(tally, marks // 2), 2)


def majority(tally: Tally) -> tuple[int, ...]:
    """Find the grade with the most marks (rule 3); several, ascending, if they tie."""
    most = max(tally.values(), default=0)
    return tuple(sorted(grade for grade, marks in tally.items() if marks == most > 0))


def agreement(tally: Tally, scale: Scale) -> float | None:
    """
    Measure how far the marks agree: van der Eijk's A (rule 8); none without marks.

    1 is all on one grade, 0 is evenly spread, -1 is half at either end of the scale. The tally is
    taken apart into layers: each is as high as its least grade that has marks at all, so within
    a layer a grade either has marks or not. A is the mean of the layers' agreements, weighted by
    the marks in them. Source: Cees van der Eijk, Measuring Agreement in Ordered Rating Scales,
    Quality and Quantity 35 (2001), pages 325 to 341.

    :raises GradeOutsideScaleError: if a mark is not on the scale
    """
    left = list(fill(tally, scale).values())
    marks = sum(left)
    if not marks:
        return None
    total = Fraction(0)
    while any(left):
        height = min(count for count in left if count)
        layer = tuple(count > 0 for count in left)
        total += height * sum(layer) * _layer_agreement(layer)
        left = [count - height if count else 0 for count in left]
    return float(total / marks)


def fill(tally: Tally, scale: Scale) -> dict[int, int]:
    """Give every grade of the scale its number of marks, ascending."""
    for grade in tally:
        if grade not in scale:
            raise GradeOutsideScaleError(grade, scale)
    return {grade: tally.get(grade, 0) for grade in range(scale.lowest, scale.highest + 1)}


def _mark_at(tally: Tally, position: int) -> int:
    """Give the mark at this position, from 0, when all marks lie in ascending order."""
    grades = iter(sorted(tally))
    grade = next(grades)
    passed = tally[grade]
    while passed <= position:
        grade = next(grades)
        passed += tally[grade]
    return grade


@lru_cache(maxsize=4096)
def _layer_agreement(layer: tuple[bool, ...]) -> Fraction:
    """
    Measure the agreement of a layer whose grades either have marks or not.

    Of all triples of grades with one empty grade, the empty one lies outside (one peak) or
    between the two others (two peaks). The fewer grades are filled, the more the shape counts.
    """
    grades, filled = len(layer), sum(layer)
    one_peak = two_peaks = before = 0
    for is_filled in layer:
        if is_filled:
            before += 1
        else:
            one_peak += comb(before, 2) + comb(filled - before, 2)
            two_peaks += before * (filled - before)
    concentration = 1 - Fraction(filled - 1, grades - 1)
    if not two_peaks:
        return concentration
    triples = one_peak + two_peaks
    shape = Fraction(
        (grades - 2) * one_peak - (grades - 1) * two_peaks,
        (grades - 2) * triples,
    )
    return shape * concentration
