"""What a page of any record or any form shows with one line: the panel of notes, and the draft."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from django import template
from django.db.models import Model
from django.forms import BaseForm
from django.utils.timezone import localdate, localtime

from zusammenplan.core.choosing import offer_besides
from zusammenplan.people.forms.work import CommentForm, TaskForm
from zusammenplan.people.permissions import UserRequest, may_change_task, may_take_notes
from zusammenplan.people.queries.work import (
    comment_lines,
    draft_key,
    draft_of,
    task_lines,
    tasks_of,
)

register = template.Library()


@register.inclusion_tag("people/notes_panel.html", takes_context=True)
def notes_panel(context: Mapping[str, Any], record: Model) -> dict[str, Any]:
    """Show the comments and tasks of the record to whoever holds a role, and to nobody else."""
    request: UserRequest = context["request"]
    if not may_take_notes(request.user):
        return {"may_take_notes": False}
    day = localdate()
    may_change = partial(may_change_task, request.user)
    lines = task_lines(tasks_of(record), day, request.user, may_change)
    open_lines = [line for line in lines if line.state != "done"]
    return {
        "may_take_notes": True,
        "table": record._meta.label_lower,
        "record": record,
        "open_tasks": open_lines,
        "done_tasks": [line for line in lines if line.state == "done"],
        "comments": comment_lines(record, request.user),
        "comment_form": CommentForm(auto_id="comment_%s"),
        "task_form": TaskForm(auto_id="task_%s", initial={"assignee": request.user.pk}),
        "back": request.path,
        "csrf_token": context.get("csrf_token"),
        "request": request,
    }


@register.inclusion_tag("people/draft.html", takes_context=True)
def draft(context: Mapping[str, Any]) -> dict[str, Any]:
    """
    Let the form that follows keep its entries while somebody types, and offer those kept before.

    The entries are filled in by static/js/draft.js when the page is asked for with ?entwurf=1. It
    ticks what it finds, so the form offers whatever the draft picked.
    """
    request: UserRequest = context["request"]
    key = draft_key(request.path)
    is_asked = request.method in {"GET", "HEAD"}
    kept = draft_of(request.user, key) if is_asked and request.user.is_authenticated else None
    is_taken = kept is not None and request.GET.get("entwurf") == "1"
    if kept and is_taken and isinstance(form := context.get("form"), BaseForm):
        offer_besides(form, kept.data)
    moment = localtime(kept.saved_at) if kept else None
    taken = request.GET.copy()
    taken["entwurf"] = "1"
    return {
        "key": key,
        "path": request.path,
        "kept": kept,
        "moment": moment,
        "is_today": kept is not None and localdate(kept.saved_at) == localdate(),
        "is_taken": is_taken,
        "values": json.dumps(kept.data, ensure_ascii=False) if kept and is_taken else "",
        "take_url": f"{request.path}?{taken.urlencode()}",
        "csrf_token": context.get("csrf_token"),
    }
