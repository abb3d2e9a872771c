"""What is hidden from the public, and the rule for it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import demand
from zusammenplan.indicators.actions.rules import change_minimum
from zusammenplan.indicators.forms.quantities import MinimumForm
from zusammenplan.indicators.permissions import may_see_hidden
from zusammenplan.indicators.queries.secrecy import (
    data_rules,
    hidden_choices,
    hidden_lines,
    hidden_rows,
    hidden_totals,
)
from zusammenplan.people.permissions import UserRequest

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def secrecy(request: UserRequest) -> HttpResponse:
    """Show what is hidden and why; the planner sets the smallest number of cases."""
    demand(may_see_hidden(request.user))
    rules = data_rules()
    form = MinimumForm(
        request.POST if request.method == "POST" else None,
        initial={"minimum": rules.minimum_cases, "version": rules.version},
    )
    if form.is_valid():
        try:
            change_minimum(
                form.cleaned_data["minimum"],
                seen_version=form.seen_version,
                by=request.user,
            )
        except ChangedMeanwhileError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The rule is saved, and all data are looked through."))
            return redirect("indicators:secrecy")
    quantities, years = hidden_choices()
    year = request.GET.get("jahr", "")
    asked = request.GET.get("groesse", "")
    quantity = asked if asked in dict(quantities) else ""
    wanted = int(year) if year.isdecimal() and len(year) == 4 else None  # noqa: PLR2004 - a year
    page = Paginator(hidden_rows(quantity, wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "minimum": rules.minimum_cases,
        "totals": hidden_totals(),
        "quantities": quantities,
        "years": years,
        "wanted": {"quantity": quantity, "year": wanted},
        "page": page,
        "lines": hidden_lines(list(page)),
        "log": changes(rules, 5) if rules.pk and not rules._state.adding else [],
    }
    return render(request, "indicators/secrecy.html", context)
