"""Which area may lie in which: the rules of the tree, plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


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
