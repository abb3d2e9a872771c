"""Which area may lie in which."""

from hypothesis import given, strategies as st

from zusammenplan.places.domain.tree import lies_in_itself, parts_of


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
