"""
What taking over a table would do: for the plan, and for the marks that groups set on paper.

Computed by one function, :func:`look_ahead`; the page before shows it, and the deed computes it
once more inside its transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.utils.translation import gettext as _

from zusammenplan.ballots.actions.refusals import AlreadyReleasedError, RefusedError
from zusammenplan.ballots.choices import Pooling, Way
from zusammenplan.ballots.models import Group, Round
from zusammenplan.ballots.queries import body_named, written_tally
from zusammenplan.core.periods import years_in_title
from zusammenplan.meetings.models import Body
from zusammenplan.plans.domain.plan_table import COUNT, PlanTable
from zusammenplan.plans.domain.rows import Compared
from zusammenplan.plans.domain.table_rows import rows_of
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries.plans import plan_titled
from zusammenplan.plans.queries.tables import compare_rows

Tally = dict[int, int]
LONGEST_NAME = 120
LONGEST_TITLE = 200


class TableRefusedError(RefusedError):
    """Nothing of the table was taken over."""


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
        if any(table_group(round_, marks) for marks in groups):
            _demand_same_scale(round_, table)
            return round_, False
    for round_ in rounds:
        if any(table_group(round_, marks) for marks in groups):
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


def table_group(round_: Round, marks: GroupMarks) -> Group | None:
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
    return _has_scale(round_, table) and can_pool and (is_complete or not has_voters(round_))


def has_voters(round_: Round) -> bool:
    """Tell whether people have begun to vote, who then have seen the ballot."""
    return any(it.opens_at is not None and it.way != Way.TABLE for it in round_.groups.all())


def _changed_numbers(
    round_: Round | None, groups: Sequence[GroupMarks], table: PlanTable
) -> Iterable[str]:
    """Give the measures of the table whose marks differ from those that the round holds."""
    numbers = {} if round_ is None else {it.pk: it.measure.number for it in round_.items.all()}
    for marks in groups:
        group = None if round_ is None else table_group(round_, marks)
        written = {} if group is None else written_tally(group)
        before = {numbers[item]: tally for item, tally in written.items()}
        counts = group is None or group.counts_marks or marks.are_counted
        for measure in table.measures:
            wanted = counted(marks.marks.get(measure.number, {}), counts=counts)
            if before.get(measure.number, {}) != wanted:
                yield measure.number


def counted(tally: Tally, *, counts: bool) -> Tally:
    return tally if counts else dict.fromkeys(tally, 1)
