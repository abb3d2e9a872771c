"""The pages on which a new plan is made from the old one."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.choosing import key_in
from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.pages import wants_part
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.succession import UndecidedError, make_successor
from zusammenplan.plans.actions.updates import (
    Carried,
    CarryReasonMissingError,
    DecidedMeanwhileError,
    UpdateFinishedError,
    begin_update,
    change_update,
    decide,
    decide_many,
    discard_update,
)
from zusammenplan.plans.choices import CarryChoice, CarryKind
from zusammenplan.plans.forms.life import CarryFilter, CarryForm, UpdateForm
from zusammenplan.plans.models import Plan, PlanUpdate
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.plans import period_label
from zusammenplan.plans.queries.updates import (
    KIND_LABELS,
    CarryLine,
    carry_keys,
    carry_line,
    carry_records,
    decision_of,
    decisions_of,
    finished_update_of,
    open_update_of,
    progress_of,
    record_of,
    records_of,
    to_adapt,
)
from zusammenplan.plans.views.workspace import plan_to_edit, readable_plan, upper_url

LINES = 25
DETAIL_PAGES = {
    CarryKind.MEASURE: "plans:measure-detail",
    CarryKind.GOAL: "plans:goal-detail",
    CarryKind.NEED: "plans:need-detail",
}


@require_http_methods(["GET", "POST"])
def plan_update(request: UserRequest, slug: str) -> HttpResponse:
    """Begin to rewrite the plan, or go on with it: the working list with its decisions."""
    plan = plan_to_edit(request, slug)
    update = open_update_of(plan)
    if update is not None and request.method == "GET":
        return _working_list(request, plan, update)
    if update is not None:
        return redirect("plans:plan-update", slug)
    form = UpdateForm(
        request.POST if request.method == "POST" else None, initial=UpdateForm.initial_for(plan)
    )
    if form.is_valid():
        begin_update(plan, form.values(), by=request.user, now=timezone.now())
        messages.success(request, _("Now decide what becomes of each record."))
        return redirect("plans:plan-update", slug)
    context = {"plan": plan, "form": form, "done": finished_update_of(plan)}
    return render(request, "plans/update_form.html", context)


@require_http_methods(["GET", "POST"])
def update_change(request: UserRequest, slug: str) -> HttpResponse:
    """Change title, period and options of the new plan."""
    plan = plan_to_edit(request, slug)
    update = _open_update(plan)
    form = UpdateForm(
        request.POST if request.method == "POST" else None, initial=UpdateForm.initial_of(update)
    )
    if form.is_valid():
        try:
            change_update(update, form.values(), seen_version=form.seen_version, by=request.user)
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except UpdateFinishedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The new plan's facts are saved."))
            return redirect("plans:plan-update", slug)
    context = {"plan": plan, "form": form, "update": update}
    return render(request, "plans/update_form.html", context)


@require_POST
def update_decide(request: UserRequest, slug: str) -> HttpResponse:
    """Save the decisions of the page, of one row, or the same one for the picked rows."""
    plan = plan_to_edit(request, slug)
    update = _open_update(plan)
    filter_form = CarryFilter(request.GET)
    if row := request.POST.get("row"):
        return _decide_row(request, plan, update, row)
    if "bulk" in request.POST:
        return _decide_picked(request, plan, update, filter_form)
    if "agree" in request.POST:
        return _agree(request, plan, update, filter_form)
    errors = _decide_page(request, update, filter_form.kind)
    if errors:
        return _working_list(request, plan, update, refused=errors)
    messages.success(request, _("The decisions are saved."))
    return redirect(f"{reverse('plans:plan-update', args=[slug])}?{request.GET.urlencode()}")


@require_http_methods(["GET", "POST"])
def update_finish(request: UserRequest, slug: str) -> HttpResponse:
    """Sum up what will happen, and make the new plan."""
    plan = plan_to_edit(request, slug)
    update = open_update_of(plan) or finished_update_of(plan)
    if update is None:
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            new = make_successor(update, by=request.user, now=timezone.now())
        except UndecidedError as undecided:
            refusal = str(undecided)
        else:
            messages.success(request, _("The new plan is made. It is a draft and not public yet."))
            return redirect("plans:plan-adapt", new.slug)
    elif update.successor is not None:
        return redirect("plans:plan-adapt", update.successor.slug)
    progress = progress_of(update)
    context = {
        "plan": plan,
        "update": update,
        "period": period_label("", update.starts_on, update.ends_on),
        "summary": _summary(update),
        "choices": [choice.label for choice in CarryChoice],
        "undecided": sum(one.total - one.done for one in progress),
        "refusal": refusal,
    }
    return render(request, "plans/update_finish.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "POST"])
def update_discard(request: UserRequest, slug: str) -> HttpResponse:
    """Ask whether the rewriting shall be given up."""
    plan = plan_to_edit(request, slug)
    update = _open_update(plan)
    if request.method == "POST":
        try:
            discard_update(update, by=request.user)
        except UpdateFinishedError as refusal:
            messages.error(request, str(refusal))
            return redirect("plans:plan-detail", slug)
        messages.success(request, _("The rewriting is given up. The plan is as it was."))
        return redirect("plans:plan-detail", slug)
    context = {"plan": plan, "update": update, "decided": update.decisions.count()}
    return render(request, "plans/update_discard.html", context)


@require_safe
def plan_adapt(request: UserRequest, slug: str) -> HttpResponse:
    """Lead through what is still to be adapted in a new plan."""
    plan = readable_plan(request, slug)
    found = to_adapt(plan)
    sections = [
        {
            "label": label,
            "records": [
                {"one": one, "url": upper_url(_edit_page(one.kind), slug, one.pk)}
                for one in found
                if one.kind == kind
            ],
        }
        for kind, label in KIND_LABELS.items()
    ]
    context = {
        "plan": plan,
        "sections": [section for section in sections if section["records"]],
        "number": len(found),
        "changes_url": upper_url("reports:plan-changes", slug) if plan.predecessor_id else "",
        "may_edit": may_edit_plan(request.user),
    }
    return render(request, "plans/plan_adapt.html", context)


# The working list


def _working_list(
    request: UserRequest,
    plan: Plan,
    update: PlanUpdate,
    *,
    refused: Mapping[int, tuple[Mapping[str, str], str]] | None = None,
) -> HttpResponse:
    filter_form = CarryFilter(request.GET)
    kind, refused = filter_form.kind, refused or {}
    keys = carry_keys(update, kind, show=filter_form.show)
    page = Paginator(keys, LINES).get_page(request.GET.get("page"))
    lines = [
        carry_line(
            record,
            depth,
            decision,
            typed=refused[record.pk][0] if record.pk in refused else None,
            error=refused[record.pk][1] if record.pk in refused else "",
        )
        for record, depth, decision in carry_records(update, kind, list(page))
    ]
    progress = progress_of(update)
    context = {
        "plan": plan,
        "update": update,
        "period": period_label("", update.starts_on, update.ends_on),
        "progress": progress,
        "is_complete": all(one.done == one.total for one in progress),
        "tabs": _tabs(progress, kind, filter_form.show),
        "filter": filter_form,
        "kind": kind,
        "page": page,
        "rows": [_row(plan, line) for line in lines],
        "choices": CarryChoice.choices,
        "undecided_here": sum(one.total - one.done for one in progress if one.kind == kind),
        "query": request.GET.urlencode(),
    }
    return render(request, "plans/update_list.html", context)


def _row(plan: Plan, line: CarryLine) -> Mapping[str, Any]:
    return {"line": line, "url": upper_url(DETAIL_PAGES[line.kind], plan.slug, line.pk)}


def _tabs(progress: list[Any], kind: CarryKind, show: str) -> list[Mapping[str, Any]]:
    return [
        {
            "label": one.label,
            "url": f"?art={one.kind}" + (f"&was={show}" if show else ""),
            "current": one.kind == kind,
            "count": f"{one.done}/{one.total}",
        }
        for one in progress
    ]


def _decide_row(request: UserRequest, plan: Plan, update: PlanUpdate, row: str) -> HttpResponse:
    """Save one decision and give the row back."""
    kind, _dash, number = row.partition("-")
    key = key_in(number)
    if kind not in CarryKind.values or key is None:
        raise Http404
    found = record_of(plan, CarryKind(kind), key)
    if found is None:
        raise Http404
    record, depth = found
    error = _decide_one(request, update, record, row)
    decision = decision_of(update, CarryKind(kind), record.pk)
    typed = _typed(request, row) if error else None
    context = {
        "plan": plan,
        "row": _row(plan, carry_line(record, depth, decision, typed=typed, error=error)),
        "choices": CarryChoice.choices,
        "is_alone": True,
        "progress": progress_of(update),
        "query": request.GET.urlencode(),
    }
    if wants_part(request):
        return render(request, "plans/update_list.html#answer", context)
    if error:
        return _working_list(request, plan, update, refused={record.pk: (typed or {}, error)})
    return redirect(f"{reverse('plans:plan-update', args=[plan.slug])}?{request.GET.urlencode()}")


def _decide_page(
    request: UserRequest, update: PlanUpdate, kind: CarryKind
) -> dict[int, tuple[Mapping[str, str], str]]:
    """Save all rows of the page that say something else than before; tell which were refused."""
    decisions = decisions_of(update, kind)
    errors: dict[int, tuple[Mapping[str, str], str]] = {}
    for record, _depth in records_of(update.plan, kind):
        row = f"{kind}-{record.pk}"
        typed = _typed(request, row)
        if not typed["choice"]:
            continue
        before = decisions.get(record.pk)
        if before and (before.choice, before.reason) == (typed["choice"], typed["reason"]):
            continue
        if error := _decide_one(request, update, record, row):
            errors[record.pk] = (typed, error)
    return errors


def _decide_one(request: UserRequest, update: PlanUpdate, record: Carried, row: str) -> str:
    """Save the decision on a record; give the sentence of the refusal, if there is one."""
    form = CarryForm(
        {name: request.POST.get(f"{name}-{row}", "") for name in ("choice", "reason", "version")}
    )
    if not form.is_valid():
        return _("Choose what shall become of it.")
    try:
        decide(
            update,
            record,
            CarryChoice(form.cleaned_data["choice"]),
            reason=form.cleaned_data["reason"],
            seen_version=form.cleaned_data["version"] or 0,
            by=request.user,
            now=timezone.now(),
        )
    except (CarryReasonMissingError, DecidedMeanwhileError, UpdateFinishedError) as refusal:
        return str(refusal)
    return ""


def _decide_picked(
    request: UserRequest, plan: Plan, update: PlanUpdate, filter_form: CarryFilter
) -> HttpResponse:
    kind = filter_form.kind
    picked = set(request.POST.getlist("pick"))
    choice = request.POST.get("bulk_choice", "")
    reason = request.POST.get("bulk_reason", "").strip()[:300]
    records = [record for record, _depth in records_of(plan, kind) if str(record.pk) in picked]
    if not records or choice not in CarryChoice.values:
        messages.error(request, _("Pick at least one record and a decision."))
    else:
        try:
            number = decide_many(
                update,
                [(record, CarryChoice(choice), reason) for record in records],
                by=request.user,
                now=timezone.now(),
            )
        except (CarryReasonMissingError, UpdateFinishedError) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _decided(number))
    return redirect(f"{reverse('plans:plan-update', args=[plan.slug])}?{request.GET.urlencode()}")


def _agree(
    request: UserRequest, plan: Plan, update: PlanUpdate, filter_form: CarryFilter
) -> HttpResponse:
    """Decide on all undecided records of the kind as it is suggested."""
    kind = filter_form.kind
    decided = decisions_of(update, kind)
    wanted: list[tuple[Carried, CarryChoice, str]] = []
    for record, depth in records_of(plan, kind):
        if record.pk in decided:
            continue
        line = carry_line(record, depth, None)
        choice = CarryChoice(line.suggested)
        standing = record.status_reason if kind == CarryKind.MEASURE else record.state_reason
        wanted.append((record, choice, standing if choice == CarryChoice.DROP else ""))
    try:
        number = decide_many(update, wanted, by=request.user, now=timezone.now())
    except UpdateFinishedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _decided(number))
    return redirect(f"{reverse('plans:plan-update', args=[plan.slug])}?art={kind}")


def _typed(request: UserRequest, row: str) -> Mapping[str, str]:
    return {
        name: request.POST.get(f"{name}-{row}", "").strip()[:300] for name in ("choice", "reason")
    }


def _decided(number: int) -> str:
    return ngettext("%(number)d decision is saved.", "%(number)d decisions are saved.", number) % {
        "number": number
    }


def _summary(update: PlanUpdate) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    tally: dict[tuple[str, str], int] = {}
    for key in update.decisions.values_list("kind", "choice"):
        tally[key] = tally.get(key, 0) + 1
    for kind, label in KIND_LABELS.items():
        counts = [(choice.label, tally.get((kind, choice), 0)) for choice in CarryChoice]
        rows.append({"label": label, "counts": counts})
    return rows


def _open_update(plan: Plan) -> PlanUpdate:
    update = open_update_of(plan)
    if update is None:
        raise Http404
    return update


def _edit_page(kind: CarryKind) -> str:
    return {
        CarryKind.MEASURE: "plans:measure-change",
        CarryKind.GOAL: "plans:goal-change",
        CarryKind.NEED: "plans:need-change",
    }[kind]
