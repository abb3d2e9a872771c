"""What was rated in a round, and what it comes to: by goal, by field and for the whole plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, Q, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import pgettext

from zusammenplan.core.german import either, like
from zusammenplan.core.history import entry_time
from zusammenplan.core.spellings import holds
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.domain.attainment import (
    Said,
    from_record,
)
from zusammenplan.plans.domain.goal_tree import in_tree_order
from zusammenplan.plans.models import (
    Evaluation,
    EvaluationItem,
    Goal,
    Measure,
    Plan,
    Rating,
    RatingRequest,
)
from zusammenplan.plans.queries.attainment_words import (
    language,
    said_sign,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from zusammenplan.people.models import User

NOT_RATED = Said()


@dataclass(frozen=True, slots=True)
class Given:
    """A rating as it stands."""

    pk: int
    said: Said
    reason: str
    evidence: str
    author: str
    rated_at: datetime
    is_checked: bool
    version: int


@dataclass(frozen=True, slots=True)
class Thing:
    """A measure or goal of a round, and what is said of it."""

    item: int
    of: str
    pk: int
    identity: UUID
    number: str
    title: str
    field: int | None
    field_name: str
    request: int | None
    asked: str
    given: Given | None = None

    @property
    def said(self) -> Said:
        return self.given.said if self.given else NOT_RATED

    @property
    def name(self) -> str:
        return like(self.title, f"{self.number} {self.title}".strip())


# --- what is in a round ------------------------------------------------------------------


def items_in_order(evaluation: Evaluation) -> QuerySet[EvaluationItem]:
    """Give all that is rated in a round, in the order of the plan: measures, then goals."""
    return evaluation.items.order_by(
        Case(When(measure__isnull=False, then=0), default=1),
        Coalesce("measure__field__position", "goal__field__position").asc(nulls_last=True),
        Coalesce("measure__position", "goal__position"),
        Coalesce("measure_id", "goal_id"),
    )


def things_of(evaluation: Evaluation, items: Sequence[int] | None = None) -> list[Thing]:
    """Put into words all that is rated in a round, or these items of it, in the plan's order."""
    chosen = evaluation.items.all()
    if items is not None:
        chosen = chosen.filter(pk__in=items)
    given = _given(evaluation, None if items is None else chosen)
    things = []
    for of in ("measure", "goal"):
        rows = (
            chosen.filter(**{f"{of}__isnull": False})
            .order_by(F(f"{of}__field__position").asc(nulls_last=True), f"{of}__position", of)
            .values_list(
                "pk",
                f"{of}_id",
                f"{of}__identity",
                f"{of}__number",
                f"{of}__title_de",
                f"{of}__title_en",
                f"{of}__field_id",
                f"{of}__field__code",
                f"{of}__field__name_de",
                f"{of}__field__name_en",
                "request_id",
                "request__name",
            )
        )
        things += [_thing(of, row, given) for row in rows]
    return things


def asked_and_done(evaluation: Evaluation) -> tuple[Counter[int | None], Counter[int | None]]:
    """Count for each person what is asked, and what of it is rated; ``None`` is nobody."""
    items = evaluation.items.order_by()
    rated = items.filter(request__isnull=False).filter(about(evaluation.ratings.all()))
    asked, done = (
        Counter(dict(found.values_list("request").annotate(number=Count("pk"))))
        for found in (items, rated)
    )
    return asked, done


def unrated_requests(user: User) -> QuerySet[RatingRequest, Any]:
    """Give what open rounds ask of this person, with how much that is and how much is rated."""
    rated = Q(items__measure__ratings__evaluation=F("evaluation")) | Q(
        items__goal__ratings__evaluation=F("evaluation")
    )
    return (
        RatingRequest.objects.filter(user=user, evaluation__status=EvaluationStatus.OPEN)
        .select_related("evaluation")
        .annotate(
            total=Count("items", distinct=True), done=Count("items", filter=rated, distinct=True)
        )
        .filter(done__lt=F("total"))
        .order_by(F("evaluation__due_on").asc(nulls_last=True), "pk")
    )


def about(ratings: QuerySet[Rating]) -> Q:
    """Give the condition that an item is about what these ratings are about."""
    return Q(measure__in=ratings.filter(measure__isnull=False).values("measure")) | Q(
        goal__in=ratings.filter(goal__isnull=False).values("goal")
    )


def _thing(of: str, row: Sequence[object], given: Mapping[tuple[str, int], Given]) -> Thing:
    item, pk, identity, number, title, title_en, field, code, name, name_en, request, asked = row
    return Thing(
        item=item,  # type: ignore[arg-type] # the columns named above
        of=of,
        pk=pk,  # type: ignore[arg-type]
        identity=identity,  # type: ignore[arg-type]
        number=str(number),
        title=_in_language(title, title_en),
        field=field,  # type: ignore[arg-type]
        field_name=like(said := _in_language(name, name_en), f"{code} {said}") if field else "",
        request=request,  # type: ignore[arg-type]
        asked=str(asked or ""),
        given=given.get((of, pk)),  # type: ignore[arg-type]
    )


def _in_language(german: object, english: object) -> str:
    return either(str(german or ""), str(english or ""), language())


def _given(
    evaluation: Evaluation, items: QuerySet[EvaluationItem] | None
) -> dict[tuple[str, int], Given]:
    """Give what is said of the items, or of everything, by kind and key."""
    ratings = evaluation.ratings.all()
    if items is not None:
        ratings = ratings.filter(
            Q(measure__in=items.filter(measure__isnull=False).values("measure"))
            | Q(goal__in=items.filter(goal__isnull=False).values("goal"))
        )
    exact = cache(from_record(evaluation.scale).exact)
    return {
        ("measure", measure) if measure else ("goal", goal): Given(
            pk=pk,
            said=Said(state, None if share is None else exact(share)),
            reason=reason,
            evidence=evidence,
            author=author,
            rated_at=rated_at,
            is_checked=checked_at is not None,
            version=version,
        )
        for (
            measure,
            goal,
            pk,
            state,
            share,
            reason,
            evidence,
            author,
            rated_at,
            checked_at,
            version,
        ) in ratings.values_list(
            "measure_id",
            "goal_id",
            "pk",
            "state",
            "share",
            "reason",
            "evidence",
            "author_name",
            "rated_at",
            "checked_at",
            "version",
        )
    }


# --- the rounds before -------------------------------------------------------------------


def former_round(evaluation: Evaluation) -> Evaluation | None:
    """Give the closed round of the same plan before this one."""
    closed = Evaluation.objects.filter(
        plan=evaluation.plan_id, status=EvaluationStatus.CLOSED
    ).exclude(pk=evaluation.pk)
    if evaluation.closed_at is not None:
        closed = closed.filter(closed_at__lt=evaluation.closed_at)
    return closed.order_by("-closed_at").first()


def former_plan_round(evaluation: Evaluation) -> Evaluation | None:
    """Give the last closed round of the plan before this plan."""
    predecessor = evaluation.plan.predecessor_id
    if predecessor is None:
        return None
    closed = Evaluation.objects.filter(plan=predecessor, status=EvaluationStatus.CLOSED)
    return closed.select_related("plan").order_by("-closed_at").first()


def sayings_of(
    evaluation: Evaluation | None, things: Iterable[Thing] | None = None
) -> dict[tuple[str, UUID], Said]:
    """Give what a round said of all or of these, by identity, which another plan has too."""
    if evaluation is None:
        return {}
    ratings = evaluation.ratings.all()
    if things is not None:
        wanted = [thing.identity for thing in things]
        # Found by the plan's own index of identities, without looking at all ratings.
        measures, goals = (
            model.objects.filter(plan=evaluation.plan_id, identity__in=wanted).values("pk")
            for model in (Measure, Goal)
        )
        ratings = ratings.filter(Q(measure__in=measures) | Q(goal__in=goals))
    exact = cache(from_record(evaluation.scale).exact)
    # One of the two identities is none; the stubs do not know.
    rows: Iterable[Any] = ratings.values_list(
        "measure__identity", "goal__identity", "state", "share"
    )
    return {
        ("goal", goal) if measure is None else ("measure", measure): Said(
            state, None if share is None else exact(share)
        )
        for measure, goal, state, share in rows
    }


# --- lists -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round with how many things are in it, rated, and not checked yet."""

    evaluation: Evaluation
    total: int
    rated: int
    unchecked: int


def evaluations_of(plan: Plan) -> QuerySet[Evaluation]:
    """Give the plan's rounds, newest first."""
    return plan.evaluations.order_by("-pk")


def round_lines(evaluations: Sequence[Evaluation]) -> list[RoundLine]:
    """Count what is in the rounds, each table once."""
    pks = [one.pk for one in evaluations]
    items = dict(
        EvaluationItem.objects.filter(evaluation__in=pks)
        .order_by()
        .values_list("evaluation")
        .annotate(number=Count("pk"))
    )
    ratings = {
        pk: (rated, unchecked)
        for pk, rated, unchecked in Rating.objects.filter(evaluation__in=pks)
        .order_by()
        .values_list("evaluation")
        .annotate(rated=Count("pk"), unchecked=Count("pk", filter=Q(checked_at__isnull=True)))
    }
    return [
        RoundLine(one, items.get(one.pk, 0), *ratings.get(one.pk, (0, 0))) for one in evaluations
    ]


def goals_to_rate(plan: Plan) -> list[Goal]:
    """Give the goals that are rated: of the levels of action goals, else those without a child."""
    goals = [goal for goal, _depth in in_tree_order(plan.goals.select_related("level").in_order())]
    action = [goal for goal in goals if goal.level and goal.level.is_action]
    if action or plan.levels.filter(is_action=True).exists():
        return action
    parents = {goal.parent_id for goal in goals}
    return [goal for goal in goals if goal.pk not in parents]


class PlanThings:
    """A plan's measures, then its goals, as one list that can be divided into pages."""

    def __init__(self, plan: Plan, text: str = "") -> None:
        self.plan = plan
        self.measures: Any = plan.measures.in_order()
        self.goals: Any = plan.goals.in_order()
        if text:
            self.measures = self.measures.filter(_named(text))
            self.goals = self.goals.filter(_named(text))
        self.number_of_measures = self.measures.count()

    def count(self) -> int:
        """Count both; the paginator asks for it."""
        return int(self.number_of_measures + self.goals.count())

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Measure | Goal]:
        start, stop, before = part.start or 0, part.stop, self.number_of_measures
        goals = self.goals[max(start - before, 0) : max(stop - before, 0)]
        return [
            *_in_full(self.measures[start:stop]).select_related("field"),
            *_in_full(goals).select_related("level"),
        ]


def _in_full(part: QuerySet[Any]) -> QuerySet[Any]:
    """Read only a page with all its texts; the keys alone are put in order with the whole plan."""
    records: Any = part.model._default_manager.filter(pk__in=part.values("pk"))
    found: QuerySet[Any] = records.in_order()
    return found


def _named(text: str) -> Q:
    columns = ("title_de", "title_en", "field__code", "field__name_de")
    return Q(number__istartswith=text) | holds(columns, text)


# --- one measure or goal through the years -----------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What one round said of a measure or goal."""

    round: str
    plan: str
    url: str
    when: str
    sign: SafeString
    reason: str
    author: str


def story_of(record: Measure | Goal, *, is_public: bool = False) -> list[Told]:
    """Give the ratings of a measure or goal in all plans, newest first; of closed rounds only."""
    of = "measure" if isinstance(record, Measure) else "goal"
    ratings = Rating.objects.filter(
        **{f"{of}__identity": record.identity}, evaluation__status=EvaluationStatus.CLOSED
    )
    if is_public:
        ratings = ratings.filter(evaluation__plan__is_public=True)
    told = []
    for rating in ratings.select_related("evaluation__plan").order_by("-evaluation__closed_at"):
        evaluation = rating.evaluation
        scale = from_record(evaluation.scale)
        share = None if rating.share is None else scale.exact(rating.share)
        page = "website:evaluation" if is_public else "plans:evaluation-detail"
        told.append(
            Told(
                round=evaluation.title,
                plan=evaluation.plan.title,
                url=reverse(page, args=[evaluation.plan.slug, evaluation.slug]),
                when=_closed_on(evaluation, is_public=is_public),
                sign=said_sign(Said(rating.state, share), scale),
                reason="" if is_public else rating.reason,
                author="" if is_public else rating.author_name,
            )
        )
    return told


def _closed_on(evaluation: Evaluation, *, is_public: bool) -> str:
    """Tell the day of the closing; inside also the minute."""
    if evaluation.closed_at is None:
        return ""
    if is_public:
        return date_format(localtime(evaluation.closed_at), pgettext("date format", "j F Y"))
    return entry_time(evaluation.closed_at)
