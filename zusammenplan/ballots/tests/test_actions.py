"""Deeds of a prioritisation: what they refuse, and what follows from them elsewhere."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.utils import timezone

from zusammenplan.ballots.actions import (
    FrozenError,
    NotReadyError,
    TallyChangedError,
    add_group,
    add_voter,
    add_voters_of_body,
    admit_proposal,
    change_group,
    close_group,
    copy_round,
    decide_half_step,
    delete_group,
    enter_tally,
    invite_voters,
    mail_links,
    open_group,
    release,
    remove_voter,
    reopen_group,
)
from zusammenplan.ballots.choices import Audience, HalfStep, Way
from zusammenplan.ballots.domain import SECRET_MINIMUM
from zusammenplan.ballots.models import Group, Round, Voter
from zusammenplan.ballots.queries import result_of, written_tally
from zusammenplan.ballots.tests.factories import (
    make_closed_group,
    make_group,
    make_link,
    make_open_group,
    make_proposal,
    make_round,
    make_tally,
    make_voter,
)
from zusammenplan.core.history import keep
from zusammenplan.core.public import current_version
from zusammenplan.meetings.tests.factories import make_body, make_seat
from zusammenplan.people.models import User
from zusammenplan.people.tests.factories import make_planner, make_user
from zusammenplan.plans.models import Measure
from zusammenplan.plans.tests.factories import make_plan

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


def test_a_secret_result_stays_hidden_until_the_last_group_is_closed() -> None:
    round_ = make_round(measures=1, is_secret=True, audience=Audience.PUBLIC)
    closed, running = make_closed_group(round_), make_open_group(round_)
    for group in (closed, running):
        for _number in range(SECRET_MINIMUM):
            make_voter(group, has_voted=True)
    make_tally(closed, round_.items.get(), {1: SECRET_MINIMUM})

    assert result_of(round_).hidden_because
    assert result_of(round_).items == []
    close_group(running, by=None, now=timezone.now())
    assert not result_of(round_).hidden_because


def test_a_new_link_withdraws_the_one_before_it() -> None:
    voter = make_voter(make_group())
    make_link(voter)
    before = voter.invitation
    assert before is not None

    make_link(voter)

    before.refresh_from_db()
    assert before.revoked_at is not None
    assert voter.invitation != before


@pytest.mark.parametrize(("language", "greeting"), [("de", "Guten Tag"), ("en", "Hello")])
def test_a_link_is_mailed_in_the_language_of_the_account(language: str, greeting: str) -> None:
    voter = make_voter(make_group(), email="ada@example.org", user=make_user(language=language))
    now = timezone.now()
    links = invite_voters([voter], expires_at=now + timedelta(days=1), by=make_planner(), now=now)

    unsent = mail_links(links, address=lambda token: f"https://example.org/{token}/")

    assert unsent == []
    assert greeting in mail.outbox[0].body


def test_a_copy_takes_along_the_voters_of_a_circle_without_their_links() -> None:
    group = make_group(name_de="Fachkreis Pflege")
    voter = make_voter(group, name="Ada Lindner", email="ada@example.org", has_voted=True)
    make_link(voter)
    now = timezone.now()

    copied = copy_round(
        group.round, {"title_de": "Noch einmal"}, by=None, now=now, day=timezone.localdate()
    )

    found = Voter.objects.get(group__round=copied)
    assert (found.name, found.email) == ("Ada Lindner", "ada@example.org")
    assert found.invitation is None
    assert not found.has_voted


def test_an_update_takes_the_names_of_voters_out_of_older_histories() -> None:
    group = make_group()
    for deed in ("Stimmberechtigt: Ada Lindner", "\x03Voter removed: Ada Lindner", "Geändert: x"):
        keep(group, by=None, deed=deed)

    import_module("zusammenplan.ballots.migrations.0003_no_names_in_deeds").take_names_out(
        apps, None
    )

    deeds = [entry.history_change_reason for entry in group.history.order_by("pk")]
    assert deeds[-3:] == [
        "Person auf die Liste gesetzt",
        "\x03Person taken off the list",
        "Geändert: x",
    ]


def test_a_copy_leaves_out_voters_whose_names_have_gone() -> None:
    group, now = make_group(name_de="Fachkreis Pflege"), timezone.now()
    make_voter(group, name="Person 1", anonymised_at=now)
    make_voter(group, name="Ada Lindner")

    copied = copy_round(
        group.round, {"title_de": "Noch einmal"}, by=None, now=now, day=timezone.localdate()
    )

    assert Voter.objects.get(group__round=copied).name == "Ada Lindner"


def test_somebody_with_two_seats_in_a_body_stands_on_the_list_once() -> None:
    body, user = make_body(), make_user()
    make_seat(body, name="Ada Lindner", user=user)
    make_seat(body, name="Ada Lindner (Vertretung)", user=user)
    group = make_group(body=body)

    added = add_voters_of_body(group, day=timezone.localdate(), by=make_planner())

    assert [voter.name for voter in added] == ["Ada Lindner"]


def test_an_admitted_measure_is_marked_as_proposed_in_the_plan_too() -> None:
    proposal = make_proposal()

    item = admit_proposal(
        proposal, field=None, number="9", reason="", by=make_planner(), now=timezone.now()
    )

    assert item.is_additional
    assert item.measure.is_additional


def test_a_vote_about_nothing_is_not_opened() -> None:
    group = make_group(make_round(measures=0), way=Way.HANDS)

    with pytest.raises(NotReadyError):
        open_group(group, by=make_planner(), now=timezone.now())


def test_the_ballot_follows_the_plan_until_voting_begins_and_no_longer() -> None:
    round_ = make_round(measures=1)
    first, second = (make_group(round_, way=Way.HANDS) for _number in range(2))
    measures = Measure.objects.filter(items__round=round_)
    planner, now = make_planner(), timezone.now()

    measures.update(title_de="Neuer Wortlaut")
    open_group(first, by=planner, now=now)
    measures.update(title_de="Noch ein Wortlaut")
    open_group(second, by=planner, now=now)

    assert round_.items.get().title_de == "Neuer Wortlaut"


def test_a_provisional_result_is_public_only_when_a_group_of_a_public_plan_has_closed() -> None:
    running = make_round(audience=Audience.PUBLIC)
    make_open_group(running)
    closed = make_round(audience=Audience.PUBLIC)
    make_closed_group(closed)
    make_closed_group(closed)
    of_planners = make_round()
    make_closed_group(of_planners)
    of_a_draft = make_round(make_plan(is_public=False), audience=Audience.PUBLIC)
    make_closed_group(of_a_draft)

    assert list(Round.objects.public()) == [closed]


def test_hands_that_another_wrote_down_at_the_same_moment_are_not_overwritten() -> None:
    round_ = make_round(measures=1)
    group = make_open_group(round_, way=Way.HANDS)
    item, clerk, now = round_.items.get(), make_planner(), timezone.now()
    enter_tally(group, {item.pk: {1: 4}}, by=clerk, now=now, known={})

    with pytest.raises(TallyChangedError):
        enter_tally(group, {item.pk: {2: 5}}, by=clerk, now=now, known={})

    assert written_tally(group) == {item.pk: {1: 4}}
    enter_tally(group, {item.pk: {2: 5}}, by=clerk, now=now, known={item.pk: {1: 4}})
    assert written_tally(group) == {item.pk: {2: 5}}
