"""Settle half steps and release the result."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from zusammenplan.ballots import domain
from zusammenplan.ballots.actions.refusals import (
    AlreadyReleasedError,
    NotReadyError,
    RefusedError,
    demand_meaningful,
    demand_unreleased,
    lock_round,
)
from zusammenplan.ballots.actions.voting import close_group, tell_watchers
from zusammenplan.ballots.models import (
    ChairDecision,
    Item,
    Round,
    Standing,
)
from zusammenplan.ballots.queries import (
    evaluate,
    group_infos,
    hidden_because,
    items_of,
    rule_of,
)
from zusammenplan.core.history import keep
from zusammenplan.core.public import raise_version
from zusammenplan.people.models import User
from zusammenplan.plans.actions import set_priority
from zusammenplan.plans.models import Measure


@transaction.atomic
def decide_half_step(
    item: Item, grade: Decimal, *, reason: str, by: User, now: datetime
) -> ChairDecision:
    """
    Record the chair's decision where a half step waits for it.

    :raises RefusedError: if nothing waits, or the grade is not one of the choices
    :raises FrozenError: if the result is released
    """
    round_ = lock_round(item.round_id)
    demand_unreleased(round_)
    rule = rule_of(round_)
    raw = next(r.raw for r in evaluate(round_, rule, items_of(round_)) if r.key == item.pk)
    choices = () if raw is None else domain.chair_choices(raw, rule.scale)
    if rule.half_step != domain.HalfStep.CHAIR or grade not in choices:
        raise RefusedError(_("There is nothing to decide here, or this grade is not a choice."))
    decision = ChairDecision.objects.filter(item=item).first() or ChairDecision(item=item)
    decision.grade, decision.reason = grade, reason
    decision.decided_by, decision.decided_at = by, now
    keep(decision, by=by, deed=_("The chair decided"))
    tell_watchers(round_)
    return decision


@transaction.atomic
def release(round_: Round, *, by: User, now: datetime) -> Round:
    """
    Release the result: it is kept with its rule, and the degrees become the measures' priorities.

    :raises AlreadyReleasedError: if somebody released it first
    :raises NotReadyError: if a group has not closed, a half step waits for the chair, the rules
        give no meaningful result, or too few voted in secret
    """
    round_ = lock_round(round_.pk)
    if round_.is_released:
        raise AlreadyReleasedError(_("The result has already been released."))
    _lock_measures(round_)
    _close_what_is_over(round_, by=by, now=now)
    demand_meaningful(round_)
    if reason := hidden_because(round_, group_infos(round_)):
        raise NotReadyError(reason)
    rule, items = rule_of(round_), items_of(round_)
    results = evaluate(round_, rule, items)
    by_key = {item.pk: item for item in items}
    waiting = [by_key[result.key].number for result in results if result.waits_for_chair]
    if waiting:
        raise NotReadyError(
            _("The chair has yet to decide the half steps of: %(numbers)s.")
            % {"numbers": get_text_list(waiting, _("and"))}
        )
    record = domain.rule_to_record(rule)
    Standing.objects.bulk_create(
        Standing(
            round=round_,
            item=by_key[result.key],
            position=position,
            degree=result.degree,
            rank=result.rank,
            result=domain.to_record(result),
            rule=record,
        )
        for position, result in enumerate(results)
    )
    for result in results:
        set_priority(
            by_key[result.key].measure,
            degree=result.degree,
            scale=(rule.scale.most_urgent, rule.scale.least_urgent),
            round_title=round_.title_de,
            round_title_en=round_.title_en,
            on=localdate(now),
            by=by,
        )
    round_.released_at, round_.released_by = now, by
    keep(round_, by=by, deed=_("Result released"), fields=["released_at", "released_by"])
    raise_version()
    return round_


def _lock_measures(round_: Round) -> None:
    # All at once and before the public version: whoever edits one of them waits or is waited for.
    measures = Measure.objects.filter(items__round=round_).order_by("pk")
    list(measures.select_for_update(of=("self",)).values_list("pk"))


def _close_what_is_over(round_: Round, *, by: User, now: datetime) -> None:
    for group in round_.groups.select_for_update(no_key=True).order_by("pk"):
        if group.opens_at is None or not group.is_over(now):
            raise NotReadyError(
                _("%(group)s has not finished voting. Please close the vote first.")
                % {"group": group.name}
            )
        if group.closed_at is None:
            close_group(group, by=by, now=now)
