"""The pages of the levels of a plan's goals."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.levels import (
    LevelInUseError,
    LevelsExistError,
    TooManyLevelsError,
    add_level,
    change_level,
    delete_level,
    take_default_levels,
)
from zusammenplan.plans.domain.goal_tree import MOST_LEVELS
from zusammenplan.plans.forms.goals import LevelForm, NewLevelForm
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.goals import DEFAULT_LEVELS, levels_with_counts
from zusammenplan.plans.views.workspace import deletion_page, plan_to_edit, readable_plan


@require_safe
def level_list(request: UserRequest, slug: str) -> HttpResponse:
    """Show the plan's levels from the top, or propose the usual ones."""
    plan = readable_plan(request, slug)
    lines = levels_with_counts(plan)
    is_english = (get_language() or "de").startswith("en")
    context = {
        "plan": plan,
        "lines": lines,
        "proposed": [english if is_english else german for german, english, _a in DEFAULT_LEVELS],
        "may_edit": may_edit_plan(request.user),
        "may_add": may_edit_plan(request.user) and len(lines) < MOST_LEVELS,
    }
    return render(request, "plans/level_list.html", context)


@require_POST
def level_defaults(request: UserRequest, slug: str) -> HttpResponse:
    """Take over the four usual levels."""
    plan = plan_to_edit(request, slug)
    try:
        take_default_levels(plan, by=request.user)
    except LevelsExistError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The levels are set. Rename them as you like."))
    return redirect("plans:level-list", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def level_add(request: UserRequest, slug: str) -> HttpResponse:
    """Add a level below another one."""
    plan = plan_to_edit(request, slug)
    form = NewLevelForm(request.POST if request.method == "POST" else None, plan=plan)
    if form.is_valid():
        try:
            level = add_level(
                plan, form.values(), below=form.cleaned_data["below"], by=request.user
            )
        except TooManyLevelsError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, within(_("“%(level)s” is added."), level=level))
            return redirect("plans:level-list", slug)
    return render(request, "plans/level_form.html", {"plan": plan, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def level_change(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Rename a level, or say whether its goals are action goals."""
    plan = plan_to_edit(request, slug)
    level = get_object_or_404(plan.levels.select_related("plan"), pk=pk)
    title = level.name
    form = LevelForm(
        request.POST if request.method == "POST" else None, initial=LevelForm.initial_of(level)
    )
    if form.is_valid():
        try:
            change_level(level, form.values(), seen_version=form.seen_version, by=request.user)
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, within(_("“%(level)s” is saved."), level=level))
            return redirect("plans:level-list", slug)
    context = {
        "plan": plan,
        "level": level,
        "title": title,
        "form": form,
        "log": changes(level, 5),
    }
    return render(request, "plans/level_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def level_delete(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for the reason and take a level away on which no goal stands."""
    plan = plan_to_edit(request, slug)
    level = get_object_or_404(plan.levels.select_related("plan"), pk=pk)
    title = level.name
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            delete_level(level, reason=form.cleaned_data["reason"], by=request.user)
        except LevelInUseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, within(_("“%(level)s” is deleted."), level=title))
            return redirect("plans:level-list", slug)
    return deletion_page(
        request,
        form,
        plan=plan,
        tab="goals",
        what=title,
        deed=_("Delete the level of goals"),
        text=_("Only a level on which no goal stands can be deleted."),
        back_url=reverse("plans:level-list", args=[slug]),
    )
