"""The workspace's start page, the search, and the list of tasks."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zusammenplan.ballots.permissions import may_prepare
from zusammenplan.core.pages import demand
from zusammenplan.desk.queries.events import events
from zusammenplan.desk.queries.members import (
    led_groups,
    measures_of,
    organisations_of,
    public_plans,
    results_for,
)
from zusammenplan.desk.queries.plans import cycle, old_plans, plan_in_focus
from zusammenplan.desk.queries.rounds import evaluations_at_work, rounds_at_work
from zusammenplan.desk.queries.search import search as found_in
from zusammenplan.desk.queries.waits import tasks_for
from zusammenplan.people.forms.work import WHOSE, TaskFilter
from zusammenplan.people.permissions import UserRequest, may_change_task, may_take_notes
from zusammenplan.people.queries.work import listed_tasks, task_lines
from zusammenplan.plans.permissions import may_read_plans

PAGE_SIZE = 50
LONGEST_TEXT = 100


@require_safe
def overview(request: UserRequest) -> HttpResponse:
    """Show what waits; whoever holds no role sees their votes, results and organisations."""
    user, now, day = request.user, timezone.now(), localdate()
    rounds = rounds_at_work(user, now)
    context: dict[str, Any] = {"today": date_format(localtime(now), _("l, j F Y"))}
    if not user.is_staff_member:
        context |= {
            "tasks": tasks_for(user, rounds, None, now=now, day=day),
            "led": led_groups(user, rounds, day),
            "results": results_for(user),
            "organisations": organisations_of(user, day),
            "measures": measures_of(user, day),
            "plans": public_plans(),
        }
        return render(request, "desk/overview_member.html", context)
    evaluations = evaluations_at_work()
    plan = plan_in_focus(rounds, evaluations)
    context |= {
        "tasks": tasks_for(user, rounds, plan, now=now, day=day),
        "plan": plan,
        "steps": cycle(plan, rounds) if plan else (),
        "rounds": rounds,
        "evaluations": evaluations,
        "events": events(),
        "notices": old_plans(day),
        "may_prepare": may_prepare(user),
    }
    return render(request, "desk/overview.html", context)


@require_safe
def search(request: UserRequest) -> HttpResponse:
    """Show what holds the words, grouped by what it is."""
    demand(may_read_plans(request.user))
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    groups = found_in(text, request.user)
    context = {
        "search_text": text,
        "groups": groups,
        "count": sum(group.count for group in groups),
    }
    return render(request, "desk/search.html", context)


@require_safe
def task_list(request: UserRequest) -> HttpResponse:
    """List the tasks: one's own, those one set, nobody's, or all."""
    demand(may_take_notes(request.user))
    day = localdate()
    filter_form = TaskFilter(request.GET, auto_id="filter_%s")
    chosen = filter_form.chosen
    tasks = listed_tasks(request.user, whose=chosen["whose"], state=chosen["state"], day=day)
    page = Paginator(tasks, PAGE_SIZE).get_page(request.GET.get("page"))
    may_change = partial(may_change_task, request.user)
    state = f"&state={chosen['state']}" if chosen["state"] else ""
    context = {
        "filter": filter_form,
        "chosen": chosen,
        "page": page,
        "tasks": task_lines(list(page), day, request.user, may_change),
        "tabs": [
            {"label": label, "url": f"?whose={key}{state}", "current": key == chosen["whose"]}
            for key, label in WHOSE
        ],
        "back": request.get_full_path(),
    }
    return render(request, "desk/task_list.html", context)
