"""Which area may lie in which: the rules of the tree, plain Python."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Shown(NamedTuple):
    """
    An area in a list of the tree; ``folded`` counts what lies in it and is not listed.

    ``is_first`` and ``is_last`` are among those that lie in the same one.
    """

    area: int
    depth: int = 0
    is_first: bool = True
    is_last: bool = True
    folded: int = 0


def lies_in_itself(parents: Mapping[int, int | None], area: int, parent: int | None) -> bool:
    """Tell whether the area would lie in itself, directly or by way of others."""
    seen: set[int] = set()
    here = parent
    while here is not None and here not in seen:
        if here == area:
            return True
        seen.add(here)
        here = parents.get(here)
    return False


def parts_of(parents: Mapping[int, int | None], area: int) -> set[int]:
    """Give all areas that lie in one, also by way of others."""
    return {other for other in parents if other != area and lies_in_itself(parents, area, other)}


def unfolded(parents: Mapping[int, int | None], top: int | None, at_most: int) -> list[Shown]:
    """
    Give what lies in an area, each after the one it lies in: as many levels as fit on a page.

    The first level is given whole, however long it is. ``parents`` comes in the order of the list;
    ``top`` is none for the whole tree.
    """
    parts: defaultdict[int | None, list[int]] = defaultdict(list)
    for area, parent in parents.items():
        parts[parent].append(area)

    def inside(area: int) -> int:
        return sum(1 + inside(part) for part in parts.get(area, ()))

    def walk(parent: int | None, depth: int) -> Iterator[Shown]:
        siblings = parts.get(parent, [])
        for area in siblings:
            ends = area == siblings[0], area == siblings[-1]
            if depth + 1 < levels:
                yield Shown(area, depth, *ends, 0)
                yield from walk(area, depth + 1)
            else:
                yield Shown(area, depth, *ends, inside(area))

    level, listed, levels = parts[top], len(parts[top]), 1
    while level := [part for area in level for part in parts.get(area, ())]:
        listed += len(level)
        if listed > at_most:
            break
        levels += 1
    return list(walk(top, 0))
