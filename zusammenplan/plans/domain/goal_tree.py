"""
The tree of a plan's goals: order, depth, and which goal may stand under which.

The functions take any record with ``pk`` and ``parent_id``; the records come in the order of
their positions among those of the same parent.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


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
        stack += [(child, depth + 1) for child in reversed(children[node.pk])]
    for node in everything:
        if node.pk not in given:
            yield node, 0


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
