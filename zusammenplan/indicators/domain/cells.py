"""
The counts of a table as cells: of which areas, sexes, ages, … each is made, and who is in it.

Parts that no cell tells apart are one class; all that secrecy asks of a table is asked by classes.
"""

from __future__ import annotations

from collections import defaultdict
from enum import Enum, auto
from itertools import islice, product
from math import log1p
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Sequence
    from decimal import Decimal

# How many kinds of people a cell may be of, and of how many parts a sum, to look who is in it.
MOST_KINDS = 4
MOST_PARTS = 3

Side = frozenset[int]
Sides = tuple[Side, ...]


class Role(Enum):
    """What a cell is to the table."""

    COUNT = auto()
    # Hidden whatever its value, because something outside of the table needs it.
    LOST = auto()
    # Known to everybody from elsewhere, and so no move may change it; it has no value.
    FIXED = auto()


class Signs(NamedTuple):
    """In which dimension smallest parts are subtracted, and which."""

    dimension: int
    negative: Side


NO_SIGNS = Signs(-1, frozenset())


class Before(NamedTuple):
    """What the state published last gave of a count."""

    value: Decimal | None
    is_hidden: bool


class Cell(NamedTuple):
    """A count: of which areas, sexes, ages, … it is made, each as a set of smallest parts."""

    key: Hashable
    sides: Sides
    value: Decimal
    before: Before | None = None
    role: Role = Role.COUNT


class Bound(NamedTuple):
    """Somebody is left of a cell without others in it: how it is known that there is somebody."""

    whole: int
    others: tuple[int, ...] = ()


class CellTable:
    """The cells, their sides as classes of parts that no cell tells apart."""

    def __init__(self, cells: Sequence[Cell], signs: Signs) -> None:
        self.cells = cells
        dimensions = len(cells[0].sides) if cells else 0
        named = [_classes({cell.sides[at] for cell in cells}) for at in range(dimensions)]
        classes = [side_classes for side_classes, _class_of in named]
        self.sides: list[Sides] = [
            tuple([known[side] for known, side in zip(classes, cell.sides, strict=True)])
            for cell in cells
        ]
        self.classes: list[range] = [range(len({*of.values()})) for _sides, of in named]
        self.signed = signs.dimension if signs.negative and cells else -1
        self.signs = _signs(named[self.signed][1], signs.negative) if self.signed >= 0 else {}
        self.fixed = frozenset(at for at, cell in enumerate(cells) if cell.role is Role.FIXED)
        self.own = [at for at in range(len(cells)) if at not in self.fixed]
        # What is added up of some and less others counts nobody, and is not small.
        self.counts = [at for at in self.own if not self.is_mixed(self.sides[at])]
        self.ways = [(False, True), (True, True)]
        if self.fixed:
            # A total of a day can be cut off its balances, but no change can.
            self.ways.insert(2 if self.signs else 1, (False, False))
            self.ways.append((True, False))
        self.at_sides: dict[Sides, int] = {}
        for at in self.own:
            self.at_sides.setdefault(self.sides[at], at)
        # Cells by the class of the first dimension (areas), which is by far the longest.
        self.by_first: defaultdict[int, list[int]] = defaultdict(list)
        for at, sides in enumerate(self.sides):
            for one in sides[0] if sides else ():
                self.by_first[one].append(at)
        self.smallest = [
            {side for side in {sides[at] for sides in self.sides} if len(side) > 1}
            for at in range(dimensions)
        ]
        # The sums of few classes by each class in them.
        self.small_sums: list[defaultdict[int, list[Side]]] = []
        for some in self.smallest:
            of_class: defaultdict[int, list[Side]] = defaultdict(list)
            for side in sorted(some, key=sorted):
                for one in side if len(side) <= MOST_PARTS else ():
                    of_class[one].append(side)
            self.small_sums.append(of_class)

    def width(self, at: int) -> int:
        """Give of how many smallest parts a cell is made."""
        width = 1
        for side in self.sides[at]:
            width *= len(side)
        return width

    def is_mixed(self, sides: Sides) -> bool:
        """Tell whether some of the parts are added, and others subtracted."""
        return bool(self.signs) and len({*self.signs_of(sides)}) > 1

    def signs_of(self, sides: Sides) -> list[int]:
        """Give the signs of the parts; those that nothing tells apart may have both."""
        return [sign for one in sides[self.signed] for sign in self.signs[one]]

    def weight(self, at: int) -> float:
        """Tell how much is lost with a cell: totals say most, then large counts."""
        return (1 + log1p(abs(float(self.cells[at].value)))) * self.width(at)

    def is_same(self, at: int) -> bool:
        cell = self.cells[at]
        return cell.before is not None and cell.before.value == cell.value

    def near(self, firsts: Iterable[int]) -> set[int]:
        return {at for first in firsts for at in self.by_first.get(first, ())}

    def where_somebody_is(self, sides: Sides) -> Sides:
        """Leave out the classes in which nobody of the cell is."""

        def is_empty(k: int, one: int) -> bool:
            at = self.at_sides.get(with_class(sides, k, one))
            return at is not None and not self.cells[at].value

        return tuple(
            frozenset(one for one in side if not is_empty(k, one)) if len(side) > 1 else side
            for k, side in enumerate(sides)
        )

    def alike(self, losing: tuple[int, ...], chosen: Collection[int]) -> tuple[Bound, ...] | None:
        """
        Tell how it is known that all corners can lose people of the same sex, age and so on.

        Whoever one corner loses, each other one has somebody of every kind. None if it is not so.
        """
        sides = self.sides[losing[0]]
        wide = [k for k, side in enumerate(sides) if k not in chosen and len(side) > 1]
        kinds = list(islice(product(*(sorted(sides[k]) for k in wide)), MOST_KINDS + 1))
        if len(kinds) > MOST_KINDS or self.signed in wide:
            return None
        if not wide:
            return tuple(Bound(one) for one in losing)
        for first in losing:
            bounds = [
                self.somebody(other, dict(zip(wide, kind, strict=True)), chosen)
                for other in losing
                for kind in kinds
                if other != first
            ]
            known = [one for one in bounds if one is not None]
            if len(known) == len(bounds):
                return (Bound(first), *known)
        return None

    def somebody(self, at: int, kind: dict[int, int], chosen: Collection[int]) -> Bound | None:
        """Tell how it is known that somebody of a kind is in a cell; None if it is not."""
        sides = self.sides[at]
        of_kind = sides
        for k, one in kind.items():
            of_kind = with_class(of_kind, k, one)
        exact = self.at_sides.get(of_kind)
        if exact is not None:
            return Bound(exact) if self.cells[exact].value >= 1 else None
        for k in chosen:
            if k == self.signed:
                # What some are added to and others subtracted from is no number of people.
                continue
            for side in self.small_sums[k][min(sides[k])]:
                whole = self.at_sides.get((*of_kind[:k], side, *of_kind[k + 1 :]))
                rest = [self.at_sides.get(with_class(sides, k, one)) for one in side - sides[k]]
                others = tuple(one for one in rest if one is not None)
                if whole is None or len(others) < len(rest):
                    continue
                if self.cells[whole].value - sum(self.cells[one].value for one in others) >= 1:
                    return Bound(whole, others)
        return None

    def had_somebody(self, bound: Bound) -> bool:
        """Tell whether it was known in the state before, too, that there is somebody."""
        befores = [self.cells[at].before for at in (bound.whole, *bound.others)]
        values = [None if before is None else before.value for before in befores]
        known = [value for value in values if value is not None]
        return len(known) == len(values) and known[0] - sum(known[1:]) >= 1


def with_class(sides: Sides, k: int, one: int) -> Sides:
    return (*sides[:k], frozenset({one}), *sides[k + 1 :])


def _classes(sides: set[Side]) -> tuple[dict[Side, Side], dict[int, int]]:
    """Put parts that no side tells apart into one class; give each side as its classes."""
    within: defaultdict[int, list[int]] = defaultdict(list)
    ordered = sorted(sides, key=sorted)
    for number, side in enumerate(ordered):
        for part in side:
            within[part].append(number)
    names: dict[tuple[int, ...], int] = {}
    class_of = {part: names.setdefault(tuple(within[part]), len(names)) for part in sorted(within)}
    return {side: frozenset(class_of[part] for part in side) for side in ordered}, class_of


def _signs(class_of: dict[int, int], negative: Side) -> dict[int, list[int]]:
    """Give for each class whether its parts are added, subtracted, or some of both."""
    signs: defaultdict[int, set[int]] = defaultdict(set)
    for part, one in class_of.items():
        signs[one].add(-1 if part in negative else 1)
    return {one: sorted(some) for one, some in signs.items()}
