"""Tests of what goes when its period is over."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from zusammenplan.ballots.models import Mark, Voter
from zusammenplan.ballots.tests.factories import make_closed_group, make_round, make_voter
from zusammenplan.core.models import BarrierReport
from zusammenplan.core.tests.shared import shared
from zusammenplan.meetings.models import Seat
from zusammenplan.people.actions import deactivate_user
from zusammenplan.people.models import Comment, Digest, Draft, Invitation, Task, User
from zusammenplan.plans.models import Rating, RatingRequest
from zusammenplan.privacy.actions.persons import erase_person
from zusammenplan.privacy.actions.retention import (
    AT_ONCE,
    HoldWithoutReasonError,
    PeriodRefusedError,
    change_rule,
    let_go,
)
from zusammenplan.privacy.choices import Outcome, Retention
from zusammenplan.privacy.models import Erasure
from zusammenplan.privacy.queries.due import policies
from zusammenplan.privacy.tests.people import THEN, TRACES, World, again, make_world, places_with

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=366)
world = shared(make_world)


def set_rule(retention: Retention, *, by: User, **values: Any) -> None:
    usual = {"months": 12, "is_held": False, "hold_reason": ""}
    change_rule(retention, {**usual, **values}, seen_version=1, by=by)


def test_nothing_goes_before_its_period_is_over(world: World) -> None:
    assert let_go(now=THEN) == []

    assert again(world.seat).email


def test_after_all_periods_nothing_tells_who_it_was(world: World) -> None:
    assert places_with(*TRACES), "the look into the tables must find what is there"
    deactivate_user(world.user, by=world.administrator, now=THEN)
    # Organisations have no period of their own; they go when somebody asks for it.
    marks = [f"organisation-{world.private.pk}", f"contact-{world.provider.pk}"]
    erase_person(marks, by=world.administrator, now=THEN)

    let_go(now=THEN + 11 * YEAR)

    assert places_with(*TRACES) == set()


@pytest.mark.usefixtures("world")
def test_each_class_says_how_many_records_went() -> None:
    gone = {one.retention: one for one in let_go(now=THEN + 11 * YEAR)}

    # The account is in use, and of tasks one is open.
    assert set(gone) == set(Retention) - {Retention.ACCOUNTS}
    assert gone[Retention.CONTACTS].count == 4
    assert gone[Retention.TASKS].count == 1
    logged = Erasure.objects.get(retention=Retention.VOTES)
    assert (logged.outcome, logged.count, logged.erased_by) == (Outcome.NAME, 3, None)


def test_votes_and_ratings_stay_without_their_names(world: World) -> None:
    let_go(now=THEN + 6 * YEAR)

    voter = again(world.voter)
    assert (voter.name, voter.user, voter.seat, voter.invitation) == ("Person 1", None, None, None)
    assert Mark.objects.get(ballot__voter=voter).grade == 2
    rating = again(world.rating)
    assert (rating.author, rating.author_name, rating.reason) == (None, "", "Läuft gut.")
    assert again(world.asked).name.startswith("Person ")
    assert again(world.seat).name != "Ehemaliges Mitglied", "names of members stay ten years"


def test_addresses_go_before_names(world: World) -> None:
    let_go(now=THEN + YEAR + timedelta(days=1))

    for record in (world.seat, world.voter, world.secret_voter, world.asked):
        assert again(record).email == ""
        assert again(record).name == record.name


@pytest.mark.usefixtures("world")
def test_open_tasks_and_unanswered_reports_stay() -> None:
    BarrierReport.objects.update(answered_at=None)

    let_go(now=THEN + 11 * YEAR)

    assert BarrierReport.objects.count() == 1
    assert [task.done_at for task in Task.objects.all()] == [None]
    assert Task.history.filter(id__in=Task.objects.values("pk")).count() == Task.history.count()
    assert not Comment.objects.exists()
    assert not Draft.objects.exists()
    assert not Invitation.objects.filter(expires_at__lt=THEN).exists()


def test_what_is_on_hold_stays(world: World) -> None:
    set_rule(Retention.VOTES, by=world.administrator, is_held=True, hold_reason="Klage 3 K 12/27")

    let_go(now=THEN + 11 * YEAR)

    assert again(world.voter).name == world.voter.name


def test_a_shorter_period_holds_at_once(world: World) -> None:
    set_rule(Retention.VOTES, by=world.administrator, months=6)

    let_go(now=THEN + timedelta(days=200))

    assert again(world.voter).anonymised_at is not None


def test_a_rule_may_be_changed_twice(world: World) -> None:
    values = {"months": 6, "is_held": False, "hold_reason": ""}
    rule = change_rule(Retention.VOTES, values, seen_version=1, by=world.administrator)

    change_rule(
        Retention.VOTES,
        {**values, "months": 24},
        seen_version=rule.version,
        by=world.administrator,
    )

    months = {policy.retention: policy.months for policy in policies(counted=False)}
    assert months[Retention.VOTES] == 24
    assert months[Retention.SEATS] == 120


@pytest.mark.parametrize("months", [0, 5, 241])
def test_a_period_has_bounds(world: World, months: int) -> None:
    with pytest.raises(PeriodRefusedError, match="6 und 240"):
        set_rule(Retention.VOTES, by=world.administrator, months=months)


def test_a_hold_needs_a_reason(world: World) -> None:
    with pytest.raises(HoldWithoutReasonError):
        set_rule(Retention.VOTES, by=world.administrator, is_held=True, hold_reason="  ")


def test_numbers_in_place_of_names_are_of_nobody_else() -> None:
    group = make_closed_group(make_round(released_at=THEN))
    make_voter(group, name="Person 1", anonymised_at=THEN)
    for name in ("Person 2", "Ute", "Jan"):
        make_voter(group, name=name)

    let_go(now=THEN + 6 * YEAR)

    names = set(Voter.objects.filter(group=group).values_list("name", flat=True))
    assert names == {f"Person {number}" for number in (1, 2, 3, 4)}


def test_many_go_some_at_a_time_and_are_one_entry_of_the_log(world: World) -> None:
    Digest.objects.bulk_create(
        Digest(user=world.user, on=THEN.date() - timedelta(days=day), sent_at=THEN)
        for day in range(1, 2 * AT_ONCE + 2)
    )

    let_go(now=THEN + YEAR)

    assert not Digest.objects.exists()
    assert Erasure.objects.get(retention=Retention.MAILS).count == 2 * AT_ONCE + 2


def test_names_of_many_voters_go_with_few_questions(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    group = make_closed_group(make_round(released_at=THEN))
    Voter.objects.bulk_create(Voter(group=group, name=f"Mitglied {one}") for one in range(150))

    with django_assert_max_num_queries(250):
        let_go(now=THEN + 6 * YEAR)

    assert Voter.objects.filter(group=group, name__startswith="Person ").count() == 150


def test_a_deactivated_account_loses_its_person_after_three_years(world: World) -> None:
    deactivate_user(world.user, by=world.administrator, now=THEN)

    let_go(now=THEN + 3 * YEAR + timedelta(days=1))

    user = again(world.user)
    assert str(user) == f"gelöschtes Konto {user.pk}"
    assert again(world.measure).contact is None
    assert Rating.objects.get(pk=world.rating.pk).author_name, "the rating has its own period"
    assert RatingRequest.objects.get(pk=world.asked.pk).user is None
    assert Seat.objects.get(pk=world.seat.pk).user is None


def test_the_command_tells_before_it_does(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    User.objects.filter(pk=world.user.pk).update(
        is_active=False, deactivated_at=THEN - 4 * YEAR - 20 * YEAR
    )

    call_command("retention", "--dry-run", "--json")
    would_go = json.loads(capsys.readouterr().out)
    call_command("retention")
    went = capsys.readouterr().out

    accounts = {"retention": "accounts", "outcome": "name", "count": 1}
    assert accounts in would_go["gone"]
    assert "Gesperrte Konten: 1 (Name und E-Mail-Adresse entfernt)" in went
    assert again(world.user).anonymised_at is not None
    call_command("retention")
    assert capsys.readouterr().out == "0 Datensätze sind gegangen.\n"
