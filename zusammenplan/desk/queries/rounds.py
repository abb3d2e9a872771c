"""The rounds that somebody works on: votes and evaluations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from zusammenplan.ballots.models import Group, Round
from zusammenplan.ballots.queries import GroupInfo, Progress, groups_of, progress_of
from zusammenplan.people.models import User
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.models import Evaluation
from zusammenplan.plans.queries.evaluations import RoundLine, round_lines

# So many unreleased rounds are looked at for what waits; more are not at work at once.
ROUNDS_WATCHED = 10


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


def evaluations_at_work() -> list[RoundLine]:
    """Give the evaluations of all plans that are open or being checked, those due first on top."""
    running = Evaluation.objects.filter(status__in=[EvaluationStatus.OPEN, EvaluationStatus.CHECK])
    ordered = running.select_related("plan").order_by(F("due_on").asc(nulls_last=True), "-pk")
    return round_lines(list(ordered[:ROUNDS_WATCHED]))
