"""The rounds that somebody works on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zusammenplan.ballots.models import Group, Round
from zusammenplan.ballots.queries import GroupInfo, Progress, groups_of, progress_of
from zusammenplan.people.models import User

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
