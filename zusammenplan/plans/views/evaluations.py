"""The pages of evaluations: scale, rounds, what is rated, results."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError, changes, entry_time
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions import evaluations as actions
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.domain.attainment import from_record, scale_of
from zusammenplan.plans.exports.evaluations import evaluation_csv_lines, evaluation_xlsx_file
from zusammenplan.plans.exports.sheets import CSV_KIND, XLSX_KIND
from zusammenplan.plans.forms.evaluations import (
    MOST_TICKED,
    EvaluationForm,
    ItemsForm,
    ScaleForm,
    ScopeForm,
)
from zusammenplan.plans.models import Evaluation, Goal, Measure, Plan
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.attainment_words import (
    STATUS_SIGNS,
    language,
    percent_text,
)
from zusammenplan.plans.queries.evaluations import (
    PlanThings,
    RoundLine,
    evaluations_of,
    round_lines,
)
from zusammenplan.plans.queries.results import results_of
from zusammenplan.plans.views.workspace import (
    PAGE_SIZE,
    deletion_page,
    plan_to_edit,
    readable_plan,
    upper_url,
    words_looked_for,
)

THINGS_A_PAGE = 200


def readable_evaluation(request: UserRequest, slug: str, evaluation: str) -> Evaluation:
    """Give a round of the plan to whoever may read it; the plan comes with it."""
    plan = readable_plan(request, slug)
    found = get_object_or_404(plan.evaluations.select_related("plan__predecessor"), slug=evaluation)
    found.plan = plan
    return found


def evaluation_to_edit(request: UserRequest, slug: str, evaluation: str) -> Evaluation:
    """Give a round to whoever may work on it."""
    plan_to_edit(request, slug)
    return readable_evaluation(request, slug, evaluation)


def round_context(request: UserRequest, evaluation: Evaluation, here: str) -> dict[str, Any]:
    """Give what every page of a round shows: its state, its way, its own tabs."""
    statuses = list(EvaluationStatus)
    args = [evaluation.plan.slug, evaluation.slug]
    may_edit = may_edit_plan(request.user)
    pages = [
        ("results", _("Results"), "plans:evaluation-detail", True),
        ("check", _("Ratings"), "plans:evaluation-check", True),
        ("people", _("Persons asked"), "plans:evaluation-people", True),
        ("items", _("Scope"), "plans:evaluation-items", may_edit),
    ]
    return {
        "plan": evaluation.plan,
        "evaluation": evaluation,
        "status_sign": STATUS_SIGNS[EvaluationStatus(evaluation.status)],
        "step_labels": [
            _("Prepare"),
            _("Take ratings"),
            _("Check"),
            _("Closed"),
        ],
        "step": statuses.index(EvaluationStatus(evaluation.status)) + 1,
        "is_closed": evaluation.status == EvaluationStatus.CLOSED,
        "may_edit": may_edit,
        "is_below": here != "results",
        "round_tabs": [
            {"label": label, "url": reverse(name, args=args), "current": key == here}
            for key, label, name, shown in pages
            if shown
        ],
    }


# --- the plan's rounds and its scale -------------------------------------------------------


@require_safe
def evaluation_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the plan's rounds of rating, and show its scale."""
    plan = readable_plan(request, slug)
    page = Paginator(evaluations_of(plan), PAGE_SIZE).get_page(request.GET.get("page"))
    lines = [_round_line(line) for line in round_lines(list(page))]
    context = {
        "plan": plan,
        "page": page,
        "lines": lines,
        "scale": _scale_facts(plan),
        "may_edit": may_edit_plan(request.user),
    }
    return render(request, "plans/evaluations/list.html", context)


def _round_line(line: RoundLine) -> Mapping[str, Any]:
    one = line.evaluation
    return {
        "title": one.title,
        "url": reverse("plans:evaluation-detail", args=[one.plan.slug, one.slug]),
        "status": one.get_status_display(),
        "sign": STATUS_SIGNS[EvaluationStatus(one.status)],
        "rated": _("%(rated)d of %(all)d rated") % {"rated": line.rated, "all": line.total},
        "unchecked": line.unchecked,
        "due": date_format(one.due_on, "DATE_FORMAT") if one.due_on else "",
        "closed": entry_time(one.closed_at) if one.closed_at else "",
    }


def _scale_facts(plan: Plan) -> Mapping[str, Any]:
    scale = scale_of(plan.scale_kind, plan.own_scale)
    return {
        "name": plan.get_scale_kind_display(),
        "steps": [
            {"label": step.say(language()), "share": percent_text(step.share)}
            for step in scale.steps
        ],
    }


@require_http_methods(["GET", "POST"])
def evaluation_scale(request: UserRequest, slug: str) -> HttpResponse:
    """Set the scale on which the plan is rated."""
    plan = plan_to_edit(request, slug)
    form = ScaleForm(
        request.POST if request.method == "POST" else None, initial=ScaleForm.initial_of(plan)
    )
    if form.is_valid():
        try:
            actions.set_scale(
                plan,
                kind=form.cleaned_data["scale_kind"],
                own_scale=form.cleaned_data["own_scale"],
                seen_version=form.seen_version,
                by=request.user,
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, _("The scale is saved. Rounds that have begun keep theirs."))
            return redirect("plans:evaluation-list", slug)
        plan = readable_plan(request, slug)
    return render(request, "plans/evaluations/scale.html", {"plan": plan, "form": form})


# --- prepare and change ------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def evaluation_add(request: UserRequest, slug: str) -> HttpResponse:
    """Prepare a round: title, day, what is rated; or a new one to correct a closed one."""
    plan = plan_to_edit(request, slug)
    source = _closed_round(plan, request.GET.get("korrektur", ""))
    data = request.POST if request.method == "POST" else None
    form = EvaluationForm(data, initial=_correction_of(source) if source else {})
    items = ItemsForm(data, plan=plan, chosen=source)
    # Both say at once what is wrong.
    if all([form.is_valid(), items.is_valid()]):
        try:
            evaluation = actions.prepare_evaluation(
                plan,
                form.values(),
                measures=items.cleaned_data["measures"],
                goals=items.cleaned_data["goals"],
                by=request.user,
                copy_of=source,
            )
        except actions.EvaluationError as refusal:
            items.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The evaluation is prepared. Now say who is asked, then open it.")
            )
            return redirect("plans:evaluation-people", slug, evaluation.slug)
    context = {
        "plan": plan,
        "form": form,
        "items": items,
        "sections": []
        if items.is_too_long
        else item_sections(PlanThings(plan)[:MOST_TICKED], *items.picked()),
        "source": source,
    }
    return render(request, "plans/evaluations/form.html", context)


def _closed_round(plan: Plan, slug: str) -> Evaluation | None:
    return plan.evaluations.filter(
        slug=slug.replace("\0", ""), status=EvaluationStatus.CLOSED
    ).first()


def _correction_of(source: Evaluation) -> Mapping[str, str]:
    return {
        "title_de": f"{source.title_de} (Korrektur)",
        "title_en": f"{source.title_en} (correction)" if source.title_en else "",
    }


@require_http_methods(["GET", "POST"])
def evaluation_change(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """Change a round's title or day."""
    round_ = evaluation_to_edit(request, slug, evaluation)
    form = EvaluationForm(
        request.POST if request.method == "POST" else None,
        initial=EvaluationForm.initial_of(round_),
    )
    if form.is_valid():
        try:
            actions.change_evaluation(
                round_, form.values(), seen_version=form.seen_version, by=request.user
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except actions.EvaluationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The evaluation is saved."))
            return redirect("plans:evaluation-detail", slug, evaluation)
    context = {**round_context(request, round_, ""), "form": form}
    return render(request, "plans/evaluations/change.html", context)


@require_http_methods(["GET", "POST"])
def evaluation_items(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """Choose what is rated, page by page; while the round is open, more can be taken in."""
    round_ = evaluation_to_edit(request, slug, evaluation)
    query = words_looked_for(request)
    found = PlanThings(round_.plan, query)
    form = ScopeForm(
        request.POST if request.method == "POST" else None, evaluation=round_, found=found
    )
    if form.is_valid():
        try:
            new, gone = actions.choose_items(
                round_,
                measures=form.cleaned_data["measures"],
                goals=form.cleaned_data["goals"],
                by=request.user,
            )
        except actions.EvaluationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("The scope is saved: %(new)d taken in, %(gone)d taken out.")
                % {"new": new, "gone": gone},
            )
            return redirect(request.get_full_path())
    pages: Paginator[Any] = Paginator(found, THINGS_A_PAGE)  # type: ignore[arg-type] # counts and slices are enough
    page = pages.get_page(request.GET.get("page"))
    context = {
        **round_context(request, round_, "items"),
        "form": form,
        "page": page,
        "query": query,
        "sections": item_sections(page, form.measures, form.goals),
        "number": len(form.measures) + len(form.goals),
    }
    return render(request, "plans/evaluations/items.html", context)


def item_sections(
    things: Iterable[Measure | Goal], measures: set[int], goals: set[int]
) -> list[Mapping[str, Any]]:
    """Give measures by field and then goals, those in the round ticked."""
    sections: dict[str, list[Mapping[str, Any]]] = {}
    for one in things:
        line: dict[str, Any] = {"pk": str(one.pk), "title": str(one).strip()}
        if isinstance(one, Measure):
            field = str(one.field) if one.field else _("without a field")
            head = _("Measures: %(field)s") % {"field": field}
            line |= {"name": "measures", "is_picked": one.pk in measures}
        else:
            head = _("Goals")
            line |= {
                "name": "goals",
                "level": one.level.name if one.level else "",
                "is_picked": one.pk in goals,
            }
        sections.setdefault(head, []).append(line)
    return [{"head": head, "lines": lines} for head, lines in sections.items()]


@require_http_methods(["GET", "POST"])
def evaluation_delete(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """Ask for the reason and delete a round in which nothing is rated."""
    round_ = evaluation_to_edit(request, slug, evaluation)
    title = round_.title
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.delete_evaluation(
                round_,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except actions.EvaluationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, within(_("“%(title)s” is deleted."), title=title))
            return redirect("plans:evaluation-list", slug)
    return deletion_page(
        request,
        form,
        plan=round_.plan,
        tab="evaluation",
        what=title,
        deed=_("Delete the evaluation"),
        text=_("Only an evaluation without ratings can be deleted. Personal links stop working."),
        back_url=reverse("plans:evaluation-detail", args=[slug, evaluation]),
    )


# --- results -----------------------------------------------------------------------------


@require_safe
def evaluation_detail(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """Show what the round comes to, by goal, by field and for the whole plan."""
    round_ = readable_evaluation(request, slug, evaluation)
    results = results_of(round_, tree_page=request.GET.get("goal_page"))
    context = {
        **round_context(request, round_, "results"),
        "results": results,
        "facts": _facts(round_),
        "downloads": [
            {
                "label": label,
                "url": reverse("plans:evaluation-export", args=[slug, evaluation, kind]),
            }
            for kind, label in (("xlsx", _("Excel (XLSX)")), ("csv", "CSV"))
        ],
        "public_url": upper_url("website:evaluation", slug, evaluation)
        if round_.status == EvaluationStatus.CLOSED and round_.plan.is_public
        else "",
        "log": changes(round_, 10),
    }
    return render(request, "plans/evaluations/detail.html", context)


def _facts(evaluation: Evaluation) -> list[Mapping[str, str]]:
    scale = from_record(evaluation.scale)
    words = ", ".join(step.say(language()) for step in scale.steps)
    facts: list[Mapping[str, str]] = [
        {"label": _("Scale"), "value": words or _("percentage from 0 to 100")}
    ]
    if evaluation.due_on:
        facts.append(
            {"label": _("Ratings until"), "value": date_format(evaluation.due_on, "DATE_FORMAT")}
        )
    if evaluation.closed_at:
        facts.append({"label": _("Closed"), "value": entry_time(evaluation.closed_at)})
    return facts


@require_safe
def evaluation_export(
    request: UserRequest, slug: str, evaluation: str, kind: str
) -> HttpResponseBase:
    """Download the ratings with what they come to."""
    round_ = readable_evaluation(request, slug, evaluation)
    response: HttpResponseBase
    if kind == "csv":
        lines = evaluation_csv_lines(round_)
        response = StreamingHttpResponse(lines, content_type=CSV_KIND)
        response["Content-Disposition"] = f'attachment; filename="{round_.slug}.csv"'
    elif kind == "xlsx":
        response = FileResponse(
            evaluation_xlsx_file(round_),
            as_attachment=True,
            filename=f"{round_.slug}.xlsx",
            content_type=XLSX_KIND,
        )
    else:
        raise Http404
    response["Cache-Control"] = "private, no-store"
    return response
