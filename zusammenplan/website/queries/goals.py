"""The goals and needs of a plan, and the field of action that they stand in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zusammenplan.core.excerpts import opening, short
from zusammenplan.core.german import like
from zusammenplan.core.pictures import ThreadStep, thread
from zusammenplan.plans.choices import GoalState, NeedState, Strength
from zusammenplan.plans.domain.goal_tree import descendants, in_tree_order
from zusammenplan.plans.models import FieldOfAction, Goal, Measure, Need, NeedEvidence, Plan
from zusammenplan.plans.queries.citations import Citation, citations
from zusammenplan.website.queries.parts import (
    Named,
    RatingLine,
    and_others,
    goal_name,
    goal_over,
    goal_steps,
    need_name,
    need_steps,
    needs_with_evidence,
    ratings_of,
)
from zusammenplan.website.queries.rows import ROWS_A_PAGE, MeasureRow, measure_page_of
from zusammenplan.website.queries.words import (
    day,
    fields_count,
    in_language,
    measures_count,
    period_of,
)

# So many goals and needs stand on a field's own page; the overviews hold all of them.
IN_A_FIELD = 50
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
    count = part.paginator.count
    now = ThreadStep(name=_("Goal"), what=short(goal.title), state=_("you are here"), kind="now")
    after = []
    if count:
        after.append(
            ThreadStep(
                name=_("Measures"),
                what=measures_count(count),
                state="",
                kind="done",
                url="#massnahmen",
            )
        )
    ratings = ratings_of(goal.ratings)
    if ratings:
        after.append(
            ThreadStep(
                name=_("Evaluation"),
                what=ratings[0].text,
                state=ratings[0].evaluation,
                kind="done",
                url="#auswertung",
            )
        )
    return GoalPage(
        goal=goal,
        over=goal_over(goal),
        period=period_of(goal.period_text, goal.starts_on, goal.ends_on),
        state=str(goal.get_state_display()),
        steps=thread([*need_steps(needs, plan), now, *after]),
        above=[goal_name(named[pk], plan) for pk in way if pk in named],
        below=goal_rows(plan, dict(list(below.items())[:ROWS_A_PAGE])),
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


# --- needs -------------------------------------------------------------------------------


class NeedRow(NamedTuple):
    """A tuple, because a template unpacks it several times faster than it looks up attributes."""

    href: SafeString
    number: str
    title: str
    strength: str
    note: str


@dataclass(frozen=True, slots=True)
class NeedGroup:
    """The needs of one field of action."""

    code: str
    name: str
    url: str
    rows: list[NeedRow]


@dataclass(frozen=True, slots=True)
class NeedList:
    groups: list[NeedGroup]
    part: Page[int]


def need_list(plan: Plan, number: str | None) -> NeedList:
    """Give one page of the needs by field of action."""
    keys = plan.needs.in_order().values_list("pk", flat=True)
    part = Paginator(keys, ROWS_A_PAGE).get_page(number)
    groups: dict[int | None, NeedGroup] = {}
    fields = {one.pk: one for one in plan.fields.all()}
    for field, row in need_rows(plan, list(part)):
        if field not in groups:
            groups[field] = _need_group(plan, fields.get(field) if field else None)
        groups[field].rows.append(row)
    return NeedList(list(groups.values()), part)


def _need_group(plan: Plan, field: FieldOfAction | None) -> NeedGroup:
    if field is None:
        return NeedGroup("", _("Without a field of action"), "", [])
    url = reverse("website:plan-field", args=[plan.slug, field.pk])
    return NeedGroup(field.code, field.name, url, [])


def need_rows(plan: Plan, pks: list[int]) -> list[tuple[int | None, NeedRow]]:
    """Write the needs with these keys as rows, each with the key of its field."""
    stem = reverse("website:plan-need", args=[plan.slug, 0])[:-2]
    proofs = dict(
        NeedEvidence.objects.filter(need__in=pks)
        .order_by()
        .values_list("need_id")
        .annotate(Count("pk"))
    )
    goals = dict(
        Goal.needs.through.objects.filter(need__in=pks)
        .order_by()
        .values_list("need_id")
        .annotate(Count("pk"))
    )
    strengths = {value: str(label) for value, label in Strength.choices}
    states = {value: str(label) for value, label in NeedState.choices}
    rows = {}
    needs = Need.objects.filter(pk__in=pks).values_list(
        "pk", "field_id", "number", "title_de", "title_en", "strength", "state"
    )
    for pk, field, number, title, title_en, strength, state in needs:
        notes = [
            states[state] if state != NeedState.OPEN else "",
            _("evidence: %(count)s") % {"count": proofs[pk]} if pk in proofs else "",
            _("goals: %(count)s") % {"count": goals[pk]} if pk in goals else "",
        ]
        rows[pk] = (
            field,
            NeedRow(
                href=SafeString(f"{stem}{pk}/"),
                number=number,
                title=in_language(title, title_en),
                strength=_("strength: %(strength)s") % {"strength": strengths[strength]},
                note=", ".join(note for note in notes if note),
            ),
        )
    return [rows[pk] for pk in pks if pk in rows]


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    kind: str
    text: str
    source: str
    url: str
    # The value of the data that it cites, and the page that tells where it comes from.
    cited: str = ""
    cited_url: str = ""


@dataclass(frozen=True, slots=True)
class NeedPage:
    need: Need
    strength: str
    state: str
    steps: tuple[ThreadStep, ...]
    evidence: list[EvidenceLine]
    areas: list[str]
    groups: list[str]
    situations: list[str]
    goals: list[Named]
    measures: list[MeasureRow]
    part: Page[int]


def need_page(need: Need, number: str | None) -> NeedPage:
    """Gather a need: what proves it, whom it concerns, which goals and measures answer it."""
    plan = need.plan
    evidence = list(need.evidence.order_by("position", "pk"))
    cited = citations(evidence)
    goals = list(need.goals.select_related("level").in_order())
    part, measures = measure_page_of(plan, need.measures.all(), number)
    count = part.paginator.count
    before = []
    if evidence:
        before.append(
            ThreadStep(
                name=_("Evidence"),
                what=short(evidence[0].text),
                state=evidence[0].source or and_others(len(evidence) - 1),
                kind="done",
                url="#belege",
            )
        )
    now = ThreadStep(name=_("Need"), what=short(need.title), state=_("you are here"), kind="now")
    after = goal_steps(goals, plan)
    if count:
        after.append(
            ThreadStep(
                name=_("Measures"), what=measures_count(count), kind="done", url="#massnahmen"
            )
        )
    return NeedPage(
        need=need,
        strength=str(need.get_strength_display()),
        state=str(need.get_state_display()),
        steps=thread([*before, now, *after]),
        evidence=[_evidence_line(one, cited.get(one.pk)) for one in evidence],
        areas=[one.name for one in need.areas.order_by("position", "name")],
        groups=[one.name for one in need.target_groups.order_by("position", "name_de")],
        situations=[one.name for one in need.life_situations.order_by("position", "name_de")],
        goals=[goal_name(one, plan) for one in goals],
        measures=measures,
        part=part,
    )


def _evidence_line(one: NeedEvidence, cited: Citation | None) -> EvidenceLine:
    dated = day(one.dated_on) if one.dated_on else ""
    return EvidenceLine(
        kind=str(one.get_kind_display()),
        text=one.text,
        source=", ".join(part for part in (one.source, dated) if part),
        url=one.url,
        cited=cited.text if cited else "",
        cited_url=reverse("website:data-value", args=[cited.figure])
        if cited and cited.figure
        else "",
    )


# --- a field of action -------------------------------------------------------------------


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
