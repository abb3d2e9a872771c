"""What somebody without a role of the municipality may read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from zusammenplan.ballots.models import Round
from zusammenplan.ballots.permissions import led_bodies
from zusammenplan.ballots.queries import turnout_of
from zusammenplan.core.german import within
from zusammenplan.desk.queries.rounds import RoundAtWork
from zusammenplan.people.models import Affiliation, User
from zusammenplan.plans.choices import EvaluationStatus, PlanStatus
from zusammenplan.plans.domain.milestones import coming
from zusammenplan.plans.models import EvaluationItem, Measure, Milestone, Plan


@dataclass(frozen=True, slots=True)
class Link:
    """A page that this person may read."""

    name: str
    url: str
    note: str = ""


def led_groups(user: User, rounds: Sequence[RoundAtWork], day: date) -> list[Link]:
    """Give the groups that this person opens, counts and closes, each with its round's page."""
    led = led_bodies(user, day=day)
    return [
        Link(
            f"{group.name}: {work.round.title}",
            reverse("ballots:round-detail", args=[work.round.slug]),
            turnout_of(group),
        )
        for work in rounds
        for group in work.groups
        if work.bodies[group.key] in led
    ]


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


@dataclass(frozen=True, slots=True)
class OwnMeasure:
    """A published measure in which an organisation of this person has a part."""

    name: str
    url: str
    part: SafeString
    status: str
    status_label: str
    next: SafeString
    rating_url: str


def measures_of(user: User, day: date) -> list[OwnMeasure]:
    """
    Give the published measures for which this person's organisations are responsible or partners.

    A superseded plan is left out: what goes on of it stands in its successor.
    """
    mine = Affiliation.objects.filter(user=user).valid_on(day)
    organisations = dict(mine.values_list("organisation", "organisation__name"))
    if not organisations:
        return []
    part = Q(responsible__in=organisations) | Q(partners__in=organisations)
    # Asked by keys: a measure with two partners of this person's would come twice.
    measures = (
        Measure.objects.visible_to(user)
        .filter(pk__in=Measure.objects.filter(part).values("pk"))
        .exclude(plan__status=PlanStatus.SUPERSEDED)
        .select_related("plan")
        .prefetch_related("milestones", "partners")
        .in_order()
    )
    asked = dict(
        EvaluationItem.objects.filter(
            request__user=user, measure__isnull=False, evaluation__status=EvaluationStatus.OPEN
        ).values_list("measure", "request")
    )
    return [_own_measure(one, organisations, asked.get(one.pk), day) for one in measures]


def _own_measure(
    measure: Measure, organisations: Mapping[int, str], asked: int | None, day: date
) -> OwnMeasure:
    name = organisations.get(measure.responsible_id or 0)
    partners = [one.name for one in measure.partners.all() if one.pk in organisations]
    return OwnMeasure(
        name=str(measure),
        url=reverse("website:measure", args=[measure.plan.slug, measure.pk]),
        part=within(_("Responsible: %(organisation)s"), organisation=name)
        if name
        else within(_("Partner: %(organisation)s"), organisation=", ".join(sorted(partners))),
        status=measure.status,
        status_label=measure.get_status_display(),
        next=_next_milestone(coming(sorted(measure.milestones.all(), key=_place)), day),
        rating_url=reverse("rating:paper", args=[asked]) if asked else "",
    )


def _place(milestone: Milestone) -> tuple[int, int]:
    return milestone.position, milestone.pk


def _next_milestone(milestone: Milestone | None, day: date) -> SafeString:
    if milestone is None:
        return SafeString("")
    if milestone.due_on is None:
        return within(_("Next milestone: %(milestone)s"), milestone=milestone.title)
    words = (
        _("Next milestone: %(milestone)s, overdue since %(day)s")
        if milestone.due_on < day
        else _("Next milestone: %(milestone)s, until %(day)s")
    )
    due = date_format(milestone.due_on, "DATE_FORMAT")
    return within(words, milestone=milestone.title, day=due)


def public_plans() -> list[Link]:
    return [
        Link(plan.title, reverse("website:plan", args=[plan.slug]))
        for plan in Plan.objects.published().order_by(F("starts_on").desc(nulls_last=True), "-pk")
    ]
