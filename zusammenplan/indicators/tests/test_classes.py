"""Classes of maps, and the social index: rules that hold for any values."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, pairwise
from math import isclose

import pytest
from hypothesis import given, strategies as st

from zusammenplan.core.charts.classes import class_of
from zusammenplan.indicators.domain.classes import ClassMethod, classify
from zusammenplan.indicators.domain.social_index import (
    IndexClasses,
    LeftOut,
    NoWeightError,
    Part,
    evaluate,
)

numbers = st.decimals(-1000, 1000, places=3, allow_nan=False)
some_numbers = st.lists(numbers, min_size=1, max_size=40)
methods = st.sampled_from(list(ClassMethod))


@given(some_numbers, st.integers(2, 7), methods)
def test_every_value_is_in_a_class_and_no_class_is_empty(
    values: list[Decimal], most: int, method: ClassMethod
) -> None:
    bounds = classify(values, most=most, method=method)

    used = {class_of(value, bounds) for value in values}
    assert used == set(range(len(bounds) + 1))
    assert len(used) <= min(most, len(set(values)))
    assert list(bounds) == sorted(set(bounds))


@given(some_numbers, st.integers(2, 7), methods)
def test_classes_keep_the_order_of_values(
    values: list[Decimal], most: int, method: ClassMethod
) -> None:
    bounds = classify(values, most=most, method=method)

    numbers = [class_of(value, bounds) for value in sorted(values)]

    assert all(before <= after for before, after in pairwise(numbers))


@given(st.lists(st.integers(0, 60), min_size=3, max_size=9, unique=True), st.integers(2, 3))
def test_natural_breaks_are_the_best_there_are(values: list[int], most: int) -> None:
    ordered = [Decimal(value) for value in sorted(values)]

    def spread(starts: tuple[int, ...]) -> Decimal:
        total = Decimal(0)
        for first, end in pairwise((0, *starts, len(ordered))):
            group = ordered[first:end]
            mean = sum(group, start=Decimal(0)) / len(group)
            total += sum(((value - mean) ** 2 for value in group), start=Decimal(0))
        return total

    bounds = classify(ordered, most=most)
    chosen = [class_of(value, bounds) for value in ordered]
    starts = tuple(at for at in range(1, len(ordered)) if chosen[at] != chosen[at - 1])

    best = min(spread(one) for one in combinations(range(1, len(ordered)), most - 1))
    assert isclose(spread(starts), best, abs_tol=1e-6)


def test_bounds_are_round_numbers_in_the_gaps() -> None:
    values = [Decimal(text) for text in ("12.1", "12.9", "18.4", "19.0", "31.7", "33.2")]

    bounds = classify(values, most=3)

    assert [str(bound) for bound in bounds] == ["15", "20"]
    assert [class_of(value, bounds) for value in values] == [0, 0, 1, 1, 2, 2]


def test_few_values_need_few_classes() -> None:
    assert classify([]) == ()
    assert classify([Decimal(3)] * 9) == ()
    assert classify([Decimal(3), Decimal(4)]) == (Decimal(4),)


def test_map_of_many_areas_is_classified_in_reasonable_time() -> None:
    assert len(classify([Decimal(at * at % 1009) / 7 for at in range(2000)])) == 4


# --- the social index ---------------------------------------------------------------------


@st.composite
def tables(draw: st.DrawFn) -> dict[int, dict[str, Decimal | None]]:
    cell = st.one_of(st.none(), st.decimals(0, 100, places=1))
    rows = draw(st.integers(1, 15))
    return {area: {"a": draw(cell), "b": draw(cell)} for area in range(rows)}


PARTS = [Part("a", 2), Part("b", 1, high_is_burden=False)]
index_methods = st.sampled_from(list(IndexClasses))


@given(tables(), st.integers(2, 5), index_methods)
def test_classes_of_evaluated_areas_are_in_order_and_the_others_say_why(
    values: dict[int, dict[str, Decimal | None]], classes: int, method: IndexClasses
) -> None:
    people = {area: Decimal(100 + 100 * (area % 4)) for area in values}

    results = evaluate(
        values, people, PARTS, minimum_population=300, classes=classes, method=method
    )

    assert [result.area for result in results] == list(values)
    evaluated = [result for result in results if result.left_out is None]
    for result in results:
        if people[result.area] < 300:
            assert result.left_out == LeftOut.TOO_SMALL
        else:
            is_missing = None in values[result.area].values()
            assert result.left_out == (LeftOut.VALUE_MISSING if is_missing else None)
    assert all(1 <= (result.burden_class or 0) <= classes for result in evaluated)
    # More burden is never in a lower class, and equal burden in the same one.
    by_index = sorted(evaluated, key=lambda result: result.index or 0)
    for one, other in pairwise(by_index):
        assert (one.burden_class or 0) <= (other.burden_class or 0)
        if isclose(one.index or 0, other.index or 0, abs_tol=1e-12):
            assert one.burden_class == other.burden_class
            assert one.rank == other.rank


@given(tables())
def test_scores_have_the_mean_zero_and_do_not_depend_on_the_unit(
    values: dict[int, dict[str, Decimal | None]],
) -> None:
    people = dict.fromkeys(values, Decimal(500))
    other_unit = {
        area: {name: None if one is None else one * 7 + 3 for name, one in row.items()}
        for area, row in values.items()
    }

    first = evaluate(values, people, PARTS, minimum_population=0, classes=3)
    second = evaluate(other_unit, people, PARTS, minimum_population=0, classes=3)

    shown = [result.index for result in first if result.index is not None]
    assert isclose(sum(shown), 0, abs_tol=1e-7)
    for one, other in zip(first, second, strict=True):
        assert (one.index is None) == (other.index is None)
        assert isclose(one.index or 0, other.index or 0, abs_tol=1e-7)


def test_index_is_the_weighted_mean_of_scores() -> None:
    values = {"x": {"a": Decimal(10), "b": Decimal(3)}, "y": {"a": Decimal(20), "b": Decimal(5)}}
    people = {"x": Decimal(400), "y": Decimal(400)}

    x, y = evaluate(values, people, PARTS, minimum_population=300, classes=2)

    # Scores of -1 and 1; b is turned round: (2 * -1 + 1 * 1) / 3.
    assert x.scores == {"a": -1, "b": 1}
    assert x.index == pytest.approx(-1 / 3)
    assert y.index == pytest.approx(1 / 3)
    assert (y.burden_class, y.rank) == (2, 1)


def test_equal_areas_and_a_single_one_are_neither_better_nor_worse() -> None:
    same = {area: {"a": Decimal(5), "b": Decimal(2)} for area in "xyz"}
    people = dict.fromkeys("xyz", Decimal(400))

    results = evaluate(same, people, PARTS, minimum_population=300, classes=4)
    (alone,) = evaluate({"x": same["x"]}, people, PARTS, minimum_population=300, classes=4)

    assert {(result.index, result.burden_class, result.rank) for result in results} == {(0, 1, 1)}
    assert (alone.index, alone.burden_class) == (0, 1)


def test_area_of_unknown_population_is_left_out() -> None:
    values = {"x": {"a": Decimal(5), "b": Decimal(2)}}

    (result,) = evaluate(values, {}, PARTS, minimum_population=300, classes=4)

    assert result.left_out == LeftOut.POPULATION_UNKNOWN


def test_index_without_weights_is_refused() -> None:
    with pytest.raises(NoWeightError):
        evaluate({}, {}, [Part("a", 0)], minimum_population=0, classes=2)
