"""What hangs loose in a plan: needs, goals and measures that miss a link or a fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from zusammenplan.plans.choices import GoalState, MeasureStatus, NeedState
from zusammenplan.plans.domain.goal_tree import without_link
from zusammenplan.plans.models import (
    Cost,
    Goal,
    Measure,
    MeasureIndicator,
    NeedEvidence,
)
from zusammenplan.plans.queries.citations import needs_with_news

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model, QuerySet
    from django.utils.functional import Promise

    from zusammenplan.plans.models import Plan


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind of gap; ``of`` is "need", "goal" or "measure"."""

    key: str
    of: str
    label: str | Promise
    hint: str | Promise
    number: int


# In the order of the thread. The key is what the address says.
GAPS: dict[str, tuple[str, str | Promise, str | Promise]] = {
    "beleg": (
        "need",
        _("Needs without evidence"),
        _("Say where the need is known from: a figure, a survey, a conference."),
    ),
    "neuer-wert": (
        "need",
        _("Needs with a newer value"),
        _("A value that the need cites is out of date. Take the new one over, or keep the old."),
    ),
    "ziel": (
        "need",
        _("Needs without goal"),
        _("Say which goal answers the need, on the goal's page."),
    ),
    "ziel-ohne-bedarf": (
        "goal",
        _("Goals without need"),
        _("Neither the goal nor one above or below it answers a need."),
    ),
    "ziel-ohne-massnahme": (
        "goal",
        _("Goals without measure"),
        _("The goal has neither a sub-goal nor a measure."),
    ),
    "massnahme-ohne-ziel": (
        "measure",
        _("Measures without goal"),
        _("Say which goals the measure serves."),
    ),
    "massnahme-ohne-bedarf": (
        "measure",
        _("Measures without need"),
        _("Neither the measure nor its goals answer a need."),
    ),
    "indikator": (
        "measure",
        _("Measures without indicator"),
        _("Say how one sees that the measure works."),
    ),
    "verantwortlich": (
        "measure",
        _("Measures without responsible"),
        _("Say which office or organisation carries the measure out."),
    ),
    "zeitraum": (
        "measure",
        _("Measures without period"),
        _("Say from when to when; either end may be open."),
    ),
    "geld": (
        "measure",
        _("Measures without money"),
        _("Say what the measure costs, even if it costs nothing."),
    ),
}


def gaps_of(plan: Plan, conditions: Mapping[str, Q]) -> list[Gap]:
    """Count the gaps of each kind, in a number of queries that does not grow."""
    numbers: dict[str, int] = {}
    for of, records in _records(plan).items():
        mine = {key: condition for key, condition in conditions.items() if GAPS[key][0] == of}
        counted = records.aggregate(
            **{
                key.replace("-", "_"): Count("pk", filter=condition)
                for key, condition in mine.items()
            }
        )
        numbers |= {key: counted[key.replace("-", "_")] for key in mine}
    return [Gap(key, of, label, hint, numbers[key]) for key, (of, label, hint) in GAPS.items()]


def records_with_gap(plan: Plan, key: str, conditions: Mapping[str, Q]) -> QuerySet[Any]:
    """Give the needs, goals or measures that have this gap, in order."""
    records = _records(plan)[GAPS[key][0]]
    found: QuerySet[Any] = records.filter(conditions[key]).in_order()
    return found


def shown_records(part: QuerySet[Any]) -> QuerySet[Any]:
    """Give the records of a page with what it shows; only their keys are put in order with all."""
    records: Any = part.model._default_manager.filter(pk__in=part.values("pk"))
    field = ("field__code", "field__name_de", "field__name_en")
    found: QuerySet[Any] = records.in_order().select_related("field")
    return found.only("number", "title_de", "title_en", *field)


def _records(plan: Plan) -> dict[str, Any]:
    """Give what still counts: what was dropped or reached leaves no gap."""
    return {
        "need": plan.needs.filter(state=NeedState.OPEN),
        "goal": plan.goals.filter(state=GoalState.PURSUED),
        "measure": plan.measures.exclude(status=MeasureStatus.DROPPED),
    }


def gap_conditions(plan: Plan) -> dict[str, Q]:
    """Give for each kind of gap when a record has it; some are found out by reading links."""
    answers = Goal.needs.through.objects.filter(goal=OuterRef("pk"))
    # A key is read quicker than whether there is one.
    need = Subquery(answers.values("need_id")[:1])
    goals = list(plan.goals.order_by().values_list("pk", "parent_id", need))
    parents = {pk: parent for pk, parent, _need in goals}
    answering = {pk for pk, _parent, need in goals if need}
    loose_goals = without_link(parents, answering)
    return {
        "beleg": ~_in(NeedEvidence, "need_id"),
        "neuer-wert": Q(pk__in=needs_with_news(plan)),
        "ziel": ~_in(Goal.needs.through, "need_id"),
        "ziel-ohne-bedarf": Q(pk__in=loose_goals),
        "ziel-ohne-massnahme": ~_in(Goal, "parent_id") & ~_in(Measure.goals.through, "goal_id"),
        "massnahme-ohne-ziel": ~_in(Measure.goals.through, "measure_id"),
        "massnahme-ohne-bedarf": _measures_without_need(plan, loose_goals),
        "indikator": ~_in(MeasureIndicator, "measure_id"),
        "verantwortlich": Q(responsible__isnull=True),
        "zeitraum": Q(period_text="", starts_on__isnull=True, ends_on__isnull=True),
        "geld": ~_in(Cost, "measure_id"),
    }


def _measures_without_need(plan: Plan, loose_goals: set[int]) -> Q:
    """Give the condition that a measure answers a need neither itself nor by way of a goal."""
    by_goal = _in(Measure.goals.through, "measure_id")
    if loose_goals:
        # The list is made once, while a database would look for a measure's links anew each time.
        links = Measure.goals.through.objects.filter(measure__plan=plan)
        by_goal = Q(pk__in=links.exclude(goal__in=loose_goals).values("measure_id"))
    return ~by_goal & ~_in(Measure.needs.through, "measure_id")


def _in(model: type[Model], column: str) -> Q:
    """
    Give the condition that a row of the other table names the record.

    A database finds the key in the index of that column as it is; asked whether a row exists, it
    would begin anew for each record, and asked for this plan's rows, or needlessly for those that
    name any, it would make a list first.
    """
    named = model._default_manager.order_by()
    if model._meta.get_field(column.removesuffix("_id")).null:
        named = named.exclude(**{column: None})
    return Q(pk__in=named.values(column))
