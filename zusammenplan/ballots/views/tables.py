"""Take over a plan's table on three pages: choose the file, check, done."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.ballots.actions import (
    OtherThanShownError,
    Outlook,
    RefusedError,
    Shown,
    TakenOver,
    Upload,
    drop_upload,
    keep_upload,
    kept_upload,
    look_ahead,
    take_over,
)
from zusammenplan.ballots.forms.tables import (
    Choices,
    FoundTable,
    TableForm,
    choices_of,
    found_in,
    short_name,
)
from zusammenplan.ballots.models import Round
from zusammenplan.ballots.permissions import may_prepare
from zusammenplan.core.pages import demand
from zusammenplan.people.models import User
from zusammenplan.plans.actions import RowRefusedError
from zusammenplan.plans.domain.plan_table import ColumnMeaning, Hint, PlanMeasure, PlanTable
from zusammenplan.plans.domain.rows import Comparison, counts
from zusammenplan.plans.domain.table_rows import heading_above
from zusammenplan.plans.models import Plan
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.plans import hint_text, plans_with_counts, reason_text

ROWS_A_PAGE = 100
NO_MARK = "–"
UNPROCESSABLE = 422


class Request(HttpRequest):
    """A request of somebody who is signed in; the middleware lets nobody else in."""

    user: User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def table_import(request: Request) -> HttpResponse:
    _demand_planner(request.user)
    plans = plans_with_counts()
    chosen = plans.filter(slug=request.GET.get("plan", "")).first()
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = TableForm(*sent, plans=plans, initial={"plan": chosen})
    if form.is_valid():
        name = short_name(form.cleaned_data["file"].name)
        upload = keep_upload(name, form.content, by=request.user, now=timezone.now())
        plan, title = form.cleaned_data["plan"], form.cleaned_data["title"]
        choices = Choices(plan=plan, title=" ".join(title.split()))
        return redirect(f"{reverse('tables:check', args=[upload.key])}?{choices.query()}")
    context = {"form": form, "plan": chosen, "steps": _steps(), "has_plans": plans.exists()}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "ballots/tables/import.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def table_check(request: Request, key: str) -> HttpResponse:
    _demand_planner(request.user)
    upload = _upload(request.user, key)
    found = found_in(upload.name, upload.content)
    data = request.POST if request.method == "POST" else request.GET
    choices = _choices(request.user, data, upload, found)
    if request.method == "POST":
        return redirect(f"{reverse('tables:check', args=[key])}?{choices.query()}")
    refusal, outlook = choices.refusal, None
    if choices.table is not None:
        outlook, refusal = _outlook(choices, choices.table)
    context = {
        "upload": upload,
        "choices": choices,
        "steps": _steps(),
        "refusal": refusal,
        "address": reverse("tables:check", args=[key]),
        "import_url": _import_url(choices.plan),
    }
    if outlook is not None and choices.table is not None:
        context |= _preview(request, upload, found, choices, choices.table, outlook)
    return render(request, "ballots/tables/check.html", context)


@never_cache
@require_POST
def table_take(request: Request, key: str) -> HttpResponse:
    _demand_planner(request.user)
    upload = _upload(request.user, key)
    found = found_in(upload.name, upload.content)
    choices = _choices(request.user, request.POST, upload, found)
    check_url = f"{reverse('tables:check', args=[key])}?{choices.query()}"
    if choices.table is None:
        return redirect(check_url)
    try:
        taken = take_over(
            choices.table,
            plan=choices.plan,
            title=choices.title,
            marks_of=choices.marks_of,
            source=upload.name,
            by=request.user,
            now=timezone.now(),
            seen=_shown(request, upload, found),
        )
    except OtherThanShownError as refusal:
        messages.warning(request, f"{refusal} {_('This is how it stands now.')}")
        return redirect(check_url)
    except (RefusedError, RowRefusedError) as refusal:
        messages.error(request, f"{refusal} {_('Nothing was taken over.')}")
        return redirect(check_url)
    drop_upload(upload, by=request.user)
    messages.success(request, _taken_words(taken))
    address = reverse("tables:done", args=[taken.plan.slug])
    return redirect(f"{address}?round={taken.round.slug}" if taken.round else address)


@require_safe
def table_done(request: Request, slug: str) -> HttpResponse:
    _demand_planner(request.user)
    plan = get_object_or_404(Plan.objects.visible_to(request.user), slug=slug)
    rounds = Round.objects.visible_to(request.user).filter(plan=plan)
    context = {
        "plan": plan,
        "round": rounds.filter(slug=request.GET.get("round", "")).first(),
        "steps": _steps(),
        "import_url": _import_url(plan),
    }
    return render(request, "ballots/tables/done.html", context)


# What the pages share


def _demand_planner(user: User) -> None:
    demand(may_edit_plan(user) and may_prepare(user))


def _upload(user: User, key: str) -> Upload:
    upload = kept_upload(key, by=user)
    if upload is None:
        raise Http404
    return upload


def _choices(user: User, data: QueryDict, upload: Upload, found: FoundTable) -> Choices:
    plan = None
    if slug := data.get("plan"):
        plan = get_object_or_404(Plan.objects.visible_to(user), slug=slug)
    stem = upload.name.rpartition(".")[0] or upload.name
    title = heading_above(found.best.rows, found.best.plan) or stem.replace("_", " ").strip()
    return choices_of(data, found, plan=plan, title=title)


def _shown(request: Request, upload: Upload, found: FoundTable) -> Shown:
    """Read what the page showed: the choices that it was made with, and their outlook."""
    choices = _choices(request.user, QueryDict(request.POST.get("shown", "")), upload, found)
    return Shown(
        table=choices.table or found.best.plan,
        plan=choices.plan,
        title=choices.title,
        marks_of=choices.marks_of,
        fingerprint=request.POST.get("seen", ""),
    )


def _outlook(choices: Choices, table: PlanTable) -> tuple[Outlook, str]:
    """Give what would happen; with a refusal, what would happen without the marks."""
    try:
        return look_ahead(
            table, plan=choices.plan, title=choices.title, marks_of=choices.marks_of
        ), ""
    except RefusedError as refusal:
        outlook = look_ahead(table, plan=choices.plan, title=choices.title, marks_of={})
        return outlook, str(refusal)


def _import_url(plan: Plan | None) -> str:
    address = reverse("tables:import")
    return f"{address}?plan={plan.slug}" if plan else address


def _steps() -> list[str]:
    return [_("Choose the file"), _("Check"), _("Take over")]


def _taken_words(taken: TakenOver) -> str:
    measures = taken.measures
    if not taken.changed:
        return _("Everything stood in the plan already. Nothing was changed.")
    words = [
        _("Measures: %(new)s new, %(changed)s changed, %(unchanged)s unchanged.")
        % {
            "new": measures.new,
            "changed": measures.changed,
            "unchanged": measures.unchanged,
        }
    ]
    if left_out := len(taken.refused):
        words.append(
            ngettext(
                "%(count)s row was not taken over.",
                "%(count)s rows were not taken over.",
                left_out,
            )
            % {"count": left_out}
        )
    return " ".join(words)


# The page that checks


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of the file as the page shows it."""

    row: int
    number: str
    title: str
    marks: str
    result: str
    hint: str
    is_field: bool = False
    is_refused: bool = False


def _preview(
    request: Request,
    upload: Upload,
    found: FoundTable,
    choices: Choices,
    table: PlanTable,
    outlook: Outlook,
) -> dict[str, Any]:
    rows = _preview_rows(found, table, outlook)
    kinds = {
        "": rows,
        "refused": [row for row in rows if row.is_refused],
        "hint": [row for row in rows if row.hint and not row.is_refused],
    }
    names = {"": _("All"), "refused": _("Not taken over"), "hint": _("With a hint")}
    show = request.GET.get("show", "")
    show = show if show in kinds else ""
    tabs = [
        {
            "label": label,
            "url": f"?{choices.query(**({'show': kind} if kind else {}))}#zeilen",
            "current": kind == show,
            "count": len(kinds[kind]),
        }
        for kind, label in names.items()
    ]
    measures = counts(outlook.compared.measures)
    fields = counts(outlook.compared.fields)
    to_do = measures.new + measures.changed + fields.new + fields.changed
    return {
        "outlook": outlook,
        "sums": _sums(table, outlook),
        "facts": _facts(upload, found, table, outlook),
        "tabs": tabs,
        "page": Paginator(kinds[show], ROWS_A_PAGE).get_page(request.GET.get("page")),
        "has_marks": bool(table.grades),
        "is_needed": bool(to_do or outlook.changed_marks),
        "deed": _deed(to_do, measures.new + measures.changed),
        "round_words": _round_words(outlook),
    }


def _sums(table: PlanTable, outlook: Outlook) -> list[dict[str, Any]]:
    measures = counts(outlook.compared.measures)
    return [
        {"label": _("Fields of action"), "value": len(table.fields)},
        {"label": _("Measures"), "value": len(table.measures)},
        {"label": _("of these new"), "value": measures.new},
        {"label": _("changed"), "value": measures.changed},
        {"label": _("unchanged"), "value": measures.unchanged},
        {"label": _("not taken over"), "value": len(table.refused)},
    ]


def _facts(
    upload: Upload, found: FoundTable, table: PlanTable, outlook: Outlook
) -> list[dict[str, str]]:
    first = found.chosen[0]
    rows = sum(len(part.rows) for part in found.chosen)
    parts = [
        upload.name,
        ", ".join(part.name for part in found.chosen),
        ngettext("%(count)s row", "%(count)s rows", rows) % {"count": rows},
    ]
    if first.encoding:
        parts.append(first.encoding.upper())
    if table.grades:
        form = _("Table with the grades %(first)s to %(last)s") % {
            "first": table.grades[0],
            "last": table.grades[-1],
        }
    else:
        form = _("Table of measures without grades")
    facts = [
        {"label": _("File"), "value": ", ".join(parts)},
        {"label": _("Layout"), "value": form},
    ]
    if outlook.plan is not None:
        url = reverse("plans:plan-detail", args=[outlook.plan.slug])
        facts.append({"label": _("Plan"), "value": outlook.plan.title, "url": url})
    else:
        facts.append({"label": _("Plan"), "value": _("new: %(title)s") % {"title": outlook.title}})
    return facts


def _round_words(outlook: Outlook) -> str:
    """Say where the marks go."""
    if not outlook.groups:
        return ""
    if outlook.round is None:
        return _("A new round is made for the marks. It stays provisional until you release it.")
    title = {"round": outlook.round.title}
    if outlook.is_settled:
        return _("The released result “%(round)s” holds just these marks.") % title
    return _("The marks go into the round “%(round)s”.") % title


def _deed(to_do: int, measures: int) -> str:
    if measures:
        return ngettext("Take over %(count)s measure", "Take over %(count)s measures", measures) % {
            "count": measures
        }
    return _("Take over the fields of action") if to_do else _("Take over the marks")


def _preview_rows(found: FoundTable, table: PlanTable, outlook: Outlook) -> list[PreviewRow]:
    hints: dict[int, list[str]] = {}
    for note in table.notes:
        hints.setdefault(note.row, []).append(hint_text(note))
    rows = [
        PreviewRow(
            field.row,
            field.code,
            field.name,
            "",
            _result(compared),
            _all_hints(compared, hints.pop(field.row, [])),
            is_field=True,
        )
        for field, compared in zip(table.fields, outlook.compared.fields, strict=True)
    ]
    signs = [marks.sign for marks in outlook.groups] or list(table.signs)
    for measure, compared in zip(table.measures, outlook.compared.measures, strict=True):
        marks = _marks_text(measure, signs)
        own = hints.pop(measure.row, [])
        result = _result(compared)
        if compared.kind == "unchanged" and measure.number in outlook.changed_marks:
            result = _("new marks")
        rows.append(
            PreviewRow(
                measure.row, measure.number, measure.title, marks, result, _all_hints(compared, own)
            )
        )
    rows += _refused_rows(found, table)
    refused = {row.row for row in rows}
    rows += [
        PreviewRow(note.row, "", "", "", _skipped(note.hint), " ".join(hints.pop(note.row)))
        for note in table.notes
        if note.row in hints and note.row not in refused
    ]
    return sorted(rows, key=lambda row: row.row)


def _refused_rows(found: FoundTable, table: PlanTable) -> list[PreviewRow]:
    """Show what could not be read, as it stands in the file."""
    cells = dict(found.best.rows)
    at = {column.meaning: column.index for column in reversed(table.columns)}
    grades = {it.index: it.grade for it in table.columns if it.meaning is ColumnMeaning.GRADE}

    def cell(row: int, meaning: ColumnMeaning) -> str:
        index = at.get(meaning, -1)
        return " ".join(cells[row][index].split()) if 0 <= index < len(cells[row]) else ""

    return [
        PreviewRow(
            row=refused.row,
            number=cell(refused.row, ColumnMeaning.NUMBER) or NO_MARK,
            title=cell(refused.row, ColumnMeaning.TITLE),
            marks=", ".join(
                str(grade)
                for index, grade in grades.items()
                if index < len(cells[refused.row]) and cells[refused.row][index].strip()
            )
            or NO_MARK,
            result=_("not taken over"),
            hint=reason_text(refused),
            is_refused=True,
        )
        for refused in table.refused
    ]


def _marks_text(measure: PlanMeasure, signs: list[str]) -> str:
    """Write the marks of a row: “3”, several as “2 (5), 3 (8)”, several groups with their signs."""
    parts = []
    for sign in signs:
        tally = measure.marks_by_sign.get(sign, {})
        words = ", ".join(
            str(grade) if count == 1 else f"{grade} ({count})" for grade, count in tally.items()
        )
        if words:
            parts.append(f"{sign}: {words}" if len(signs) > 1 else words)
    return "; ".join(parts) or NO_MARK


def _result(compared: Comparison) -> str:
    return {"new": _("new"), "changed": _("changed"), "unchanged": _("unchanged")}[compared.kind]


def _all_hints(compared: Comparison, notes: list[str]) -> str:
    changes = [
        _("%(what)s: so far “%(old)s”.") % {"what": change.label.capitalize(), "old": change.old}
        if change.old
        else _("%(what)s: so far empty.") % {"what": change.label.capitalize()}
        for change in compared.changes
    ]
    return " ".join([*changes, *notes])


def _skipped(hint: Hint) -> str:
    if hint is Hint.ROWS_JOINED:
        return _("joined with a row")
    return _("skipped") if hint in {Hint.HEADER_REPEATED, Hint.LINE_SKIPPED} else ""
