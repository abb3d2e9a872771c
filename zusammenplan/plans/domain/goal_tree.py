"""
The tree of a plan's goals: order, depth, and which goal may stand under which.

The functions take any record with ``pk`` and ``parent_id``; the records come in the order of
their positions among those of the same parent.
"""

from __future__ import annotations

from collections import defaultdict
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Node(Protocol):
    """A record of a tree."""

    @property
    def pk(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...


NodeT = TypeVar("NodeT", bound=Node)


def in_tree_order(nodes: Iterable[NodeT]) -> Iterator[tuple[NodeT, int]]:
    """Give each node after its parent, with its depth from 0; strays without a way up come last."""
    children: defaultdict[int | None, list[NodeT]] = defaultdict(list)
    everything = list(nodes)
    for node in everything:
        children[node.parent_id].append(node)
    given: set[int] = set()
    stack = [(node, 0) for node in reversed(children[None])]
    while stack:
        node, depth = stack.pop()
        if node.pk in given:
            continue
        given.add(node.pk)
        yield node, depth
        # Most goals have none below them.
        if below := children.get(node.pk):
            stack += [(child, depth + 1) for child in reversed(below)]
    if len(given) < len(everything):
        yield from ((node, 0) for node in everything if node.pk not in given)


def descendants(nodes: Iterable[NodeT], of: int) -> set[int]:
    """Give the keys of all nodes below one."""
    children: defaultdict[int | None, list[int]] = defaultdict(list)
    for node in nodes:
        children[node.parent_id].append(node.pk)
    found: set[int] = set()
    waiting = list(children[of])
    while waiting:
        pk = waiting.pop()
        if pk not in found:
            found.add(pk)
            waiting += children[pk]
    return found


MOST_LEVELS = 8


class Misfit(Enum):
    """Why a goal cannot stand where somebody wants it."""

    UNKNOWN_PARENT = "unknown parent"
    UNDER_ITSELF = "under itself"
    TOO_DEEP = "too deep"
    LEVEL_NOT_BELOW = "level not below the goal above"
    LEVEL_NOT_ABOVE = "level not above a goal below"


class Placed(NamedTuple):
    """A goal's place: the goal above it, and the depth of its level (1 is the top)."""

    pk: int
    parent_id: int | None
    level: int | None


def misfit(
    goals: Iterable[Placed], pk: int | None, parent: int | None, level: int | None
) -> Misfit | None:
    """
    Tell what forbids that a goal, or a new one without key, stands there with that level.

    A level lies below those of all goals above; levels may be skipped, and goals without a level
    stand anywhere. No goal stands under itself, and the tree is eight goals deep at most.
    """
    known = {goal.pk: goal for goal in goals}
    if parent is not None and parent not in known:
        return Misfit.UNKNOWN_PARENT
    above = _way_up(known, parent)
    if pk is not None and pk in above:
        return Misfit.UNDER_ITSELF
    below = _ways_down(known, pk)
    if len(above) + 1 + max((depth for _goal, depth in below), default=0) > MOST_LEVELS:
        return Misfit.TOO_DEEP
    levels_above = [known[key].level for key in above]
    lowest = max((one for one in levels_above if one is not None), default=0)
    if level is not None and level <= lowest:
        return Misfit.LEVEL_NOT_BELOW
    least = level if level is not None else lowest
    if any(goal.level is not None and goal.level <= least for goal, _depth in below):
        return Misfit.LEVEL_NOT_ABOVE
    return None


def level_clashes(goals: Iterable[Placed]) -> Iterator[tuple[int, list[int]]]:
    """
    Give each goal whose level is not below that of a goal above it.

    With it comes the way up to that goal, both of them included.
    """
    known = {goal.pk: goal for goal in goals}
    for goal in known.values():
        if goal.level is None:
            continue
        way = _way_up(known, goal.pk)
        for place, above in enumerate(way[1:], start=2):
            level = known[above].level if above in known else None
            if level is not None:
                if level >= goal.level:
                    yield goal.pk, way[:place]
                break


def without_link(parents: Mapping[int, int | None], linked: set[int]) -> set[int]:
    """Give the goals that have the link neither themselves nor above nor below them."""
    mine = linked & parents.keys()
    reached: set[int] = set()
    # Level by level, for many have the same goal above them.
    above: set[int | None] = set(mine)
    while above := above - reached - {None}:
        reached |= {pk for pk in above if pk is not None}
        above = {parents.get(pk) for pk in above if pk is not None}
    # What stands below a linked goal continues its thread; what stands beside it does not.
    if reached >= parents.keys():
        return set()
    children: defaultdict[int | None, list[int]] = defaultdict(list)
    for pk, parent in parents.items():
        children[parent].append(pk)
    waiting = list(mine)
    below: set[int] = set()
    while waiting:
        pk = waiting.pop()
        if pk not in below:
            below.add(pk)
            waiting += children[pk]
    return set(parents) - reached - below


def _way_up(known: Mapping[int, Placed], goal: int | None) -> list[int]:
    """Give the keys from a goal to the top, itself first."""
    way: list[int] = []
    while goal is not None and goal not in way:
        way.append(goal)
        goal = known[goal].parent_id if goal in known else None
    return way


def _ways_down(known: Mapping[int, Placed], pk: int | None) -> list[tuple[Placed, int]]:
    """Give all goals below one, each with its distance from it."""
    if pk is None:
        return []
    children: defaultdict[int | None, list[Placed]] = defaultdict(list)
    for goal in known.values():
        children[goal.parent_id].append(goal)
    found: list[tuple[Placed, int]] = []
    seen = {pk}
    waiting = [(child, 1) for child in children[pk]]
    while waiting:
        goal, depth = waiting.pop()
        if goal.pk not in seen:
            seen.add(goal.pk)
            found.append((goal, depth))
            waiting += [(child, depth + 1) for child in children[goal.pk]]
    return found
