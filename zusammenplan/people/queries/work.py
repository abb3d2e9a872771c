"""Reads for comments, tasks and drafts: threads of a record, lists of tasks, the day's mail."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Model, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from zusammenplan.core.history import entry_time
from zusammenplan.people.models import Comment, Digest, Draft, Task, User

SOON_DAYS = 3


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment in words."""

    pk: int
    text: str
    who: str
    when: str
    is_changed: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in words. ``state`` is open, soon, overdue or done."""

    pk: int
    title: str
    text: str
    who: str
    due: str
    state: str
    done: str
    record: str
    kind: str
    url: str
    may_change: bool = False


def takes_notes(model: type[Model] | None) -> bool:
    """Tell whether records of the model can have comments and tasks; they need a page then."""
    return bool(getattr(model, "takes_notes", False))


def noted_record(user: User, kind: str, pk: int) -> Model | None:
    """Find the record ("plans.measure", 7) if there is one and the user may see it."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    if not takes_notes(model):
        return None
    return _records(model, user).filter(pk=pk).first()


def _records(model: type[Model], user: User | None = None) -> QuerySet[Any]:
    # With the plan and whatever else the address of the record is made from, without what is long.
    records: Any = model._default_manager.select_related()
    records = records.defer(*getattr(model, "left_in_lists", ()))
    if user is not None and hasattr(records, "visible_to"):
        records = records.visible_to(user)
    return records  # type: ignore[no-any-return] # a queryset of the model


def comment_lines(record: Model, user: User) -> list[CommentLine]:
    """Give the comments on the record, oldest first, as a talk is read."""
    comments = Comment.objects.of(record).select_related("author").order_by("written_at", "pk")
    return [
        CommentLine(
            pk=comment.pk,
            text=comment.text,
            who=str(comment.author) if comment.author else _("somebody who has left"),
            when=entry_time(comment.written_at),
            is_changed=comment.changed_at is not None,
            is_own=comment.author_id == user.pk,
        )
        for comment in comments
    ]


def note_counts(*records: QuerySet[Any]) -> Counter[tuple[int, int]]:
    """Count comments and open tasks by kind and key, for records of several tables at once."""
    of = Q()
    for some in records:
        kind = ContentType.objects.get_for_model(some.model)
        of |= Q(content_type=kind, object_id__in=some.order_by().values("pk"))
    keys = ("content_type_id", "object_id")
    tasks = Task.objects.open().filter(of).values_list(*keys)
    return Counter(Comment.objects.filter(of).values_list(*keys).union(tasks, all=True))


def tasks_of(record: Model) -> list[Task]:
    """Give the tasks of the record: open ones by day, then those that are done, latest first."""
    tasks = Task.objects.of(record).select_related("assignee")
    return list(
        tasks.order_by(F("done_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")
    )


def listed_tasks(user: User, *, whose: str, state: str, day: date) -> QuerySet[Task]:
    """Give the tasks that the list shows: one's own, those one set, or all; by state."""
    tasks = Task.objects.select_related("assignee", "content_type")
    tasks = {
        "mine": tasks.filter(assignee=user),
        "given": tasks.filter(created_by=user).exclude(assignee=user),
        "nobody": tasks.filter(assignee__isnull=True),
    }.get(whose, tasks)
    if state == "done":
        return tasks.filter(done_at__isnull=False).order_by("-done_at", "pk")
    tasks = tasks.overdue(day) if state == "overdue" else tasks.open()
    return tasks.order_by(F("due_on").asc(nulls_last=True), "pk")


def task_lines(
    tasks: Sequence[Task],
    day: date,
    user: User | None = None,
    may_change: Callable[[Task], bool] = lambda _task: False,
) -> list[TaskLine]:
    """Put the tasks into words, with their records; one query for each kind of record."""
    records = _records_of(tasks, user)
    return [
        _task_line(
            task,
            records.get((task.content_type_id, task.object_id)),
            day,
            may_change=may_change(task),
        )
        for task in tasks
    ]


def _records_of(tasks: Sequence[Task], user: User | None) -> dict[tuple[int, int], Model]:
    wanted: dict[int, set[int]] = {}
    for task in tasks:
        wanted.setdefault(task.content_type_id, set()).add(task.object_id)
    found = {}
    for kind, keys in wanted.items():
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is not None:
            for record in _records(model, user).filter(pk__in=keys):
                found[kind, record.pk] = record
    return found


def _task_line(
    task: Task,
    record: Any,
    day: date,
    *,
    may_change: bool,
) -> TaskLine:
    return TaskLine(
        pk=task.pk,
        title=task.title,
        text=task.text,
        who=str(task.assignee) if task.assignee else "",
        due=date_format(task.due_on, "DATE_FORMAT") if task.due_on else "",
        state=_state(task, day),
        done=entry_time(task.done_at) if task.done_at else "",
        record=str(record) if record else "",
        kind=capfirst(record._meta.verbose_name) if record else "",
        url=f"{record.get_absolute_url()}#task-{task.pk}" if record else "",
        may_change=may_change,
    )


def _state(task: Task, day: date) -> str:
    if task.done_at is not None:
        return "done"
    if task.due_on is None:
        return "open"
    left = (task.due_on - day).days
    return "overdue" if left < 0 else "soon" if left <= SOON_DAYS else "open"


def staff() -> QuerySet[User]:
    """Give everybody who holds a role of the municipality and may sign in."""
    return (
        User.objects.filter(is_active=True, roles__isnull=False).distinct().order_by("name", "pk")
    )


def draft_key(path: str) -> str:
    """Give the key of the form at this address, the same in both languages of the site."""
    return (path[3:] if path.startswith("/en/") else path).replace("\0", "")[:300]


def draft_of(user: User, key: str) -> Draft | None:
    return Draft.objects.filter(user=user, key=key).first()


def tasks_to_mail(day: date) -> Iterator[tuple[User, list[Task], datetime | None]]:
    """Give everybody on the staff with open tasks and no mail yet today; when the last one went."""
    open_tasks = Task.objects.open().order_by(F("due_on").asc(nulls_last=True), "pk")
    posted = Digest.objects.filter(user=OuterRef("pk")).order_by("-on")
    people = (
        staff()
        .filter(pk__in=Task.objects.open().values("assignee"))
        .exclude(pk__in=Digest.objects.filter(on=day).values("user"))
        .annotate(posted_at=Subquery(posted.values("sent_at")[:1]))
        .prefetch_related(Prefetch("tasks", queryset=open_tasks, to_attr="open_tasks"))
    )
    for user in people:
        yield user, user.open_tasks, user.posted_at


def sorted_for_mail(
    lines: Sequence[TaskLine],
    tasks: Sequence[Task],
    *,
    since: datetime | None,
    due_until: date,
    day: date,
) -> dict[str, list[TaskLine]]:
    """Sort the tasks of a mail: overdue, due within days, and new ones; each stands once."""
    found: dict[str, list[TaskLine]] = {"overdue": [], "due": [], "new": []}
    for line, task in zip(lines, tasks, strict=True):
        if task.due_on is not None and task.due_on < day:
            found["overdue"].append(line)
        elif task.due_on is not None and task.due_on <= due_until:
            found["due"].append(line)
        elif since is None or task.assigned_at > since:
            found["new"].append(line)
    return found


def has_open_task(model: type[Model]) -> Q:
    """Narrow records of this table to those with an open task."""
    kind = ContentType.objects.get_for_model(model)
    return Q(pk__in=Task.objects.open().filter(content_type=kind).values("object_id"))
