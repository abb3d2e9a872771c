"""The page of comments and tasks on what has no page of its own."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.queries.notes import home_of, parts_of_plan
from zusammenplan.plans.views.workspace import readable_plan


@require_safe
def part_notes(request: UserRequest, slug: str, word: str, pk: int) -> HttpResponse:
    """Show the comments and tasks on a field, resolution, version, milestone or indicator."""
    plan = readable_plan(request, slug)
    part = get_object_or_404(parts_of_plan(plan, word), pk=pk)
    context = {
        "plan": plan,
        "part": part,
        "kind": capfirst(part._meta.verbose_name),
        "home": home_of(part),
    }
    return render(request, "plans/part_notes.html", context)
