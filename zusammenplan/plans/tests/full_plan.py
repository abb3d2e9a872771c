"""A small plan with one of everything, public and not, for tests of what everybody may see."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db.models import Model

from zusammenplan.core.models import Attachment
from zusammenplan.people.tests.factories import make_organisation, make_user
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans.choices import EvaluationStatus, RatingState, RelationKind, TermKind
from zusammenplan.plans.domain.content import to_json
from zusammenplan.plans.models import (
    Evaluation,
    FieldOfAction,
    Goal,
    Measure,
    MeasureRelation,
    Need,
    Plan,
    PlanVersion,
    Rating,
    Resolution,
)
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.tests.factories import (
    make_cost,
    make_evidence,
    make_field,
    make_goal,
    make_indicator,
    make_level,
    make_measure,
    make_milestone,
    make_need,
    make_numeric_indicator,
    make_plan,
    make_term,
    make_value,
)

WHEN = datetime(2027, 6, 17, 9, tzinfo=ZoneInfo("Europe/Berlin"))
# Words that stand only where no stranger may read.
INNER_WORDS = (
    "Frieda Verborgen",
    "Karl Bewerter",
    "Innerer Vermerk",
    "Entwurf der Bewertung",
    "Geheime Nachfolge",
)


@dataclass(frozen=True, slots=True)
class FullPlan:
    """The plan and one record of each kind in it."""

    plan: Plan
    field: FieldOfAction
    need: Need
    goal: Goal
    measure: Measure
    public_file: Attachment
    inner_file: Attachment
    evaluation: Evaluation
    version: PlanVersion


def make_full_plan(*, measures: int = 1, **fields: object) -> FullPlan:
    """Make so many measures alike, all with everything that may belong to one."""
    plan = make_plan(**{"slug": "voller-plan", "title_de": "Voller Plan", **fields})
    field = make_field(plan, code="2", name_de="Familie und Pflege", text_de="Damit alles passt.")
    resolution = Resolution.objects.create(
        plan=plan, number="KT 2027/16-04", body="Kreistag", decided_on=date(2027, 6, 16)
    )
    levels = [make_level(plan, name_de=name) for name in ("Oberziel", "Handlungsziel")]
    area, group = make_area(), make_term(TermKind.TARGET_GROUP)
    situation = make_term(TermKind.LIFE_SITUATION)
    contact = make_user(name=INNER_WORDS[0])
    evaluations = [
        _evaluation(plan, EvaluationStatus.CLOSED),
        _evaluation(plan, EvaluationStatus.OPEN),
    ]
    hidden = make_measure(make_plan(is_public=False), title_de=INNER_WORDS[4])
    made: list[FullPlan] = []
    for number in range(1, measures + 1):
        need = make_need(plan, field=field, number=f"B{number}", text_de="Viele nannten ihn.")
        make_evidence(need, source="Befragung 2026", url="https://statistik.example/a")
        need.areas.add(area)
        need.target_groups.add(group)
        need.life_situations.add(situation)
        top = make_goal(plan, field=field, level=levels[0], number=f"{number}")
        goal = make_goal(plan, field=field, level=levels[1], parent=top, number=f"{number}.1")
        goal.needs.add(need)
        measure = make_measure(
            plan,
            field=field,
            number=f"2.{number}",
            title_de=f"Pflegestützpunkt {number}",
            text_de="Beratung an einem Ort. Sie kostet nichts.",
            title_easy="Hilfe bei Fragen zur Pflege",
            text_easy="Die Beratung kostet nichts.",
            starts_on=date(2027, 1, 1),
            ends_on=date(2030, 12, 31),
            contact=contact,
            responsible=make_organisation(name=f"Sozialamt {number} von {plan.slug}"),
            status_reason="Der Bescheid liegt vor.",
            status_on=date(2027, 2, 1),
        )
        measure.partners.add(make_organisation(name=f"Pflegekasse {number} von {plan.slug}"))
        measure.goals.add(goal)
        measure.needs.add(need)
        measure.areas.add(area)
        measure.target_groups.add(group)
        measure.life_situations.add(situation)
        make_cost(measure, year=2027, amount=Decimal("68400.00"))
        make_cost(measure, year=2027, amount=Decimal("29314.29"), source="Landkreis")
        make_milestone(measure, title_de="Konzept liegt vor", done_on=date(2027, 3, 1))
        make_milestone(
            measure,
            title_de="Stützpunkt ist geöffnet",
            due_on=date(2027, 10, 1),
            first_due_on=date(2027, 7, 1),
            moved_reason="Der Bau dauert länger.",
        )
        numeric = make_numeric_indicator(measure, text_de="Beratungen im Jahr")
        make_value(numeric)
        verbal = make_indicator(measure, text_de="Das Konzept ist abgestimmt.")
        MeasureRelation.objects.create(measure=measure, kind=RelationKind.BLOCKS, other=hidden)
        public = make_file(measure, description="Konzept", is_public=True)
        inner = make_file(measure, description=INNER_WORDS[2])
        make_file(verbal, description="Protokoll", is_public=True)
        make_file(verbal, description=INNER_WORDS[2])
        for evaluation in evaluations:
            for thing in ({"measure": measure}, {"goal": goal}):
                _rating(evaluation, **thing)
        made.append(
            FullPlan(plan, field, need, goal, measure, public, inner, evaluations[0], PlanVersion())
        )
    content = to_json(plan_content(plan))
    version = PlanVersion.objects.create(
        plan=plan,
        number=1,
        label_de="Beschlossene Fassung",
        content=content,
        checksum=sha256(content.encode()).hexdigest(),
        resolution=resolution,
        frozen_at=WHEN,
    )
    first = made[0]
    return FullPlan(
        plan,
        field,
        first.need,
        first.goal,
        first.measure,
        first.public_file,
        first.inner_file,
        first.evaluation,
        version,
    )


def make_file(record: Model, **fields: object) -> Attachment:
    """Keep a small file with a record; nobody but the workspace sees it unless it is public."""
    content = b"%PDF-1.4 Konzept"
    attachment = Attachment(
        **{
            "content_type": ContentType.objects.get_for_model(type(record)),
            "object_id": record.pk,
            "name": "konzept.pdf",
            "kind": "application/pdf",
            "size": len(content),
            "checksum": sha256(content).hexdigest(),
            "added_at": WHEN,
            **fields,
        }
    )
    attachment.file.save("konzept.pdf", ContentFile(content))
    return attachment


def _evaluation(plan: Plan, status: EvaluationStatus) -> Evaluation:
    is_closed = status == EvaluationStatus.CLOSED
    return Evaluation.objects.create(
        plan=plan,
        slug=f"auswertung-{status}-{plan.pk}",
        title_de="Zwischenauswertung" if is_closed else "Laufende Auswertung",
        status=status,
        scale={"kind": "percentage"},
        closed_at=WHEN if is_closed else None,
    )


def _rating(evaluation: Evaluation, **thing: Measure | Goal) -> Rating:
    is_closed = evaluation.status == EvaluationStatus.CLOSED
    return Rating.objects.create(
        evaluation=evaluation,
        state=RatingState.RATED,
        share=Decimal("0.75") if is_closed else Decimal("0.25"),
        reason="Der Stützpunkt ist geöffnet." if is_closed else INNER_WORDS[3],
        author_name=INNER_WORDS[1],
        rated_at=WHEN,
        **thing,
    )
