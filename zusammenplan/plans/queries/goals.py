"""Goals as their pages show them, in the order of their tree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zusammenplan.core.german import like
from zusammenplan.plans.domain.goal_tree import MOST_LEVELS, Placed, descendants, in_tree_order
from zusammenplan.plans.domain.numbers import number_beside
from zusammenplan.plans.models import Goal, Measure
from zusammenplan.plans.queries.plans import period_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from zusammenplan.plans.models import GoalLevel, Plan

# German, English, and whether goals of the level are rated as action goals.
DEFAULT_LEVELS = (
    ("Leitziel", "Guiding goal", False),
    ("Oberziel", "Overall goal", False),
    ("Unterziel", "Sub-goal", False),
    ("Handlungsziel", "Action goal", True),
)


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal as a list shows it, every value already in words; ``depth`` counts from 0."""

    pk: int
    number: str
    title: str
    level: str
    field: str
    period: str
    state: str
    state_label: str
    needs: int
    children: int
    measures: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A level with the number of goals on it."""

    level: GoalLevel
    goals: int


def placed_goals(plan: Plan) -> list[Placed]:
    """Give the place of every goal of the plan, in order among siblings."""
    places = plan.goals.in_order().values_list("pk", "parent_id", "level__depth")
    return list(map(Placed._make, places))


def goals_in_tree_order(goals: Iterable[Placed]) -> list[tuple[int, int]]:
    """Give the key and depth of each goal, each after the one above it."""
    return [(goal.pk, depth) for goal, depth in in_tree_order(goals)]


def goal_lines(plan: Plan, wanted: Sequence[tuple[int, int]]) -> list[GoalLine]:
    """Put these goals, given by key and depth, into words; in a constant number of queries."""
    pks = [pk for pk, _depth in wanted]
    goals = plan.goals.select_related("level", "field").in_bulk(pks)
    children = _counted(plan.goals.filter(parent__in=pks).values_list("parent_id", flat=True))
    needs = _counted(
        Goal.needs.through.objects.filter(goal__in=pks).values_list("goal_id", flat=True)
    )
    measures = _counted(
        Measure.goals.through.objects.filter(goal__in=pks).values_list("goal_id", flat=True)
    )
    return [
        _line(goals[pk], depth, needs[pk], children[pk], measures[pk])
        for pk, depth in wanted
        if pk in goals
    ]


def way_up(goal: Goal, places: Sequence[Placed]) -> list[int]:
    """Give the keys of the goals above one, the top first."""
    parents = {place.pk: place.parent_id for place in places}
    way: list[int] = []
    here = goal.parent_id
    while here is not None and here not in way:
        way.append(here)
        here = parents.get(here)
    return way[::-1]


def depths_to_stand_under(plan: Plan, *, but: Goal | None = None) -> dict[int, int]:
    """Give the depth of each goal under which one may stand, in the order of the tree."""
    places = placed_goals(plan)
    barred = {but.pk, *descendants(places, but.pk)} if but else set()
    return {
        pk: depth
        for pk, depth in goals_in_tree_order(places)
        # The deepest can hold no goal below it; they are the most by far.
        if pk not in barred and depth < MOST_LEVELS - 1
    }


def next_goal_number(plan: Plan, above: Goal | None) -> str:
    """Propose the number after those under the same goal; none where goals have no numbers."""
    numbers = list(plan.goals.exclude(number="").values_list("number", "parent"))
    siblings = [number for number, parent in numbers if parent == (above.pk if above else None)]
    return number_beside(
        siblings, [number for number, _parent in numbers], above=above.number if above else ""
    )


def name_with_level(goal: Goal) -> str:
    title = str(goal)
    return like(title, f"{goal.level.name}: {title}") if goal.level else title


def levels_with_counts(plan: Plan) -> list[LevelLine]:
    """Give the plan's levels from the top, each with the number of its goals."""
    goals = _counted(plan.goals.exclude(level=None).values_list("level_id", flat=True))
    return [LevelLine(level, goals[level.pk]) for level in plan.levels.order_by("depth")]


def _counted(keys: Iterable[int | None]) -> Counter[int | None]:
    return Counter(keys)


def _line(goal: Goal, depth: int, needs: int, children: int, measures: int) -> GoalLine:
    return GoalLine(
        pk=goal.pk,
        number=goal.number,
        title=goal.title,
        level=goal.level.name if goal.level else "",
        field=str(goal.field) if goal.field else "",
        period=period_label(goal.period_text, goal.starts_on, goal.ends_on),
        state=goal.state,
        state_label=goal.get_state_display(),
        needs=needs,
        children=children,
        measures=measures,
        depth=depth,
    )
