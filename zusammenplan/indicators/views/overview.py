"""The first page of data: what there is, and what needs a look."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zusammenplan.core.pages import demand
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.models import Figure, Indicator, Observation, Quantity
from zusammenplan.indicators.permissions import may_edit_data, may_see_data, may_see_hidden
from zusammenplan.indicators.queries.secrecy import hidden_totals
from zusammenplan.indicators.queries.sums import differing_totals
from zusammenplan.people.permissions import UserRequest


@require_safe
def overview(request: UserRequest) -> HttpResponse:
    """Show what is there, what is hidden, and where parts do not add up."""
    demand(may_see_data(request.user))
    sees_hidden = may_see_hidden(request.user)
    context = {
        "numbers": {
            "observations": Observation.objects.count(),
            "quantities": Quantity.objects.count(),
            "indicators": Indicator.objects.count(),
            "figures": Figure.objects.count(),
        },
        "hidden": hidden_totals() if sees_hidden else None,
        "differences": differing_totals() if sees_hidden else [],
        "may_edit": may_edit_data(request.user),
    }
    return render(request, "indicators/overview.html", context)


@require_POST
def recompute_all(request: UserRequest) -> HttpResponse:
    """Compute everything anew, for example after areas changed."""
    demand(may_edit_data(request.user))
    recompute()
    messages.success(request, _("All sums, hidden counts and figures are computed anew."))
    return redirect("indicators:overview")
