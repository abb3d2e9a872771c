"""What a planner types when a table is taken over: the file, the plan, columns, whose marks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy as _

from zusammenplan.ballots.choices import Way
from zusammenplan.ballots.models import Group
from zusammenplan.ballots.queries import body_named
from zusammenplan.core.tables import (
    MAX_BYTES,
    Table,
    UnreadableFileError,
    demand_size,
    read_tables,
)
from zusammenplan.meetings.models import Body
from zusammenplan.plans.domain.plan_table import (
    BestTable,
    Column,
    ColumnMeaning,
    NotAPlanTableError,
    PlanTable,
    best_table,
    understand,
)
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries.plans import not_a_plan_text, plan_titled

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.utils.functional import Promise

    PlanField = forms.ModelChoiceField[Plan]
else:
    PlanField = forms.ModelChoiceField

LONGEST_FILE_NAME = 120
LONGEST_NAME = 120
LONGEST_TITLE = 200
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
    ColumnMeaning.IGNORED: _("not taken over"),
}


class TableForm(forms.Form):
    """The file with the table, and the plan that it goes into."""

    file = forms.FileField(
        label=_("File with the table"),
        help_text=_(
            "Word (DOCX), Excel (XLSX), CSV or text, up to %(limit)s MB. "
            "It is only read; nothing is saved yet."
        )
        % {"limit": MAX_BYTES // 1024 // 1024},
        allow_empty_file=True,
        error_messages={"required": _("Choose the file with the table.")},
    )
    plan = PlanField(
        queryset=Plan.objects.none(),
        label=_("Plan"),
        required=False,
        empty_label=_("Add a new plan"),
        to_field_name="slug",
    )
    title = forms.CharField(
        label=_("Title of the new plan"),
        required=False,
        max_length=LONGEST_TITLE,
        help_text=_("Without a title, the heading above the table or the file's name is taken."),
    )

    def __init__(self, *args: Any, plans: QuerySet[Plan], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["plan"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = plans
        self.content = b""

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        name = short_name(file.name or "")
        try:
            demand_size(name, file.size or 0)
            self.content = file.read()
            found_in(name, self.content)
        except UnreadableFileError as refusal:
            raise ValidationError(str(refusal)) from refusal
        return file


def short_name(name: str) -> str:
    """Keep a file's name readable: the end tells what kind of file it is."""
    return name if len(name) <= LONGEST_FILE_NAME else f"…{name[-LONGEST_FILE_NAME:]}"


@dataclass(frozen=True, slots=True)
class FoundTable:
    """The table of a file that is a plan's, with what all tables of the file are."""

    tables: list[Table]
    best: BestTable

    @property
    def chosen(self) -> list[Table]:
        return [self.tables[index] for index in self.best.indexes]


def found_in(name: str, content: bytes) -> FoundTable:
    """
    Find a plan's table in a file.

    :raises UnreadableFileError: if the file cannot be read, or holds no such table
    """
    tables = read_tables(name, content)
    try:
        best = best_table([[(row.number, row.cells) for row in it.rows] for it in tables])
    except NotAPlanTableError as refusal:
        raise UnreadableFileError(not_a_plan_text(refusal.reason)) from refusal
    return FoundTable(tables, best)


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One line of the table of columns: one column, or all those of the grades."""

    name: str
    indexes: tuple[int, ...]
    letters: str
    headings: str
    example: str
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


@dataclass(slots=True)
class Choices:
    """
    What the planner chose on the page that checks a table.

    ``table`` is what the file holds under the chosen columns; nothing if they make no sense, and
    then ``refusal`` says why.
    """

    plan: Plan | None
    title: str
    columns: list[ColumnChoice] = field(default_factory=list)
    signs: list[SignChoice] = field(default_factory=list)
    overruled: dict[int, ColumnMeaning] = field(default_factory=dict)
    table: PlanTable | None = None
    refusal: str = ""

    @property
    def marks_of(self) -> dict[str, str]:
        return {choice.sign: choice.group for choice in self.signs if choice.group}

    def query(self, **more: str) -> str:
        """Write the choices as they stand in the page's address."""
        pairs = [("plan", self.plan.slug)] if self.plan else [("title", self.title)]
        pairs += [(_column_name(index), it.value) for index, it in self.overruled.items()]
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
    try:
        table = understand(found.best.rows, columns=choices.overruled) if choices.overruled else own
        choices.table = table
    except NotAPlanTableError as refusal:
        table, choices.refusal = own, not_a_plan_text(refusal.reason)
    meanings = {column.index: column.meaning for column in table.columns}
    if choices.table is None:
        meanings |= choices.overruled
    choices.columns = [
        _column_choice(columns, meanings.get(columns[0].index, ColumnMeaning.IGNORED))
        for columns in _lines_of_columns(own)
    ]
    known = _known_groups(plan or plan_titled(choices.title))
    choices.signs = [
        _sign_choice(data, sign, index, table.legend.get(sign, ""), known)
        for index, sign in enumerate(table.signs)
    ]
    return choices


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
        example=next((column.example for column in columns if column.example), ""),
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
