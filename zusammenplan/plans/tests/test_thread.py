"""The red thread, the outline and the gaps as queries."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.models import Evaluation, Measure, Plan, Rating
from zusammenplan.plans.queries.comparison import rating_text
from zusammenplan.plans.queries.gaps import GAPS, gap_conditions, gaps_of, records_with_gap
from zusammenplan.plans.queries.outline import MOST_BELOW, MOST_ROWS, Outline, outline_of
from zusammenplan.plans.queries.thread import (
    Step,
    goal_thread,
    measure_thread,
    need_thread,
    plan_thread,
)
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
    make_plan,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)
PLACES = ["evidence", "need", "goal", "measure", "priority", "result", "evaluation"]


def threaded(plan: Plan) -> dict[str, Any]:
    """Make a thread that runs from evidence to evaluation."""
    need = make_need(plan, title_de="Beratung fehlt")
    make_evidence(need, text_de="41 % fanden nichts", source="Befragung 2026")
    above = make_goal(plan, title_de="Kurze Wege")
    above.needs.add(need)
    goal = make_goal(plan, title_de="Beratung vor Ort", parent=above, level=make_level(plan))
    measure = make_measure(
        plan,
        title_de="Pflegestützpunkt",
        priority_degree=Decimal("1.0"),
        priority_on=date(2027, 1, 5),
    )
    measure.goals.add(goal)
    make_milestone(measure, done_on=date(2027, 2, 1))
    make_milestone(measure)
    evaluation = Evaluation.objects.create(
        plan=plan,
        slug=f"auswertung-{plan.pk}",
        title_de="Auswertung 2029",
        status=EvaluationStatus.CLOSED,
        scale={},
        closed_at=NOW,
    )
    for rated in ({"measure": measure}, {"goal": goal}):
        Rating.objects.create(evaluation=evaluation, share=Decimal("0.5"), rated_at=NOW, **rated)
    return {"need": need, "above": above, "goal": goal, "measure": measure}


def by_place(steps: list[Step]) -> dict[str, Step]:
    return dict(zip(PLACES, steps, strict=True))


def queries(call: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


# The thread


def test_a_need_is_followed_down_to_the_evaluation() -> None:
    made = threaded(make_plan())

    steps = by_place(need_thread(made["need"]))

    assert steps["evidence"].what == "41 % fanden nichts"
    assert steps["evidence"].state == "Befragung 2026"
    assert steps["need"].kind == "now"
    assert steps["goal"].url.endswith(f"/ziele/{made['above'].pk}/")
    assert steps["measure"].url.endswith(f"/massnahmen/{made['measure'].pk}/")
    assert steps["priority"].kind == "done"
    assert steps["result"].kind == "half"
    assert "50" in steps["evaluation"].what
    assert steps["evaluation"].is_last


def test_a_measure_is_followed_up_to_the_evidence_by_way_of_the_goal_above() -> None:
    made = threaded(make_plan())

    steps = by_place(measure_thread(made["measure"]))

    assert steps["evidence"].what == "41 % fanden nichts"
    assert steps["need"].what == "Beratung fehlt"
    assert steps["goal"].what == "Beratung vor Ort"
    assert steps["priority"].kind == "done"
    assert "50" in steps["evaluation"].what


def test_a_goal_shows_the_needs_of_the_goals_above_and_the_measures_of_those_below() -> None:
    made = threaded(make_plan())

    lower, upper = by_place(goal_thread(made["goal"])), by_place(goal_thread(made["above"]))

    assert lower["need"].what == "Beratung fehlt"
    assert upper["measure"].what.endswith("Pflegestützpunkt")
    assert lower["evaluation"].kind == "done"
    # Nobody rated the upper goal itself; what was rated below it speaks for it.
    assert "50" in upper["evaluation"].what


def test_a_goal_of_several_measures_leads_to_the_list_of_all_of_them() -> None:
    made = threaded(make_plan())
    make_measure(made["above"].plan).goals.add(made["goal"])

    step = by_place(goal_thread(made["above"]))["measure"]

    assert step.url.endswith(f"/massnahmen/?goal={made['above'].pk}")


@pytest.mark.parametrize(
    ("share", "shown"), [("0.1250", "13"), ("0.9960", "99"), ("0.0010", "1"), ("1", "100")]
)
def test_only_what_is_wholly_reached_is_said_to_be(share: str, shown: str) -> None:
    measure = threaded(make_plan())["measure"]
    Rating.objects.filter(measure=measure).update(share=share)

    assert by_place(measure_thread(measure))["evaluation"].what.startswith(
        f"zu {shown}\N{NO-BREAK SPACE}%"
    )
    assert rating_text("rated", Decimal(share)).startswith(f"zu {shown}\N{NO-BREAK SPACE}%")


def test_what_is_not_there_yet_is_open_and_the_line_ends_in_dots() -> None:
    plan = make_plan()

    for steps in (
        need_thread(make_need(plan)),
        goal_thread(make_goal(plan)),
        measure_thread(make_measure(plan)),
    ):
        kinds = [step.kind for step in steps]
        assert kinds.count("open") == 6
        assert [step.is_last for step in steps] == [kind == "now" for kind in kinds]
    assert plan_thread(make_plan())[0].is_last


def test_several_are_counted_beside_the_first_one() -> None:
    made = threaded(make_plan())
    make_evidence(made["need"])
    make_evidence(made["need"])

    state = by_place(need_thread(made["need"]))["evidence"].state
    assert state == "Befragung 2026, und noch 2"


def test_the_plan_counts_what_stands_at_each_place() -> None:
    plan = make_plan()
    threaded(plan)
    make_measure(plan)

    steps = by_place(plan_thread(plan))

    assert [steps[place].what.split()[0] for place in ("evidence", "need", "goal", "measure")] == [
        "1",
        "1",
        "2",
        "2",
    ]
    assert steps["priority"].kind == "half"


def test_where_ten_points_come_first_the_most_urgent_degree_is_the_greatest() -> None:
    plan = make_plan()
    for degree in ("3.0", "9.0"):
        make_measure(plan, priority_degree=Decimal(degree), priority_first=10, priority_last=0)

    assert "9" in by_place(plan_thread(plan))["priority"].state


def test_a_long_title_is_shortened_in_the_thread() -> None:
    need = make_need(title_de="Wort " * 60)

    assert len(need_thread(need)[1].what) <= 70


@pytest.mark.one_database
def test_a_thread_asks_as_often_for_many_as_for_one() -> None:
    plan = make_plan()
    made = threaded(plan)
    calls = {
        name: (lambda name=name, draw=draw: draw(type(made[name]).objects.get(pk=made[name].pk)))
        for name, draw in (
            ("need", need_thread),
            ("goal", goal_thread),
            ("measure", measure_thread),
        )
    }
    once = {name: queries(call) for name, call in calls.items()}
    for _ in range(3):
        need, goal, measure = (
            make_need(plan),
            make_goal(plan, parent=made["goal"]),
            make_measure(plan),
        )
        make_evidence(need)
        goal.needs.add(need, made["need"])
        measure.goals.add(goal, made["goal"])
        made["measure"].needs.add(need)

    assert {name: queries(call) for name, call in calls.items()} == once


# The outline


def keys(outline: Outline) -> list[str]:
    return [row.key for row in outline.rows]


def test_the_outline_goes_from_fields_over_goals_to_measures() -> None:
    plan = make_plan()
    field = make_field(plan)
    goal = make_goal(plan, field=field)
    child = make_goal(plan, field=field, parent=goal)
    measure = make_measure(plan, field=field)
    measure.goals.add(child)
    loose = make_measure(plan, field=field)
    alone = Measure.objects.create(plan=plan, number="Z", title_de="Ohne Feld")

    shown = outline_of(plan, None)

    assert [(row.key, row.depth) for row in shown.rows] == [
        (f"f{field.pk}", 0),
        (f"g{goal.pk}", 1),
        (f"g{child.pk}", 2),
        (f"m{measure.pk}", 3),
        (f"m{loose.pk}", 1),
        ("f0", 0),
        (f"m{alone.pk}", 1),
    ]


def test_only_what_is_named_is_open() -> None:
    plan = make_plan()
    field = make_field(plan)
    goal = make_goal(plan, field=field)
    make_goal(plan, field=field, parent=goal)

    closed, opened = outline_of(plan, set()), outline_of(plan, {f"f{field.pk}", "g999"})

    assert keys(closed) == [f"f{field.pk}"]
    assert closed.rows[0].toggled == f"f{field.pk}"
    assert keys(opened) == [f"f{field.pk}", f"g{goal.pk}"]
    assert opened.rows[0].toggled == ""


def test_a_measure_stands_under_each_of_its_goals() -> None:
    plan = make_plan()
    goals = [make_goal(plan), make_goal(plan)]
    measure = make_measure(plan)
    measure.goals.set(goals)

    assert keys(outline_of(plan, {"alles"})).count(f"m{measure.pk}") == 2


def test_neighbours_are_those_that_can_change_places() -> None:
    plan = make_plan()
    field = make_field(plan)
    one, two = make_goal(plan, field=field), make_goal(plan, field=field)
    measures = [make_measure(plan, field=field) for _ in range(2)]

    rows = {row.key: row for row in outline_of(plan, {"alles"}).rows}

    assert (rows[f"g{one.pk}"].before, rows[f"g{one.pk}"].after) == (0, two.pk)
    first, second = (rows[f"m{measure.pk}"] for measure in measures)
    assert (first.before, first.after) == (0, measures[1].pk)
    assert (second.before, second.after) == (measures[0].pk, 0)


def large_plan(measures: int) -> Plan:
    plan = make_plan()
    fields = [make_field(plan) for _ in range(4)]
    goals = [make_goal(plan, field=field) for field in fields for _ in range(20)]
    made = Measure.objects.bulk_create(
        Measure(
            plan=plan,
            field=fields[number % 4],
            number=str(number),
            title_de=f"Maßnahme {number}",
            position=number,
        )
        for number in range(measures)
    )
    through = Measure.goals.through
    through.objects.bulk_create(
        through(measure=measure, goal=goals[place % len(goals)])
        for place, measure in enumerate(made)
        if place % 2
    )
    return plan


def test_a_large_plan_is_closed_at_first_and_never_longer_than_a_page() -> None:
    plan = large_plan(2000)

    shown = outline_of(plan, {"alles"})

    assert len(outline_of(plan, None).rows) == 4
    assert len(shown.rows) <= MOST_ROWS
    assert shown.is_cut


def test_a_long_list_leads_on_to_the_page_with_the_rest() -> None:
    plan = large_plan(2000)
    field = plan.fields.order_by("position")[0]

    rows = outline_of(plan, {f"f{field.pk}"}).rows

    assert rows[1 + MOST_BELOW].kind == "more"
    assert rows[1 + MOST_BELOW].url.endswith(f"?field={field.pk}")


@pytest.mark.one_database
def test_the_outline_asks_as_often_for_a_large_plan_as_for_a_small_one() -> None:
    small, large = large_plan(20), large_plan(400)

    assert queries(lambda: outline_of(small, {"alles"})) == queries(
        lambda: outline_of(large, {"alles"})
    )


# Gaps


def numbers(plan: Plan) -> dict[str, int]:
    return {gap.key: gap.number for gap in gaps_of(plan, gap_conditions(plan))}


def test_what_has_everything_leaves_no_gap() -> None:
    plan = make_plan()
    measure = threaded(plan)["measure"]
    Measure.objects.update(period_text="ab 2027")
    make_cost(measure)
    make_indicator(measure)
    before = numbers(plan)
    assert before.pop("verantwortlich") == 1

    assert set(before.values()) == {0}


def test_each_gap_is_counted_and_listed() -> None:
    plan = make_plan()
    need, goal, measure = make_need(plan), make_goal(plan), make_measure(plan)

    # A need without evidence cites nothing; test_citations.py counts those that do.
    gaps = {key: gap for key, gap in GAPS.items() if key != "neuer-wert"}
    assert numbers(plan) == {**dict.fromkeys(gaps, 1), "neuer-wert": 0}
    for key, (of, _label, _hint) in gaps.items():
        expected = {"need": need, "goal": goal, "measure": measure}[of]
        assert list(records_with_gap(plan, key, gap_conditions(plan))) == [expected]


def test_what_was_dropped_leaves_no_gap() -> None:
    plan = make_plan()
    make_need(plan, state="met")
    make_goal(plan, state="dropped")
    make_measure(plan, status="dropped")

    assert set(numbers(plan).values()) == {0}


@pytest.mark.one_database
def test_gaps_are_counted_by_as_many_queries_for_many_as_for_one() -> None:
    plan = make_plan()
    threaded(plan)
    once = queries(lambda: gaps_of(plan, gap_conditions(plan)))
    for _ in range(3):
        make_need(plan)
        make_goal(plan)
        make_measure(plan)

    assert queries(lambda: gaps_of(plan, gap_conditions(plan))) == once
