"""Set, hand over, tick off and delete tasks, and mail them to who does them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, override

from zusammenplan.core.history import keep, keep_unless_changed, remove
from zusammenplan.core.mail import MailNotSentError, send_mail_in
from zusammenplan.people.models import Digest, Task, User
from zusammenplan.people.queries.work import (
    SOON_DAYS,
    TaskLine,
    sorted_for_mail,
    task_lines,
    tasks_to_mail,
)

Values = Mapping[str, Any]


class NotOnStaffError(Exception):
    """Somebody without a role of the municipality shall get a task."""

    def __init__(self, user: User) -> None:
        super().__init__(
            _(
                "%(name)s holds no role of the municipality and would not see the task. "
                "Choose somebody else."
            )
            % {"name": user}
        )


@transaction.atomic
def add_task(record: Model, values: Values, *, by: User | None, now: datetime) -> Task:
    """
    Set a task on the record.

    :raises NotOnStaffError: if the assignee holds no role
    """
    task = Task(record=record, created_by=by, created_at=now, assigned_at=now, **values)
    _demand_staff(task.assignee)
    return keep(task, by=by, deed=_("Task added"))


@transaction.atomic
def change_task(
    task: Task, values: Values, *, seen_version: int, by: User | None, now: datetime
) -> Task:
    """
    Change a task; for a new assignee it is new.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises NotOnStaffError: if the assignee holds no role
    """
    values = dict(values)
    if "assignee" in values and values["assignee"] != task.assignee:
        _demand_staff(values["assignee"])
        values["assigned_at"] = now
    for name, value in values.items():
        setattr(task, name, value)
    return keep_unless_changed(
        task, seen_version=seen_version, by=by, deed=_("Task changed"), fields=list(values)
    )


@transaction.atomic
def tick_task(task: Task, *, is_done: bool, by: User, now: datetime) -> Task:
    """Note that the task is done, or open again; what stands already stays as it is."""
    task = Task.objects.select_for_update().get(pk=task.pk)
    if (task.done_at is not None) == is_done:
        return task
    task.done_at, task.done_by = (now, by) if is_done else (None, None)
    task.version += 1
    deed = _("Task done") if is_done else _("Task open again")
    return keep(task, by=by, deed=deed, fields=["done_at", "done_by", "version"])


@transaction.atomic
def delete_task(task: Task, *, by: User) -> None:
    """Delete the task; its history keeps it."""
    remove(task, by=by, reason=_("Task deleted"))


def _demand_staff(assignee: User | None) -> None:
    if assignee is not None and not (assignee.is_active and assignee.is_staff_member):
        raise NotOnStaffError(assignee)


# --- the daily mail ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Posted:
    """One mail of the day: to whom, with how many tasks of which sort, and how it went."""

    email: str
    new: int
    due: int
    overdue: int
    refusal: str = ""


DUE_WITHIN = timedelta(days=SOON_DAYS)


def post_digests(*, now: datetime, dry_run: bool = False) -> list[Posted]:
    """
    Mail everybody the own tasks that are new, due or overdue; nobody gets two mails a day.

    Whoever has no such task gets no mail. A mail that the server refuses can go out with the next
    run of the same day, and does not keep the others from theirs.
    """
    day = localdate(now)
    posted = []
    for user, tasks, before in tasks_to_mail(day):
        with override(user.language):
            sorted_tasks = sorted_for_mail(
                task_lines(tasks, day), tasks, since=before, due_until=day + DUE_WITHIN, day=day
            )
        if not any(sorted_tasks.values()):
            continue
        refusal = "" if dry_run else _post_once(user, sorted_tasks, day=day, now=now)
        if refusal is not None:
            counts = {sort: len(lines) for sort, lines in sorted_tasks.items()}
            posted.append(Posted(user.email, refusal=refusal, **counts))
    return posted


def _post_once(
    user: User, lines: Mapping[str, Sequence[TaskLine]], *, day: date, now: datetime
) -> str | None:
    """Send the mail; give the reason if it was refused, or None if it went out already."""
    try:
        with transaction.atomic():
            # Noted first: of two that run at once one fails here, before it has sent anything.
            Digest.objects.create(user=user, on=day, sent_at=now)
            context = {"user": user, **lines}
            send_mail_in(user.language, user.email, "people/mail/tasks.txt", context)
    except IntegrityError:
        return None
    except MailNotSentError as refusal:
        return str(refusal)
    return ""
