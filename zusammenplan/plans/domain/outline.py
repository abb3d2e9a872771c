"""The outline of a document: which number a chapter bears, and where it may go."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from zusammenplan.plans.domain.goal_tree import Node, NodeT, descendants, in_tree_order

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

DEEPEST = 3
Step = Literal["up", "down", "in", "out"]


def numbers(depths: Iterable[int], first: int = 1) -> list[str]:
    """
    Give chapters in reading order their numbers by their depths from 0: "0", "0.1", "1".

    Only the chapters of the top level begin at ``first``; a depth that skips a level is read as
    one level below the chapter before.
    """
    counters: list[int] = []
    found = []
    for wanted in depths:
        depth = min(wanted, len(counters))
        del counters[depth + 1 :]
        if depth == len(counters):
            counters.append(first if depth == 0 else 1)
        else:
            counters[depth] += 1
        found.append(".".join(map(str, counters)))
    return found


def depths_of(parents: Iterable[tuple[Hashable, Hashable | None]]) -> list[int]:
    """Give the depth of each (key, key above) in reading order; a stray one stands at the top."""
    known: dict[Hashable, int] = {}
    for key, above in parents:
        known[key] = 0 if above is None else known.get(above, -1) + 1
    return list(known.values())


def height_below(nodes: Sequence[Node], of: int) -> int:
    """Tell how many levels stand below a chapter."""
    below = descendants(nodes, of)
    depths = {node.pk: depth for node, depth in in_tree_order(nodes)}
    return max((depths[pk] - depths[of] for pk in below), default=0)


def fits_below(nodes: Sequence[Node], chapter: int | None, above: int | None) -> bool:
    """Tell whether a chapter with all below it may stand under another one; ``None`` is new."""
    if above is None:
        return True
    if chapter is not None and (chapter == above or above in descendants(nodes, chapter)):
        return False
    depths = {node.pk: depth for node, depth in in_tree_order(nodes)}
    if above not in depths:
        return False
    height = 0 if chapter is None else height_below(nodes, chapter)
    return depths[above] + 1 + height < DEEPEST


def place_after(  # noqa: PLR0911 - each step leads somewhere or nowhere
    nodes: Sequence[NodeT], chapter: int, step: Step
) -> tuple[int | None, int] | None:
    """
    Tell under which chapter and at which place among its siblings a step leads; else nothing.

    The nodes come in the order of their positions among siblings. The place counts from 0
    without the chapter itself.
    """
    by_parent: defaultdict[int | None, list[int]] = defaultdict(list)
    parents = {node.pk: node.parent_id for node in nodes}
    for node in nodes:
        by_parent[node.parent_id].append(node.pk)
    above = parents[chapter]
    here = by_parent[above].index(chapter)
    if step == "up":
        return (above, here - 1) if here else None
    if step == "down":
        return (above, here + 1) if here + 1 < len(by_parent[above]) else None
    if step == "out":
        if above is None:
            return None
        higher = parents[above]
        return higher, by_parent[higher].index(above) + 1
    if not here:
        return None
    new_parent = by_parent[above][here - 1]
    if not fits_below(nodes, chapter, new_parent):
        return None
    return new_parent, len(by_parent[new_parent])
