"""Attach files to a measure or to one of its indicators."""

from datetime import datetime

from django.db import transaction

from zusammenplan.core.files import (
    CheckedFile,
    attach_file,
    describe_attachment,
    remove_attachment,
)
from zusammenplan.core.models import Attachment
from zusammenplan.people.models import User
from zusammenplan.plans.actions.records import raise_version_of
from zusammenplan.plans.actions.refusals import demand_reason
from zusammenplan.plans.models import Measure, MeasureIndicator, Plan


@transaction.atomic
def add_attachment(
    record: Measure | MeasureIndicator,
    checked: CheckedFile,
    *,
    description: str,
    is_public: bool,
    by: User | None,
    now: datetime,
) -> Attachment:
    """Keep a checked file with the measure or the indicator."""
    attachment = attach_file(
        record, checked, description=description, is_public=is_public, by=by, now=now
    )
    if is_public:
        raise_version_of(_plan(record))
    return attachment


@transaction.atomic
def change_attachment(
    attachment: Attachment,
    plan: Plan,
    *,
    description: str,
    is_public: bool,
    seen_version: int,
    by: User | None,
) -> None:
    """
    Change what is told of a file, and whether the public may have it.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    """
    changed = describe_attachment(
        attachment, description=description, is_public=is_public, seen_version=seen_version, by=by
    )
    if changed:
        raise_version_of(plan)


@transaction.atomic
def take_off_attachment(
    attachment: Attachment, plan: Plan, *, reason: str, by: User | None, now: datetime
) -> None:
    """
    Take a file off its record; it stays kept.

    :raises ReasonMissingError: if no reason is given
    """
    demand_reason(reason)
    remove_attachment(attachment, reason=reason, by=by, now=now)
    if attachment.is_public:
        raise_version_of(plan)


def _plan(record: Measure | MeasureIndicator) -> Plan:
    return record.plan if isinstance(record, Measure) else record.measure.plan
