"""The pages of areas, beside the settings."""

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import demand, render_page
from zusammenplan.places.actions.areas import (
    Direction,
    add_area,
    change_area,
    delete_area,
    move_area,
)
from zusammenplan.places.actions.refusals import (
    AreaInUseError,
    AreaNameTakenError,
    AreaRefusedError,
)
from zusammenplan.places.forms.areas import AreaFilter, AreaForm
from zusammenplan.places.models import Area
from zusammenplan.places.permissions import may_edit_areas
from zusammenplan.places.queries import area_list as queries

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


@require_safe
def area_list(request: HttpRequest) -> HttpResponse:
    """List areas as they lie in each other; HTMX swaps only the table."""
    demand(may_edit_areas(request.user))
    filter_form = AreaFilter(request.GET)
    context = {
        "filter": filter_form,
        "list": queries.area_list(filter_form.asked()),
        # After a move one comes back to where one was.
        "query": request.GET.urlencode(),
    }
    return render_page(request, "places/area_list.html", context, part="table")


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
            return _back_to_list(area)
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
        except AreaRefusedError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, _("“%(area)s” is saved.") % {"area": area})
            return _back_to_list(area)
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
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse('places:area-list')}{query}#area-{pk}")


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


def _back_to_list(area: Area) -> HttpResponse:
    """Lead to where the area stands in the list."""
    return redirect(f"{queries.parts_url(area.parent_id)}#area-{area.pk}")


def _person(request: HttpRequest) -> "AbstractBaseUser":
    """Give who is signed in; these pages have no other visitors."""
    return cast("AbstractBaseUser", request.user)
