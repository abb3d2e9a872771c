"""The page of a field of action."""

from dataclasses import dataclass

from django.core.paginator import Page
from django.urls import reverse

from zusammenplan.core.excerpts import opening
from zusammenplan.plans.domain.goal_tree import in_tree_order
from zusammenplan.plans.models import FieldOfAction
from zusammenplan.website.queries.goals import GoalRow, Node, goal_rows
from zusammenplan.website.queries.needs import NeedRow, need_rows
from zusammenplan.website.queries.parts import (
    Named,
)
from zusammenplan.website.queries.rows import MeasureRow, measure_page_of
from zusammenplan.website.queries.words import (
    fields_count,
)

# So many goals and needs stand on a field's own page; the overviews hold all of them.
IN_A_FIELD = 50


@dataclass(frozen=True, slots=True)
class FieldPage:
    field: FieldOfAction
    lead: str
    needs: list[NeedRow]
    more_needs: int
    goals: list[GoalRow]
    more_goals: int
    measures: list[MeasureRow]
    part: Page[int]
    others: list[Named]
    others_head: str


def field_page(field: FieldOfAction, number: str | None) -> FieldPage:
    """Gather a field of action: what it is about, its needs, its goals, its measures."""
    plan = field.plan
    needs = list(field.needs.in_order().values_list("pk", flat=True)[: IN_A_FIELD + 1])
    needs_total = field.needs.count()
    nodes = [Node(*row) for row in field.goals.in_order().values_list("pk", "parent_id")]
    own = {node.pk for node in nodes}
    tree = in_tree_order(
        Node(node.pk, node.parent_id if node.parent_id in own else None) for node in nodes
    )
    depths = {node.pk: depth for node, depth in tree}
    part, measures = measure_page_of(plan, plan.measures.filter(field=field), number)
    others = list(plan.fields.order_by("position", "pk"))
    return FieldPage(
        field=field,
        lead=opening(field.text),
        needs=[row for _field, row in need_rows(plan, needs[:IN_A_FIELD])],
        more_needs=max(needs_total - IN_A_FIELD, 0),
        goals=goal_rows(plan, dict(list(depths.items())[:IN_A_FIELD])),
        more_goals=max(len(depths) - IN_A_FIELD, 0),
        measures=measures,
        part=part,
        others=[
            Named(
                one.name,
                "" if one == field else reverse("website:plan-field", args=[plan.slug, one.pk]),
                over=one.code,
            )
            for one in others
        ],
        others_head=fields_count(len(others)),
    )
