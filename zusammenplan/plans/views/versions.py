"""The pages of frozen versions, of comparing, and of one measure's story."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.core.pages import demand, render_page
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.versions import freeze
from zusammenplan.plans.domain.comparison import (
    Comparison,
    Kind,
    RecordChange,
    What,
    compare,
)
from zusammenplan.plans.forms.life import CompareForm, FreezeForm
from zusammenplan.plans.models import Plan
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.comparison import KIND_LABELS, ShownRecord, Speaker, shown_records
from zusammenplan.plans.queries.notes import notes_of_plan
from zusammenplan.plans.queries.story import story_of
from zusammenplan.plans.queries.versions import (
    State,
    content_of,
    state_key,
    states_for,
    versions_of,
)
from zusammenplan.plans.views.workspace import PAGE_SIZE, measure_of, readable_plan, upper_url

DETAIL_PAGES = {
    Kind.MEASURE: "plans:measure-detail",
    Kind.GOAL: "plans:goal-detail",
    Kind.NEED: "plans:need-detail",
}


@require_http_methods(["GET", "POST"])
def version_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the frozen versions; planners freeze another one."""
    plan = readable_plan(request, slug)
    may_edit = may_edit_plan(request.user)
    form = FreezeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        demand(may_edit)
        if form.is_valid():
            version = freeze(plan, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(
                request,
                _("Version %(number)s is frozen. It stays as it is for ever.")
                % {"number": version.number},
            )
            return redirect("plans:version-list", slug)
    context = {
        "plan": plan,
        "lines": [
            {"line": line, "url": _reading_url(plan, line.number)} for line in versions_of(plan)
        ],
        "today": state_key(plan, None),
        "compare_url": reverse("plans:plan-compare", args=[slug]),
        "changes_url": upper_url("reports:plan-changes", slug) if plan.predecessor_id else "",
        "form": form,
        "notes": notes_of_plan(plan, "fassung"),
        "may_edit": may_edit,
    }
    return render(request, "plans/version_list.html", context)


@require_safe
def plan_compare(request: UserRequest, slug: str) -> HttpResponse:
    """Compare two states of the plan, or of the plan and its neighbours, record by record."""
    plan = readable_plan(request, slug)
    states = states_for(plan)
    form = CompareForm(request.GET, states=states)
    context: dict[str, Any] = {"plan": plan, "form": form, "pair": form.pair}
    if form.pair is not None:
        before, after = form.pair
        contents = content_of(before), content_of(after)
        compared = compare(*contents)
        speaker = Speaker(*contents)
        chosen = _chosen(compared, form, request.GET.get("eintrag", ""))
        page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "sections": _sections(form.pair, page, speaker),
            "counts": _counts(compared),
            "is_empty": compared.is_empty,
            "one": bool(request.GET.get("eintrag")),
            "eintrag": request.GET.get("eintrag", ""),
        }
    return render_page(request, "plans/plan_compare.html", context, part="found")


@require_safe
def measure_story(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Tell the story of a measure through all plans and versions."""
    plan = readable_plan(request, slug)
    measure = measure_of(plan, pk)
    context = {
        "plan": plan,
        "measure": measure,
        "story": story_of(measure),
        "compare_url": reverse("plans:plan-compare", args=[slug])
        + f"?eintrag=measure:{measure.identity}",
    }
    return render(request, "plans/measure_story.html", context)


def _reading_url(plan: Plan, number: int) -> str:
    """Lead to where everybody reads the version, or we alone as long as the plan is not public."""
    name = "website:plan-version" if plan.is_public else "reports:version-reading"
    return upper_url(name, plan.slug, number)


def _chosen(compared: Comparison, form: CompareForm, entry: str) -> Sequence[RecordChange]:
    """Narrow the records by the filter; a single record is shown whatever became of it."""
    if entry:
        kind, _colon, key = entry.partition(":")
        return [one for one in compared.records if (one.kind.value, one.key) == (kind, key)]
    records = compared.records if form.what == "all" else compared.changes
    if form.kind:
        records = tuple(one for one in records if one.kind == form.kind)
    if form.what == "moved":
        return [one for one in records if one.moved]
    if form.what and form.what != "all":
        return [one for one in records if one.what == form.what]
    return records


def _sections(
    pair: tuple[State, State], page: Page[RecordChange], speaker: Speaker
) -> list[Mapping[str, Any]]:
    """Put the records of the page under the headings of their kinds."""
    sections: dict[Kind, list[Mapping[str, Any]]] = {}
    for shown in shown_records(speaker, list(page)):
        url = _record_url(pair, shown)
        sections.setdefault(shown.kind, []).append({"record": shown, "url": url})
    return [{"label": KIND_LABELS[kind], "records": found} for kind, found in sections.items()]


def _record_url(pair: tuple[State, State], shown: ShownRecord) -> str:
    """Link to the record as it stands today, if the later state is that of today."""
    name = DETAIL_PAGES.get(shown.kind)
    after = pair[1]
    if name is None or not shown.pk or after.number is not None or shown.what == What.REMOVED:
        return ""
    return upper_url(name, after.plan.slug, shown.pk)


def _counts(compared: Comparison) -> list[Mapping[str, Any]]:
    """Count for each kind what came, went and changed."""
    rows: list[Mapping[str, Any]] = []
    for kind in Kind:
        records = compared.of(kind)
        tally = {what: sum(one.what == what for one in records) for what in What}
        if len(records) - tally[What.SAME]:
            rows.append(
                {
                    "label": KIND_LABELS[kind],
                    "added": tally[What.ADDED],
                    "removed": tally[What.REMOVED],
                    "changed": tally[What.CHANGED],
                    "moved": sum(one.moved for one in records),
                }
            )
    return rows
