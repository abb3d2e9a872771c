"""
Which counts stay hidden, so that no small one can be computed from those that are shown (R35).

A count from 1 to below the minimum is hidden (primary). What is shown around it could give it
away, so others are hidden with it (secondary). For each hidden count there is a *move*: a few
people who could as well live elsewhere or be of another age or sex, without any shown count being
different. As long as such a move exists, nobody can tell what the hidden count is. The counts that
a move changes are the corners of a hypercube in the table of areas, sexes, ages and times.

What was shown before protects nothing later, unless it changed; what was hidden stays hidden while
it is the same; and a move that touches an unchanged count must have been possible before, too.
What this promises and what not is told in docs/rules/geheimhaltung.md.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import log1p
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence
    from decimal import Decimal

# How many ways to protect a count are looked at; more make the choice better and slower.
MOST_TARGETS = {1: 8, 2: 4, 3: 3}
MOST_PAIRS = 3
MOST_ADDITIONS = 200
BOTH = 2

Side = frozenset[int]
Sides = tuple[Side, ...]


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


@dataclass(frozen=True, slots=True)
class Protection:
    """What is hidden: "p" as too small, "s" to protect another; and what was given away before."""

    marks: dict[Hashable, str]
    exposed: frozenset[Hashable]


def is_small(value: Decimal | None, minimum: int) -> bool:
    """Tell whether a count is too small to be shown; zero is nobody and gives nobody away."""
    return value is not None and 0 < value < minimum


def protect(cells: Sequence[Cell], minimum: int) -> Protection:
    """Choose what is hidden of a table."""
    table = _Table(cells)
    small = [at for at, cell in enumerate(cells) if is_small(cell.value, minimum)]
    kept = [at for at in range(len(cells)) if table.stays_hidden(at)]
    hidden = {*small, *kept}
    safe: set[int] = set()
    exposed: set[int] = set()
    waiting = sorted(hidden, key=lambda at: (cells[at].value, table.width(at), at))
    while waiting:
        at = waiting.pop(0)
        if at in safe:
            continue
        move = table.best_move(at, hidden)
        if move is None:
            # Who kept the earlier state can compute it; nobody else shall.
            move = table.best_move(at, hidden, ignoring_before=True)
            if move is None:
                exposed.add(at)
                continue
            exposed |= move.changed - safe
        safe |= move.certain
        # What was hidden on the way is a hidden count, too, and must not be given away.
        waiting += sorted(move.changed - hidden)
        hidden |= move.changed
    primary = set(small)
    return Protection(
        {cells[at].key: "p" if at in primary else "s" for at in sorted(hidden)},
        frozenset(cells[at].key for at in exposed),
    )


@dataclass(frozen=True, slots=True)
class _Move:
    """The cells that a move may change, those that it does, and those that lose somebody."""

    changed: frozenset[int]
    certain: frozenset[int]
    losing: tuple[int, ...] = ()
    # It relies on where nobody is today, which may have been otherwise before.
    is_of_today: bool = False


class _Table:
    """The cells, their sides as classes of parts that no cell tells apart."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = cells
        dimensions = len(cells[0].sides) if cells else 0
        named = [_classes({cell.sides[at] for cell in cells}) for at in range(dimensions)]
        classes = [side_classes for side_classes, _count in named]
        self.sides: list[Sides] = [
            tuple([known[side] for known, side in zip(classes, cell.sides, strict=True)])
            for cell in cells
        ]
        self.classes: list[range] = [range(count) for _sides, count in named]
        self.at_sides: dict[Sides, int] = {}
        for at, sides in enumerate(self.sides):
            self.at_sides.setdefault(sides, at)
        # Cells by the class of the first dimension (areas), which is by far the longest.
        self.by_first: defaultdict[int, list[int]] = defaultdict(list)
        for at, sides in enumerate(self.sides):
            for one in sides[0] if sides else ():
                self.by_first[one].append(at)
        self.smallest = [
            {side for side in {sides[at] for sides in self.sides} if len(side) > 1}
            for at in range(dimensions)
        ]

    def width(self, at: int) -> int:
        """Give of how many smallest parts a cell is made."""
        width = 1
        for side in self.sides[at]:
            width *= len(side)
        return width

    def stays_hidden(self, at: int) -> bool:
        cell = self.cells[at]
        return cell.before is not None and cell.before.is_hidden and self.is_same(at)

    def is_same(self, at: int) -> bool:
        cell = self.cells[at]
        return cell.before is not None and cell.before.value == cell.value

    def best_move(
        self, at: int, hidden: set[int], *, ignoring_before: bool = False
    ) -> _Move | None:
        """Find the move that changes the cell and hides the least in addition."""
        best: tuple[float, _Move] | None = None
        for move in self.moves(at, hidden):
            if at not in move.certain or not (ignoring_before or self.was_possible(move)):
                continue
            cost = sum(self.weight(one) for one in move.changed if one not in hidden)
            if best is None or cost < best[0]:
                best = cost, move
                if not cost:
                    break
        return best[1] if best else None

    def weight(self, at: int) -> float:
        """Tell how much is lost with a cell: totals say most, then large counts."""
        return (1 + log1p(abs(float(self.cells[at].value)))) * self.width(at)

    def was_possible(self, move: _Move) -> bool:
        """Tell whether somebody who also knows the state before cannot see through the move."""
        same = [at for at in move.changed if self.is_same(at)]
        if not same:
            return True
        if move.is_of_today:
            return False
        # The same move has to have been possible then; what is new was not told at that time.
        befores = [self.cells[at].before for at in move.changed]
        if any(before is not None and not before.is_hidden for before in befores):
            return False
        losing = [self.cells[at].before for at in move.losing]
        return all(
            before is not None and before.value is not None and before.value >= 1
            for before in losing
        )

    def moves(self, at: int, hidden: set[int]) -> Iterator[_Move]:
        """Give the moves that may protect a cell, those that hide little first."""
        sides = self.sides[at]
        open_sides = [k for k, side in enumerate(sides) if len(side) < len(self.classes[k])]
        targets = {k: self.targets(at, k, hidden) for k in open_sides}
        for k in open_sides:
            yield from self.shifts(at, k, targets[k])
        for size in range(2, min(MOST_PAIRS, len(open_sides)) + 1):
            for chosen in combinations(open_sides, size):
                yield from self.cubes(at, chosen, targets, MOST_TARGETS[size])
        yield from self.additions(at)

    def targets(self, at: int, k: int, hidden: set[int]) -> list[int]:
        """Give the classes to which somebody of the cell could belong instead, nearest first."""
        side = self.sides[at][k]
        found = []
        for other in self.classes[k]:
            if other in side:
                continue
            near = min(
                (len(one) for one in self.smallest[k] if other in one and side <= one),
                default=len(self.classes[k]),
            )
            beside = self.at_sides.get(_with(self.sides[at], k, other))
            is_free = beside is None or beside in hidden
            cost = 0.0 if beside is None or is_free else self.weight(beside)
            found.append((near, not is_free, cost, abs(other - min(side)), other))
        return [one[-1] for one in sorted(found)]

    def shifts(self, at: int, k: int, targets: list[int]) -> Iterator[_Move]:
        """Somebody of the cell belongs elsewhere, or somebody from elsewhere belongs to it."""
        sides = self.sides[at]
        for target in targets[: MOST_TARGETS[1]]:
            if self.cells[at].value >= 1:
                yield self.shift(sides, k, target, at)
            beside = self.at_sides.get(_with(sides, k, target))
            if beside is not None and self.cells[beside].value >= 1:
                for own in sorted(sides[k])[: MOST_TARGETS[1]]:
                    yield self.shift(self.sides[beside], k, own, beside)

    def shift(self, source: Sides, k: int, target: int, losing: int) -> _Move:
        """
        Move somebody of the source along a dimension.

        It is not known who of the source it is, so all that could differ is hidden; certain to
        differ is only what does so whoever it is.
        """
        changed, certain = set(), set()
        whole_source, source = source, self.where_somebody_is(source)
        for at in self.near(source[0] | {target} if k == 0 else source[0]):
            sides = self.sides[at]
            others = [(side, source[m]) for m, side in enumerate(sides) if m != k]
            if any(not side & own for side, own in others):
                continue
            stays = source[k] & sides[k]
            if not (stays != source[k] if target in sides[k] else stays):
                continue
            changed.add(at)
            whole = not stays if target in sides[k] else stays == source[k]
            # Somebody may also be in a rest of which no part is known: then only the whole differs.
            if whole and all(own <= sides[m] for m, own in enumerate(whole_source) if m != k):
                certain.add(at)
        return _Move(
            frozenset(changed), frozenset(certain), (losing,), is_of_today=source != whole_source
        )

    def where_somebody_is(self, sides: Sides) -> Sides:
        """Leave out the classes in which nobody of the cell is."""

        def is_empty(k: int, one: int) -> bool:
            at = self.at_sides.get(_with(sides, k, one))
            return at is not None and not self.cells[at].value

        return tuple(
            frozenset(one for one in side if not is_empty(k, one)) if len(side) > 1 else side
            for k, side in enumerate(sides)
        )

    def cubes(
        self, at: int, chosen: tuple[int, ...], targets: dict[int, list[int]], most: int
    ) -> Iterator[_Move]:
        """Give the hypercubes with the cell, or a part of it, as a corner."""
        sides = self.sides[at]
        choices = [
            [(own, other) for own in sorted(sides[k])[:2] for other in targets[k][:most]]
            for k in chosen
        ]
        for pairs in product(*choices):
            corners = dict(zip(chosen, pairs, strict=True))
            for losing_parity in (0, 1):
                losing = self.losing(sides, corners, losing_parity)
                if losing is not None:
                    yield self.cube(sides, corners, losing)
                    break

    def losing(
        self, sides: Sides, corners: dict[int, tuple[int, int]], parity: int
    ) -> tuple[int, ...] | None:
        """Give the corners that lose somebody; None if one of them has nobody to lose."""
        found = []
        for ends in product((0, 1), repeat=len(corners)):
            if sum(ends) % 2 != parity:
                continue
            corner = sides
            for (k, pair), end in zip(corners.items(), ends, strict=True):
                corner = _with(corner, k, pair[end])
            at = self.at_sides.get(corner)
            if at is None or self.cells[at].value < 1:
                return None
            found.append(at)
        return tuple(found)

    def cube(
        self, sides: Sides, corners: dict[int, tuple[int, int]], losing: tuple[int, ...]
    ) -> _Move:
        """Let the corners of a hypercube lose and win somebody by turns."""
        changed, certain = set(), set()
        for at in self.near(corners[0] if 0 in corners else sides[0]):
            cell = self.sides[at]
            others = [(side, sides[k]) for k, side in enumerate(cell) if k not in corners]
            if any(not side & own for side, own in others):
                continue
            ends = [len(cell[k].intersection(pair)) for k, pair in corners.items()]
            # Along the first pair everybody moves; along the others losses and gains cancel out,
            # if whoever is moved belongs to the cell as to its other dimensions.
            if 0 in ends or ends[0] == BOTH:
                continue
            has_all = all(own <= side for side, own in others)
            if BOTH in ends and has_all:
                continue
            changed.add(at)
            if BOTH not in ends and has_all:
                certain.add(at)
        return _Move(frozenset(changed), frozenset(certain), losing)

    def additions(self, at: int) -> Iterator[_Move]:
        """Somebody more: changes all that the cell is part of; always possible."""
        choices = [sorted(side) for side in self.sides[at]]
        for classes in islice(product(*choices), MOST_ADDITIONS):
            near = self.by_first.get(classes[0], [])
            changed = frozenset(
                one
                for one in near
                if all(which in side for which, side in zip(classes, self.sides[one], strict=True))
            )
            yield _Move(changed, changed)

    def near(self, firsts: Iterable[int]) -> set[int]:
        return {at for first in firsts for at in self.by_first.get(first, ())}


def _with(sides: Sides, k: int, one: int) -> Sides:
    return (*sides[:k], frozenset({one}), *sides[k + 1 :])


def _classes(sides: set[Side]) -> tuple[dict[Side, Side], int]:
    """Put parts that no side tells apart into one class; give each side as its classes."""
    within: defaultdict[int, list[int]] = defaultdict(list)
    ordered = sorted(sides, key=sorted)
    for number, side in enumerate(ordered):
        for part in side:
            within[part].append(number)
    names: dict[tuple[int, ...], int] = {}
    class_of = {part: names.setdefault(tuple(within[part]), len(names)) for part in sorted(within)}
    return {side: frozenset(class_of[part] for part in side) for side in ordered}, len(names)
