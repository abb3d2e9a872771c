"""Add, change, move, number and delete measures."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, remove
from zusammenplan.people.actions import organisation_named
from zusammenplan.people.models import Organisation, User
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
from zusammenplan.plans.actions.refusals import (
    MeasureInUseError,
    NumberTakenError,
    demand_reason,
    demand_same_plan,
)
from zusammenplan.plans.models import FieldOfAction, Measure, Plan
from zusammenplan.plans.queries.plans import renumbering


@transaction.atomic
def add_measure(plan: Plan, values: Values, *, by: User | None) -> Measure:
    """
    Add a measure at the end of its field; the responsible one may be a name.

    :raises NumberTakenError: if the plan has a measure with this number
    :raises OtherPlanError: if the field belongs to another plan
    """
    plan = lock(plan)
    measure = Measure(plan=plan, **_with_responsible(values, by=by))
    demand_same_plan(plan, measure.field)
    measure.position = next_position(plan.measures.filter(field=measure.field))
    keep_new(measure, by=by, deed=_("Measure added"), taken=lambda: _number_refusal(measure))
    raise_version_of(plan)
    return measure


@transaction.atomic
def change_measure(
    measure: Measure, values: Values, *, seen_version: int, by: User | None
) -> Measure:
    """
    Change a measure; the responsible one may be a name.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises NumberTakenError: if the plan has another measure with this number
    :raises OtherPlanError: if the field belongs to another plan
    """
    values = dict(_with_responsible(values, by=by))
    field = values.get("field", measure.field)
    demand_same_plan(measure.plan, field)
    if field != measure.field:
        plan = lock(measure.plan)
        values["position"] = next_position(plan.measures.filter(field=field))
    changed = keep_changes(
        measure,
        values,
        seen_version=seen_version,
        by=by,
        deed=_("Measure changed"),
        taken=lambda: _number_refusal(measure),
    )
    if changed:
        raise_version_of(measure.plan)
    return measure


@transaction.atomic
def move_measure(measure: Measure, direction: Direction, *, by: User | None) -> bool:
    """Change places with the measure before or after in the field; tell whether there was one."""
    plan = lock(measure.plan)
    siblings = list(plan.measures.filter(field=measure.field).order_by("position", "pk"))
    moved = move_among(siblings, measure, direction, by=by)
    if moved:
        raise_version_of(plan)
    return moved


@transaction.atomic
def move_measure_to_field(
    measure: Measure, field: FieldOfAction | None, *, by: User | None
) -> Measure:
    """
    Put the measure at the end of another field; its number stays.

    :raises OtherPlanError: if the field belongs to another plan
    """
    plan = lock(measure.plan)
    demand_same_plan(plan, field)
    measure = plan.measures.select_for_update().get(pk=measure.pk)
    if measure.field == field:
        return measure
    measure.position = next_position(plan.measures.filter(field=field))
    measure.field = field
    measure.version += 1
    keep(
        measure,
        by=by,
        deed=_("Moved to another field of action"),
        fields=["field", "position", "version"],
    )
    raise_version_of(plan)
    return measure


@transaction.atomic
def renumber_measures(plan: Plan, *, by: User | None, field: FieldOfAction | None = None) -> int:
    """
    Give the measures numbers by their order in each field, 1.1, 1.2 …; tell how many changed.

    Measures without a field keep theirs.

    :raises NumberTakenError: if a measure that keeps its number has one that is needed
    """
    plan = lock(plan)
    new_numbers = {
        line.measure.pk: line.new for line in renumbering(plan, field=field) if line.is_changed
    }
    if not new_numbers:
        return 0
    kept = plan.measures.exclude(pk__in=new_numbers).filter(number__in=new_numbers.values())
    if taken := kept.first():
        raise NumberTakenError(taken.number)
    measures = list(plan.measures.select_for_update().filter(pk__in=new_numbers))
    # First numbers that nobody has, so that 1.1 and 1.2 can change places.
    for measure in measures:
        plan.measures.filter(pk=measure.pk).update(number=f"\N{REPLACEMENT CHARACTER}{measure.pk}")
    for measure in measures:
        measure.number = new_numbers[measure.pk]
        measure.version += 1
        keep(measure, by=by, deed=_("Measures numbered anew"), fields=["number", "version"])
    raise_version_of(plan)
    return len(measures)


@transaction.atomic
def delete_measure(measure: Measure, *, reason: str, by: User | None) -> None:
    """
    Delete a measure.

    :raises ReasonMissingError: if no reason is given
    :raises MeasureInUseError: if it is part of a round of prioritisation
    """
    demand_reason(reason)
    plan = measure.plan
    try:
        remove(measure, by=by, reason=reason)
    except ProtectedError as refusal:
        raise MeasureInUseError(measure) from refusal
    raise_version_of(plan)


@transaction.atomic
def set_priority(
    measure: Measure,
    *,
    degree: Decimal | None,
    scale: tuple[int, int],
    round_title: str,
    on: date,
    by: User | None,
) -> Measure:
    """
    Note the priority that a released round gave; only the release calls this.

    ``scale`` names the grade that comes first and the one that comes last.
    """
    measure = Measure.objects.select_for_update().get(pk=measure.pk)
    measure.priority_degree = degree
    measure.priority_first, measure.priority_last = scale
    measure.priority_round = round_title
    measure.priority_on = on
    measure.version += 1
    keep(
        measure,
        by=by,
        deed=_("Priority set by “%(round)s”") % {"round": round_title},
        fields=[
            "priority_degree",
            "priority_first",
            "priority_last",
            "priority_round",
            "priority_on",
            "version",
        ],
    )
    raise_version_of(measure.plan)
    return measure


def _number_refusal(measure: Measure) -> Exception | None:
    others = Measure.objects.filter(plan=measure.plan_id, number=measure.number)
    taken = others.exclude(pk=measure.pk).exists()
    return NumberTakenError(measure.number) if taken else None


def _with_responsible(values: Values, *, by: User | None) -> dict[str, Any]:
    given = dict(values)
    if "responsible" in given:
        given["responsible"] = _organisation(given["responsible"], by=by)
    return given


def _organisation(
    responsible: str | Organisation | None, *, by: User | None
) -> Organisation | None:
    if not isinstance(responsible, str):
        return responsible
    return organisation_named(responsible, by=by) if responsible.strip() else None
