"""
Take names and addresses out of records that stay, and out of their histories.

A vote, a rating, a seat outlive the reason to know whose they were. They keep what the plan needs
and lose the person: name, e-mail address, account and link, in every earlier state as well.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import count, islice
from typing import Any
from uuid import uuid4

from django.db.models import F, Model, QuerySet

from zusammenplan.ballots.models import Proposal, Voter
from zusammenplan.core import index
from zusammenplan.meetings.models import Seat
from zusammenplan.people.models import Organisation
from zusammenplan.plans.models import Rating, RatingRequest

AT_ONCE = 500
# What stands in place of a name is content, and content is German first.
FORMER_MEMBER, PERSON, PRIVATE_PERSON = "Ehemaliges Mitglied", "Person {}", "Privatperson {}"


def batches(keys: Iterable[int]) -> Iterator[list[int]]:
    """Give keys in lists that every database takes in one question."""
    rest = iter(list(keys))
    while some := list(islice(rest, AT_ONCE)):
        yield some


def empty_names(rows: QuerySet[Any], *, now: datetime) -> int:
    """Take names and addresses out of rows of one table; give how many rows there were."""
    return EMPTIED_BY[rows.model](rows, now)


def empty_contacts(rows: QuerySet[Seat] | QuerySet[Voter] | QuerySet[RatingRequest]) -> int:
    """Remove e-mail addresses; names stay."""
    number = 0
    for keys in batches(rows.values_list("pk", flat=True)):
        number += rows.model.objects.filter(pk__in=keys).update(email="")
        if rows.model is Seat:
            Seat.history.filter(id__in=keys).update(email="")
    return number


def _empty_seats(seats: QuerySet[Seat], now: datetime) -> int:
    """Leave of seats the body, the role and the time."""
    number = 0
    nothing = {"name": FORMER_MEMBER, "email": "", "user": None, "anonymised_at": now}
    for keys in batches(seats.values_list("pk", flat=True)):
        Seat.history.filter(id__in=keys).update(**nothing)
        number += Seat.objects.filter(pk__in=keys).update(**nothing, version=F("version") + 1)
        Voter.objects.filter(seat__in=keys).update(seat=None)
    return number


def _empty_voters(voters: QuerySet[Voter], now: datetime) -> int:
    """Leave of voters their papers, under numbers that follow no order; links open no more."""
    found = list(voters.select_related("invitation"))
    secrets.SystemRandom().shuffle(found)
    for voter in found:
        # First a name that nobody has: it is unique in the group, and somebody may be "Person 1".
        Voter.objects.filter(pk=voter.pk).update(name=uuid4().hex)
    for voter in found:
        taken = set(Voter.objects.filter(group=voter.group_id).values_list("name", flat=True))
        free = (PERSON.format(number) for number in count(1))
        link = voter.invitation
        voter.name = next(name for name in free if name not in taken)
        voter.email, voter.anonymised_at = "", now
        voter.seat = voter.user = voter.invitation = None
        voter.save()
        if link is not None:
            link.delete()
    return len(found)


def _empty_proposals(proposals: QuerySet[Proposal], _now: datetime) -> int:
    """Leave of proposals what was proposed."""
    number = 0
    for keys in batches(proposals.values_list("pk", flat=True)):
        Proposal.history.filter(id__in=keys).update(proposed_by="")
        # Whoever proposed it may have done so signed in; who decided on it is another matter.
        Proposal.history.filter(id__in=keys, history_type="+").update(history_user=None)
        number += Proposal.objects.filter(pk__in=keys).update(proposed_by="")
    return number


def _empty_requests(requests: QuerySet[RatingRequest], now: datetime) -> int:
    """Leave of those who were asked to rate that somebody was; links open no more."""
    found = list(requests.select_related("invitation"))
    for request in found:
        link = request.invitation
        request.name, request.email, request.anonymised_at = PERSON.format(request.pk), "", now
        request.user = request.invitation = None
        request.save()
        if link is not None:
            link.delete()
    return len(found)


def _empty_ratings(ratings: QuerySet[Rating], _now: datetime) -> int:
    """Leave of ratings what they say and why."""
    number = 0
    for keys in batches(ratings.values_list("pk", flat=True)):
        entries = Rating.history.filter(id__in=keys)
        entries.filter(history_user=F("author")).update(history_user=None)
        # "Rated by …": what the entry then says is that something was added or changed.
        told = entries.exclude(author_name="")
        told.filter(history_change_reason__contains=F("author_name")).update(
            history_change_reason=None
        )
        entries.update(author=None, author_name="")
        number += Rating.objects.filter(pk__in=keys).update(author=None, author_name="")
    return number


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
