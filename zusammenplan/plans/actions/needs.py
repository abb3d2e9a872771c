"""Add, change, move and delete needs and what proves them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, remove
from zusammenplan.people.models import User
from zusammenplan.plans.actions.links import (
    Links,
    demand_own,
    keep_changes_and_links,
    set_links,
)
from zusammenplan.plans.actions.records import (
    Direction,
    Values,
    lock,
    move_among,
    next_position,
    raise_version_of,
)
from zusammenplan.plans.actions.refusals import demand_reason, demand_same_plan
from zusammenplan.plans.actions.removal import remove_whole
from zusammenplan.plans.models import Need, NeedEvidence, Plan

# What somebody says of one piece of evidence; ``pk`` names one that is there already.
Evidence = Mapping[str, Any]


@transaction.atomic
def add_need(
    plan: Plan,
    values: Values,
    *,
    by: User | None,
    links: Links | None = None,
    evidence: Sequence[Evidence] = (),
) -> Need:
    """
    Add a need at the end of its field, with its links and evidence.

    :raises OtherPlanError: if the field belongs to another plan
    :raises ForeignLinkError: if a term is none of its kind
    """
    plan = lock(plan)
    need = Need(plan=plan, **values)
    demand_same_plan(plan, need.field)
    demand_own(plan, links or {})
    need.position = next_position(plan.needs.filter(field=need.field))
    keep(need, by=by, deed=_("Need added"))
    set_links(need, links or {})
    _keep_evidence(need, evidence, by=by)
    raise_version_of(plan)
    return need


@transaction.atomic
def change_need(
    need: Need,
    values: Values,
    *,
    seen_version: int,
    by: User | None,
    links: Links | None = None,
    evidence: Sequence[Evidence] | None = None,
) -> Need:
    """
    Change a need with its links; ``evidence`` is then all that proves it, in order.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises OtherPlanError: if the field belongs to another plan
    :raises ForeignLinkError: if a term is none of its kind
    """
    plan = lock(need.plan)
    need.refresh_from_db()
    field = values.get("field", need.field)
    demand_same_plan(plan, field)
    demand_own(plan, links or {})
    wanted: dict[str, Any] = dict(values)
    if field != need.field:
        wanted["position"] = next_position(plan.needs.filter(field=field))
    changed = keep_changes_and_links(
        need,
        wanted,
        links or {},
        seen_version=seen_version,
        by=by,
        deed=_("Need changed"),
        also_changed=evidence is not None and _evidence_differs(need, evidence),
    )
    if changed:
        if evidence is not None:
            _keep_evidence(need, evidence, by=by)
        raise_version_of(plan)
    return need


@transaction.atomic
def move_need(need: Need, direction: Direction, *, by: User | None) -> bool:
    """Change places with the need before or after in the field; tell whether there was one."""
    plan = lock(need.plan)
    siblings = plan.needs.filter(field=need.field_id).order_by("position", "pk")
    moved = move_among(siblings, need, direction, by=by)
    if moved:
        raise_version_of(plan)
    return moved


@transaction.atomic
def delete_need(need: Need, *, reason: str, by: User | None) -> None:
    """
    Delete a need with its evidence; goals and measures lose the link to it.

    :raises ReasonMissingError: if no reason is given
    """
    demand_reason(reason)
    plan = lock(need.plan)
    for one in need.evidence.all():
        remove(one, by=by, reason=reason)
    remove_whole(need, by=by, reason=reason)
    raise_version_of(plan)


def _evidence_differs(need: Need, wanted: Sequence[Evidence]) -> bool:
    known = list(need.evidence.order_by("position", "pk"))
    if [one.pk for one in known] != [given.get("pk") for given in wanted]:
        return True
    return any(
        getattr(one, name) != value
        for one, given in zip(known, wanted, strict=True)
        for name, value in given.items()
    )


def _keep_evidence(need: Need, wanted: Sequence[Evidence], *, by: User | None) -> None:
    known = {one.pk: one for one in need.evidence.all()}
    kept = {given.get("pk") for given in wanted}
    for pk, one in known.items():
        if pk not in kept:
            remove(one, by=by, reason=_("Evidence removed"))
    for position, given in enumerate(wanted, start=1):
        values = {**given, "position": position}
        one = known.get(values.pop("pk", None) or 0) or NeedEvidence(need=need)
        changed = [name for name, value in values.items() if getattr(one, name) != value]
        for name in changed:
            setattr(one, name, values[name])
        if not one.pk:
            keep(one, by=by, deed=_("Evidence added"))
        elif changed:
            one.version += 1
            keep(one, by=by, deed=_("Evidence changed"), fields=[*changed, "version"])
