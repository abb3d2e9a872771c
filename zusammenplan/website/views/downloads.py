"""Files for everybody: a plan as table and as open data, and the public files of a measure."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from zusammenplan.core.files import file_response
from zusammenplan.core.public import CACHE_CONTROL, public_page
from zusammenplan.plans.domain.content import to_json
from zusammenplan.plans.models import Measure, Plan
from zusammenplan.plans.queries.data_blocks import with_drawings
from zusammenplan.plans.queries.public import published_content
from zusammenplan.website.exports import XLSX_KIND, plan_workbook
from zusammenplan.website.queries.parts import measure_files


@public_page
@require_safe
def plan_json(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - as views are called
    """Give the plan as open data: all that the pages show."""
    plan = get_object_or_404(Plan.objects.published(), slug=slug)
    content = with_drawings(published_content(plan))
    return HttpResponse(to_json(content), content_type="application/json")


@public_page
@require_safe
def plan_xlsx(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - as views are called
    plan = get_object_or_404(Plan.objects.published(), slug=slug)
    response = HttpResponse(plan_workbook(published_content(plan)), content_type=XLSX_KIND)
    response["Content-Disposition"] = f'attachment; filename="{slug}.xlsx"'
    return response


@login_not_required
@require_safe
def measure_file(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponseBase:
    """Send a public file of a measure to be kept, never to be run in the page."""
    measures = Measure.objects.filter(plan__is_public=True)
    measure = get_object_or_404(measures, pk=pk, plan__slug=slug)
    found = next((one for one in measure_files(measure) if one.pk == file), None)
    if found is None:
        raise Http404
    etag = f'"{found.checksum[:32]}"'
    response: HttpResponseBase
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = file_response(found)
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    return response
