"""A table next to the plan: words for what was understood, and what each row would change."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, gettext_lazy

from zusammenplan.core.periods import parse_period
from zusammenplan.people.models import Organisation
from zusammenplan.places.models import Area
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.domain.numbers import free_number
from zusammenplan.plans.domain.plan_table import Hint, NotAPlan, Reason
from zusammenplan.plans.domain.rows import Change, Compared, Comparison, GoalRow
from zusammenplan.plans.domain.statuses import demands_reason, lacks_reason
from zusammenplan.plans.models import (
    Cost,
    FieldOfAction,
    Goal,
    GoalLevel,
    Measure,
    MeasureIndicator,
    Plan,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from django.db.models import Model
    from django.utils.functional import Promise

    from zusammenplan.plans.domain.plan_table import Note, Refused
    from zusammenplan.plans.domain.rows import FieldRow, Kind, MeasureRow

REASON_TEXTS: dict[Reason, str | Promise] = {
    Reason.NUMBER_MISSING: gettext_lazy(
        "The number is missing in row “%(title)s”. Add it in the column of numbers."
    ),
    Reason.NUMBER_UNREADABLE: gettext_lazy(
        "“%(number)s” is not a number such as 1.1 or A 3. Correct it."
    ),
    Reason.NUMBER_IS_DATE: gettext_lazy(
        "The number is a date (%(number)s); the spreadsheet program made one of it. "
        "Format the column as text and write the number anew, perhaps %(meant)s."
    ),
    Reason.NUMBER_TWICE: gettext_lazy(
        "The number %(number)s stands in row %(first_row)s already. Give one of the two another."
    ),
    Reason.TITLE_MISSING: gettext_lazy("Number %(number)s has no title. Add it."),
    Reason.NAME_TOO_LONG: gettext_lazy(
        "The name of the field %(number)s is longer than %(limit)s characters. Shorten it."
    ),
    Reason.VALUE_TOO_LONG: gettext_lazy(
        "“%(column)s” of measure %(number)s is longer than %(limit)s characters. Shorten it."
    ),
    Reason.FIELD_TWICE: gettext_lazy(
        "The field %(number)s stands in row %(first_row)s already, with another name. "
        "Correct one of the two."
    ),
    Reason.FIELD_UNKNOWN: gettext_lazy(
        "Measure %(number)s belongs to field %(field)s, which is not in the table. "
        "Add a row for the field or correct the number."
    ),
    Reason.BEFORE_ANY_FIELD: gettext_lazy(
        "Measure %(number)s stands above the first field. Move it below the row of its field."
    ),
    Reason.MARK_ON_FIELD: gettext_lazy(
        "The field %(number)s itself has a mark (grade %(grades)s). "
        "Only measures are rated. Delete the mark."
    ),
    Reason.MARK_OUTSIDE_SCALE: gettext_lazy(
        "Measure %(number)s has the mark “%(sign)s” in column %(column)s, outside the grades. "
        "Move it to a column of the grades."
    ),
    Reason.SIGN_UNREADABLE: gettext_lazy(
        "“%(sign)s” in column %(column)s (grade %(grade)s) of measure %(number)s is not a mark. "
        "Marks are signs such as x or -, or a number of marks."
    ),
    Reason.TWO_MARKS: gettext_lazy(
        "Measure %(number)s has the mark “%(sign)s” at the grades %(grades)s "
        "(columns %(columns)s). Leave only one."
    ),
    Reason.PARENT_UNKNOWN: gettext_lazy(
        "%(number)s stands below %(parent)s, but no row has that number. "
        "Add the row or correct the number above."
    ),
    Reason.PARENT_REFUSED: gettext_lazy(
        "%(number)s stands below %(parent)s (row %(first_row)s), which is not taken over. "
        "Correct that row first."
    ),
    Reason.PARENT_WRONG: gettext_lazy(
        "%(number)s cannot stand below %(parent)s (row %(first_row)s): nothing stands below a "
        "measure, and a field stands below nothing. Correct the number above or the kind."
    ),
    Reason.TWO_PARENTS: gettext_lazy(
        "%(number)s names a second number above it (%(parents)s; see row %(first_row)s). "
        "A row stands below one other. Leave only one."
    ),
    Reason.CYCLE: gettext_lazy(
        "%(number)s stands below %(parent)s and so, in a circle, below itself. "
        "Correct the number above."
    ),
    Reason.KIND_UNKNOWN: gettext_lazy(
        "“%(kind)s” of row %(number)s is no kind that we know. Write field, goal or measure."
    ),
    Reason.ROW_EMPTY: gettext_lazy(
        "This row has no title, so it cannot be a measure: “%(text)s”. Add the title."
    ),
    Reason.ROW_TWICE: gettext_lazy(
        "“%(title)s” stands below the same goal in row %(first_row)s already. "
        "Delete one of the two or give each a number."
    ),
    Reason.DATE_UNREADABLE: gettext_lazy(
        "“%(written)s” in “%(column)s” of %(number)s is not a date. Write it such as 31.12.2027."
    ),
    Reason.ENDS_BEFORE: gettext_lazy(
        "%(number)s would end before it begins. Correct one of the two dates."
    ),
    Reason.AMOUNT_UNREADABLE: gettext_lazy(
        "“%(written)s” in “%(column)s” of %(number)s is not an amount. Write it such as 12.500,00."
    ),
}
HINT_TEXTS: dict[Hint, str | Promise] = {
    Hint.NO_MARK: gettext_lazy("No grade marked. It is taken as “not rated”."),
    Hint.ROWS_JOINED: gettext_lazy("Joined with row %(above)s, which a page break had torn apart."),
    Hint.HEADER_REPEATED: gettext_lazy("The header stands here once more. It was skipped."),
    Hint.FIELD_REPEATED: gettext_lazy(
        "The field %(number)s stands here once more. It was taken once."
    ),
    Hint.LINE_SKIPPED: gettext_lazy("“%(text)s” is no row of the table. It was skipped."),
    Hint.NUMBER_WAS_DATE: gettext_lazy(
        "The date %(written)s was read as number %(number)s, as the field above suggests."
    ),
    Hint.NUMBER_RESPELLED: gettext_lazy("“%(written)s” was read as number %(number)s."),
    Hint.DASHES_ARE_EMPTY: gettext_lazy("Dashes were read as empty cells, not as marks."),
    Hint.TITLE_SHORTENED: gettext_lazy(
        "The title is longer than %(limit)s characters. It was shortened; "
        "the whole wording is kept as text."
    ),
    Hint.NO_FIELDS: gettext_lazy("The table names no fields. The measures are taken without one."),
    Hint.SECOND_SCALE: gettext_lazy(
        "The table holds more than one set of grade columns. Only the first was read."
    ),
    Hint.STATUS_UNKNOWN: gettext_lazy(
        "“%(written)s” is no status that we know. A new measure counts as planned, any other keeps "
        "its status. You can say above what the word means."
    ),
    Hint.PROGRESS_READ: gettext_lazy("The progress “%(written)s” was read as a status."),
    Hint.PROGRESS_UNKNOWN: gettext_lazy(
        "The progress “%(written)s” says nothing that we know. It was left out."
    ),
    Hint.PROGRESS_LEFT: gettext_lazy(
        "The status stands beside the progress “%(written)s”, which was left out."
    ),
    Hint.WORDS_HEALED: gettext_lazy("A line break had torn the word “%(word)s”."),
    Hint.GOAL_REPEATED: gettext_lazy(
        "The goal “%(title)s” stands in row %(first_row)s already. It was taken once."
    ),
    Hint.INDICATORS_SPLIT: gettext_lazy(
        "%(count)s indicators stand in one cell. Check how they were told apart."
    ),
    Hint.INDICATORS_LEFT: gettext_lazy(
        "Indicators belong to measures. Those of this row were left out."
    ),
    Hint.PERIOD_UNREAD: gettext_lazy(
        "The period “%(written)s” names no days that we know. It is kept as written, without days."
    ),
}
NOT_A_PLAN_TEXTS: dict[NotAPlan, str | Promise] = {
    NotAPlan.EMPTY: gettext_lazy("The table is empty."),
    NotAPlan.NO_NUMBERS: gettext_lazy(
        "No column with the measures' numbers (such as 1.1) was found. Add one, headed “No.”."
    ),
    NotAPlan.NO_TITLES: gettext_lazy(
        "No column with the measures' titles was found. Add one, headed “Measure”."
    ),
    NotAPlan.NO_MEASURES: gettext_lazy(
        "No measures were found in the table. Each needs a row with number and title."
    ),
}


def reason_text(refused: Refused) -> str:
    """Say why a row of a table could not be taken, and what to do."""
    return str(REASON_TEXTS[refused.reason]) % _shown(refused.values)


def hint_text(note: Note) -> str:
    """Say what to look at in a row that was taken."""
    return str(HINT_TEXTS[note.hint]) % _shown(note.values)


def not_a_plan_text(reason: NotAPlan) -> str:
    """Say why a table is no plan's."""
    return str(NOT_A_PLAN_TEXTS[reason])


def _shown(values: dict[str, str]) -> dict[str, str]:
    return {key: value or "–" for key, value in values.items()}


# What each row would change


def compare_rows(
    plan: Plan | None,
    fields: Sequence[FieldRow],
    measures: Sequence[MeasureRow],
    goals: Sequence[GoalRow] = (),
) -> Compared:
    """Tell for each row of a table whether it is new, changes something or nothing."""
    present = _Present(plan)
    known_goals = present.goals_of(goals)
    return Compared(
        fields=[_compare_field(present.fields.get(row.code), row) for row in fields],
        goals=[_compare_goal(known_goals[row.key], row, known_goals, present) for row in goals],
        measures=_compare_measures(measures, goals, known_goals, present),
    )


class _Present:
    """What stands in the plan already, each record by what a table knows it by."""

    def __init__(self, plan: Plan | None) -> None:
        self.fields: dict[str, FieldOfAction] = {}
        self.measures: list[Measure] = []
        self.levels: dict[str, GoalLevel] = {}
        self.areas = {area.name.casefold(): area for area in Area.objects.own()}
        goals: list[Goal] = []
        if plan is not None:
            self.fields = {field.code: field for field in plan.fields.all()}
            self.levels = {level.name_de.casefold(): level for level in plan.levels.all()}
            goals = list(plan.goals.select_related("field", "level", "parent"))
            self.measures = list(_measures_with_all(plan))
        self.goal_by_number = {goal.number: goal for goal in reversed(goals) if goal.number}
        self.goal_by_title = {
            (goal.parent_id, goal.title_de.casefold()): goal for goal in reversed(goals)
        }
        self.by_number = {measure.number: measure for measure in self.measures}

    def goals_of(self, rows: Sequence[GoalRow]) -> dict[str, Goal | None]:
        """Find the goal that each row means; rows stand after those above them."""
        found: dict[str, Goal | None] = {}
        for row in rows:
            parent = found.get(row.parent) if row.parent else None
            if row.number:
                found[row.key] = self.goal_by_number.get(row.number)
            elif row.parent and parent is None:
                found[row.key] = None
            else:
                above = parent.pk if parent else None
                found[row.key] = self.goal_by_title.get((above, row.title.casefold()))
        return found


def _measures_with_all(plan: Plan) -> Iterable[Measure]:
    return (
        plan.measures.select_related("field", "responsible")
        .prefetch_related(
            "goals",
            "needs",
            "partners",
            "target_groups",
            "areas",
            Prefetch("costs", Cost.objects.order_by("pk")),
            Prefetch("indicators", MeasureIndicator.objects.order_by("position", "pk")),
        )
        .in_order()
    )


def _compare_field(field: FieldOfAction | None, row: FieldRow) -> Comparison:
    return _comparison(field, FieldOfAction, row.code, row.name, {"name_de": row.name.strip()})


def _compare_goal(
    goal: Goal | None, row: GoalRow, known: dict[str, Goal | None], present: _Present
) -> Comparison:
    wanted: dict[str, object] = {"title_de": row.title.strip()}
    if row.number:
        wanted["number"] = row.number
    if text := row.text.strip():
        wanted["text_de"] = text
    if row.field_code:
        wanted["field"] = row.field_code
    wanted |= _period(row.period_text, row.starts_on, row.ends_on)
    left_out: list[str] = []
    if row.level:
        level = present.levels.get(row.level.casefold())
        if level or not present.levels:
            wanted["level"] = level.name_de if level else row.level
        else:
            left_out.append(
                gettext("The plan has no level “%(level)s”; the goal gets none.")
                % {"level": row.level}
            )
    above = known.get(row.parent) if row.parent else None
    moves = goal is not None and row.parent and (above is None or above.pk != goal.parent_id)
    found = _comparison(goal, Goal, row.key, row.title, wanted, left_out)
    if goal is None:
        return found
    if not moves or row.parent is None:
        return found
    title = above.title_de if above else row.parent
    change = Change("parent", gettext("goal above"), str(goal.parent or ""), title)
    values = {**found.values, "parent": row.parent}
    return Comparison(
        row.key, row.title, "changed", (*found.changes, change), values, goal.pk, found.left_out
    )


def _compare_measures(
    rows: Sequence[MeasureRow],
    goals: Sequence[GoalRow],
    known_goals: dict[str, Goal | None],
    present: _Present,
) -> list[Comparison]:
    titles = {goal.key: goal.title for goal in goals}
    by_title: defaultdict[str, list[Measure]] = defaultdict(list)
    for known in present.measures:
        by_title[known.title_de.casefold()].append(known)
    taken = {*present.by_number, *(row.number for row in rows if row.number)}
    compared = []
    measure: Measure | None
    for row in rows:
        if row.number:
            measure, number = present.by_number.get(row.number), row.number
        else:
            measure = _measure_titled(row, by_title[row.title.strip().casefold()], known_goals)
            number = measure.number if measure else free_number(row.field_code, taken)
            taken.add(number)
        compared.append(_compare_measure(measure, row, number, known_goals, titles, present))
    return compared


def _measure_titled(
    row: MeasureRow, same_title: Sequence[Measure], known_goals: dict[str, Goal | None]
) -> Measure | None:
    """Find the measure of this title below the same goal, else the only one below no goal."""
    above = {goal.pk for key in row.goals if (goal := known_goals.get(key))}
    for measure in same_title:
        own = {goal.pk for goal in measure.goals.all()}
        if own & above or (not own and not row.goals):
            return measure
    loose = [measure for measure in same_title if not measure.goals.all()]
    return loose[0] if len(loose) == 1 else None


def _compare_measure(
    measure: Measure | None,
    row: MeasureRow,
    number: str,
    known_goals: dict[str, Goal | None],
    titles: dict[str, str],
    present: _Present,
) -> Comparison:
    wanted: dict[str, object] = {"title_de": row.title.strip()}
    if text := row.text.strip():
        wanted["text_de"] = text
    if row.field_code:
        wanted["field"] = row.field_code
    if name := " ".join(row.responsible.split()):
        wanted["responsible"] = name
    wanted |= _period(row.period_text, row.starts_on, row.ends_on)
    if row.status is not None:
        wanted["status"] = row.status
        before, reason = (measure.status, measure.status_reason) if measure else (None, "")
        # The table has no column for the reason; the check shows what will stand there.
        if lacks_reason(row.status, reason) or (
            demands_reason(row.status) and before != row.status
        ):
            wanted["status_reason"] = gettext("As in the table that was taken over")
        elif reason and before != row.status:
            wanted["status_reason"] = ""
    left_out = [
        gettext("“%(area)s” is no planning area here; it was left out.") % {"area": name}
        for name in row.areas
        if name.casefold() not in present.areas
    ]
    found = _comparison(measure, Measure, number, row.title, wanted, left_out)
    added = _added(measure, row, known_goals, titles, present)
    if not added:
        return found
    values = {**found.values, **{change.name: value for change, value in added}}
    if measure is None:
        return Comparison(number, row.title, "new", values=values, left_out=found.left_out)
    changes = (*found.changes, *(change for change, _value in added))
    return Comparison(number, row.title, "changed", changes, values, measure.pk, found.left_out)


def _added(
    measure: Measure | None,
    row: MeasureRow,
    known_goals: dict[str, Goal | None],
    titles: dict[str, str],
    present: _Present,
) -> list[tuple[Change, tuple[Any, ...]]]:
    """Tell what the row adds to the lists of the measure."""
    own_goals = {goal.pk: goal.title_de for goal in measure.goals.all()} if measure else {}
    goals = tuple(
        key
        for key in row.goals
        if (goal := known_goals.get(key)) is None or goal.pk not in own_goals
    )
    found: list[tuple[Change, tuple[Any, ...]]] = []

    def add(name: str, label: str, old: Iterable[str], new: tuple[Any, ...], words: str) -> None:
        if new:
            found.append((Change(name, label, "; ".join(old), words), new))

    goal_words = "; ".join(titles.get(key, key) for key in goals)
    add("goals", gettext("goals"), own_goals.values(), goals, goal_words)
    lists = (
        ("needs", gettext("needs"), row.needs, "title_de"),
        ("partners", gettext("partners"), row.partners, "name"),
        ("target_groups", gettext("target groups"), row.target_groups, "name_de"),
        ("areas", gettext("planning areas"), row.areas, "name"),
    )
    for name, label, wanted, attribute in lists:
        old = [getattr(one, attribute) for one in getattr(measure, name).all()] if measure else []
        new = _missing(wanted, old)
        if name == "areas":
            new = tuple(one for one in new if one.casefold() in present.areas)
        add(name, label, old, new, "; ".join(new))
    texts = [one.text_de for one in measure.indicators.all()] if measure else []
    new = _missing(row.indicators, texts)
    add("indicators", gettext("indicators"), texts, new, "; ".join(new))
    own_costs = (
        {cost.year: cost.amount for cost in reversed(measure.costs.all()) if not cost.source}
        if measure
        else {}
    )
    costs = tuple((year, amount) for year, amount in row.costs if own_costs.get(year) != amount)
    old = [_cost_words(year, amount) for year, amount in own_costs.items()]
    add("costs", gettext("costs"), old, costs, "; ".join(_cost_words(*cost) for cost in costs))
    return found


def _missing(wanted: Iterable[str], present: Iterable[str]) -> tuple[str, ...]:
    known = {text.casefold() for text in present}
    return tuple(text for text in wanted if text.casefold() not in known)


def _cost_words(year: int | None, amount: Decimal) -> str:
    words = number_format(amount, 2, force_grouping=True)
    return f"{year}: {words} €" if year else f"{words} €"


def _period(text: str, starts_on: date | None, ends_on: date | None) -> dict[str, object]:
    """Give what a row says of the period; days in columns of their own come before the words."""
    if not text.strip():
        days = {"starts_on": starts_on, "ends_on": ends_on}
        return {name: day for name, day in days.items() if day}
    period = parse_period(text)
    starts_on, ends_on = starts_on or period.starts_on, ends_on or period.ends_on
    if starts_on and ends_on and ends_on < starts_on:
        starts_on, ends_on = period.starts_on, period.ends_on
    return {"period_text": period.text, "starts_on": starts_on, "ends_on": ends_on}


def _comparison(
    record: FieldOfAction | Goal | Measure | None,
    model: type[Model],
    key: str,
    title: str,
    wanted: dict[str, object],
    left_out: Sequence[str] = (),
) -> Comparison:
    if record is None:
        return Comparison(key, title, "new", values=wanted, left_out=tuple(left_out))
    changes = tuple(
        Change(
            name=name,
            label=str(getattr(model._meta.get_field(name), "verbose_name", name)),
            old=_in_words(name, _present(record, name)),
            new=_in_words(name, value),
        )
        for name, value in wanted.items()
        if _differs(_present(record, name), value, name)
    )
    values = {change.name: wanted[change.name] for change in changes}
    kind: Kind = "changed" if changes else "unchanged"
    return Comparison(key, title, kind, changes, values, record.pk, tuple(left_out))


def _present(record: FieldOfAction | Goal | Measure, name: str) -> object:
    """Give what stands in the record, in the form that a row has it."""
    value = getattr(record, name)
    if isinstance(value, FieldOfAction):
        return value.code
    if isinstance(value, GoalLevel):
        return value.name_de
    return value.name if isinstance(value, Organisation) else value


def _differs(present: object, wanted: object, name: str) -> bool:
    if name == "responsible":
        return str(present or "").casefold() != str(wanted).casefold()
    return present != wanted


def _in_words(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(dict(MeasureStatus.choices).get(str(value), value) if name == "status" else value)
