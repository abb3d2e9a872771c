"""The pages of needs: list, need, form, moving, deleting, download."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError, FieldChange, changes
from zusammenplan.core.pages import render_page
from zusammenplan.indicators.permissions import may_see_hidden
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.needs import add_need, change_need, delete_need, move_need
from zusammenplan.plans.choices import NeedState, Strength
from zusammenplan.plans.exports.needs import need_csv_lines, need_xlsx_file
from zusammenplan.plans.exports.sheets import CSV_KIND, XLSX_KIND
from zusammenplan.plans.forms.needs import BaseEvidenceFormSet, NeedFilter, NeedForm, evidence_forms
from zusammenplan.plans.models import Measure, Need, Plan
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.citations import citations
from zusammenplan.plans.queries.goals import goal_lines
from zusammenplan.plans.queries.needs import NeedLine, need_lines
from zusammenplan.plans.queries.plans import measure_line
from zusammenplan.plans.queries.thread import need_thread
from zusammenplan.plans.views.workspace import (
    PAGE_SIZE,
    deletion_page,
    direction_of,
    plan_to_edit,
    readable_plan,
    wanted_field,
)

SIGNS = {
    NeedState.OPEN: "planned",
    NeedState.MET: "done",
    NeedState.POSTPONED: "deferred",
    NeedState.DROPPED: "dropped",
}


@require_safe
def need_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the plan's needs with the filter bar; HTMX swaps only the table."""
    plan = readable_plan(request, slug)
    filter_form = NeedFilter(request.GET, plan=plan)
    needs = filter_form.apply(plan.needs.select_related("field"))
    page = Paginator(needs, PAGE_SIZE).get_page(request.GET.get("page"))
    list_url = reverse("plans:need-list", args=[slug])
    context = {
        "plan": plan,
        "filter": filter_form,
        "wanted": filter_form.wanted,
        "sort": filter_form.order,
        "page": page,
        "lines": [_row(line, list_url) for line in need_lines(list(page))],
        "filter_tags": _filter_tags(request, filter_form),
        "downloads": _downloads(request, plan),
        # Needs change places with their neighbours, which a filter or another order would hide.
        "may_move": may_edit_plan(request.user) and not filter_form.wanted,
        "may_edit": may_edit_plan(request.user),
    }
    return render_page(request, "plans/need_list.html", context, part="table")


@require_safe
def need_detail(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show a need: what proves it, which goals and measures answer it, what happened."""
    plan = readable_plan(request, slug)
    need = _need_of(plan, pk)
    goals = need.goals.in_order().values_list("pk", flat=True)
    goals_page = Paginator(goals, PAGE_SIZE).get_page(request.GET.get("ziele"))
    measures = Measure.objects.filter(needs=need).select_related("field", "responsible").in_order()
    page = Paginator(measures, PAGE_SIZE).get_page(request.GET.get("page"))
    evidence = list(need.evidence.order_by("position", "pk"))
    cited = citations(evidence, see_hidden=may_see_hidden(request.user), with_news=True)
    context = {
        "plan": plan,
        "kind": "need",
        "record": need,
        "sign": SIGNS[NeedState(need.state)],
        "steps": need_thread(need),
        "facts": _facts(need),
        "evidence": [
            {
                "kind": one.get_kind_display(),
                "text": one.text,
                "source": one.source,
                "url": one.url,
                "date": date_format(one.dated_on, "SHORT_DATE_FORMAT") if one.dated_on else "",
                "pk": one.pk,
                "cited": cited.get(one.pk),
            }
            for one in evidence
        ],
        "goals": goal_lines(plan, [(key, 0) for key in goals_page]),
        "goals_page": goals_page,
        "measures": [measure_line(measure) for measure in page],
        "page": page,
        "log": changes(need, 10),
        "may_edit": may_edit_plan(request.user),
    }
    return render(request, "plans/need_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def need_add(request: UserRequest, slug: str) -> HttpResponse:
    """Add a need with its evidence."""
    plan = plan_to_edit(request, slug)
    typed = request.POST if request.method == "POST" else None
    field = wanted_field(plan, request.GET.get("field", ""))
    form = NeedForm(typed, plan=plan, initial=NeedForm.initial_for(plan, field))
    evidence = evidence_forms(typed, None)
    if typed is not None and form.is_valid() and evidence.is_valid():
        need = add_need(
            plan,
            form.values(),
            links=form.linked(),
            evidence=evidence.values(),
            by=request.user,
        )
        messages.success(request, _("The need is added."))
        return redirect("plans:need-detail", slug, need.pk)
    context = {
        "plan": plan,
        "form": form,
        "evidence": evidence,
        "heading": _("Add a need"),
        "deed": _("Add the need"),
        "back_url": reverse("plans:need-list", args=[slug]),
    }
    return render(request, "plans/need_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def need_change(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Change a need; a second editor sees the other's values next to the own ones."""
    plan = plan_to_edit(request, slug)
    need = _need_of(plan, pk)
    title = str(need)
    typed = request.POST if request.method == "POST" else None
    form = NeedForm(typed, plan=plan, initial=NeedForm.initial_of(need))
    evidence = evidence_forms(typed, need)
    if typed is not None and form.is_valid() and evidence.is_valid():
        try:
            change_need(
                need,
                form.values(),
                links=form.linked(),
                evidence=evidence.values(),
                seen_version=form.seen_version,
                by=request.user,
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
            _show_other_evidence(form, evidence, need)
        else:
            messages.success(request, _("The need is saved."))
            return redirect("plans:need-detail", slug, pk)
        need = _need_of(plan, pk)
    context = {
        "plan": plan,
        "record": need,
        "heading": title,
        "deed": _("Save the need"),
        "back_url": reverse("plans:need-detail", args=[slug, pk]),
        "form": form,
        "evidence": evidence,
        "steps": need_thread(need),
        "log": changes(need, 5),
    }
    return render(request, "plans/need_form.html", context)


@require_POST
def need_move(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Move a need up or down in its field."""
    plan = plan_to_edit(request, slug)
    need = _need_of(plan, pk)
    if move_need(need, direction_of(request), by=request.user):
        messages.success(request, _("The need is moved."))
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse('plans:need-list', args=[slug])}{query}#need-{pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def need_delete(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for the reason and delete a need."""
    plan = plan_to_edit(request, slug)
    need = _need_of(plan, pk)
    title = str(need)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        delete_need(need, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, within(_("“%(need)s” is deleted."), need=title))
        return redirect("plans:need-list", slug)
    return deletion_page(
        request,
        form,
        plan=plan,
        tab="needs",
        what=title,
        deed=_("Delete the need"),
        text=_(
            "Its evidence is deleted too. Goals and measures stay, but lose the link to it. "
            "The history keeps what stood there, and your reason."
        ),
        back_url=reverse("plans:need-detail", args=[slug, pk]),
    )


@require_safe
def need_export(request: UserRequest, slug: str, kind: str) -> HttpResponseBase:
    """Download the needs as the list shows them."""
    plan = readable_plan(request, slug)
    needs = NeedFilter(request.GET, plan=plan).apply(plan.needs.all())
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(need_csv_lines(needs), content_type=CSV_KIND)
        response["Content-Disposition"] = f'attachment; filename="{plan.slug}-{_("needs")}.csv"'
    elif kind == "xlsx":
        response = FileResponse(
            need_xlsx_file(needs, title=plan.title),
            as_attachment=True,
            filename=f"{plan.slug}-{_('needs')}.xlsx",
            content_type=XLSX_KIND,
        )
    else:
        raise Http404
    response["Cache-Control"] = "private, no-store"
    return response


def _need_of(plan: Plan, pk: int) -> Need:
    return get_object_or_404(plan.needs.select_related("plan", "field"), pk=pk)


def _row(line: NeedLine, list_url: str) -> dict[str, Any]:
    return {
        "line": line,
        "url": f"{list_url}{line.pk}/",
        "sign": SIGNS[NeedState(line.state)],
    }


def _facts(need: Need) -> list[Mapping[str, Any]]:
    def names(records: Any) -> str:
        return ", ".join(str(record) for record in records)

    facts: list[Mapping[str, Any]] = [
        {"label": _("Strength"), "value": need.get_strength_display()},
        {"label": _("Field of action"), "value": str(need.field or _("without a field"))},
        {
            "label": _("Planning areas"),
            "value": names(need.areas.order_by("position", "name")) or _("not said yet"),
        },
        {
            "label": _("Target groups"),
            "value": names(need.target_groups.order_by("position", "name_de")) or _("not said yet"),
        },
        {
            "label": _("Life situations"),
            "value": names(need.life_situations.order_by("position", "name_de"))
            or _("not said yet"),
        },
    ]
    if need.state_reason:
        facts.insert(1, {"label": _("Reason of the state"), "value": need.state_reason})
    return facts


def _show_other_evidence(form: NeedForm, evidence: BaseEvidenceFormSet, need: Need) -> None:
    """Add the evidence to what differs, because it is saved together with the need."""
    stored = "; ".join(one.text_de for one in need.evidence.order_by("position", "pk"))
    typed = "; ".join(one["text_de"] for one in evidence.values())
    if form.conflict is not None and stored != typed:
        form.conflict.append(FieldChange(_("Evidence"), stored or _("empty"), typed or _("empty")))


def _filter_tags(request: UserRequest, filter_form: NeedFilter) -> list[Mapping[str, str]]:
    """Give each narrowing as a tag that takes it away."""
    wanted = filter_form.wanted
    lacking = {"evidence": _("without evidence"), "goal": _("without goal")}
    values = {
        "q": wanted.get("q", ""),
        "field": str(wanted.get("field", "")),
        "area": str(wanted.get("area", "")),
        "group": str(wanted.get("group", "")),
        "strength": str(dict(Strength.choices).get(wanted.get("strength", ""), "")),
        "state": str(dict(NeedState.choices).get(wanted.get("state", ""), "")),
        "lacks": lacking.get(wanted.get("lacks", ""), ""),
    }
    tags: list[Mapping[str, str]] = []
    for name, value in values.items():
        if value:
            query = request.GET.copy()
            query.pop(name, None)
            query.pop("page", None)
            label = value if name == "lacks" else f"{filter_form.fields[name].label}: {value}"
            tags.append({"label": label, "url": f"?{query.urlencode()}"})
    return tags


def _downloads(request: UserRequest, plan: Plan) -> list[Mapping[str, str]]:
    query = request.GET.copy()
    query.pop("page", None)
    labels = {"xlsx": _("Excel (XLSX)"), "csv": "CSV"}
    return [
        {
            "label": label,
            "url": reverse("plans:need-export", args=[plan.slug, kind])
            + (f"?{query.urlencode()}" if query else ""),
        }
        for kind, label in labels.items()
    ]
