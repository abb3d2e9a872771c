"""Add, change, move, number and delete measures."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _, pgettext

from zusammenplan.core.history import keep, keep_unless_changed
from zusammenplan.people.actions import organisation_named
from zusammenplan.people.models import Organisation, User
from zusammenplan.plans.actions.links import demand_own
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
    demand_explained,
    demand_reason,
    demand_same_plan,
)
from zusammenplan.plans.actions.removal import remove_whole
from zusammenplan.plans.domain.links import link_notes
from zusammenplan.plans.models import FieldOfAction, Measure, Plan
from zusammenplan.plans.queries.plans import with_new_numbers

# What a measure is linked with; its history notes every link that comes or goes.
LINKS = ("goals", "needs", "areas", "target_groups", "life_situations", "partners")


@transaction.atomic
def add_measure(plan: Plan, values: Values, *, by: User | None) -> Measure:
    """
    Add a measure at the end of its field; the responsible one and partners may be names.

    :raises NumberTakenError: if the plan has a measure with this number
    :raises OtherPlanError: if the field belongs to another plan
    :raises ForeignLinkError: if a goal or need belongs to another plan
    :raises StatusReasonMissingError: if the status must be explained and is not
    """
    plan = lock(plan)
    facts, links = _facts_and_links(values, by=by)
    measure = Measure(plan=plan, **facts)
    demand_same_plan(plan, measure.field)
    demand_own(plan, links)
    demand_explained(measure.status, measure.status_reason)
    measure.position = next_position(plan.measures.filter(field=measure.field))
    keep_new(measure, by=by, deed=_("Measure added"), taken=lambda: _number_refusal(measure))
    for name, records in links.items():
        getattr(measure, name).set(records)
    raise_version_of(plan)
    return measure


@transaction.atomic
def change_measure(
    measure: Measure, values: Values, *, seen_version: int, by: User | None
) -> Measure:
    """
    Change a measure and its links; the responsible one and partners may be names.

    The history notes each link that comes or goes, in entries of their own.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises NumberTakenError: if the plan has another measure with this number
    :raises OtherPlanError: if the field belongs to another plan
    :raises ForeignLinkError: if a goal or need belongs to another plan
    :raises StatusReasonMissingError: if the status must be explained and is not
    """
    facts, links = _facts_and_links(values, by=by)
    field = facts.get("field", measure.field)
    demand_same_plan(measure.plan, field)
    demand_own(measure.plan, links)
    if "status" in facts:
        demand_explained(facts["status"], facts.get("status_reason", measure.status_reason))
    if field != measure.field:
        plan = lock(measure.plan)
        facts["position"] = next_position(plan.measures.filter(field=field))
    changed = keep_changes(
        measure,
        facts,
        seen_version=seen_version,
        by=by,
        deed=_("Measure changed"),
        taken=lambda: _number_refusal(measure),
    )
    notes = _set_links(measure, links)
    if notes and not changed:
        # Nobody may have saved other links since they were shown.
        keep_unless_changed(measure, seen_version=seen_version, by=by, deed=notes.pop(0), fields=[])
        changed = True
    for note in notes:
        keep(measure, by=by, deed=note, fields=["version"])
    if changed:
        raise_version_of(measure.plan)
    return measure


@transaction.atomic
def move_measure(measure: Measure, direction: Direction, *, by: User | None) -> bool:
    """Change places with the measure before or after in the field; tell whether there was one."""
    plan = lock(measure.plan)
    siblings = plan.measures.filter(field=measure.field).order_by("position", "pk")
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
    new_numbers = dict(with_new_numbers(plan, field=field).values_list("pk", "new_number"))
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
        remove_whole(measure, by=by, reason=reason)
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
    round_title_en: str = "",
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
    measure.priority_round, measure.priority_round_en = round_title, round_title_en
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
            "priority_round_en",
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


def _facts_and_links(
    values: Values, *, by: User | None
) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Part the measure's own columns from its links; names become organisations."""
    facts = {name: value for name, value in values.items() if name not in LINKS}
    links = {name: list(values[name]) for name in LINKS if name in values}
    if "responsible" in facts:
        facts["responsible"] = _organisation(facts["responsible"], by=by)
    if "partners" in links:
        found = (_organisation(partner, by=by) for partner in links["partners"])
        links["partners"] = list({one.pk: one for one in found if one}.values())
    return facts, links


def _set_links(measure: Measure, links: dict[str, list[Any]]) -> list[str]:
    """Set the links that differ; tell in notes for the history which came and which went."""
    notes: list[str] = []
    for name, records in links.items():
        manager = getattr(measure, name)
        old, new = {one.pk: one for one in manager.all()}, {one.pk: one for one in records}
        if old.keys() == new.keys():
            continue
        manager.set(records)
        field = Measure._meta.get_field(name)
        label = str(getattr(field, "verbose_name", name))
        notes += link_notes(
            label[:1].upper() + label[1:],
            added=_names(one for pk, one in new.items() if pk not in old),
            removed=_names(one for pk, one in old.items() if pk not in new),
            words=(pgettext("links", "added"), pgettext("links", "removed")),
        )
    return notes


def _names(records: Iterable[Any]) -> list[str]:
    return sorted(str(record) for record in records)


def _organisation(
    responsible: str | Organisation | None, *, by: User | None
) -> Organisation | None:
    if not isinstance(responsible, str):
        return responsible
    return organisation_named(responsible, by=by) if responsible.strip() else None
