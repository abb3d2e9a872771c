"""What waits for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _, ngettext

from zusammenplan.ballots.choices import HalfStep, ProposalStatus, Way
from zusammenplan.ballots.models import Group, Proposal, Voter
from zusammenplan.ballots.permissions import led_bodies
from zusammenplan.ballots.queries import (
    GroupInfo,
    Step,
    hidden_because,
    open_votes_for,
    result_of,
)
from zusammenplan.core.history import entry_time
from zusammenplan.core.models import BarrierReport, Municipality
from zusammenplan.desk.queries.rounds import RoundAtWork
from zusammenplan.people.models import User
from zusammenplan.people.permissions import may_answer_barrier_reports, may_change_municipality
from zusammenplan.people.queries.work import TaskLine, listed_tasks, task_lines
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries.evaluations import unrated_requests

SOON = timedelta(days=3)
SET_TASKS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for this person."""

    what: str
    url: str
    why: str
    due: str = ""
    is_soon: bool = False


def tasks_for(
    user: User, rounds: Sequence[RoundAtWork], plan: Plan | None, *, now: datetime, day: date
) -> list[Task]:
    """List what really waits for this person, what ends soon on top."""
    tasks = _votes(user, now) + _ratings(user, day)
    tasks += _set_tasks(user, day) if user.is_staff_member else []
    led = led_bodies(user, day=day)
    for work in rounds:
        tasks += _of_round(work, user, led, now)
    if user.is_planner:
        tasks += _proposals(rounds) + _links(now) + _measures(plan)
    if may_answer_barrier_reports(user):
        tasks += _barriers()
    if may_change_municipality(user):
        tasks += _municipality()
    return sorted(tasks, key=lambda task: not task.is_soon)


def _votes(user: User, now: datetime) -> list[Task]:
    return [
        Task(
            what=_("Vote: %(title)s") % {"title": voter.group.round.title},
            url=reverse("room:ballot", args=[voter.group.round.slug, voter.group.pk]),
            why=_("You vote in the group “%(group)s”. %(state)s")
            % {
                "group": voter.group.name,
                "state": _("You can still change your marks.")
                if voter.has_voted
                else _("You have not voted yet."),
            },
            due=_until(voter.group.closes_at),
            is_soon=_is_soon(voter.group.closes_at, now),
        )
        for voter in open_votes_for(user, now)
    ]


def _ratings(user: User, day: date) -> list[Task]:
    """Give the open evaluations that ask this person for ratings, until all are given."""
    return [
        Task(
            what=_("Rate: %(title)s") % {"title": asked.evaluation.title},
            url=reverse("rating:paper", args=[asked.pk]),
            why=_("%(done)s of %(total)s rated.") % {"done": asked.done, "total": asked.total},
            due=_("until %(day)s") % {"day": date_format(asked.evaluation.due_on, "DATE_FORMAT")}
            if asked.evaluation.due_on
            else "",
            is_soon=asked.evaluation.due_on is not None and asked.evaluation.due_on <= day + SOON,
        )
        for asked in unrated_requests(user)
    ]


def _set_tasks(user: User, day: date) -> list[Task]:
    """Give the tasks that somebody set for this person, those that are due first on top."""
    mine = listed_tasks(user, whose="mine", state="", day=day)
    all_url = reverse("desk:task-list")
    lines = task_lines(list(mine[:SET_TASKS_SHOWN]), day, user)
    return [
        Task(
            what=line.title,
            url=line.url or all_url,
            why=_("Task: %(kind)s %(record)s") % {"kind": line.kind, "record": line.record}
            if line.record
            else _("Task"),
            due=_due(line),
            is_soon=line.state in {"soon", "overdue"},
        )
        for line in lines
    ]


def _due(line: TaskLine) -> str:
    if not line.due:
        return ""
    words = _("overdue since %(day)s") if line.state == "overdue" else _("until %(day)s")
    return words % {"day": line.due}


def _of_round(work: RoundAtWork, user: User, led: set[int], now: datetime) -> list[Task]:
    mine = [group for group in work.groups if user.is_planner or work.bodies[group.key] in led]
    if not mine and not user.is_planner:
        return []
    tasks = [task for group in mine for task in _of_group(work, group, user, now)]
    if user.is_planner and work.progress.step == Step.PREPARE:
        tasks.append(
            Task(
                what=_("Prepare: %(title)s") % {"title": work.round.title},
                url=reverse("ballots:round-detail", args=[work.round.slug]),
                why=work.progress.next,
            )
        )
    if work.groups and all(group.closed_at is not None for group in work.groups):
        tasks += _of_result(work, user)
    return tasks


def _of_group(work: RoundAtWork, group: GroupInfo, user: User, now: datetime) -> list[Task]:
    names = {"group": group.name, "title": work.round.title}
    where = _("Prioritisation: %(title)s") % names
    if group.closed_at is None and group.is_over(now):
        return [
            Task(
                what=_("Close the vote of “%(group)s”") % names,
                url=reverse("ballots:group-close", args=[group.key]),
                why=_("%(where)s. The time is over.") % {"where": where},
            )
        ]
    if group.is_open(now) and group.way in {Way.HANDS, Way.MAJORITY}:
        return [
            Task(
                what=_("Write down the hands of “%(group)s”") % names,
                url=reverse("ballots:tally", args=[group.key]),
                why=where,
                due=_until(group.closes_at),
                is_soon=_is_soon(group.closes_at, now),
            )
        ]
    # Before anything has opened the planner sees the round as one task, the chair the group.
    is_waiting = group.opens_at is None and group.way != Way.TABLE
    if is_waiting and (not user.is_planner or work.progress.step != Step.PREPARE):
        return [
            Task(
                what=_("Open the vote of “%(group)s”") % names,
                url=reverse("ballots:group-open", args=[group.key]),
                why=where,
            )
        ]
    return []


def _of_result(work: RoundAtWork, user: User) -> list[Task]:
    url = reverse("ballots:result", args=[work.round.slug])
    if hidden_because(work.round, work.groups):
        return []
    if work.round.half_step == HalfStep.CHAIR:
        waiting = [
            standing.item.number
            for standing in result_of(work.round).items
            if standing.result.waits_for_chair
        ]
        if waiting:
            return [
                Task(
                    what=_("Decide half steps: %(title)s") % {"title": work.round.title},
                    url=url,
                    why=_("The chair has yet to decide the half steps of: %(numbers)s.")
                    % {"numbers": get_text_list(waiting, _("and"))},
                )
            ]
    if not user.is_planner:
        return []
    return [
        Task(
            what=_("Release the result: %(title)s") % {"title": work.round.title},
            url=url,
            why=_("All groups have closed. Check the result, then release it."),
        )
    ]


def _proposals(rounds: Sequence[RoundAtWork]) -> list[Task]:
    counted = dict(
        Proposal.objects.filter(
            round__in=[work.round for work in rounds], status=ProposalStatus.PROPOSED
        )
        .order_by()
        .values_list("round")
        .annotate(number=Count("pk"))
    )
    return [
        Task(
            what=ngettext(
                "Decide on %(count)s proposed measure",
                "Decide on %(count)s proposed measures",
                counted[work.round.pk],
            )
            % {"count": counted[work.round.pk]},
            url=reverse("ballots:proposal-list", args=[work.round.slug]),
            why=_("Prioritisation: %(title)s") % {"title": work.round.title},
        )
        for work in rounds
        if work.round.pk in counted
    ]


def _links(now: datetime) -> list[Task]:
    """Tell of links that expire while their voter has not voted and the vote goes on."""
    ending = (
        Voter.objects.filter(
            Q(group__closes_at__isnull=True) | Q(group__closes_at__gt=now),
            group__closed_at__isnull=True,
            has_voted=False,
            invitation__revoked_at__isnull=True,
            invitation__expires_at__gt=now,
            invitation__expires_at__lte=now + SOON,
        )
        .order_by()
        .values_list("group")
        .annotate(number=Count("pk"))
    )
    numbers = dict(ending)
    groups = Group.objects.filter(pk__in=numbers).select_related("round").order_by("pk")
    return [
        Task(
            what=ngettext(
                "%(count)s personal link is about to expire",
                "%(count)s personal links are about to expire",
                numbers[group.pk],
            )
            % {"count": numbers[group.pk]},
            url=reverse("ballots:voter-list", args=[group.pk]),
            why=_("%(group)s, %(title)s: these persons have not voted yet.")
            % {"group": group.name, "title": group.round.title},
            is_soon=True,
            due=_("within three days"),
        )
        for group in groups
    ]


def _measures(plan: Plan | None) -> list[Task]:
    """Tell which measures of the plan in focus lack what readers look for."""
    if plan is None:
        return []
    lacking = plan.measures.aggregate(
        responsible=Count("pk", filter=Q(responsible__isnull=True)),
        field=Count("pk", filter=Q(field__isnull=True)),
    )
    url = reverse("plans:measure-list", args=[plan.slug])
    tasks = []
    if lacking["field"]:
        what = ngettext(
            "%(count)s measure has no field of action",
            "%(count)s measures have no field of action",
            lacking["field"],
        )
        tasks.append(Task(what % {"count": lacking["field"]}, url, plan.title))
    if lacking["responsible"]:
        what = ngettext(
            "%(count)s measure has nobody responsible",
            "%(count)s measures have nobody responsible",
            lacking["responsible"],
        )
        tasks.append(Task(what % {"count": lacking["responsible"]}, url, plan.title))
    return tasks


def _barriers() -> list[Task]:
    count = BarrierReport.objects.filter(answered_at__isnull=True).count()
    if not count:
        return []
    what = ngettext(
        "Answer %(count)s report of a barrier", "Answer %(count)s reports of barriers", count
    )
    return [
        Task(
            what % {"count": count},
            reverse("people:barrier-list"),
            _("Somebody could not use a page of the site."),
        )
    ]


def _municipality() -> list[Task]:
    if Municipality.objects.filter(pk=1).exists():
        return []
    return [
        Task(
            _("Enter name and contact of the municipality"),
            reverse("people:settings"),
            _("Until then every page says “%(name)s”.") % {"name": Municipality(pk=1).name},
        )
    ]


def _until(moment: datetime | None) -> str:
    return _("until %(moment)s") % {"moment": entry_time(moment)} if moment else ""


def _is_soon(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now + SOON
