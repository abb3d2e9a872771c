"""The whole plan as plain values: read in few queries, written and read back without loss."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans.choices import (
    BlockKind,
    ChapterKind,
    EvaluationStatus,
    RelationKind,
    TermKind,
)
from zusammenplan.plans.domain.content import Words, from_json, to_json
from zusammenplan.plans.models import (
    Block,
    Chapter,
    Evaluation,
    Measure,
    MeasureRelation,
    Plan,
    Rating,
    Resolution,
)
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.tests.factories import (
    make_cost,
    make_evaluation,
    make_evaluation_item,
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
    measure_of,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def fill(plan: Plan) -> Measure:
    """Put one of everything into the plan."""
    field = make_field(plan)
    need = make_need(plan, field=field)
    need.areas.add(make_area())
    make_evidence(need)
    level = make_level(plan) if not plan.levels.exists() else plan.levels.get()
    top = make_goal(plan, level=level, field=field)
    goal = make_goal(plan, parent=top)
    goal.needs.add(need)
    measure = make_measure(plan, field=field)
    measure.goals.add(goal)
    measure.needs.add(need)
    measure.target_groups.add(make_term())
    measure.life_situations.add(make_term(TermKind.LIFE_SITUATION))
    make_cost(measure)
    make_milestone(measure)
    make_indicator(measure)
    make_value(make_numeric_indicator(measure))
    other = make_measure(plan, field=field)
    MeasureRelation.objects.create(measure=measure, kind=RelationKind.CONTINUES, other=other)
    number = plan.chapters.count()
    chapter = Chapter.objects.create(
        plan=plan, address=f"k{number}", kind=ChapterKind.TEXT, title_de="Einleitung"
    )
    Block.objects.create(chapter=chapter, address="b1", kind=BlockKind.TEXT, text_de="<p>Hallo</p>")
    evaluation = Evaluation.objects.create(
        plan=plan,
        slug=f"{plan.slug}-{number}",
        title_de="Auswertung",
        scale={"kind": "percentage"},
        status=EvaluationStatus.CLOSED,
        closed_at=NOON,
    )
    Rating.objects.create(
        evaluation=evaluation, measure=measure, share=Decimal("0.5"), rated_at=NOON
    )
    Rating.objects.create(evaluation=evaluation, goal=goal, share=Decimal(1), rated_at=NOON)
    Resolution.objects.create(
        plan=plan, number="747/18", body="Kreistag", decided_on=date(2027, 2, 1)
    )
    return measure


def test_a_plan_is_written_and_read_back_without_loss() -> None:
    plan = make_plan(title_en="Social plan")
    measure = fill(plan)

    content = plan_content(plan)

    assert from_json(to_json(content)) == content
    assert content.title == Words(plan.title_de, "Social plan")
    first = content.measures[0]
    assert first.identity == str(measure.identity)
    assert first.costs[0].amount == Decimal("1000.00")
    assert [one.kind for one in first.indicators] == ["verbal", "numeric"]
    assert first.indicators[1].values[0].value == Decimal(201)
    assert content.goals[1].parent == content.goals[0].identity
    assert content.chapters[0].blocks[0].text.de == "<p>Hallo</p>"
    assert [rating.of for rating in content.evaluations[0].ratings] == ["measure", "goal"]


@pytest.mark.one_database
def test_reading_a_plan_needs_the_same_queries_for_any_length() -> None:
    plan = make_plan()

    def asked() -> int:
        fresh = Plan.objects.get(pk=plan.pk)
        with CaptureQueriesContext(connection) as queries:
            plan_content(fresh)
        return len(queries)

    fill(plan)
    asked()
    once = asked()
    fill(plan)
    fill(plan)
    assert asked() == once


def test_the_key_of_a_record_does_not_count_when_plans_are_compared() -> None:
    plan = make_plan()
    make_need(plan)
    before = plan_content(plan)
    need = plan.needs.get()
    plan.needs.all().delete()
    need.pk = None
    need.save()

    assert plan_content(plan).needs == before.needs


def test_a_closed_evaluation_tells_what_was_in_it_also_without_a_rating() -> None:
    evaluation = make_evaluation(status=EvaluationStatus.CLOSED, closed_at=NOON)
    item = make_evaluation_item(evaluation)
    goal = make_goal(evaluation.plan)
    make_evaluation_item(evaluation, goal)

    (told,) = plan_content(evaluation.plan).evaluations

    assert told.measures == (str(measure_of(item).identity),)
    assert told.goals == (str(goal.identity),)
