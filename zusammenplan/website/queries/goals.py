"""The goals of a plan: their tree, and each goal's own page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zusammenplan.core.excerpts import short
from zusammenplan.core.german import like
from zusammenplan.core.pictures import ThreadStep, thread
from zusammenplan.plans.choices import GoalState
from zusammenplan.plans.domain.goal_tree import descendants, in_tree_order
from zusammenplan.plans.models import Goal, Measure, Plan
from zusammenplan.website.queries.parts import (
    Named,
    RatingLine,
    goal_name,
    goal_over,
    need_name,
    needs_with_evidence,
    ratings_of,
)
from zusammenplan.website.queries.rows import ROWS_A_PAGE, MeasureRow, measure_page_of
from zusammenplan.website.queries.stations import measure_steps, need_steps, rating_steps
from zusammenplan.website.queries.words import (
    in_language,
    measures_count,
    period_of,
)

DEEPEST_STEP = 8


class Node(NamedTuple):
    """A goal of the tree, as narrow as its order needs it."""

    pk: int
    parent_id: int | None


class GoalRow(NamedTuple):
    """A tuple, because a template unpacks it several times faster than it looks up attributes."""

    depth: int
    href: SafeString
    over: str
    title: str
    note: str
    is_off: bool


@dataclass(frozen=True, slots=True)
class GoalList:
    rows: list[GoalRow]
    part: Page[tuple[Node, int]]


def goal_list(plan: Plan, number: str | None) -> GoalList:
    """Give one page of the tree of goals, each after the one above it."""
    order = list(in_tree_order(_nodes(plan)))
    part = Paginator(order, ROWS_A_PAGE).get_page(number)
    return GoalList(goal_rows(plan, dict(_keyed(part))), part)


def _keyed(nodes: Iterable[tuple[Node, int]]) -> Iterable[tuple[int, int]]:
    return ((node.pk, depth) for node, depth in nodes)


def _nodes(plan: Plan) -> list[Node]:
    return list(map(Node._make, plan.goals.in_order().values_list("pk", "parent_id")))


def goal_rows(plan: Plan, depths: dict[int, int]) -> list[GoalRow]:
    """Write the goals with these keys as rows, in this order, each as deep as it stands."""
    stem = reverse("website:plan-goal", args=[plan.slug, 0])[:-2]
    counts = dict(
        Goal.measures.through.objects.filter(goal__in=depths)
        .order_by()
        .values_list("goal_id")
        .annotate(Count("pk"))
    )
    states = {value: str(label) for value, label in GoalState.choices}
    rows: dict[int, GoalRow] = {}
    goals: Iterable[tuple[Any, ...]] = Goal.objects.filter(pk__in=depths).values_list(
        "pk",
        "number",
        "title_de",
        "title_en",
        "level__name_de",
        "level__name_en",
        "state",
        "period_text",
        "starts_on",
        "ends_on",
    )
    for pk, number, title, title_en, level, level_en, state, *period in goals:
        is_off = state != GoalState.PURSUED
        notes = [
            states[state] if is_off else "",
            period_of(*period),
            measures_count(counts[pk]) if pk in counts else "",
        ]
        over = in_language(level, level_en) or _("Goal")
        rows[pk] = GoalRow(
            depth=min(depths[pk], DEEPEST_STEP),
            href=SafeString(f"{stem}{pk}/"),
            over=like(over, f"{over} {number}".strip()),
            title=in_language(title, title_en),
            note=", ".join(note for note in notes if note),
            is_off=is_off,
        )
    return [rows[pk] for pk in depths if pk in rows]


@dataclass(frozen=True, slots=True)
class GoalPage:
    goal: Goal
    over: str
    period: str
    state: str
    steps: tuple[ThreadStep, ...]
    above: list[Named]
    below: list[GoalRow]
    more_below: int
    needs: list[Named]
    measures: list[MeasureRow]
    part: Page[int]
    ratings: list[RatingLine]


def goal_page(goal: Goal, number: str | None) -> GoalPage:
    """Gather a goal: what stands above and below it, why it is there, what is done for it."""
    plan = goal.plan
    nodes = _nodes(plan)
    parents = {node.pk: node.parent_id for node in nodes}
    way = _way_up(goal.pk, parents)
    named = {one.pk: one for one in Goal.objects.filter(pk__in=way).select_related("level")}
    here = descendants(nodes, goal.pk)
    below = {
        node.pk: depth
        for node, depth in in_tree_order(
            Node(node.pk, node.parent_id if node.parent_id != goal.pk else None)
            for node in nodes
            if node.pk in here
        )
    }
    needs = needs_with_evidence(goal.needs.all())
    # What is done for a goal is also what is done for those below it.
    links = Measure.goals.through.objects.filter(goal__in=[goal.pk, *here]).values("measure")
    part, measures = measure_page_of(plan, plan.measures.filter(pk__in=links), number)
    now = ThreadStep(name=_("Goal"), what=short(goal.title), state=_("you are here"), kind="now")
    ratings = ratings_of(goal.ratings)
    return GoalPage(
        goal=goal,
        over=goal_over(goal),
        period=period_of(goal.period_text, goal.starts_on, goal.ends_on),
        state=str(goal.get_state_display()),
        steps=thread(
            [
                *need_steps(needs, plan),
                now,
                *measure_steps(part.paginator.count),
                *rating_steps(ratings),
            ]
        ),
        above=[goal_name(named[pk], plan) for pk in way if pk in named],
        below=goal_rows(plan, dict(list(below.items())[:ROWS_A_PAGE])),
        more_below=max(len(below) - ROWS_A_PAGE, 0),
        needs=[need_name(one, plan) for one in needs],
        measures=measures,
        part=part,
        ratings=ratings,
    )


def _way_up(pk: int, parents: dict[int, int | None]) -> list[int]:
    """Give the keys above a goal, the top first."""
    way: list[int] = []
    above = parents.get(pk)
    while above is not None and above not in way:
        way.append(above)
        above = parents.get(above)
    return way[::-1]
