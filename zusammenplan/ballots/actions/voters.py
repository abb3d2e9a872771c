"""Who votes in a group: the list of voters, and their personal links."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zusammenplan.ballots.actions.refusals import (
    FrozenError,
    NameTakenError,
    demand_unreleased,
    lock_group,
)
from zusammenplan.ballots.actions.voting import tell_watchers
from zusammenplan.ballots.models import Group, Voter
from zusammenplan.core.history import keep
from zusammenplan.core.mail import MailNotSentError, send_mail_in
from zusammenplan.meetings.models import Seat
from zusammenplan.people.actions import invite, revoke_invitation
from zusammenplan.people.choices import InvitationPurpose
from zusammenplan.people.models import User


@transaction.atomic
def add_voters_of_body(group: Group, *, day: date, by: User | None) -> list[Voter]:
    """
    Put everybody with a vote in the group's body on the list; those who are on it stay.

    :raises FrozenError: if the result is released
    """
    group = lock_group(group)
    demand_unreleased(group.round)
    if group.body is None:
        return []
    listed = list(group.voters.all())
    names = {voter.name for voter in listed}
    users = {voter.user_id for voter in listed if voter.user_id is not None}
    seated = {voter.seat_id for voter in listed}
    by_hand = {voter.name for voter in listed if voter.seat_id is None}
    fresh = []
    for seat in Seat.objects.filter(body=group.body).voting().valid_on(day).order_by("pk"):
        if seat.pk in seated or seat.user_id in users or seat.name in by_hand:
            continue
        name = _own_name(seat.name, names)
        fresh.append(
            Voter(group=group, seat=seat, name=name, email=seat.email, user_id=seat.user_id)
        )
        names.add(name)
        if seat.user_id is not None:
            users.add(seat.user_id)
    keep(group, by=by, deed=_("Voters taken from the body"), fields=["version"])
    tell_watchers(group.round)
    return Voter.objects.bulk_create(fresh)


@transaction.atomic
def add_voter(group: Group, *, name: str, email: str, user: User | None, by: User) -> Voter:
    """
    Put one person on the list of voters.

    :raises NameTakenError: if somebody of that name or account is on it
    :raises FrozenError: if the result is released
    """
    group = lock_group(group)
    demand_unreleased(group.round)
    try:
        with transaction.atomic():
            voter = Voter.objects.create(group=group, name=name, email=email, user=user)
    except IntegrityError as clash:
        raise NameTakenError(_("%(name)s is already on the list.") % {"name": name}) from clash
    # Without the name: the history of the group stays when the names of its voters have gone.
    keep(group, by=by, deed=_("Person put on the list"), fields=["version"])
    tell_watchers(group.round)
    return voter


@transaction.atomic
def remove_voter(voter: Voter, *, by: User, now: datetime) -> None:
    """
    Take somebody off the list who has not voted.

    :raises FrozenError: if the person has voted, or the result is released
    """
    # Whoever votes right now holds the group first and then their own row; so here too.
    group = lock_group(voter.group)
    demand_unreleased(group.round)
    voter = (
        Voter.objects.select_for_update(of=("self",)).select_related("invitation").get(pk=voter.pk)
    )
    if voter.has_voted:
        raise FrozenError(_("%(name)s has voted and stays on the list.") % {"name": voter.name})
    if voter.invitation is not None:
        revoke_invitation(voter.invitation, by=by, now=now)
    keep(group, by=by, deed=_("Person taken off the list"), fields=["version"])
    voter.delete()
    tell_watchers(group.round)


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """A voter's fresh link; the token is shown now and never again."""

    voter: Voter
    token: str


@transaction.atomic
def invite_voters(
    voters: Sequence[Voter], *, expires_at: datetime, by: User, now: datetime
) -> list[PersonalLink]:
    """Make a fresh personal link for each voter; an earlier link of theirs stops working."""
    links = []
    for voter in voters:
        if voter.invitation is not None:
            revoke_invitation(voter.invitation, by=by, now=now)
        voter.invitation, token = invite(
            purpose=InvitationPurpose.VOTE, expires_at=expires_at, by=by, now=now
        )
        voter.save(update_fields=["invitation"])
        links.append(PersonalLink(voter, token))
    return links


@transaction.atomic
def revoke_links(voters: Sequence[Voter], *, by: User, now: datetime) -> int:
    """Withdraw the personal links of these voters; tell how many were still working."""
    working = [
        voter.invitation
        for voter in voters
        if voter.invitation is not None and voter.invitation.is_valid(now)
    ]
    for invitation in working:
        revoke_invitation(invitation, by=by, now=now)
    return len(working)


def mail_links(
    links: Sequence[PersonalLink], *, address: Callable[[str], str]
) -> list[PersonalLink]:
    """
    Send each voter the own link; give those that could not be sent.

    ``address`` makes the address out of a token. Nothing is written: the links are already there.
    """
    unsent = []
    for link in links:
        try:
            _mail_link(link, address(link.token))
        except MailNotSentError:
            unsent.append(link)
    return unsent


def _mail_link(link: PersonalLink, address: str) -> None:
    voter = link.voter
    if not voter.email:
        raise MailNotSentError
    send_mail_in(
        voter.user.language if voter.user is not None else "de",
        voter.email,
        "ballots/mail/link.txt",
        {"voter": voter, "group": voter.group, "round": voter.group.round, "address": address},
    )


def _own_name(name: str, taken: Collection[str]) -> str:
    """Tell two people of one name apart: the second is on the list with a number."""
    numbered = (f"{name} ({number})" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in numbered if one not in taken)
