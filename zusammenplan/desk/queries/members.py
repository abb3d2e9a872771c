"""What somebody without a role of the municipality may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from zusammenplan.ballots.models import Round
from zusammenplan.ballots.permissions import led_bodies
from zusammenplan.ballots.queries import turnout_of
from zusammenplan.desk.queries.rounds import RoundAtWork
from zusammenplan.people.models import Affiliation, User
from zusammenplan.plans.models import Plan


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


def public_plans() -> list[Link]:
    return [
        Link(plan.title, reverse("website:plan", args=[plan.slug]))
        for plan in Plan.objects.published().order_by(F("starts_on").desc(nulls_last=True), "-pk")
    ]
