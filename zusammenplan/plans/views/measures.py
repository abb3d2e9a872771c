"""The pages of measures: measure, form, moving, deleting."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.pages import wants_part
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans import actions
from zusammenplan.plans.forms.measures import MeasureForm
from zusammenplan.plans.models import Measure
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.costs import costs_of
from zusammenplan.plans.queries.measure_log import measure_log
from zusammenplan.plans.queries.measure_page import (
    EaseLine,
    ease_line,
    files_of_record,
    indicators_of,
    milestones_of,
)
from zusammenplan.plans.queries.notes import notes_of_measure
from zusammenplan.plans.queries.plans import measure_line
from zusammenplan.plans.queries.relations import relations_of
from zusammenplan.plans.queries.thread import measure_thread
from zusammenplan.plans.views.workspace import (
    deletion_page,
    direction_of,
    measure_of,
    organisation_names,
    plan_to_edit,
    readable_plan,
    upper_url,
    wanted_field,
    wanted_record,
    warn_of_period,
)

# Of a longer text, the beginning is enough to tell how easily it is read.
LONGEST_TEXT = 20_000
LONGEST_LOG = 200
SECTIONS = {"milestones", "indicators", "costs", "relations", "files"}


@require_http_methods(["GET", "POST"])
def measure_add(request: UserRequest, slug: str) -> HttpResponse:
    """Add a measure, perhaps for a goal or need from whose page somebody comes."""
    plan = plan_to_edit(request, slug)
    goal = wanted_record(plan.goals.select_related("field"), request.GET.get("goal", ""))
    need = wanted_record(plan.needs.select_related("field"), request.GET.get("need", ""))
    above = goal or need
    field = above.field if above else wanted_field(plan, request.GET.get("field", ""))
    form = MeasureForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        today=localdate(),
        initial={
            **MeasureForm.initial_for(plan, field),
            "goals": [goal.pk] if goal else [],
            "needs": [need.pk] if need else [],
        },
    )
    if form.is_valid():
        try:
            measure = actions.add_measure(plan, form.values(), by=request.user)
        except actions.NumberTakenError as refusal:
            form.add_error("number", str(refusal))
        else:
            messages.success(
                request, _("Measure %(number)s is added.") % {"number": measure.number}
            )
            warn_of_period(request, form.values())
            return redirect("plans:measure-detail", slug, measure.pk)
    context = {
        "plan": plan,
        "form": form,
        "organisations": organisation_names(),
        "ease": _ease_of(form),
    }
    return render(request, "plans/measure_form.html", context)


@require_safe
def measure_detail(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show a measure: its facts, where it stands, and what happened."""
    plan = readable_plan(request, slug)
    measure = measure_of(plan, pk)
    today = localdate()
    log = measure_log(measure, 10)
    costs = costs_of(measure)
    context = {
        "plan": plan,
        "measure": measure,
        "facts": _measure_facts(measure, total=costs.sums.total if costs.sums else ""),
        "changed_on": date_format(localtime(log[0].at), "DATE_FORMAT") if log else "",
        "steps": measure_thread(measure),
        "costs": costs,
        "milestones": milestones_of(measure, today=today),
        "indicators": indicators_of(measure, today=today),
        "relations": relations_of(measure),
        "files": files_of_record(measure),
        "log": log,
        "notes": notes_of_measure(measure),
        "may_edit": may_edit_plan(request.user),
        # Only a section that comes back after its editing takes the focus.
        "is_part": wants_part(request) and request.headers.get("HX-Target") in SECTIONS,
    }
    return render(request, "plans/measure_detail.html", context)


@require_safe
def measure_history(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show what happened to a measure and its parts, further back than its page does."""
    plan = readable_plan(request, slug)
    measure = measure_of(plan, pk)
    context = {"plan": plan, "measure": measure, "log": measure_log(measure, LONGEST_LOG)}
    return render(request, "plans/measure_history.html", context)


@require_http_methods(["GET", "POST"])
def measure_change(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Change a measure; a second editor sees the other's values next to the own ones."""
    plan = plan_to_edit(request, slug)
    measure = measure_of(plan, pk)
    title = measure.title
    form = MeasureForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        today=localdate(),
        initial=MeasureForm.initial_of(measure),
    )
    if form.is_valid():
        try:
            actions.change_measure(
                measure, form.values(), seen_version=form.seen_version, by=request.user
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except actions.NumberTakenError as refusal:
            form.add_error("number", str(refusal))
        else:
            messages.success(
                request, _("Measure %(number)s is saved.") % {"number": measure.number}
            )
            warn_of_period(request, form.values())
            return redirect("plans:measure-detail", slug, pk)
        measure = measure_of(plan, pk)
    context = {
        "plan": plan,
        "measure": measure,
        "title": title,
        "form": form,
        "organisations": organisation_names(),
        "steps": measure_thread(measure),
        "ease": _ease_of(form),
        "log": measure_log(measure, 5),
    }
    return render(request, "plans/measure_form.html", context)


@require_POST
def measure_ease(request: UserRequest, slug: str) -> HttpResponse:
    """Tell while somebody writes how easily the text is read."""
    plan_to_edit(request, slug)
    is_easy_language = "text_easy" in request.POST
    text = request.POST.get("text_easy" if is_easy_language else "text_de", "")
    line = ease_line(text[:LONGEST_TEXT], is_easy_language=is_easy_language)
    return render(request, "plans/measure_ease.html", {"line": line})


@require_POST
def measure_move(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Move a measure up or down in its field, or to the end of another one."""
    plan = plan_to_edit(request, slug)
    measure = measure_of(plan, pk)
    if "field" in request.POST:
        field = wanted_field(plan, request.POST["field"])
        measure = actions.move_measure_to_field(measure, field, by=request.user)
        moved = True
    else:
        moved = actions.move_measure(measure, direction_of(request), by=request.user)
    if moved:
        messages.success(request, _("Measure %(number)s is moved.") % {"number": measure.number})
    return redirect(f"{reverse('plans:outline', args=[slug])}?auf=f{measure.field_id or 0}#m{pk}")


@require_http_methods(["GET", "POST"])
def measure_delete(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for the reason and delete a measure."""
    plan = plan_to_edit(request, slug)
    measure = measure_of(plan, pk)
    title = str(measure)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.delete_measure(measure, reason=form.cleaned_data["reason"], by=request.user)
        except actions.MeasureInUseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, within(_("“%(measure)s” is deleted."), measure=title))
            return redirect("plans:measure-list", slug)
    return deletion_page(
        request,
        form,
        plan=plan,
        tab="measures",
        what=title,
        deed=_("Delete the measure"),
        text=_("The history keeps what stood there, and your reason. The number becomes free."),
        back_url=reverse("plans:measure-detail", args=[slug, pk]),
    )


def _ease_of(form: MeasureForm) -> dict[str, EaseLine | None]:
    """Say of both German texts of the form how easily they are read."""
    text, easy = str(form["text_de"].value() or ""), str(form["text_easy"].value() or "")
    return {
        "text_de": ease_line(text[:LONGEST_TEXT]),
        "text_easy": ease_line(easy[:LONGEST_TEXT], is_easy_language=True),
    }


def _measure_facts(measure: Measure, *, total: str) -> list[Mapping[str, Any]]:
    """Give the facts that stand beside the text, those that are known."""
    line = measure_line(measure)
    since = date_format(measure.status_on, "DATE_FORMAT") if measure.status_on else ""
    facts: list[Mapping[str, Any]] = [
        {
            "label": _("Status"),
            "value": line.status_label,
            "note": _("since %(day)s") % {"day": since} if since else "",
        },
        {"label": _("Reason of the status"), "value": measure.status_reason},
        {"label": _("Field of action"), "value": line.field or _("without a field")},
        {"label": _("Period"), "value": line.period or _("open")},
        {"label": _("Responsible"), "value": line.responsible or _("not decided yet")},
        {"label": _("Person to ask"), "value": str(measure.contact or "")},
        {"label": _("Partners"), "value": _joined(measure.partners.order_by("name"))},
        {"label": _("Goals"), "links": _links(measure, "goals"), "value": ""},
        {"label": _("Needs"), "links": _links(measure, "needs"), "value": ""},
        {
            "label": _("Target groups"),
            "value": _joined(measure.target_groups.order_by("position", "name_de")),
        },
        {
            "label": _("Life situations"),
            "value": _joined(measure.life_situations.order_by("position", "name_de")),
        },
        {
            "label": _("Planning areas"),
            "value": _joined(measure.areas.order_by("position", "name")),
        },
        {"label": _("Costs in all"), "value": total},
        {"label": _("Source"), "value": measure.source},
        _publication(measure),
        {
            "label": _("Origin"),
            "value": _("proposed during a vote") if measure.is_additional else "",
        },
    ]
    return [fact for fact in facts if fact["value"] or fact.get("links")]


def _joined(records: Iterable[object]) -> str:
    return ", ".join(str(record) for record in records)


def _links(measure: Measure, kind: Literal["goals", "needs"]) -> list[Mapping[str, str]]:
    """Give what the measure hangs on as links along the thread."""
    records = measure.goals.in_order() if kind == "goals" else measure.needs.in_order()
    name = "plans:goal-detail" if kind == "goals" else "plans:need-detail"
    return [
        {"text": str(record), "url": reverse(name, args=[measure.plan.slug, record.pk])}
        for record in records
    ]


def _publication(measure: Measure) -> Mapping[str, Any]:
    if not measure.plan.is_public:
        return {"label": _("Publication"), "value": ""}
    url = upper_url("website:measure", measure.plan.slug, measure.pk)
    return {"label": _("Publication"), "value": _("Public page"), "url": url}
