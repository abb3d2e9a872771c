"""The tree of goals: its order, what fits into it, and the thread through it."""

from dataclasses import dataclass

from hypothesis import given, strategies as st

from zusammenplan.plans.domain.goal_tree import (
    MOST_LEVELS,
    Misfit,
    Placed,
    descendants,
    in_tree_order,
    level_clashes,
    misfit,
    without_link,
)


@dataclass(frozen=True)
class Node:
    pk: int
    parent_id: int | None = None


def test_each_goal_stands_after_its_parent_with_its_depth() -> None:
    nodes = [Node(1), Node(2), Node(3, 1), Node(4, 3), Node(5, 1)]

    assert [(node.pk, depth) for node, depth in in_tree_order(nodes)] == [
        (1, 0),
        (3, 1),
        (4, 2),
        (5, 1),
        (2, 0),
    ]


def test_goals_in_a_circle_are_not_lost() -> None:
    nodes = [Node(1, 2), Node(2, 1)]

    assert {node.pk for node, _depth in in_tree_order(nodes)} == {1, 2}


@given(st.lists(st.integers(0, 20), max_size=20))
def test_every_goal_stands_there_once(parents: list[int]) -> None:
    nodes = [Node(pk, parent or None) for pk, parent in enumerate(parents, start=1)]

    order = [node.pk for node, _depth in in_tree_order(nodes)]

    assert sorted(order) == [node.pk for node in nodes]


def test_descendants_are_all_below_a_goal() -> None:
    nodes = [Node(1), Node(2, 1), Node(3, 2), Node(4)]

    assert descendants(nodes, 1) == {2, 3}
    assert descendants(nodes, 4) == set()


# Which goal may stand under which


def test_a_level_lies_below_that_of_the_goal_above_and_may_skip_some() -> None:
    goals = [Placed(1, None, 1), Placed(2, 1, 3)]

    assert misfit(goals, None, 1, 4) is None
    assert misfit(goals, None, 2, 4) is None
    assert misfit(goals, None, 2, 3) is Misfit.LEVEL_NOT_BELOW
    assert misfit(goals, None, 2, 2) is Misfit.LEVEL_NOT_BELOW
    assert misfit(goals, None, None, 3) is None


def test_a_goal_without_level_stands_anywhere_and_hides_no_level_above() -> None:
    goals = [Placed(1, None, 2), Placed(2, 1, None)]

    assert misfit(goals, None, 2, None) is None
    assert misfit(goals, None, 2, 2) is Misfit.LEVEL_NOT_BELOW
    assert misfit(goals, None, 2, 3) is None


def test_a_goal_that_moves_takes_its_levels_with_it() -> None:
    goals = [Placed(1, None, 1), Placed(2, None, 2), Placed(3, 2, 3), Placed(4, None, 3)]

    assert misfit(goals, 2, 1, 2) is None
    assert misfit(goals, 2, None, 3) is Misfit.LEVEL_NOT_ABOVE
    assert misfit(goals, 2, 4, None) is Misfit.LEVEL_NOT_ABOVE


def test_no_goal_stands_under_itself_or_an_unknown_one() -> None:
    goals = [Placed(1, None, None), Placed(2, 1, None), Placed(3, 2, None)]

    assert misfit(goals, 1, 1, None) is Misfit.UNDER_ITSELF
    assert misfit(goals, 1, 3, None) is Misfit.UNDER_ITSELF
    assert misfit(goals, 1, 99, None) is Misfit.UNKNOWN_PARENT


def test_the_tree_is_eight_goals_deep_at_most() -> None:
    chain = [Placed(pk, pk - 1 or None, None) for pk in range(1, 9)]
    pair = [Placed(20, None, None), Placed(21, 20, None)]

    assert misfit(chain[:7], None, 7, None) is None
    assert misfit(chain, None, 8, None) is Misfit.TOO_DEEP
    assert misfit([*chain[:7], *pair], 20, 7, None) is Misfit.TOO_DEEP
    assert misfit([*chain[:6], *pair], 20, 6, None) is None


@given(
    st.lists(
        st.tuples(st.integers(1, 12), st.integers(0, 12), st.none() | st.integers(1, 8)),
        max_size=20,
    )
)
def test_moves_that_fit_keep_every_rule(
    moves: list[tuple[int, int, int | None]],
) -> None:
    goals: dict[int, Placed] = {}
    for pk, parent, level in moves:
        known = pk if pk in goals else None
        if misfit(goals.values(), known, parent or None, level) is None:
            goals[pk] = Placed(pk, parent or None, level)

    for goal in goals.values():
        way = [goal]
        while (above := way[-1].parent_id) is not None:
            way.append(goals[above])
            assert len(way) <= MOST_LEVELS
        levels = [one.level for one in way if one.level is not None]
        assert levels == sorted(set(levels), reverse=True)
    assert len(list(in_tree_order(goals.values()))) == len(goals)


# The thread through the tree


def test_a_link_reaches_the_goals_above_and_below_but_not_beside() -> None:
    parents = {1: None, 2: 1, 3: 2, 4: 1, 5: None}

    assert without_link(parents, {2}) == {4, 5}
    assert without_link(parents, {1}) == {5}
    assert without_link(parents, set()) == {1, 2, 3, 4, 5}


@given(st.lists(st.integers(0, 12), max_size=12), st.sets(st.integers(1, 12)))
def test_a_goal_is_loose_if_no_way_leads_to_a_link(parents: list[int], linked: set[int]) -> None:
    nodes = [
        Node(pk, parent if 0 < parent < pk else None) for pk, parent in enumerate(parents, start=1)
    ]
    keys = {node.pk for node in nodes}

    def on_one_way(pk: int) -> set[int]:
        up = {other.pk for other in nodes if pk in descendants(nodes, other.pk)}
        return {pk} | up | descendants(nodes, pk)

    above = {node.pk: node.parent_id for node in nodes}
    assert without_link(above, linked) == {pk for pk in keys if not on_one_way(pk) & linked}


def test_a_level_beside_or_above_that_of_a_goal_above_is_told_with_the_way_there() -> None:
    goals = [Placed(1, None, 2), Placed(2, 1, None), Placed(3, 2, 2), Placed(4, 3, 3)]

    assert list(level_clashes(goals)) == [(3, [3, 2, 1])]


def test_levels_may_be_skipped_and_left_out() -> None:
    goals = [Placed(1, None, 1), Placed(2, 1, None), Placed(3, 2, 4), Placed(4, None, 1)]

    assert not list(level_clashes(goals))
