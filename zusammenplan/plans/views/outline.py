"""The outline of a plan: open, close, rename in place, move, add below."""

import re
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.people.models import User
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans import actions
from zusammenplan.plans.actions.goals import (
    GoalMisfitError,
    Way,
    add_goal,
    change_goal,
    move_goal,
)
from zusammenplan.plans.actions.ordering import move_measure_past
from zusammenplan.plans.domain.numbers import free_number
from zusammenplan.plans.forms.goals import NewGoalForm, NewMeasureForm, TitleForm
from zusammenplan.plans.models import FieldOfAction, Goal, Measure, Plan
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.outline import Row, outline_of
from zusammenplan.plans.views.goals import SIGNS as GOAL_SIGNS
from zusammenplan.plans.views.workspace import plan_to_edit, readable_plan

KEY = re.compile(r"([fgm])(\d{1,18})")
MOVE = re.compile(r"(up|down|in|out)\.([fgm]\d{1,18})\.(\d{1,18})")
# What somebody adds below a row: a goal (Ziel) or a measure (Maßnahme).
NEW = re.compile(r"([zm])\.([fg]\d{1,18})")
MOST_KEYS = 400


@require_safe
def outline(request: UserRequest, slug: str) -> HttpResponse:
    """Show the plan as an outline, with the rows open that the address names."""
    plan = readable_plan(request, slug)
    may_edit = may_edit_plan(request.user)
    edited = request.GET.get("bearbeiten", "") if may_edit else ""
    new = request.GET.get("neu", "") if may_edit else ""
    form: Any = None
    if found := KEY.fullmatch(edited):
        record = _record(plan, *found.groups())
        title = record.name_de if isinstance(record, FieldOfAction) else record.title_de
        form = TitleForm(initial={"title_de": title, "version": record.version})
    elif found := NEW.fullmatch(new):
        form = _new_form(plan, found[1], found[2], None)
    return _page(request, plan, request.GET.get("auf"), edited=edited, new=new, form=form)


@require_POST
def outline_move(request: UserRequest, slug: str) -> HttpResponse:
    """Move a field, goal or measure; the button says which one, which way, and past which."""
    plan = plan_to_edit(request, slug)
    found = MOVE.fullmatch(request.POST.get("tun", ""))
    if found is None:
        raise Http404
    way, key, neighbour = found.groups()
    record = _record_of(plan, key)
    try:
        moved = _move(plan, record, cast("Way", way), int(neighbour), by=request.user)
    except GoalMisfitError as refusal:
        messages.error(request, str(refusal))
    else:
        if moved:
            messages.success(request, within(_("“%(record)s” is moved."), record=record))
    return _back(request, slug, key)


@require_POST
def outline_rename(request: UserRequest, slug: str) -> HttpResponse:
    """Change a title in place."""
    plan = plan_to_edit(request, slug)
    key = request.POST.get("zeile", "")
    record = _record_of(plan, key)
    form = TitleForm(request.POST)
    if form.is_valid():
        try:
            _rename(
                record,
                form.cleaned_data["title_de"],
                seen_version=form.cleaned_data["version"] or 0,
                by=request.user,
            )
        except ChangedMeanwhileError as refusal:
            stored: Any = refusal.record
            typed = request.POST.copy()
            typed["version"] = str(stored.version)
            form = TitleForm(typed)
            form.add_error(
                "title_de",
                _("Somebody else changed it meanwhile. Now it says: “%(title)s”.")
                % {"title": _title_of(stored)},
            )
        else:
            messages.success(request, _("The title is saved."))
            return _back(request, slug, key)
    return _page(request, plan, request.POST.get("auf"), edited=key, form=form)


@require_POST
def outline_add(request: UserRequest, slug: str) -> HttpResponse:
    """Add a goal or a measure below a row."""
    plan = plan_to_edit(request, slug)
    found = NEW.fullmatch(request.POST.get("neu", ""))
    if found is None:
        raise Http404
    what, above = found.groups()
    form = _new_form(plan, what, above, request.POST)
    if form.is_valid():
        try:
            key = _add(request, plan, what, above, form.cleaned_data)
        except GoalMisfitError as refusal:
            form.add_error("level", str(refusal))
        except actions.NumberTakenError as refusal:
            form.add_error("number", str(refusal))
        else:
            messages.success(request, _("It is added."))
            return _back(request, slug, key, opened=above)
    return _page(request, plan, request.POST.get("auf"), new=found[0], form=form)


def _page(
    request: UserRequest,
    plan: Plan,
    opened: str | None,
    *,
    edited: str = "",
    new: str = "",
    form: Any = None,
) -> HttpResponse:
    shown = outline_of(plan, None if opened is None else _keys(opened))
    address = reverse("plans:outline", args=[plan.slug])
    here = ".".join(shown.open_keys)
    may_edit = may_edit_plan(request.user)
    context = {
        "plan": plan,
        "rows": [_shown(row, address, here) for row in shown.rows],
        "opened": here,
        "address": address,
        "is_cut": shown.is_cut,
        "edited": edited if form else "",
        "new": new[2:] if form else "",
        "new_kind": new[:1],
        "form": form,
        "may_edit": may_edit,
    }
    return render(request, "plans/outline.html", context)


def _shown(row: Row, address: str, here: str) -> dict[str, Any]:
    """Give the template a row with its addresses, so that it need not make them."""
    query = f"{address}?auf={here}"
    sign = GOAL_SIGNS.get(row.status, row.status) if row.kind == "goal" else row.status  # type: ignore[call-overload] # a word that may be no state
    return {
        "row": row,
        "sign": sign,
        # A goal that is pursued is the usual case and needs no sign.
        "has_sign": row.kind == "measure" or (row.kind == "goal" and row.status != "pursued"),
        "depth": min(row.depth, 8),
        "spoken_depth": row.depth + 1,
        "toggle_url": f"{address}?auf={row.toggled}",
        "rename_url": f"{query}&bearbeiten={row.key}",
        "goal_url": f"{query}&neu=z.{row.key}",
        "measure_url": f"{query}&neu=m.{row.key}",
    }


def _move(
    plan: Plan,
    record: FieldOfAction | Goal | Measure,
    way: Way,
    neighbour: int,
    *,
    by: User,
) -> bool:
    if isinstance(record, Goal):
        return move_goal(record, way, by=by)
    direction: actions.Direction = "up" if way == "up" else "down"
    if isinstance(record, FieldOfAction):
        return actions.move_field(record, direction, by=by)
    other = get_object_or_404(plan.measures, pk=neighbour)
    return move_measure_past(record, other, "before" if way == "up" else "after", by=by)


def _rename(
    record: FieldOfAction | Goal | Measure,
    title: str,
    *,
    seen_version: int,
    by: Any,
) -> None:
    if isinstance(record, FieldOfAction):
        actions.change_field(record, {"name_de": title}, seen_version=seen_version, by=by)
    elif isinstance(record, Goal):
        change_goal(record, {"title_de": title}, seen_version=seen_version, by=by)
    else:
        actions.change_measure(record, {"title_de": title}, seen_version=seen_version, by=by)


def _add(request: UserRequest, plan: Plan, what: str, above: str, values: dict[str, Any]) -> str:
    goal, field = _above(plan, above)
    if what == "z":
        added = add_goal(plan, {**values, "parent": goal, "field": field}, by=request.user)
        return f"g{added.pk}"
    links = {"field": field, "goals": [goal] if goal else []}
    measure = actions.add_measure(plan, {**values, **links}, by=request.user)
    return f"m{measure.pk}"


def _new_form(plan: Plan, what: str, above: str, typed: Any) -> Any:
    goal, field = _above(plan, above)
    if what == "z":
        return NewGoalForm(typed, plan=plan, above=goal)
    taken = plan.measures.values_list("number", flat=True)
    number = free_number(field.code if field else "", taken)
    return NewMeasureForm(typed, initial={"number": number})


def _above(plan: Plan, key: str) -> tuple[Goal | None, FieldOfAction | None]:
    """Give the goal below which something is added, and the field to which it then belongs."""
    if key == "f0":
        return None, None
    record = _record_of(plan, key)
    if isinstance(record, Goal):
        return record, record.field
    return None, record if isinstance(record, FieldOfAction) else None


def _record_of(plan: Plan, key: str) -> FieldOfAction | Goal | Measure:
    found = KEY.fullmatch(key)
    if found is None:
        raise Http404
    return _record(plan, found[1], found[2])


def _record(plan: Plan, kind: str, pk: str) -> FieldOfAction | Goal | Measure:
    if kind == "f":
        return get_object_or_404(plan.fields.select_related("plan"), pk=pk)
    if kind == "g":
        return get_object_or_404(plan.goals.select_related("plan", "field", "level"), pk=pk)
    return get_object_or_404(plan.measures.select_related("plan", "field"), pk=pk)


def _title_of(record: FieldOfAction | Goal | Measure) -> str:
    return record.name_de if isinstance(record, FieldOfAction) else record.title_de


def _keys(opened: str) -> set[str]:
    keys = opened.split(".")[:MOST_KEYS]
    return {key for key in keys if key == "alles" or KEY.fullmatch(key)}


def _back(request: UserRequest, slug: str, key: str, *, opened: str = "") -> HttpResponse:
    """Lead back to the row, with the same rows open."""
    keys = [one for one in request.POST.get("auf", "").split(".") if KEY.fullmatch(one)]
    if opened and opened not in keys:
        keys.append(opened)
    address = reverse("plans:outline", args=[slug])
    return redirect(f"{address}?auf={'.'.join(keys[:MOST_KEYS])}#{key}")
