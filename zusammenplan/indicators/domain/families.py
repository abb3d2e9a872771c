"""
Which quantities make up others: who knows a total and all parts but one knows the last one (R35).

A quantity is at most of one other a part, which may be a part itself. Parts do not overlap. Several
are taken to be all there are, for who reads the figures may know that they are; one alone leaves a
rest that nobody counted.

A part may be subtracted: natural increase is births less deaths. And a quantity may be the change
of another one between two reference days, so that its parts are a balance (Bilanz) with it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    # Quantities that are looked at together, each as a set of smallest parts.
    Family = tuple[tuple[int, frozenset[int]], ...]
    # Each quantity with the one that it is a part of.
    PartOf = Mapping[int, int | None]


def parts_of(part_of: PartOf) -> dict[int, list[int]]:
    """Give each quantity that has parts with them."""
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for quantity, total in sorted(part_of.items()):
        if total is not None and total in part_of:
            parts[total].append(quantity)
    return parts


def families(part_of: PartOf) -> dict[int, Family]:
    """Give each quantity with its family; one that shares nothing is a family of its own."""
    parts = parts_of(part_of)

    def sides(quantity: int) -> Iterator[tuple[int, frozenset[int]]]:
        """Give the quantity, then all that lie within."""
        within = [list(sides(part)) for part in parts.get(quantity, ())]
        # The side of a part comes first of its own.
        whole = frozenset[int]().union(*(some[0][1] for some in within))
        yield quantity, whole if len(within) > 1 else whole | {quantity}
        for some in within:
            yield from some

    found: dict[int, Family] = {}
    for quantity, total in part_of.items():
        if total not in part_of:
            family = tuple(sides(quantity))
            found.update(dict.fromkeys(dict(family), family))
    return found


def lies_within(part_of: PartOf, quantity: int | None, total: int) -> bool:
    """Tell whether a quantity is the total, or a part of it, or a part of a part."""
    while quantity is not None and quantity != total:
        quantity = part_of.get(quantity)
    return quantity == total


def negative(part_of: PartOf, subtracted: Collection[int]) -> frozenset[int]:
    """Give the quantities that are subtracted from the outermost one that they are within."""
    found = set()
    for one in part_of:
        quantity, is_subtracted = one, False
        while (total := part_of[quantity]) is not None and total in part_of:
            is_subtracted ^= quantity in subtracted
            quantity = total
        if is_subtracted:
            found.add(one)
    return frozenset(found)


def is_balanced(
    parts: Mapping[int, Sequence[int]], change: int, known: Collection[int], minus: Collection[int]
) -> bool:
    """
    Tell whether a balance says anything of those of its quantities that are known.

    It does not, if both of what is added and of what is subtracted nobody knows how much there is.
    """

    def unknown(quantity: int) -> Iterator[int]:
        if quantity not in known:
            within = parts.get(quantity, ())
            # One part alone leaves a rest.
            if len(within) < 2:  # noqa: PLR2004
                yield quantity
            for part in within:
                yield from unknown(part)

    return len({quantity in minus for quantity in unknown(change)}) < 2  # noqa: PLR2004
