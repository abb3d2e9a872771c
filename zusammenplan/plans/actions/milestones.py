"""Add, change, move, finish and remove the milestones of a measure."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.people.models import User
from zusammenplan.plans.actions.parts import (
    change_part,
    demand_version,
    keep_part,
    lock_measure,
    move_part,
    remove_part,
)
from zusammenplan.plans.actions.records import Direction, Values, next_position
from zusammenplan.plans.domain.milestones import demands_reason, first_due
from zusammenplan.plans.models import Measure, Milestone


class MoveReasonMissingError(Exception):
    """A milestone's day moves and nobody says why."""

    def __init__(self) -> None:
        super().__init__(_("Say why the day moves. The page shows it beside the milestone."))


@transaction.atomic
def add_milestone(measure: Measure, values: Values, *, by: User | None) -> Milestone:
    """Add a milestone after the others; the day that is set now stays as the first one."""
    measure = lock_measure(measure)
    milestone = Milestone(measure=measure, **values)
    milestone.first_due_on = milestone.due_on
    milestone.position = next_position(measure.milestones.all())
    keep_part(milestone, measure, by=by, deed=_("Milestone added"))
    return milestone


@transaction.atomic
def change_milestone(
    milestone: Milestone, values: Values, *, seen_version: int, by: User | None
) -> Milestone:
    """
    Change a milestone; ``moved_reason`` says why its day moves and counts only if it does.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises MoveReasonMissingError: if the day moves and no reason is given
    """
    demand_version(milestone, seen_version)
    wanted = dict(values)
    reason = str(wanted.pop("moved_reason", "")).strip()
    due_on = wanted.get("due_on", milestone.due_on)
    deed = _("Milestone changed")
    if demands_reason(milestone.due_on, due_on):
        if not reason:
            raise MoveReasonMissingError
        wanted["moved_reason"] = reason
        deed = _("Milestone moved")
    wanted["first_due_on"] = first_due(milestone.first_due_on, due_on)
    change_part(milestone, wanted, milestone.measure, seen_version=seen_version, by=by, deed=deed)
    return milestone


@transaction.atomic
def set_milestone_done(milestone: Milestone, done_on: date | None, *, by: User | None) -> bool:
    """Note the day on which a milestone was reached, or that it is open again."""
    milestone = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone.pk)
    return change_part(
        milestone,
        {"done_on": done_on},
        milestone.measure,
        seen_version=milestone.version,
        by=by,
        deed=_("Milestone reached") if done_on else _("Milestone open again"),
    )


@transaction.atomic
def move_milestone(milestone: Milestone, direction: Direction, *, by: User | None) -> bool:
    """Change places with the milestone before or after; tell whether there was one."""
    return move_part(
        milestone,
        Milestone.objects.filter(measure=milestone.measure_id),
        direction,
        milestone.measure,
        by=by,
        deed=_("Milestone put in another place"),
    )


@transaction.atomic
def remove_milestone(milestone: Milestone, *, reason: str, by: User | None) -> None:
    """
    Remove a milestone.

    :raises ReasonMissingError: if no reason is given
    """
    remove_part(milestone, milestone.measure, reason=reason, by=by)
