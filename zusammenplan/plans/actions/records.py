"""How plans, fields and measures are kept: places, versions, what is taken already."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed
from zusammenplan.core.public import raise_version
from zusammenplan.people.models import User
from zusammenplan.plans.models import Plan

Direction = Literal["up", "down"]
Values = Mapping[str, Any]
Record = TypeVar("Record", bound=Model)


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


def nothing_taken() -> None:
    """Say that no rule of the database can be broken which people would understand."""


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
    taken: Callable[[], Exception | None] = nothing_taken,
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
    siblings: Iterable[Any], record: Any, direction: Direction, *, by: User | None, deed: str = ""
) -> bool:
    """
    Let the record and its neighbour change places; number all places anew.

    It goes nowhere at the end, nor if somebody put it among others meanwhile.
    """
    ordered = list(siblings)
    here = next((place for place, other in enumerate(ordered) if other.pk == record.pk), None)
    there = -1 if here is None else here + (-1 if direction == "up" else 1)
    if here is None or not 0 <= there < len(ordered):
        return False
    ordered[here], ordered[there] = ordered[there], ordered[here]
    set_positions(ordered)
    moved = ordered[there]
    way = _("Moved up") if direction == "up" else _("Moved down")
    keep(moved, by=by, deed=deed or way, fields=["position"])
    record.position = moved.position
    return True


def set_positions(records: Sequence[Any]) -> None:
    for position, record in enumerate(records, start=1):
        record.position = position
    type(records[0]).objects.bulk_update(records, ["position"])
