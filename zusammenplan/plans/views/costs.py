"""The pages on which the costs of a measure are written."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.money import amount_text
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.costs import add_cost, change_cost, remove_cost
from zusammenplan.plans.forms.parts import CostForm
from zusammenplan.plans.models import Cost, Measure, Plan
from zusammenplan.plans.queries.costs import cost_sources, costs_of
from zusammenplan.plans.views.parts import measure_to_edit, part_of, removal_page, section_page


@require_http_methods(["GET", "POST"])
def cost_list(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show all amounts of a measure and add one."""
    plan, measure = measure_to_edit(request, slug, pk)
    form = CostForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        cost = add_cost(measure, form.values(), by=request.user)
        messages.success(request, _("%(amount)s added.") % {"amount": amount_text(cost.amount)})
        return redirect("plans:measure-costs", slug, pk)
    return _page(request, plan, measure, form)


@require_http_methods(["GET", "POST"])
def cost_change(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Change an amount."""
    plan, measure = measure_to_edit(request, slug, pk)
    cost = part_of(measure.costs.all(), part, measure)
    form = CostForm(
        request.POST if request.method == "POST" else None, initial=CostForm.initial_of(cost)
    )
    if form.is_valid():
        try:
            change_cost(cost, form.values(), seen_version=form.seen_version, by=request.user)
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, _("The costs are saved."))
            return redirect("plans:measure-costs", slug, pk)
    return _page(request, plan, measure, form, cost)


@require_http_methods(["GET", "POST"])
def cost_delete(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Ask for the reason and remove an amount."""
    _plan, measure = measure_to_edit(request, slug, pk)
    cost = part_of(measure.costs.all(), part, measure)
    return removal_page(
        request,
        measure,
        what=f"{cost.year or ''} {cost.source} {amount_text(cost.amount)}".strip(),
        deed=_("Remove the amount"),
        text=_("The sums change at once. The history keeps what stood there, and your reason."),
        section="costs",
        remove=lambda reason: remove_cost(cost, reason=reason, by=request.user),
    )


def _page(
    request: UserRequest, plan: Plan, measure: Measure, form: CostForm, cost: Cost | None = None
) -> HttpResponse:
    return section_page(
        request,
        "plans/measure_costs.html",
        plan,
        measure,
        form=form,
        part=cost,
        costs=costs_of(measure),
        sources=cost_sources(measure.plan_id),
    )
