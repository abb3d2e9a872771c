"""
Which counts stay hidden, so that no small one can be computed from those that are shown (R35).

A count from 1 to below the minimum is hidden (primary). What is shown around it could give it
away, so others are hidden with it (secondary). For each hidden count there is a *move*: a few
people who could as well live elsewhere or be of another age or sex, without any shown count being
different. As long as such a move exists, nobody can tell what the hidden count is. The counts that
a move changes are the corners of a hypercube in the table of areas, sexes, ages and times.

What was shown before protects nothing later, unless it changed; what was hidden stays hidden while
it is the same; and a move that touches an unchanged count must have been possible before, too.

Some counts are subtracted from others: births and arrivals less deaths and departures are the
change of the population, which everybody knows who knows two reference days. One birth more and
one death more change nothing there, and are a move like one birth more and one arrival less.
What this promises and what not is told in docs/rules/geheimhaltung.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import TYPE_CHECKING

from zusammenplan.indicators.domain.cells import (
    NO_SIGNS,
    Before,
    Bound,
    Cell,
    CellTable,
    Role,
    Side,
    Sides,
    Signs,
    with_class,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence
    from decimal import Decimal

__all__ = ["Before", "Cell", "Protection", "Role", "Side", "Sides", "Signs", "is_small", "protect"]

# How many ways to protect a count are looked at; more make the choice better and slower.
MOST_TARGETS = {1: 8, 2: 4, 3: 3}
MOST_PAIRS = 3
MOST_ADDITIONS = 200
BOTH = 2


@dataclass(frozen=True, slots=True)
class Protection:
    """
    What is hidden: "p" as too small, "s" to protect another; and what was given away before.

    ``broken`` are fixed cells that a move changes all the same, because there was no other.
    """

    marks: dict[Hashable, str]
    exposed: frozenset[Hashable]
    broken: frozenset[Hashable] = frozenset()


def is_small(value: Decimal | None, minimum: int) -> bool:
    """Tell whether a count is too small to be shown; zero is nobody and gives nobody away."""
    return value is not None and 0 < value < minimum


def protect(cells: Sequence[Cell], minimum: int, signs: Signs = NO_SIGNS) -> Protection:
    """Choose what is hidden of a table."""
    table = _Table(cells, signs)
    primary = {at for at in table.counts if is_small(cells[at].value, minimum)}
    hidden = {*primary, *(at for at in table.own if table.stays_hidden(at))}
    safe: set[int] = set()
    exposed: set[int] = set()
    broken: set[int] = set()
    waiting = sorted(hidden, key=lambda at: (cells[at].value, table.width(at), at))
    while waiting:
        at = waiting.pop(0)
        if at in safe:
            continue
        for is_past, keeping in table.ways:
            # Who kept the earlier state can compute it, if need be; nobody else shall.
            if move := table.best_move(at, hidden, ignoring_before=is_past, keeping=keeping):
                break
        else:
            exposed.add(at)
            continue
        changed = move.changed - table.fixed
        broken |= move.changed & table.fixed
        if is_past:
            exposed |= changed - safe
        safe |= move.certain
        # What was hidden on the way is a hidden count, too, and must not be given away.
        waiting += sorted(changed - hidden)
        hidden |= changed
    return Protection(
        {cells[at].key: "p" if at in primary else "s" for at in sorted(hidden)},
        frozenset(cells[at].key for at in exposed),
        frozenset(cells[at].key for at in broken),
    )


@dataclass(frozen=True, slots=True)
class _Move:
    """The cells that a move may change, those that it does, and who has to be where for it."""

    changed: frozenset[int]
    certain: frozenset[int]
    losing: tuple[Bound, ...] = ()
    # It relies on where nobody is today, which may have been otherwise before.
    is_of_today: bool = False


class _Table(CellTable):
    """The table with all moves that may protect its cells."""

    def stays_hidden(self, at: int) -> bool:
        cell = self.cells[at]
        if cell.role is Role.LOST:
            return True
        return cell.before is not None and cell.before.is_hidden and self.is_same(at)

    def best_move(
        self, at: int, hidden: set[int], *, ignoring_before: bool, keeping: bool
    ) -> _Move | None:
        """Find the move that changes the cell and hides the least in addition."""
        best: tuple[float, _Move] | None = None
        for move in self.moves(at, hidden):
            if at not in move.certain or (keeping and not self.fixed.isdisjoint(move.changed)):
                continue
            if not (ignoring_before or self.was_possible(move)):
                continue
            cost = sum(self.weight(one) for one in move.changed if one not in hidden)
            if best is None or cost < best[0]:
                best = cost, move
                if not cost:
                    break
        return best[1] if best else None

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
        return all(self.had_somebody(one) for one in move.losing)

    def moves(self, at: int, hidden: set[int]) -> Iterator[_Move]:
        """Give the moves that may protect a cell, those that hide little first."""
        sides = self.sides[at]
        open_sides = [k for k, side in enumerate(sides) if len(side) < len(self.classes[k])]
        # Nobody moves from what is added to what is subtracted; so another dimension comes first.
        open_sides.sort(key=self.signed.__eq__)
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
            beside = self.at_sides.get(with_class(self.sides[at], k, other))
            is_free = beside is None or beside in hidden
            cost = 0.0 if beside is None or is_free else self.weight(beside)
            found.append((near, not is_free, cost, abs(other - min(side)), other))
        return [one[-1] for one in sorted(found)]

    def shifts(self, at: int, k: int, targets: list[int]) -> Iterator[_Move]:
        """Somebody of the cell belongs elsewhere, or somebody from elsewhere belongs to it."""
        sides = self.sides[at]
        for target in targets[: MOST_TARGETS[1]]:
            elsewhere = with_class(sides, k, target)
            owns = sorted(sides[k])[: MOST_TARGETS[1]]
            if k == self.signed and len({*self.signs_of(sides), *self.signs_of(elsewhere)}) > 1:
                yield from self.pairs(sides, k, target, owns)
                continue
            if self.cells[at].value >= 1:
                yield self.shift(sides, k, target, (Bound(at),))
            beside = self.at_sides.get(elsewhere)
            if beside is not None and self.cells[beside].value >= 1:
                for own in owns:
                    yield self.shift(elsewhere, k, own, (Bound(beside),))

    def pairs(self, sides: Sides, k: int, target: int, owns: list[int]) -> Iterator[_Move]:
        """One more of what is added, and one more of what is subtracted: always possible."""
        for own in owns:
            source = with_class(sides, k, own)
            if {*self.signs_of(source), *self.signs_of(with_class(sides, k, target))} == {1, -1}:
                yield self.shift(source, k, target, ())

    def shift(self, source: Sides, k: int, target: int, losing: tuple[Bound, ...]) -> _Move:
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
            frozenset(changed), frozenset(certain), losing, is_of_today=source != whole_source
        )

    def cubes(
        self, at: int, chosen: tuple[int, ...], targets: dict[int, list[int]], most: int
    ) -> Iterator[_Move]:
        """Give the hypercubes with the cell, or a part of it, as a corner."""
        sides = self.sides[at]
        # A corner is a cell; and where nobody is, somebody comes from where there is one.
        least = 0 if self.cells[at].value >= 1 else 1
        corners_of = {
            k: [
                other
                for other in targets[k]
                if (beside := self.at_sides.get(with_class(sides, k, other))) is not None
                and self.cells[beside].value >= least
            ]
            for k in chosen
        }
        choices = [
            [(own, other) for own in sorted(sides[k])[:2] for other in corners_of[k][:most]]
            for k in chosen
        ]
        for pairs in product(*choices):
            corners = dict(zip(chosen, pairs, strict=True))
            losing = [self.losing(sides, corners, parity) for parity in (0, 1)]
            possible = [one for one in losing if one is not None]
            alike = (bounds for one in possible if (bounds := self.alike(one, corners)) is not None)
            if bounds := next(alike, None):
                yield self.cube(sides, corners, bounds, are_alike=True)
            elif possible:
                bounds = tuple(Bound(one) for one in possible[0])
                yield self.cube(sides, corners, bounds, are_alike=False)

    def losing(
        self, sides: Sides, corners: dict[int, tuple[int, int]], parity: int
    ) -> tuple[int, ...] | None:
        """Give the corners that lose somebody; None if one of them has nobody to lose."""
        found = []
        for ends in product((0, 1), repeat=len(corners)):
            corner = sides
            for (k, pair), end in zip(corners.items(), ends, strict=True):
                corner = with_class(corner, k, pair[end])
            # Where a part is subtracted, one less of the sum is one more of it.
            is_subtracted = self.signed in corners and self.signs_of(corner) == [-1]
            if (sum(ends) + is_subtracted) % 2 != parity:
                continue
            at = self.at_sides.get(corner)
            if at is None or self.cells[at].value < 1:
                return None
            found.append(at)
        return tuple(found)

    def cube(
        self,
        sides: Sides,
        corners: dict[int, tuple[int, int]],
        losing: tuple[Bound, ...],
        *,
        are_alike: bool,
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
            # if whoever is moved belongs to the cell as to its other dimensions, or nobody does.
            if 0 in ends or ends[0] == BOTH:
                continue
            has_all = all(own <= side for side, own in others)
            if BOTH in ends and (has_all or are_alike):
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
