"""Propose additional measures during the vote; admit or refuse them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zusammenplan.ballots.actions.refusals import (
    RefusedError,
    demand_unreleased,
    lock_round,
)
from zusammenplan.ballots.actions.voting import hold_open
from zusammenplan.ballots.choices import ProposalStatus
from zusammenplan.ballots.models import (
    Group,
    Item,
    Proposal,
    Round,
)
from zusammenplan.core.history import keep
from zusammenplan.core.public import raise_version
from zusammenplan.people.models import User
from zusammenplan.plans.actions import add_measure
from zusammenplan.plans.models import FieldOfAction, Measure


@transaction.atomic
def propose(
    round_: Round, *, title: str, text: str, proposed_by: str, group: Group | None, now: datetime
) -> Proposal:
    """
    Propose an additional measure during the vote.

    :raises NotOpenError: if the group is not open
    :raises RefusedError: if the round takes no proposals
    """
    if not round_.takes_proposals:
        raise RefusedError(_("This vote takes no proposals."))
    if group is not None:
        hold_open(group, now)
    proposal = Proposal(
        round=round_, group=group, title=title, text=text, proposed_by=proposed_by, proposed_at=now
    )
    return keep(proposal, by=None, deed=_("Measure proposed"))


@transaction.atomic
def admit_proposal(
    proposal: Proposal,
    *,
    field: FieldOfAction | None,
    number: str,
    reason: str,
    by: User,
    now: datetime,
) -> Item:
    """
    Take a proposed measure into the plan and onto the ballot, marked as additional.

    :raises RefusedError: if the proposal was decided already
    :raises FrozenError: if the result is released
    """
    proposal = _lock_proposal(proposal)
    # A release that has begun evaluates without the proposed measure: it is waited for.
    round_ = lock_round(proposal.round_id)
    demand_unreleased(round_)
    measure = add_measure(
        round_.plan,
        {
            "field": field,
            "number": number,
            "title_de": proposal.title,
            "text_de": proposal.text,
            "is_additional": True,
            "source": _("Proposed in: %(round)s") % {"round": round_.title_de},
        },
        by=by,
    )
    proposal.item = _add_item(round_, measure)
    _decide(proposal, ProposalStatus.ADMITTED, reason=reason, by=by, now=now)
    return proposal.item


@transaction.atomic
def refuse_proposal(proposal: Proposal, *, reason: str, by: User, now: datetime) -> None:
    """
    Refuse a proposed measure with a reason.

    :raises RefusedError: if the proposal was decided already, or the reason is missing
    """
    proposal = _lock_proposal(proposal)
    if not reason.strip():
        raise RefusedError(_("Please give a reason for the refusal."))
    _decide(proposal, ProposalStatus.REFUSED, reason=reason, by=by, now=now)


def _add_item(round_: Round, measure: Measure) -> Item:
    last = round_.items.aggregate(last=Max("position"))["last"]
    return Item.objects.create(
        round=round_,
        measure=measure,
        position=0 if last is None else last + 1,
        number=measure.number,
        title_de=measure.title_de,
        title_en=measure.title_en,
        is_additional=True,
    )


def _lock_proposal(proposal: Proposal) -> Proposal:
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.status != ProposalStatus.PROPOSED:
        raise RefusedError(_("This proposal has already been decided."))
    return proposal


def _decide(
    proposal: Proposal, status: ProposalStatus, *, reason: str, by: User, now: datetime
) -> None:
    proposal.status, proposal.reason = status, reason
    proposal.decided_by, proposal.decided_at = by, now
    keep(proposal, by=by, deed=str(status.label))
    raise_version()
