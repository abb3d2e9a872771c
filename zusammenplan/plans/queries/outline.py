"""
The outline of a plan: fields of action, below them the tree of goals, below those the measures.

What is open is named by the reader, as keys such as "f3" and "g12"; of everything else only the
number of what stands below is told. So a page stays small, however large the plan is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field as part
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from zusammenplan.plans.models import Measure
from zusammenplan.plans.queries.plans import period_label

if TYPE_CHECKING:
    from decimal import Decimal

    from zusammenplan.plans.models import FieldOfAction, Goal, Plan

# A page shows no more rows than this, and of one node no more than so many below it.
MOST_ROWS, MOST_BELOW = 160, 50
# A plan up to this size is shown with everything open at first.
SMALL_PLAN = 100
NO_FIELD = 0


@dataclass(slots=True)
class Row:
    """A line of the outline; ``kind`` is "field", "goal", "measure" or "more"."""

    key: str
    kind: str
    pk: int
    depth: int
    title: str = ""
    number: str = ""
    note: str = ""
    below: str = ""
    url: str = ""
    is_parent: bool = False
    is_open: bool = False
    toggled: str = ""
    version: int = 0
    # What stands right before and after it and can change places with it.
    before: int = 0
    after: int = 0
    has_parent: bool = False
    status: str = ""
    status_label: str = ""
    degree: Decimal | None = None
    first: int = 1
    last: int = 6
    title_de: str = ""


@dataclass(slots=True)
class Outline:
    """The rows of a page, and the keys of what is open."""

    rows: list[Row]
    open_keys: list[str]
    is_cut: bool = False


@dataclass(slots=True)
class _Tree:
    """
    The plan's skeleton: which key stands under which, in order.

    Goals and measures are only counted where nobody asks for them.
    """

    fields: list[FieldOfAction]
    below: defaultdict[str, list[str]] = part(default_factory=lambda: defaultdict(list))
    goals: Counter[str] = part(default_factory=Counter)
    measures: Counter[str] = part(default_factory=Counter)
    field_of_measure: dict[int, int | None] = part(default_factory=dict)
    # Under which goal, and in which field, each goal stands.
    place_of_goal: dict[int, tuple[int | None, int | None]] = part(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.fields) + self.goals.total() + self.measures.total()

    @property
    def parents(self) -> set[str]:
        return set(self.goals) | set(self.measures)


def outline_of(plan: Plan, wanted: set[str] | None) -> Outline:
    """
    Give the rows that are open; ``None`` opens a small plan and leaves a large one closed.

    The key "alles" opens as much as the page holds.
    """
    tree = _tree(plan)
    opens_all = (wanted is None and tree.size <= SMALL_PLAN) or (wanted and "alles" in wanted)
    opened_keys = None if opens_all else wanted or set()
    _add_goals(tree, plan, opened_keys)
    _add_measures(tree, plan, opened_keys)
    rows: list[Row] = []
    opened: list[str] = []
    is_cut = False
    roots = [f"f{one.pk}" for one in tree.fields]
    if "f0" in tree.parents:
        roots.append("f0")
    # As many rows as certainly come: what is on the stack is going to be shown.
    stack = [(key, 0, "") for key in reversed(roots)]
    parents = tree.parents
    while stack:
        key, depth, above = stack.pop()
        below = tree.below[key]
        is_open = bool(below) and bool(opens_all or (wanted and key in wanted))
        if is_open and len(rows) + len(stack) + min(len(below), MOST_BELOW + 1) > MOST_ROWS:
            is_open, is_cut = False, True
        is_parent = key in parents
        rows.append(Row(key, _kind(key), _pk(key), depth, is_parent=is_parent, is_open=is_open))
        if _kind(key) == "more":
            rows[-1].title = above
        if is_open:
            opened.append(key)
            shown = below[:MOST_BELOW]
            if len(below) > len(shown):
                stack.append((f"x{_pk(key)}", depth + 1, key))
            stack += [(child, depth + 1, key) for child in reversed(shown)]
    _tell(plan, tree, rows, opened)
    return Outline(rows, opened, is_cut)


def _tree(plan: Plan) -> _Tree:
    """Read the skeleton of the whole plan: how many goals and measures stand where."""
    tree = _Tree(list(plan.fields.order_by("position", "pk")))
    counted = plan.goals.order_by().values_list("parent_id", "field_id")
    for parent, field, number in counted.annotate(number=Count("pk")):
        tree.goals[_above(parent, field)] += number
    # A measure stands below each of its goals, and below its field if it has none.
    linked = Measure.goals.through.objects.filter(goal__plan=plan).order_by()
    for goal, number in linked.values_list("goal_id").annotate(number=Count("pk")):
        tree.measures[f"g{goal}"] = number
    linked_ones = Measure.goals.through.objects.values("measure_id")
    loose = plan.measures.exclude(pk__in=linked_ones).order_by()
    for field, number in loose.values_list("field_id").annotate(number=Count("pk")):
        tree.measures[_above(None, field)] = number
    return tree


def _add_goals(tree: _Tree, plan: Plan, opened: set[str] | None) -> None:
    """Add the goals below what is open; ``None`` means below everything."""
    goals = plan.goals.in_order()
    if opened is not None:
        above, fields = _named(opened)
        at_the_top = Q(field__in=fields) | (Q(field=None) if NO_FIELD in fields else Q(pk=None))
        goals = goals.filter(Q(parent__in=above) | Q(parent=None) & at_the_top)
    for pk, parent, field in goals.values_list("pk", "parent_id", "field_id"):
        tree.below[_above(parent, field)].append(f"g{pk}")
        tree.place_of_goal[pk] = parent, field


def _named(opened: set[str]) -> tuple[list[int], list[int]]:
    """Give the goals and the fields among the keys."""
    goals = [_pk(key) for key in opened if key.startswith("g")]
    return goals, [_pk(key) for key in opened if key.startswith("f")]


def _add_measures(tree: _Tree, plan: Plan, opened: set[str] | None) -> None:
    """Add the measures below what is open; ``None`` means below everything."""
    measures = plan.measures.in_order()
    if opened is not None:
        goals, fields = _named(opened)
        loose = Q(goals=None) & (
            Q(field__in=fields) | (Q(field=None) if NO_FIELD in fields else Q(pk=None))
        )
        measures = measures.filter(Q(goals__in=goals) | loose)
    for pk, field, goal in measures.values_list("pk", "field_id", "goals"):
        tree.field_of_measure[pk] = field
        tree.below[_above(goal, field)].append(f"m{pk}")


def _above(goal: int | None, field: int | None) -> str:
    return f"g{goal}" if goal else f"f{field or NO_FIELD}"


def _tell(plan: Plan, tree: _Tree, rows: list[Row], opened: list[str]) -> None:
    """Put the rows into words: one query for the goals and one for the measures on the page."""
    goals = plan.goals.select_related("level").in_bulk([r.pk for r in rows if r.kind == "goal"])
    measures = plan.measures.in_bulk({r.pk for r in rows if r.kind == "measure"})
    fields = {one.pk: one for one in tree.fields}
    field_keys = [one.pk for one in tree.fields]
    detail = reverse("plans:plan-detail", args=[plan.slug])
    neighbours = _neighbours(tree, rows)
    still_open = set(opened)
    for row in rows:
        row.toggled = ".".join(key for key in opened if key != row.key)
        if row.key not in still_open:
            row.toggled = ".".join([*opened, row.key])
        if row.kind == "field":
            _tell_field(row, fields.get(row.pk), detail)
            if row.pk:
                place = field_keys.index(row.pk)
                row.before = field_keys[place - 1] if place else 0
                row.after = field_keys[place + 1] if place + 1 < len(field_keys) else 0
        elif row.kind == "goal":
            _tell_goal(row, goals[row.pk], detail)
            row.before, row.after = neighbours.get(row.key, (0, 0))
            row.has_parent = tree.place_of_goal[row.pk][0] is not None
        elif row.kind == "measure":
            _tell_measure(row, measures[row.pk], detail)
        else:
            _tell_more(row, tree, detail)
        if row.kind in {"field", "goal"}:
            row.below = _number_below(tree, row.key)
    _set_neighbours_of_measures(tree, rows)


def _tell_field(row: Row, field: FieldOfAction | None, detail: str) -> None:
    if field is None:
        row.title = _("Without a field of action")
        return
    row.number, row.title, row.version = field.code, field.name, field.version
    row.title_de = field.name_de
    row.url = f"{detail}felder/{field.pk}/"


def _tell_goal(row: Row, goal: Goal, detail: str) -> None:
    row.number, row.title, row.version = goal.number, goal.title, goal.version
    row.title_de = goal.title_de
    row.note = goal.level.name if goal.level else ""
    if period := period_label(goal.period_text, goal.starts_on, goal.ends_on):
        row.note = f"{row.note}, {period}" if row.note else period
    row.status, row.status_label = goal.state, goal.get_state_display()
    row.url = f"{detail}ziele/{goal.pk}/"


def _tell_measure(row: Row, measure: Measure, detail: str) -> None:
    row.number, row.title, row.version = measure.number, measure.title, measure.version
    row.title_de = measure.title_de
    row.status, row.status_label = measure.status, measure.get_status_display()
    row.degree = measure.priority_degree
    row.first, row.last = measure.priority_first, measure.priority_last
    row.url = f"{detail}massnahmen/{measure.pk}/"


def _tell_more(row: Row, tree: _Tree, detail: str) -> None:
    """Lead on to a list that shows the rest page by page."""
    above = row.title
    rest = len(tree.below[above]) - MOST_BELOW
    row.title = ngettext("%(number)d more", "%(number)d more", rest) % {"number": rest}
    is_goals = tree.below[above][MOST_BELOW].startswith("g")
    if above.startswith("g"):
        row.url = f"{detail}ziele/{_pk(above)}/"
    elif is_goals:
        row.url = f"{detail}ziele/?field={_pk(above) or ''}"
    else:
        row.url = f"{detail}massnahmen/?field={_pk(above) or ''}"


def _neighbours(tree: _Tree, rows: list[Row]) -> dict[str, tuple[int, int]]:
    """Give for each goal shown the ones before and after it of the same parent and field."""
    found: dict[str, tuple[int, int]] = {}
    shown = {row.pk for row in rows if row.kind == "goal"}
    groups: dict[tuple[int | None, int | None], list[int]] = {
        tree.place_of_goal[pk]: [] for pk in shown
    }
    for pk, above in tree.place_of_goal.items():
        if above in groups:
            groups[above].append(pk)
    for siblings in groups.values():
        for place, pk in enumerate(siblings):
            if pk in shown:
                before = siblings[place - 1] if place else 0
                after = siblings[place + 1] if place + 1 < len(siblings) else 0
                found[f"g{pk}"] = (before, after)
    return found


def _set_neighbours_of_measures(tree: _Tree, rows: list[Row]) -> None:
    """Let a measure change places with the next one of its field in the same list."""
    above: list[Row] = []
    last_of: dict[int, Row] = {}
    for row in rows:
        while above and above[-1].depth >= row.depth:
            last_of.pop(id(above.pop()), None)
        if row.kind == "measure" and above:
            previous = last_of.get(id(above[-1]))
            same = previous is not None and (
                tree.field_of_measure[previous.pk] == tree.field_of_measure[row.pk]
            )
            if previous is not None and same:
                row.before, previous.after = previous.pk, row.pk
            last_of[id(above[-1])] = row
        above.append(row)


def _number_below(tree: _Tree, key: str) -> str:
    goals, measures = tree.goals[key], tree.measures[key]
    words = []
    if goals:
        words.append(ngettext("%(number)d goal", "%(number)d goals", goals) % {"number": goals})
    if measures:
        words.append(
            ngettext("%(number)d measure", "%(number)d measures", measures) % {"number": measures}
        )
    return ", ".join(words)


def _kind(key: str) -> str:
    return {"f": "field", "g": "goal", "m": "measure", "x": "more"}[key[0]]


def _pk(key: str) -> int:
    return int(key[1:])
