"""The pages of plans: list, plan, form, new numbers."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import demand
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans import actions
from zusammenplan.plans.actions.citations import HiddenValueError
from zusammenplan.plans.actions.refusals import PlanContinuedError, PlanFrozenError
from zusammenplan.plans.choices import PlanStatus
from zusammenplan.plans.forms.plans import PlanForm
from zusammenplan.plans.models import Plan
from zusammenplan.plans.permissions import may_edit_plan, may_read_plans
from zusammenplan.plans.queries.notes import notes_of_plan
from zusammenplan.plans.queries.plans import (
    fields_with_counts,
    gaps,
    period_label,
    plans_with_counts,
    with_new_numbers,
)
from zusammenplan.plans.queries.thread import plan_thread
from zusammenplan.plans.queries.updates import open_update_of, to_adapt
from zusammenplan.plans.queries.versions import age_warnings
from zusammenplan.plans.views.workspace import (
    PAGE_SIZE,
    Step,
    deletion_page,
    import_url,
    plan_to_edit,
    readable_plan,
    upper_url,
)


@require_safe
def plan_list(request: UserRequest) -> HttpResponse:
    """List all plans with what is in them."""
    demand(may_read_plans(request.user))
    page = Paginator(plans_with_counts(), PAGE_SIZE).get_page(request.GET.get("page"))
    lines = [
        {
            "slug": plan.slug,
            "title": plan.title,
            "period": period_label("", plan.starts_on, plan.ends_on),
            "status": plan.get_status_display(),
            "is_public": plan.is_public,
            "fields": plan.field_count,  # type: ignore[attr-defined] # counted by the query
            "measures": plan.measure_count,  # type: ignore[attr-defined] # counted by the query
        }
        for plan in page
    ]
    context = {"page": page, "lines": lines, "may_edit": may_edit_plan(request.user)}
    return render(request, "plans/plan_list.html", {**context, "import_url": import_url()})


@require_http_methods(["GET", "POST"])
def plan_add(request: UserRequest) -> HttpResponse:
    """Add a plan."""
    demand(may_edit_plan(request.user))
    form = PlanForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            plan = actions.create_plan(form.values(), by=request.user)
        except actions.SlugTakenError as refusal:
            form.add_error("slug", str(refusal))
        else:
            messages.success(request, _("The plan is added. Now add its fields of action."))
            return redirect("plans:plan-detail", plan.slug)
    return render(request, "plans/plan_form.html", {"form": form})


@require_safe
def plan_detail(request: UserRequest, slug: str) -> HttpResponse:
    """Show the plan: where it stands, its thread, its fields, what happened."""
    plan = readable_plan(request, slug)
    context = {
        "plan": plan,
        "lines": fields_with_counts(plan),
        "facts": _plan_facts(plan),
        "steps": plan_steps(plan),
        "life": _life(plan),
        "thread": plan_thread(plan),
        "log": changes(plan, 5),
        "notes": notes_of_plan(plan, "handlungsfeld"),
        "may_edit": may_edit_plan(request.user),
        "import_url": import_url(plan),
    }
    return render(request, "plans/plan_detail.html", context)


@require_http_methods(["GET", "POST"])
def plan_change(request: UserRequest, slug: str) -> HttpResponse:
    """Change the plan's facts and publication."""
    plan = plan_to_edit(request, slug)
    form = PlanForm(
        request.POST if request.method == "POST" else None, initial=PlanForm.initial_of(plan)
    )
    title = plan.title
    if form.is_valid():
        try:
            plan = actions.change_plan(
                plan, form.values(), seen_version=form.seen_version, by=request.user
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except actions.SlugTakenError as refusal:
            form.add_error("slug", str(refusal))
        except HiddenValueError as refusal:
            form.add_error("is_public", str(refusal))
        else:
            messages.success(request, _("The plan is saved."))
            return redirect("plans:plan-detail", plan.slug)
    context = {"plan": plan, "slug": slug, "title": title, "form": form}
    return render(request, "plans/plan_form.html", context)


@require_http_methods(["GET", "POST"])
def plan_delete(request: UserRequest, slug: str) -> HttpResponse:
    """Ask for the reason and delete the plan."""
    plan = plan_to_edit(request, slug)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.delete_plan(plan, reason=form.cleaned_data["reason"], by=request.user)
        except (actions.PlanInUseError, PlanFrozenError, PlanContinuedError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, within(_("“%(plan)s” is deleted."), plan=plan))
            return redirect("plans:plan-list")
    return deletion_page(
        request,
        form,
        plan=plan,
        tab="plan",
        what=plan.title,
        deed=_("Delete the plan"),
        text=_("With the plan, all its fields of action, needs, goals and measures are deleted."),
        back_url=reverse("plans:plan-detail", args=[slug]),
    )


@require_http_methods(["GET", "POST"])
def plan_renumber(request: UserRequest, slug: str) -> HttpResponse:
    """Show which numbers would change, and change them."""
    plan = plan_to_edit(request, slug)
    refusal = ""
    if request.method == "POST":
        try:
            number = actions.renumber_measures(plan, by=request.user)
        except actions.NumberTakenError as taken:
            refusal = str(taken)
        else:
            messages.success(request, _renumbered(number))
            return redirect("plans:measure-list", slug)
    changed = with_new_numbers(plan).defer("text_de", "text_en")
    page = Paginator(changed, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "plan": plan,
        "page": page,
        "total": plan.measures.exclude(field=None).count(),
        "refusal": refusal,
    }
    return render(request, "plans/plan_renumber.html", context)


def _plan_facts(plan: Plan) -> list[Mapping[str, Any]]:
    counted = gaps(plan)
    rated = counted.total - counted.priority
    public_url = upper_url("website:plan", plan.slug) if plan.is_public else ""
    return [
        {
            "label": _("Period"),
            "value": period_label("", plan.starts_on, plan.ends_on) or _("open"),
        },
        {
            "label": _("Status"),
            "value": plan.get_status_display(),
            "url": reverse("plans:plan-status", args=[plan.slug]),
        },
        {
            "label": _("Public"),
            "value": _("Public page") if public_url else _yes_no(is_so=plan.is_public),
            "url": public_url,
        },
        {
            "label": _("Measures"),
            "value": ngettext("%(number)d measure", "%(number)d measures", counted.total)
            % {"number": counted.total},
            "url": reverse("plans:measure-list", args=[plan.slug]),
        },
        {
            "label": _("Priorities"),
            "value": _("%(rated)s of %(all)s rated") % {"rated": rated, "all": counted.total},
            "url": upper_url("ballots:round-list"),
        },
    ]


def _life(plan: Plan) -> Mapping[str, Any]:
    """Tell what the plan's age, its making and its rewriting ask for."""
    return {
        "warnings": [text for _plan, text in age_warnings([plan], localdate())],
        "to_adapt": len(to_adapt(plan)),
        "update": open_update_of(plan),
    }


def plan_steps(plan: Plan) -> list[Step]:
    """Draw the plan's way through its statuses."""
    statuses = list(PlanStatus)
    here = statuses.index(PlanStatus(plan.status))
    shown = statuses if plan.status == PlanStatus.SUPERSEDED else statuses[:-1]
    return [
        Step(
            name="",
            what=str(status.label),
            kind="done" if place < here else "now" if place == here else "open",
            is_last=place == here,
        )
        for place, status in enumerate(shown)
    ]


def _renumbered(number: int) -> str:
    if not number:
        return _("All measures already had the right number.")
    return ngettext(
        "%(number)d measure has a new number.", "%(number)d measures have a new number.", number
    ) % {"number": number}


def _yes_no(*, is_so: bool) -> str:
    return _("yes") if is_so else _("no")
