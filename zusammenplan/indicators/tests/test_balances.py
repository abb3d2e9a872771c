"""Who knows the population before and after, and all but one of what happened, knows no more."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from zusammenplan.indicators.domain.families import families, is_balanced, negative, parts_of
from zusammenplan.indicators.domain.secrecy import Cell, Protection, Role, Signs, protect
from zusammenplan.indicators.tests.test_secrecy import ALL, AREAS, SEXES, Equations

if TYPE_CHECKING:
    from collections.abc import Mapping

# The change of the population is natural increase and net migration, each with two parts.
CHANGE, NATURAL, BIRTHS, DEATHS, NET, ARRIVALS, DEPARTURES = range(1, 8)
PART_OF = {
    CHANGE: None,
    NATURAL: CHANGE,
    BIRTHS: NATURAL,
    DEATHS: NATURAL,
    NET: CHANGE,
    ARRIVALS: NET,
    DEPARTURES: NET,
}
FLOWS = [BIRTHS, DEATHS, ARRIVALS, DEPARTURES]
MINUS = negative(PART_OF, {DEATHS, DEPARTURES})
SIDES = dict(families(PART_OF)[CHANGE])
SIGNS = Signs(2, MINUS)
PAIR = [ALL({0}), ALL({1}), ALL({0, 1})]
EVERYBODY = [ALL({0})]
Flow = tuple[int, int, int]


def weight(flow: Flow, sides: tuple[frozenset[int], ...], *, is_signed: bool) -> int:
    if any(one not in side for one, side in zip(flow, sides, strict=True)):
        return 0
    return -1 if is_signed and flow[2] in MINUS else 1


def weights_of(cell: Cell, people: Mapping[Flow, int]) -> dict[int, int]:
    """Give what a cell is made of; what is only subtracted is counted itself."""
    is_signed = not cell.sides[2] <= MINUS
    weights = (weight(flow, cell.sides, is_signed=is_signed) for flow in people)
    return {at: one for at, one in enumerate(weights) if one}


def value_of(cell: Cell, people: Mapping[Flow, int]) -> int:
    counts = list(people.values())
    return sum(counts[at] * one for at, one in weights_of(cell, people).items())


def filled(cell: Cell, people: Mapping[Flow, int]) -> Cell:
    return cell._replace(value=Decimal(value_of(cell, people)))


def given_away(
    cells: list[Cell], protection: Protection, people: Mapping[Flow, int]
) -> list[object]:
    """Give the hidden counts that have a single value, for who knows all that is shown or fixed."""
    most = max(people.values()) + 3
    equations = Equations(
        [most] * len(people),
        [
            (weights_of(cell, people), value_of(cell, people))
            for cell in cells
            if cell.key not in protection.marks
        ],
    )
    # Another world is mostly found near the true one, and never by chance: then it takes long.
    near = [(max(0, count - 1), count + 1) for count in people.values()]

    def has_another_value(cell: Cell) -> bool:
        weights, value = weights_of(cell, people), value_of(cell, people)
        return any(
            equations.has_solution([(weights, other)], bounds=near)
            for other in (value - 1, value + 1)
        ) or any(
            equations.has_solution([(weights, other)])
            for other in range(-most * len(people), most * len(people))
            if other != value
        )

    return [
        cell.key for cell in cells if cell.key in protection.marks and not has_another_value(cell)
    ]


def village_cells(*, are_days_known: bool) -> tuple[list[Cell], dict[Flow, int]]:
    """Give two villages and both together: few births in the first, all else is large."""
    people: dict[Flow, int] = {
        (area, 0, flow): value
        for area, values in enumerate([(2, 20, 30, 40), (50, 60, 70, 80)])
        for flow, value in zip(FLOWS, values, strict=True)
    }
    cells = [
        filled(Cell((number, flow), (area, ALL({0}), SIDES[flow]), Decimal(0)), people)
        for (number, area), flow in product(enumerate(PAIR), FLOWS)
    ]
    if are_days_known:
        cells += [
            Cell((number, "days"), (area, ALL({0}), SIDES[CHANGE]), Decimal(0), role=Role.FIXED)
            for number, area in enumerate(PAIR)
        ]
    return cells, people


def test_population_gives_few_births_away_if_only_births_are_hidden() -> None:
    cells, people = village_cells(are_days_known=True)
    unaware, _people = village_cells(are_days_known=False)
    without = protect(unaware, 3, SIGNS)

    assert set(without.marks) == {(0, BIRTHS), (1, BIRTHS)}
    assert set(given_away(cells, without, people)) == set(without.marks)


def test_few_births_are_hidden_with_another_flow_of_the_same_villages() -> None:
    cells, people = village_cells(are_days_known=True)

    protection = protect(cells, 3, SIGNS)

    # One death more with one birth more, in the other village the opposite; no sum changes.
    assert protection.marks == {
        (0, BIRTHS): "p",
        (0, DEATHS): "s",
        (1, BIRTHS): "s",
        (1, DEATHS): "s",
    }
    assert given_away(cells, protection, people) == []


def test_birth_and_death_more_need_both_to_be_less_elsewhere() -> None:
    values = [(1, 0), (0, 1), (10, 10)]
    people: dict[Flow, int] = {
        (area, 0, flow): value
        for area, pair in enumerate(values)
        for flow, value in zip((BIRTHS, DEATHS), pair, strict=True)
    }
    cells = [
        filled(Cell((number, what), (area, ALL({0}), SIDES[what]), Decimal(0), None, role), people)
        for number, area in enumerate(AREAS)
        for what, role in ((BIRTHS, Role.COUNT), (DEATHS, Role.COUNT), (NATURAL, Role.FIXED))
    ]

    protection = protect(cells, 3, SIGNS)

    # Nobody died in the first village, and nobody was born in the second one.
    assert {(2, BIRTHS), (2, DEATHS)} <= set(protection.marks)
    assert given_away(cells, protection, people) == []


def test_what_adds_up_and_subtracts_is_no_small_count() -> None:
    natural = Cell("natural", (ALL({0}), ALL({0}), SIDES[NATURAL]), Decimal(1))
    births = Cell("births", (ALL({0}), ALL({0}), SIDES[BIRTHS]), Decimal(9))
    deaths = Cell("deaths", (ALL({0}), ALL({0}), SIDES[DEATHS]), Decimal(8))

    assert protect([natural, births, deaths], 3, SIGNS).marks == {}
    # Shown with one of them it gives the other one away.
    few = [natural, births._replace(value=Decimal(2)), deaths._replace(value=Decimal(1))]
    assert protect(few, 3, SIGNS).marks == {"births": "p", "deaths": "p"}
    falling = natural._replace(value=Decimal(-10))
    alone = [falling, births._replace(value=Decimal(2)), deaths._replace(value=Decimal(12))]
    assert protect(alone, 3, SIGNS).marks == {"births": "p", "deaths": "s"}


def test_count_that_nothing_protects_breaks_what_is_fixed_and_says_so() -> None:
    here = ALL({0})
    people = Cell("people", (here, here), Decimal(2))
    fixed = Cell("fixed", (here, here), Decimal(0), role=Role.FIXED)

    protection = protect([people, fixed], 3)

    assert protection.marks == {"people": "p"}
    assert protection.broken == {"fixed"}


def test_balance_says_nothing_where_what_comes_and_what_goes_is_unknown() -> None:
    parts = parts_of(PART_OF)

    assert is_balanced(parts, CHANGE, {NATURAL, ARRIVALS, DEPARTURES}, MINUS)
    assert is_balanced(parts, CHANGE, {BIRTHS, DEATHS, ARRIVALS}, MINUS)
    assert is_balanced(parts, CHANGE, {CHANGE}, MINUS)
    assert not is_balanced(parts, CHANGE, {BIRTHS, DEATHS}, MINUS)
    assert not is_balanced(parts, CHANGE, {BIRTHS}, MINUS)


@given(st.sampled_from([(AREAS, EVERYBODY), (PAIR, SEXES), (PAIR, EVERYBODY)]), st.data())
def test_no_hidden_flow_can_be_computed_from_two_days_and_all_other_flows(
    dimensions: tuple[list[frozenset[int]], list[frozenset[int]]], data: st.DataObject
) -> None:
    areas, sexes = dimensions
    most = data.draw(st.sampled_from([1, 2, 4]))
    people: dict[Flow, int] = {
        (area, sex, flow): data.draw(st.integers(0, most))
        for area, sex, flow in product(*(sorted(ALL().union(*some)) for some in dimensions), FLOWS)
    }
    told = [*FLOWS, *data.draw(st.sets(st.sampled_from([NATURAL, NET])))]
    if data.draw(st.booleans()):
        told.remove(data.draw(st.sampled_from(FLOWS)))
    cells = []
    for area, sex in product(areas, sexes):
        known = [one for one in told if data.draw(st.integers(0, 9))]
        cells += [Cell((area, sex, one), (area, sex, SIDES[one]), Decimal(0)) for one in known]
        if is_balanced(parts_of(PART_OF), CHANGE, known, MINUS):
            sides = area, sex, SIDES[CHANGE]
            cells.append(Cell((area, sex, "days"), sides, Decimal(0), role=Role.FIXED))
    cells = [filled(cell, people) for cell in cells]

    protection = protect(cells, 3, SIGNS)

    assert not protection.exposed | protection.broken
    assert given_away(cells, protection, people) == []
