"""Where the plan stands, and what the municipality should know of plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, ngettext

from zusammenplan.ballots.queries import Step
from zusammenplan.core.pictures import ThreadStep, thread
from zusammenplan.desk.queries.rounds import RoundAtWork
from zusammenplan.plans.domain.life import PLANNING, STATIONS, VOTING, Candidate, in_focus
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries.evaluations import RoundLine
from zusammenplan.plans.queries.versions import age_warnings, plans_that_count, resolution_text


def plan_in_focus(rounds: Sequence[RoundAtWork], evaluations: Sequence[RoundLine]) -> Plan | None:
    """Give the plan that is worked on: where something runs, else the latest that has not ended."""
    voted_on = {
        work.round.plan_id
        for work in rounds
        if work.progress.step in {Step.VOTE, Step.EVALUATE, Step.RELEASE}
    }
    rated = {line.evaluation.plan_id for line in evaluations}
    plans = {plan.pk: plan for plan in Plan.objects.all()}
    key = in_focus(
        Candidate(one.pk, one.status, one.starts_on, one.pk in voted_on, one.pk in rated)
        for one in plans.values()
    )
    return plans[key] if key else None


def cycle(plan: Plan, rounds: Sequence[RoundAtWork]) -> tuple[ThreadStep, ...]:
    """Draw where the plan stands between its measures and its evaluation."""
    here = STATIONS[plan.status]
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
    if here == PLANNING and (running.progress.step > Step.PREPARE if running else released):
        here = VOTING
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
