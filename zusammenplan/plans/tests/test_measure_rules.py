"""The rules of milestones, indicators, costs and links, without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, strategies as st

from zusammenplan.plans.domain.costs import CostLine, cost_table
from zusammenplan.plans.domain.indicators import is_reached, lost_by, percent, progress
from zusammenplan.plans.domain.links import link_notes
from zusammenplan.plans.domain.milestones import (
    Due,
    coming,
    demands_reason,
    first_due,
    move_of,
    states,
)
from zusammenplan.plans.domain.statuses import demands_reason as status_demands_reason

TODAY = date(2027, 2, 12)
numbers = st.decimals(min_value=-(10**6), max_value=10**6, places=2)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


# Milestones


def test_only_a_day_that_was_set_before_moves() -> None:
    assert not demands_reason(None, date(2027, 4, 30))
    assert not demands_reason(date(2027, 4, 30), date(2027, 4, 30))
    assert demands_reason(date(2027, 4, 30), date(2027, 6, 30))
    assert demands_reason(date(2027, 4, 30), None)


def test_the_milestone_to_come_is_the_one_due_first_and_one_without_a_day_comes_last() -> None:
    no_day, late, done = Due(None), Due(date(2027, 9, 1)), Due(TODAY, TODAY)
    overdue = Due(date(2026, 1, 1))

    assert coming([no_day, late, overdue, done]) == overdue
    assert coming([no_day, late, done]) == late
    assert coming([no_day, done]) == no_day
    assert coming([done]) is None


@given(st.lists(st.none() | days, min_size=1))
def test_the_first_day_stays_however_often_it_moves(moves: list[date | None]) -> None:
    first: date | None = None
    for day in moves:
        first = first_due(first, day)

    assert first == next((day for day in moves if day), None)


@given(days, st.integers(min_value=-400, max_value=400))
def test_a_move_tells_by_how_many_days(first: date, shift: int) -> None:
    move = move_of(first, first + timedelta(days=shift))

    assert (move.days if move else 0) == shift


def test_a_day_that_was_taken_away_moved_too() -> None:
    move = move_of(TODAY, None)

    assert move is not None
    assert move.days is None


def test_what_is_late_is_told_and_only_one_is_next() -> None:
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)

    assert states([Due(yesterday, yesterday), Due(TODAY), Due(tomorrow)], today=TODAY) == [
        "done",
        "next",
        "open",
    ]
    assert states([Due(yesterday), Due(None)], today=TODAY) == ["overdue", "open"]


# Indicators


@given(numbers, numbers, numbers)
def test_progress_is_nought_at_the_beginning_and_one_at_the_target(
    baseline: Decimal, target: Decimal, actual: Decimal
) -> None:
    assume(baseline != target)

    assert progress(baseline, target, baseline) == 0
    assert progress(baseline, target, target) == 1
    share = progress(baseline, target, actual)
    assert share is not None
    # Turned round, a falling target is as far as a rising one.
    assert progress(-baseline, -target, -actual) == share
    assert (share >= 1) == is_reached(baseline, target, actual)


@pytest.mark.parametrize(
    ("baseline", "target", "actual"),
    [(None, 500, 201), (140, None, 201), (140, 500, None), (500, 500, 500)],
)
def test_progress_is_nothing_while_it_is_undefined(
    baseline: int | None, target: int | None, actual: int | None
) -> None:
    amounts = [None if one is None else Decimal(one) for one in (baseline, target, actual)]

    assert progress(*amounts) is None


def test_a_share_just_below_the_target_is_not_a_hundred_per_cent() -> None:
    assert percent(Decimal("0.999")) == 99
    assert percent(Decimal("-0.005")) == 0


def test_without_a_baseline_a_target_is_one_to_rise_to() -> None:
    assert is_reached(None, Decimal(5), Decimal(5))
    assert not is_reached(None, Decimal(5), Decimal(4))
    assert not is_reached(None, None, Decimal(4))


def test_a_kind_may_change_only_if_nothing_is_lost() -> None:
    assert lost_by("verbal", {"target_on"}) == []
    assert lost_by("verbal", {"evidence", "unit"}) == ["evidence"]
    assert lost_by("numeric", {"unit", "values", "reached_on"}) == ["unit", "values"]


# Costs


lines = st.lists(
    st.builds(
        CostLine,
        st.none() | st.integers(min_value=2020, max_value=2031),
        st.sampled_from(["Land", "land ", "Landkreis", ""]),
        st.decimals(min_value=0, max_value=10**9, places=2),
    ),
    max_size=20,
)


@given(lines)
def test_both_ways_of_adding_up_give_the_same_sum(costs: list[CostLine]) -> None:
    table = cost_table(costs)

    assert table.total == sum((cost.amount for cost in costs), Decimal(0))
    assert sum((row.total for row in table.rows), Decimal(0)) == table.total
    assert all(len(row.amounts) == len(table.years) for row in table.rows)


def test_costs_without_a_year_stand_in_the_last_column() -> None:
    table = cost_table(
        [
            CostLine(None, "Stiftung", Decimal(48000)),
            CostLine(2028, "Land", Decimal(2)),
            CostLine(2027, "LAND", Decimal(1)),
        ]
    )

    assert table.years == (2027, 2028, None)
    assert [(row.source, row.amounts) for row in table.rows] == [
        ("Stiftung", (None, None, Decimal(48000))),
        ("Land", (Decimal(1), Decimal(2), None)),
    ]


# Links and statuses


@given(
    st.lists(st.text(min_size=1, max_size=150), max_size=8),
    st.lists(st.text(min_size=1, max_size=150), max_size=8),
)
def test_no_note_is_longer_than_a_line_of_the_history(added: list[str], removed: list[str]) -> None:
    notes = link_notes("Ziele", added=added, removed=removed, words=("hinzu", "entfernt"))

    assert all(len(note) <= 100 for note in notes)
    assert bool(notes) == bool(added or removed)


def test_a_note_names_what_came_and_what_went() -> None:
    notes = link_notes(
        "Ziele", added=["2.A Rat", "2.B Hilfe"], removed=["1.A"], words=("hinzu", "entfernt")
    )

    assert notes == ["Ziele hinzu: 2.A Rat, 2.B Hilfe", "Ziele entfernt: 1.A"]


def test_what_ended_otherwise_than_planned_is_explained() -> None:
    explained = {"partly_done", "not_done", "dropped", "carried_over"}

    assert {
        status
        for status in ("idea", "planned", "running", "done", *explained)
        if status_demands_reason(status)
    } == explained
