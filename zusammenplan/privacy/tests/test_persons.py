"""Tests of what is found, told and erased of one person."""

from datetime import timedelta
from fractions import Fraction

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from zusammenplan.ballots.models import Mark, Round, Voter
from zusammenplan.core.models import BarrierReport
from zusammenplan.core.tests.shared import shared
from zusammenplan.meetings.models import Seat
from zusammenplan.meetings.tests.factories import make_seat
from zusammenplan.people.actions import (
    AccountErasedError,
    LastAdministratorError,
    change_roles,
    create_user,
    reactivate_user,
)
from zusammenplan.people.choices import Role
from zusammenplan.people.models import Invitation, Organisation, Session, User
from zusammenplan.people.tests.factories import make_administrator
from zusammenplan.plans.actions.ratings import Verdict, rate_by_link
from zusammenplan.plans.models import Evaluation, EvaluationItem, Rating, RatingRequest
from zusammenplan.privacy.actions.names import empty_names
from zusammenplan.privacy.actions.persons import OwnAccountError, erase_person
from zusammenplan.privacy.actions.retention import change_rule
from zusammenplan.privacy.choices import Retention
from zusammenplan.privacy.models import Erasure
from zusammenplan.privacy.queries.records import answer_about, answer_as_json
from zusammenplan.privacy.queries.traces import Fate, traces_at, traces_of
from zusammenplan.privacy.tests.people import (
    EMAIL,
    NAME,
    TRACES,
    World,
    again,
    facts_of,
    make_world,
    places_with,
)

pytestmark = pytest.mark.django_db

world = shared(lambda: make_world(timezone.now() - timedelta(days=30)))

KINDS = {"user", "seat", "voter", "rater", "barrier", "organisation", "contact"}


def kinds(text: str) -> set[str]:
    return {trace.mark.split("-")[0] for trace in traces_of(text)}


def fates(text: str = NAME) -> dict[str, Fate]:
    return {trace.mark: trace.verdict.fate for trace in traces_of(text)}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("typed", [EMAIL, EMAIL.upper(), f"  {EMAIL} "])
def test_an_address_finds_surely_what_is_of_somebody(typed: str) -> None:
    assert kinds(typed) == KINDS
    assert all(trace.is_sure for trace in traces_of(typed))


@pytest.mark.usefixtures("world")
def test_a_name_finds_more_but_not_surely() -> None:
    assert kinds("querfurth Wendelin") == (KINDS | {"rating", "proposal"}) - {"barrier", "contact"}
    assert not any(trace.is_sure for trace in traces_of(NAME))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("typed", ["", "   ", "Niemand", "@", "querfurth@querfurth.example"])
def test_what_is_of_nobody_finds_nothing(typed: str) -> None:
    assert traces_of(typed) == []


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "mark", ["", "user", "user-", "user-x", "user-0", "mark-1", f"user-{9**40}"]
)
def test_marks_of_nothing_are_passed_over(mark: str) -> None:
    assert traces_at([mark]) == []


def test_it_is_said_what_goes_and_what_stays(world: World) -> None:
    told = fates()

    assert told[f"user-{world.user.pk}"] == Fate.GONE
    assert told[f"seat-{world.seat.pk}"] == Fate.CONTACT
    assert told[f"voter-{world.voter.pk}"] == Fate.CONTACT
    assert told[f"voter-{world.secret_voter.pk}"] == Fate.GONE
    assert told[f"rater-{world.asked.pk}"] == Fate.CONTACT
    assert told[f"rating-{world.rating.pk}"] == Fate.STAYS
    assert told[f"proposal-{world.proposal.pk}"] == Fate.STAYS
    assert told[f"organisation-{world.private.pk}"] == Fate.GONE


@pytest.mark.usefixtures("world")
def test_what_has_not_ended_stays_and_says_so() -> None:
    Seat.objects.update(valid_to=None)
    Round.objects.update(released_at=None)
    Evaluation.objects.update(status="open", closed_at=None)
    BarrierReport.objects.update(answered_at=None)

    staying = [trace for trace in traces_of(EMAIL) if trace.verdict.fate == Fate.STAYS]

    assert {trace.mark.split("-")[0] for trace in staying} == {"seat", "voter", "rater", "barrier"}
    assert all(trace.verdict.why for trace in staying)


def test_what_is_on_hold_stays(world: World) -> None:
    values = {"months": 60, "is_held": True, "hold_reason": "Klage 3 K 12/27"}
    change_rule(Retention.VOTES, values, seen_version=1, by=world.administrator)

    erase_person(fates(), by=world.administrator, now=timezone.now())

    assert again(world.secret_voter).name == NAME
    assert again(world.voter).email == EMAIL


def test_erasing_leaves_names_only_where_they_must_stay(world: World) -> None:
    marks = [*fates(), *fates(EMAIL)]

    erase_person(marks, by=world.administrator, now=timezone.now())

    assert places_with(EMAIL) == set()
    assert places_with(*TRACES) == {
        *("meetings_seat.name", "meetings_historicalseat.name", "ballots_voter.name"),
        *("ballots_proposal.proposed_by", "ballots_historicalproposal.proposed_by"),
        *("plans_ratingrequest.name", "plans_rating.author_name"),
        *("plans_historicalrating.author_name", "plans_historicalrating.history_change_reason"),
    }
    assert Mark.objects.get(ballot__voter=world.voter).grade == 2
    assert not Session.objects.filter(user=world.user).exists()


def test_erasing_is_logged_without_the_person(world: World) -> None:
    erase_person([f"user-{world.user.pk}"], by=world.administrator, now=timezone.now())

    entry = Erasure.objects.get()
    assert (entry.retention, entry.count) == (Retention.ACCOUNTS, 1)
    assert entry.erased_by == world.administrator


def test_an_erased_account_cannot_come_back(world: World) -> None:
    erase_person([f"user-{world.user.pk}"], by=world.administrator, now=timezone.now())

    with pytest.raises(AccountErasedError):
        reactivate_user(again(world.user), by=world.administrator)
    new = create_user(EMAIL, name=NAME, roles=[], by=world.administrator)
    users = [trace.mark for trace in traces_of(EMAIL) if trace.mark.startswith("user-")]
    assert users == [f"user-{new.pk}"]


def test_nobody_erases_the_account_they_work_with(world: World) -> None:
    with pytest.raises(OwnAccountError):
        erase_person([f"user-{world.administrator.pk}"], by=world.administrator, now=timezone.now())


def test_the_last_administrator_stays(world: World) -> None:
    other = make_administrator(email="zweite@rennsteiggrund.example")
    User.objects.filter(pk=other.pk).update(is_active=False)

    with pytest.raises(LastAdministratorError):
        erase_person([f"user-{world.administrator.pk}"], by=other, now=timezone.now())
    assert again(world.administrator).anonymised_at is None


@pytest.mark.usefixtures("world")
def test_what_is_told_is_all() -> None:
    told = answer_about(traces_of(EMAIL))

    names = set().union(*(facts_of(record) for record in told.records))
    assert {"email", "name", "grade", "text", "reason", "valid_to", "message"} <= names
    text = str(answer_as_json(told, made_at=timezone.now(), site=""))
    assert "Läuft gut." in text
    assert "Bitte prüfen." in text
    assert {deed.kind for deed in told.deeds} >= {"people.user", "people.task", "plans.rating"}


def test_what_is_told_opens_no_door(world: World) -> None:
    text = str(answer_as_json(answer_about(traces_of(EMAIL)), made_at=timezone.now(), site=""))

    opening = [
        world.user.password,
        *Session.objects.values_list("session_key", flat=True),
        *Session.objects.values_list("session_data", flat=True),
        *Invitation.objects.values_list("token_hash", flat=True),
        *(factor.data["secret"] for factor in Authenticator.objects.all()),
    ]
    assert len(opening) >= 8
    assert [secret for secret in opening if secret in text] == []


def test_roles_are_told_too(world: World) -> None:
    change_roles(world.user, [Role.PLANNER, Role.FINANCE], by=world.administrator)

    told = answer_about(traces_at([f"user-{world.user.pk}"]))

    roles = [part for part in told.records[0].parts if part.kind == "people.municipalrole"]
    assert len(roles) == 2


def test_what_is_joined_to_an_account_is_found_under_its_address(world: World) -> None:
    Seat.objects.update(email="privat@querfurth.example")
    Voter.objects.update(email="")

    found = {trace.mark for trace in traces_of(EMAIL) if trace.is_sure}

    assert {f"seat-{world.seat.pk}", f"voter-{world.voter.pk}"} <= found
    assert f"voter-{world.secret_voter.pk}" not in found


@pytest.mark.parametrize("typed", ["ömer öztürk", "ÖMER ÖZTÜRK", "Öztürk Ömer"])
def test_a_name_is_found_in_capitals_or_not(typed: str) -> None:
    make_seat(name="Ömer Öztürk")

    assert kinds(typed) == {"seat"}


def test_of_an_organisation_the_address_goes_and_the_name_stays(world: World) -> None:
    erase_person([f"contact-{world.provider.pk}"], by=world.administrator, now=timezone.now())

    assert (again(world.provider).name, again(world.provider).email) == ("Pflegeverbund", "")
    assert {entry.email for entry in Organisation.history.filter(id=world.provider.pk)} == {""}


def test_a_long_name_goes_from_the_deeds_too(world: World) -> None:
    RatingRequest.objects.filter(pk=world.asked.pk).update(name=f"{NAME} {'von ' * 24}")
    Evaluation.objects.update(status="open", closed_at=None)
    item = EvaluationItem.objects.select_related("evaluation").get()
    asked, now = RatingRequest.objects.get(pk=world.asked.pk), timezone.now()
    verdict = Verdict("rated", Fraction(1), "Steht.")
    rate_by_link(asked, item, verdict, seen_version=world.rating.version, now=now)

    empty_names(Rating.objects.all(), now=now)

    assert not any(NAME in str(entry.history_change_reason) for entry in Rating.history.all())
