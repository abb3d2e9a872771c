"""The pages of measures: measure, form, moving, deleting."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans import actions
from zusammenplan.plans.forms.base import ReasonForm
from zusammenplan.plans.forms.measures import MeasureForm
from zusammenplan.plans.models import Measure
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.plans import measure_line
from zusammenplan.plans.queries.thread import measure_thread
from zusammenplan.plans.views.workspace import (
    deletion_page,
    direction_of,
    measure_of,
    organisation_names,
    plan_to_edit,
    readable_plan,
    upper_url,
    wanted_field,
)


@require_http_methods(["GET", "POST"])
def measure_add(request: UserRequest, slug: str) -> HttpResponse:
    """Add a measure."""
    plan = plan_to_edit(request, slug)
    field = wanted_field(plan, request.GET.get("field", ""))
    form = MeasureForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        initial=MeasureForm.initial_for(plan, field),
    )
    if form.is_valid():
        try:
            measure = actions.add_measure(plan, form.values(), by=request.user)
        except actions.NumberTakenError as refusal:
            form.add_error("number", str(refusal))
        else:
            messages.success(
                request, _("Measure %(number)s is added.") % {"number": measure.number}
            )
            return redirect("plans:measure-detail", slug, measure.pk)
    context = {"plan": plan, "form": form, "organisations": organisation_names()}
    return render(request, "plans/measure_form.html", context)


@require_safe
def measure_detail(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show a measure: its facts, where it stands, and what happened."""
    plan = readable_plan(request, slug)
    measure = measure_of(plan, pk)
    context = {
        "plan": plan,
        "measure": measure,
        "facts": _measure_facts(measure),
        "steps": measure_thread(measure),
        "log": changes(measure, 10),
        "may_edit": may_edit_plan(request.user),
    }
    return render(request, "plans/measure_detail.html", context)


@require_http_methods(["GET", "POST"])
def measure_change(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Change a measure; a second editor sees the other's values next to the own ones."""
    plan = plan_to_edit(request, slug)
    measure = measure_of(plan, pk)
    title = measure.title
    form = MeasureForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        initial=MeasureForm.initial_of(measure),
    )
    if form.is_valid():
        try:
            actions.change_measure(
                measure, form.values(), seen_version=form.seen_version, by=request.user
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except actions.NumberTakenError as refusal:
            form.add_error("number", str(refusal))
        else:
            messages.success(
                request, _("Measure %(number)s is saved.") % {"number": measure.number}
            )
            return redirect("plans:measure-detail", slug, pk)
        measure = measure_of(plan, pk)
    context = {
        "plan": plan,
        "measure": measure,
        "title": title,
        "form": form,
        "organisations": organisation_names(),
        "steps": measure_thread(measure),
        "log": changes(measure, 5),
    }
    return render(request, "plans/measure_form.html", context)


@require_POST
def measure_move(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Move a measure up or down in its field, or to the end of another one."""
    plan = plan_to_edit(request, slug)
    measure = measure_of(plan, pk)
    if "field" in request.POST:
        field = wanted_field(plan, request.POST["field"])
        actions.move_measure_to_field(measure, field, by=request.user)
        moved = True
    else:
        moved = actions.move_measure(measure, direction_of(request), by=request.user)
    if moved:
        messages.success(request, _("Measure %(number)s is moved.") % {"number": measure.number})
    return redirect(f"{reverse('plans:outline', args=[slug])}?auf=f{measure.field_id or 0}#m{pk}")


@require_http_methods(["GET", "POST"])
def measure_delete(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for the reason and delete a measure."""
    plan = plan_to_edit(request, slug)
    measure = measure_of(plan, pk)
    title = str(measure)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.delete_measure(measure, reason=form.cleaned_data["reason"], by=request.user)
        except actions.MeasureInUseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("“%(measure)s” is deleted.") % {"measure": title})
            return redirect("plans:measure-list", slug)
    return deletion_page(
        request,
        form,
        plan=plan,
        what=title,
        deed=_("Delete the measure"),
        text=_("The history keeps what stood there, and your reason. The number becomes free."),
        back_url=reverse("plans:measure-detail", args=[slug, pk]),
    )


def _measure_facts(measure: Measure) -> list[Mapping[str, Any]]:
    line = measure_line(measure)
    facts: list[Mapping[str, Any]] = [
        {"label": _("Field of action"), "value": line.field or _("without a field")},
        {"label": _("Responsible"), "value": line.responsible or _("not decided yet")},
        {"label": _("Period"), "value": line.period or _("open")},
    ]
    if measure.plan.is_public:
        url = upper_url("website:measure", measure.plan.slug, measure.pk)
        facts.append({"label": _("Publication"), "value": _("Public page"), "url": url})
    if measure.source:
        facts.append({"label": _("Source"), "value": measure.source})
    if measure.is_additional:
        facts.append({"label": _("Origin"), "value": _("proposed during a vote")})
    return facts
