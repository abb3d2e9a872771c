"""Prepare the next plan: begin the rewriting, and decide record by record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from zusammenplan.core.history import keep, noted, remove
from zusammenplan.people.models import User
from zusammenplan.plans.actions.records import Values, keep_changes, lock
from zusammenplan.plans.choices import CarryChoice, CarryKind
from zusammenplan.plans.domain.carrying import Decision, demands_reason
from zusammenplan.plans.models import CarryDecision, Goal, Measure, Need, Plan, PlanUpdate

BATCH = 200
DECIDED = ["choice", "reason", "decided_at", "decided_by", "version"]
Carried = Need | Goal | Measure


class UpdateFinishedError(Exception):
    """The new plan has been made; nothing can be decided any more."""

    def __init__(self) -> None:
        super().__init__(_("The new plan has been made already. Work on there."))


class CarryReasonMissingError(Exception):
    """Something is dropped without saying why."""

    def __init__(self) -> None:
        super().__init__(_("Say in a few words why it is dropped. The council will ask."))


class DecidedMeanwhileError(Exception):
    """Somebody else decided after the page was opened."""

    def __init__(self, decision: CarryDecision) -> None:
        super().__init__(
            _("%(who)s has decided “%(choice)s” meanwhile. Nothing was overwritten.")
            % {
                "who": decision.decided_by or _("Somebody else"),
                "choice": decision.get_choice_display(),
            }
        )
        self.decision = decision


class ForeignRecordError(Exception):
    """The record belongs to another plan."""

    def __init__(self) -> None:
        super().__init__(_("This record belongs to another plan."))


@transaction.atomic
def begin_update(plan: Plan, values: Values, *, by: User | None, now: datetime) -> PlanUpdate:
    """Begin to rewrite the plan; if somebody has begun already, give that rewriting."""
    plan = lock(plan)
    if begun := plan.updates.filter(finished_at__isnull=True).first():
        return begun
    return keep(
        PlanUpdate(plan=plan, begun_at=now, **values), by=by, deed=_("Rewriting of the plan begun")
    )


@transaction.atomic
def change_update(
    update: PlanUpdate, values: Values, *, seen_version: int, by: User | None
) -> PlanUpdate:
    """
    Change title, period and options of the new plan, as long as it is not made.

    :raises UpdateFinishedError: if it is
    :raises ChangedMeanwhileError: if somebody else changed them meanwhile
    """
    update = open_update(update)
    keep_changes(update, values, seen_version=seen_version, by=by, deed=_("Rewriting changed"))
    return update


@transaction.atomic
def discard_update(update: PlanUpdate, *, by: User | None) -> None:
    """
    Give up the rewriting with its decisions; both plans stay as they are.

    :raises UpdateFinishedError: if the new plan has been made
    """
    update = open_update(update)
    remove(update, by=by, reason=_("Rewriting given up"))


@transaction.atomic
def decide(
    update: PlanUpdate,
    record: Carried,
    choice: CarryChoice,
    *,
    reason: str = "",
    seen_version: int,
    by: User | None,
    now: datetime,
) -> CarryDecision:
    """
    Say what shall become of a record; ``seen_version`` is 0 where nothing was decided.

    :raises UpdateFinishedError: if the new plan has been made
    :raises ForeignRecordError: if the record is not of the plan
    :raises CarryReasonMissingError: if it is dropped without a reason
    :raises DecidedMeanwhileError: if somebody else decided something else meanwhile
    """
    update = open_update(update)
    if record.plan_id != update.plan_id:
        raise ForeignRecordError
    return _decide(update, record, choice, reason, seen_version=seen_version, by=by, now=now)


@transaction.atomic
def decide_many(
    update: PlanUpdate,
    decisions: Iterable[tuple[Carried, CarryChoice, str]],
    *,
    by: User | None,
    now: datetime,
) -> int:
    """
    Say for several records what shall become of them, all or nothing; tell how many changed.

    :raises UpdateFinishedError: if the new plan has been made
    :raises ForeignRecordError: if one of the records is not of the plan
    :raises CarryReasonMissingError: if they are dropped without a reason
    """
    update = open_update(update)
    known = {
        (decision.kind, getattr(decision, f"{decision.kind}_id")): decision
        for decision in update.decisions.all()
    }
    new: list[CarryDecision] = []
    changed: list[CarryDecision] = []
    for record, choice, reason in decisions:
        if record.plan_id != update.plan_id:
            raise ForeignRecordError
        kind = kind_of(record)
        decision = known.get((kind, record.pk)) or _undecided(update, record)
        if _settle(decision, choice, reason, by=by, now=now):
            (changed if (kind, record.pk) in known else new).append(decision)
    words: dict[str, Any] = {
        "batch_size": BATCH,
        "default_user": by,
        "default_change_reason": noted(_("Decided")),
    }
    if new:
        bulk_create_with_history(new, CarryDecision, **words)
    if changed:
        bulk_update_with_history(changed, CarryDecision, DECIDED, **words)
    return len(new) + len(changed)


def open_update(update: PlanUpdate) -> PlanUpdate:
    """
    Hold the rewriting until the transaction ends.

    :raises UpdateFinishedError: if the new plan has been made
    """
    update = PlanUpdate.objects.select_for_update().get(pk=update.pk)
    if update.finished_at is not None:
        raise UpdateFinishedError
    return update


def kind_of(record: Carried) -> CarryKind:
    """Tell of which kind a record is."""
    return CarryKind(type(record).__name__.lower())


def _decide(
    update: PlanUpdate,
    record: Carried,
    choice: CarryChoice,
    reason: str,
    *,
    seen_version: int,
    by: User | None,
    now: datetime,
) -> CarryDecision:
    decision = _decision_of(update, record)
    is_other = (decision.choice, decision.reason) != (choice, reason.strip())
    if is_other and decision.version != seen_version:
        raise DecidedMeanwhileError(decision)
    if not _settle(decision, choice, reason, by=by, now=now):
        return decision
    return keep(decision, by=by, deed=_("Decided"))


def _settle(
    decision: CarryDecision, choice: CarryChoice, reason: str, *, by: User | None, now: datetime
) -> bool:
    """Write the choice into the decision; tell whether it says something else than before."""
    reason = reason.strip()
    if demands_reason(Decision(choice), reason):
        raise CarryReasonMissingError
    if (decision.choice, decision.reason) == (choice, reason):
        return False
    decision.choice, decision.reason = choice, reason
    decision.decided_at, decision.decided_by = now, by
    decision.version += 1
    return True


def _undecided(update: PlanUpdate, record: Carried) -> CarryDecision:
    kind = kind_of(record)
    return CarryDecision(update=update, kind=kind, version=0, **{kind: record})


def _decision_of(update: PlanUpdate, record: Carried) -> CarryDecision:
    """Give what was decided, or an unsaved decision of version 0."""
    kind = kind_of(record)
    decision = (
        update.decisions.select_for_update(of=("self",))
        .select_related("decided_by")
        .filter(**{kind: record})
        .first()
    )
    return decision or _undecided(update, record)
