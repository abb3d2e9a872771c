"""A cell of the list that is edited where it stands."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.pages import wants_part
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans import actions
from zusammenplan.plans.forms.list_deeds import CellForm
from zusammenplan.plans.models import Measure, Plan
from zusammenplan.plans.queries.measure_list import measure_rows, year_of_interest
from zusammenplan.plans.views.workspace import measure_of, plan_to_edit

ROW = "zeile"


@require_http_methods(["GET", "POST"])
def measure_cell(request: UserRequest, slug: str, pk: int, cell: str) -> HttpResponse:
    """Give a cell as a form; take it in and give the row as it stands then."""
    plan = plan_to_edit(request, slug)
    measure = measure_of(plan, pk)
    if cell not in {*CellForm.CELLS, ROW}:
        raise Http404
    if not wants_part(request):
        return redirect("plans:measure-change", slug, pk)
    if cell == ROW:
        return _row(request, plan, measure, focus=request.GET.get("von", ""))
    form = CellForm(
        request.POST if request.method == "POST" else None,
        cell=cell,
        initial=CellForm.initial_of(measure),
        auto_id=f"cell-{pk}-%s",
    )
    theirs = ""
    if form.is_valid():
        values = form.values()
        if "status" in values and values["status"] != measure.status:
            values["status_on"] = localdate()
        try:
            actions.change_measure(measure, values, seen_version=form.seen_version, by=request.user)
        except ChangedMeanwhileError:
            stored = measure_of(plan, pk)
            theirs = _stored(stored, cell)
            form.data = {**request.POST.dict(), "version": str(stored.version)}
        else:
            return _row(request, plan, measure, focus=cell)
    form.take_focus()
    context = {
        "plan": plan,
        "measure": measure,
        "cell": cell,
        "form": form,
        "theirs": theirs,
    }
    response = render(request, "plans/measure_cell.html", context)
    if request.method == "POST":
        # The answer to a form that was not taken stays in its cell.
        response["HX-Retarget"], response["HX-Reswap"] = "closest [data-cell]", "innerHTML"
    return response


def _stored(measure: Measure, cell: str) -> str:
    if cell == "status":
        return str(measure.get_status_display())
    if cell == "responsible":
        return measure.responsible.name if measure.responsible else "–"
    return measure.title_de


def _row(request: UserRequest, plan: Plan, measure: Measure, *, focus: str = "") -> HttpResponse:
    today = localdate()
    (row,) = measure_rows([measure.pk], year=year_of_interest(plan, today), today=today)
    context = {"plan": plan, "row": row, "focus": focus, "may_edit": True}
    return render(request, "plans/measure_row.html", context)
