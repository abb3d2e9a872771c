"""Deeds of a prioritisation that no page leads to, and what follows from them elsewhere."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from zusammenplan.ballots.actions import (
    FrozenError,
    add_group,
    add_voter,
    add_voters_of_body,
    change_group,
    decide_half_step,
    delete_group,
    release,
    remove_voter,
    reopen_group,
)
from zusammenplan.ballots.choices import Audience, HalfStep, Way
from zusammenplan.ballots.models import Group, Round
from zusammenplan.ballots.tests.factories import (
    make_closed_group,
    make_group,
    make_open_group,
    make_round,
    make_tally,
    make_voter,
)
from zusammenplan.core.public import current_version
from zusammenplan.meetings.tests.factories import make_body, make_seat
from zusammenplan.people.models import User
from zusammenplan.people.tests.factories import make_planner

pytestmark = pytest.mark.django_db


def make_released_group() -> Group:
    """Make a group of a body in a released round; one of its two voters has voted."""
    round_ = make_round(measures=1)
    group = make_closed_group(round_, body=make_body())
    make_voter(group, has_voted=True)
    make_voter(group)
    make_seat(group.body, name="Ada Lindner")
    make_tally(group, round_.items.get(), {2: 1})
    release(round_, by=make_planner(), now=timezone.now())
    return Group.objects.get()


@pytest.mark.parametrize(
    "deed",
    [
        lambda group, by: add_voter(group, name="Neu", email="", user=None, by=by),
        lambda group, by: add_voters_of_body(group, day=timezone.localdate(), by=by),
        lambda group, by: remove_voter(
            group.voters.get(has_voted=False), by=by, now=timezone.now()
        ),
    ],
    ids=["add", "from the body", "remove"],
)
def test_the_list_of_voters_stays_as_it_is_once_the_result_is_released(
    deed: Callable[[Group, User], object],
) -> None:
    group = make_released_group()

    with pytest.raises(FrozenError):
        deed(group, make_planner())

    assert group.voters.count() == 2


def test_a_release_late_in_the_evening_is_of_that_day_in_germany() -> None:
    round_ = make_round(measures=1)
    make_tally(make_closed_group(round_), round_.items.get(), {2: 1})

    release(round_, by=make_planner(), now=datetime(2027, 6, 30, 22, 30, tzinfo=UTC))

    assert round_.items.get().measure.priority_on == date(2027, 7, 1)


@pytest.mark.parametrize("make", [make_group, make_open_group])
def test_only_a_vote_that_was_closed_is_opened_again(make: Callable[..., Group]) -> None:
    group = make(make_round(measures=1))

    with pytest.raises(FrozenError):
        reopen_group(group, by=make_planner(), reason="Zwei fehlten noch")

    assert Group.objects.get().closes_at == group.closes_at


def decide(round_: Round, by: User) -> None:
    decide_half_step(round_.items.get(), 1, reason="", by=by, now=timezone.now())  # type: ignore[arg-type] # a whole grade


def first(round_: Round) -> Group:
    return round_.groups.order_by("pk")[0]


WATCHED: dict[str, Callable[[Round, User], Any]] = {
    "a group joins": lambda round_, by: add_group(
        round_, {"name_de": "Beirat", "way": Way.HANDS}, by=by
    ),
    "a group changes": lambda round_, by: change_group(
        first(round_), {"name_de": "Beirat"}, seen_version=1, by=by
    ),
    "a group goes": lambda round_, by: delete_group(
        make_group(round_), by=by, reason="Stimmt nicht mit ab"
    ),
    "a vote is opened again": lambda round_, by: reopen_group(
        first(round_), by=by, reason="Zwei fehlten noch"
    ),
    "a voter joins": lambda round_, by: add_voter(
        first(round_), name="Neu", email="", user=None, by=by
    ),
    "a voter goes": lambda round_, by: remove_voter(
        make_voter(first(round_)), by=by, now=timezone.now()
    ),
    "the chair decides": decide,
}


@pytest.mark.parametrize("deed", WATCHED.values(), ids=WATCHED)
def test_what_everybody_may_watch_is_shown_anew(deed: Callable[[Round, User], Any]) -> None:
    round_ = make_round(measures=1, audience=Audience.PUBLIC, half_step=HalfStep.CHAIR)
    make_tally(make_closed_group(round_), round_.items.get(), {1: 1, 2: 1})
    before = current_version()

    deed(round_, make_planner())

    assert current_version() > before
