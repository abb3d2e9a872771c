"""Where bars and milestones stand on the timeline."""

from datetime import date

from hypothesis import given, strategies as st

from zusammenplan.plans.domain.timeline import YEARS_AT_MOST, Axis, axis_for, bar, mark

TODAY = date(2027, 7, 1)
DAYS = st.dates(date(1995, 1, 1), date(2150, 12, 31))
AXIS = Axis(2027, 2028)


def test_the_axis_holds_whole_years_and_today() -> None:
    assert axis_for([date(2025, 5, 1), None, date(2029, 1, 1)], TODAY) == Axis(2025, 2029)
    assert axis_for([], TODAY) == Axis(2027, 2027)


def test_of_too_many_years_those_around_today_stay() -> None:
    axis = axis_for([date(1999, 1, 1), date(2090, 1, 1)], TODAY)

    assert (axis.first, axis.last) == (2022, 2022 + YEARS_AT_MOST - 1)


def test_a_bar_ends_at_the_end_of_its_last_day() -> None:
    found = bar(date(2027, 1, 1), date(2028, 12, 31), AXIS)

    assert found
    assert (found.start, found.width) == (0, 100)
    assert (found.is_open_start, found.is_open_end) == (False, False)


def test_an_open_side_runs_to_the_edge() -> None:
    since, until = bar(date(2028, 1, 1), None, AXIS), bar(None, date(2027, 12, 31), AXIS)

    assert since
    assert until
    assert (since.is_open_end, since.start + since.width) == (True, 100)
    assert (until.is_open_start, until.start) == (True, 0)


def test_what_lies_beyond_the_axis_is_not_drawn() -> None:
    assert bar(None, None, AXIS) is None
    assert bar(date(2030, 1, 1), None, AXIS) is None
    assert bar(None, date(2020, 1, 1), AXIS) is None
    beyond = bar(date(2020, 1, 1), date(2040, 1, 1), AXIS)
    assert beyond
    assert (beyond.is_open_start, beyond.is_open_end) == (True, True)


def test_a_milestone_stands_where_it_was_done_or_is_due() -> None:
    done = mark(date(2027, 1, 1), date(2028, 1, 1), AXIS, TODAY)
    late = mark(date(2027, 1, 1), None, AXIS, TODAY)
    due = mark(date(2028, 12, 31), None, AXIS, TODAY)

    assert [found and found.state for found in (done, late, due)] == ["done", "late", "open"]
    assert done
    assert round(done.place) == 50
    assert mark(None, None, AXIS, TODAY) is None
    assert mark(date(2030, 1, 1), None, AXIS, TODAY) is None


@given(DAYS, st.none() | DAYS, st.none() | DAYS)
def test_every_bar_lies_within_the_picture(
    today: date, starts_on: date | None, ends_on: date | None
) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        starts_on, ends_on = ends_on, starts_on
    axis = axis_for([starts_on, ends_on], today)
    found = bar(starts_on, ends_on, axis)

    assert axis.first <= today.year <= axis.last
    assert len(axis.years) <= YEARS_AT_MOST
    if found:
        assert 0 <= found.start <= found.start + found.width <= 100.0001
