"""The order of a tree of goals."""

from dataclasses import dataclass

from hypothesis import given, strategies as st

from zusammenplan.plans.domain.goal_tree import descendants, in_tree_order


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
