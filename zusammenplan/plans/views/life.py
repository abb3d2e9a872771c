"""The pages of a plan's life: where it stands, the next step, its resolutions."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.life import (
    ResolutionInUseError,
    StatusMovedError,
    StepNotAllowedError,
    add_resolution,
    change_resolution,
    delete_resolution,
    take_step,
)
from zusammenplan.plans.choices import PlanStatus
from zusammenplan.plans.domain.life import is_back, may_be_superseded, may_step, steps_from
from zusammenplan.plans.forms.life import ResolutionForm, StepForm
from zusammenplan.plans.models import Plan, Resolution
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.notes import notes_of_plan
from zusammenplan.plans.queries.versions import age_warnings, resolution_text
from zusammenplan.plans.views.plans import plan_steps
from zusammenplan.plans.views.workspace import deletion_page, plan_to_edit, readable_plan


@require_safe
def plan_status(request: UserRequest, slug: str) -> HttpResponse:
    """Show where the plan stands, which steps may follow, and what was resolved."""
    plan = readable_plan(request, slug)
    current = PlanStatus(plan.status)
    context = {
        "plan": plan,
        "steps": plan_steps(plan),
        "ahead": [_step(plan, to) for to in steps_from(current) if not is_back(current, to)],
        "back": [_step(plan, to) for to in steps_from(current) if is_back(current, to)],
        "resolutions": _resolution_lines(plan),
        "warnings": [text for _plan, text in age_warnings([plan], localdate())],
        "successor": plan.successors.filter(status=PlanStatus.IN_FORCE).first()
        if may_be_superseded(current)
        else None,
        "log": changes(plan, 8),
        "notes": notes_of_plan(plan, "beschluss"),
        "may_edit": may_edit_plan(request.user),
    }
    return render(request, "plans/plan_status.html", context)


@require_http_methods(["GET", "POST"])
def plan_step(request: UserRequest, slug: str, to: str) -> HttpResponse:
    """Ask what the step needs, and take it."""
    plan = plan_to_edit(request, slug)
    current = PlanStatus(plan.status)
    if to not in PlanStatus.values:
        raise Http404
    target = PlanStatus(to)
    adopts = target == PlanStatus.ADOPTED and not is_back(current, target)
    form = StepForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        adopts=adopts,
        goes_back=is_back(current, target),
        ends=_ended_by(plan, target),
    )
    refusal = "" if may_step(current, target) else str(StepNotAllowedError(current, target))
    if not refusal and form.is_valid():
        try:
            take_step(
                plan,
                target,
                seen_status=form.cleaned_data["seen_status"],
                reason=form.cleaned_data.get("reason", ""),
                resolution=form.resolution(),
                supersedes=form.cleaned_data.get("supersedes", False),
                by=request.user,
                now=timezone.now(),
            )
        except (StatusMovedError, StepNotAllowedError) as moved:
            refusal = str(moved)
        else:
            messages.success(
                request, _("The status is now “%(status)s”.") % {"status": target.label}
            )
            return redirect("plans:plan-status", slug)
    context = {
        "plan": plan,
        "form": form,
        "to": target,
        "current": current,
        "adopts": adopts,
        "explained": EXPLAINED[target](),
        "refusal": refusal,
        "bodies": _bodies(),
    }
    return render(request, "plans/plan_step.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "POST"])
def resolution_add(request: UserRequest, slug: str) -> HttpResponse:
    """Write down a resolution on the plan."""
    plan = plan_to_edit(request, slug)
    form = ResolutionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        add_resolution(plan, form.values(), by=request.user)
        messages.success(request, _("The resolution is written down."))
        return redirect("plans:plan-status", slug)
    context = {"plan": plan, "form": form, "bodies": _bodies()}
    return render(request, "plans/resolution_form.html", context)


@require_http_methods(["GET", "POST"])
def resolution_change(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Correct a resolution."""
    plan = plan_to_edit(request, slug)
    resolution = _resolution_of(plan, pk)
    form = ResolutionForm(
        request.POST if request.method == "POST" else None,
        initial=ResolutionForm.initial_of(resolution),
    )
    if form.is_valid():
        try:
            change_resolution(
                resolution, form.values(), seen_version=form.seen_version, by=request.user
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, _("The resolution is saved."))
            return redirect("plans:plan-status", slug)
    context = {"plan": plan, "resolution": resolution, "form": form, "bodies": _bodies()}
    return render(request, "plans/resolution_form.html", context)


@require_http_methods(["GET", "POST"])
def resolution_delete(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for the reason and delete a resolution."""
    plan = plan_to_edit(request, slug)
    resolution = _resolution_of(plan, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            delete_resolution(resolution, reason=form.cleaned_data["reason"], by=request.user)
        except ResolutionInUseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The resolution is deleted."))
            return redirect("plans:plan-status", slug)
    return deletion_page(
        request,
        form,
        plan=plan,
        tab="plan",
        what=resolution_text(resolution),
        deed=_("Delete the resolution"),
        text=_("The history keeps it, and your reason."),
        back_url=reverse("plans:plan-status", args=[slug]),
    )


EXPLAINED = {
    PlanStatus.DRAFT: lambda: _("The plan is being written."),
    PlanStatus.PARTICIPATION: lambda: _(
        "Citizens, providers and offices say what they think of it. Freeze a version before, so "
        "that everybody speaks of the same draft."
    ),
    PlanStatus.VOTE: lambda: _("The steering groups say what comes first."),
    PlanStatus.COMMITTEE: lambda: _("The committees advise; then the council decides."),
    PlanStatus.ADOPTED: lambda: _(
        "Write down the resolution. The plan is frozen as it stands now: this version stays "
        "readable for ever, while work on the plan goes on."
    ),
    PlanStatus.IN_FORCE: lambda: _("From now on the county works by this plan."),
    PlanStatus.EVALUATED: lambda: _("It has been rated how far the goals were attained."),
    PlanStatus.SUPERSEDED: lambda: _(
        "Another plan has taken its place. It stays readable with all its versions."
    ),
}


def _step(plan: Plan, to: str) -> Mapping[str, Any]:
    status = PlanStatus(to)
    return {
        "label": status.label,
        "text": EXPLAINED[status](),
        "url": reverse("plans:plan-step", args=[plan.slug, to]),
    }


def _ended_by(plan: Plan, to: PlanStatus) -> Plan | None:
    """Give the plan before, if it can end when this one comes into force."""
    before = plan.predecessor
    is_due = to == PlanStatus.IN_FORCE and before is not None
    return before if is_due and before and may_be_superseded(before.status) else None


def _resolution_of(plan: Plan, pk: int) -> Resolution:
    return get_object_or_404(plan.resolutions, pk=pk)


def _resolution_lines(plan: Plan) -> list[Mapping[str, Any]]:
    return [
        {
            "pk": one.pk,
            "body": one.body,
            "number": one.number,
            "day": date_format(one.decided_on, "DATE_FORMAT"),
            "is_adoption": one.is_adoption,
            "note": one.note,
        }
        for one in plan.resolutions.order_by("-decided_on", "-pk")
    ]


def _bodies() -> list[str]:
    """Suggest the bodies that have decided before."""
    return sorted(set(Resolution.objects.order_by().values_list("body", flat=True)))
