"""
Take over a plan's table: the plan, its fields and measures, and the marks that groups set on paper.

Taking over the same table again changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _, override

from zusammenplan.ballots.actions.outlook import (
    LONGEST_TITLE,
    GroupMarks,
    Outlook,
    TableRefusedError,
    counted,
    has_voters,
    look_ahead,
    table_group,
)
from zusammenplan.ballots.actions.preparing import add_group, create_round
from zusammenplan.ballots.actions.refusals import NameTakenError, RefusedError
from zusammenplan.ballots.actions.voting import take_marks
from zusammenplan.ballots.choices import OwnResult, Stage, Way
from zusammenplan.ballots.models import Group, Item, Round
from zusammenplan.ballots.queries import written_tally
from zusammenplan.core.history import keep
from zusammenplan.core.locks import in_one_snapshot
from zusammenplan.people.models import User
from zusammenplan.plans.actions import SlugTakenError, apply_rows, create_plan
from zusammenplan.plans.domain.plan_table import COUNT, PlanTable, Refused
from zusammenplan.plans.domain.rows import Counts
from zusammenplan.plans.domain.table_rows import rows_of
from zusammenplan.plans.models import Measure, Plan
from zusammenplan.plans.queries.plans import plan_titled


class OtherThanShownError(RefusedError):
    """The plan changed after the person saw what would happen; nothing was taken over."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person saw before agreeing: the choices of then, and what they would have done."""

    table: PlanTable
    plan: Plan | None
    title: str
    marks_of: Mapping[str, str]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What taking over a table did; ``changed`` counts fields, goals, measures, each once."""

    plan: Plan
    round: Round | None
    fields: Counts
    measures: Counts
    changed: int
    refused: tuple[Refused, ...]
    goals: Counts = field(default_factory=Counts)


@in_one_snapshot
def take_over(
    table: PlanTable,
    *,
    plan: Plan | None,
    title: str,
    marks_of: Mapping[str, str],
    source: str,
    by: User | None,
    now: datetime,
    seen: Shown | None = None,
) -> TakenOver:
    """
    Take over a table, all of what could be read or nothing.

    Without a plan the one of that title is taken, or made. ``seen`` is what the person agreed to;
    columns and groups that they chose anew since then are taken as they are.

    :raises TableRefusedError: if a sign or a group's name cannot be used
    :raises OtherThanShownError: if others changed the plan since, or the title names another plan
    :raises AlreadyReleasedError: if the marks differ from those of a released result
    :raises RefusedError: if a group of that name votes in another way
    """
    plan = plan or plan_titled(title)
    if plan is not None:
        # Nobody else changes the plan between the comparison and what follows from it, nor
        # releases a round; a release takes its round first, so that is the order here too. Who
        # changes a record without taking the plan makes the snapshot clash.
        list(plan.rounds.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    outlook = look_ahead(table, plan=plan, title=title, marks_of=marks_of)
    if seen is not None and seen.fingerprint != outlook.fingerprint:
        _demand_same_plan(seen, outlook)
    if plan is None:
        try:
            starts_on, ends_on = outlook.period
            values = {"title_de": outlook.title, "starts_on": starts_on, "ends_on": ends_on}
            plan = create_plan(values, by=by)
        except SlugTakenError as clash:
            raise OtherThanShownError(
                _("Somebody else just added a plan of this title. Nothing was taken over.")
            ) from clash
    rows = rows_of(table)
    applied = apply_rows(
        plan,
        fields=rows.fields,
        goals=rows.goals,
        measures=rows.measures,
        by=by,
        source=source,
    )
    round_ = outlook.round
    marked: set[int] = set()
    if outlook.groups and not outlook.is_settled:
        round_, marked = _take_marks(plan, outlook, table, by=by, now=now)
    return TakenOver(
        plan=plan,
        round=round_,
        fields=applied.fields,
        measures=applied.measures,
        goals=applied.goals,
        changed=len(applied.field_ids)
        + len(applied.goal_ids)
        + len({*applied.measure_ids, *marked}),
        refused=table.refused,
    )


def _demand_same_plan(seen: Shown, outlook: Outlook) -> None:
    """Let the person's own new choices pass, but nothing that others did meanwhile."""
    changed = OtherThanShownError(
        _("The plan changed after this page was shown. Nothing was taken over.")
    )
    try:
        before = look_ahead(seen.table, plan=seen.plan, title=seen.title, marks_of=seen.marks_of)
    except RefusedError as refusal:
        raise changed from refusal
    if before.fingerprint != seen.fingerprint:
        raise changed
    if before.plan != outlook.plan:
        raise OtherThanShownError(
            _("The title names another plan than the one that was shown. Nothing was taken over.")
        )


def _take_marks(
    plan: Plan, outlook: Outlook, table: PlanTable, *, by: User | None, now: datetime
) -> tuple[Round, set[int]]:
    """Write the marks; give the round and the measures whose marks changed."""
    round_ = outlook.round or _new_round(plan, table, by=by, now=now)
    if not has_voters(round_):
        _put_on_ballot(round_, plan, {measure.number for measure in table.measures})
    items = {item.measure.number: item for item in round_.items.select_related("measure")}
    if missing := [it.number for it in table.measures if it.number not in items]:
        raise TableRefusedError(
            _(
                "Measure %(number)s is not on the ballot of “%(round)s”, and people vote there "
                "already. Prepare another round for it."
            )
            % {"number": missing[0], "round": round_.title}
        )
    marked: set[int] = set()
    for marks in outlook.groups:
        group = table_group(round_, marks) or _new_group(round_, marks, by=by)
        if marks.are_counted and not group.counts_marks:
            group.counts_marks, group.own_result = True, OwnResult.MEDIAN
            fields = ["counts_marks", "own_result"]
            keep(group, by=by, deed=_("Marks are counted, as in the table"), fields=fields)
        before = written_tally(group)
        # Measures that the table does not name keep the marks that they have.
        wanted = dict(before)
        for measure in table.measures:
            tally = marks.marks.get(measure.number, {})
            wanted[items[measure.number].pk] = counted(tally, counts=group.counts_marks)
        if take_marks(group, wanted, by=by, now=now):
            marked |= {
                item.measure_id
                for item in items.values()
                if before.get(item.pk, {}) != wanted.get(item.pk, {})
            }
    return round_, marked


def _new_round(plan: Plan, table: PlanTable, *, by: User | None, now: datetime) -> Round:
    titles = {}
    for language, title in (("de", plan.title_de), ("en", plan.title_en)):
        with override(language):
            words = _("Prioritisation: %(plan)s") % {"plan": title}
        titles[f"title_{language}"] = words[:LONGEST_TITLE] if title else ""
    values = {
        **titles,
        "stage": Stage.FIRST,
        "lowest": table.grades[0],
        "highest": table.grades[-1],
    }
    return create_round(plan, values, by=by, now=now)


def _new_group(round_: Round, marks: GroupMarks, *, by: User | None) -> Group:
    counts = marks.are_counted
    values = {
        "body": marks.body,
        "name_de": marks.name,
        "name_en": marks.body.name_en if marks.body else "",
        "mark": "x" if marks.sign == COUNT else marks.sign,
        "way": Way.TABLE,
        "own_result": OwnResult.MEDIAN if counts else OwnResult.MAJORITY,
        "counts_marks": counts,
    }
    try:
        return add_group(round_, values, by=by)
    except NameTakenError as taken:
        raise TableRefusedError(
            _(
                "In the round “%(round)s” the group “%(group)s” votes in another way. "
                "Its marks cannot come from a table."
            )
            % {"round": round_.title, "group": marks.name}
        ) from taken


def _put_on_ballot(round_: Round, plan: Plan, numbers: set[str]) -> None:
    """
    Let the ballot follow the plan while nobody votes by it: words, order, measures of the table.

    Measures that the planner left out stay out unless the table names them.
    """
    items = {item.measure_id: item for item in round_.items.select_related("measure")}
    fresh, changed = [], []
    chosen = [it for it in plan.measures.in_order() if it.pk in items or it.number in numbers]
    for position, measure in enumerate(chosen):
        words = _words_on_ballot(measure, position)
        item = items.get(measure.pk)
        if item is None:
            is_additional = measure.is_additional
            fresh.append(Item(round=round_, measure=measure, is_additional=is_additional, **words))
        elif any(getattr(item, name) != value for name, value in words.items()):
            for name, value in words.items():
                setattr(item, name, value)
            changed.append(item)
    Item.objects.bulk_create(fresh)
    Item.objects.bulk_update(changed, ["number", "title_de", "title_en", "position"])


def _words_on_ballot(measure: Measure, position: int) -> dict[str, str | int]:
    return {
        "number": measure.number,
        "title_de": measure.title_de,
        "title_en": measure.title_en,
        "position": position,
    }
