"""Plain functions that make plans and what stands in them for tests."""

from datetime import date
from decimal import Decimal
from itertools import count

from zusammenplan.plans.choices import BlockKind, EvidenceKind, IndicatorKind, TermKind
from zusammenplan.plans.models import (
    Block,
    Chapter,
    Cost,
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
    Term,
)

_numbers = count(1)


def make_plan(**fields: object) -> Plan:
    number = next(_numbers)
    return Plan.objects.create(
        **{
            "slug": f"plan-{number}",
            "title_de": f"Sozialplan {number}",
            "is_public": True,
            **fields,
        }
    )


def make_field(plan: Plan | None = None, **fields: object) -> FieldOfAction:
    number = next(_numbers)
    return FieldOfAction.objects.create(
        **{
            "plan": plan or make_plan(),
            "code": str(number),
            "name_de": f"Handlungsfeld {number}",
            "position": number,
            **fields,
        }
    )


def make_measure(plan: Plan | None = None, **fields: object) -> Measure:
    number = next(_numbers)
    plan = plan or make_plan()
    field = fields.pop("field", None) or make_field(plan)
    return Measure.objects.create(
        **{
            "plan": plan,
            "field": field,
            "number": f"{number}.1",
            "title_de": f"Maßnahme {number}",
            "position": number,
            **fields,
        }
    )


def make_need(plan: Plan | None = None, **fields: object) -> Need:
    number = next(_numbers)
    return Need.objects.create(
        **{
            "plan": plan or make_plan(),
            "title_de": f"Bedarf {number}",
            "position": number,
            **fields,
        }
    )


def make_evidence(need: Need | None = None, **fields: object) -> NeedEvidence:
    number = next(_numbers)
    return NeedEvidence.objects.create(
        **{
            "need": need or make_need(),
            "kind": EvidenceKind.SURVEY,
            "text_de": f"Beleg {number}",
            "position": number,
            **fields,
        }
    )


def make_level(plan: Plan, **fields: object) -> GoalLevel:
    depth = plan.levels.count() + 1
    return GoalLevel.objects.create(
        **{"plan": plan, "depth": depth, "name_de": f"Zielebene {depth}", **fields}
    )


def make_goal(plan: Plan | None = None, **fields: object) -> Goal:
    number = next(_numbers)
    return Goal.objects.create(
        **{
            "plan": plan or make_plan(),
            "title_de": f"Ziel {number}",
            "position": number,
            **fields,
        }
    )


def make_term(kind: TermKind = TermKind.TARGET_GROUP, **fields: object) -> Term:
    number = next(_numbers)
    return Term.objects.create(
        **{"kind": kind, "name_de": f"Begriff {number}", "position": number, **fields}
    )


def make_cost(measure: Measure, **fields: object) -> Cost:
    return Cost.objects.create(
        **{
            "measure": measure,
            "year": 2027,
            "amount": Decimal("1000.00"),
            "source": "Land (LSZ)",
            **fields,
        }
    )


def make_milestone(measure: Measure, **fields: object) -> Milestone:
    number = next(_numbers)
    due_on = fields.get("due_on", date(2027, 6, 30))
    return Milestone.objects.create(
        **{
            "measure": measure,
            "title_de": f"Meilenstein {number}",
            "due_on": due_on,
            "first_due_on": due_on,
            "position": number,
            **fields,
        }
    )


def make_indicator(measure: Measure, **fields: object) -> MeasureIndicator:
    number = next(_numbers)
    return MeasureIndicator.objects.create(
        **{"measure": measure, "text_de": f"Indikator {number}", "position": number, **fields}
    )


def make_numeric_indicator(measure: Measure, **fields: object) -> MeasureIndicator:
    return make_indicator(
        measure,
        **{
            "kind": IndicatorKind.NUMERIC,
            "unit": "Beratungen",
            "baseline": Decimal(140),
            "baseline_on": date(2023, 12, 31),
            "target": Decimal(500),
            "target_on": date(2029, 12, 31),
            **fields,
        },
    )


def make_value(indicator: MeasureIndicator, **fields: object) -> IndicatorValue:
    return IndicatorValue.objects.create(
        **{"indicator": indicator, "on": date(2026, 12, 31), "value": Decimal(201), **fields}
    )


def make_chapter(plan: Plan | None = None, **fields: object) -> Chapter:
    number = next(_numbers)
    return Chapter.objects.create(
        **{
            "plan": plan or make_plan(),
            "title_de": f"Kapitel {number}",
            "address": f"k{number}",
            "position": number,
            **fields,
        }
    )


def make_block(chapter: Chapter | None = None, **fields: object) -> Block:
    number = next(_numbers)
    return Block.objects.create(
        **{
            "chapter": chapter or make_chapter(),
            "kind": BlockKind.TEXT,
            "address": f"b{number}",
            "text_de": f'<p id="abc{number}">Absatz {number}</p>',
            "position": number,
            **fields,
        }
    )
