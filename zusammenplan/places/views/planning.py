"""Cut a county into planning areas: each municipality with a choice, the map beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.core.pages import demand
from zusammenplan.places.actions.planning import CutChangedError, cut_planning_areas
from zusammenplan.places.actions.refusals import AreaRefusedError
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.forms.planning import CutForm
from zusammenplan.places.models import Area
from zusammenplan.places.permissions import may_edit_areas
from zusammenplan.places.queries.area_map import area_map
from zusammenplan.places.queries.associations import (
    associations_of,
    municipalities,
    proposal_of,
)
from zusammenplan.places.queries.maps import outlines
from zusammenplan.places.queries.planning import Cut, counties, cut_of

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest, HttpResponse

UNPROCESSABLE = 422
# As many as one may look through at once; a Land has several hundred.
ASSOCIATIONS = 50
BY_ASSOCIATION = "verband"


@require_http_methods(["GET", "HEAD", "POST"])
def area_cut(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Put each municipality of a county into a planning area, all or nothing."""
    demand(may_edit_areas(request.user))
    known = counties(localdate())
    if pk is None:
        if len(known) == 1:
            asked = f"?{request.GET.urlencode()}" if request.GET else ""
            return redirect(reverse("places:area-cut-county", args=[known[0].pk]) + asked)
        return render(request, "places/area_cut_choose.html", {"counties": known})
    county = get_object_or_404(Area.objects.own().filter(kind=AreaKind.COUNTY), pk=pk)
    cut = cut_of(county, localdate())
    proposal = proposal_of(cut)
    chosen = proposal if request.GET.get("vorschlag") == BY_ASSOCIATION else None
    form = CutForm(request.POST if request.method == "POST" else None, cut=cut, proposal=chosen)
    if form.is_valid():
        try:
            moved = cut_planning_areas(
                county,
                form.chosen(),
                form.cleaned_data["day"],
                seen=form.cleaned_data["seen"],
                by=cast("AbstractBaseUser", request.user),
            )
        except CutChangedError as refusal:
            messages.warning(request, str(refusal))
            return redirect("places:area-cut-county", pk=pk)
        except AreaRefusedError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _moved_words(moved))
            return redirect("places:area-cut-county", pk=pk)
    status = UNPROCESSABLE if form.errors else 200
    context = _context(cut, form) | {"proposal": proposal, "chosen": chosen}
    return render(request, "places/area_cut.html", context, status=status)


@require_safe
def associations(request: HttpRequest) -> HttpResponse:
    """List the municipalities by the association to which they belong."""
    demand(may_edit_areas(request.user))
    known = municipalities(localdate())
    found = associations_of(known)
    inside = {one.pk for each in found for one in each.members}
    context = {
        "page": Paginator(found, ASSOCIATIONS).get_page(request.GET.get("page")),
        "alone": [one for one in known if one.pk not in inside],
        "count": len(known),
    }
    return render(request, "places/associations.html", context)


def _context(cut: Cut, form: CutForm) -> dict[str, Any]:
    drawn = outlines(kind=AreaKind.MUNICIPALITY, parent=cut.county, day=localdate())
    seen = {one.area for one in drawn}
    missing = [one.version.name for one in cut.municipalities if one.area.pk not in seen]
    return {
        "county": cut.county,
        "form": form,
        "groups": form.groups(),
        "map": area_map(drawn, form.lies_in, form.names(), missing=missing),
        "has_planning_areas": bool(form.names()),
        "add_url": f"{reverse('places:area-add')}?in={cut.county.pk}",
    }


def _moved_words(moved: int) -> str:
    if not moved:
        return _("Nothing was changed.")
    return ngettext(
        "%(count)s municipality lies in another planning area now.",
        "%(count)s municipalities lie in other planning areas now.",
        moved,
    ) % {"count": moved}
