"""What changed since the plan before: as page, Word and PDF, for whoever works on plans."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from zusammenplan.core.pages import demand, download
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.models import Plan
from zusammenplan.plans.permissions import may_read_plans
from zusammenplan.reports.exports.changes_docx import changes_docx
from zusammenplan.reports.exports.changes_pdf import changes_pdf
from zusammenplan.reports.exports.kinds import CONTENT_TYPES
from zusammenplan.reports.queries.changes import changes_paper
from zusammenplan.reports.views.rounds import asked_language

MAKERS = {"docx": changes_docx, "pdf": changes_pdf}


@require_safe
def plan_changes(request: UserRequest, slug: str) -> HttpResponse:
    """Show what changed, with the words that differ marked."""
    plan = _plan(request, slug)
    paper = changes_paper(plan, now=timezone.now())
    links = [
        {"label": label, "url": reverse(f"reports:plan-changes-{kind}", args=[slug])}
        for kind, label in (("docx", "Word (DOCX)"), ("pdf", "PDF"))
    ]
    context = {"plan": plan, "paper": paper, "downloads": links}
    return render(request, "reports/plan_changes.html", context)


@require_safe
def plan_changes_file(request: UserRequest, slug: str, kind: str) -> HttpResponse:
    """Give the paper for the council."""
    plan = _plan(request, slug)
    with override(asked_language(request)):
        content = MAKERS[kind](changes_paper(plan, now=timezone.now()))
    return download(content, name=f"{slug}-aenderungen.{kind}", kind=CONTENT_TYPES[kind])


def _plan(request: UserRequest, slug: str) -> Plan:
    demand(may_read_plans(request.user))
    plans = Plan.objects.visible_to(request.user).select_related("predecessor")
    plan: Plan = get_object_or_404(plans, slug=slug)
    if plan.predecessor is None:
        raise Http404
    return plan
