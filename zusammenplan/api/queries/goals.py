"""The needs and goals of published plans."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from zusammenplan.api import schemas
from zusammenplan.api.queries.evaluations import closed_ratings, ratings
from zusammenplan.api.queries.words import (
    listed,
    page_stem,
    page_url,
    published_plan,
    terms,
    text_of,
)
from zusammenplan.indicators.queries.looking.values import HIDDEN
from zusammenplan.plans.domain.goal_tree import in_tree_order
from zusammenplan.plans.models import Goal, GoalQuerySet, Need, NeedEvidence, NeedQuerySet, Plan
from zusammenplan.plans.queries.citations import Citation, citations


def needs(slug: str, page: int, size: int) -> schemas.NeedList:
    plan = published_plan(slug)
    return listed(
        schemas.NeedList,
        _needs(plan).in_order(),
        page,
        size,
        lambda shown: _need_items(shown, slug),
    )


def need(slug: str, identity: UUID) -> schemas.Need:
    found = get_object_or_404(_needs(published_plan(slug)), identity=identity)
    return _need_items([found], slug)[0]


def _need_items(found: Sequence[Need], slug: str) -> list[schemas.Need]:
    stem = page_stem("website:plan-need", slug)
    cited = citations(proof for one in found for proof in one.evidence.all())
    return [_need(one, stem, cited) for one in found]


def _needs(plan: Plan) -> NeedQuerySet:
    evidence = NeedEvidence.objects.select_related("indicator", "area").order_by("position", "pk")
    return plan.needs.select_related("field").prefetch_related(
        "areas", "target_groups", "life_situations", Prefetch("evidence", evidence)
    )


def _need(one: Need, stem: str, cited: Mapping[int, Citation]) -> schemas.Need:
    return schemas.Need(
        identity=one.identity,
        number=one.number or None,
        field=one.field.code if one.field else None,
        title=text_of(one, "title"),
        text=text_of(one, "text"),
        strength=one.strength,
        state=one.state,
        state_reason=one.state_reason or None,
        areas=[
            area.name for area in sorted(one.areas.all(), key=lambda it: (it.position, it.name))
        ],
        target_groups=terms(one.target_groups.all()),
        life_situations=terms(one.life_situations.all()),
        evidence=[
            schemas.Evidence(
                kind=proof.kind,
                text=text_of(proof, "text"),
                source=proof.source or None,
                url=proof.url or None,
                dated_on=proof.dated_on,
                citation=_citation(proof, cited.get(proof.pk)),
            )
            for proof in one.evidence.all()
        ],
        url=f"{stem}{one.pk}/",
    )


def _citation(proof: NeedEvidence, cited: Citation | None) -> schemas.Citation | None:
    if cited is None or not proof.indicator or not proof.area:
        return None
    if proof.starts_on is None or proof.ends_on is None:
        return None
    return schemas.Citation(
        indicator=proof.indicator.code,
        area=proof.area.name,
        starts_on=proof.starts_on,
        ends_on=proof.ends_on,
        value=None if cited.is_hidden else proof.cited_value,
        sign=HIDDEN if cited.is_hidden else None,
        unit=text_of(proof.indicator, "unit"),
        url=page_url("website:data-value", cited.figure) if cited.figure else None,
    )


class _Node(NamedTuple):
    pk: int
    parent_id: int | None


def goals(slug: str, page: int, size: int) -> schemas.GoalList:
    plan = published_plan(slug)
    stem = page_stem("website:plan-goal", slug)
    # The order of the tree is made from narrow rows; only one page of goals is read in full.
    nodes = (_Node(*row) for row in plan.goals.in_order().values_list("pk", "parent_id"))
    order = [node.pk for node, _depth in in_tree_order(nodes)]

    def items(shown: list[int]) -> list[schemas.Goal]:
        found = {one.pk: one for one in _goals(plan).filter(pk__in=shown)}
        return [_goal(found[pk], stem) for pk in shown if pk in found]

    return listed(schemas.GoalList, order, page, size, items)


def goal(slug: str, identity: UUID) -> schemas.Goal:
    found = get_object_or_404(_goals(published_plan(slug)), identity=identity)
    return _goal(found, page_stem("website:plan-goal", slug))


def _goals(plan: Plan) -> GoalQuerySet:
    return plan.goals.select_related("field", "level", "parent").prefetch_related(
        "needs", closed_ratings()
    )


def _goal(one: Goal, stem: str) -> schemas.Goal:
    return schemas.Goal(
        identity=one.identity,
        parent=one.parent.identity if one.parent else None,
        level=one.level.depth if one.level else None,
        number=one.number or None,
        field=one.field.code if one.field else None,
        title=text_of(one, "title"),
        text=text_of(one, "text"),
        period=schemas.Period(
            text=one.period_text or None, starts_on=one.starts_on, ends_on=one.ends_on
        ),
        state=one.state,
        state_reason=one.state_reason or None,
        needs=sorted(need_.identity for need_ in one.needs.all()),
        ratings=ratings(one.ratings.all()),
        url=f"{stem}{one.pk}/",
    )
