"""The pages of areas, beside the settings."""

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import demand
from zusammenplan.places.actions.areas import (
    Direction,
    add_area,
    change_area,
    delete_area,
    move_area,
)
from zusammenplan.places.actions.refusals import (
    AreaInItselfError,
    AreaInUseError,
    AreaNameTakenError,
)
from zusammenplan.places.forms.areas import AreaForm
from zusammenplan.places.models import Area
from zusammenplan.places.permissions import may_edit_areas
from zusammenplan.places.queries.area_map import map_of_own
from zusammenplan.places.queries.tree import areas_in_order
from zusammenplan.places.queries.versions import known_today

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


@require_safe
def area_list(request: HttpRequest) -> HttpResponse:
    """List all areas as they lie in each other."""
    demand(may_edit_areas(request.user))
    known = known_today()
    list_url = reverse("places:area-list")
    lines = [
        {
            "pk": line.area.pk,
            "url": f"{list_url}{line.area.pk}/",
            "name": line.area.name,
            "kind": line.area.get_kind_display(),
            "ags": known.get(line.area.pk, ("", ""))[0],
            "days": known.get(line.area.pk, ("", ""))[1],
            "depth": min(line.depth, 6),
            "uses": line.uses,
            "is_first": line.is_first,
            "is_last": line.is_last,
        }
        for line in areas_in_order()
    ]
    references = [
        {
            "url": f"{list_url}{area.pk}/fassungen/",
            "name": area.name,
            "kind": area.get_kind_display(),
            "ags": known.get(area.pk, ("", ""))[0],
        }
        for area in Area.objects.filter(is_reference=True).order_by("name")
    ]
    context = {"lines": lines, "references": references, "map": map_of_own(localdate())}
    return render(request, "places/area_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def area_add(request: HttpRequest) -> HttpResponse:
    """Add an area."""
    demand(may_edit_areas(request.user))
    form = AreaForm(
        request.POST if request.method == "POST" else None,
        initial={"parent": request.GET.get("in", "")},
    )
    if form.is_valid():
        try:
            area = add_area(form.values(), by=_person(request))
        except AreaNameTakenError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("“%(area)s” is added.") % {"area": area})
            return redirect("places:area-list")
    return render(request, "places/area_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def area_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an area; a second editor sees the other's values next to the own ones."""
    demand(may_edit_areas(request.user))
    area = get_object_or_404(Area.objects.select_related("parent"), pk=pk)
    title = area.name
    form = AreaForm(
        request.POST if request.method == "POST" else None,
        initial=AreaForm.initial_of(area),
        area=area,
    )
    if form.is_valid():
        try:
            change_area(area, form.values(), seen_version=form.seen_version, by=_person(request))
        except AreaNameTakenError as refusal:
            form.add_error("name", str(refusal))
        except AreaInItselfError as refusal:
            form.add_error("parent", str(refusal))
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, _("“%(area)s” is saved.") % {"area": area})
            return redirect("places:area-list")
    context = {
        "area": area,
        "title": title,
        "form": form,
        "log": changes(area, 5),
    }
    return render(request, "places/area_form.html", context)


@require_POST
def area_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move an area up or down among those that lie in the same one."""
    demand(may_edit_areas(request.user))
    area = get_object_or_404(Area, pk=pk)
    direction: Direction = "up" if request.POST.get("direction") == "up" else "down"
    if move_area(area, direction, by=_person(request)):
        messages.success(request, _("“%(area)s” is moved.") % {"area": area})
    return redirect(f"{reverse('places:area-list')}#area-{pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def area_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason and delete an area that nothing names."""
    demand(may_edit_areas(request.user))
    area = get_object_or_404(Area, pk=pk)
    name = area.name
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            delete_area(area, reason=form.cleaned_data["reason"], by=_person(request))
        except AreaInUseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("“%(area)s” is deleted.") % {"area": name})
            return redirect("places:area-list")
    return render(request, "places/area_delete.html", {"area": area, "form": form})


def _person(request: HttpRequest) -> "AbstractBaseUser":
    """Give who is signed in; these pages have no other visitors."""
    return cast("AbstractBaseUser", request.user)
