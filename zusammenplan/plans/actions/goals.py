"""Add, change, move and delete goals."""

from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _, ngettext

from zusammenplan.core.history import keep
from zusammenplan.people.models import User
from zusammenplan.plans.actions.links import (
    Links,
    demand_own,
    keep_changes_and_links,
    link_deed,
    set_links,
)
from zusammenplan.plans.actions.records import (
    Values,
    lock,
    move_among,
    next_position,
    raise_version_of,
    set_positions,
)
from zusammenplan.plans.actions.refusals import demand_reason, demand_same_plan
from zusammenplan.plans.actions.removal import remove_whole
from zusammenplan.plans.domain.goal_tree import MOST_LEVELS, Misfit, misfit
from zusammenplan.plans.models import Goal, GoalLevel, Plan
from zusammenplan.plans.queries.goals import placed_goals

Way = Literal["up", "down", "in", "out"]


class GoalMisfitError(Exception):
    """The goal cannot stand where somebody wants it."""

    def __init__(self, reason: Misfit) -> None:
        sentences = {
            Misfit.UNKNOWN_PARENT: _(
                "The goal above does not exist in this plan. Choose one of this plan."
            ),
            Misfit.UNDER_ITSELF: _(
                "A goal cannot stand under itself or under one of its own sub-goals."
            ),
            Misfit.TOO_DEEP: _("Goals stand at most %(number)d levels deep.")
            % {"number": MOST_LEVELS},
            Misfit.LEVEL_NOT_BELOW: _(
                "The level must lie below that of the goal above. Choose a lower level or another "
                "goal above."
            ),
            Misfit.LEVEL_NOT_ABOVE: _(
                "A sub-goal has the same or a higher level. Choose a higher level, or change the "
                "sub-goal first."
            ),
        }
        super().__init__(sentences[reason])
        self.reason = reason


class GoalInUseError(Exception):
    """The goal has sub-goals or measures."""

    def __init__(self, goal: Goal, *, children: int, measures: int) -> None:
        values = {"goal": goal, "number": children or measures}
        if children:
            sentence = ngettext(
                "“%(goal)s” still has %(number)d sub-goal. Move or delete it first.",
                "“%(goal)s” still has %(number)d sub-goals. Move or delete them first.",
                children,
            )
        else:
            sentence = ngettext(
                "“%(goal)s” still has %(number)d measure. Link it to another goal first.",
                "“%(goal)s” still has %(number)d measures. Link them to another goal first.",
                measures,
            )
        super().__init__(sentence % values)


class GoalRatedError(Exception):
    """The goal is or was rated."""

    def __init__(self, goal: Goal) -> None:
        super().__init__(
            _(
                "“%(goal)s” is part of an evaluation, and what was said there would be lost with "
                "it. Set its state to “dropped” instead."
            )
            % {"goal": goal}
        )


@transaction.atomic
def add_goal(plan: Plan, values: Values, *, by: User | None, links: Links | None = None) -> Goal:
    """
    Add a goal after its siblings; without a field it gets that of the goal above.

    :raises GoalMisfitError: if it cannot stand there
    :raises OtherPlanError: if the field belongs to another plan
    :raises ForeignLinkError: if a need belongs to another plan
    """
    plan = lock(plan)
    goal = Goal(plan=plan, **values)
    if goal.parent and not goal.field:
        goal.field = goal.parent.field
    _demand_fit(plan, goal)
    demand_own(plan, links or {})
    goal.position = _next_among_siblings(goal)
    keep(goal, by=by, deed=_("Goal added"))
    set_links(goal, links or {})
    raise_version_of(plan)
    return goal


@transaction.atomic
def change_goal(
    goal: Goal,
    values: Values,
    *,
    seen_version: int,
    by: User | None,
    links: Links | None = None,
) -> Goal:
    """
    Change a goal, also where it stands.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises GoalMisfitError: if it cannot stand there
    :raises OtherPlanError: if the field belongs to another plan
    :raises ForeignLinkError: if a need belongs to another plan
    """
    plan = lock(goal.plan)
    goal.refresh_from_db()
    place = {name: values.get(name, getattr(goal, name)) for name in ("parent", "level", "field")}
    _demand_fit(plan, Goal(pk=goal.pk, plan=plan, **place))
    demand_own(plan, links or {})
    wanted: dict[str, Any] = dict(values)
    if (goal.parent, goal.field) != (place["parent"], place["field"]):
        wanted["position"] = _next_among_siblings(Goal(plan=plan, **place))
    changed = keep_changes_and_links(
        goal, wanted, links or {}, seen_version=seen_version, by=by, deed=_("Goal changed")
    )
    if changed:
        raise_version_of(plan)
    return goal


@transaction.atomic
def move_goal(goal: Goal, way: Way, *, by: User | None) -> bool:
    """
    Move a goal among its siblings, under the one before it, or out beside the goal above.

    Tells whether there was somewhere to go.

    :raises GoalMisfitError: if it cannot stand there
    """
    plan = lock(goal.plan)
    goal = plan.goals.select_related("parent", "field", "level").get(pk=goal.pk)
    if way in {"up", "down"}:
        moved = move_among(_siblings(goal), goal, way, by=by)
    elif way == "in":
        moved = _move_in(plan, goal, by=by)
    else:
        moved = _move_out(plan, goal, by=by)
    if moved:
        raise_version_of(plan)
    return moved


@transaction.atomic
def delete_goal(goal: Goal, *, reason: str, by: User | None) -> None:
    """
    Delete a goal without sub-goals and measures.

    :raises ReasonMissingError: if no reason is given
    :raises GoalInUseError: if it has sub-goals or measures
    :raises GoalRatedError: if it is part of an evaluation
    """
    demand_reason(reason)
    plan = lock(goal.plan)
    children, measures = goal.children.count(), goal.measures.count()
    if children or measures:
        raise GoalInUseError(goal, children=children, measures=measures)
    if goal.evaluation_items.exists():
        raise GoalRatedError(goal)
    remove_whole(goal, by=by, reason=reason)
    raise_version_of(plan)


def _demand_fit(plan: Plan, goal: Goal) -> None:
    demand_same_plan(plan, goal.field)
    level: GoalLevel | None = goal.level
    if level and level.plan_id != plan.pk:
        raise GoalMisfitError(Misfit.LEVEL_NOT_BELOW)
    reason = misfit(placed_goals(plan), goal.pk, goal.parent_id, level.depth if level else None)
    if reason:
        raise GoalMisfitError(reason)


def _siblings(goal: Goal) -> list[Goal]:
    """Give the goals of the same parent and field, in order."""
    same = goal.plan.goals.filter(parent=goal.parent_id, field=goal.field_id)
    return list(same.order_by("position", "pk"))


def _next_among_siblings(goal: Goal) -> int:
    return next_position(goal.plan.goals.filter(parent=goal.parent_id, field=goal.field_id))


def _move_in(plan: Plan, goal: Goal, *, by: User | None) -> bool:
    """Put the goal at the end of those under the sibling before it."""
    siblings = _siblings(goal)
    here = next(place for place, other in enumerate(siblings) if other.pk == goal.pk)
    if here == 0:
        return False
    goal.parent = siblings[here - 1]
    _demand_fit(plan, goal)
    goal.position = _next_among_siblings(goal)
    _keep_place(goal, by=by)
    return True


def _move_out(plan: Plan, goal: Goal, *, by: User | None) -> bool:
    """Put the goal beside the one above it, right after it."""
    above = goal.parent
    if above is None:
        return False
    goal.parent = above.parent
    goal.field = above.field
    _demand_fit(plan, goal)
    siblings = [other for other in _siblings(above) if other.pk != goal.pk]
    here = next(place for place, other in enumerate(siblings) if other.pk == above.pk)
    siblings.insert(here + 1, goal)
    set_positions(siblings)
    _keep_place(goal, by=by)
    return True


def _keep_place(goal: Goal, *, by: User | None) -> None:
    goal.version += 1
    keep(
        goal,
        by=by,
        deed=link_deed(goal, _("Moved under another goal"), []),
        fields=["parent", "field", "position", "version"],
    )
