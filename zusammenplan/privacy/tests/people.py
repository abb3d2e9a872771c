"""Somebody who left traces everywhere, and a look into every table for what is left of them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.db.models import Model
from django.test import Client

from zusammenplan.ballots.actions import add_voter, remove_voter
from zusammenplan.ballots.models import Ballot, Mark, Proposal, Round, Voter
from zusammenplan.ballots.tests.factories import (
    make_closed_group,
    make_item,
    make_link,
    make_proposal,
    make_round,
)
from zusammenplan.core.actions import mark_barrier_answered, report_barrier
from zusammenplan.core.history import keep
from zusammenplan.core.models import BarrierReport
from zusammenplan.meetings.actions import add_seat
from zusammenplan.meetings.models import Seat
from zusammenplan.meetings.tests.factories import make_body
from zusammenplan.people.actions import (
    add_affiliation,
    change_organisation,
    create_organisation,
    create_user,
    invite_user,
    set_password,
)
from zusammenplan.people.actions.comments import add_comment
from zusammenplan.people.actions.drafts import keep_draft
from zusammenplan.people.actions.tasks import add_task, tick_task
from zusammenplan.people.choices import OrganisationKind, Role
from zusammenplan.people.models import Digest, Organisation, User
from zusammenplan.people.tests.factories import make_administrator, make_organisation
from zusammenplan.plans.actions.ratings import Verdict, rate_by_link
from zusammenplan.plans.actions.saved_views import add_view
from zusammenplan.plans.choices import EvaluationStatus, RatingState
from zusammenplan.plans.models import Evaluation, Measure, Rating, RatingRequest
from zusammenplan.plans.tests.factories import (
    make_evaluation,
    make_evaluation_item,
    make_measure,
    make_rating_link,
    make_rating_request,
)

THEN = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)
NAME, EMAIL = "Wendelin Querfurth", "wendelin@querfurth.example"
# Words by which one would know this person, whatever is done to letters and endings.
TRACES = ("wendelin", "querfurth")


@dataclass(frozen=True, slots=True)
class World:
    """Somebody, their records, and who looks after them."""

    administrator: User
    user: User
    seat: Seat
    voter: Voter
    secret_voter: Voter
    proposal: Proposal
    asked: RatingRequest
    rating: Rating
    report: BarrierReport
    private: Organisation
    provider: Organisation
    measure: Measure


def make_world(now: datetime = THEN) -> World:
    """Let one person do all that leaves a name or an address; all of it has ended by then."""
    administrator = make_administrator()
    user = _make_account(administrator, now)
    measure = make_measure()
    Measure.objects.filter(pk=measure.pk).update(contact=user)
    _write_notes(measure, user, now)
    seat = _make_seat(user, administrator, now.date())
    voter, secret_voter, proposal = _make_votes(measure, user, seat, now)
    asked, rating = _make_rating(measure, user, now)
    report = report_barrier(page="/", message="Zu klein", email=EMAIL, now=now)
    mark_barrier_answered(report, now=now)
    private = create_organisation(NAME, by=administrator, kind=OrganisationKind.PERSON, email=EMAIL)
    provider = make_organisation(name="Pflegeverbund", email=EMAIL)
    change_organisation(provider, {"legal_form": "e. V."}, seen_version=1, by=administrator)
    return World(
        administrator=administrator,
        user=user,
        seat=seat,
        voter=voter,
        secret_voter=secret_voter,
        proposal=proposal,
        asked=asked,
        rating=rating,
        report=report,
        private=private,
        provider=provider,
        measure=measure,
    )


def _make_account(administrator: User, now: datetime) -> User:
    user = create_user(EMAIL, name=NAME, roles=[Role.PLANNER], by=administrator)
    set_password(user, password="Rennsteig-2027-Querfeld", by=user, now=now)
    invite_user(user, expires_at=now, by=administrator, now=now)
    add_affiliation(user, make_organisation(), by=administrator)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "wendelin-geheim"})
    SocialAccount.objects.create(user=user, provider="amt", uid=EMAIL, extra_data={"name": NAME})
    Client().force_login(user)
    return user


def _write_notes(measure: Measure, user: User, now: datetime) -> None:
    add_comment(measure, "Bitte prüfen.", by=user, now=now)
    values = {"title": "Anrufen", "text": "", "assignee": user, "due_on": None}
    add_task(measure, values, by=user, now=now)
    tick_task(add_task(measure, values, by=user, now=now), is_done=True, by=user, now=now)
    keep_draft(user, "/intern/", {"name": [NAME]}, now=now)
    view = {"name": f"Ansicht von {NAME}", "query": "", "is_shared": False}
    add_view(measure.plan, view, by=user, now=now)
    Digest.objects.create(user=user, on=now.date(), sent_at=now)


def _make_seat(user: User, administrator: User, day: date) -> Seat:
    return add_seat(
        make_body(),
        name=NAME,
        by=administrator,
        email=EMAIL,
        user=user,
        valid_to=day - timedelta(days=1),
    )


def _make_votes(
    measure: Measure, user: User, seat: Seat, now: datetime
) -> tuple[Voter, Voter, Proposal]:
    voters = []
    for is_secret in (False, True):
        round_ = make_round(measure.plan, is_secret=is_secret)
        item = make_item(round_, measure)
        group = make_closed_group(round_)
        of_account = None if is_secret else user
        twice = add_voter(group, name=f"{NAME} (2)", email=EMAIL, user=None, by=user)
        remove_voter(twice, by=user, now=now)
        voter = add_voter(group, name=NAME, email=EMAIL, user=of_account, by=user)
        Voter.objects.filter(pk=voter.pk).update(seat=seat)
        make_link(voter, days=1)
        if not is_secret:
            paper = Ballot.objects.create(voter=voter, changed_at=now)
            Mark.objects.create(ballot=paper, group=group, item=item, grade=2)
        Round.objects.filter(pk=round_.pk).update(released_at=now)
        voters.append(voter)
    proposal = make_proposal(voters[0].group.round, proposed_by=NAME)
    keep(proposal, by=user, deed="Vorgeschlagen")
    return voters[0], voters[1], proposal


def _make_rating(measure: Measure, user: User, now: datetime) -> tuple[RatingRequest, Rating]:
    evaluation = make_evaluation(measure.plan)
    item = make_evaluation_item(evaluation, measure)
    asked = make_rating_request(evaluation, item, name=NAME, email=EMAIL, user=user)
    make_rating_link(asked)
    verdict = Verdict(RatingState.RATED, Fraction(2, 3), "Läuft gut.")
    rating = rate_by_link(asked, item, verdict, seen_version=0, now=now)
    Evaluation.objects.filter(pk=evaluation.pk).update(
        status=EvaluationStatus.CLOSED, closed_at=now
    )
    return asked, rating


def places_with(*words: str) -> set[str]:
    """Look through every column of every table for the words; name the columns that have one."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                says = " OR ".join([f'LOWER(CAST("{column.name}" AS TEXT)) LIKE %s'] * len(words))
                cursor.execute(
                    f'SELECT COUNT(*) FROM "{table}" WHERE {says}',  # noqa: S608 - the tables' own names
                    [f"%{word}%" for word in words],
                )
                if cursor.fetchone()[0]:
                    found.add(f"{table}.{column.name}")
    return found


def facts_of(told: Any) -> set[str]:
    """Give the names of all fields that a record and its parts tell."""
    return {fact.name for fact in told.facts}.union(*(facts_of(part) for part in told.parts))


def again(record: Model) -> Any:
    """Read the record as the database has it now."""
    return type(record)._default_manager.get(pk=record.pk)
