"""The file with a plan's table: chosen, read, and which of its tables is the plan's."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from zusammenplan.ballots.actions.outlook import LONGEST_TITLE
from zusammenplan.core.inputs import UploadField
from zusammenplan.core.tables import (
    MAX_BYTES,
    Table,
    UnreadableFileError,
    demand_size,
    read_tables,
)
from zusammenplan.core.uploads import short_name
from zusammenplan.plans.domain.plan_table import (
    BestTable,
    InputRow,
    NotAPlanTableError,
    best_table,
    columns_only,
)
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries.table_words import not_a_plan_text

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    PlanChoiceField = forms.ModelChoiceField[Plan]
else:
    PlanChoiceField = forms.ModelChoiceField


class TableForm(forms.Form):
    """The file with the table, and the plan that it goes into."""

    file = UploadField(
        label=_("File with the table"),
        help_text=format_lazy(
            _(
                "Word (DOCX), Excel (XLSX), CSV or text, up to {limit} MB. "
                "It is only read; nothing is saved yet."
            ),
            limit=MAX_BYTES // 1024 // 1024,
        ),
        allow_empty_file=True,
        error_messages={"required": _("Choose the file with the table.")},
    )
    plan = PlanChoiceField(
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

    def __init__(self, *args: Any, plans: QuerySet[Plan], **kwargs: Any) -> None:
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


def readable_name(name: str) -> str:
    """Make a title of a file's name: “sozialplan_2027-final.xlsx” is “Sozialplan 2027-final”."""
    stem = name.rpartition(".")[0] or name
    title = " ".join(re.sub(r"_+|(?<=\D)-+(?=\D)", " ", stem).split())
    return title[:1].upper() + title[1:]


@dataclass(frozen=True, slots=True)
class FoundTable:
    """
    The table of a file that is a plan's, with what all tables of the file are.

    With a ``refusal`` nobody but a person can say what its columns mean.
    """

    tables: list[Table]
    best: BestTable
    refusal: str = ""

    @property
    def chosen(self) -> list[Table]:
        return [self.tables[index] for index in self.best.indexes]


def found_in(name: str, content: bytes) -> FoundTable:
    """
    Find a plan's table in a file; else the largest one with columns, which a person explains.

    :raises UnreadableFileError: if the file cannot be read, or holds no such table
    """
    tables = read_tables(name, content)
    rows: list[list[InputRow]] = [[(row.number, row.cells) for row in it.rows] for it in tables]
    try:
        return FoundTable(tables, best_table(rows))
    except NotAPlanTableError as refusal:
        words = not_a_plan_text(refusal.reason)
        index = max(range(len(rows)), key=lambda at: len(rows[at]))
        try:
            own = columns_only(rows[index])
        except NotAPlanTableError:
            raise UnreadableFileError(words) from refusal
        return FoundTable(tables, BestTable((index,), rows[index], own), words)
