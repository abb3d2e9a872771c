"""Plain functions that make plans and what stands in them for tests."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.core.files.base import ContentFile
from django.utils import timezone

from zusammenplan.core.files import attach_file, check_file
from zusammenplan.core.models import Attachment
from zusammenplan.people.tests.factories import (
    NOW,
)
from zusammenplan.plans.actions.rating_requests import make_links
from zusammenplan.plans.choices import (
    BlockKind,
    EvaluationStatus,
    EvidenceKind,
    IndicatorKind,
    RatingState,
    RelationKind,
    TermKind,
)
from zusammenplan.plans.domain.attainment import FOUR_STEPS, scale_of, to_record
from zusammenplan.plans.models import (
    Block,
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
    MeasureRelation,
    Milestone,
    Need,
    NeedEvidence,
    Plan,
    Rating,
    RatingRequest,
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


def make_relation(measure: Measure, **fields: object) -> MeasureRelation:
    return MeasureRelation.objects.create(
        **{
            "measure": measure,
            "kind": RelationKind.BELONGS,
            "other": fields.pop("other", None) or make_measure(measure.plan),
            **fields,
        }
    )


def make_evaluation(plan: Plan | None = None, **fields: object) -> Evaluation:
    """Make a round; it is open unless told otherwise, on the scale of four steps."""
    number = next(_numbers)
    return Evaluation.objects.create(
        **{
            "plan": plan or make_plan(),
            "slug": f"auswertung-{number}",
            "title_de": f"Auswertung {number}",
            "status": EvaluationStatus.OPEN,
            "scale": to_record(scale_of(FOUR_STEPS)),
            **fields,
        }
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


def make_attachment(record: Measure | MeasureIndicator, content: bytes = b"Hallo") -> Attachment:
    checked = check_file(ContentFile(content, name="Notiz.txt"))
    return attach_file(record, checked, by=None, now=NOW)


def make_evaluation_item(
    evaluation: Evaluation | None = None, thing: Measure | Goal | None = None, **fields: object
) -> EvaluationItem:
    evaluation = evaluation or make_evaluation()
    thing = thing or make_measure(evaluation.plan)
    of = "measure" if isinstance(thing, Measure) else "goal"
    return EvaluationItem.objects.create(**{"evaluation": evaluation, of: thing, **fields})


def measure_of(item: EvaluationItem) -> Measure:
    """Give the measure of an item that has one."""
    assert item.measure is not None
    return item.measure


def make_rating(item: EvaluationItem, share: str | None = "0.6667", **fields: object) -> Rating:
    """Make a rating that was checked; without a share it is not assessable."""
    return Rating.objects.create(
        **{
            "evaluation": item.evaluation,
            "measure": item.measure,
            "goal": item.goal,
            "state": RatingState.RATED if share is not None else RatingState.NOT_ASSESSABLE,
            "share": None if share is None else Decimal(share),
            "reason": "Läuft gut.",
            "author_name": "Ulrike Bachmann",
            "rated_at": NOW,
            "checked_at": NOW,
            **fields,
        }
    )


def make_rating_request(
    evaluation: Evaluation | None = None, *items: EvaluationItem, **fields: object
) -> RatingRequest:
    request = RatingRequest.objects.create(
        **{
            "evaluation": evaluation or make_evaluation(),
            "name": "Ulrike Bachmann",
            "email": "ulrike.bachmann@rennsteiggrund.example",
            **fields,
        }
    )
    for item in items:
        item.request = request
        item.save()
    return request


def make_rating_link(request: RatingRequest, **times: datetime) -> str:
    """Make a personal link and give its token."""
    now = times.get("now", timezone.now())
    expires_at = times.get("expires_at", now + timedelta(days=30))
    (link,) = make_links([request], expires_at=expires_at, by=None, now=now)
    return link.token


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
