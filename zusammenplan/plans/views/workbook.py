"""The plan as a workbook: download it, upload it edited, look at each change, take it over."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.tables import UnreadableFileError
from zusammenplan.core.uploads import Upload, drop_upload, keep_upload, kept_upload, short_name
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.indicators import MixedValuesError
from zusammenplan.plans.actions.milestones import MoveReasonMissingError
from zusammenplan.plans.actions.refusals import MeasureInUseError, StatusReasonMissingError
from zusammenplan.plans.actions.relations import RelationKnownError
from zusammenplan.plans.actions.workbook import (
    Decided,
    RecordInUseError,
    WorkbookChangedError,
    Written,
    fingerprint,
    take_workbook,
)
from zusammenplan.plans.domain.content import PlanContent
from zusammenplan.plans.domain.workbook import SHEETS, CellChange, Difference
from zusammenplan.plans.exports.sheets import XLSX_KIND
from zusammenplan.plans.exports.workbook import workbook_file
from zusammenplan.plans.forms.workbook import EditedBook, WorkbookForm, read_workbook
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.workbook import (
    choice_words,
    compared,
    heading,
    refusal_words,
    sheet_name,
    value_words,
)
from zusammenplan.plans.views.workspace import plan_to_edit, readable_plan

UNPROCESSABLE = 422
SHOWN_CHARACTERS = 400
FROM_FILE, REMOVE = "file", "remove"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: UserRequest, slug: str) -> HttpResponse:
    plan = plan_to_edit(request, slug)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = WorkbookForm(*sent, plan=plan)
    if form.is_valid():
        name = short_name(form.cleaned_data["file"].name)
        upload = keep_upload(name, form.content, by=request.user, now=timezone.now())
        return redirect("plans:workbook-check", slug=plan.slug, key=upload.key)
    context = {"plan": plan, "form": form, "steps": _steps()}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "plans/workbook.html", context, status=status)


@require_safe
def workbook_download(request: UserRequest, slug: str) -> HttpResponse:
    plan = readable_plan(request, slug)
    with workbook_file(plan_content(plan), now=timezone.now()) as file:
        response = HttpResponse(file.read(), content_type=XLSX_KIND)
    response["Content-Disposition"] = f'attachment; filename="{plan.slug}-excel.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_safe
def workbook_check(request: UserRequest, slug: str, key: str) -> HttpResponse:
    plan = plan_to_edit(request, slug)
    upload = _upload(request, key)
    edited = _edited(upload, plan)
    content = plan_content(plan)
    difference = compared(content, edited.book)
    context = {
        "plan": plan,
        "upload": upload,
        "steps": _steps(),
        "made_at": date_format(timezone.localtime(edited.made_at), "SHORT_DATETIME_FORMAT"),
        "seen": fingerprint(difference),
        "is_empty": difference.is_empty,
        "deed": _deed(difference),
        **_shown(content, difference),
    }
    return render(request, "plans/workbook_check.html", context)


@never_cache
@require_POST
def workbook_take(request: UserRequest, slug: str, key: str) -> HttpResponse:
    plan = plan_to_edit(request, slug)
    upload = _upload(request, key)
    edited = _edited(upload, plan)
    try:
        written = take_workbook(
            plan,
            edited.book,
            decided=_decided(request.POST),
            seen=request.POST.get("seen", ""),
            source=upload.name,
            by=request.user,
        )
    except WorkbookChangedError as refusal:
        messages.warning(request, str(refusal))
        return redirect("plans:workbook-check", slug=plan.slug, key=key)
    except (
        MeasureInUseError,
        MixedValuesError,
        MoveReasonMissingError,
        RecordInUseError,
        RelationKnownError,
        StatusReasonMissingError,
    ) as refusal:
        messages.error(request, f"{refusal} {_('Nothing was taken over.')}")
        return redirect("plans:workbook-check", slug=plan.slug, key=key)
    drop_upload(upload, by=request.user)
    messages.success(request, _written_words(written))
    return redirect("plans:measure-list", slug=plan.slug)


def _upload(request: UserRequest, key: str) -> Upload:
    upload = kept_upload(key, by=request.user)
    if upload is None:
        raise Http404
    return upload


def _edited(upload: Upload, plan: Plan) -> EditedBook:
    try:
        return read_workbook(upload.name, upload.content, plan=plan)
    except UnreadableFileError as refusal:
        raise Http404 from refusal  # it was checked when it came; this is another plan's address


def _decided(data: QueryDict) -> Decided:
    cells, rows = set(), set()
    for name, value in data.items():
        parts = name.split("/")
        if len(parts) == 4 and parts[0] == "cell" and value == FROM_FILE:  # noqa: PLR2004 - cell, sheet, key, column
            cells.add((parts[1], parts[2], parts[3]))
        elif len(parts) == 3 and parts[0] == REMOVE:  # noqa: PLR2004 - remove, sheet, key
            rows.add((parts[1], parts[2]))
    return Decided(frozenset(cells), frozenset(rows))


def _steps() -> list[str]:
    return [_("Choose the file"), _("Check"), _("Take over")]


def _written_words(written: Written) -> str:
    return _(
        "Taken over from the workbook. Changed: %(changed)s, new: %(new)s, deleted: %(removed)s."
    ) % {"changed": written.changed, "new": written.new, "removed": written.removed}


def _deed(difference: Difference) -> str:
    count = len(difference.changes) + len(difference.new)
    if not count and difference.gone:
        return _("Delete what is ticked")
    return ngettext("Take over %(count)s change", "Take over %(count)s changes", count) % {
        "count": count
    }


# What the page that checks shows


def _shown(content: PlanContent, difference: Difference) -> dict[str, Any]:
    words = choice_words(content)
    names = {one.identity: f"{one.number} {one.title.de}" for one in content.measures}
    names |= {one.identity: f"{one.number} {one.title.de}".strip() for one in content.goals}
    names |= {one.identity: f"{one.number} {one.title.de}".strip() for one in content.needs}

    def change_of(change: CellChange) -> dict[str, Any]:
        column = SHEETS[change.sheet].column(change.column)
        return {
            "sheet": sheet_name(change.sheet),
            "address": change.address,
            "record": _short(names.get(change.key, change.label)),
            "column": heading(change.sheet, change.column),
            "old": _short(value_words(column, change.old, words, difference.labels)),
            "new": _short(value_words(column, change.new, words, difference.labels)),
            "is_derived": change.is_derived,
            "name": f"cell/{change.sheet}/{change.key}/{change.column}",
            "file_value": FROM_FILE,
        }

    changes = [change_of(one) for one in difference.changes if not one.is_conflict]
    conflicts = [change_of(one) for one in difference.conflicts]
    new = [
        {
            "sheet": sheet_name(row.sheet),
            "row": row.row,
            "label": _short(row.label),
            "values": _new_values(row.sheet, row.values, words, difference.labels),
        }
        for row in difference.new
    ]
    gone = [
        {
            "name": f"{REMOVE}/{row.sheet}/{row.key}",
            "sheet": sheet_name(row.sheet),
            "label": _short(names.get(row.key, row.label)),
            "is_changed": row.is_changed,
        }
        for row in difference.gone
    ]
    refused = [
        {
            "sheet": sheet_name(one.sheet),
            "address": one.address,
            "reason": refusal_words(one),
        }
        for one in difference.refused
    ]
    return {
        "changes": changes,
        "conflicts": conflicts,
        "new": new,
        "gone": gone,
        "refused": refused,
        "sums": [
            {"label": _("changed cells"), "value": len(changes)},
            {"label": _("conflicts"), "value": len(conflicts)},
            {"label": _("new rows"), "value": len(new)},
            {"label": _("rows that are gone"), "value": len(gone)},
            {"label": _("refused"), "value": len(refused)},
        ],
        "is_needed": bool(changes or conflicts or new or gone),
    }


def _new_values(
    sheet: str,
    values: Mapping[str, Any],
    words: Mapping[str, Mapping[str, str]],
    labels: Mapping[str, str],
) -> list[dict[str, str]]:
    shown = []
    for column in SHEETS[sheet].columns:
        text = value_words(column, values.get(column.key), words, labels)
        if text:
            shown.append({"label": heading(sheet, column.key), "value": _short(text)})
    return shown


def _short(text: str) -> str:
    return Truncator(text).chars(SHOWN_CHARACTERS)
