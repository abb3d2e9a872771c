"""Set the scale; prepare, open, check and close rounds of rating; choose what is rated."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _, ngettext

from zusammenplan.core.history import keep
from zusammenplan.core.locks import alone
from zusammenplan.people.actions import revoke_invitation
from zusammenplan.people.models import User
from zusammenplan.plans.actions.records import Values, keep_changes, raise_version_of
from zusammenplan.plans.actions.refusals import demand_reason
from zusammenplan.plans.actions.removal import remove_whole
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.domain.attainment import scale_of, to_record
from zusammenplan.plans.models import Evaluation, EvaluationItem, Goal, Measure, Plan, Rating
from zusammenplan.plans.queries.plans import slug_stem

# Words that stand in addresses where the round's own word would stand.
RESERVED_EVALUATION_SLUGS = frozenset({"neu", "skala"})


class EvaluationError(Exception):
    """What cannot be done with a round of rating now; the sentence says why."""


class RoundClosedError(EvaluationError):
    """The round is closed; what was rated in it stays."""

    def __init__(self) -> None:
        super().__init__(
            _("This evaluation is closed and stays as it is. Begin a new round to correct it.")
        )


class RoundNotOpenError(EvaluationError):
    """Ratings are not taken at this moment."""

    def __init__(self) -> None:
        super().__init__(_("This evaluation does not take ratings at the moment."))


class WrongStepError(EvaluationError):
    """The round does not stand where this step begins."""

    def __init__(self, evaluation: Evaluation) -> None:
        super().__init__(
            _("This step is not possible now: the evaluation is “%(status)s”.")
            % {"status": evaluation.get_status_display()}
        )


class NothingToRateError(EvaluationError):
    """A round without anything in it cannot begin."""

    def __init__(self) -> None:
        super().__init__(_("Choose at least one measure or goal that is rated."))


class NotCheckedError(EvaluationError):
    """Ratings still wait for the planner."""

    def __init__(self, number: int) -> None:
        super().__init__(
            ngettext(
                "%(number)d rating has not been checked yet. Accept or change it first.",
                "%(number)d ratings have not been checked yet. Accept or change them first.",
                number,
            )
            % {"number": number}
        )


class RatedAlreadyError(EvaluationError):
    """What is rated already stays in the round."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(
            _("Already rated and therefore kept in the round: %(names)s.")
            % {"names": ", ".join(names)}
        )


class HasRatingsError(EvaluationError):
    """A round with ratings is not deleted."""

    def __init__(self) -> None:
        super().__init__(_("This evaluation has ratings already, so it is kept. Close it instead."))


# --- the scale ---------------------------------------------------------------------------


@transaction.atomic
def set_scale(plan: Plan, *, kind: str, own_scale: str, seen_version: int, by: User | None) -> Plan:
    """
    Say on which scale the plan is rated; rounds that have begun keep theirs, prepared ones follow.

    :raises ScaleError: if an own scale cannot be read
    :raises ChangedMeanwhileError: if somebody else changed the plan meanwhile
    """
    record = to_record(scale_of(kind, own_scale))
    changed = keep_changes(
        plan,
        {"scale_kind": kind, "own_scale": own_scale},
        seen_version=seen_version,
        by=by,
        deed=_("Scale of attainment set"),
    )
    if changed:
        # Ratings that were taken over were made on the scale that came with them.
        waiting = plan.evaluations.select_for_update().filter(
            ~Exists(Rating.objects.filter(evaluation=OuterRef("pk"))),
            status=EvaluationStatus.PREPARED,
        )
        for evaluation in waiting:
            evaluation.scale = record
            keep(evaluation, by=by, deed=_("Scale of attainment set"), fields=["scale"])
        raise_version_of(plan)
    return plan


# --- rounds ------------------------------------------------------------------------------


@transaction.atomic
def prepare_evaluation(
    plan: Plan,
    values: Values,
    *,
    measures: Iterable[Measure],
    goals: Iterable[Goal],
    by: User | None,
    copy_of: Evaluation | None = None,
) -> Evaluation:
    """
    Prepare a round of rating; with ``copy_of`` the ratings of a closed one are taken over.

    :raises NothingToRateError: if nothing is chosen
    """
    evaluation = Evaluation(plan=plan, scale=_scale_of_plan(plan), **values)
    evaluation.slug = _free_slug(evaluation.title_de)
    if copy_of is not None:
        evaluation.scale = copy_of.scale
    keep(evaluation, by=by, deed=_("Evaluation prepared"))
    items = [
        *(EvaluationItem(evaluation=evaluation, measure=one) for one in measures),
        *(EvaluationItem(evaluation=evaluation, goal=one) for one in goals),
    ]
    if not items:
        raise NothingToRateError
    EvaluationItem.objects.bulk_create(items, batch_size=500)
    if copy_of is not None:
        _copy_ratings(copy_of, evaluation, items, by=by)
    return evaluation


@transaction.atomic
def change_evaluation(
    evaluation: Evaluation, values: Values, *, seen_version: int, by: User | None
) -> Evaluation:
    """
    Change a round's title or the day until which ratings are wanted.

    :raises RoundClosedError: if it is closed
    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    """
    evaluation = lock_evaluation(evaluation)
    if evaluation.status == EvaluationStatus.CLOSED:
        raise RoundClosedError
    keep_changes(evaluation, values, seen_version=seen_version, by=by, deed=_("Evaluation changed"))
    return evaluation


@transaction.atomic
def choose_items(
    evaluation: Evaluation,
    *,
    measures: Iterable[Measure],
    goals: Iterable[Goal],
    by: User | None,
) -> tuple[int, int]:
    """
    Say what is rated; tell how many came in and how many were taken out.

    :raises RoundClosedError: if the round is closed
    :raises NothingToRateError: if nothing is chosen
    :raises RatedAlreadyError: if something that is rated already would be taken out
    """
    evaluation = lock_evaluation(evaluation)
    if evaluation.status == EvaluationStatus.CLOSED:
        raise RoundClosedError
    wanted = {("measure", one.pk) for one in measures} | {("goal", one.pk) for one in goals}
    if not wanted:
        raise NothingToRateError
    present = {_key(item): item for item in evaluation.items.select_related("measure", "goal")}
    gone = [item for key, item in present.items() if key not in wanted]
    _refuse_rated(evaluation, gone)
    new = wanted - present.keys()
    EvaluationItem.objects.filter(pk__in=[item.pk for item in gone]).delete()
    EvaluationItem.objects.bulk_create(
        [EvaluationItem(evaluation=evaluation, **{f"{of}_id": pk}) for of, pk in sorted(new)],
        batch_size=500,
    )
    if new or gone:
        deed = _("Scope changed: %(new)d taken in, %(gone)d taken out")
        evaluation.version += 1
        keep(
            evaluation,
            by=by,
            deed=deed % {"new": len(new), "gone": len(gone)},
            fields=["version"],
        )
    return len(new), len(gone)


@transaction.atomic
def open_evaluation(evaluation: Evaluation, *, by: User | None) -> Evaluation:
    """
    Begin to take ratings; the plan's scale of this moment is the round's scale from now on.

    :raises WrongStepError: if it has begun already
    :raises NothingToRateError: if nothing is in it
    """
    evaluation = lock_evaluation(evaluation)
    _demand_step(evaluation, EvaluationStatus.PREPARED)
    if not evaluation.items.exists():
        raise NothingToRateError
    fields = []
    # Ratings that were taken over were made on the scale that came with them.
    if not evaluation.ratings.exists():
        evaluation.scale = _scale_of_plan(Plan.objects.get(pk=evaluation.plan_id))
        fields = ["scale"]
    return _step(evaluation, EvaluationStatus.OPEN, _("Evaluation opened"), fields, by=by)


@transaction.atomic
def begin_check(evaluation: Evaluation, *, by: User | None) -> Evaluation:
    """
    Take no more ratings from the persons asked; the planner checks what is there.

    :raises WrongStepError: if the round is not open
    """
    evaluation = lock_evaluation(evaluation)
    _demand_step(evaluation, EvaluationStatus.OPEN)
    return _step(evaluation, EvaluationStatus.CHECK, _("Check begun"), [], by=by)


@transaction.atomic
def reopen_evaluation(evaluation: Evaluation, *, by: User | None) -> Evaluation:
    """
    Take ratings once more.

    :raises WrongStepError: if the round is not being checked
    """
    evaluation = lock_evaluation(evaluation)
    _demand_step(evaluation, EvaluationStatus.CHECK)
    return _step(evaluation, EvaluationStatus.OPEN, _("Opened once more"), [], by=by)


@transaction.atomic
def close_evaluation(evaluation: Evaluation, *, by: User | None, now: datetime) -> Evaluation:
    """
    Close the round for ever; whoever is rating at this moment is waited for.

    :raises RoundClosedError: if it is closed already
    :raises WrongStepError: if it is not being checked
    :raises NotCheckedError: if ratings have not been checked
    """
    evaluation = lock_evaluation(evaluation)
    if evaluation.status == EvaluationStatus.CLOSED:
        raise RoundClosedError
    _demand_step(evaluation, EvaluationStatus.CHECK)
    if unchecked := evaluation.ratings.filter(checked_at__isnull=True).count():
        raise NotCheckedError(unchecked)
    evaluation.closed_at = now
    _step(evaluation, EvaluationStatus.CLOSED, _("Evaluation closed"), ["closed_at"], by=by)
    raise_version_of(evaluation.plan)
    return evaluation


@transaction.atomic
def delete_evaluation(
    evaluation: Evaluation, *, reason: str, by: User | None, now: datetime
) -> None:
    """
    Delete a round in which nothing is rated yet; its personal links work no more.

    :raises ReasonMissingError: if no reason is given
    :raises HasRatingsError: if something is rated
    """
    demand_reason(reason)
    evaluation = lock_evaluation(evaluation)
    if evaluation.status == EvaluationStatus.CLOSED:
        raise RoundClosedError
    if evaluation.ratings.exists():
        raise HasRatingsError
    for request in evaluation.requests.select_related("invitation"):
        if request.invitation is not None:
            revoke_invitation(request.invitation, by=by, now=now)
    remove_whole(evaluation, by=by, reason=reason)


def lock_evaluation(evaluation: Evaluation) -> Evaluation:
    """Hold the round alone, and read it as it stands now."""
    locked = Evaluation.objects.select_for_update(of=("self",)).select_related("plan")
    return locked.get(pk=evaluation.pk)


def _step(
    evaluation: Evaluation,
    status: EvaluationStatus,
    deed: str,
    fields: list[str],
    *,
    by: User | None,
) -> Evaluation:
    evaluation.status = status
    evaluation.version += 1
    return keep(evaluation, by=by, deed=deed, fields=[*fields, "status", "version"])


def _demand_step(evaluation: Evaluation, status: EvaluationStatus) -> None:
    if evaluation.status != status:
        raise WrongStepError(evaluation)


def _refuse_rated(evaluation: Evaluation, gone: Iterable[EvaluationItem]) -> None:
    rated = {
        ("measure", measure) if measure else ("goal", goal)
        for measure, goal in evaluation.ratings.values_list("measure_id", "goal_id")
    }
    names = [_number(item) for item in gone if _key(item) in rated]
    if names:
        raise RatedAlreadyError(names)


def _copy_ratings(
    source: Evaluation, target: Evaluation, items: Iterable[EvaluationItem], *, by: User | None
) -> None:
    wanted = {_key(item) for item in items}
    deed = _("Taken over from “%(title)s”") % {"title": source.title_de}
    for rating in source.ratings.order_by("pk"):
        if _key(rating) in wanted:
            copy = Rating(
                evaluation=target,
                measure_id=rating.measure_id,
                goal_id=rating.goal_id,
                state=rating.state,
                share=rating.share,
                reason=rating.reason,
                evidence=rating.evidence,
                author_id=rating.author_id,
                author_name=rating.author_name,
                rated_at=rating.rated_at,
            )
            keep(copy, by=by, deed=deed)


def _key(one: EvaluationItem | Rating) -> tuple[str, int]:
    if one.measure_id is not None:
        return "measure", one.measure_id
    return "goal", one.goal_id or 0


def _number(item: EvaluationItem) -> str:
    thing = item.measure or item.goal
    return (thing.number or thing.title) if thing else ""


def _scale_of_plan(plan: Plan) -> dict[str, object]:
    return to_record(scale_of(plan.scale_kind, plan.own_scale))


def _free_slug(title: str) -> str:
    # Two rounds of one title, or one that is sent twice, wait for each other's address.
    alone(Evaluation)
    stem = slug_stem(title)
    slug, number = stem, 1
    while slug in RESERVED_EVALUATION_SLUGS or Evaluation.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug
