"""Add, change, move and delete fields of action."""

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.people.models import User
from zusammenplan.plans.actions.records import (
    Direction,
    Values,
    keep_changes,
    keep_new,
    lock,
    move_among,
    next_position,
    raise_version_of,
)
from zusammenplan.plans.actions.refusals import CodeTakenError, FieldNotEmptyError, demand_reason
from zusammenplan.plans.actions.removal import remove_whole
from zusammenplan.plans.models import FieldOfAction, Plan


@transaction.atomic
def add_field(plan: Plan, values: Values, *, by: User | None) -> FieldOfAction:
    """
    Add a field of action at the end of the plan.

    :raises CodeTakenError: if the plan has a field with this code
    """
    plan = lock(plan)
    field = FieldOfAction(plan=plan, position=next_position(plan.fields.all()), **values)
    keep_new(field, by=by, deed=_("Field of action added"), taken=lambda: _code_refusal(field))
    raise_version_of(plan)
    return field


@transaction.atomic
def change_field(
    field: FieldOfAction, values: Values, *, seen_version: int, by: User | None
) -> FieldOfAction:
    """
    Change a field's code, name or text.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises CodeTakenError: if the plan has another field with this code
    """
    changed = keep_changes(
        field,
        values,
        seen_version=seen_version,
        by=by,
        deed=_("Field of action changed"),
        taken=lambda: _code_refusal(field),
    )
    if changed:
        raise_version_of(field.plan)
    return field


@transaction.atomic
def delete_field(field: FieldOfAction, *, reason: str, by: User | None) -> None:
    """
    Delete a field of action in which nothing stands.

    :raises ReasonMissingError: if no reason is given
    :raises FieldNotEmptyError: if it has measures, goals or needs
    """
    demand_reason(reason)
    plan = lock(field.plan)
    counts = {
        "measures": field.measures.count(),
        "goals": field.goals.count(),
        "needs": field.needs.count(),
    }
    if any(counts.values()):
        raise FieldNotEmptyError(field, **counts)
    remove_whole(field, by=by, reason=reason)
    raise_version_of(plan)


@transaction.atomic
def move_field(field: FieldOfAction, direction: Direction, *, by: User | None) -> bool:
    """Change places with the field before or after; tell whether there was one."""
    plan = lock(field.plan)
    moved = move_among(plan.fields.order_by("position", "pk"), field, direction, by=by)
    if moved:
        raise_version_of(plan)
    return moved


def _code_refusal(field: FieldOfAction) -> Exception | None:
    others = FieldOfAction.objects.filter(plan=field.plan_id, code=field.code).exclude(pk=field.pk)
    return CodeTakenError(field.code) if others.exists() else None
