"""The page of what hangs loose in a plan."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.models import Plan
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.gaps import (
    GAPS,
    Gap,
    gap_conditions,
    gaps_of,
    records_with_gap,
    shown_records,
)
from zusammenplan.plans.views.workspace import PAGE_SIZE, readable_plan

PAGES = {"need": "plans:need-list", "goal": "plans:goal-list", "measure": "plans:measure-list"}


@require_safe
def gap_list(request: UserRequest, slug: str) -> HttpResponse:
    """Count what is missing, and list the records of one kind of gap."""
    plan = readable_plan(request, slug)
    may_edit = may_edit_plan(request.user)
    conditions = gap_conditions(plan)
    gaps = gaps_of(plan, conditions)
    here = request.GET.get("luecke", "")
    if here not in GAPS:
        here = next((gap.key for gap in gaps if gap.number), gaps[0].key)
    shown = next(gap for gap in gaps if gap.key == here)
    records = records_with_gap(plan, here, conditions)
    paginator = Paginator(records, PAGE_SIZE)
    # Known from the counts beside the list.
    paginator.count = shown.number
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "plan": plan,
        "gaps": [
            {"gap": gap, "url": f"?luecke={gap.key}", "current": gap.key == here} for gap in gaps
        ],
        "shown": shown,
        "page": page,
        "lines": _lines(plan, shown, shown_records(page.object_list)),
        "may_edit": may_edit,
        "total": sum(gap.number for gap in gaps),
    }
    return render(request, "plans/gaps.html", context)


def _lines(plan: Plan, gap: Gap, records: Any) -> list[dict[str, str]]:
    list_url = reverse(PAGES[gap.of], args=[plan.slug])
    # The goals of a need are chosen on the goals' pages, and a newer value is taken over on the
    # need's; all else is mended on the record's own form.
    end = {"ziel": "", "neuer-wert": "#evidence"}.get(gap.key, "bearbeiten/")
    return [
        {
            "number": record.number,
            "title": record.title,
            "field": str(record.field or ""),
            "url": f"{list_url}{record.pk}/",
            "mend_url": f"{list_url}{record.pk}/{end}",
        }
        for record in records
    ]
