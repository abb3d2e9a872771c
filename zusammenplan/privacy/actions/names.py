"""
Take names and addresses out of records that stay, and out of their histories.

A vote, a rating, a seat outlive the reason to know whose they were. They keep what the plan needs
and lose the person: name, e-mail address, account and link, in every earlier state as well.
"""

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any
from uuid import uuid4

from django.db.models import F, Model, QuerySet
from django.db.models.functions import Left

from zusammenplan.ballots.models import Proposal, Voter
from zusammenplan.core import index
from zusammenplan.meetings.models import Seat
from zusammenplan.people.models import Invitation, Organisation
from zusammenplan.plans.models import Rating, RatingRequest

# Of a name this much surely stands in a deed that names it.
KEPT_OF_A_NAME = 60
# What stands in place of a name is content, and content is German first.
FORMER_MEMBER, PERSON, PRIVATE_PERSON = "Ehemaliges Mitglied", "Person {}", "Privatperson {}"


def empty_names(rows: QuerySet[Any], *, now: datetime) -> int:
    """Take names and addresses out of rows of one table; give how many rows there were."""
    return EMPTIED_BY[rows.model](rows, now)


def empty_contacts(rows: QuerySet[Any]) -> int:
    """Remove e-mail addresses, in earlier states too; names stay."""
    keys = list(rows.values_list("pk", flat=True))
    found = rows.model._default_manager.filter(pk__in=keys)
    nothing: dict[str, Any] = {"email": ""}
    if history := getattr(rows.model, "history", None):
        history.filter(id__in=keys).update(email="")
        # A form that was open before must not bring the address back.
        nothing["version"] = F("version") + 1
    return int(found.update(**nothing))


def _empty_seats(seats: QuerySet[Seat], now: datetime) -> int:
    """Leave of seats the body, the role and the time."""
    keys = list(seats.values_list("pk", flat=True))
    nothing = {"name": FORMER_MEMBER, "email": "", "user": None, "anonymised_at": now}
    Seat.history.filter(id__in=keys).update(**nothing)
    Voter.objects.filter(seat__in=keys).update(seat=None)
    return Seat.objects.filter(pk__in=keys).update(**nothing, version=F("version") + 1)


def _empty_voters(voters: QuerySet[Voter], now: datetime) -> int:
    """Leave of voters their papers, under numbers that follow no order; links open no more."""
    found = list(voters)
    secrets.SystemRandom().shuffle(found)
    links = [voter.invitation_id for voter in found if voter.invitation_id]
    for voter in found:
        # First a name that nobody has: it is unique in the group, and somebody may be "Person 1".
        voter.name = uuid4().hex
    Voter.objects.bulk_update(found, ["name"])
    free = {group: _free_names(group) for group in {voter.group_id for voter in found}}
    for voter in found:
        voter.name, voter.email, voter.anonymised_at = next(free[voter.group_id]), "", now
        voter.seat = voter.user = voter.invitation = None
    nothing = ["name", "email", "anonymised_at", "seat", "user", "invitation"]
    Voter.objects.bulk_update(found, nothing)
    Invitation.objects.filter(pk__in=links).delete()
    return len(found)


def _free_names(group: int) -> Iterator[str]:
    taken = set(Voter.objects.filter(group=group).values_list("name", flat=True))
    return (name for number in count(1) if (name := PERSON.format(number)) not in taken)


def _empty_proposals(proposals: QuerySet[Proposal], _now: datetime) -> int:
    """Leave of proposals what was proposed."""
    keys = list(proposals.values_list("pk", flat=True))
    entries = Proposal.history.filter(id__in=keys)
    entries.update(proposed_by="")
    # Whoever proposed it may have done so signed in; who decided on it is another matter.
    entries.filter(history_type="+").update(history_user=None)
    return Proposal.objects.filter(pk__in=keys).update(proposed_by="")


def _empty_requests(requests: QuerySet[RatingRequest], now: datetime) -> int:
    """Leave of those who were asked to rate that somebody was; links open no more."""
    found = list(requests)
    links = [request.invitation_id for request in found if request.invitation_id]
    for request in found:
        request.name, request.email, request.anonymised_at = PERSON.format(request.pk), "", now
        request.user = request.invitation = None
    nothing = ["name", "email", "anonymised_at", "user", "invitation"]
    RatingRequest.objects.bulk_update(found, nothing)
    Invitation.objects.filter(pk__in=links).delete()
    return len(found)


def _empty_ratings(ratings: QuerySet[Rating], _now: datetime) -> int:
    """Leave of ratings what they say and why."""
    keys = list(ratings.values_list("pk", flat=True))
    entries = Rating.history.filter(id__in=keys)
    entries.filter(history_user=F("author")).update(history_user=None)
    # "Rated by …": what the entry then says is that something was added or changed. A deed is cut
    # where it is too long, and a long name with it.
    told = entries.exclude(author_name="")
    told.filter(history_change_reason__contains=Left("author_name", KEPT_OF_A_NAME)).update(
        history_change_reason=None
    )
    entries.update(author=None, author_name="")
    return Rating.objects.filter(pk__in=keys).update(author=None, author_name="")


def _empty_private_persons(persons: QuerySet[Organisation], _now: datetime) -> int:
    """Leave of private persons among the organisations that somebody was there."""
    found = list(persons)
    for person in found:
        _empty_private_person(person)
    return len(found)


def _empty_private_person(person: Organisation) -> None:
    nothing = {
        "name": PRIVATE_PERSON.format(person.pk),
        "legal_form": "",
        "identifier": "",
        "email": "",
    }
    Organisation.history.filter(id=person.pk).update(**nothing)
    Organisation.objects.filter(pk=person.pk).update(**nothing, version=F("version") + 1)
    person.refresh_from_db()
    index.note(person)


EMPTIED_BY: dict[type[Model], Callable[[Any, datetime], int]] = {
    Seat: _empty_seats,
    Voter: _empty_voters,
    Proposal: _empty_proposals,
    RatingRequest: _empty_requests,
    Rating: _empty_ratings,
    Organisation: _empty_private_persons,
}
