"""A whole plan out of the tables, in a number of queries that does not grow with it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch

from zusammenplan.core.models import Attachment
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.domain.content import (
    AbbreviationContent,
    BlockContent,
    ChapterContent,
    CostContent,
    EvaluationContent,
    EvidenceContent,
    FieldContent,
    FileContent,
    GoalContent,
    IndicatorContent,
    LevelContent,
    MeasureContent,
    MilestoneContent,
    NeedContent,
    PlanContent,
    PriorityContent,
    RatingContent,
    RelationContent,
    ResolutionContent,
    Span,
    ValueContent,
    Words,
)
from zusammenplan.plans.domain.goal_tree import in_tree_order
from zusammenplan.plans.models import (
    Block,
    Cost,
    EvaluationItem,
    IndicatorValue,
    Measure,
    MeasureIndicator,
    MeasureRelation,
    Milestone,
    NeedEvidence,
    Rating,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import Model

    from zusammenplan.plans.models import Chapter, Evaluation, Goal, Need, Plan, Term


def plan_content(plan: Plan) -> PlanContent:
    """Read all that stands in the plan; of evaluations only the closed ones."""
    needs = list(
        plan.needs.select_related("field")
        .prefetch_related(
            "areas",
            "target_groups",
            "life_situations",
            Prefetch("evidence", NeedEvidence.objects.order_by("position", "pk")),
        )
        .in_order()
    )
    goals = plan.goals.select_related("field", "level", "parent").prefetch_related("needs")
    return PlanContent(
        slug=plan.slug,
        title=words(plan, "title"),
        summary=words(plan, "summary"),
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        status=plan.status,
        first_chapter=plan.first_chapter,
        levels=tuple(
            LevelContent(level.depth, words(level, "name"), level.is_action)
            for level in plan.levels.order_by("depth")
        ),
        resolutions=tuple(
            ResolutionContent(one.number, one.body, one.decided_on, one.note, one.is_adoption)
            for one in plan.resolutions.order_by("decided_on", "pk")
        ),
        fields=tuple(
            FieldContent(one.code, words(one, "name"), words(one, "text"), one.pk)
            for one in plan.fields.order_by("position", "pk")
        ),
        needs=tuple(_need(need) for need in needs),
        goals=tuple(_goal(goal) for goal, _depth in in_tree_order(goals.in_order())),
        measures=measures_content(plan),
        chapters=chapters_content(plan),
        abbreviations=tuple(
            AbbreviationContent(one.short, words(one, "long"))
            for one in plan.abbreviations.order_by("short")
        ),
        evaluations=_evaluations(plan),
    )


def measures_content(plan: Plan) -> tuple[MeasureContent, ...]:
    """Read the plan's measures with all that belongs to them, in order."""
    indicators = MeasureIndicator.objects.order_by("position", "pk").prefetch_related(
        Prefetch("values", IndicatorValue.objects.order_by("on"))
    )
    measures = list(
        plan.measures.select_related("field", "responsible")
        .prefetch_related(
            "partners",
            "goals",
            "needs",
            "areas",
            "target_groups",
            "life_situations",
            Prefetch("costs", Cost.objects.order_by("year", "source", "pk")),
            Prefetch("milestones", Milestone.objects.order_by("position", "pk")),
            Prefetch("indicators", indicators),
            Prefetch(
                "relations",
                MeasureRelation.objects.select_related("other__plan").order_by("kind", "pk"),
            ),
        )
        .in_order()
    )
    files = files_of(Measure, [one.pk for one in measures])
    indicator_files = files_of(
        MeasureIndicator, [one.pk for measure in measures for one in measure.indicators.all()]
    )
    return tuple(_measure(measure, files, indicator_files) for measure in measures)


def words(record: Any, name: str) -> Words:  # noqa: ANN401 - any record with both languages
    """Give a bilingual text of a record."""
    return Words(getattr(record, f"{name}_de"), getattr(record, f"{name}_en"))


def files_of(model: type[Model], pks: Iterable[int]) -> dict[int, list[FileContent]]:
    """Give the files of several records of a model by the record's key, in one query."""
    found: defaultdict[int, list[FileContent]] = defaultdict(list)
    kept = Attachment.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=list(pks),
        removed_at__isnull=True,
    )
    for one in kept.order_by("added_at", "pk"):
        found[one.object_id].append(file_content(one))
    return found


def file_content(one: Attachment) -> FileContent:
    return FileContent(
        one.pk, one.name, one.description, one.kind, one.size, one.checksum, one.is_public
    )


def _need(need: Need) -> NeedContent:
    return NeedContent(
        identity=str(need.identity),
        number=need.number,
        field=need.field.code if need.field else None,
        title=words(need, "title"),
        text=words(need, "text"),
        strength=need.strength,
        state=need.state,
        state_reason=need.state_reason,
        areas=_areas(need),
        target_groups=_terms(need.target_groups.all()),
        life_situations=_terms(need.life_situations.all()),
        evidence=tuple(
            EvidenceContent(one.kind, words(one, "text"), one.source, one.url, one.dated_on)
            for one in need.evidence.all()
        ),
        pk=need.pk,
    )


def _goal(goal: Goal) -> GoalContent:
    return GoalContent(
        identity=str(goal.identity),
        parent=str(goal.parent.identity) if goal.parent else None,
        level=goal.level.depth if goal.level else None,
        field=goal.field.code if goal.field else None,
        number=goal.number,
        title=words(goal, "title"),
        text=words(goal, "text"),
        period=Span(goal.period_text, goal.starts_on, goal.ends_on),
        state=goal.state,
        state_reason=goal.state_reason,
        needs=tuple(sorted(str(need.identity) for need in goal.needs.all())),
        pk=goal.pk,
    )


def _measure(
    measure: Measure,
    files: Mapping[int, list[FileContent]],
    indicator_files: Mapping[int, list[FileContent]],
) -> MeasureContent:
    return MeasureContent(
        identity=str(measure.identity),
        number=measure.number,
        field=measure.field.code if measure.field else None,
        title=words(measure, "title"),
        text=words(measure, "text"),
        status=measure.status,
        period=Span(measure.period_text, measure.starts_on, measure.ends_on),
        title_easy=measure.title_easy,
        text_easy=measure.text_easy,
        responsible=measure.responsible.name if measure.responsible else "",
        partners=tuple(sorted(one.name for one in measure.partners.all())),
        status_reason=measure.status_reason,
        status_on=measure.status_on,
        source=measure.source,
        is_additional=measure.is_additional,
        priority=_priority(measure),
        goals=tuple(sorted(str(goal.identity) for goal in measure.goals.all())),
        needs=tuple(sorted(str(need.identity) for need in measure.needs.all())),
        areas=_areas(measure),
        target_groups=_terms(measure.target_groups.all()),
        life_situations=_terms(measure.life_situations.all()),
        costs=tuple(
            CostContent(one.year, one.amount, one.source, one.note, one.pk)
            for one in measure.costs.all()
        ),
        milestones=tuple(
            MilestoneContent(
                words(one, "title"),
                one.due_on,
                one.first_due_on,
                one.moved_reason,
                one.done_on,
                one.pk,
            )
            for one in measure.milestones.all()
        ),
        indicators=tuple(
            _indicator(one, indicator_files.get(one.pk, [])) for one in measure.indicators.all()
        ),
        relations=tuple(
            RelationContent(
                one.kind,
                str(one.other.identity),
                words(one.other, "title"),
                words(one.other.plan, "title"),
                one.note,
            )
            for one in measure.relations.all()
        ),
        files=tuple(files.get(measure.pk, [])),
        pk=measure.pk,
    )


def _indicator(one: MeasureIndicator, files: list[FileContent]) -> IndicatorContent:
    return IndicatorContent(
        kind=one.kind,
        text=words(one, "text"),
        reached_on=one.reached_on,
        evidence=one.evidence,
        unit=one.unit,
        baseline=one.baseline,
        baseline_on=one.baseline_on,
        target=one.target,
        target_on=one.target_on,
        source=one.source,
        values=tuple(ValueContent(it.on, it.value, it.note, it.pk) for it in one.values.all()),
        files=tuple(files),
        pk=one.pk,
    )


def _priority(measure: Measure) -> PriorityContent | None:
    if measure.priority_degree is None:
        return None
    return PriorityContent(
        measure.priority_degree,
        measure.priority_first,
        measure.priority_last,
        measure.priority_round,
        measure.priority_on,
    )


def chapters_content(plan: Plan) -> tuple[ChapterContent, ...]:
    """Read the chapters of the plan's document with their blocks, in reading order."""
    chapters = plan.chapters.select_related("parent", "field").prefetch_related(
        Prefetch("blocks", Block.objects.select_related("picture").order_by("position", "pk"))
    )
    ordered = in_tree_order(chapters.order_by("position", "pk"))
    return tuple(_chapter(chapter) for chapter, _depth in ordered)


def _chapter(chapter: Chapter) -> ChapterContent:
    return ChapterContent(
        address=chapter.address,
        parent=chapter.parent.address if chapter.parent else None,
        kind=chapter.kind,
        title=words(chapter, "title"),
        field=chapter.field.code if chapter.field else None,
        blocks=tuple(
            BlockContent(
                address=block.address,
                kind=block.kind,
                text=words(block, "text"),
                caption=words(block, "caption"),
                alt=words(block, "alt"),
                source=block.source,
                picture=file_content(block.picture) if block.picture else None,
                cells=tuple(tuple(row) for row in block.cells),
                is_decorative=block.is_decorative,
            )
            for block in chapter.blocks.all()
        ),
        pk=chapter.pk,
    )


def _evaluations(plan: Plan) -> tuple[EvaluationContent, ...]:
    closed = plan.evaluations.filter(status=EvaluationStatus.CLOSED).prefetch_related(
        Prefetch("ratings", Rating.objects.select_related("measure", "goal").order_by("pk")),
        Prefetch("items", EvaluationItem.objects.select_related("measure", "goal").order_by("pk")),
    )
    return tuple(_evaluation(one) for one in closed.order_by("closed_at", "pk"))


def _evaluation(evaluation: Evaluation) -> EvaluationContent:
    if evaluation.closed_at is None:
        raise ValueError("A closed evaluation has the moment of its closing.")
    return EvaluationContent(
        slug=evaluation.slug,
        title=words(evaluation, "title"),
        scale=dict(evaluation.scale),
        closed_at=evaluation.closed_at,
        ratings=tuple(_rating(one) for one in evaluation.ratings.all()),
        measures=tuple(str(one.measure.identity) for one in evaluation.items.all() if one.measure),
        goals=tuple(str(one.goal.identity) for one in evaluation.items.all() if one.goal),
    )


def _rating(one: Rating) -> RatingContent:
    if one.measure:
        of, identity = "measure", one.measure.identity
    elif one.goal:
        of, identity = "goal", one.goal.identity
    else:
        raise ValueError("A rating is of a measure or of a goal.")
    return RatingContent(
        of,
        str(identity),
        one.state,
        one.share,
        one.reason,
        one.evidence,
        one.author_name,
        one.rated_at,
    )


def _areas(record: Need | Measure) -> tuple[str, ...]:
    ordered = sorted(record.areas.all(), key=lambda area: (area.position, area.name))
    return tuple(area.name for area in ordered)


def _terms(terms: Iterable[Term]) -> tuple[Words, ...]:
    ordered = sorted(terms, key=lambda term: (term.position, term.name_de))
    return tuple(words(term, "name") for term in ordered)
