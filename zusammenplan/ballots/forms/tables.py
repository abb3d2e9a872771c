"""What a planner chooses about a table: what columns and words mean, whose marks these are."""

from collections.abc import Mapping
from dataclasses import dataclass, field as part
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy as _

from zusammenplan.ballots.actions.outlook import LONGEST_NAME, LONGEST_TITLE
from zusammenplan.ballots.choices import Way
from zusammenplan.ballots.forms.table_files import FoundTable
from zusammenplan.ballots.models import Group
from zusammenplan.ballots.queries import body_named
from zusammenplan.meetings.models import Body
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.domain.plan_table import (
    Column,
    ColumnMeaning,
    NotAPlanTableError,
    PlanField,
    PlanTable,
    RowsAs,
    understand,
)
from zusammenplan.plans.domain.plan_table.cells import split_number
from zusammenplan.plans.domain.table_rows import (
    Decisions,
    decided,
    headings_key,
    in_field,
    status_words,
)
from zusammenplan.plans.models import ColumnMapping, Plan
from zusammenplan.plans.queries.plans import plan_titled
from zusammenplan.plans.queries.table_words import not_a_plan_text

if TYPE_CHECKING:
    from django.utils.functional import Promise

    PlanChoiceField = forms.ModelChoiceField[Plan]
else:
    PlanChoiceField = forms.ModelChoiceField

IGNORED, OTHER, NAMED = "-", "+", "="
"""What a sign's choice begins with: take no marks, another group, the group of this name."""

MEANINGS: dict[ColumnMeaning, "str | Promise"] = {
    ColumnMeaning.NUMBER: _("Number"),
    ColumnMeaning.TITLE: _("Title"),
    ColumnMeaning.GRADE: _("The group's grade"),
    ColumnMeaning.FIELD: _("Field of action"),
    ColumnMeaning.TEXT: _("What shall change"),
    ColumnMeaning.RESPONSIBLE: _("Responsible"),
    ColumnMeaning.PERIOD: _("Period"),
    ColumnMeaning.STATUS: _("Status"),
    ColumnMeaning.PROGRESS: _("Progress"),
    ColumnMeaning.BEGIN: _("Begin"),
    ColumnMeaning.END: _("End"),
    ColumnMeaning.PARENT: _("Number of the row above"),
    ColumnMeaning.KIND: _("Kind: field, goal or measure"),
    ColumnMeaning.GOAL: _("Goal"),
    ColumnMeaning.NEED: _("Need"),
    ColumnMeaning.INDICATOR: _("Indicators"),
    ColumnMeaning.COST: _("Cost (year from the heading)"),
    ColumnMeaning.PARTNERS: _("Partners"),
    ColumnMeaning.TARGET_GROUP: _("Target group"),
    ColumnMeaning.AREA: _("Planning area"),
    ColumnMeaning.IGNORED: _("not taken over"),
}


ROWS_AS: dict[RowsAs, "str | Promise"] = {
    RowsAs.MEASURES: _("measures below their sub-goal"),
    RowsAs.GOALS: _("action goals, without measures"),
    RowsAs.BOTH: _("both: action goals, each with a measure of the same name"),
}
TAKE, JOIN, LEAVE = "take", "join", "leave"


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One line of the table of columns: one column, or all those of the grades."""

    name: str
    indexes: tuple[int, ...]
    letters: str
    headings: str
    samples: tuple[str, ...]
    meaning: ColumnMeaning
    options: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SignChoice:
    """Whose marks stand under a sign."""

    sign: str
    index: int
    value: str
    other: str
    options: list[tuple[str, str]]

    @property
    def group(self) -> str:
        """The group's name; empty if no marks are taken."""
        if self.value == OTHER:
            return self.other
        return self.value.removeprefix(NAMED) if self.value.startswith(NAMED) else ""


@dataclass(frozen=True, slots=True)
class StatusChoice:
    """What a word of the table says about where a measure stands."""

    written: str
    value: str
    proposal: str
    is_progress: bool


@dataclass(slots=True)
class Choices:
    """
    What the planner chose on the page that checks a table.

    ``table`` is what the file holds under the chosen columns; nothing if they make no sense, and
    then ``refusal`` says why.
    """

    plan: Plan | None
    title: str
    columns: list[ColumnChoice] = part(default_factory=list)
    signs: list[SignChoice] = part(default_factory=list)
    overruled: dict[int, ColumnMeaning] = part(default_factory=dict)
    rows_as: RowsAs = RowsAs.MEASURES
    statuses: list[StatusChoice] = part(default_factory=list)
    decided: dict[tuple[int, int], str] = part(default_factory=dict)
    field: str = ""
    table: PlanTable | None = None
    refusal: str = ""

    @property
    def marks_of(self) -> dict[str, str]:
        return {choice.sign: choice.group for choice in self.signs if choice.group}

    @property
    def status_words(self) -> dict[str, str]:
        """Give the status of each word that the person chose, where it is not the proposal."""
        return {it.written: it.value for it in self.statuses if it.value != it.proposal}

    @property
    def is_own(self) -> bool:
        """Tell whether the person said something about columns or words that can be kept."""
        return bool(self.overruled or self.status_words or self.rows_as is not RowsAs.MEASURES)

    def query(self, **more: str) -> str:
        """Write the choices as they stand in the page's address."""
        pairs = [("plan", self.plan.slug)] if self.plan else [("title", self.title)]
        pairs += [(_column_name(index), it.value) for index, it in self.overruled.items()]
        if self.rows_as is not RowsAs.MEASURES:
            pairs.append(("rows-as", self.rows_as.value))
        if self.field:
            pairs.append(("field", self.field))
        pairs += [(status_name(it), value or IGNORED) for it, value in self.status_words.items()]
        pairs += [(indicator_name(*place), it) for place, it in self.decided.items()]
        for choice in self.signs:
            pairs.append((f"group-{choice.index}", choice.value))
            if choice.value == OTHER:
                pairs.append((f"other-{choice.index}", choice.other))
        return urlencode([*pairs, *more.items()])


def choices_of(data: QueryDict, found: FoundTable, *, plan: Plan | None, title: str) -> Choices:
    """Read the choices from an address or a form; what is missing is proposed."""
    own = found.best.plan
    typed = " ".join(data.get("title", "").split())[:LONGEST_TITLE]
    choices = Choices(plan=plan, title=typed or title)
    for columns in _lines_of_columns(own):
        wanted = _meaning(data.get(_column_name(columns[0].index), ""))
        if wanted is not None and wanted is not columns[0].meaning:
            choices.overruled |= {column.index: wanted for column in columns}
    rows_as = data.get("rows-as", "")
    choices.rows_as = RowsAs(rows_as) if rows_as in set(RowsAs) else RowsAs.MEASURES
    choices.field = " ".join(data.get("field", "").split())[:LONGEST_TITLE]
    table = _understood(choices, found)
    meanings = {column.index: column.meaning for column in table.columns}
    if choices.table is None:
        meanings |= choices.overruled
    choices.columns = [
        _column_choice(columns, meanings.get(columns[0].index, ColumnMeaning.IGNORED))
        for columns in _lines_of_columns(own)
    ]
    if choices.table is not None:
        choices.table = _decided(data, choices, choices.table)
    known = _known_groups(plan or plan_titled(choices.title))
    choices.signs = [
        _sign_choice(data, sign, index, table.legend.get(sign, ""), known)
        for index, sign in enumerate(table.signs)
    ]
    return choices


def _understood(choices: Choices, found: FoundTable) -> PlanTable:
    """Read the table under the chosen columns; if that makes no sense, say so."""
    own = found.best.plan
    if not choices.overruled and choices.rows_as is RowsAs.MEASURES:
        choices.table = None if found.refusal else own
        choices.refusal = found.refusal
        return own
    try:
        choices.table = understand(
            found.best.rows, columns=choices.overruled, rows_as=choices.rows_as
        )
    except NotAPlanTableError as refusal:
        choices.refusal = not_a_plan_text(refusal.reason)
        return own
    return choices.table


def _decided(data: QueryDict, choices: Choices, table: PlanTable) -> PlanTable:
    """Apply what the person decided about words, indicators and the field of action."""
    for word in status_words(table):
        value = data.get(status_name(word.written))
        if value is None or value not in {*MeasureStatus.values, IGNORED}:
            value = word.proposal
        value = "" if value == IGNORED else value
        choices.statuses.append(StatusChoice(word.written, value, word.proposal, word.is_progress))
    for measure in table.measures:
        for place in range(len(measure.split)):
            decision = data.get(indicator_name(measure.row, place), TAKE)
            if decision in {JOIN, LEAVE}:
                choices.decided[measure.row, place] = decision
    table = decided(table, Decisions(choices.status_words, choices.decided))
    if choices.field:
        code, name = split_number(choices.field)
        plan = choices.plan or plan_titled(choices.title)
        known = plan.fields.filter(code=code or name).first() if plan else None
        if known:
            code, name = known.code, known.name_de
        table = in_field(table, PlanField(0, code or "1", name or code))
    return table


def offered(found: FoundTable, choices: Choices) -> tuple[ColumnMapping, Choices] | None:
    """Give what was chosen for the last table with these headings, if it says something else."""
    own = found.best.plan
    key = headings_key(own)
    mapping = ColumnMapping.objects.filter(headings=key).first() if key else None
    if mapping is None:
        return None
    places = {column.index for column in own.columns}
    columns = {
        int(index): ColumnMeaning(meaning)
        for index, meaning in mapping.columns.items()
        if int(index) in places and meaning in set(ColumnMeaning)
    }
    rows_as = RowsAs(mapping.rows_as) if mapping.rows_as in set(RowsAs) else RowsAs.MEASURES
    is_same = columns == choices.overruled and rows_as is choices.rows_as
    if is_same and all(
        mapping.statuses.get(it.written, it.proposal) == it.value for it in choices.statuses
    ):
        return None
    wanted = Choices(choices.plan, choices.title, overruled=columns, rows_as=rows_as)
    wanted.field, wanted.signs = choices.field, choices.signs
    wanted.statuses = [
        StatusChoice(written, status, "?", is_progress=False)
        for written, status in mapping.statuses.items()
    ]
    return mapping, wanted


def indicator_name(row: int, place: int) -> str:
    return f"indicator-{row}-{place}"


def status_name(written: str) -> str:
    return f"status-{written}"


def _lines_of_columns(table: PlanTable) -> list[list[Column]]:
    """Take the columns of the grades together."""
    lines: list[list[Column]] = []
    for column in table.columns:
        if lines and column.meaning is lines[-1][0].meaning is ColumnMeaning.GRADE:
            lines[-1].append(column)
        else:
            lines.append([column])
    return lines


def _column_name(index: int) -> str:
    return f"column-{index}"


def _meaning(value: str) -> ColumnMeaning | None:
    return ColumnMeaning(value) if value in set(ColumnMeaning) else None


def _column_choice(columns: list[Column], meaning: ColumnMeaning) -> ColumnChoice:
    first, last = columns[0], columns[-1]
    headings = [
        gettext("“%(heading)s”") % {"heading": column.heading}
        for column in (first, last)
        if column.heading
    ]
    is_grade = first.meaning is ColumnMeaning.GRADE
    meanings = [ColumnMeaning.GRADE, ColumnMeaning.IGNORED] if is_grade else list(ColumnMeaning)
    if not is_grade and first.grade is None:
        meanings.remove(ColumnMeaning.GRADE)
    return ColumnChoice(
        name=_column_name(first.index),
        indexes=tuple(column.index for column in columns),
        letters=_from_to(first.letter, last.letter),
        headings=_from_to(*headings[:1], *headings[-1:]),
        samples=tuple(dict.fromkeys(it for column in columns for it in column.samples))[:3],
        meaning=meaning,
        options=[(it.value, str(MEANINGS[it])) for it in meanings],
    )


def _from_to(*ends: str) -> str:
    if len(set(ends)) < 2:  # noqa: PLR2004 - one end, or both the same
        return ends[0] if ends else ""
    return gettext("%(first)s to %(last)s") % {"first": ends[0], "last": ends[-1]}


def _known_groups(plan: Plan | None) -> dict[str, str]:
    """Give the groups that marks can belong to, each with its sign if one is known."""
    known = dict.fromkeys(Body.objects.order_by("name_de").values_list("name_de", flat=True), "")
    if plan is not None:
        groups = Group.objects.filter(round__plan=plan, way=Way.TABLE).order_by("-pk")
        for name, mark in groups.values_list("name_de", "mark"):
            known[name] = known.get(name) or mark
    return known


def _sign_choice(
    data: QueryDict, sign: str, index: int, legend: str, known: Mapping[str, str]
) -> SignChoice:
    options = [(IGNORED, gettext("take no marks"))]
    options += [(f"{NAMED}{name}", name) for name in known]
    options.append((OTHER, gettext("another group")))
    value = data.get(f"group-{index}", "")
    other = " ".join(data.get(f"other-{index}", "").split())[:LONGEST_NAME]
    if value not in dict(options):
        value, other = _proposal(sign, legend, known)
    return SignChoice(sign, index, value, other, options)


def _proposal(sign: str, legend: str, known: Mapping[str, str]) -> tuple[str, str]:
    """Propose whose sign it is: by the legend in the file, by the plan's last round."""
    if legend:
        body = body_named(legend)
        name = body.name_de if body else legend
        return (f"{NAMED}{name}", "") if name in known else (OTHER, legend)
    by_mark = [name for name, mark in known.items() if mark == sign]
    return (f"{NAMED}{by_mark[0]}", "") if len(by_mark) == 1 else (IGNORED, "")
