"""Set something for several measures at once."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep
from zusammenplan.core.public import raise_version
from zusammenplan.people.actions import organisation_named
from zusammenplan.people.models import Organisation, User
from zusammenplan.plans.actions.records import lock, next_position
from zusammenplan.plans.actions.refusals import demand_explained, demand_same_plan
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.domain.statuses import since_when
from zusammenplan.plans.models import FieldOfAction, Goal, Measure, Term

# More keys than this in one question are too many for SQLite.
KEYS_AT_ONCE = 500


@transaction.atomic
def set_status(
    measures: Iterable[Measure],
    *,
    status: MeasureStatus,
    by: User | None,
    reason: str = "",
    on: date | None = None,
    today: date | None = None,
) -> int:
    """
    Give several measures the same status; tell how many had another one, reason or day.

    A measure that changes loses the reason of the status before and is dated today, unless a
    reason or a day is said; one that has the status already keeps its own.

    :raises StatusReasonMissingError: if the status must be explained and is not
    """
    demand_explained(status, reason)
    names = ["status", "status_reason", "status_on"]
    changed = []
    for measure in _locked(measures):
        before = [getattr(measure, name) for name in names]
        is_other = measure.status != status
        measure.status_on = since_when(
            measure.status, status, said=on, stored=measure.status_on, today=today or localdate()
        )
        measure.status = status
        measure.status_reason = reason if reason or is_other else measure.status_reason
        if [getattr(measure, name) for name in names] != before:
            changed.append(measure)
    return _keep_all(changed, names, deed=_("Status set for several measures"), by=by)


@transaction.atomic
def set_responsible(
    measures: Iterable[Measure], *, responsible: str | Organisation | None, by: User | None
) -> int:
    """Make the same organisation responsible for several measures; tell how many had another."""
    if isinstance(responsible, str):
        name = responsible.strip()
        responsible = organisation_named(name, by=by) if name else None
    deed = _("Responsible set for several measures")
    return _set_for(measures, {"responsible": responsible}, deed=deed, by=by)


@transaction.atomic
def set_field(measures: Iterable[Measure], *, field: FieldOfAction | None, by: User | None) -> int:
    """
    Put several measures at the end of another field, in their order; their numbers stay.

    :raises OtherPlanError: if the field belongs to another plan
    """
    chosen = list(measures)
    if not chosen:
        return 0
    # The plan first, as whoever moves a single measure does: the other way round, the two would
    # wait for each other.
    plan = lock(chosen[0].plan)
    moved = [measure for measure in _locked(chosen) if measure.field_id != (field and field.pk)]
    for measure in moved:
        demand_same_plan(measure.plan, field)
    position = next_position(plan.measures.filter(field=field))
    for measure in moved:
        measure.field, measure.position = field, position
        measure.version += 1
        position += 1
        keep(
            measure,
            by=by,
            deed=_("Moved to another field of action"),
            fields=["field", "position", "version"],
        )
    _raise_version_if_public(moved)
    return len(moved)


@transaction.atomic
def link_target_group(
    measures: Iterable[Measure], group: Term, *, by: User | None, takes_away: bool = False
) -> int:
    """Add a target group to several measures, or take it away; tell how many changed."""
    return _link(measures, "target_groups", group, by=by, takes_away=takes_away)


@transaction.atomic
def link_goal(
    measures: Iterable[Measure], goal: Goal, *, by: User | None, takes_away: bool = False
) -> int:
    """
    Put several measures under a goal too, or take them away; tell how many changed.

    :raises GoalOfOtherPlanError: if the goal belongs to another plan
    """
    chosen = list(measures)
    if any(measure.plan_id != goal.plan_id for measure in chosen):
        raise GoalOfOtherPlanError(goal)
    return _link(chosen, "goals", goal, by=by, takes_away=takes_away)


class GoalOfOtherPlanError(Exception):
    """The goal belongs to another plan than the measures."""

    def __init__(self, goal: Goal) -> None:
        super().__init__(
            _("The goal “%(goal)s” belongs to another plan. Choose one of this plan.")
            % {"goal": goal}
        )


def _link(
    measures: Iterable[Measure],
    name: str,
    record: Term | Goal,
    *,
    by: User | None,
    takes_away: bool,
) -> int:
    locked = _locked(measures)
    links = getattr(Measure, name).through.objects
    column = "goal" if isinstance(record, Goal) else "term"
    have = set(links.filter(**{column: record}).values_list("measure", flat=True))
    changed = [measure for measure in locked if (measure.pk in have) is takes_away]
    deed = _("“%(what)s” taken away") if takes_away else _("“%(what)s” added")
    for measure in changed:
        related = getattr(measure, name)
        if takes_away:
            related.remove(record)
        else:
            related.add(record)
        measure.version += 1
        keep(measure, by=by, deed=deed % {"what": str(record)[:70]}, fields=["version"])
    _raise_version_if_public(changed)
    return len(changed)


def _locked(measures: Iterable[Measure]) -> list[Measure]:
    keys = [measure.pk for measure in measures]
    locked: list[Measure] = []
    for begin in range(0, len(keys), KEYS_AT_ONCE):
        rows = Measure.objects.select_for_update(of=("self",)).select_related("plan")
        locked += rows.filter(pk__in=keys[begin : begin + KEYS_AT_ONCE]).order_by("pk")
    places = {key: place for place, key in enumerate(keys)}
    return sorted(locked, key=lambda measure: places[measure.pk])


def _set_for(
    measures: Iterable[Measure], values: dict[str, Any], *, deed: str, by: User | None
) -> int:
    changed = [
        measure
        for measure in _locked(measures)
        if any(_stored(measure, name) != _key(value) for name, value in values.items())
    ]
    for measure in changed:
        for name, value in values.items():
            setattr(measure, name, value)
    return _keep_all(changed, list(values), deed=deed, by=by)


def _keep_all(changed: list[Measure], names: list[str], *, deed: str, by: User | None) -> int:
    for measure in changed:
        measure.version += 1
        keep(measure, by=by, deed=deed, fields=[*names, "version"])
    _raise_version_if_public(changed)
    return len(changed)


def _stored(measure: Measure, name: str) -> object:
    return getattr(measure, Measure._meta.get_field(name).attname)  # type: ignore[union-attr]


def _key(value: object) -> object:
    return value.pk if isinstance(value, models.Model) else value


def _raise_version_if_public(changed: Iterable[Measure]) -> None:
    if any(measure.plan.is_public for measure in changed):
        raise_version()
