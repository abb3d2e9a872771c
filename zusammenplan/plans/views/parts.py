"""What the pages of a measure's parts share: the measure, the part, the page or its section."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import within
from zusammenplan.core.pages import render_page, wants_part
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.models import Measure, Plan
from zusammenplan.plans.views.workspace import deletion_page, measure_of, plan_to_edit

PartT = TypeVar("PartT", bound=Model)


def measure_to_edit(request: UserRequest, slug: str, pk: int) -> tuple[Plan, Measure]:
    plan = plan_to_edit(request, slug)
    return plan, measure_of(plan, pk)


def part_of(parts: QuerySet[PartT], pk: int, measure: Measure) -> PartT:
    """Give the part with this key; it knows its measure without asking again."""
    part = get_object_or_404(parts, pk=pk)
    if hasattr(part, "measure_id"):
        part.measure = measure  # type: ignore[attr-defined] # a part of a measure
    return part


def section_page(
    request: UserRequest,
    template: str,
    plan: Plan,
    measure: Measure,
    **context: Any,
) -> HttpResponse:
    """Show the section as a page of its own, or alone for HTMX inside the measure's page."""
    shown = {"plan": plan, "measure": measure, "is_part": wants_part(request), **context}
    return render_page(request, template, shown, part="section")


def detail_url(measure: Measure, section: str) -> str:
    address = reverse("plans:measure-detail", args=[measure.plan.slug, measure.pk])
    return f"{address}#{section}"


def back_from_deed(request: UserRequest, measure: Measure, section: str, name: str) -> HttpResponse:
    """Go back to the measure's page if the deed came from there, else to the section's page."""
    if request.POST.get("back") == "measure":
        return redirect(detail_url(measure, section))
    return redirect(f"plans:{name}", measure.plan.slug, measure.pk)


def removal_page(
    request: UserRequest,
    measure: Measure,
    *,
    what: str,
    deed: str,
    text: str,
    section: str,
    remove: Callable[[str], None],
) -> HttpResponse:
    """Ask for the reason, remove the part and go back to its section of the measure's page."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    back_url = detail_url(measure, section)
    if form.is_valid():
        remove(form.cleaned_data["reason"])
        messages.success(request, within(_("“%(what)s” is removed."), what=what))
        return redirect(back_url)
    return deletion_page(
        request,
        form,
        plan=measure.plan,
        tab="measures",
        what=what,
        deed=deed,
        text=text,
        back_url=back_url,
    )
