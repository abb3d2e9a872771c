"""A whole plan out of the tables, in a number of queries that does not grow with it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from zusammenplan.core.garbage import without_collecting
from zusammenplan.core.models import Attachment
from zusammenplan.indicators.queries.looking.values import HIDDEN
from zusammenplan.plans.choices import BlockKind, EvaluationStatus
from zusammenplan.plans.domain.content import (
    AbbreviationContent,
    BlockContent,
    ChapterContent,
    CitationContent,
    CostContent,
    DataContent,
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
    TieContent,
    ValueContent,
    Words,
)
from zusammenplan.plans.domain.goal_tree import in_tree_order
from zusammenplan.plans.models import (
    Block,
    Cost,
    EvaluationItem,
    Goal,
    IndicatorValue,
    Measure,
    MeasureIndicator,
    MeasureRelation,
    Milestone,
    Need,
    NeedEvidence,
    Rating,
)
from zusammenplan.plans.queries.actual_values import tied_values
from zusammenplan.plans.queries.citations import figure_cited

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from django.db.models import Model

    from zusammenplan.plans.models import Chapter, Evaluation, Plan


@without_collecting()
def plan_content(plan: Plan) -> PlanContent:
    """Read all that stands in the plan; of evaluations only the closed ones."""
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
        needs=_needs(plan),
        goals=_goals(plan),
        measures=measures_content(plan),
        chapters=chapters_content(plan),
        abbreviations=tuple(
            AbbreviationContent(one.short, words(one, "long"))
            for one in plan.abbreviations.order_by("short")
        ),
        evaluations=_evaluations(plan),
    )


def measures_content(plan: Plan) -> tuple[MeasureContent, ...]:
    """
    Read the plan's measures with all that belongs to them, in order.

    What a plan holds by the thousand is read as plain rows: making records of them would take
    several times as long.
    """
    measures = list(plan.measures.select_related("field", "responsible").in_order())
    indicators = list(
        MeasureIndicator.objects.filter(measure__plan=plan)
        .select_related("tied_indicator", "tied_area")
        .order_by("position", "pk")
    )
    tied = tied_values(indicators)
    parts = _MeasureParts.of(plan)
    files = files_of(Measure, [one.pk for one in measures])
    indicator_files = files_of(MeasureIndicator, [one.pk for one in indicators])
    own: defaultdict[int, list[IndicatorContent]] = defaultdict(list)
    for one in indicators:
        values = (
            [(value.on, value.value) for value in tied.get(one.pk, [])]
            if one.is_tied
            else parts.values.get(one.pk, [])
        )
        own[one.measure_id].append(_indicator(one, values, indicator_files.get(one.pk, [])))
    return tuple(
        _measure(measure, parts, own.get(measure.pk, []), files.get(measure.pk, []))
        for measure in measures
    )


Rows = dict[int, list[Any]]


@dataclass(frozen=True, slots=True)
class _MeasureParts:
    """What belongs to the measures of a plan, by the key of the measure or the indicator."""

    partners: Rows
    goals: Rows
    needs: Rows
    areas: Rows
    target_groups: Rows
    life_situations: Rows
    costs: Rows
    milestones: Rows
    values: Rows
    relations: Rows

    @classmethod
    def of(cls, plan: Plan) -> _MeasureParts:
        links = {
            name: getattr(Measure, name).through.objects.filter(measure__plan=plan)
            for name in (
                "partners",
                "goals",
                "needs",
                "areas",
                "target_groups",
                "life_situations",
            )
        }
        term = ("measure_id", "term__position", "term__name_de", "term__name_en")
        area = ("measure_id", "area__position", "area__name")
        costs = Cost.objects.filter(measure__plan=plan).order_by("year", "source", "pk")
        milestones = Milestone.objects.filter(measure__plan=plan).order_by("position", "pk")
        values = IndicatorValue.objects.filter(indicator__measure__plan=plan).order_by("on")
        relations = MeasureRelation.objects.filter(measure__plan=plan).order_by("kind", "pk")
        return cls(
            partners=_by_key(links["partners"].values_list("measure_id", "organisation__name")),
            goals=_by_key(links["goals"].values_list("measure_id", "goal__identity")),
            needs=_by_key(links["needs"].values_list("measure_id", "need__identity")),
            areas=_by_key(links["areas"].values_list(*area)),
            target_groups=_by_key(links["target_groups"].values_list(*term)),
            life_situations=_by_key(links["life_situations"].values_list(*term)),
            costs=_by_key(
                costs.values_list("measure_id", "year", "amount", "source", "note", "pk")
            ),
            milestones=_by_key(
                milestones.values_list(
                    "measure_id",
                    "title_de",
                    "title_en",
                    "due_on",
                    "first_due_on",
                    "moved_reason",
                    "done_on",
                    "pk",
                )
            ),
            values=_by_key(values.values_list("indicator_id", "on", "value", "note", "pk")),
            relations=_by_key(
                relations.values_list(
                    "measure_id",
                    "kind",
                    "other__identity",
                    "other__title_de",
                    "other__title_en",
                    "other__plan__title_de",
                    "other__plan__title_en",
                    "note",
                    "pk",
                    "other__plan__slug",
                )
            ),
        )


def _by_key(rows: Iterable[tuple[Any, ...]]) -> Rows:
    """Put rows together by the key in their first column; rows of two columns become values."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for key, *rest in rows:
        found[key].append(rest if len(rest) > 1 else rest[0])
    return found


def words(record: Any, name: str) -> Words:
    """Give a bilingual text of a record."""
    return Words(getattr(record, f"{name}_de"), getattr(record, f"{name}_en"))


def files_of(model: type[Model], pks: Iterable[int]) -> dict[int, list[FileContent]]:
    """Give the files of several records of a model by the record's key, in one query."""
    found: defaultdict[int, list[FileContent]] = defaultdict(list)
    for one in Attachment.objects.of(model, pks):
        found[one.object_id].append(file_content(one))
    return found


def file_content(one: Attachment) -> FileContent:
    return FileContent(
        one.pk, one.name, one.description, one.kind, one.size, one.checksum, one.is_public
    )


def _needs(plan: Plan) -> tuple[NeedContent, ...]:
    links = {
        name: getattr(Need, name).through.objects.filter(need__plan=plan)
        for name in ("areas", "target_groups", "life_situations")
    }
    term = ("need_id", "term__position", "term__name_de", "term__name_en")
    areas = _by_key(links["areas"].values_list("need_id", "area__position", "area__name"))
    groups = _by_key(links["target_groups"].values_list(*term))
    situations = _by_key(links["life_situations"].values_list(*term))
    evidence = _by_key(
        NeedEvidence.objects.filter(need__plan=plan)
        .annotate(figure=figure_cited("pk"), secrecy=figure_cited("secrecy"))
        .order_by("position", "pk")
        .values_list(
            "need_id",
            "kind",
            "text_de",
            "text_en",
            "source",
            "url",
            "dated_on",
            "pk",
            "indicator__code",
            "indicator__name_de",
            "indicator__name_en",
            "area__name",
            "starts_on",
            "ends_on",
            "cited_value",
            "indicator__unit_de",
            "indicator__unit_en",
            "indicator__decimals",
            "figure",
            "secrecy",
        )
    )
    return tuple(
        NeedContent(
            identity=str(need.identity),
            number=need.number,
            field=need.field.code if need.field else None,
            title=words(need, "title"),
            text=words(need, "text"),
            strength=need.strength,
            state=need.state,
            state_reason=need.state_reason,
            areas=tuple(name for _position, name in sorted(areas.get(need.pk, []))),
            target_groups=_ordered_terms(groups.get(need.pk, [])),
            life_situations=_ordered_terms(situations.get(need.pk, [])),
            evidence=tuple(
                EvidenceContent(
                    kind=row[0],
                    text=Words(row[1], row[2]),
                    source=row[3],
                    url=row[4],
                    dated_on=row[5],
                    pk=row[6],
                    citation=_citation(*row[7:]),
                )
                for row in evidence.get(need.pk, [])
            ),
            pk=need.pk,
        )
        for need in plan.needs.select_related("field").in_order()
    )


def _citation(
    code: str | None,
    name_de: str,
    name_en: str,
    area: str,
    starts_on: date,
    ends_on: date,
    value: Decimal,
    unit_de: str,
    unit_en: str,
    decimals: int,
    figure: int | None,
    secrecy: str | None,
) -> CitationContent | None:
    """Make a citation; what the public may not see never enters the content of a plan."""
    if code is None:
        return None
    return CitationContent(
        indicator=code,
        name=Words(name_de, name_en),
        area=area,
        starts_on=starts_on,
        ends_on=ends_on,
        value=None if secrecy else value,
        sign=HIDDEN if secrecy else "",
        unit=Words(unit_de, unit_en),
        decimals=decimals,
        figure=figure or 0,
    )


def _goals(plan: Plan) -> tuple[GoalContent, ...]:
    goals = list(plan.goals.select_related("field", "level").in_order())
    identities = {goal.pk: str(goal.identity) for goal in goals}
    links = Goal.needs.through.objects.filter(goal__plan=plan)
    needs = _by_key(links.values_list("goal_id", "need__identity"))
    return tuple(
        GoalContent(
            identity=str(goal.identity),
            parent=identities[goal.parent_id] if goal.parent_id else None,
            level=goal.level.depth if goal.level else None,
            field=goal.field.code if goal.field else None,
            number=goal.number,
            title=words(goal, "title"),
            text=words(goal, "text"),
            period=Span(goal.period_text, goal.starts_on, goal.ends_on),
            state=goal.state,
            state_reason=goal.state_reason,
            needs=tuple(sorted(str(identity) for identity in needs.get(goal.pk, []))),
            pk=goal.pk,
        )
        for goal, _depth in in_tree_order(goals)
    )


def _measure(
    measure: Measure,
    parts: _MeasureParts,
    indicators: list[IndicatorContent],
    files: list[FileContent],
) -> MeasureContent:
    pk = measure.pk
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
        partners=tuple(sorted(parts.partners.get(pk, []))),
        status_reason=measure.status_reason,
        status_on=measure.status_on,
        source=measure.source,
        is_additional=measure.is_additional,
        priority=_priority(measure),
        goals=tuple(sorted(str(identity) for identity in parts.goals.get(pk, []))),
        needs=tuple(sorted(str(identity) for identity in parts.needs.get(pk, []))),
        areas=tuple(name for _position, name in sorted(parts.areas.get(pk, []))),
        target_groups=_ordered_terms(parts.target_groups.get(pk, [])),
        life_situations=_ordered_terms(parts.life_situations.get(pk, [])),
        costs=tuple(CostContent(*row) for row in parts.costs.get(pk, [])),
        milestones=tuple(
            MilestoneContent(Words(german, english), *row)
            for german, english, *row in parts.milestones.get(pk, [])
        ),
        indicators=tuple(indicators),
        relations=tuple(
            RelationContent(kind, str(identity), Words(*names[:2]), Words(*names[2:4]), *names[4:])
            for kind, identity, *names in parts.relations.get(pk, [])
        ),
        files=tuple(files),
        pk=pk,
    )


def _ordered_terms(rows: list[Any]) -> tuple[Words, ...]:
    return tuple(Words(german, english) for _position, german, english in sorted(rows))


def _indicator(
    one: MeasureIndicator, values: list[Any], files: list[FileContent]
) -> IndicatorContent:
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
        values=tuple(ValueContent(*row) for row in values),
        files=tuple(files),
        tie=TieContent(
            one.tied_indicator.code, words(one.tied_indicator, "name"), one.tied_area.name
        )
        if one.tied_indicator and one.tied_area
        else None,
        unit_en=one.unit_en,
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
        measure.priority_round_en,
    )


def chapters_content(plan: Plan) -> tuple[ChapterContent, ...]:
    """Read the chapters of the plan's document with their blocks, in reading order."""
    blocks = Block.objects.select_related("picture", "indicator", "area")
    chapters = plan.chapters.select_related("parent", "field").prefetch_related(
        Prefetch("blocks", blocks.order_by("position", "pk"))
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
                data=data_content(block),
            )
            for block in chapter.blocks.all()
        ),
        pk=chapter.pk,
    )


def data_content(block: Block) -> DataContent | None:
    """Say what a block looks at; the numbers come when it is read or frozen."""
    if block.kind != BlockKind.DATA:
        return None
    return DataContent(
        shows=block.shows,
        indicator=block.indicator.code if block.indicator else "",
        name=words(block.indicator, "name") if block.indicator else Words(),
        area=block.area.name if block.area else "",
        level=block.level,
        area_pk=block.area_id or 0,
    )


def _evaluations(plan: Plan) -> tuple[EvaluationContent, ...]:
    closed = plan.evaluations.filter(status=EvaluationStatus.CLOSED)
    ratings = _by_key(
        Rating.objects.filter(evaluation__in=closed)
        .order_by("pk")
        .values_list(
            "evaluation_id",
            "measure__identity",
            "goal__identity",
            "state",
            "share",
            "reason",
            "evidence",
            "rated_at",
        )
    )
    items = _by_key(
        EvaluationItem.objects.filter(evaluation__in=closed)
        .order_by("pk")
        .values_list("evaluation_id", "measure__identity", "goal__identity")
    )
    return tuple(
        _evaluation(one, ratings.get(one.pk, []), items.get(one.pk, []))
        for one in closed.order_by("closed_at", "pk")
    )


def _evaluation(evaluation: Evaluation, ratings: list[Any], items: list[Any]) -> EvaluationContent:
    if evaluation.closed_at is None:
        raise ValueError("A closed evaluation has the moment of its closing.")
    return EvaluationContent(
        slug=evaluation.slug,
        title=words(evaluation, "title"),
        scale=dict(evaluation.scale),
        closed_at=evaluation.closed_at,
        ratings=tuple(
            RatingContent("measure", str(measure), *row)
            if measure
            else RatingContent("goal", str(goal), *row)
            for measure, goal, *row in ratings
        ),
        measures=tuple(str(measure) for measure, _goal in items if measure),
        goals=tuple(str(goal) for _measure, goal in items if goal),
    )
