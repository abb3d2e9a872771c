"""
Rate measures and goals, and check what was rated.

Whoever rates holds the round's row together with others; whoever closes it waits for them, so no
acknowledged rating is lost and none comes after the closing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import ChangedMeanwhileError, keep, keep_unless_changed
from zusammenplan.core.locks import hold
from zusammenplan.people.models import User
from zusammenplan.plans.actions.evaluations import (
    EvaluationError,
    RoundClosedError,
    RoundNotOpenError,
    lock_evaluation,
)
from zusammenplan.plans.choices import EvaluationStatus, RatingState
from zusammenplan.plans.domain.attainment import from_record, to_stored
from zusammenplan.plans.models import Evaluation, EvaluationItem, Rating, RatingRequest

FIELDS = (
    "state",
    "share",
    "reason",
    "evidence",
    "author",
    "author_name",
    "rated_at",
    "checked_at",
    "checked_by",
)


class NotOnScaleError(EvaluationError):
    """The share is no step of the round's scale."""

    def __init__(self) -> None:
        super().__init__(_("This is no step of the evaluation's scale. Choose one of the steps."))


class ReasonNeededError(EvaluationError):
    """A rating without its reason cannot be understood later."""

    def __init__(self) -> None:
        super().__init__(_("Please give a reason in a few words."))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody says of one thing."""

    state: str
    share: Fraction | None
    reason: str
    evidence: str = ""


def rate_by_link(
    request: RatingRequest,
    item: EvaluationItem,
    verdict: Verdict,
    *,
    seen_version: int,
    now: datetime,
) -> Rating:
    """
    Keep what a person says who was asked; it waits to be checked.

    :raises RoundClosedError: if the round is closed
    :raises RoundNotOpenError: if it does not take ratings now
    :raises ChangedMeanwhileError: if the rating was changed since the person saw it
    :raises ReasonNeededError: if the reason is missing
    :raises NotOnScaleError: if the share is no step of the scale
    """
    return _rate(
        item,
        verdict,
        seen_version=seen_version,
        now=now,
        by=request.user,
        deed=_("Rated by %(name)s") % {"name": request.name},
        name=request.name,
    )


def rate_as_planner(
    item: EvaluationItem,
    verdict: Verdict,
    *,
    seen_version: int,
    now: datetime,
    by: User,
    why: str = "",
) -> Rating:
    """
    Keep what the planner says, which needs no further check; the history keeps what stood before.

    :raises RoundClosedError: if the round is closed
    :raises RoundNotOpenError: if it has not begun
    :raises ChangedMeanwhileError: if the rating was changed since the planner saw it
    :raises ReasonNeededError: if the reason is missing
    :raises NotOnScaleError: if the share is no step of the scale
    """
    deed = _("Changed at the check: %(why)s") % {"why": why} if why else _("Rated by the planner")
    return _rate(
        item,
        verdict,
        seen_version=seen_version,
        now=now,
        by=by,
        deed=deed,
        name=by.name or by.email,
        is_planner=True,
    )


@transaction.atomic
def accept_ratings(
    evaluation: Evaluation, seen: Mapping[int, int], *, by: User, now: datetime
) -> int:
    """
    Accept ratings as they stand; tell how many.

    ``seen`` gives the version of each rating that the planner saw. What was changed since then
    waits for another look.

    :raises RoundClosedError: if the round is closed
    """
    evaluation = lock_evaluation(evaluation)
    if evaluation.status == EvaluationStatus.CLOSED:
        raise RoundClosedError
    waiting = (
        Rating.objects.select_for_update(of=("self",))
        .filter(evaluation=evaluation, pk__in=list(seen), checked_at__isnull=True)
        .order_by("pk")
    )
    ratings = [rating for rating in waiting if rating.version == seen[rating.pk]]
    for rating in ratings:
        rating.checked_at, rating.checked_by = now, by
        # The version stays: who has the page open may still change the rating without a clash.
        keep(rating, by=by, deed=_("Accepted"), fields=["checked_at", "checked_by"])
    return len(ratings)


@transaction.atomic
def _rate(
    item: EvaluationItem,
    verdict: Verdict,
    *,
    seen_version: int,
    now: datetime,
    by: User | None,
    deed: str,
    name: str,
    is_planner: bool = False,
) -> Rating:
    if not verdict.reason.strip():
        raise ReasonNeededError
    hold(item.evaluation)
    evaluation = Evaluation.objects.get(pk=item.evaluation_id)
    _demand_open(evaluation, is_planner=is_planner)
    _demand_on_scale(evaluation, verdict)
    rating = Rating.objects.filter(
        evaluation=evaluation, measure=item.measure_id, goal=item.goal_id
    ).first()
    is_new = rating is None
    if rating is None:
        rating = Rating(
            evaluation=evaluation, measure_id=item.measure_id, goal_id=item.goal_id, rated_at=now
        )
    elif seen_version == 0:
        raise ChangedMeanwhileError(rating)
    rating.state = verdict.state
    rating.share = to_stored(verdict.share) if verdict.share is not None else None
    rating.reason = verdict.reason.strip()
    rating.evidence = verdict.evidence.strip()
    rating.author, rating.author_name = by, name[:120]
    rating.rated_at = now
    rating.checked_at, rating.checked_by = (now, by) if is_planner else (None, None)
    if not is_new:
        return keep_unless_changed(
            rating, seen_version=seen_version, by=by, deed=deed, fields=FIELDS
        )
    try:
        with transaction.atomic():
            return keep(rating, by=by, deed=deed)
    except IntegrityError as clash:
        there = Rating.objects.filter(
            evaluation=evaluation, measure=item.measure_id, goal=item.goal_id
        ).first()
        if there is None:
            raise
        raise ChangedMeanwhileError(there) from clash


def _demand_open(evaluation: Evaluation, *, is_planner: bool) -> None:
    if evaluation.status == EvaluationStatus.CLOSED:
        raise RoundClosedError
    takes = (
        {EvaluationStatus.OPEN, EvaluationStatus.CHECK} if is_planner else {EvaluationStatus.OPEN}
    )
    if evaluation.status not in takes:
        raise RoundNotOpenError


def _demand_on_scale(evaluation: Evaluation, verdict: Verdict) -> None:
    is_rated = verdict.state == RatingState.RATED
    if is_rated != (verdict.share is not None) or verdict.state not in RatingState.values:
        raise NotOnScaleError
    if verdict.share is None:
        return
    scale = from_record(evaluation.scale)
    steps = {step.share for step in scale.steps}
    if not (0 <= verdict.share <= 1 if scale.is_percentage else verdict.share in steps):
        raise NotOnScaleError
