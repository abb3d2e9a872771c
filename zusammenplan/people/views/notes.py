"""Comments and tasks on any record, and the drafts of forms."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import demand
from zusammenplan.people.actions import comments, drafts, tasks
from zusammenplan.people.forms.work import CommentForm, TaskForm
from zusammenplan.people.models import Comment, Task
from zusammenplan.people.permissions import (
    UserRequest,
    may_change_comment,
    may_change_task,
    may_take_notes,
)
from zusammenplan.people.queries.work import draft_key, noted_record, takes_notes

# --- comments ------------------------------------------------------------------------------


@require_POST
def comment_add(request: UserRequest, table: str, pk: int) -> HttpResponse:
    """Add a comment to the record and lead back to its page."""
    record = _record(request, table, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please write something first."))
        return redirect(_back(request, record, "kommentare"))
    text = form.cleaned_data["text"]
    comment = comments.add_comment(record, text, by=request.user, now=timezone.now())
    messages.success(request, _("Your comment is added."))
    return redirect(_back(request, record, f"kommentar-{comment.pk}"))


@require_http_methods(["GET", "POST"])
def comment_change(request: UserRequest, pk: int) -> HttpResponse:
    """Change one's own comment."""
    comment, record = _comment(request, pk)
    typed = request.POST if request.method == "POST" else None
    form = CommentForm(typed, initial={"text": comment.text})
    if form.is_valid():
        comments.change_comment(comment, form.cleaned_data["text"], now=timezone.now())
        messages.success(request, _("Your comment is saved."))
        return redirect(_back(request, record, f"kommentar-{pk}"))
    return render(request, "people/comment_form.html", {"form": form, **_shown(record, comment)})


@require_POST
def comment_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Delete one's own comment."""
    comment, record = _comment(request, pk)
    comments.delete_comment(comment)
    messages.success(request, _("Your comment is deleted."))
    return redirect(_back(request, record, "kommentare"))


# --- tasks ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def task_add(request: UserRequest, table: str, pk: int) -> HttpResponse:
    """Set a task on the record."""
    record = _record(request, table, pk)
    form = TaskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            task = tasks.add_task(record, form.values(), by=request.user, now=timezone.now())
        except tasks.NotOnStaffError as refusal:
            form.add_error("assignee", str(refusal))
        else:
            messages.success(request, _("The task is added."))
            return redirect(_back(request, record, f"task-{task.pk}"))
    return render(request, "people/task_form.html", {"form": form, **_shown(record)})


@require_http_methods(["GET", "POST"])
def task_change(request: UserRequest, pk: int) -> HttpResponse:
    """Change a task, or hand it to somebody else."""
    task, record = _task(request, pk)
    demand(may_change_task(request.user, task))
    title = task.title
    form = TaskForm(
        request.POST if request.method == "POST" else None, initial=TaskForm.initial_of(task)
    )
    if form.is_valid():
        seen, now = form.seen_version, timezone.now()
        try:
            tasks.change_task(task, form.values(), seen_version=seen, by=request.user, now=now)
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except tasks.NotOnStaffError as refusal:
            form.add_error("assignee", str(refusal))
        else:
            messages.success(request, _("The task is saved."))
            return redirect(_back(request, record, f"task-{pk}"))
    context = {"form": form, "task": task, "title": title, "log": changes(task, 5)}
    return render(request, "people/task_form.html", {**context, **_shown(record, task)})


@require_POST
def task_tick(request: UserRequest, pk: int) -> HttpResponse:
    """Tick a task off, or open it again."""
    task, record = _task(request, pk)
    demand(may_change_task(request.user, task))
    is_done = request.POST.get("done") == "1"
    tasks.tick_task(task, is_done=is_done, by=request.user, now=timezone.now())
    messages.success(
        request,
        (_("“%(task)s” is done.") if is_done else _("“%(task)s” is open again.")) % {"task": task},
    )
    return redirect(_back(request, record, f"task-{pk}"))


@require_POST
def task_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Delete a task."""
    task, record = _task(request, pk)
    demand(may_change_task(request.user, task))
    title = task.title
    tasks.delete_task(task, by=request.user)
    messages.success(request, _("“%(task)s” is deleted.") % {"task": title})
    return redirect(_back(request, record, "aufgaben"))


# --- drafts --------------------------------------------------------------------------------


@require_POST
def draft_keep(request: UserRequest) -> HttpResponse:
    """Keep what stands in a form; its own script asks for it while somebody types."""
    key = draft_key(request.POST.get("entwurf", ""))
    if not key.startswith("/"):
        return JsonResponse({"refused": _("This is no form.")}, status=400)
    data = {name: request.POST.getlist(name) for name in request.POST}
    now = timezone.now()
    try:
        drafts.keep_draft(request.user, key, data, now=now)
    except drafts.DraftTooLargeError as refusal:
        return JsonResponse({"refused": str(refusal)}, status=422)
    told = _("Draft kept at %(time)s") % {"time": f"{localtime(now):%H:%M}"}
    return JsonResponse({"kept": told})


@require_POST
def draft_forget(request: UserRequest) -> HttpResponse:
    """Give up the draft of a form and show the form as it is stored."""
    path = request.POST.get("entwurf", "")
    drafts.forget_draft(request.user, draft_key(path))
    messages.success(request, _("Your draft is discarded."))
    return redirect(path if _is_ours(request, path) else "/")


# --- what the pages share --------------------------------------------------------------------


def _record(request: UserRequest, table: str, pk: int) -> Model:
    demand(may_take_notes(request.user))
    record = noted_record(request.user, table, pk)
    if record is None:
        raise Http404
    return record


def _comment(request: UserRequest, pk: int) -> tuple[Comment, Model | None]:
    demand(may_take_notes(request.user))
    comment = get_object_or_404(Comment.objects.select_related("content_type"), pk=pk)
    record = _record_of(request, comment)
    demand(may_change_comment(request.user, comment))
    return comment, record


def _task(request: UserRequest, pk: int) -> tuple[Task, Model | None]:
    demand(may_take_notes(request.user))
    task = get_object_or_404(Task.objects.select_related("content_type", "assignee"), pk=pk)
    return task, _record_of(request, task)


def _record_of(request: UserRequest, of: Comment | Task) -> Model | None:
    """Give the record, None if it is deleted; one not to be seen hides what belongs to it."""
    model = of.content_type.model_class()
    if model is None or not takes_notes(model):
        return None
    record = noted_record(request.user, model._meta.label_lower, of.object_id)
    if record is None and model._default_manager.filter(pk=of.object_id).exists():
        raise Http404
    return record


def _shown(record: Model | None, anchored: Comment | Task | None = None) -> dict[str, Any]:
    anchor = f"task-{anchored.pk}" if isinstance(anchored, Task) else "aufgaben"
    if isinstance(anchored, Comment):
        anchor = f"kommentar-{anchored.pk}"
    return {
        "record": record,
        "comment": anchored if isinstance(anchored, Comment) else None,
        "back_url": f"{_page_of(record)}#{anchor}",
    }


def _page_of(record: Any) -> str:
    return str(record.get_absolute_url()) if record is not None else reverse("desk:task-list")


def _back(request: UserRequest, record: Model | None, anchor: str) -> str:
    """Lead back to where the form stood, else to the record's page."""
    back = request.POST.get("back", "")
    page = back if _is_ours(request, back) else _page_of(record)
    return f"{page}#{anchor}"


def _is_ours(request: UserRequest, url: str) -> bool:
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, {request.get_host()})
