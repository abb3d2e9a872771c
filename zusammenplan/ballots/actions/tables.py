"""
Take over a plan's table: the plan, its fields and measures, and the marks that groups set on paper.

What would happen is computed by one function, :func:`look_ahead`; the page before shows it, and the
deed computes it once more inside its transaction. Taking over the same table again changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from django.utils.translation import gettext as _, override

from zusammenplan.ballots.actions.preparing import add_group, create_round
from zusammenplan.ballots.actions.refusals import AlreadyReleasedError, NameTakenError, RefusedError
from zusammenplan.ballots.actions.voting import take_marks
from zusammenplan.ballots.choices import OwnResult, Pooling, Stage, Way
from zusammenplan.ballots.models import Group, Item, Round
from zusammenplan.ballots.queries import body_named, written_tally
from zusammenplan.core.history import keep
from zusammenplan.core.locks import in_one_snapshot
from zusammenplan.core.periods import years_in_title
from zusammenplan.meetings.models import Body
from zusammenplan.people.models import User
from zusammenplan.plans.actions import SlugTakenError, apply_rows, create_plan
from zusammenplan.plans.domain.plan_table import COUNT, PlanTable, Refused
from zusammenplan.plans.domain.rows import Compared, Counts
from zusammenplan.plans.domain.table_rows import rows_of
from zusammenplan.plans.models import Measure, Plan
from zusammenplan.plans.queries.plans import plan_titled
from zusammenplan.plans.queries.tables import compare_rows

Tally = dict[int, int]
LONGEST_NAME = 120
LONGEST_TITLE = 200


class TableRefusedError(RefusedError):
    """Nothing of the table was taken over."""


class OtherThanShownError(RefusedError):
    """The plan changed after the person saw what would happen; nothing was taken over."""


@dataclass(frozen=True, slots=True)
class GroupMarks:
    """The marks of one group in the table, by the measure's number."""

    sign: str
    name: str
    body: Body | None
    marks: Mapping[str, Tally]

    @property
    def are_counted(self) -> bool:
        """Tell whether the cells hold numbers of marks, and not only one sign a row."""
        return self.sign == COUNT or any(
            len(tally) > 1 or sum(tally.values()) > 1 for tally in self.marks.values()
        )

    def is_(self, group: Group) -> bool:
        if self.body is not None and group.body_id == self.body.pk:
            return True
        return group.name_de.casefold() == self.name.casefold()


@dataclass(frozen=True, slots=True)
class Outlook:
    """
    What taking over a table would do.

    ``round`` is where the marks go; none if there are no marks or a new round is made for them.
    ``is_settled`` tells that the round is released and holds just these marks.
    """

    plan: Plan | None
    title: str
    compared: Compared
    groups: Sequence[GroupMarks]
    round: Round | None
    is_settled: bool
    changed_marks: frozenset[str]

    @property
    def period(self) -> tuple[date | None, date | None]:
        """Give the years of a plan that is yet to be made, as far as its title names them."""
        return (None, None) if self.plan else years_in_title(self.title)

    @property
    def fingerprint(self) -> str:
        """Tell two outlooks apart: what a person saw, and what would happen now."""
        seen = (
            self.plan.pk if self.plan else self.title,
            [(row.key, row.kind, row.changes) for row in self.compared.fields],
            [(row.key, row.kind, row.title, row.changes) for row in self.compared.goals],
            [(row.key, row.kind, row.title, row.changes) for row in self.compared.measures],
            [(group.sign, group.name, sorted(group.marks.items())) for group in self.groups],
            self.round.pk if self.round else None,
            sorted(self.changed_marks),
        )
        return sha256(repr(seen).encode()).hexdigest()[:32]


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


def look_ahead(
    table: PlanTable, *, plan: Plan | None, title: str, marks_of: Mapping[str, str]
) -> Outlook:
    """
    Tell what taking over would do; ``marks_of`` names the group of each sign.

    :raises TableRefusedError: if a sign or a group's name cannot be used
    :raises AlreadyReleasedError: if the marks differ from those of a released result
    """
    plan = plan or plan_titled(title)
    rows = rows_of(table)
    groups = [_group_marks(table, sign, name) for sign, name in marks_of.items() if name.strip()]
    names = [group.name.casefold() for group in groups]
    if len(set(names)) < len(names):
        raise TableRefusedError(_("Each sign needs a group of its own. Name another for one."))
    round_, is_settled = _round_for(plan, groups, table) if plan and groups else (None, False)
    return Outlook(
        plan=plan,
        title=title[:LONGEST_TITLE],
        compared=compare_rows(plan, rows.fields, rows.measures, rows.goals),
        groups=groups,
        round=round_,
        is_settled=is_settled,
        changed_marks=frozenset()
        if is_settled
        else frozenset(_changed_numbers(round_, groups, table)),
    )


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


# What the person saw


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


# Whose marks


def _group_marks(table: PlanTable, sign: str, name: str) -> GroupMarks:
    if sign not in table.signs:
        raise TableRefusedError(
            _("The table holds no marks “%(sign)s”. It holds: %(signs)s.")
            % {"sign": sign, "signs": ", ".join(table.signs) or _("none")}
        )
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise TableRefusedError(
            _("The name of the group is longer than %(limit)s characters. Shorten it.")
            % {"limit": LONGEST_NAME}
        )
    body = body_named(name)
    return GroupMarks(
        sign=sign,
        name=body.name_de if body else name,
        body=body,
        marks={
            measure.number: dict(measure.marks_by_sign[sign])
            for measure in table.measures
            if sign in measure.marks_by_sign
        },
    )


# In which round


def _round_for(
    plan: Plan, groups: Sequence[GroupMarks], table: PlanTable
) -> tuple[Round | None, bool]:
    """
    Choose the round that takes the marks, and tell whether it is released with just these.

    The newest running one that already has such a group; else a running one that can get it.
    """
    rounds = list(
        plan.rounds.order_by("-created_at", "-pk").prefetch_related("groups", "items__measure")
    )
    running = [round_ for round_ in rounds if not round_.is_released]
    for round_ in running:
        if any(_table_group(round_, marks) for marks in groups):
            _demand_same_scale(round_, table)
            return round_, False
    for round_ in rounds:
        if any(_table_group(round_, marks) for marks in groups):
            if not list(_changed_numbers(round_, groups, table)):
                return round_, True
            if not running:
                raise AlreadyReleasedError(
                    _(
                        "The table holds other marks than the released result “%(round)s”, and a "
                        "released result stays as it is. Prepare a round that corrects it; the "
                        "marks then go there."
                    )
                    % {"round": round_.title}
                )
            break
    fitting = (round_ for round_ in running if _can_take(round_, groups, table))
    return next(fitting, None), False


def _table_group(round_: Round, marks: GroupMarks) -> Group | None:
    return next((it for it in round_.groups.all() if it.way == Way.TABLE and marks.is_(it)), None)


def _demand_same_scale(round_: Round, table: PlanTable) -> None:
    if not _has_scale(round_, table):
        raise TableRefusedError(
            _(
                "The table has the grades %(first)s to %(last)s, but the round “%(round)s” has "
                "%(lowest)s to %(highest)s. Prepare a round with the table's grades."
            )
            % {
                "first": table.grades[0],
                "last": table.grades[-1],
                "round": round_.title,
                "lowest": round_.lowest,
                "highest": round_.highest,
            }
        )


def _has_scale(round_: Round, table: PlanTable) -> bool:
    return (round_.lowest, round_.highest) == (table.grades[0], table.grades[-1])


def _can_take(round_: Round, groups: Sequence[GroupMarks], table: PlanTable) -> bool:
    on_ballot = {item.measure.number for item in round_.items.all()}
    is_complete = all(measure.number in on_ballot for measure in table.measures)
    can_pool = round_.pooling == Pooling.BODIES or all(marks.are_counted for marks in groups)
    return _has_scale(round_, table) and can_pool and (is_complete or not _has_voters(round_))


def _has_voters(round_: Round) -> bool:
    """Tell whether people have begun to vote, who then have seen the ballot."""
    return any(it.opens_at is not None and it.way != Way.TABLE for it in round_.groups.all())


# Which marks change


def _changed_numbers(
    round_: Round | None, groups: Sequence[GroupMarks], table: PlanTable
) -> Iterable[str]:
    """Give the measures of the table whose marks differ from those that the round holds."""
    numbers = {} if round_ is None else {it.pk: it.measure.number for it in round_.items.all()}
    for marks in groups:
        group = None if round_ is None else _table_group(round_, marks)
        written = {} if group is None else written_tally(group)
        before = {numbers[item]: tally for item, tally in written.items()}
        counts = group is None or group.counts_marks or marks.are_counted
        for measure in table.measures:
            wanted = _counted(marks.marks.get(measure.number, {}), counts=counts)
            if before.get(measure.number, {}) != wanted:
                yield measure.number


def _counted(tally: Tally, *, counts: bool) -> Tally:
    return tally if counts else dict.fromkeys(tally, 1)


def _take_marks(
    plan: Plan, outlook: Outlook, table: PlanTable, *, by: User | None, now: datetime
) -> tuple[Round, set[int]]:
    """Write the marks; give the round and the measures whose marks changed."""
    round_ = outlook.round or _new_round(plan, table, by=by, now=now)
    if not _has_voters(round_):
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
        group = _table_group(round_, marks) or _new_group(round_, marks, by=by)
        if marks.are_counted and not group.counts_marks:
            group.counts_marks, group.own_result = True, OwnResult.MEDIAN
            fields = ["counts_marks", "own_result"]
            keep(group, by=by, deed=_("Marks are counted, as in the table"), fields=fields)
        before = written_tally(group)
        # Measures that the table does not name keep the marks that they have.
        wanted = dict(before)
        for measure in table.measures:
            tally = marks.marks.get(measure.number, {})
            wanted[items[measure.number].pk] = _counted(tally, counts=group.counts_marks)
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
