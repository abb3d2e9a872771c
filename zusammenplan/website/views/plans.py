"""A published plan: its measures, its fields of action, its frozen versions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from zusammenplan.core.public import public_page
from zusammenplan.plans.models import FieldOfAction, Measure, Plan
from zusammenplan.website.forms import MeasureFilter
from zusammenplan.website.queries.field import field_page
from zusammenplan.website.queries.measure import measure_page
from zusammenplan.website.queries.plan import downloads, plan_page, published_plans
from zusammenplan.website.queries.start import plan_rows
from zusammenplan.website.queries.versions import version_rows


def published_plan(slug: str) -> Plan:
    return get_object_or_404(published_plans(), slug=slug)


@public_page
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """List the published plans; a single one is shown at once."""
    rows = plan_rows()
    if len(rows) == 1:
        return redirect(rows[0].url)
    return render(request, "website/plan_list.html", {"plans": rows})


@public_page
@require_safe
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    plan_ = published_plan(slug)
    narrowed = MeasureFilter(request.GET, plan=plan_)
    page = plan_page(plan_, narrowed, request.GET.get("page"))
    return render(request, "website/plan.html", {"page": page, "filter": narrowed})


@public_page
@require_safe
def field(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    fields = FieldOfAction.objects.filter(plan__is_public=True).select_related("plan")
    field_ = get_object_or_404(fields, pk=pk, plan__slug=slug)
    context = {"plan": field_.plan, "page": field_page(field_, request.GET.get("page"))}
    return render(request, "website/field.html", context)


@public_page
@require_safe
def measure(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    measure_ = published_measure(slug, pk)
    return render(request, "website/measure.html", {"page": measure_page(measure_)})


@public_page
@require_safe
def measure_easy(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show a measure in Leichte Sprache, where somebody wrote it."""
    measure_ = published_measure(slug, pk)
    if not (measure_.title_easy or measure_.text_easy):
        raise Http404
    return render(request, "website/measure_easy.html", {"measure": measure_})


def published_measure(slug: str, pk: int) -> Measure:
    measures = Measure.objects.filter(plan__is_public=True)
    return get_object_or_404(
        measures.select_related("plan", "field", "responsible"), pk=pk, plan__slug=slug
    )


@public_page
@require_safe
def version_list(request: HttpRequest, slug: str) -> HttpResponse:
    plan_ = published_plan(slug)
    context = {"plan": plan_, "versions": version_rows(plan_), "downloads": downloads(plan_)}
    return render(request, "website/version_list.html", context)
