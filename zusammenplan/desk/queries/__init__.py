"""What waits for somebody, where the plan stands, and what happened last."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext as _, ngettext

from zusammenplan.ballots.choices import HalfStep, ProposalStatus, Way
from zusammenplan.ballots.models import Group, Proposal, Round, Voter
from zusammenplan.ballots.permissions import led_bodies
from zusammenplan.ballots.queries import (
    GroupInfo,
    Progress,
    Step,
    groups_of,
    hidden_because,
    open_votes_for,
    progress_of,
    result_of,
)
from zusammenplan.core.german import either, like
from zusammenplan.core.history import deed_of, entry_time
from zusammenplan.core.models import BarrierReport, Municipality
from zusammenplan.core.pictures import ThreadStep, thread
from zusammenplan.meetings.models import Body, Seat
from zusammenplan.people.models import Affiliation, User
from zusammenplan.people.permissions import may_answer_barrier_reports, may_change_municipality
from zusammenplan.people.queries.work import TaskLine, listed_tasks, task_lines
from zusammenplan.plans.choices import PlanStatus
from zusammenplan.plans.models import FieldOfAction, Measure, Plan
from zusammenplan.plans.queries.versions import (
    age_warnings,
    plans_that_count,
    resolution_text,
)

SOON = timedelta(days=3)
ROUNDS_WATCHED = 10
"""So many unreleased rounds are looked at for what waits; more are not at work at once."""
EVENTS = 8
ENTRIES_READ = 40
SET_TASKS_SHOWN = 8


# --- what waits ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for this person."""

    what: str
    url: str
    why: str
    due: str = ""
    is_soon: bool = False


@dataclass(frozen=True, slots=True)
class RoundAtWork:
    """A round that is not released yet, with its groups."""

    round: Round
    groups: list[GroupInfo]
    bodies: Mapping[int, int | None]
    progress: Progress


def rounds_at_work(user: User, now: datetime) -> list[RoundAtWork]:
    """Give the rounds that are not released, as far as this person sees them, newest first."""
    rounds = list(
        Round.objects.visible_to(user)
        .filter(released_at__isnull=True)
        .select_related("plan")
        .order_by("-created_at")[:ROUNDS_WATCHED]
    )
    groups = groups_of(rounds)
    bodies = dict(Group.objects.filter(round__in=rounds).values_list("pk", "body"))
    return [
        RoundAtWork(
            round_,
            groups.get(round_.pk, []),
            bodies,
            progress_of(round_, groups.get(round_.pk, []), now),
        )
        for round_ in rounds
    ]


def tasks_for(user: User, rounds: Sequence[RoundAtWork], *, now: datetime, day: date) -> list[Task]:
    """List what really waits for this person, what ends first on top."""
    tasks = _votes(user, now) + (_set_tasks(user, day) if user.is_staff_member else [])
    led = led_bodies(user, day=day)
    for work in rounds:
        tasks += _of_round(work, user, led, now)
    if user.is_planner:
        tasks += _proposals(rounds) + _links(now) + _measures()
    if may_answer_barrier_reports(user):
        tasks += _barriers()
    if may_change_municipality(user):
        tasks += _municipality()
    return tasks


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
        .order_by("group")
        .values_list("group", "group__name_de", "group__round__title_de")
        .annotate(number=Count("pk"))
    )
    return [
        Task(
            what=ngettext(
                "%(count)s personal link is about to expire",
                "%(count)s personal links are about to expire",
                number,
            )
            % {"count": number},
            url=reverse("ballots:voter-list", args=[group]),
            why=_("%(group)s, %(title)s: these persons have not voted yet.")
            % {"group": name, "title": title},
            is_soon=True,
            due=_("within three days"),
        )
        for group, name, title, number in ending
    ]


def _measures() -> list[Task]:
    """Tell which measures of the plan in focus lack what readers look for."""
    plan = plan_in_focus()
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


# --- where the plan stands ------------------------------------------------------------------


def plan_in_focus() -> Plan | None:
    """Give the plan that is worked on: the latest one that is not over."""
    over = [PlanStatus.SUPERSEDED, PlanStatus.EVALUATED]
    plans = Plan.objects.order_by("-starts_on", "-pk")
    return plans.exclude(status__in=over).first() or plans.first()


STATIONS = {
    PlanStatus.DRAFT: 0,
    PlanStatus.PARTICIPATION: 0,
    PlanStatus.VOTE: 1,
    PlanStatus.COMMITTEE: 2,
    PlanStatus.ADOPTED: 3,
    PlanStatus.IN_FORCE: 3,
    PlanStatus.EVALUATED: 4,
    PlanStatus.SUPERSEDED: 5,
}


def cycle(plan: Plan, rounds: Sequence[RoundAtWork]) -> tuple[ThreadStep, ...]:
    """Draw where the plan stands between its measures and its evaluation."""
    here = STATIONS[PlanStatus(plan.status)]
    running = next((work for work in rounds if work.round.plan_id == plan.pk), None)
    released = plan.rounds.filter(released_at__isnull=False).order_by("-released_at").first()
    resolution = plan.resolutions.filter(is_adoption=True).order_by("-decided_on", "-pk").first()
    count = plan.measures.count()
    measures = ngettext("%(count)s measure", "%(count)s measures", count) % {"count": count}
    if running:
        vote, url = running.progress.status, running.round.slug
    elif released and released.released_at:
        day = date_format(localtime(released.released_at), "DATE_FORMAT")
        vote, url = _("released on %(day)s") % {"day": day}, released.slug
    else:
        vote, url = "", ""
    stations = [
        (_("Goals and measures"), measures, reverse("plans:measure-list", args=[plan.slug])),
        (
            _("Prioritisation"),
            vote,
            reverse("ballots:round-detail", args=[url]) if url else reverse("ballots:round-list"),
        ),
        (
            _("Resolution"),
            resolution_text(resolution) if resolution else "",
            reverse("plans:plan-status", args=[plan.slug]),
        ),
        (_("Implementation"), "", ""),
        (_("Evaluation"), str(plan.ends_on.year) if plan.ends_on else "", ""),
    ]
    if here == 0 and (running.progress.step > Step.PREPARE if running else released):
        here = 1
    return thread(
        [
            ThreadStep(
                what,
                "done" if number < here else "now" if number == here else "open",
                state=state,
                url=url,
            )
            for number, (what, state, url) in enumerate(stations)
        ]
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that is no task, but that the municipality should know."""

    plan: str
    url: str
    text: str


def old_plans(day: date) -> list[Notice]:
    """Warn of plans that are too old for this funding year or the next."""
    return [
        Notice(plan.title, reverse("plans:plan-status", args=[plan.slug]), text)
        for plan, text in age_warnings(plans_that_count(), day)
    ]


# --- what happened last ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that somebody did, with the record it was done to."""

    at: datetime
    when: str
    who: str
    what: str
    name: str
    url: str
    more: int = 0

    @property
    def others(self) -> str:
        if not self.more:
            return ""
        return ngettext("and %(count)s more", "and %(count)s more", self.more) % {
            "count": self.more
        }


@dataclass(frozen=True, slots=True)
class _Source:
    """A model with history: how an entry is called and where its record is found."""

    model: Any
    related: tuple[str, ...]
    name: Callable[[Any], str]
    url: Callable[[Any], str]


def _said(row: Any, name: str) -> str:
    """Give a text of an entry, which has the columns of its record but none of its words."""
    texts = getattr(row, f"{name}_de"), getattr(row, f"{name}_en")
    return either(*texts, get_language() or "de")


def _numbered(number: str, name: str) -> str:
    return like(name, f"{number} {name}")


SOURCES = (
    _Source(
        Round,
        (),
        lambda row: _said(row, "title"),
        lambda row: reverse("ballots:round-detail", args=[row.slug]),
    ),
    _Source(
        Group,
        ("round",),
        lambda row: _said(row, "name"),
        lambda row: reverse("ballots:round-detail", args=[row.round.slug]),
    ),
    _Source(
        Proposal,
        ("round",),
        lambda row: str(row.title),
        lambda row: reverse("ballots:proposal-list", args=[row.round.slug]),
    ),
    _Source(
        Plan,
        (),
        lambda row: _said(row, "title"),
        lambda row: reverse("plans:plan-detail", args=[row.slug]),
    ),
    _Source(
        FieldOfAction,
        ("plan",),
        lambda row: _numbered(row.code, _said(row, "name")),
        lambda row: reverse("plans:plan-detail", args=[row.plan.slug]),
    ),
    _Source(
        Measure,
        ("plan",),
        lambda row: _numbered(row.number, _said(row, "title")),
        lambda row: reverse("plans:measure-detail", args=[row.plan.slug, row.id]),
    ),
    _Source(
        Body,
        (),
        lambda row: _said(row, "name"),
        lambda row: reverse("meetings:body-detail", args=[row.id]),
    ),
    _Source(
        Seat,
        ("body",),
        lambda row: str(row.name),
        lambda row: reverse("meetings:body-detail", args=[row.body_id]),
    ),
)


def events(limit: int = EVENTS) -> list[Event]:
    """Tell what happened last, newest first; the same deed to many records is told once."""
    entries = [event for source in SOURCES for event in _entries(source)]
    entries.sort(key=lambda event: event.at, reverse=True)
    return _together(entries, limit)


def _entries(source: _Source) -> Iterable[Event]:
    rows = list(
        source.model.history.select_related("history_user", *source.related).order_by(
            "-history_date", "-history_id"
        )[:ENTRIES_READ]
    )
    there = set(
        source.model.objects.filter(pk__in={row.id for row in rows}).values_list("pk", flat=True)
    )
    for row in rows:
        yield Event(
            at=row.history_date,
            when=entry_time(row.history_date),
            who=str(row.history_user) if row.history_user else "",
            what=deed_of(row),
            name=source.name(row),
            url=source.url(row) if row.id in there else "",
        )


def _together(entries: Sequence[Event], limit: int) -> list[Event]:
    told: list[Event] = []
    for event in entries:
        last = told[-1] if told else None
        if (
            last is not None
            and (last.who, last.what) == (event.who, event.what)
            and last.at - event.at < timedelta(minutes=1)
        ):
            told[-1] = Event(
                last.at, last.when, last.who, last.what, last.name, last.url, last.more + 1
            )
            continue
        if len(told) == limit:
            break
        told.append(event)
    return told


# --- those without a role -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """A page that this person may read."""

    name: str
    url: str
    note: str = ""


def results_for(user: User) -> list[Link]:
    """Give the released results of the rounds in which this person votes."""
    rounds = (
        Round.objects.with_voter(user)
        .filter(released_at__isnull=False, plan__is_public=True)
        .select_related("plan")
        .order_by("-released_at")
    )
    return [
        Link(
            round_.title,
            reverse("website:result", args=[round_.slug]),
            _("released on %(day)s")
            % {"day": date_format(localtime(round_.released_at), "DATE_FORMAT")},
        )
        for round_ in rounds
    ]


def organisations_of(user: User, day: date) -> list[Link]:
    """Give the organisations for which this person acts."""
    affiliations = (
        Affiliation.objects.filter(user=user)
        .valid_on(day)
        .select_related("organisation")
        .order_by("organisation__name")
    )
    return [
        Link(affiliation.organisation.name, "", affiliation.get_role_display())
        for affiliation in affiliations
    ]


def public_plans() -> list[Link]:
    return [
        Link(plan.title, reverse("website:plan", args=[plan.slug]))
        for plan in Plan.objects.published().order_by("-starts_on", "-pk")
    ]


def today_text(now: datetime) -> str:
    return date_format(timezone.localtime(now), _("l, j F Y"))
