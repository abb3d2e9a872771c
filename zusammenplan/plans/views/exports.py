"""Downloads of a plan and its measures."""

from django.http import FileResponse, Http404, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.exports.lists import csv_lines, plan_document, xlsx_file
from zusammenplan.plans.exports.sheets import CSV_KIND, XLSX_KIND
from zusammenplan.plans.forms.lists import MeasureFilter
from zusammenplan.plans.views.workspace import readable_plan


@require_safe
def plan_export(request: UserRequest, slug: str, kind: str) -> HttpResponseBase:
    """Download the measures as the list shows them, or the whole plan as JSON."""
    plan = readable_plan(request, slug)
    measures = MeasureFilter(request.GET, plan=plan).apply(plan.measures.all())
    name = f"{plan.slug}-{_('measures')}"
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(csv_lines(measures), content_type=CSV_KIND)
        response["Content-Disposition"] = f'attachment; filename="{_ascii(name)}.csv"'
    elif kind == "xlsx":
        file = xlsx_file(measures, title=plan.title)
        response = FileResponse(
            file, as_attachment=True, filename=f"{_ascii(name)}.xlsx", content_type=XLSX_KIND
        )
    elif kind == "json":
        response = JsonResponse(
            plan_document(plan), json_dumps_params={"ensure_ascii": False, "indent": 2}
        )
        response["Content-Disposition"] = f'attachment; filename="{plan.slug}.json"'
    else:
        raise Http404
    response["Cache-Control"] = "private, no-store"
    return response


def _ascii(name: str) -> str:
    return name.replace("ß", "ss").encode("ascii", "ignore").decode()
