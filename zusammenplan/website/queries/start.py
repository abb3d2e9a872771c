"""The start page and the list of plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zusammenplan.ballots.models import Round
from zusammenplan.ballots.queries import (
    GroupInfo,
    result_of,
    rule_words,
)
from zusammenplan.core.excerpts import opening
from zusammenplan.core.pictures import (
    StepKind,
    ThreadStep,
    thread,
)
from zusammenplan.plans.domain.life import (
    ACTING,
    DECIDING,
    JUDGING,
    PLANNING,
    STATIONS,
    VOTING,
    Candidate,
    in_focus,
)
from zusammenplan.plans.models import Plan
from zusammenplan.website.queries.words import (
    Hrefs,
    Label,
    anchor_of,
    fields_count,
    label_of,
    leading,
    mark_of,
    measures_count,
    scale_words,
    years,
)

FIRST_FEW = 5


def plan_in_focus() -> Plan | None:
    """Give the published plan that counts now: the latest one that is not over."""
    plans = {plan.pk: plan for plan in Plan.objects.published()}
    key = in_focus(Candidate(one.pk, one.status, one.starts_on) for one in plans.values())
    return plans[key] if key else None


@dataclass(frozen=True, slots=True)
class FieldCard:
    code: str
    name: str
    text: str
    count: str
    url: str


@dataclass(frozen=True, slots=True)
class TopRow:
    mark: SafeString
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class StartPage:
    """The plan in focus, where it stands, and what comes first."""

    plan: Plan
    url: str
    lead: str
    steps: tuple[ThreadStep, ...]
    fields: list[FieldCard]
    fields_head: str
    measures: str
    top: list[TopRow]
    top_notes: list[str]
    label: Label | None


def start_page(plan: Plan) -> StartPage:
    url = reverse("website:plan", args=[plan.slug])
    fields = list(plan.fields.annotate(size=Count("measures")).order_by("position", "pk"))
    count = plan.measures.count()
    round_ = leading(Round.objects.public().filter(plan=plan))
    result = result_of(round_) if round_ else None
    rated = [one for one in result.items if one.result.place is not None] if result else []
    hrefs = Hrefs(plan)
    return StartPage(
        plan=plan,
        url=url,
        lead=_plan_lead(plan, len(fields), count),
        steps=cycle(plan, round_, count),
        fields=[
            FieldCard(
                code=one.code,
                name=one.name,
                text=opening(one.text),
                count=measures_count(one.size),
                url=f"{url}#{anchor_of(one.pk)}",
            )
            for one in fields
        ],
        fields_head=fields_count(len(fields)),
        measures=measures_count(count),
        top=[
            TopRow(
                mark=mark_of(round_, one.result.degree),
                title=one.item.title,
                url=hrefs.of(one.item.measure_id),
            )
            for one in rated[:FIRST_FEW]
            if round_
        ],
        top_notes=[rule_words(result.rule) + ".", scale_words(round_), _turnout(result.groups)]
        if round_ and result
        else [],
        label=label_of(round_) if round_ else None,
    )


@dataclass(frozen=True, slots=True)
class PlanRow:
    title: str
    summary: str
    status: str
    period: str
    url: str


def plan_rows() -> list[PlanRow]:
    """List the published plans, the newest first."""
    plans = sorted(
        Plan.objects.published(),
        key=lambda plan: (plan.starts_on or date.min, plan.pk),
        reverse=True,
    )
    return [
        PlanRow(
            title=plan.title,
            summary=opening(plan.summary),
            status=plan.get_status_display(),
            period=years(plan.starts_on, plan.ends_on),
            url=reverse("website:plan", args=[plan.slug]),
        )
        for plan in plans
    ]


def cycle(plan: Plan, round_: Round | None, measures: int) -> tuple[ThreadStep, ...]:
    """Tell where the plan stands, from its status and its prioritisation."""
    url = reverse("website:plan", args=[plan.slug])
    here = STATIONS[plan.status]
    if here == PLANNING and round_:
        here = VOTING
    period = years(plan.starts_on, plan.ends_on)
    stations = [
        (PLANNING, _("Fields and measures"), measures_count(measures), url),
        (
            VOTING,
            _("Prioritisation"),
            label_of(round_).text if round_ else "",
            label_of(round_).url if round_ else "",
        ),
        (DECIDING, _("Decision in the committees"), "", ""),
        (ACTING, _("Implementation"), period, ""),
        (JUDGING, _("Evaluation"), "", ""),
    ]
    steps = []
    for place, what, state, link in stations:
        if place == VOTING and here > VOTING and not round_:
            continue
        kind: StepKind = "done" if place < here else "open"
        if place == here:
            kind = "now"
            stand = state if place == VOTING and state else plan.get_status_display()
            state = _("We are here: %(status)s") % {"status": stand}  # noqa: PLW2901 - told anew
        steps.append(ThreadStep(what=what, kind=kind, state=state, url=link))
    return thread(steps)


def _plan_lead(plan: Plan, fields: int, measures: int) -> str:
    if plan.summary.strip():
        return plan.summary
    return _("The plan has %(fields)s and %(measures)s.") % {
        "fields": fields_count(fields),
        "measures": measures_count(measures),
    }


def _turnout(groups: Sequence[GroupInfo]) -> str:
    told = [
        _("%(group)s: %(voted)s") % {"group": group.name, "voted": group.voted}
        for group in groups
        if group.voted
    ]
    return _("Votes cast: %(groups)s.") % {"groups": ", ".join(told)} if told else ""
