"""The pages of goals: tree, goal, form, moving, deleting."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import render_page
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.goals import (
    GoalInUseError,
    GoalMisfitError,
    GoalRatedError,
    Way,
    add_goal,
    change_goal,
    delete_goal,
    move_goal,
)
from zusammenplan.plans.choices import GoalState
from zusammenplan.plans.domain.goal_tree import MOST_LEVELS, Misfit
from zusammenplan.plans.forms.goals import GoalFilter, GoalForm
from zusammenplan.plans.models import Goal, Measure, Plan
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.goals import (
    GoalLine,
    depths_to_stand_under,
    goal_lines,
    goals_in_tree_order,
    next_goal_number,
    placed_goals,
    way_up,
)
from zusammenplan.plans.queries.needs import need_lines
from zusammenplan.plans.queries.plans import measure_line, period_label
from zusammenplan.plans.queries.thread import goal_thread
from zusammenplan.plans.views.workspace import (
    PAGE_SIZE,
    deletion_page,
    plan_to_edit,
    readable_plan,
    wanted_field,
    wanted_record,
    warn_of_period,
)

SIGNS = {
    GoalState.PURSUED: "running",
    GoalState.REACHED: "done",
    GoalState.POSTPONED: "deferred",
    GoalState.DROPPED: "dropped",
}
WAYS: tuple[Way, ...] = ("up", "down", "in", "out")


@require_safe
def goal_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the plan's goals as their tree; HTMX swaps only the table."""
    plan = readable_plan(request, slug)
    filter_form = GoalFilter(request.GET, plan=plan)
    order = goals_in_tree_order(placed_goals(plan))
    if filter_form.wanted:
        found = set(filter_form.apply(plan.goals.all()).values_list("pk", flat=True))
        order = [(pk, depth) for pk, depth in order if pk in found]
    page = Paginator(order, PAGE_SIZE).get_page(request.GET.get("page"))
    list_url = reverse("plans:goal-list", args=[slug])
    context = {
        "plan": plan,
        "filter": filter_form,
        "wanted": filter_form.wanted,
        "page": page,
        "lines": _rows(goal_lines(plan, list(page)), list_url),
        "filter_tags": _filter_tags(request, filter_form),
        "has_levels": plan.levels.exists(),
        "may_edit": may_edit_plan(request.user),
    }
    return render_page(request, "plans/goal_list.html", context, part="table")


@require_safe
def goal_detail(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show a goal: needs, goals above and below, measures, what happened."""
    plan = readable_plan(request, slug)
    goal = _goal_of(plan, pk)
    places = placed_goals(plan)
    above = way_up(goal, places)
    below = [(place.pk, 0) for place in places if place.parent_id == pk]
    below_page = Paginator(below, PAGE_SIZE).get_page(request.GET.get("teilziele"))
    known = goal_lines(plan, [*((key, 0) for key in above), *below_page])
    needs = goal.needs.select_related("field").in_order()
    needs_page = Paginator(needs, PAGE_SIZE).get_page(request.GET.get("bedarfe"))
    measures = Measure.objects.filter(goals=goal).select_related("field", "responsible").in_order()
    page = Paginator(measures, PAGE_SIZE).get_page(request.GET.get("page"))
    list_url = reverse("plans:goal-list", args=[slug])
    context = {
        "plan": plan,
        "kind": "goal",
        "record": goal,
        "sign": SIGNS[GoalState(goal.state)],
        "steps": goal_thread(goal),
        "facts": _facts(goal),
        "above": [_row(line, list_url) for line in known[: len(above)]],
        "below": [_row(line, list_url) for line in known[len(above) :]],
        "below_page": below_page,
        "needs": need_lines(list(needs_page)),
        "needs_page": needs_page,
        "measures": [measure_line(measure) for measure in page],
        "page": page,
        "log": changes(goal, 10),
        "may_edit": may_edit_plan(request.user),
        "is_deepest": len(above) + 1 >= MOST_LEVELS,
    }
    return render(request, "plans/goal_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def goal_add(request: UserRequest, slug: str) -> HttpResponse:
    """Add a goal, perhaps under another one."""
    plan = plan_to_edit(request, slug)
    form = GoalForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        initial=_initial(plan, request),
    )
    if form.is_valid():
        try:
            goal = add_goal(plan, form.values(), links=form.linked(), by=request.user)
        except GoalMisfitError as refusal:
            form.add_error(_where(refusal), str(refusal))
        else:
            messages.success(request, _("The goal is added."))
            warn_of_period(request, form.values())
            return redirect("plans:goal-detail", slug, goal.pk)
    context = {
        "plan": plan,
        "form": form,
        "heading": _("Add a goal"),
        "deed": _("Add the goal"),
        "back_url": reverse("plans:goal-list", args=[slug]),
    }
    return render(request, "plans/goal_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def goal_change(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Change a goal; a second editor sees the other's values next to the own ones."""
    plan = plan_to_edit(request, slug)
    goal = _goal_of(plan, pk)
    title = str(goal)
    form = GoalForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        goal=goal,
        initial=GoalForm.initial_of(goal),
    )
    if form.is_valid():
        try:
            change_goal(
                goal,
                form.values(),
                links=form.linked(),
                seen_version=form.seen_version,
                by=request.user,
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except GoalMisfitError as refusal:
            form.add_error(_where(refusal), str(refusal))
        else:
            messages.success(request, _("The goal is saved."))
            warn_of_period(request, form.values())
            return redirect("plans:goal-detail", slug, pk)
        goal = _goal_of(plan, pk)
    context = {
        "plan": plan,
        "record": goal,
        "heading": title,
        "deed": _("Save the goal"),
        "back_url": reverse("plans:goal-detail", args=[slug, pk]),
        "form": form,
        "steps": goal_thread(goal),
        "log": changes(goal, 5),
    }
    return render(request, "plans/goal_form.html", context)


@require_POST
def goal_move(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Move a goal up or down, under the one before it, or out beside the one above."""
    plan = plan_to_edit(request, slug)
    goal = _goal_of(plan, pk)
    try:
        if move_goal(goal, way_of(request), by=request.user):
            messages.success(request, _("The goal is moved."))
    except GoalMisfitError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('plans:goal-list', args=[slug])}#goal-{pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def goal_delete(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for the reason and delete a goal without sub-goals and measures."""
    plan = plan_to_edit(request, slug)
    goal = _goal_of(plan, pk)
    title = str(goal)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            delete_goal(goal, reason=form.cleaned_data["reason"], by=request.user)
        except (GoalInUseError, GoalRatedError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, within(_("“%(goal)s” is deleted."), goal=title))
            return redirect("plans:goal-list", slug)
    return deletion_page(
        request,
        form,
        plan=plan,
        tab="goals",
        what=title,
        deed=_("Delete the goal"),
        text=_("Only a goal without sub-goals and measures can be deleted."),
        back_url=reverse("plans:goal-detail", args=[slug, pk]),
    )


def way_of(request: UserRequest) -> Way:
    wanted = request.POST.get("direction", "")
    return next((way for way in WAYS if way == wanted), "down")


def _goal_of(plan: Plan, pk: int) -> Goal:
    return get_object_or_404(
        plan.goals.select_related("plan", "field", "level", "parent__level"), pk=pk
    )


def _initial(plan: Plan, request: UserRequest) -> dict[str, Any]:
    """Suggest what follows from the goal, need or field under which somebody adds one."""
    goals = plan.goals.select_related("level", "field")
    above = wanted_record(goals, request.GET.get("goal", ""))
    if above and above.pk not in depths_to_stand_under(plan):
        # The form offers it as little; a goal at the top is not what was meant.
        if request.method == "GET":
            messages.warning(request, str(GoalMisfitError(Misfit.TOO_DEEP)))
        above = None
    need = wanted_record(plan.needs.select_related("field"), request.GET.get("need", ""))
    field = need.field if need else wanted_field(plan, request.GET.get("field", ""))
    lowest = above.level.depth if above and above.level else 0
    return {
        "parent": above,
        "level": plan.levels.filter(depth__gt=lowest).order_by("depth").first(),
        "field": above.field if above else field,
        "number": next_goal_number(plan, above),
        "needs": [need.pk] if need else [],
    }


def _where(refusal: GoalMisfitError) -> str:
    """Give the field of the form to which the refusal belongs."""
    is_of_level = refusal.reason in {Misfit.LEVEL_NOT_BELOW, Misfit.LEVEL_NOT_ABOVE}
    return "level" if is_of_level else "parent"


def _row(line: GoalLine, list_url: str) -> dict[str, Any]:
    return {
        "line": line,
        "url": f"{list_url}{line.pk}/",
        "sign": SIGNS[GoalState(line.state)],
        "depth": min(line.depth, 7),
    }


def _rows(lines: list[GoalLine], list_url: str) -> list[dict[str, Any]]:
    """Give the rows of the tree; a field is written where it begins, as in a table of the plan."""
    fields = ["", *(line.field for line in lines)]
    return [
        {**_row(line, list_url), "is_same_field": line.field == before}
        for line, before in zip(lines, fields, strict=False)
    ]


def _facts(goal: Goal) -> list[Mapping[str, Any]]:
    facts: list[Mapping[str, Any]] = [
        {"label": _("Level"), "value": goal.level.name if goal.level else _("without a level")},
        {"label": _("Field of action"), "value": str(goal.field or _("without a field"))},
        {
            "label": _("Period"),
            "value": period_label(goal.period_text, goal.starts_on, goal.ends_on) or _("open"),
        },
    ]
    if goal.state_reason:
        facts.append({"label": _("Reason of the state"), "value": goal.state_reason})
    return facts


def _filter_tags(request: UserRequest, filter_form: GoalFilter) -> list[Mapping[str, str]]:
    """Give each narrowing as a tag that takes it away."""
    wanted = filter_form.wanted
    lacking = {"need": _("without need"), "measure": _("without measure")}
    values = {
        "q": wanted.get("q", ""),
        "field": str(wanted.get("field", "")),
        "level": str(wanted.get("level", "")),
        "state": str(dict(GoalState.choices).get(wanted.get("state", ""), "")),
        "lacks": lacking.get(wanted.get("lacks", ""), ""),
    }
    tags: list[Mapping[str, str]] = []
    for name, value in values.items():
        if value:
            query = request.GET.copy()
            query.pop(name, None)
            query.pop("page", None)
            label = value if name == "lacks" else f"{filter_form.fields[name].label}: {value}"
            tags.append({"label": label, "url": f"?{query.urlencode()}"})
    return tags
