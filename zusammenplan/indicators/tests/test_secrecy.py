"""
Nobody can compute a hidden count: an attacker who knows all that is shown tries.

The attacker is independent of the program. It knows every shown count, that counts are sums of
people in the smallest parts and never negative, and searches for a second value that a hidden
count could have. If there is none, the count is given away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from zusammenplan.indicators.domain.secrecy import Before, Cell, Protection, protect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Atom = tuple[int, ...]
ALL = frozenset


@dataclass
class Equations:
    """Sums of unknown whole numbers, each with a weight of 1 or -1, that are known."""

    most: list[int]
    rows: list[tuple[dict[int, int], int]] = field(default_factory=list)

    def has_solution(
        self,
        extra: Sequence[tuple[dict[int, int], int]] = (),
        *,
        bounds: Sequence[tuple[int, int]] | None = None,
    ) -> bool:
        """Search between bounds, and otherwise from nothing to the most."""
        rows = [*self.rows, *extra]
        return self._search([*(bounds or [(0, most) for most in self.most])], rows)

    def _search(
        self, bounds: list[tuple[int, int]], rows: Sequence[tuple[dict[int, int], int]]
    ) -> bool:
        narrowed = narrow(list(bounds), rows)
        if narrowed is None:
            return False
        open_ones = [at for at, (low, high) in enumerate(narrowed) if low < high]
        if not open_ones:
            return True
        at = min(open_ones, key=lambda one: narrowed[one][1] - narrowed[one][0])
        low, high = narrowed[at]
        return any(
            self._search([*narrowed[:at], (value, value), *narrowed[at + 1 :]], rows)
            for value in range(low, high + 1)
        )


def narrow(
    bounds: list[tuple[int, int]], rows: Sequence[tuple[dict[int, int], int]]
) -> list[tuple[int, int]] | None:
    """Narrow the bounds of all unknown numbers until nothing moves; None if none fit."""
    moved = True
    while moved:
        moved = False
        for weights, total in rows:
            lows = {at: min(w * bounds[at][0], w * bounds[at][1]) for at, w in weights.items()}
            highs = {at: max(w * bounds[at][0], w * bounds[at][1]) for at, w in weights.items()}
            low_sum, high_sum = sum(lows.values()), sum(highs.values())
            if not low_sum <= total <= high_sum:
                return None
            for at, w in weights.items():
                least = max(lows[at], total - (high_sum - highs[at]))
                most = min(highs[at], total - (low_sum - lows[at]))
                new = (least, most) if w > 0 else (-most, -least)
                if new[0] > new[1]:
                    return None
                if new != bounds[at]:
                    bounds[at] = new
                    moved = True
                    lows[at], highs[at] = min(w * new[0], w * new[1]), max(w * new[0], w * new[1])
                    low_sum, high_sum = sum(lows.values()), sum(highs.values())
    return bounds


class Knowledge:
    """What somebody knows who has kept all states that were published."""

    def __init__(self) -> None:
        self.states: list[tuple[list[Cell], set[object], dict[Atom, int]]] = []
        self.at: dict[tuple[int, Atom], int] = {}

    def learn(self, cells: list[Cell], hidden: set[object], people: Mapping[Atom, int]) -> None:
        self.states.append((cells, hidden, dict(people)))

    def given_away(self, sure: frozenset[object] = frozenset()) -> list[object]:
        """Give the hidden counts of the last state that can be told from all that was shown."""
        self.at = {
            (state, atom): place
            for place, (state, atom) in enumerate(
                (state, atom)
                for state, (_cells, _hidden, people) in enumerate(self.states)
                for atom in people
            )
        }
        most = max(sum(people.values()) for _cells, _hidden, people in self.states) + 3
        equations = Equations([most] * len(self.at), self.shown() + self.unchanged())
        last = len(self.states) - 1
        cells, hidden, _people = self.states[last]
        return [
            cell.key
            for cell in cells
            if cell.key in hidden
            and cell.key not in sure
            and not any(
                equations.has_solution([(self.made_of(last, cell), value)])
                for value in nearby(int(cell.value), most)
            )
        ]

    def made_of(self, state: int, cell: Cell) -> dict[int, int]:
        return {
            self.at[state, atom]: 1
            for atom in self.states[state][2]
            if all(one in side for one, side in zip(atom, cell.sides, strict=True))
        }

    def shown(self) -> list[tuple[dict[int, int], int]]:
        return [
            (self.made_of(state, cell), int(cell.value))
            for state, (cells, hidden, _people) in enumerate(self.states)
            for cell in cells
            if cell.key not in hidden
        ]

    def unchanged(self) -> list[tuple[dict[int, int], int]]:
        """Whatever did not change is the same in both states, and the attacker knows it."""
        if len(self.states) == 1:
            return []
        last = len(self.states) - 1
        earlier = {cell.key: cell for cell in self.states[last - 1][0]}
        found = []
        for cell in self.states[last][0]:
            old = earlier.get(cell.key)
            if old is not None and old.value == cell.value:
                weights = self.made_of(last, cell)
                weights |= dict.fromkeys(self.made_of(last - 1, old), -1)
                found.append((weights, 0))
        return found


def nearby(value: int, total: int) -> list[int]:
    """Give the other values that a count could have, the nearest first."""
    others = (one for one in range(total + 1) if one != value)
    return sorted(others, key=lambda one: abs(one - value))


# Dimensions, each as the sides by which its smallest parts are published.
AREAS = [ALL({0}), ALL({1}), ALL({2}), ALL({0, 1, 2})]
TREE = [ALL({0}), ALL({1}), ALL({2}), ALL({3}), ALL({0, 1}), ALL({2, 3}), ALL({0, 1, 2, 3})]
SEXES = [ALL({0}), ALL({1}), ALL({0, 1})]
AGES = [ALL({0}), ALL({1}), ALL({0, 1})]
OVERLAPPING = [ALL({0}), ALL({0, 1}), ALL({1, 2}), ALL({2}), ALL({0, 1, 2})]
PAIR = [ALL({0}), ALL({1}), ALL({0, 1})]
TABLES = [
    *([AREAS], [TREE], [AREAS, SEXES], [TREE, AGES], [AREAS, OVERLAPPING], [AREAS, SEXES, AGES]),
    [PAIR, SEXES, AGES],
]


def atoms_of(dimensions: list[list[frozenset[int]]]) -> list[Atom]:
    return list(product(*(sorted(frozenset().union(*sides)) for sides in dimensions)))


def cells_of(
    dimensions: list[list[frozenset[int]]],
    people: Mapping[Atom, int],
    left_out: frozenset[int] = frozenset(),
    before: Mapping[object, Before] | None = None,
) -> list[Cell]:
    cells = []
    for number, sides in enumerate(product(*dimensions)):
        if number in left_out:
            continue
        value = sum(
            count
            for atom, count in people.items()
            if all(one in side for one, side in zip(atom, sides, strict=True))
        )
        cells.append(Cell(number, sides, Decimal(value), (before or {}).get(number)))
    return cells


@st.composite
def worlds(
    draw: st.DrawFn,
) -> tuple[list[list[frozenset[int]]], dict[Atom, int], frozenset[int]]:
    dimensions = draw(st.sampled_from(TABLES))
    atoms = atoms_of(dimensions)
    counts = st.one_of(st.integers(0, 4), st.integers(0, 12))
    people = {atom: draw(counts) for atom in atoms}
    number = len(list(product(*dimensions)))
    left_out = draw(st.sets(st.integers(0, number - 1), max_size=number // 3))
    if len(dimensions) == 3 and draw(st.booleans()):
        # Of the narrow ages nobody counted men and women.
        left_out = {
            at
            for at, (_area, sex, age) in enumerate(product(*dimensions))
            if len(sex) == len(age) == 1
        }
    return dimensions, people, frozenset(left_out)


def hidden_of(protection: Protection) -> set[object]:
    return set(protection.marks)


@settings(max_examples=150)
@given(worlds(), st.integers(3, 5))
def test_no_hidden_count_can_be_computed_from_what_is_shown(
    world: tuple[list[list[frozenset[int]]], dict[Atom, int], frozenset[int]], minimum: int
) -> None:
    dimensions, people, left_out = world
    cells = cells_of(dimensions, people, left_out)

    protection = protect(cells, minimum)

    assert not protection.exposed
    assert {cell.key for cell in cells if 0 < cell.value < minimum} == {
        key for key, mark in protection.marks.items() if mark == "p"
    }
    attacker = Knowledge()
    attacker.learn(cells, hidden_of(protection), people)
    assert attacker.given_away() == []


@given(worlds(), st.data())
def test_no_hidden_count_can_be_computed_from_two_states_one_after_another(
    world: tuple[list[list[frozenset[int]]], dict[Atom, int], frozenset[int]], data: st.DataObject
) -> None:
    dimensions, people, left_out = world
    if len(people) > 8:
        dimensions, people = dimensions[:2], {}
        people = {atom: data.draw(st.integers(0, 6)) for atom in atoms_of(dimensions)}
        left_out = frozenset()
    first = cells_of(dimensions, people, left_out)
    shown_first = protect(first, 3)
    later = dict(people)
    for atom in data.draw(st.lists(st.sampled_from(sorted(people)), max_size=3)):
        later[atom] = data.draw(st.integers(0, 6))
    before = {cell.key: Before(cell.value, cell.key in shown_first.marks) for cell in first}
    fewer = frozenset(one for one in left_out if data.draw(st.booleans()))
    second = cells_of(dimensions, later, left_out - fewer, before)

    shown_second = protect(second, 3)

    attacker = Knowledge()
    attacker.learn(first, hidden_of(shown_first), people)
    attacker.learn(second, hidden_of(shown_second), later)
    assert attacker.given_away(shown_second.exposed) == []


def table(rows: Sequence[Sequence[int]]) -> tuple[list[Cell], dict[Atom, int]]:
    """Give areas by sex, with all totals."""
    people: dict[Atom, int] = {
        (a, s): value for a, row in enumerate(rows) for s, value in enumerate(row)
    }
    areas = [*(ALL({a}) for a in range(len(rows))), ALL(range(len(rows)))]
    return cells_of([areas, SEXES], people), people


def test_attacker_sees_through_a_table_in_which_only_the_small_count_is_hidden() -> None:
    cells, people = table([[2, 9], [8, 7], [6, 5]])
    attacker = Knowledge()
    attacker.learn(cells, {0}, people)

    assert attacker.given_away() == [0]


def test_small_count_is_protected_by_a_rectangle_of_small_counts_and_not_by_totals() -> None:
    cells, _people = table([[2, 90], [80, 70], [6, 5]])

    marks = protect(cells, 3).marks

    # The first and the last area, men and women; the totals stay.
    assert marks == {0: "p", 1: "s", 6: "s", 7: "s"}


def test_age_of_which_no_sexes_are_known_is_protected_by_its_neighbours_and_not_by_totals() -> None:
    # Area, sex, age: one child of five in the first area, and many people in all others.
    people: dict[Atom, int] = {
        (a, s, g): 20 + 7 * a + 3 * s + g for a, s, g in product(range(3), (0, 1), (0, 1))
    }
    people |= {(0, 0, 0): 1, (0, 1, 0): 0}
    areas = [ALL({0}), ALL({1}), ALL({2}), ALL({0, 1, 2})]
    sides = list(product(areas, SEXES, AGES))
    left_out = frozenset(at for at, one in enumerate(sides) if len(one[1]) == len(one[2]) == 1)
    cells = cells_of([areas, SEXES, AGES], people, left_out)

    marks = protect(cells, 3).marks

    # Two ages of two areas, and neither men nor women of any age.
    hidden = [sides[int(str(key))] for key in marks]
    assert len(hidden) == 4
    assert all(len(area) == 1 and len(sex) == 2 and len(age) == 1 for area, sex, age in hidden)
    attacker = Knowledge()
    attacker.learn(cells, set(marks), people)
    assert attacker.given_away() == []


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    cells, _people = table([[0, 90], [80, 70]])

    assert protect(cells, 3).marks == {}
    assert protect([], 3).marks == {}


def test_what_was_hidden_stays_hidden_and_protected_while_it_is_the_same() -> None:
    cells, people = table([[5, 90], [80, 70], [6, 5]])
    before: dict[object, Before] = {
        0: Before(Decimal(5), is_hidden=True),
        1: Before(Decimal(91), is_hidden=True),
    }
    again = [Cell(one.key, one.sides, one.value, before.get(one.key)) for one in cells]

    marks = protect(again, 3).marks

    assert marks[0] == "s"
    attacker = Knowledge()
    attacker.learn(again, set(marks), people)
    assert attacker.given_away() == []


def test_what_was_hidden_and_changed_need_not_stay_hidden() -> None:
    cells, _people = table([[5, 90], [80, 70], [6, 5]])
    changed = cells[1]._replace(before=Before(Decimal(91), is_hidden=True))

    assert protect([*cells[:1], changed, *cells[2:]], 3).marks == {}


def test_what_was_shown_before_and_is_the_same_protects_nothing() -> None:
    cells, people = table([[2, 9], [8, 7], [6, 5]])
    # Last year's state had another count in the first row; everything else was shown.
    shown = {one.key: Before(one.value, is_hidden=False) for one in cells}
    shown[0] = Before(Decimal(4), is_hidden=False)
    for total in (2, 9, 11):
        shown[total] = Before(cells[total].value + 2, is_hidden=False)
    again = [Cell(one.key, one.sides, one.value, shown[one.key]) for one in cells]

    protection = protect(again, 3)

    assert set(protection.marks) == {0, 2, 9, 11}
    assert not protection.exposed
    attacker = Knowledge()
    attacker.learn(again, set(protection.marks), people)
    assert attacker.given_away() == []


def test_what_cannot_be_protected_any_more_is_told() -> None:
    first, _people = table([[2, 9], [8, 7]])
    # Everything was shown, then the minimum came.
    again = [
        Cell(one.key, one.sides, one.value, Before(one.value, is_hidden=False)) for one in first
    ]

    protection = protect(again, 3)

    # Whoever did not keep that state still cannot compute it.
    assert protection.exposed == set(protection.marks) == {0, 1, 3, 4}
    assert protection.marks[0] == "p"


@pytest.mark.parametrize("number", [600])
def test_large_table_is_protected_in_reasonable_time(number: int) -> None:
    groups = 20
    people = {(a, g): (a * 7 + g * 13) % 97 for a in range(number) for g in range(groups)}
    areas = [ALL({a}) for a in range(number)] + [ALL(range(number))]
    ages = [ALL({g}) for g in range(groups)] + [ALL(range(groups))]
    rows = {a: sum(people[a, g] for g in range(groups)) for a in range(number)}
    columns = {g: sum(people[a, g] for a in range(number)) for g in range(groups)}
    cells = [Cell((a, g), (areas[a], ages[g]), Decimal(people[a, g])) for a, g in people]
    cells += [Cell((a, "all"), (areas[a], ages[-1]), Decimal(rows[a])) for a in rows]
    cells += [Cell(("all", g), (areas[-1], ages[g]), Decimal(columns[g])) for g in columns]
    cells.append(Cell("all", (areas[-1], ages[-1]), Decimal(sum(rows.values()))))

    protection = protect(cells, 3)

    assert not protection.exposed
    assert sum(mark == "p" for mark in protection.marks.values()) == sum(
        0 < value < 3 for value in people.values()
    )
