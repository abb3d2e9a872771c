"""How plans, fields and measures are kept: places, versions, what is taken already."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed
from zusammenplan.core.public import raise_version
from zusammenplan.people.models import User
from zusammenplan.plans.models import Block, FieldOfAction, Measure, Plan

Direction = Literal["up", "down"]
Values = Mapping[str, Any]
Record = TypeVar("Record", bound=Model)
Part = TypeVar("Part", FieldOfAction, Measure, Block)


def lock(plan: Plan) -> Plan:
    """
    Let one person at a time decide on the plan's positions and numbers.

    Writing the row makes whoever waits for it with a snapshot (``core.locks``) begin anew: what
    they saw is the plan of before they waited. The key stays free: whoever changes a record without
    this lock names the plan's key when they commit, and might hold what we wait for.
    """
    locked = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if connection.vendor == "postgresql":
        Plan.objects.filter(pk=plan.pk).update(version=models.F("version"))
    return locked


def keep_new(
    record: Model, *, by: User | None, deed: str, taken: Callable[[], Exception | None]
) -> None:
    try:
        with transaction.atomic():
            keep(record, by=by, deed=deed)
    except IntegrityError as clash:
        if refusal := taken():
            raise refusal from clash
        raise


def keep_changes(
    record: Record,
    values: Values,
    *,
    seen_version: int,
    by: User | None,
    deed: str,
    taken: Callable[[], Exception | None],
) -> bool:
    """Save what differs, if nobody saved it meanwhile; tell whether anything differed."""
    # The record may be older than what the person saw; compare with what is stored now.
    record.refresh_from_db()
    changed = [name for name, value in values.items() if getattr(record, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(record, name, values[name])
    try:
        with transaction.atomic():
            keep_unless_changed(record, seen_version=seen_version, by=by, deed=deed, fields=changed)
    except IntegrityError as clash:
        if refusal := taken():
            raise refusal from clash
        raise
    return True


def raise_version_of(plan: Plan) -> None:
    if plan.is_public:
        raise_version()


def next_position(records: models.QuerySet[Any]) -> int:
    last: int | None = records.aggregate(last=models.Max("position"))["last"]
    return 1 if last is None else last + 1


def move_among(
    siblings: list[Part], record: Part, direction: Direction, *, by: User | None
) -> bool:
    """Let the record and its neighbour change places; number all places anew."""
    here = next(place for place, other in enumerate(siblings) if other.pk == record.pk)
    there = here + (-1 if direction == "up" else 1)
    if not 0 <= there < len(siblings):
        return False
    siblings[here], siblings[there] = siblings[there], siblings[here]
    set_positions(siblings)
    moved = siblings[there]
    deed = _("Moved up") if direction == "up" else _("Moved down")
    keep(moved, by=by, deed=deed, fields=["position"])
    record.position = moved.position
    return True


def set_positions(records: Sequence[Any]) -> None:
    for position, record in enumerate(records, start=1):
        record.position = position
    type(records[0]).objects.bulk_update(records, ["position"])
