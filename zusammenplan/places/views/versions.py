"""The versions of an area: how it was when, and what became of its territory."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.core.forms import ReasonForm, VersionedForm
from zusammenplan.core.history import ChangedMeanwhileError, changes_in
from zusammenplan.core.pages import demand
from zusammenplan.places.actions.changes import (
    add_transition,
    change_from,
    change_transition,
    merge,
    remove_transition,
    split,
)
from zusammenplan.places.actions.refusals import AreaRefusedError
from zusammenplan.places.actions.versions import add_version, change_version, delete_version
from zusammenplan.places.forms.deeds import (
    FollowForm,
    MergeForm,
    SplitForm,
    TransitionForm,
    VersionForm,
    version_text,
)
from zusammenplan.places.models import Area, AreaTransition, AreaVersion
from zusammenplan.places.permissions import may_edit_areas
from zusammenplan.places.queries.area_map import area_map
from zusammenplan.places.queries.maps import plane, shapes
from zusammenplan.places.queries.versions import known_today, transition_lines, version_lines
from zusammenplan.places.queries.words import kind_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest, HttpResponse

UNPROCESSABLE = 422
LOG_ENTRIES = 8


@require_safe
def area_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all versions of an area with its changes of territory, on a map and in their history."""
    area = _area(request, pk)
    versions = version_lines(area)
    context = {
        "area": area,
        "kind": kind_name(area.kind, known_today([area.pk]).get(area.pk, ("", ""))[0]),
        "versions": versions,
        "transitions": transition_lines(area),
        "map": _map_of(area),
        "log": _log(area),
    }
    return render(request, "places/area_versions.html", context)


def _map_of(area: Area) -> Any:
    day = localdate()
    parts = plane(shapes(parent=area, day=day))
    if not parts:
        parts = plane(shapes(day=day, kind=area.kind, area=area))
    return area_map(parts, {one.area: str(one.area) for one in parts}, {})


def _log(area: Area) -> list[Any]:
    own = AreaTransition.history.filter(Q(before__area=area) | Q(after__area=area))
    entries = [
        *changes_in(AreaVersion.history.filter(area=area), LOG_ENTRIES),
        *changes_in(own, LOG_ENTRIES),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:LOG_ENTRIES]


# --- versions ----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def area_version_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a version for days on which the area had none."""
    area = _area(request, pk)
    initial = {"name": area.name, "kind": area.kind, "parent": area.parent_id}
    form = VersionForm(_posted(request), area=area, initial=initial)
    return _answer(
        request,
        area,
        form,
        lambda: add_version(area, form.values(), by=_person(request)),
        title=_("Add a version"),
        deed=_("Add the version"),
        text=_("For days on which the area has none yet, such as before a reform."),
        done=_("The version is added."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def area_version_change(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Correct a version; a second editor sees the other's values next to the own ones."""
    area = _area(request, pk)
    version = _version(area, part)
    form = VersionForm(_posted(request), area=area, initial=VersionForm.initial_of(version))
    return _answer(
        request,
        area,
        form,
        lambda: change_version(
            version, form.values(), seen_version=form.seen_version, by=_person(request)
        ),
        title=_("Correct the version"),
        deed=_("Save the version"),
        text=_(
            "Correct here what was wrong. What is different only from a day on is entered as a "
            "change from this day on."
        ),
        done=_("The version is saved."),
        delete_url=reverse("places:area-version-delete", args=[area.pk, version.pk]),
        delete_label=_("Delete the version"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def area_version_delete(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Ask for the reason and delete a version that was a mistake."""
    area = _area(request, pk)
    version = _version(area, part)
    form = ReasonForm(_posted(request))
    return _answer(
        request,
        area,
        form,
        lambda: delete_version(version, reason=form.cleaned_data["reason"], by=_person(request)),
        title=_("Delete the version"),
        deed=_("Delete the version"),
        text=_("%(version)s. Its changes of territory go with it. A version with figures stays.")
        % {"version": version_text(version)},
        done=_("The version is deleted."),
        danger=True,
    )


# --- what is different from a day on -----------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def area_follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Let name, key, kind or the area above be different from a day on."""
    area = _area(request, pk)
    versions = area.versions.defer("geometry")
    last = max(versions, key=lambda one: one.valid_from or date.min, default=None)
    names = ("name", "kind", "ags", "ars", "parent_id")
    initial = {name.removesuffix("_id"): getattr(last, name) for name in names} if last else {}
    form = FollowForm(_posted(request), area=area, initial=initial)
    return _answer(
        request,
        area,
        form,
        lambda: change_from(
            area,
            form.cleaned_data["day"],
            form.values(),
            by=_person(request),
            note=form.cleaned_data["note"],
        ),
        title=_("Change from a day on"),
        deed=_("Enter the change"),
        text=_(
            "The version so far ends the day before. Its whole territory goes on in the new one."
        ),
        done=_("The change is entered."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def area_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Let other areas become part of this one."""
    area = _area(request, pk)
    form = MergeForm(_posted(request), area=area)
    return _answer(
        request,
        area,
        form,
        lambda: merge(
            form.cleaned_data["others"],
            area,
            form.cleaned_data["day"],
            by=_person(request),
            note=form.cleaned_data["note"],
        ),
        title=_("Merge areas"),
        deed=_("Merge the areas"),
        text=_("This area gets another version from this day on, to which all of them belong."),
        done=_("The areas are merged."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def area_split(request: HttpRequest, pk: int) -> HttpResponse:
    """Let parts of this area go to others."""
    area = _area(request, pk)
    form = SplitForm(_posted(request), area=area)
    return _answer(
        request,
        area,
        form,
        lambda: split(
            area,
            form.cleaned_data["day"],
            form.parts(),
            by=_person(request),
            note=form.cleaned_data["note"],
        ),
        title=_("Split the area"),
        deed=_("Split the area"),
        text=_(
            "Series that are recalculated over a split are estimates and are marked so. What no "
            "part takes stays here."
        ),
        done=_("The area is split."),
    )


# --- single changes of territory ---------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def area_transition_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what became of a version that is there in another one that is there."""
    area = _area(request, pk)
    form = TransitionForm(_posted(request), area=area)
    return _answer(
        request,
        area,
        form,
        lambda: add_transition(form.values(), by=_person(request)),
        title=_("Note a change of territory"),
        deed=_("Note the change"),
        text=_(
            "For two versions that are in the list already, where one ends and the other begins."
        ),
        done=_("The change of territory is noted."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def area_transition_change(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Correct a change of territory; a second editor sees the other's values."""
    area = _area(request, pk)
    transition = _transition(area, part)
    initial = TransitionForm.initial_of(transition)
    form = TransitionForm(_posted(request), area=area, initial=initial)
    return _answer(
        request,
        area,
        form,
        lambda: change_transition(
            transition, form.values(), seen_version=form.seen_version, by=_person(request)
        ),
        title=_("Correct the change of territory"),
        deed=_("Save the change"),
        text="",
        done=_("The change of territory is saved."),
        delete_url=reverse("places:area-transition-delete", args=[area.pk, transition.pk]),
        delete_label=_("Take it back"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def area_transition_delete(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Ask for the reason and take back a change of territory."""
    area = _area(request, pk)
    transition = _transition(area, part)
    form = ReasonForm(_posted(request))
    return _answer(
        request,
        area,
        form,
        lambda: remove_transition(
            transition, reason=form.cleaned_data["reason"], by=_person(request)
        ),
        title=_("Take back the change of territory"),
        deed=_("Take it back"),
        text=_("Both versions stay. Series are no longer recalculated over it."),
        done=_("The change of territory is taken back."),
        danger=True,
    )


# --- what all of them do -----------------------------------------------------------------


def _answer(
    request: HttpRequest,
    area: Area,
    form: forms.Form,
    act: Callable[[], object],
    *,
    title: str,
    deed: str,
    text: str,
    done: str,
    danger: bool = False,
    delete_url: str = "",
    delete_label: str = "",
) -> HttpResponse:
    """Do it if the form is right and lead back to the versions, else show the form."""
    has_clashed = False
    if form.is_valid():
        try:
            act()
        except AreaRefusedError as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal))
        except ChangedMeanwhileError as refusal:
            assert isinstance(form, VersionedForm)  # noqa: S101 - only such forms are refused so
            form.show_clash(refusal.record)
            has_clashed = True
        else:
            messages.success(request, done)
            return redirect("places:area-versions", pk=area.pk)
    context = {
        "area": area,
        "form": form,
        "title": title,
        "deed": deed,
        "text": text,
        "danger": danger,
        "delete_url": delete_url,
        "delete_label": delete_label,
    }
    status = UNPROCESSABLE if form.errors or has_clashed else 200
    return render(request, "places/area_deed.html", context, status=status)


def _area(request: HttpRequest, pk: int) -> Area:
    demand(may_edit_areas(request.user))
    return get_object_or_404(Area.objects.select_related("parent"), pk=pk)


def _version(area: Area, part: int) -> AreaVersion:
    return get_object_or_404(area.versions.select_related("area", "parent"), pk=part)


def _transition(area: Area, part: int) -> AreaTransition:
    own = AreaTransition.objects.filter(Q(before__area=area) | Q(after__area=area))
    return get_object_or_404(own.select_related("before", "after"), pk=part)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _person(request: HttpRequest) -> AbstractBaseUser:
    """Give who is signed in; these pages have no other visitors."""
    return cast("AbstractBaseUser", request.user)
