"""Deeds with goals and their levels."""

from datetime import date

import pytest

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.public import current_version
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.actions import apply_rows
from zusammenplan.plans.actions.goals import (
    GoalInUseError,
    GoalMisfitError,
    add_goal,
    change_goal,
    delete_goal,
    move_goal,
)
from zusammenplan.plans.actions.levels import (
    LevelInUseError,
    LevelsExistError,
    TooManyLevelsError,
    add_level,
    change_level,
    delete_level,
    take_default_levels,
)
from zusammenplan.plans.actions.links import ForeignLinkError
from zusammenplan.plans.actions.refusals import OtherPlanError, ReasonMissingError, RowRefusedError
from zusammenplan.plans.domain.goal_tree import Misfit
from zusammenplan.plans.domain.rows import GoalRow
from zusammenplan.plans.models import Goal, GoalLevel, Plan
from zusammenplan.plans.tests.factories import (
    make_field,
    make_goal,
    make_level,
    make_measure,
    make_need,
    make_plan,
)

pytestmark = pytest.mark.django_db


def titles(plan: Plan) -> list[str]:
    return [goal.title_de for goal in plan.goals.in_order()]


def depths(plan: Plan) -> list[tuple[int, str]]:
    return list(plan.levels.order_by("depth").values_list("depth", "name_de"))


def refused(call: object) -> Misfit:
    assert callable(call)
    with pytest.raises(GoalMisfitError) as refusal:
        call()
    return refusal.value.reason


# Goals


def test_a_goal_is_added_after_its_siblings_in_the_field_of_the_goal_above() -> None:
    plan = make_plan()
    field = make_field(plan)
    above = make_goal(plan, field=field)
    make_goal(plan, field=field, parent=above, position=4)
    need = make_need(plan)
    before = current_version()

    goal = add_goal(
        plan, {"title_de": "Neu", "parent": above}, links={"needs": [need]}, by=make_planner()
    )

    assert (goal.field, goal.position, goal.parent) == (field, 5, above)
    assert list(goal.needs.all()) == [need]
    assert current_version() > before
    assert goal.history.latest().history_change_reason


def test_a_goal_of_another_plan_is_no_goal_above() -> None:
    plan, foreign = make_plan(), make_goal()

    reason = refused(lambda: add_goal(plan, {"title_de": "Neu", "parent": foreign}, by=None))

    assert reason is Misfit.UNKNOWN_PARENT
    assert not plan.goals.exists()


def test_level_field_and_needs_must_be_of_the_plan() -> None:
    plan, other = make_plan(), make_plan()
    level = make_level(other)

    reason = refused(lambda: add_goal(plan, {"title_de": "Neu", "level": level}, by=None))
    assert reason is Misfit.LEVEL_NOT_BELOW
    with pytest.raises(OtherPlanError):
        add_goal(plan, {"title_de": "Neu", "field": make_field(other)}, by=None)
    with pytest.raises(ForeignLinkError):
        add_goal(plan, {"title_de": "Neu"}, links={"needs": [make_need(other)]}, by=None)
    assert not Goal.objects.exists()


def test_no_goal_comes_under_its_own_sub_goal() -> None:
    plan = make_plan()
    goal = make_goal(plan)
    child = make_goal(plan, parent=make_goal(plan, parent=goal))

    for parent in (goal, child):
        assert (
            refused(
                lambda parent=parent: change_goal(goal, {"parent": parent}, seen_version=1, by=None)
            )
            is Misfit.UNDER_ITSELF
        )
    goal.refresh_from_db()
    assert goal.parent is None


def test_a_level_must_lie_between_those_above_and_below() -> None:
    plan = make_plan()
    top, middle, low = (make_level(plan) for _ in range(3))
    goal = make_goal(plan, level=top)
    child = make_goal(plan, level=middle, parent=goal)

    assert (
        refused(lambda: change_goal(child, {"level": top}, seen_version=1, by=None))
        is Misfit.LEVEL_NOT_BELOW
    )
    assert (
        refused(lambda: change_goal(goal, {"level": low}, seen_version=1, by=None))
        is Misfit.LEVEL_NOT_ABOVE
    )
    change_goal(child, {"level": low}, seen_version=1, by=None)
    assert child.level == low


def test_a_goal_that_changes_its_place_comes_last_there() -> None:
    plan = make_plan()
    first, second = make_goal(plan), make_goal(plan)
    make_goal(plan, parent=first, position=7)

    change_goal(second, {"parent": first}, seen_version=1, by=None)

    assert (second.position, second.version) == (8, 2)


def test_links_alone_are_a_change_and_the_history_names_them() -> None:
    plan = make_plan()
    goal, need = make_goal(plan), make_need(plan)

    change_goal(goal, {}, links={"needs": [need]}, seen_version=1, by=None)
    change_goal(goal, {}, links={"needs": [need]}, seen_version=2, by=None)

    assert (goal.version, list(goal.needs.all())) == (2, [need])
    reason = goal.history.latest().history_change_reason
    assert reason
    assert ":" in reason


def test_the_second_editor_of_a_goal_is_refused_also_for_links() -> None:
    goal = make_goal()
    change_goal(goal, {"title_de": "Anders"}, seen_version=1, by=None)

    with pytest.raises(ChangedMeanwhileError):
        change_goal(goal, {}, links={"needs": [make_need(goal.plan)]}, seen_version=1, by=None)
    assert not goal.needs.exists()


def test_goals_move_among_those_of_the_same_parent_and_field() -> None:
    plan = make_plan()
    field = make_field(plan)
    one = make_goal(plan, field=field, title_de="eins")
    two = make_goal(plan, field=field, title_de="zwei")
    make_goal(plan, field=make_field(plan), title_de="anderes Feld")

    assert not move_goal(one, "up", by=None)
    assert move_goal(one, "down", by=None)
    assert titles(plan) == ["zwei", "eins", "anderes Feld"]
    assert not move_goal(one, "down", by=None)
    assert move_goal(one, "up", by=None)
    assert titles(plan) == ["eins", "zwei", "anderes Feld"]
    two.refresh_from_db()
    assert two.version == 1


def test_a_goal_moves_in_under_the_one_before_and_out_again() -> None:
    plan = make_plan()
    one, two, three = (make_goal(plan, title_de=name) for name in ("eins", "zwei", "drei"))

    assert not move_goal(one, "in", by=None)
    assert move_goal(two, "in", by=None)
    two.refresh_from_db()
    assert two.parent == one
    assert move_goal(two, "out", by=None)
    assert not move_goal(two, "out", by=None)
    assert titles(plan) == ["eins", "zwei", "drei"]
    three.refresh_from_db()
    assert three.position == 3


def test_moving_in_respects_the_levels() -> None:
    plan = make_plan()
    level = make_level(plan)
    make_goal(plan, level=level)
    second = make_goal(plan, level=level)

    assert refused(lambda: move_goal(second, "in", by=None)) is Misfit.LEVEL_NOT_BELOW


def test_only_a_goal_without_sub_goals_and_measures_is_deleted() -> None:
    plan = make_plan()
    goal = make_goal(plan)
    child = make_goal(plan, parent=goal)
    measure = make_measure(plan)
    measure.goals.add(child)

    with pytest.raises(GoalInUseError, match="1"):
        delete_goal(goal, reason="Überholt", by=None)
    with pytest.raises(GoalInUseError, match="1"):
        delete_goal(child, reason="Überholt", by=None)
    with pytest.raises(ReasonMissingError):
        delete_goal(child, reason="", by=None)
    measure.goals.clear()
    delete_goal(child, reason="Überholt", by=None)
    delete_goal(goal, reason="Überholt", by=None)
    assert Goal.history.latest().history_change_reason == "Überholt"


# Levels


def test_the_usual_levels_are_taken_over_once() -> None:
    plan = make_plan()

    levels = take_default_levels(plan, by=None)

    assert [level.name_de for level in levels] == [
        "Leitziel",
        "Oberziel",
        "Unterziel",
        "Handlungsziel",
    ]
    assert [level.is_action for level in levels] == [False, False, False, True]
    with pytest.raises(LevelsExistError):
        take_default_levels(plan, by=None)


def test_a_level_is_added_between_others_and_goals_keep_theirs() -> None:
    plan = make_plan()
    top, low = take_default_levels(plan, by=None)[:2]
    goal = make_goal(plan, level=low)

    add_level(plan, {"name_de": "Teilziel"}, below=top, by=None)
    add_level(plan, {"name_de": "Vision"}, below=None, by=None)

    assert depths(plan) == [
        (1, "Vision"),
        (2, "Leitziel"),
        (3, "Teilziel"),
        (4, "Oberziel"),
        (5, "Unterziel"),
        (6, "Handlungsziel"),
    ]
    goal.refresh_from_db()
    assert goal.level == low


def test_a_plan_has_eight_levels_at_most() -> None:
    plan = make_plan()
    for number in range(8):
        add_level(plan, {"name_de": f"Ebene {number}"}, below=None, by=None)

    with pytest.raises(TooManyLevelsError):
        add_level(plan, {"name_de": "Zu viel"}, below=None, by=None)


def test_a_level_is_renamed_by_one_editor_at_a_time() -> None:
    level = make_level(make_plan())

    change_level(level, {"name_de": "Richtungsziel", "is_action": True}, seen_version=1, by=None)
    change_level(level, {"name_de": "Richtungsziel"}, seen_version=2, by=None)

    assert (level.name_de, level.version) == ("Richtungsziel", 2)
    with pytest.raises(ChangedMeanwhileError):
        change_level(level, {"name_de": "Vision"}, seen_version=1, by=None)


def test_only_an_unused_level_is_deleted_and_the_lower_ones_move_up() -> None:
    plan = make_plan()
    top, middle, low = (make_level(plan, name_de=name) for name in "ABC")
    make_goal(plan, level=top)

    with pytest.raises(LevelInUseError, match="A"):
        delete_level(top, reason="Unnötig", by=None)
    delete_level(middle, reason="Unnötig", by=None)

    assert depths(plan) == [(1, "A"), (2, "C")]
    low.refresh_from_db()
    assert low.version == 2
    assert GoalLevel.objects.count() == 2


def test_days_are_kept_as_they_were_given() -> None:
    goal = add_goal(
        make_plan(),
        {"title_de": "Bis Ende", "period_text": "bis Ende 2027", "ends_on": date(2027, 12, 31)},
        by=None,
    )

    assert goal.starts_on is None
    assert goal.ends_on == date(2027, 12, 31)


def _take_over(plan: Plan, *rows: tuple[str, str | None, str]) -> None:
    """Take over goals from a table, given as title, the one above and level."""
    goals = [GoalRow(title, title, parent=parent, level=level) for title, parent, level in rows]
    apply_rows(plan, fields=(), goals=goals, measures=(), by=None, source="liste.xlsx")


def test_a_table_does_not_put_a_level_above_that_of_the_goal_above() -> None:
    plan = make_plan()
    high = plan.levels.create(depth=1, name_de="Leitziel")
    plan.levels.create(depth=2, name_de="Oberziel")
    plan.goals.create(title_de="Gut beraten", level=high)

    with pytest.raises(RowRefusedError, match="Gut beraten"):
        _take_over(plan, ("Gut beraten", None, ""), ("Ortsnah", "Gut beraten", "Leitziel"))

    assert plan.goals.count() == 1


def test_a_table_does_not_sink_a_goal_below_the_level_of_its_sub_goals() -> None:
    plan = make_plan()
    for depth, name in enumerate(("Leitziel", "Oberziel"), start=1):
        plan.levels.create(depth=depth, name_de=name)
    above = plan.goals.create(title_de="Gut beraten")
    plan.goals.create(title_de="Ortsnah", parent=above, level=plan.levels.get(depth=1))

    with pytest.raises(RowRefusedError, match="Ortsnah"):
        _take_over(plan, ("Gut beraten", None, "Oberziel"))


def test_levels_that_a_table_brings_stand_as_its_goals_stand() -> None:
    plan = make_plan()

    _take_over(plan, ("A", None, "Konkretes"), ("B", None, "Großes"), ("C", "B", "Konkretes"))

    names = plan.levels.order_by("depth").values_list("name_de", flat=True)
    assert list(names) == ["Großes", "Konkretes"]
