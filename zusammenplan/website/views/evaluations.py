"""What closed evaluations of published plans came to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from zusammenplan.core.public import public_page
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.models import Evaluation
from zusammenplan.website.queries.evaluation import evaluation_page


@public_page
@require_safe
def evaluation(request: HttpRequest, slug: str, evaluation: str) -> HttpResponse:
    """Show what a closed evaluation of a published plan came to."""
    closed = Evaluation.objects.filter(status=EvaluationStatus.CLOSED, plan__is_public=True)
    found = get_object_or_404(
        closed.select_related("plan__predecessor"), slug=evaluation, plan__slug=slug
    )
    page = evaluation_page(
        found, number=request.GET.get("page"), tree_number=request.GET.get("goal_page")
    )
    return render(request, "website/evaluation.html", {"page": page})
