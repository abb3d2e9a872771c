"""Delete a record with what people wrote to it; its files stay, taken off."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils import timezone

from zusammenplan.core.files import remove_attachment
from zusammenplan.core.history import remove
from zusammenplan.core.models import Attachment
from zusammenplan.people.models import Comment, Task, User
from zusammenplan.plans.models import Measure


def remove_whole(record: Model, *, by: User | None, reason: str) -> None:
    """Delete the record, the comments and tasks on it, and take its files off."""
    if getattr(record, "takes_notes", False):
        Comment.objects.of(record).delete()
        for task in Task.objects.of(record):
            remove(task, by=by, reason=reason)
    _take_files_off([record], by=by, reason=reason)
    if isinstance(record, Measure):
        _take_files_off(list(record.indicators.all()), by=by, reason=reason)
    remove(record, by=by, reason=reason)


def _take_files_off(records: Iterable[Model], *, by: User | None, reason: str) -> None:
    keys = {record.pk: record for record in records}
    if not keys:
        return
    for attachment in Attachment.objects.of(type(next(iter(keys.values()))), keys):
        remove_attachment(attachment, reason=reason, by=by, now=timezone.now())
