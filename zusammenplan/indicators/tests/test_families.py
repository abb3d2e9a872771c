"""Quantities that make up others give no hidden count away, whether or not they are all parts."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from hypothesis import given, settings, strategies as st

from zusammenplan.indicators.domain.families import families, lies_within
from zusammenplan.indicators.domain.secrecy import Cell, protect
from zusammenplan.indicators.tests.test_secrecy import ALL, Atom, Knowledge

# Each quantity with the one that it is a part of.
ONE_PART = {1: None, 2: 1}
TWO_PARTS = {1: None, 2: 1, 3: 1}
THREE_PARTS = {1: None, 2: 1, 3: 1, 4: 1}
PARTS_OF_A_PART = {1: None, 2: 1, 3: 1, 4: 2, 5: 2}
ONE_PART_OF_A_PART = {1: None, 2: 1, 3: 1, 4: 2}
AREAS = [ALL({0}), ALL({1}), ALL({0, 1})]
PART_OF = [ONE_PART, TWO_PARTS, THREE_PARTS, PARTS_OF_A_PART, ONE_PART_OF_A_PART]


def test_quantity_that_shares_nothing_is_a_family_of_its_own() -> None:
    assert families({7: None, 8: None}) == {7: ((7, ALL({7})),), 8: ((8, ALL({8})),)}


def test_several_parts_are_the_whole_and_one_alone_leaves_a_rest() -> None:
    several = families(TWO_PARTS)
    alone = families(ONE_PART)

    assert several[3] == several[1] == ((1, ALL({2, 3})), (2, ALL({2})), (3, ALL({3})))
    assert alone[2] == ((1, ALL({1, 2})), (2, ALL({2})))


def test_families_that_share_a_quantity_are_one() -> None:
    found = families({5: 2, 4: 2, 3: 1, 2: 1, 1: None})

    assert len(set(found.values())) == 1
    assert dict(found[4]) == {
        1: ALL({3, 4, 5}),
        2: ALL({4, 5}),
        3: ALL({3}),
        4: ALL({4}),
        5: ALL({5}),
    }


def test_quantity_whose_total_is_not_secret_begins_its_own_family() -> None:
    assert families({2: 1}) == {2: ((2, ALL({2})),)}


def test_quantity_lies_within_itself_and_all_above_it() -> None:
    assert lies_within(PARTS_OF_A_PART, 4, 4)
    assert lies_within(PARTS_OF_A_PART, 4, 1)
    assert not lies_within(PARTS_OF_A_PART, 3, 2)
    assert not lies_within(PARTS_OF_A_PART, None, 2)


def with_rests(part_of: dict[int, int | None], side: frozenset[int]) -> frozenset[int]:
    """Give the side as it is if no total is the sum of its parts: each has a rest, too."""
    whole = dict(families(part_of)[1])
    return side | {
        -total for total in part_of if whole[total] <= side and total in part_of.values()
    }


@settings(max_examples=40)
@given(
    st.sampled_from(PART_OF),
    st.booleans(),
    st.integers(3, 5),
    st.data(),
)
def test_no_hidden_part_can_be_computed_from_totals_and_other_parts(
    part_of: dict[int, int | None],
    is_complete: bool,
    minimum: int,
    data: st.DataObject,
) -> None:
    sides = [side for _quantity, side in families(part_of)[1]]
    # What the attacker knows of how totals are made up; the program is not told.
    known = sides if is_complete else [with_rests(part_of, side) for side in sides]
    most = data.draw(st.sampled_from([1, 2, 4]))
    people: dict[Atom, int] = {
        (area, part): data.draw(st.integers(0, most))
        for area, part in product((0, 1), sorted(ALL().union(*known)))
    }
    cells, seen = [], []
    for number, (area, at) in enumerate(product(AREAS, range(len(sides)))):
        value = sum(people[one] for one in product(area, known[at]))
        # Some counts are in no table.
        if data.draw(st.integers(0, 3)):
            cells.append(Cell(number, (area, sides[at]), Decimal(value)))
            seen.append(Cell(number, (area, known[at]), Decimal(value)))

    protection = protect(cells, minimum)

    assert not protection.exposed
    attacker = Knowledge()
    attacker.learn(seen, set(protection.marks), people)
    assert attacker.given_away() == []


def test_somebody_of_a_rest_protects_no_part() -> None:
    side = dict(families(TWO_PARTS)[1])
    here, there, both = AREAS
    # The one there belongs to no part, though the only part that is known there is empty.
    counts = [
        Cell("all here", (here, side[1]), Decimal(1)),
        Cell("part here", (here, side[2]), Decimal(0)),
        Cell("other here", (here, side[3]), Decimal(1)),
        Cell("all there", (there, side[1]), Decimal(1)),
        Cell("other there", (there, side[3]), Decimal(0)),
        Cell("part of both", (both, side[2]), Decimal(0)),
        Cell("other of both", (both, side[3]), Decimal(1)),
    ]

    marks = protect(counts, 4).marks

    # It is hidden only where nothing that is shown says that nobody is.
    assert "part here" not in marks or "part of both" in marks
