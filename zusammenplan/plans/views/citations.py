"""The pages on which a need cites a value of the data, and where a newer one is taken over."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.pages import demand
from zusammenplan.indicators.models import Figure
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.citations import (
    HiddenValueError,
    NoValueError,
    cite_value,
    keep_cited_value,
    take_new_value,
)
from zusammenplan.plans.forms.citations import ChooseNeedForm, CiteForm, SeekForm
from zusammenplan.plans.models import Need, NeedEvidence, Plan
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.citations import what_words
from zusammenplan.plans.views.workspace import plan_to_edit, wanted_record


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_cite(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Choose indicator and area, then the period, and add the value to what proves the need."""
    plan = plan_to_edit(request, slug)
    need = _need_of(plan, pk)
    seek, form = _forms(request)
    if form is not None and form.is_valid():
        try:
            cite_value(need, form.figure, form.values(), by=request.user)
        except (HiddenValueError, NoValueError) as refusal:
            form.add_error("wert", str(refusal))
        else:
            messages.success(request, _("The value is cited as evidence."))
            return redirect(_place(slug, pk))
    context = {"plan": plan, "record": need, "seek": seek, "form": form}
    return render(request, "plans/evidence_cite.html", context)


@require_safe
def evidence_from_data(request: UserRequest) -> HttpResponse:
    """Choose the need for which a value found in the data is evidence."""
    demand(may_edit_plan(request.user))
    figures = Figure.objects.select_related("indicator", "area_version")
    figure = wanted_record(figures, request.GET.get("wert", ""))
    form = ChooseNeedForm(request.GET if "bedarf" in request.GET else None)
    if form.is_valid():
        need = form.cleaned_data["bedarf"]
        address = reverse("plans:evidence-cite", args=[need.plan.slug, need.pk])
        return redirect(f"{address}?wert={figure.pk}" if figure else address)
    context = {
        "figure": figure,
        "what": figure
        and what_words(
            figure.indicator.name, figure.area_version.name, figure.starts_on, figure.ends_on
        ),
        "form": form,
    }
    return render(request, "plans/evidence_choose.html", context)


@require_POST
def evidence_take(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Take the newer value over."""
    return _decide(request, slug, pk, part, take_new_value, _("The new value is taken over."))


@require_POST
def evidence_stay(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Stay with the cited value."""
    return _decide(request, slug, pk, part, keep_cited_value, _("The cited value stays."))


def _decide(
    request: UserRequest, slug: str, pk: int, part: int, deed: Callable[..., object], done: str
) -> HttpResponse:
    need = _need_of(plan_to_edit(request, slug), pk)
    evidence = get_object_or_404(
        NeedEvidence.objects.select_related("need__plan"), need=need, pk=part
    )
    figure = wanted_record(
        Figure.objects.select_related("indicator", "area"), request.POST.get("wert", "")
    )
    if figure is None:
        messages.error(request, str(NoValueError()))
        return redirect(_place(slug, pk))
    try:
        deed(evidence, figure, by=request.user)
    except (HiddenValueError, NoValueError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(_place(slug, pk))


def _forms(request: UserRequest) -> tuple[SeekForm, CiteForm | None]:
    """Give both steps; a value that the address names answers the first one."""
    figures = Figure.objects.select_related("indicator", "area_version")
    figure = wanted_record(figures, request.GET.get("wert", ""))
    asked: Any = request.GET
    if figure is not None and "indikator" not in request.GET:
        asked = {"indikator": str(figure.indicator_id), "gebiet": str(figure.area_id)}
    seek = SeekForm(asked if "indikator" in asked else None)
    if not seek.is_valid():
        return seek, None
    return seek, CiteForm(
        request.POST if request.method == "POST" else None,
        initial={"wert": figure.pk} if figure else None,
        indicator=seek.cleaned_data["indikator"].pk,
        area=seek.cleaned_data["gebiet"].pk,
    )


def _need_of(plan: Plan, pk: int) -> Need:
    return get_object_or_404(plan.needs.select_related("plan"), pk=pk)


def _place(slug: str, pk: int) -> str:
    return f"{reverse('plans:need-detail', args=[slug, pk])}#evidence"
