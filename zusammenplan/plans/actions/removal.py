"""Delete a record with what people wrote to it; its files stay, taken off."""

from collections.abc import Sequence

from django.db.models import Model
from django.utils import timezone

from zusammenplan.core.files import remove_attachment
from zusammenplan.core.history import remove
from zusammenplan.core.models import Attachment
from zusammenplan.people.models import Comment, Task, User
from zusammenplan.plans.models import Measure


def remove_whole(record: Model, *, by: User | None, reason: str) -> None:
    """Delete the record, the comments and tasks on it, and take its files off."""
    _take_off([record], by=by, reason=reason)
    if isinstance(record, Measure):
        _take_off(list(record.indicators.all()), by=by, reason=reason)
        _take_off(list(record.milestones.all()), by=by, reason=reason)
    remove(record, by=by, reason=reason)


def _take_off(records: Sequence[Model], *, by: User | None, reason: str) -> None:
    """Clear away what hangs on these records of one table."""
    if not records:
        return
    if getattr(records[0], "takes_notes", False):
        Comment.objects.of(*records).delete()
        for task in Task.objects.of(*records):
            remove(task, by=by, reason=reason)
    for attachment in Attachment.objects.of(type(records[0]), [one.pk for one in records]):
        remove_attachment(attachment, reason=reason, by=by, now=timezone.now())
