"""What a published plan wants and why: its goals and needs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from zusammenplan.core.public import public_page
from zusammenplan.plans.models import Goal, Need, Plan
from zusammenplan.website.queries import goals, needs


@public_page
@require_safe
def goal_list(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_object_or_404(Plan.objects.published(), slug=slug)
    page = goals.goal_list(plan, request.GET.get("page"))
    return render(request, "website/goal_list.html", {"plan": plan, "page": page})


@public_page
@require_safe
def goal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = Goal.objects.filter(plan__is_public=True).select_related("plan", "level", "field")
    goal_ = get_object_or_404(found, pk=pk, plan__slug=slug)
    context = {"plan": goal_.plan, "page": goals.goal_page(goal_, request.GET.get("page"))}
    return render(request, "website/goal.html", context)


@public_page
@require_safe
def need_list(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_object_or_404(Plan.objects.published(), slug=slug)
    page = needs.need_list(plan, request.GET.get("page"))
    return render(request, "website/need_list.html", {"plan": plan, "page": page})


@public_page
@require_safe
def need(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = Need.objects.filter(plan__is_public=True).select_related("plan", "field")
    need_ = get_object_or_404(found, pk=pk, plan__slug=slug)
    context = {"plan": need_.plan, "page": needs.need_page(need_, request.GET.get("page"))}
    return render(request, "website/need.html", context)
