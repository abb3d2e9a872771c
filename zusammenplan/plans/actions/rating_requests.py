"""Ask people to rate: who is asked about what, their personal links, reminders."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zusammenplan.core.mail import MailNotSentError, send_mail_in
from zusammenplan.people.actions import invite, revoke_invitation
from zusammenplan.people.choices import InvitationPurpose
from zusammenplan.people.models import User
from zusammenplan.plans.actions.evaluations import (
    EvaluationError,
    RoundClosedError,
    RoundNotOpenError,
    lock_evaluation,
)
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.models import Evaluation, EvaluationItem, RatingRequest


class AskedAlreadyError(EvaluationError):
    """This person is on the list."""

    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s is on the list already.") % {"name": name})


@dataclass(frozen=True, slots=True)
class RatingLink:
    """A person's fresh link; the token is shown now and never again."""

    request: RatingRequest
    token: str


@transaction.atomic
def ask(
    evaluation: Evaluation, *, name: str, email: str, user: User | None, items: Iterable[int] = ()
) -> RatingRequest:
    """
    Put a person on the list of those who are asked, with what they are asked about.

    :raises RoundClosedError: if the round is closed
    :raises AskedAlreadyError: if the person is on the list
    """
    evaluation = _demand_unclosed(evaluation)
    known = evaluation.requests.all()
    if user is not None:
        name, email = name or user.name or user.email, email or user.email
        known = known.filter(user=user)
    else:
        known = known.filter(name__iexact=name, email__iexact=email)
    if known.exists():
        raise AskedAlreadyError(name)
    request = RatingRequest.objects.create(
        evaluation=evaluation, name=name.strip(), email=email.strip(), user=user
    )
    evaluation.items.filter(pk__in=list(items)).update(request=request)
    return request


@transaction.atomic
def ask_contacts(evaluation: Evaluation) -> int:
    """
    Ask the person named at each measure about it; tell for how many measures that is new.

    :raises RoundClosedError: if the round is closed
    """
    evaluation = _demand_unclosed(evaluation)
    waiting = evaluation.items.filter(
        request__isnull=True, measure__contact__isnull=False
    ).select_related("measure__contact")
    known = {one.user_id: one for one in evaluation.requests.filter(user__isnull=False)}
    changed = []
    for item in waiting.order_by("pk"):
        contact = item.measure.contact if item.measure else None
        if contact is None or not contact.is_active:
            continue
        if contact.pk not in known:
            known[contact.pk] = RatingRequest.objects.create(
                evaluation=evaluation, name=str(contact), email=contact.email, user=contact
            )
        item.request = known[contact.pk]
        changed.append(item)
    EvaluationItem.objects.bulk_update(changed, ["request"], batch_size=500)
    return len(changed)


@transaction.atomic
def assign_items(
    evaluation: Evaluation, items: Iterable[int], *, request: RatingRequest | None
) -> int:
    """
    Ask another person about these things, or nobody; tell for how many that is a change.

    :raises RoundClosedError: if the round is closed
    """
    evaluation = _demand_unclosed(evaluation)
    others = evaluation.items.filter(pk__in=list(items))
    others = others.exclude(request=request) if request else others.filter(request__isnull=False)
    pks = list(others.values_list("pk", flat=True))
    return evaluation.items.filter(pk__in=pks).update(request=request)


@transaction.atomic
def stop_asking(request: RatingRequest, *, by: User | None, now: datetime) -> None:
    """
    Take a person off the list; the link works no more, what the person rated stays.

    :raises RoundClosedError: if the round is closed
    """
    _demand_unclosed(request.evaluation)
    if request.invitation is not None:
        revoke_invitation(request.invitation, by=by, now=now)
    request.delete()


@transaction.atomic
def make_links(
    requests: Sequence[RatingRequest], *, expires_at: datetime, by: User | None, now: datetime
) -> list[RatingLink]:
    """
    Make a fresh personal link for each person; an earlier link of theirs stops working.

    :raises RoundNotOpenError: if the round has not begun or takes no more ratings
    """
    links = []
    for request in requests:
        if request.evaluation.status not in {EvaluationStatus.PREPARED, EvaluationStatus.OPEN}:
            raise RoundNotOpenError
        if request.invitation is not None:
            revoke_invitation(request.invitation, by=by, now=now)
        request.invitation, token = invite(
            purpose=InvitationPurpose.RATING,
            expires_at=expires_at,
            by=by,
            now=now,
            user=request.user,
        )
        request.save(update_fields=["invitation"])
        links.append(RatingLink(request, token))
    return links


@transaction.atomic
def revoke_links(requests: Sequence[RatingRequest], *, by: User | None, now: datetime) -> int:
    """Withdraw the personal links of these persons; tell how many were still working."""
    working = [
        request.invitation
        for request in requests
        if request.invitation is not None and request.invitation.is_valid(now)
    ]
    for invitation in working:
        revoke_invitation(invitation, by=by, now=now)
    return len(working)


def mail_links(
    links: Sequence[RatingLink], *, address: Callable[[str], str], now: datetime, reminds: bool
) -> list[RatingLink]:
    """
    Send each person the own link; give those that could not be sent.

    ``address`` makes the address out of a token.
    """
    unsent = []
    for link in links:
        try:
            _mail_link(link, address(link.token), reminds=reminds)
        except MailNotSentError:
            unsent.append(link)
        else:
            if reminds:
                RatingRequest.objects.filter(pk=link.request.pk).update(reminded_at=now)
    return unsent


def _mail_link(link: RatingLink, address: str, *, reminds: bool) -> None:
    request = link.request
    if not request.email:
        raise MailNotSentError
    evaluation = request.evaluation
    context = {
        "request": request,
        "evaluation": evaluation,
        "address": address,
        "reminds": reminds,
        "number": request.items.count(),
        "due": date_format(evaluation.due_on, "DATE_FORMAT") if evaluation.due_on else "",
    }
    language = request.user.language if request.user else "de"
    send_mail_in(language, request.email, "plans/mail/rating_link.txt", context)


def _demand_unclosed(evaluation: Evaluation) -> Evaluation:
    evaluation = lock_evaluation(evaluation)
    if evaluation.status == EvaluationStatus.CLOSED:
        raise RoundClosedError
    return evaluation
