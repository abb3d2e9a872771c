"""What somebody writes while working: comments and tasks on records, and drafts of forms."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Model
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.models import Versioned
from zusammenplan.people.models.users import User

if TYPE_CHECKING:
    from collections.abc import Mapping


class OfRecordQuerySet(models.QuerySet[Any]):
    """Questions to what belongs to a record of any table."""

    def of(self, *records: Model) -> Self:
        """Narrow to what belongs to these records, all of one table."""
        kind = ContentType.objects.get_for_model(records[0])
        keys = [record.pk for record in records]
        return self.filter(content_type=kind, object_id__in=keys)


class TaskQuerySet(OfRecordQuerySet):
    """Questions to the list of tasks."""

    def open(self) -> Self:
        return self.filter(done_at__isnull=True)

    def overdue(self, day: date) -> Self:
        return self.open().filter(due_on__lt=day)


CommentManager = models.Manager.from_queryset(OfRecordQuerySet)
TaskManager = models.Manager.from_queryset(TaskQuerySet)


class Comment(Versioned):
    """What somebody says about a record (Kommentar). It stays within the administration."""

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, verbose_name=_("kind of the record")
    )
    object_id = models.PositiveBigIntegerField(_("key of the record"))
    record = GenericForeignKey("content_type", "object_id")
    text = models.TextField(_("comment"), max_length=5000)
    author = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"))
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)

    objects = CommentManager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [models.Index(name="comment_of_record", fields=["content_type", "object_id"])]

    def __str__(self) -> str:
        return Truncator(self.text).chars(60)


class Task(Versioned):
    """What somebody has to do on a record (Aufgabe), perhaps until a day."""

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, verbose_name=_("kind of the record")
    )
    object_id = models.PositiveBigIntegerField(_("key of the record"))
    record = GenericForeignKey("content_type", "object_id")
    title = models.CharField(_("task"), max_length=200)
    text = models.TextField(_("explanation"), blank=True, max_length=5000)
    assignee = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("who does it"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"))
    created_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    # New for the assignee since this moment; it is later than the task when it was handed on.
    assigned_at = models.DateTimeField(_("handed over"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    history = HistoricalRecords()

    objects = TaskManager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(name="task_of_record", fields=["content_type", "object_id"]),
            models.Index(name="task_of_assignee", fields=["assignee", "done_at", "due_on"]),
        ]

    def __str__(self) -> str:
        return self.title


class Digest(models.Model):
    """A day's mail with tasks to one person (Aufgabenmail); one a day, however often it is run."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="digests", verbose_name=_("user")
    )
    on = models.DateField(_("day"))
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("mail with tasks")
        verbose_name_plural = _("mails with tasks")
        constraints = [models.UniqueConstraint(name="digest_once_a_day", fields=["user", "on"])]

    def __str__(self) -> str:
        return f"{self.user}, {self.on}"


class Draft(models.Model):
    """What somebody typed into a form and has not saved yet (Entwurf); only for themselves."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="drafts", verbose_name=_("user")
    )
    # The form's address, in whichever language it was opened.
    key = models.CharField(_("form"), max_length=300)
    # A list of values for each name, as the browser would send them.
    data: "models.JSONField[Mapping[str, list[str]], Mapping[str, list[str]]]" = models.JSONField(
        _("entries")
    )
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(name="draft_once_per_form", fields=["user", "key"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.key}"
