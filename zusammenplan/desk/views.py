"""The workspace's start page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from zusammenplan.ballots.permissions import may_prepare
from zusammenplan.desk.queries import (
    cycle,
    events,
    old_plans,
    organisations_of,
    plan_in_focus,
    public_plans,
    results_for,
    rounds_at_work,
    tasks_for,
    today_text,
)
from zusammenplan.people.permissions import UserRequest


@require_safe
def overview(request: UserRequest) -> HttpResponse:
    """Show what waits; whoever holds no role sees their votes, results and organisations."""
    user, now, day = request.user, timezone.now(), localdate()
    rounds = rounds_at_work(user, now)
    context: dict[str, Any] = {
        "today": today_text(now),
        "tasks": tasks_for(user, rounds, now=now, day=day),
    }
    if not user.is_staff_member:
        context |= {
            "results": results_for(user),
            "organisations": organisations_of(user, day),
            "plans": public_plans(),
        }
        return render(request, "desk/overview_member.html", context)
    plan = plan_in_focus()
    context |= {
        "plan": plan,
        "steps": cycle(plan, rounds) if plan else (),
        "rounds": rounds,
        "events": events(),
        "notices": old_plans(day),
        "may_prepare": may_prepare(user),
    }
    return render(request, "desk/overview.html", context)
