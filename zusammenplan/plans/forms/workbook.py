"""The workbook that somebody edited: which file it is, and what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy as _

from zusammenplan.core.garbage import without_collecting
from zusammenplan.core.inputs import UploadField
from zusammenplan.core.tables import (
    MAX_BYTES,
    Sheet as FileSheet,
    Uncomputed as FileUncomputed,
    UnreadableFileError,
    demand_size,
    read_sheets,
)
from zusammenplan.core.uploads import short_name
from zusammenplan.plans.domain.plan_table.cells import column_letter
from zusammenplan.plans.domain.workbook import (
    ELSEWHERE,
    SHEETS,
    SIGN,
    Book,
    FileRow,
    Uncomputed,
    digest,
    nothing_in,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.uploadedfile import UploadedFile

    from zusammenplan.core.tables import CellValue
    from zusammenplan.plans.domain.workbook.shapes import Cell
    from zusammenplan.plans.models import Plan

NAMES_ROW, FIRST_ROW = 1, 3


class WorkbookForm(forms.Form):
    """The edited workbook."""

    file = UploadField(
        label=_("Edited workbook"),
        help_text=format_lazy(
            _("The Excel file (XLSX) that you downloaded here, up to {limit} MB."),
            limit=MAX_BYTES // 1024 // 1024,
        ),
        allow_empty_file=True,
        error_messages={"required": _("Choose the workbook that you edited.")},
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.content = b""

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        name = short_name(file.name or "")
        try:
            demand_size(name, file.size or 0)
            self.content = file.read()
            read_workbook(name, self.content, plan=self.plan)
        except UnreadableFileError as refusal:
            raise ValidationError(str(refusal)) from refusal
        return file


@dataclass(frozen=True, slots=True)
class EditedBook:
    """An edited workbook, and when it was made."""

    book: Book
    made_at: datetime


@without_collecting()
def read_workbook(name: str, content: bytes, *, plan: Plan) -> EditedBook:
    """
    Read a workbook that was made from this plan.

    :raises UnreadableFileError: if it is another file, of another plan, or lacks its hidden parts
    """
    sheets = read_sheets(name, content)
    stand = next((it for it in sheets if it.rows.get(1, {}).get(0) == SIGN), None)
    if stand is None:
        raise UnreadableFileError(
            gettext(
                "“%(file)s” is not a workbook that was made here, or its hidden sheet is gone. "
                "Download the workbook anew and change that one, or take over the file as a table."
            )
            % {"file": name}
        )
    first = stand.rows[1]
    slug, made_at = str(first.get(2, "")), _moment(str(first.get(3, "")))
    if slug != plan.slug:
        raise UnreadableFileError(
            gettext(
                "“%(file)s” was made from another plan (%(slug)s). Choose this plan's workbook."
            )
            % {"file": name, "slug": slug or "–"}
        )
    if made_at is None:
        raise UnreadableFileError(
            gettext("The hidden sheet of “%(file)s” is damaged. Download the workbook anew.")
            % {"file": name}
        )
    base, labels = _base(stand)
    rows: dict[str, tuple[FileRow, ...]] = {}
    letters: dict[str, dict[str, str]] = {}
    for sheet in sheets:
        key = str(sheet.rows.get(NAMES_ROW, {}).get(0, "")).removeprefix("zp:")
        if key in SHEETS and key not in rows:
            columns = _columns(key, sheet)
            letters[key] = {column: column_letter(at) for at, column in columns.items()}
            rows[key] = tuple(_rows(sheet, columns))
    if not rows:
        raise UnreadableFileError(
            gettext(
                "The hidden first rows of the sheets in “%(file)s” are gone, so nobody can tell "
                "what the columns mean. Download the workbook anew."
            )
            % {"file": name}
        )
    return EditedBook(Book(rows, base, labels, letters), made_at)


def _moment(text: str) -> datetime | None:
    """Read the moment that the workbook notes; one that is nowhere on earth's clocks is none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _base(
    stand: FileSheet,
) -> tuple[dict[str, dict[str, Mapping[str, str]]], dict[str, dict[str, str]]]:
    base: dict[str, dict[str, Mapping[str, str]]] = {sheet: {} for sheet in SHEETS}
    labels: dict[str, dict[str, str]] = {sheet: {} for sheet in (*SHEETS, ELSEWHERE)}
    empty = {
        sheet: {column.key: digest(column, nothing_in(column)) for column in SHEETS[sheet].columns}
        for sheet in SHEETS
    }
    for number, cells in stand.rows.items():
        sheet, _tab, rest = str(cells.get(0, "")).partition("\t")
        key, _tab, rest = rest.partition("\t")
        if number == 1 or sheet not in labels or not key:
            continue
        marks, _tab, label = rest.partition("\t")
        labels[sheet][label.casefold()] = key
        if sheet == ELSEWHERE:
            continue
        written = (mark.partition("=") for mark in marks.split())
        base[sheet][key] = {**empty[sheet], **{name: mark for name, _sign, mark in written}}
    return base, labels


def _columns(key: str, sheet: FileSheet) -> dict[int, str]:
    known = {column.key for column in SHEETS[key].columns}
    found: dict[int, str] = {}
    for at, value in sheet.rows[NAMES_ROW].items():
        if at and value in known and value not in found.values():
            found[at] = str(value)
    return found


def _rows(sheet: FileSheet, columns: Mapping[int, str]) -> list[FileRow]:
    return [
        FileRow(
            number,
            str(cells.get(0, "")),
            {column: _cell(cells.get(at)) for at, column in columns.items()},
        )
        for number, cells in sheet.rows.items()
        if number >= FIRST_ROW
    ]


def _cell(value: CellValue | None) -> Cell:
    return Uncomputed() if isinstance(value, FileUncomputed) else value
