"""Plans in the size that the benchmarks need, filled by the shortest way."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils import timezone

from zusammenplan.places.models import Area
from zusammenplan.plans.choices import (
    BlockKind,
    CarryChoice,
    CarryKind,
    ChapterKind,
    EvaluationStatus,
    EvidenceKind,
    IndicatorKind,
    MeasureStatus,
    PlanStatus,
    RatingState,
    TermKind,
)
from zusammenplan.plans.domain.content import to_json
from zusammenplan.plans.models import (
    Block,
    CarryDecision,
    Chapter,
    Cost,
    Evaluation,
    EvaluationItem,
    FieldOfAction,
    Goal,
    GoalLevel,
    IndicatorValue,
    Measure,
    MeasureIndicator,
    Milestone,
    Need,
    NeedEvidence,
    Plan,
    PlanUpdate,
    PlanVersion,
    Rating,
    Term,
)
from zusammenplan.plans.queries.content import plan_content

FIELDS = 6
STATUSES = MeasureStatus.values
TEXT = (
    "Wer Hilfe braucht, findet sie künftig an einer Stelle im eigenen Ort und muss dafür nicht "
    "in die Kreisstadt fahren."
)


def make_plan(measures: int, *, slug: str = "") -> Plan:
    """Make a public plan with so many measures in six fields; most have a released priority."""
    plan = Plan.objects.create(
        slug=slug or f"sozialplan-{measures}",
        title_de=f"Integrierter Sozialplan mit {measures} Maßnahmen",
        summary_de="Was der Landkreis für Familien und ältere Menschen schaffen will.",
        starts_on=date(2027, 1, 1),
        ends_on=date(2031, 12, 31),
        status=PlanStatus.IN_FORCE,
        is_public=True,
    )
    fields = FieldOfAction.objects.bulk_create(
        FieldOfAction(
            plan=plan, code=str(place), name_de=f"Handlungsfeld Nummer {place}", position=place
        )
        for place in range(1, FIELDS + 1)
    )
    Measure.objects.bulk_create(
        Measure(
            plan=plan,
            field=fields[place % FIELDS],
            number=f"{place % FIELDS + 1}.{place // FIELDS + 1}",
            title_de=f"Beratung und Begegnung im Quartier ausbauen, Abschnitt {place + 1}",
            text_de=TEXT,
            status=STATUSES[place % len(STATUSES)],
            position=place,
            priority_degree=Decimal(place % 11) / 2 + 1 if place % 10 else None,
        )
        for place in range(measures)
    )
    return plan


LEVELS = 8
VALUES_A_MEASURE = 5
VERSIONS = 5
BATCH = 500
FIRST_YEAR = 2027


def make_whole_plan(measures: int, *, slug: str = "", versions: int = VERSIONS) -> Plan:
    """
    Make a plan with everything that belongs to it, growing with its measures.

    Of 2,000 measures it has goals eight levels deep, 10,000 values of indicators, 6,000
    milestones, 4,000 costs, a closed and an open evaluation, a document of every kind of chapter,
    a rewriting under way, a history and five frozen versions.
    """
    plan = make_plan(measures, slug=slug or f"ganzer-plan-{measures}")
    rows = list(plan.measures.order_by("position"))
    needs = _needs(plan, max(measures // 2, 6))
    # More than one page of goals even in a small plan, so that pages of equal length compare.
    goals = _goals(plan, needs, 60 + measures // 4)
    _links(rows, goals, needs)
    _parts(rows)
    _evaluation(plan, rows, EvaluationStatus.CLOSED)
    _evaluation(plan, rows, EvaluationStatus.OPEN)
    _document(plan)
    _update(plan)
    for model, records in ((Measure, rows), (Need, needs), (Goal, goals)):
        model.history.bulk_history_create(records, batch_size=BATCH)
    content = to_json(plan_content(plan)) if versions else ""
    PlanVersion.objects.bulk_create(
        PlanVersion(
            plan=plan,
            number=number,
            label_de=f"Fassung {number}",
            content=content,
            checksum=sha256(content.encode()).hexdigest(),
            frozen_at=timezone.now(),
        )
        for number in range(1, versions + 1)
    )
    # The work goes on: a tenth of the measures is not what was frozen.
    plan.measures.filter(position__endswith="7").update(text_de=f"{TEXT} Zuerst auf dem Land.")
    return plan


def _needs(plan: Plan, count: int) -> list[Need]:
    fields = list(plan.fields.order_by("position"))
    needs = Need.objects.bulk_create(
        Need(
            plan=plan,
            field=fields[place % len(fields)],
            number=f"B{place + 1}",
            title_de=f"Beratung an einem Ort, unabhängig von Anbietern, Bedarf {place + 1}",
            text_de=TEXT,
            position=place,
        )
        for place in range(count)
    )
    NeedEvidence.objects.bulk_create(
        NeedEvidence(
            need=need,
            kind=EvidenceKind.SURVEY,
            text_de="41 % wissen nicht, wo sie Rat zur Pflege finden",
            source="Befragung 2026, 1.284 Antworten",
        )
        for need in needs
    )
    return needs


def _goals(plan: Plan, needs: Sequence[Need], leaves: int) -> list[Goal]:
    """Make a chain of eight levels in each field, and many goals at its lower end."""
    fields = list(plan.fields.order_by("position"))
    levels = GoalLevel.objects.bulk_create(
        GoalLevel(plan=plan, depth=depth, name_de=f"Ebene {depth}", is_action=depth == LEVELS)
        for depth in range(1, LEVELS + 1)
    )
    above: list[Goal | None] = [None] * len(fields)
    for level in levels[:-1]:
        above = list(
            Goal.objects.bulk_create(
                Goal(
                    plan=plan,
                    field=field,
                    level=level,
                    parent=above[place],
                    number=f"{place + 1}.{level.depth}",
                    title_de=f"Wege zur Beratung werden kürzer, Ebene {level.depth}",
                    text_de=TEXT,
                    position=place,
                )
                for place, field in enumerate(fields)
            )
        )
    lowest = Goal.objects.bulk_create(
        Goal(
            plan=plan,
            field=fields[place % len(fields)],
            level=levels[-1],
            parent=above[place % len(fields)],
            number=f"H{place + 1}",
            title_de=f"Bis 2029 berät jeder Planungsraum einmal im Monat, Ziel {place + 1}",
            position=place,
        )
        for place in range(leaves)
    )
    Goal.needs.through.objects.bulk_create(
        Goal.needs.through(goal=goal, need=needs[place % len(needs)])
        for place, goal in enumerate(lowest)
    )
    return lowest


def _links(measures: Sequence[Measure], goals: Sequence[Goal], needs: Sequence[Need]) -> None:
    """Join each measure to a goal, a need, an area and a target group."""
    areas = [
        Area.objects.get_or_create(name=f"Planungsraum {place}", defaults={"position": place})[0]
        for place in range(1, 7)
    ]
    terms = [
        Term.objects.get_or_create(
            kind=TermKind.TARGET_GROUP, name_de=f"Zielgruppe {place}", defaults={"position": place}
        )[0]
        for place in range(1, 9)
    ]
    joined: list[tuple[Any, str, Sequence[Any]]] = [
        (Measure.goals.through, "goal", goals),
        (Measure.needs.through, "need", needs),
        (Measure.areas.through, "area", areas),
        (Measure.target_groups.through, "term", terms),
    ]
    for through, name, others in joined:
        through.objects.bulk_create(
            through(measure=measure, **{name: others[place % len(others)]})
            for place, measure in enumerate(measures)
        )


def _parts(measures: Sequence[Measure]) -> None:
    """Give each measure a period, three milestones, two costs and a numeric indicator."""
    for place, measure in enumerate(measures):
        measure.starts_on = date(FIRST_YEAR + place % 3, 1, 1)
        measure.ends_on = date(FIRST_YEAR + place % 3 + 2, 12, 31) if place % 4 else None
    Measure.objects.bulk_update(measures, ["starts_on", "ends_on"], batch_size=200)
    Milestone.objects.bulk_create(
        Milestone(
            measure=measure,
            title_de=f"Schritt {step}",
            due_on=date(FIRST_YEAR + step, 6, 30),
            first_due_on=date(FIRST_YEAR + step, 6, 30),
            done_on=date(FIRST_YEAR, 3, 1) if step <= place % 4 else None,
            position=step,
        )
        for place, measure in enumerate(measures)
        for step in range(1, 4)
    )
    Cost.objects.bulk_create(
        Cost(measure=measure, year=FIRST_YEAR, amount=amount, source=source)
        for measure in measures
        for amount, source in ((Decimal("68400.00"), "Land"), (Decimal("29314.29"), "Landkreis"))
    )
    indicators = MeasureIndicator.objects.bulk_create(
        MeasureIndicator(
            measure=measure,
            kind=IndicatorKind.NUMERIC,
            text_de="Unabhängige Beratungen im Jahr",
            unit="Beratungen",
            baseline=Decimal(140),
            baseline_on=date(2023, 12, 31),
            target=Decimal(500),
            target_on=date(2031, 12, 31),
        )
        for measure in measures
    )
    IndicatorValue.objects.bulk_create(
        IndicatorValue(indicator=indicator, on=date(2024 + year, 12, 31), value=Decimal(150 + year))
        for indicator in indicators
        for year in range(VALUES_A_MEASURE)
    )


def _evaluation(plan: Plan, measures: Sequence[Measure], status: EvaluationStatus) -> None:
    now = timezone.now()
    evaluation = Evaluation.objects.create(
        plan=plan,
        slug=f"auswertung-{status}-{plan.slug}",
        title_de="Auswertung",
        status=status,
        scale={"kind": "percentage"},
        closed_at=now if status == EvaluationStatus.CLOSED else None,
    )
    EvaluationItem.objects.bulk_create(
        EvaluationItem(evaluation=evaluation, measure=measure) for measure in measures
    )
    Rating.objects.bulk_create(
        Rating(
            evaluation=evaluation,
            measure=measure,
            state=RatingState.RATED,
            share=Decimal(place % 5) / 4,
            reason="Die Stelle ist besetzt.",
            rated_at=now,
        )
        for place, measure in enumerate(measures)
    )


def _document(plan: Plan) -> None:
    """Make a chapter of every kind, and a text in the first."""
    chapters = [
        Chapter.objects.create(
            plan=plan,
            address=f"bench{position}",
            kind=kind,
            title_de=f"Kapitel {position}",
            position=position,
        )
        for position, kind in enumerate(ChapterKind.values, start=1)
    ]
    text = next(chapter for chapter in chapters if chapter.kind == ChapterKind.TEXT)
    Block.objects.create(
        chapter=text, address="benchtext", kind=BlockKind.TEXT, text_de=f"<p>{TEXT}</p>", position=1
    )


def _update(plan: Plan) -> None:
    """Begin to rewrite the plan and decide on all but a few measures."""
    now = timezone.now()
    update = PlanUpdate.objects.create(plan=plan, title_de="Der nächste Plan", begun_at=now)
    CarryDecision.objects.bulk_create(
        CarryDecision(
            update=update,
            kind=CarryKind.MEASURE,
            measure=measure,
            choice=CarryChoice.CARRY,
            decided_at=now,
        )
        for measure in plan.measures.order_by("position")[3:]
    )
