"""The steps of a plan's life, and when it is called old."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from zusammenplan.plans.choices import PlanStatus
from zusammenplan.plans.domain.life import (
    ORDER,
    STEPS,
    Candidate,
    begins_to_age,
    first_year_too_old,
    in_focus,
    is_back,
    is_too_old,
    may_be_superseded,
    may_step,
    steps_from,
)


def test_the_table_of_steps_knows_every_status() -> None:
    assert set(STEPS) == set(ORDER) == set(PlanStatus.values)


@pytest.mark.parametrize(
    ("current", "to"),
    [
        ("draft", "participation"),
        ("participation", "vote"),
        ("vote", "committee"),
        ("committee", "adopted"),
        ("adopted", "in_force"),
        ("in_force", "evaluated"),
        ("evaluated", "superseded"),
        ("in_force", "superseded"),
        # A plan that was adopted before the program came is taken over.
        ("draft", "adopted"),
    ],
)
def test_a_plan_goes_its_way(current: str, to: str) -> None:
    assert may_step(current, to)
    assert not is_back(current, to)


@pytest.mark.parametrize(
    ("current", "to"),
    [
        ("draft", "in_force"),
        ("draft", "evaluated"),
        ("committee", "in_force"),
        ("adopted", "evaluated"),
        ("draft", "superseded"),
        ("superseded", "draft"),
        ("draft", "draft"),
    ],
)
def test_a_plan_leaves_no_step_out(current: str, to: str) -> None:
    assert not may_step(current, to)


def test_the_committees_may_send_a_plan_back() -> None:
    assert {"vote", "participation", "draft"} <= set(steps_from("committee"))
    assert is_back("committee", "draft")


def test_every_status_can_be_reached_and_left() -> None:
    reached = {"draft"}
    for _ in ORDER:
        reached |= {to for status in reached for to in STEPS[status]}

    assert reached == set(ORDER)
    assert all(STEPS.values())


def test_only_a_plan_that_counts_is_superseded() -> None:
    assert [status for status in ORDER if may_be_superseded(status)] == ["in_force", "evaluated"]


@pytest.mark.parametrize(
    ("since", "year", "old"),
    [
        (date(2018, 12, 18), 2023, False),  # Nordhausen's resolution 747/18: 18.12.2023 comes later
        (date(2018, 12, 18), 2024, True),
        (date(2022, 1, 1), 2027, False),  # five years to the day
        (date(2021, 12, 31), 2027, True),
        (date(2018, 10, 28), 2025, True),  # Jena's plan, still in use
        (date(2020, 2, 29), 2025, False),
        (date(2020, 2, 29), 2026, True),
    ],
)
def test_a_plan_is_too_old_after_five_years_at_the_start_of_a_funding_year(
    since: date, year: int, *, old: bool
) -> None:
    assert is_too_old(since, year) is old


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.integers(1991, 2090))
def test_once_too_old_a_plan_stays_too_old(since: date, year: int) -> None:
    if is_too_old(since, year):
        assert is_too_old(since, year + 1)
        assert date(year, 1, 1) - since > timedelta(days=5 * 365)


def test_the_age_counts_from_the_last_adoption_else_from_the_begin() -> None:
    begin, first, last = date(2022, 1, 1), date(2021, 12, 9), date(2023, 9, 27)

    assert begins_to_age(begin, []) == begin
    assert begins_to_age(begin, [last, first]) == last
    assert begins_to_age(None, []) is None


def test_it_is_told_a_year_ahead_and_only_of_plans_that_count() -> None:
    since, today = date(2021, 12, 9), date(2026, 5, 1)

    assert first_year_too_old(since, "in_force", today) == 2027
    assert first_year_too_old(since, "in_force", date(2027, 3, 1)) == 2027
    assert first_year_too_old(since, "in_force", date(2025, 12, 31)) is None
    assert first_year_too_old(since, "draft", today) is None
    assert first_year_too_old(since, "superseded", today) is None
    assert first_year_too_old(None, "in_force", today) is None


def test_the_start_page_shows_where_people_vote_then_rate_then_the_latest_that_goes_on() -> None:
    old = Candidate(1, "superseded", date(2022, 1, 1))
    counts = Candidate(2, "in_force", date(2027, 1, 1))
    draft = Candidate(3, "draft", date(2032, 1, 1))
    undated = Candidate(4, "draft", None)
    plans = [old, counts, draft, undated]

    assert in_focus([]) is None
    assert in_focus([old]) == 1
    assert in_focus([old, undated]) == 4
    assert in_focus(plans) == 3
    assert in_focus([*plans, replace(counts, is_rated=True)]) == 2
    assert in_focus([replace(counts, is_voted_on=True), replace(draft, is_rated=True)]) == 2
