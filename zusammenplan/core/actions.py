"""What changes the municipality's own row and takes in reports of barriers."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zusammenplan.core.history import ChangedMeanwhileError, keep, keep_unless_changed
from zusammenplan.core.models import BarrierReport, Municipality
from zusammenplan.core.picture_files import attach_picture
from zusammenplan.core.public import raise_version

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


@transaction.atomic
def change_municipality(
    values: Mapping[str, str],
    *,
    seen_version: int,
    by: "AbstractBaseUser | None",
    pictures: Mapping[str, tuple[str, bytes] | None] | None = None,
) -> Municipality:
    """
    Change the municipality's name, contacts, legal texts, and how its documents look.

    ``pictures`` gives for a field the name and the content of its picture, or none to take it away.

    :raises ChangedMeanwhileError: if somebody else changed them meanwhile
    :raises PictureRefusedError: if one is no picture that we take
    """
    row = Municipality.objects.select_for_update().filter(pk=1).first()
    if row is None:
        row = keep(Municipality(pk=1), by=by, deed=_("Municipality set up"))
    if row.version != seen_version:
        # Before a picture is kept: its file would stay on the disk without a record.
        raise ChangedMeanwhileError(row)
    for name, value in values.items():
        setattr(row, name, value)
    fields = list(values)
    now = timezone.now()
    for field, given in (pictures or {}).items():
        picture = given and attach_picture(
            row, given[1], name=given[0], by=by, now=now, is_public=True
        )
        setattr(row, field, picture)
        fields.append(field)
    keep_unless_changed(
        row, seen_version=seen_version, by=by, deed=_("Municipality changed"), fields=fields
    )
    raise_version()
    return row


@transaction.atomic
def report_barrier(*, page: str, message: str, email: str, now: datetime) -> BarrierReport:
    """Keep a report of a barrier."""
    return BarrierReport.objects.create(page=page, message=message, email=email, sent_at=now)


@transaction.atomic
def mark_barrier_answered(report: BarrierReport, *, now: datetime) -> None:
    """Note that somebody has answered the report."""
    # Whoever was faster was; its period of retention begins once.
    BarrierReport.objects.filter(pk=report.pk, answered_at=None).update(answered_at=now)
