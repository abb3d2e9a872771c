"""Take over fields, goals and measures from a table."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep
from zusammenplan.core.locks import in_one_snapshot
from zusammenplan.people.actions import organisation_named
from zusammenplan.people.models import Organisation, User
from zusammenplan.places.models import Area
from zusammenplan.plans.actions.records import (
    lock,
    next_position,
    raise_version_of,
    set_positions,
)
from zusammenplan.plans.actions.refusals import RowRefusedError
from zusammenplan.plans.choices import TermKind
from zusammenplan.plans.domain.goal_tree import MOST_LEVELS, level_clashes
from zusammenplan.plans.domain.rows import (
    Applied,
    Comparison,
    FieldRow,
    GoalRow,
    MeasureRow,
    counts,
    placed,
    twice,
)
from zusammenplan.plans.models import (
    ColumnMapping,
    Cost,
    FieldOfAction,
    Goal,
    GoalLevel,
    Measure,
    MeasureIndicator,
    Need,
    Plan,
    Term,
)
from zusammenplan.plans.queries.goals import placed_goals
from zusammenplan.plans.queries.tables import compare_rows

USUAL_LEVELS = ("Leitziel", "Oberziel", "Unterziel", "Handlungsziel")
ACTION_LEVEL = "handlungsziel"
# What is written after the record itself, each in a table of its own.
LISTS = {"goals", "needs", "partners", "target_groups", "areas", "indicators", "costs"}
LINKS = {"field", "responsible", "level", "parent"}


@in_one_snapshot
def apply_rows(
    plan: Plan,
    *,
    fields: Sequence[FieldRow],
    measures: Sequence[MeasureRow],
    goals: Sequence[GoalRow] = (),
    by: User | None,
    source: str,
) -> Applied:
    """
    Take over a table: what is new in it, and what it changes in what the plan has.

    Fields are known by code, goals and measures by number, or by title below their goal. All or
    nothing; taking over the same table again changes nothing.

    :raises RowRefusedError: if a row is too long, stands there twice, or names an unknown field
    """
    plan = lock(plan)
    _demand_fit_rows(plan, fields, measures, goals)
    compared = compare_rows(plan, fields, measures, goals)
    deed = _("Taken over from “%(source)s”") % {"source": source} if source else _("Taken over")
    field_ids = _apply_fields(plan, compared.fields, deed=deed, by=by)
    known_goals, goal_ids = _apply_goals(plan, goals, compared.goals, deed=deed, by=by)
    measure_ids = _apply_measures(plan, compared.measures, known_goals, deed=deed, by=by)
    if field_ids or goal_ids or measure_ids:
        raise_version_of(plan)
    return Applied(
        fields=counts(compared.fields),
        goals=counts(compared.goals),
        measures=counts(compared.measures),
        field_ids=tuple(field_ids),
        goal_ids=tuple(goal_ids),
        measure_ids=tuple(measure_ids),
    )


@transaction.atomic
def remember_columns(
    headings: str,
    *,
    columns: Mapping[int, str],
    statuses: Mapping[str, str],
    rows_as: str,
    source: str,
    by: User,
    now: datetime,
) -> None:
    """Keep what columns and words mean, to be offered for the next table with these headings."""
    if not headings:
        return
    ColumnMapping.objects.update_or_create(
        headings=headings,
        defaults={
            "columns": {str(index): meaning for index, meaning in columns.items()},
            "statuses": dict(statuses),
            "rows_as": rows_as,
            "source": _fitting(ColumnMapping, "source", source),
            "used_by": by,
            "used_at": now,
        },
    )


def _apply_fields(
    plan: Plan, rows: Sequence[Comparison], *, deed: str, by: User | None
) -> list[int]:
    known = {field.code: field for field in plan.fields.order_by("position", "pk")}
    order = placed(list(known), [row.key for row in rows])
    written = []
    for row in rows:
        if row.kind == "unchanged":
            continue
        field = known.get(row.key) or FieldOfAction(
            plan=plan, code=row.key, position=order.index(row.key) + 1
        )
        _write(field, row, deed=deed, by=by)
        known[row.key] = field
        written.append(field.pk)
    if any(row.kind == "new" for row in rows):
        set_positions([known[code] for code in order])
    return written


def _apply_goals(
    plan: Plan,
    rows: Sequence[GoalRow],
    compared: Sequence[Comparison],
    *,
    deed: str,
    by: User | None,
) -> tuple[dict[str, Goal], list[int]]:
    """Write the goals, those above before those below; give them by their keys in the table."""
    levels = _levels(plan, rows, by=by)
    fields = {field.code: field for field in plan.fields.all()}
    present = {goal.pk: goal for goal in plan.goals.all()}
    position = next_position(plan.goals.all())
    known: dict[str, Goal] = {}
    written: list[int] = []
    for row, found in zip(rows, compared, strict=True):
        goal = present[found.pk] if found.pk else Goal(plan=plan, position=position + len(written))
        known[row.key] = goal
        if found.kind == "unchanged":
            continue
        if code := found.values.get("field"):
            goal.field = fields[str(code)]
        if level := found.values.get("level"):
            goal.level = levels.get(str(level).casefold())
        if row.parent and (found.kind == "new" or "parent" in found.values):
            goal.parent = known[row.parent]
        _write(goal, found, deed=deed, by=by)
        written.append(goal.pk)
    _demand_fit_tree(plan, written)
    _demand_fit_levels(plan, set(written))
    return known, written


def _levels(plan: Plan, rows: Sequence[GoalRow], *, by: User | None) -> dict[str, GoalLevel]:
    """Give the plan's levels by name; a plan without any gets those that the table names."""
    levels = {level.name_de.casefold(): level for level in plan.levels.all()}
    named = _from_the_top(rows)
    if levels or not named:
        return levels
    names: Sequence[str] = named
    if {name.casefold() for name in named} <= {name.casefold() for name in USUAL_LEVELS}:
        names = USUAL_LEVELS
    for depth, name in enumerate(names, start=1):
        level = GoalLevel(
            plan=plan,
            depth=depth,
            name_de=_fitting(GoalLevel, "name_de", name),
            is_action=name.casefold() == ACTION_LEVEL,
        )
        levels[name.casefold()] = keep(level, by=by, deed=_("Level of goals added"))
    return levels


def _from_the_top(rows: Sequence[GoalRow]) -> list[str]:
    """Give the levels that the table names, each after those above it; else as they come."""
    by_key = {row.key: row for row in rows}
    below: dict[str, set[str]] = {row.level: set() for row in rows if row.level}
    for row in rows:
        above, steps = by_key.get(row.parent or ""), 0
        while above is not None and not above.level and steps < MOST_LEVELS:
            above, steps = by_key.get(above.parent or ""), steps + 1
        if row.level and above is not None and above.level and above.level != row.level:
            below[row.level].add(above.level)
    try:
        return list(TopologicalSorter(below).static_order())
    except CycleError:
        return list(below)


def _demand_fit_levels(plan: Plan, written: set[int]) -> None:
    """Refuse a table that, with the plan's goals, puts a level above or beside itself."""
    for pk, way in level_clashes(placed_goals(plan)):
        if written & set(way):
            titles = dict(plan.goals.filter(pk__in=(pk, way[-1])).values_list("pk", "title_de"))
            raise RowRefusedError(
                _(
                    "The level of the goal “%(goal)s” must lie below that of “%(above)s”, under "
                    "which it would stand."
                )
                % {"goal": titles[pk], "above": titles[way[-1]]}
            )


def _demand_fit_tree(plan: Plan, written: Sequence[int]) -> None:
    """Refuse a table that, with the plan's goals, puts one below itself or too deep."""
    parents: dict[int, int | None] = dict(plan.goals.values_list("pk", "parent_id"))
    for start in written:
        above, steps = parents[start], 0
        while above is not None:
            steps += 1
            if above == start or steps > len(parents):
                goal = plan.goals.get(pk=start)
                raise RowRefusedError(
                    _("The goal “%(goal)s” would stand below itself.") % {"goal": goal.title_de}
                )
            above = parents[above]
        if steps >= MOST_LEVELS:
            raise RowRefusedError(
                _("The goal “%(goal)s” would stand deeper than %(most)d levels.")
                % {"goal": plan.goals.get(pk=start).title_de, "most": MOST_LEVELS}
            )


def _apply_measures(
    plan: Plan,
    rows: Sequence[Comparison],
    known_goals: dict[str, Goal],
    *,
    deed: str,
    by: User | None,
) -> list[int]:
    fields = {field.code: field for field in plan.fields.all()}
    known = {measure.number: measure for measure in plan.measures.in_order()}
    order = placed(list(known), [row.key for row in rows])
    lists = _Lists(plan, known_goals, deed=deed, by=by)
    places = _places(rows)
    written = []
    for row in rows:
        if row.kind == "unchanged":
            continue
        measure = known.get(row.key) or Measure(
            plan=plan,
            number=row.key,
            position=places[row.key],
        )
        if code := row.values.get("field"):
            measure.field = fields[str(code)]
        if name := row.values.get("responsible"):
            measure.responsible = organisation_named(str(name), by=by)
        _write(measure, row, deed=deed, by=by)
        known[row.key] = measure
        lists.add_to(measure, row)
        written.append(measure.pk)
    if any(row.kind == "new" for row in rows):
        by_field: dict[int | None, list[Measure]] = {}
        for number in order:
            by_field.setdefault(known[number].field_id, []).append(known[number])
        for siblings in by_field.values():
            set_positions(siblings)
    return written


class _Lists:
    """What hangs on measures: goals, needs, partners, terms, areas, indicators, costs."""

    def __init__(
        self, plan: Plan, known_goals: dict[str, Goal], *, deed: str, by: User | None
    ) -> None:
        self.plan = plan
        self.known_goals = known_goals
        self.deed = deed
        self.by = by
        self.needs = {need.title_de.casefold(): need for need in plan.needs.all()}
        self.terms = {
            term.name_de.casefold(): term
            for term in Term.objects.filter(kind=TermKind.TARGET_GROUP)
        }
        self.areas = {area.name.casefold(): area for area in Area.objects.own()}

    def add_to(self, measure: Measure, row: Comparison) -> None:
        def wanted(name: str) -> tuple[Any, ...]:
            value = row.values.get(name)
            return value if isinstance(value, tuple) else ()

        measure.goals.add(*(self.known_goals[key] for key in wanted("goals")))
        measure.needs.add(*(self._need(title) for title in wanted("needs")))
        measure.partners.add(*(organisation_named(one, by=self.by) for one in wanted("partners")))
        measure.target_groups.add(*(self._term(name) for name in wanted("target_groups")))
        measure.areas.add(*(self.areas[name.casefold()] for name in wanted("areas")))
        self._add_indicators(measure, wanted("indicators"))
        self._set_costs(measure, wanted("costs"))

    def _need(self, title: str) -> Need:
        need = self.needs.get(title.casefold())
        if need is None:
            need = Need(
                plan=self.plan,
                title_de=_fitting(Need, "title_de", title),
                position=next_position(self.plan.needs.all()),
            )
            self.needs[title.casefold()] = keep(need, by=self.by, deed=self.deed)
        return need

    def _term(self, name: str) -> Term:
        term = self.terms.get(name.casefold())
        if term is None:
            term = Term(
                kind=TermKind.TARGET_GROUP,
                name_de=_fitting(Term, "name_de", name),
                position=next_position(Term.objects.all()),
            )
            self.terms[name.casefold()] = keep(term, by=self.by, deed=self.deed)
        return term

    def _add_indicators(self, measure: Measure, texts: Sequence[str]) -> None:
        if not texts:
            return
        position = next_position(measure.indicators.all())
        for place, text in enumerate(texts):
            indicator = MeasureIndicator(measure=measure, text_de=text, position=position + place)
            keep(indicator, by=self.by, deed=self.deed)

    def _set_costs(self, measure: Measure, costs: Sequence[tuple[int | None, Decimal]]) -> None:
        present = {cost.year: cost for cost in measure.costs.filter(source="").order_by("-pk")}
        for year, amount in costs:
            cost = present.get(year) or Cost(measure=measure, year=year)
            if cost.pk:
                cost.version += 1
            cost.amount = amount
            keep(cost, by=self.by, deed=self.deed)


def _places(rows: Sequence[Comparison]) -> dict[str, int]:
    """Give the place of each row among those of its field."""
    seen: dict[object, int] = {}
    places = {}
    for row in rows:
        field = row.values.get("field")
        places[row.key] = seen[field] = seen.get(field, 0) + 1
    return places


def _write(
    record: FieldOfAction | Goal | Measure, row: Comparison, *, deed: str, by: User | None
) -> None:
    for name, value in row.values.items():
        if name not in LISTS | LINKS:
            setattr(record, name, value)
    if isinstance(record, Measure) and "status" in row.values and record.pk:
        # It holds since somebody said so, if the table does not know better.
        record.status_on = localdate()
    if not isinstance(record, FieldOfAction):
        _demand_order(row.key, record.starts_on, record.ends_on)
    if record.pk:
        record.version += 1
    keep(record, by=by, deed=deed)


def _demand_order(key: str, starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise RowRefusedError(_("In row “%(key)s”, the end lies before the begin.") % {"key": key})


def _demand_fit_rows(
    plan: Plan,
    fields: Sequence[FieldRow],
    measures: Sequence[MeasureRow],
    goals: Sequence[GoalRow],
) -> None:
    if code := twice([row.code for row in fields]):
        raise RowRefusedError(
            _("The field of action “%(code)s” stands in the table twice.") % {"code": code}
        )
    if number := twice([row.number for row in measures if row.number]):
        raise RowRefusedError(
            _("Measure %(number)s stands in the table twice.") % {"number": number}
        )
    for field in fields:
        _demand_fit(FieldOfAction, field.code, code=field.code, name_de=field.name)
    codes = {row.code for row in fields} | set(plan.fields.values_list("code", flat=True))
    for goal in goals:
        _demand_fit(Goal, goal.key, title_de=goal.title, period_text=goal.period_text)
        if goal.number:
            _demand_fit(Goal, goal.key, number=goal.number)
        if goal.field_code and goal.field_code not in codes:
            raise RowRefusedError(
                _("The goal “%(goal)s” names the field of action “%(code)s”, which is unknown.")
                % {"goal": goal.title, "code": goal.field_code}
            )
    for row in measures:
        _demand_fit_measure(row, codes)


def _demand_fit_measure(row: MeasureRow, codes: set[str]) -> None:
    name = row.number or row.title
    if row.number:
        _demand_fit(Measure, name, number=row.number)
    _demand_fit(Measure, name, title_de=row.title, period_text=row.period_text)
    for organisation in (row.responsible, *row.partners):
        _demand_fit(Organisation, name, name=organisation)
    for term in row.target_groups:
        _demand_fit(Term, name, name_de=term)
    for need in row.needs:
        _demand_fit(Need, name, title_de=need)
    for text in row.indicators:
        _demand_fit(MeasureIndicator, name, text_de=text)
    if row.field_code and row.field_code not in codes:
        raise RowRefusedError(
            _("Measure %(number)s names the field of action “%(code)s”, which is unknown.")
            % {"number": name, "code": row.field_code}
        )


def _demand_fit(model: type[Model], key: str, **texts: str) -> None:
    must_be_filled = {"code", "number", "title_de", "name_de", "text_de"}
    for name, text in texts.items():
        column = model._meta.get_field(name)
        longest = getattr(column, "max_length", None) or len(text)
        what = {"what": getattr(column, "verbose_name", name), "key": key, "longest": longest}
        if name in must_be_filled and not text.strip():
            raise RowRefusedError(_("In row “%(key)s”, “%(what)s” is missing.") % what)
        if len(text) > longest:
            raise RowRefusedError(
                _("In row “%(key)s”, “%(what)s” is longer than %(longest)s characters.") % what
            )


def _fitting(model: type[Model], name: str, text: str) -> str:
    longest = getattr(model._meta.get_field(name), "max_length", None)
    return text[:longest]
