"""Views of the data that somebody named: opened under their lasting address, kept, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.core.pages import demand
from zusammenplan.indicators.actions.views import delete_view, keep_view
from zusammenplan.indicators.forms.views import KeptViewForm
from zusammenplan.indicators.models import DataView
from zusammenplan.indicators.permissions import may_edit_data, may_see_data

if TYPE_CHECKING:
    from django.http import HttpResponse

    from zusammenplan.people.permissions import UserRequest


@require_safe
def view(request: UserRequest, code: str) -> HttpResponse:
    """Lead from a view's lasting address to what it shows today."""
    demand(may_see_data(request.user))
    kept = get_object_or_404(DataView, slug=code)
    return redirect(f"{reverse('indicators:data-overview')}{kept.target}")


@require_safe
def view_list(request: UserRequest) -> HttpResponse:
    demand(may_edit_data(request.user))
    views = DataView.objects.order_by("name", "pk")
    return render(request, "indicators/data/view_list.html", {"views": views})


@require_http_methods(["GET", "HEAD", "POST"])
def view_add(request: UserRequest) -> HttpResponse:
    """Keep the data page somebody came from under a name."""
    demand(may_edit_data(request.user))
    target = request.GET.get("seite", "")[:1000]
    form = KeptViewForm(request.POST or None, initial={"target": target})
    if request.method == "POST" and form.is_valid():
        kept = keep_view(**form.values(), by=request.user, now=timezone.now())
        messages.success(
            request, _("The view “%(view)s” is kept under a lasting address.") % {"view": kept}
        )
        return redirect("indicators:data-view-list")
    return render(request, "indicators/data/view_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def view_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Delete a view, after a question."""
    demand(may_edit_data(request.user))
    kept = get_object_or_404(DataView, pk=pk)
    if request.method == "POST":
        delete_view(kept, by=request.user)
        messages.success(request, _("The view “%(view)s” is deleted.") % {"view": kept})
        return redirect("indicators:data-view-list")
    return render(request, "indicators/data/view_delete.html", {"view": kept})
