"""Import areas from a file: choose it, look at what would change, take it over."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.pages import demand
from zusammenplan.core.tables import UnreadableFileError
from zusammenplan.core.uploads import Upload, drop_upload, keep_upload, kept_upload
from zusammenplan.places.actions.imports import FileChoice, ListChangedError, take_areas
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.forms.imports import AreaFileForm, ChoiceForm
from zusammenplan.places.models import AreaImport
from zusammenplan.places.permissions import may_edit_areas
from zusammenplan.places.queries.area_file import read_area_file
from zusammenplan.places.queries.area_import import Comparison, compared
from zusammenplan.places.queries.area_import_page import shown, summary

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from zusammenplan.places.domain.area_files import AreaFile

UNPROCESSABLE = 422
LAST_IMPORTS = 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def area_import(request: HttpRequest) -> HttpResponse:
    """Choose a file with areas; what cannot be read is told at once."""
    demand(may_edit_areas(request.user))
    sent: Any = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AreaFileForm(*sent)
    if form.is_valid():
        upload = keep_upload(form.name, form.content, by=_person(request), now=timezone.now())
        return redirect("places:area-import-check", key=upload.key)
    context = {
        "form": form,
        "steps": _steps(),
        "imports": AreaImport.objects.select_related("imported_by").order_by("-imported_at")[
            :LAST_IMPORTS
        ],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "places/area_import.html", context, status=status)


@never_cache
@require_safe
def area_import_check(request: HttpRequest, key: str) -> HttpResponse:
    """Show what the file would change; nothing is saved here."""
    demand(may_edit_areas(request.user))
    upload, file = _upload(request, key)
    form = ChoiceForm(request.GET if "as_of" in request.GET else None, file=file)
    choice = _choice(form)
    comparison = None
    if choice:
        comparison = compared(file, choice.as_of, only=choice.only, keyless=choice.keyless)
    context: dict[str, Any] = {
        "upload": upload,
        "file": file,
        "form": form,
        "choice": choice,
        "steps": _steps(),
        "associations": len(file.associations),
        "take_url": reverse("places:area-import-take", args=[upload.key]),
        **(shown(comparison) if comparison else {}),
    }
    return render(request, "places/area_import_check.html", context)


@never_cache
@require_POST
def area_import_take(request: HttpRequest, key: str) -> HttpResponse:
    """Take over what the person saw."""
    demand(may_edit_areas(request.user))
    upload, file = _upload(request, key)
    form = ChoiceForm(request.POST, file=file)
    back = f"{reverse('places:area-import-check', args=[upload.key])}?{_query(request)}"
    if not form.is_valid():
        return redirect(back)
    chosen = _chosen(form)
    choice = FileChoice(
        chosen.as_of, chosen.only, chosen.keyless, frozenset(request.POST.getlist("accepted"))
    )
    try:
        comparison = take_areas(
            file,
            choice,
            name=upload.name,
            checksum=sha256(upload.content).hexdigest(),
            seen=request.POST.get("seen", ""),
            by=_person(request),
            now=timezone.now(),
        )
    except ListChangedError as refusal:
        messages.warning(request, str(refusal))
        return redirect(back)
    drop_upload(upload, by=_person(request))
    messages.success(request, _("Taken over: %(summary)s.") % {"summary": summary(comparison)})
    _tell_refused(request, comparison)
    return redirect("places:area-list")


def _tell_refused(request: HttpRequest, comparison: Comparison) -> None:
    if comparison.refused:
        count = len(comparison.refused)
        told = "; ".join(f"{one.name}: {one.reason}" for one in comparison.refused[:3])
        messages.warning(
            request,
            ngettext(
                "%(count)s area was refused: %(told)s",
                "%(count)s areas were refused: %(told)s",
                count,
            )
            % {"count": count, "told": told},
        )


def _upload(request: HttpRequest, key: str) -> tuple[Upload, AreaFile]:
    upload = kept_upload(key, by=_person(request))
    if upload is None:
        raise Http404
    try:
        return upload, read_area_file(upload.name, upload.content)
    except UnreadableFileError as refusal:
        raise Http404 from refusal  # it was read when it came; this is another page's upload


def _choice(form: ChoiceForm) -> FileChoice | None:
    """Give what was chosen; at first what the file itself says, if it names its day."""
    if form.is_bound:
        return _chosen(form) if form.is_valid() else None
    initial = {name: field.initial for name, field in form.fields.items()}
    if not initial["as_of"]:
        return None
    return FileChoice(
        initial["as_of"],
        initial.get("only") or "",
        AreaKind.PLANNING_AREA,
    )


def _chosen(form: ChoiceForm) -> FileChoice:
    data = form.cleaned_data
    return FileChoice(data["as_of"], data.get("only", ""), data.get("keyless", ""))


def _query(request: HttpRequest) -> str:
    query = request.POST.copy()
    for name in list(query):
        if name not in {"as_of", "only", "keyless"}:
            del query[name]
    return query.urlencode()


def _steps() -> list[str]:
    return [_("Choose the file"), _("Check"), _("Take over")]


def _person(request: HttpRequest) -> AbstractBaseUser:
    """Give who is signed in; these pages have no other visitors."""
    return cast("AbstractBaseUser", request.user)
