"""Which area may lie in which, and how many of them a list shows."""

import pytest
from hypothesis import given, strategies as st

from zusammenplan.places.domain.tree import lies_in_itself, parts_of, unfolded


def test_an_area_may_not_lie_in_its_own_part() -> None:
    parents = {1: None, 2: 1, 3: 2}

    assert lies_in_itself(parents, 1, 3)
    assert lies_in_itself(parents, 1, 1)
    assert not lies_in_itself(parents, 3, 1)
    assert not lies_in_itself(parents, 2, None)


def test_parts_are_found_by_way_of_others() -> None:
    parents = {1: None, 2: 1, 3: 2, 4: None}

    assert parts_of(parents, 1) == {2, 3}
    assert parts_of(parents, 4) == set()


def test_a_circle_that_is_there_already_ends() -> None:
    assert not lies_in_itself({1: 2, 2: 1, 3: None}, 3, 1)


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(0, 8)), max_size=15))
def test_moves_that_are_allowed_never_make_a_circle(moves: list[tuple[int, int]]) -> None:
    parents: dict[int, int | None] = dict.fromkeys(range(1, 9))
    for area, wanted in moves:
        parent = wanted or None
        if not lies_in_itself(parents, area, parent):
            parents[area] = parent

    for parent in parents.values():
        steps, here = 0, parent
        while here is not None:
            here, steps = parents[here], steps + 1
            assert steps <= len(parents)


@pytest.mark.parametrize(
    ("at_most", "shown"),
    [
        (2, [(1, 0, 3), (5, 0, 0)]),
        (4, [(1, 0, 0), (2, 1, 1), (3, 1, 0), (5, 0, 0)]),
        (9, [(1, 0, 0), (2, 1, 0), (4, 2, 0), (3, 1, 0), (5, 0, 0)]),
    ],
)
def test_as_many_levels_are_listed_as_fit(at_most: int, shown: list[tuple[int, int, int]]) -> None:
    found = unfolded({1: None, 2: 1, 3: 1, 4: 2, 5: None}, None, at_most)

    assert [(one.area, one.depth, one.folded) for one in found] == shown


def test_the_first_level_is_listed_however_long_it_is() -> None:
    found = unfolded({1: None, 2: None, 3: 2}, None, 1)

    assert [(one.area, one.is_first, one.is_last) for one in found] == [
        (1, True, False),
        (2, False, True),
    ]


forests = st.lists(st.integers(0, 9), max_size=15).map(
    lambda above: {area: at % area or None for area, at in enumerate(above, start=1)}
)


@given(forests, st.integers(0, 16))
def test_a_list_shows_whole_levels_as_many_as_fit_and_counts_the_rest(
    parents: dict[int, int | None], at_most: int
) -> None:
    shown = unfolded(parents, None, at_most)
    depths = {area: sum(area in parts_of(parents, above) for above in parents) for area in parents}
    deepest = max((one.depth for one in shown), default=0)
    listed = [one.area for one in shown]

    assert sorted(listed) == [area for area in parents if depths[area] <= deepest]
    assert deepest == 0 or len(listed) <= at_most
    next_level = sum(depth == deepest + 1 for depth in depths.values())
    assert not next_level or len(listed) + next_level > at_most
    for place, one in enumerate(shown):
        assert one.depth == depths[one.area]
        assert one.depth == 0 or parents[one.area] in listed[:place]
        assert one.folded == (len(parts_of(parents, one.area)) if one.depth == deepest else 0)
