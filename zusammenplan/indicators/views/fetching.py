"""Fetch one table of the online service, because somebody asks for it."""

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zusammenplan.core.pages import demand
from zusammenplan.core.uploads import keep_file
from zusammenplan.indicators.actions.imports import ImportRefusedError
from zusammenplan.indicators.actions.imports.service import fetch_table, service_is_set
from zusammenplan.indicators.forms.imports import FetchForm
from zusammenplan.indicators.permissions import may_edit_data

if TYPE_CHECKING:
    from zusammenplan.people.models import User

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_fetch(request: HttpRequest) -> HttpResponse:
    """Ask for a table's number, fetch it, and go on as if its file had been uploaded."""
    demand(may_edit_data(request.user))
    form = FetchForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        table = form.cleaned_data["table"]
        pieces = fetch_table(
            table,
            start_year=form.cleaned_data["start_year"],
            end_year=form.cleaned_data["end_year"],
        )
        try:
            kept = keep_file(
                f"{table}.zip", pieces, by=cast("User", request.user), now=timezone.now()
            )
        except ImportRefusedError as refusal:
            form.add_error("table", str(refusal))
        else:
            return redirect("indicators:import-check", kept.key)
    context = {
        "form": form,
        "has_service": service_is_set(),
        "steps": [_("Choose files"), _("Check"), _("Take over")],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "indicators/imports/fetch.html", context, status=status)
