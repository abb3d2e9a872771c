"""The list of a plan's measures: filter, views, and what is set for several."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe

from zusammenplan.core.pages import render_page
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans import actions
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.forms.lists import LACKING, BulkForm, MeasureFilter
from zusammenplan.plans.models import Plan
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.plans import gaps, measure_line
from zusammenplan.plans.views.workspace import (
    PAGE_SIZE,
    import_url,
    organisation_names,
    plan_to_edit,
    readable_plan,
)


@require_safe
def measure_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the plan's measures with the filter bar; HTMX swaps only the table."""
    plan = readable_plan(request, slug)
    filter_form = MeasureFilter(request.GET, plan=plan)
    measures = filter_form.apply(plan.measures.select_related("field", "responsible"))
    page = Paginator(measures, PAGE_SIZE).get_page(request.GET.get("page"))
    may_edit = may_edit_plan(request.user)
    context = {
        "plan": plan,
        "filter": filter_form,
        "wanted": filter_form.wanted,
        "sort": filter_form.order,
        "page": page,
        "lines": [measure_line(measure) for measure in page],
        "filter_tags": _filter_tags(request, filter_form),
        "tabs": _gap_tabs(plan, filter_form),
        "downloads": _downloads(request, plan),
        "statuses": MeasureStatus.choices,
        "organisations": organisation_names() if may_edit else [],
        "may_edit": may_edit,
        "import_url": import_url(plan),
    }
    return render_page(request, "plans/measure_list.html", context, part="table")


@require_POST
def measure_bulk(request: UserRequest, slug: str) -> HttpResponse:
    """Set status or responsible one for the picked measures."""
    plan = plan_to_edit(request, slug)
    form = BulkForm(request.POST, plan=plan)
    if not form.is_valid():
        messages.error(request, _("Pick at least one measure, and say what to set for it."))
    elif form.cleaned_data["deed"] == "status":
        status = MeasureStatus(form.cleaned_data["status"])
        number = actions.set_status(list(form.cleaned_data["pick"]), status=status, by=request.user)
        messages.success(request, _set_sentence(number, str(status.label)))
    else:
        name = form.cleaned_data["responsible"]
        number = actions.set_responsible(
            list(form.cleaned_data["pick"]), responsible=name, by=request.user
        )
        messages.success(request, _set_sentence(number, name or _("nobody responsible")))
    query = request.GET.urlencode()
    url = reverse("plans:measure-list", args=[slug])
    return redirect(f"{url}?{query}" if query else url)


def _filter_tags(request: UserRequest, filter_form: MeasureFilter) -> list[Mapping[str, str]]:
    """Give each narrowing as a tag that takes it away."""
    wanted = filter_form.wanted
    values = {
        "q": wanted.get("q", ""),
        "field": str(wanted.get("field", "")),
        "status": str(dict(MeasureStatus.choices).get(wanted.get("status", ""), "")),
        "responsible": str(wanted.get("responsible", "")),
    }
    tags: list[Mapping[str, str]] = []
    for name, value in values.items():
        if value:
            query = request.GET.copy()
            query.pop(name, None)
            query.pop("page", None)
            label = f"{filter_form.fields[name].label}: {value}"
            tags.append({"label": label, "url": f"?{query.urlencode()}"})
    return tags


def _gap_tabs(plan: Plan, filter_form: MeasureFilter) -> list[Mapping[str, Any]]:
    """Give the views of the list: all, and what still lacks something."""
    counted = gaps(plan)
    labels = {
        "priority": _("Without priority"),
        "responsible": _("Without responsible"),
        "period": _("Without period"),
    }
    here = filter_form.wanted.get("lacks", "")
    url = reverse("plans:measure-list", args=[plan.slug])
    every = {"label": _("All"), "count": counted.total, "url": url, "current": not here}
    return [
        every,
        *(
            {
                "label": labels[key],
                "count": getattr(counted, key),
                "url": f"{url}?lacks={key}",
                "current": here == key,
            }
            for key in LACKING
        ),
    ]


def _downloads(request: UserRequest, plan: Plan) -> list[Mapping[str, str]]:
    query = request.GET.copy()
    query.pop("page", None)
    labels = {"xlsx": _("Excel (XLSX)"), "csv": "CSV", "json": _("Whole plan (JSON)")}
    return [
        {
            "label": label,
            "url": reverse("plans:plan-export", args=[plan.slug, kind])
            + (f"?{query.urlencode()}" if query and kind != "json" else ""),
        }
        for kind, label in labels.items()
    ]


def _set_sentence(number: int, what: str) -> str:
    if not number:
        return _("The picked measures had it already: %(what)s.") % {"what": what}
    return ngettext(
        "Set for %(number)d measure: %(what)s.", "Set for %(number)d measures: %(what)s.", number
    ) % {"number": number, "what": what}
