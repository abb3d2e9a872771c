"""What all parts of a measure share: keeping, changing, moving and removing them."""

from typing import Any

from django.db import models

from zusammenplan.core.history import ChangedMeanwhileError, keep, keep_unless_changed
from zusammenplan.people.models import User
from zusammenplan.plans.actions.records import (
    Direction,
    Values,
    move_among,
    raise_version_of,
)
from zusammenplan.plans.actions.refusals import demand_reason
from zusammenplan.plans.actions.removal import remove_whole
from zusammenplan.plans.models import Measure


def lock_measure(measure: Measure) -> Measure:
    # Places and doubles among the parts are decided by one person at a time.
    return Measure.objects.select_for_update(of=("self",)).select_related("plan").get(pk=measure.pk)


def keep_part(part: models.Model, measure: Measure, *, by: User | None, deed: str) -> None:
    keep(part, by=by, deed=deed)
    raise_version_of(measure.plan)


def demand_version(part: Any, seen_version: int) -> None:
    """
    Read the part anew and refuse a second editor before anything else is said.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    """
    part.refresh_from_db()
    if part.version != seen_version:
        raise ChangedMeanwhileError(part)


def change_part(
    part: Any,
    values: Values,
    measure: Measure,
    *,
    seen_version: int,
    by: User | None,
    deed: str,
) -> bool:
    """
    Save what differs; tell whether anything did.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    """
    demand_version(part, seen_version)
    changed = [name for name, value in values.items() if getattr(part, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(part, name, values[name])
    keep_unless_changed(part, seen_version=seen_version, by=by, deed=deed, fields=changed)
    raise_version_of(measure.plan)
    return True


def remove_part(part: models.Model, measure: Measure, *, reason: str, by: User | None) -> None:
    demand_reason(reason)
    remove_whole(part, by=by, reason=reason)
    raise_version_of(measure.plan)


def move_part(
    part: Any,
    siblings: models.QuerySet[Any],
    direction: Direction,
    measure: Measure,
    *,
    by: User | None,
    deed: str,
) -> bool:
    """Let the part and its neighbour change places; tell whether there was one."""
    lock_measure(measure)
    moved = move_among(siblings.order_by("position", "pk"), part, direction, by=by, deed=deed)
    if moved:
        raise_version_of(measure.plan)
    return moved
