"""Take figures over: choose files, say what columns mean, check, done; and undo it."""

import json
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.history import changes
from zusammenplan.core.pages import demand
from zusammenplan.core.tables import UnreadableFileError
from zusammenplan.core.uploads import (
    KeptFile,
    drop_file,
    keep_file,
    kept_file,
    read_note,
    write_note,
)
from zusammenplan.indicators.actions.imports import (
    ColumnsUnknownError,
    ImportRefusedError,
    OtherThanShownError,
    Outlook,
    SourceFile,
    Wishes,
    look_ahead,
    relying_on,
    take_over,
    undo_import,
)
from zusammenplan.indicators.actions.imports.service import service_is_set
from zusammenplan.indicators.actions.imports.shapes import Shown
from zusammenplan.indicators.choices import Layout
from zusammenplan.indicators.domain.files import opened_table
from zusammenplan.indicators.domain.own import OwnMapping, OwnTable, propose
from zusammenplan.indicators.domain.shapes import NotOfficialError
from zusammenplan.indicators.forms.imports import (
    MEANINGS,
    FilesForm,
    OriginForm,
    column_lines,
    fault_words,
    mapping_of,
    origin_forms,
    pairs_of,
    proposed_forms,
    wishes_of,
)
from zusammenplan.indicators.models import ColumnMapping, Quantity, StatisticsImport
from zusammenplan.indicators.permissions import may_edit_data, may_see_data
from zusammenplan.indicators.queries.imports import (
    count_text,
    import_facts,
    replaced_lines,
    skipped_texts,
    value_text,
    values_text,
    whom_text,
)
from zusammenplan.indicators.queries.words import period_text
from zusammenplan.places.queries.finder import AreaFinder

if TYPE_CHECKING:
    from zusammenplan.people.models import User

UNPROCESSABLE = 422
A_PAGE = 50
MOST_FAULTS = 200
BETWEEN = "."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Choose the files; they are kept for their owner until they are taken over."""
    demand(may_edit_data(request.user))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FilesForm(*sent)
    if form.is_valid():
        now = timezone.now()
        kept = [
            keep_file(file.name or "", file.chunks(), by=_person(request), now=now)
            for file in form.cleaned_data["tables"]
        ]
        return redirect("indicators:import-check", BETWEEN.join(file.key for file in kept))
    context = {"form": form, "steps": _steps(), "has_service": service_is_set()}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "indicators/imports/new.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_check(request: HttpRequest, keys: str) -> HttpResponse:
    """Show what would be taken over; nothing is saved."""
    demand(may_edit_data(request.user))
    files = _files(request, keys)
    if request.method == "POST":
        wishes = wishes_of(request.POST, {})
        query = urlencode(pairs_of(wishes))
        return redirect(f"{reverse('indicators:import-check', args=[keys])}?{query}")
    wishes = wishes_of(request.GET, _mappings(request, files))
    context: dict[str, Any] = {"keys": keys, "files": files, "steps": _steps()}
    try:
        outlook = look_ahead(_sources(files), wishes)
    except ColumnsUnknownError:
        return redirect("indicators:import-columns", keys)
    except ImportRefusedError as refusal:
        context |= {"refusal": str(refusal)}
        return render(request, "indicators/imports/check.html", context, status=UNPROCESSABLE)
    context |= _preview(outlook, wishes)
    return render(request, "indicators/imports/check.html", context)


@never_cache
@require_POST
def import_take(request: HttpRequest, keys: str) -> HttpResponse:
    """Take the files over, exactly as they were shown."""
    demand(may_edit_data(request.user))
    files = _files(request, keys)
    wishes = wishes_of(request.POST, _mappings(request, files))
    query = urlencode(pairs_of(wishes))
    back = f"{reverse('indicators:import-check', args=[keys])}?{query}"
    now = timezone.now()
    forms = origin_forms(len(files), request.POST)
    try:
        if not all(form.is_valid() for form in forms):
            outlook = look_ahead(_sources(files), wishes)
            context = {"keys": keys, "files": files, "steps": _steps()}
            context |= _preview(outlook, wishes, forms) | {"has_faults": True}
            return render(request, "indicators/imports/check.html", context, status=UNPROCESSABLE)
        outlook = take_over(
            _sources(files),
            wishes,
            origins={number: form.origin() for number, form in enumerate(forms)},
            by=_person(request),
            now=now,
            seen=request.POST.get("seen", ""),
        )
    except OtherThanShownError as refusal:
        messages.warning(request, f"{refusal} {_('This is how it stands now.')}")
        return redirect(back)
    except ImportRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    for file in files:
        drop_file(file)
    if not outlook.imports:
        messages.info(request, _("Everything was known already. Nothing was changed."))
        return redirect("indicators:import-list")
    messages.success(request, _taken_words(outlook))
    if len(outlook.imports) > 1:
        return redirect("indicators:import-list")
    return redirect("indicators:import-detail", outlook.imports[0].pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, keys: str) -> HttpResponse:
    """Ask what the columns of an own table mean; what was said of the last one is proposed."""
    demand(may_edit_data(request.user))
    files = _files(request, keys)
    found = _own_tables(request, files)
    wanted = request.POST.get("file", request.GET.get("file", ""))
    at = next((it for it in found if it[0].key == wanted), None) or next(
        (it for it in found if not it[2]), found[0] if found else None
    )
    if at is None:
        return redirect("indicators:import-check", keys)
    file, table, kept = at
    mapping, faults = kept or propose(table), list[str]()
    if request.method == "POST":
        mapping = mapping_of(request.POST, table)
        faults = fault_words(mapping.faults(table.headings))
        if not faults:
            note = json.dumps({"digest": table.digest, **mapping.as_json()})
            write_note(file.key, "columns", note, by=_person(request))
            return redirect("indicators:import-check", keys)
    context = {
        "keys": keys,
        "file": file,
        "lines": column_lines(table, mapping),
        "mapping": mapping,
        "faults": faults,
        "meanings": MEANINGS.items(),
        "quantities": Quantity.objects.order_by("name_de", "pk"),
        "steps": _steps(),
    }
    status = UNPROCESSABLE if faults else 200
    return render(request, "indicators/imports/columns.html", context, status=status)


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """List all imports, the newest first."""
    demand(may_see_data(request.user))
    imports = StatisticsImport.objects.select_related("imported_by").order_by("-pk")
    page = Paginator(imports, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_edit": may_edit_data(request.user)}
    return render(request, "indicators/imports/list.html", context)


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where figures came from, and what they replaced."""
    demand(may_see_data(request.user))
    record = get_object_or_404(
        StatisticsImport.objects.select_related("imported_by", "undone_by"), pk=pk
    )
    may_edit = may_edit_data(request.user)
    context = {
        "record": record,
        "facts": import_facts(record),
        # Old and new values may be fewer than the public may see: they are for the planner.
        "replaced": replaced_lines(record) if may_edit else [],
        "log": changes(record),
        "may_edit": may_edit,
    }
    return render(request, "indicators/imports/detail.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then undo an import."""
    demand(may_edit_data(request.user))
    record = get_object_or_404(StatisticsImport, pk=pk)
    if request.method == "POST":
        try:
            undo_import(record, by=_person(request), now=timezone.now())
        except ImportRefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The import is undone."))
        return redirect("indicators:import-detail", pk)
    return render(
        request,
        "indicators/imports/undo.html",
        {"record": record, "later": relying_on(record), "back_url": _detail_url(record)},
    )


# What the pages share


def _person(request: HttpRequest) -> "User":
    return cast("User", request.user)


def _detail_url(record: StatisticsImport) -> str:
    return reverse("indicators:import-detail", args=[record.pk])


def _files(request: HttpRequest, keys: str) -> list[KeptFile]:
    """Give the files that the address names; those of others are not found."""
    files = [kept_file(key, by=_person(request)) for key in keys.split(BETWEEN)]
    found = [file for file in files if file is not None]
    if not found or len(found) < len(files):
        raise Http404
    return found


def _sources(files: list[KeptFile]) -> list[SourceFile]:
    return [SourceFile(file.name, file.path) for file in files]


def _mappings(request: HttpRequest, files: list[KeptFile]) -> dict[str, OwnMapping]:
    """Give what was said just now about columns, by the digest of their headings."""
    mappings = {}
    for file in files:
        if note := read_note(file.key, "columns", by=_person(request)):
            kept = json.loads(note)
            mappings[kept["digest"]] = OwnMapping.from_json(kept)
    return mappings


def _own_tables(
    request: HttpRequest, files: list[KeptFile]
) -> list[tuple[KeptFile, OwnTable, OwnMapping | None]]:
    """Give the own tables among the files, each with what is known of its columns."""
    said = _mappings(request, files)
    knows = AreaFinder.load().knows_name
    found = []
    for file in files:
        try:
            with file.path.open("rb") as plain, opened_table(plain, file.name, knows) as opened:
                table = opened.own
        except (NotOfficialError, UnreadableFileError):
            # What is wrong with it is said when it is looked at.
            continue
        if table is None:
            continue
        mapping = said.get(table.digest)
        if mapping is None:
            kept = ColumnMapping.objects.filter(headings=table.digest).first()
            mapping = OwnMapping.from_json(kept.columns) if kept else None
        found.append((file, table, mapping))
    return found


def _steps() -> list[str]:
    return [_("Choose files"), _("Check"), _("Take over")]


def _preview(
    outlook: Outlook, wishes: Wishes, forms: list[OriginForm] | None = None
) -> dict[str, Any]:
    """Give what the page shows; without forms of provenance, those that the files fill."""
    if forms is None:
        forms = proposed_forms(outlook, today=timezone.localdate())
    chosen = wishes.names
    return {
        "outlook": outlook,
        "sums": _sums(outlook),
        "summaries": [
            {
                "file": file,
                "layout": Layout(file.about.layout.value).label,
                "values": values_text(file.values),
                "skipped": skipped_texts(file.skipped),
                "faults": file.refused[:MOST_FAULTS],
                "more_faults": max(file.refused_count - MOST_FAULTS, 0),
            }
            for file in outlook.files
        ],
        "changed": [_line(shown, outlook) for shown in outlook.changed],
        "added": [_line(shown, outlook) for shown in outlook.added[:15]],
        "forms": list(zip(outlook.files, forms, strict=True)),
        "pairs": pairs_of(wishes),
        "known_only": wishes.known_areas_only,
        "ambiguous": [
            {
                "name": it.name,
                "options": [
                    ("", _("please choose"), it.name not in chosen),
                    # As texts, for numbers are written with their thousands grouped.
                    *((str(pk), text, chosen.get(it.name) == pk) for pk, text in it.areas),
                    ("0", _("none of them: leave out"), chosen.get(it.name) == 0),
                ],
            }
            for it in outlook.ambiguous
        ],
        "has_own": any(file.digest for file in outlook.files),
    }


def _sums(outlook: Outlook) -> list[dict[str, object]]:
    files = outlook.files
    return [
        {"label": _("new"), "value": sum(it.new for it in files)},
        {"label": _("changed"), "value": sum(it.changed for it in files)},
        {"label": _("unchanged"), "value": sum(it.unchanged for it in files)},
        {"label": _("refused"), "value": sum(it.refused_count for it in files)},
        {"label": _("left out"), "value": sum(it.skipped_count for it in files)},
    ]


def _line(shown: Shown, outlook: Outlook) -> dict[str, object]:
    return {
        "file": outlook.files[shown.file].name,
        "row": shown.row,
        "quantity": shown.quantity,
        "area": shown.area,
        "time": period_text(shown.starts_on, shown.ends_on),
        "whom": whom_text(*shown.whom),
        "old": value_text(*shown.old) if shown.old else "",
        "new": value_text(*shown.new),
    }


def _taken_words(outlook: Outlook) -> str:
    sums = {str(key): sum(getattr(it, key) for it in outlook.files) for key in ("new", "changed")}
    return _("Taken over: %(new)s values new, %(changed)s changed.") % {
        key: count_text(number) for key, number in sums.items()
    }
