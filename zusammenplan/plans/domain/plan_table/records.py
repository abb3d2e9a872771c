"""Second pass: from rows to fields and measures, or to the reason why a row is neither."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from zusammenplan.plans.domain.numbers import (
    Key,
    is_number,
    next_code,
    number_key,
    parent_key,
)
from zusammenplan.plans.domain.plan_table.cells import (
    code_and_name,
    column_letter,
    date_parts,
    short,
)
from zusammenplan.plans.domain.plan_table.details import details_of
from zusammenplan.plans.domain.plan_table.lines import Found
from zusammenplan.plans.domain.plan_table.marks import SIGNS, UnreadableSignError, marks_of
from zusammenplan.plans.domain.plan_table.shapes import (
    COUNT,
    MAX_NAME,
    MAX_TITLE,
    Column,
    ColumnMeaning,
    Hint,
    PlanField,
    PlanMeasure,
    PlanTable,
    Reason,
)

if TYPE_CHECKING:
    from zusammenplan.plans.domain.plan_table.cells import Line
    from zusammenplan.plans.domain.plan_table.header import Layout
    from zusammenplan.plans.domain.plan_table.lines import Findings
SAMPLES = 3


class Records:
    def __init__(self, layout: Layout, findings: Findings) -> None:
        self.layout = layout
        self.findings = findings
        self.refuse, self.note = findings.refuse, findings.note
        self.fields: dict[Key, PlanField] = {}
        self.names: dict[str, PlanField] = {}
        self.last_of_column: PlanField | None = None
        self.measures: list[PlanMeasure] = []

    def sort_out(self, all_rows: list[Found]) -> None:
        keys = {number_key(found.number) for found in all_rows if is_number(found.number)}
        parents = {key[:length] for key in keys for length in range(1, len(key))}
        is_deep = any(len(key) > 1 for key in keys)
        tops = {key[0].isdecimal() for key in keys if len(key) == 1}
        has_column = self.layout.index(ColumnMeaning.FIELD) is not None

        def is_field(found: Found) -> bool:
            if found.is_heading or not is_number(found.number) or date_parts(found.number):
                return found.is_heading
            key = number_key(found.number)
            if has_column:
                return key in parents and not (found.marks or found.texts)
            if key in parents and not found.marks:
                return True
            is_lettered = tops == {True, False} and not key[0].isdecimal()
            return len(key) == 1 and (is_deep or is_lettered)

        rows = [(found, is_field(found)) for found in all_rows]
        has_fields = any(of_field for _found, of_field in rows)
        if has_fields:
            # A column such as “Bereich” beside fields in rows of their own says something else.
            for index, meaning in self.layout.meanings.items():
                if meaning is ColumnMeaning.FIELD:
                    self.layout.meanings[index] = ColumnMeaning.IGNORED
        numbered = {number_key(found.number) for found, of_field in rows if of_field}
        matches = any(
            not of_field and parent_key(found.number) in numbered for found, of_field in rows
        )
        self._dashes_that_are_empty([found for found, of_field in rows if not of_field])
        section: PlanField | None = None
        by_number: dict[Key, int] = {}
        for found, of_field in rows:
            if of_field:
                section = self._take_field(found) or section
            else:
                self._take_measure(
                    found, by_number, section, has_fields=has_fields, matches=matches
                )

    def _take_field(self, found: Found) -> PlanField | None:
        code = found.number or self._free_code()
        key = number_key(code)
        if not found.title:
            self.refuse(found.row, Reason.TITLE_MISSING, number=code)
            return None
        if len(found.title) > MAX_NAME:
            self.refuse(found.row, Reason.NAME_TOO_LONG, number=code, limit=MAX_NAME)
            return None
        if found.marks:
            grades = ", ".join(str(grade) for grade in found.marks)
            self.refuse(found.row, Reason.MARK_ON_FIELD, number=code, grades=grades)
        known = self.fields.get(key) or (self.names.get(found.title) if found.is_heading else None)
        if known is None:
            self.fields[key] = self.names[found.title] = PlanField(found.row, code, found.title)
            return self.fields[key]
        if same_name(known.name, found.title):
            self.note(found.row, Hint.FIELD_REPEATED, number=code)
            return known
        self.refuse(found.row, Reason.FIELD_TWICE, number=code, first_row=known.row)
        return None

    def _free_code(self) -> str:
        return next_code(it.code for it in self.fields.values())

    def _take_measure(
        self,
        found: Found,
        by_number: dict[Key, int],
        section: PlanField | None,
        *,
        has_fields: bool,
        matches: bool,
    ) -> None:
        if not self._has_sound_number(found, by_number):
            return
        # A number is taken even if its row is refused: the second one would be as wrong.
        by_number[number_key(found.number)] = found.row
        if not found.title:
            self.refuse(found.row, Reason.TITLE_MISSING, number=found.number)
            return
        marks = self._sound_marks(found)
        details = details_of(found.line, self.layout, self.findings, found.number)
        if marks is None or details is None:
            return
        code = self._field_code(found, section, has_fields=has_fields, matches=matches)
        if code is None:
            return
        title, text = title_and_text(found.title)
        if text:
            self.note(found.row, Hint.TITLE_SHORTENED, number=found.number, limit=MAX_TITLE)
        if own := found.texts.get(ColumnMeaning.TEXT):
            text = f"{text}\n\n{own}" if text else own
        self.measures.append(
            PlanMeasure(
                row=found.row,
                number=found.number,
                title=title,
                text=text,
                field_code=code,
                marks={},
                sign=None,
                marks_by_sign=marks,
                extra=details.extra,
                status=details.status,
                split=details.indicators,
                indicators=details.indicators,
                costs=details.costs,
                starts_on=details.starts_on,
                ends_on=details.ends_on,
            )
        )

    def _has_sound_number(self, found: Found, by_number: dict[Key, int]) -> bool:
        number = found.number
        if not number:
            self.refuse(found.row, Reason.NUMBER_MISSING, title=short(found.title))
        elif date := date_parts(number):
            meant = ".".join(date)
            self.refuse(found.row, Reason.NUMBER_IS_DATE, number=number, meant=meant)
        elif not is_number(number):
            self.refuse(found.row, Reason.NUMBER_UNREADABLE, number=short(number))
        elif number_key(number) in by_number:
            first = by_number[number_key(number)]
            self.refuse(found.row, Reason.NUMBER_TWICE, number=number, first_row=first)
        else:
            return True
        return False

    def _sound_marks(self, found: Found) -> dict[str, dict[int, int]] | None:
        if found.outside:
            self.refuse(
                found.row,
                Reason.MARK_OUTSIDE_SCALE,
                number=found.number,
                sign=found.outside,
                column=column_letter(max(self.layout.grades) + 1),
            )
            return None
        by_sign: defaultdict[str, dict[int, int]] = defaultdict(dict)
        for grade, cell in found.marks.items():
            try:
                marks = marks_of(cell)
            except UnreadableSignError:
                self.refuse(
                    found.row,
                    Reason.SIGN_UNREADABLE,
                    number=found.number,
                    sign=short(cell),
                    grade=grade,
                    column=self._letter_of(grade),
                )
                return None
            for sign, count in marks.items():
                by_sign[sign][grade] = count
        for sign, marks_of_sign in by_sign.items():
            if sign != COUNT and len(marks_of_sign) > 1 and set(marks_of_sign.values()) == {1}:
                self.refuse(
                    found.row,
                    Reason.TWO_MARKS,
                    number=found.number,
                    sign=sign,
                    grades=", ".join(str(grade) for grade in marks_of_sign),
                    columns=", ".join(self._letter_of(grade) for grade in marks_of_sign),
                )
                return None
        return dict(by_sign)

    def _letter_of(self, grade: int) -> str:
        return column_letter(next(at for at, own in self.layout.grades.items() if own == grade))

    def _dashes_that_are_empty(self, rows: list[Found]) -> None:
        """Tell a group that marks with a dash from people who strike through what is empty."""
        dashed = [
            sum(1 for cell in found.marks.values() if SIGNS.get(cell) == "-") for found in rows
        ]
        with_dash = sum(1 for count in dashed if count)
        has_counts = any(cell.isdecimal() for found in rows for cell in found.marks.values())
        striking = sum(1 for count in dashed if count > 1)
        if with_dash and (has_counts or striking * 2 > with_dash):
            self.note(self.layout.header[-1].number, Hint.DASHES_ARE_EMPTY)
            for found in rows:
                found.marks = {
                    grade: cell for grade, cell in found.marks.items() if SIGNS.get(cell) != "-"
                }

    def _field_code(
        self, found: Found, section: PlanField | None, *, has_fields: bool, matches: bool
    ) -> str | None:
        if not has_fields:
            has_column = self.layout.index(ColumnMeaning.FIELD) is not None
            return self._field_of_column(found) if has_column else ""
        parent = own = parent_key(found.number)
        while parent:
            if parent in self.fields:
                return self.fields[parent].code
            parent = parent[:-1]
        if section is None:
            self.refuse(found.row, Reason.BEFORE_ANY_FIELD, number=found.number)
            return None
        if matches and own:
            field_code = ".".join(own).upper()
            self.refuse(found.row, Reason.FIELD_UNKNOWN, number=found.number, field=field_code)
            return None
        return section.code

    def _field_of_column(self, found: Found) -> str | None:
        """Take the field from its column; an empty cell is one merged with those above."""
        written = found.texts.get(ColumnMeaning.FIELD, "")
        if not written:
            if self.last_of_column is None:
                self.refuse(found.row, Reason.BEFORE_ANY_FIELD, number=found.number)
                return None
            return self.last_of_column.code
        code, name = code_and_name(written)
        known = self.fields.get(number_key(code)) if code else self.names.get(name)
        if known and name and not same_name(known.name, name):
            self.refuse(found.row, Reason.FIELD_TWICE, number=code, first_row=known.row)
            return None
        if known is None:
            code = code or self._code_from_number(found.number)
            known = self._take_field(Found(found.row, code, name or code, {}, found.line))
        self.last_of_column = known
        return known.code if known else None

    def _code_from_number(self, number: str) -> str:
        parent = parent_key(number)
        if parent and parent not in self.fields:
            return ".".join(parent).upper()
        return self._free_code()

    def plan_table(self, body: list[Line], *, legend: dict[str, str]) -> PlanTable:
        frequency = Counter(sign for measure in self.measures for sign in measure.marks_by_sign)
        signs = tuple(sign for sign, _count in frequency.most_common())
        measures = []
        for measure in self.measures:
            own = next((sign for sign in signs if sign in measure.marks_by_sign), None)
            marks = measure.marks_by_sign[own] if own else {}
            measures.append(replace(measure, marks=marks, sign=own))
            if signs and own is None:
                self.note(measure.row, Hint.NO_MARK, number=measure.number)
        if measures and not self.fields:
            self.note(measures[0].row, Hint.NO_FIELDS)
        if self.layout.second_scale:
            self.note(self.layout.header[-1].number, Hint.SECOND_SCALE)
        return PlanTable(
            header_rows=tuple(line.number for line in self.layout.header),
            columns=columns_of(self.layout, body),
            grades=tuple(sorted(self.layout.grades.values())),
            fields=tuple(self.fields.values()),
            measures=tuple(measures),
            refused=tuple(sorted(self.findings.refused, key=lambda refused: refused.row)),
            notes=tuple(sorted(self.findings.notes, key=lambda note: note.row)),
            signs=signs,
            legend=legend,
        )


def columns_of(layout: Layout, body: list[Line]) -> tuple[Column, ...]:
    """Tell what each column means, with samples: no title line, no heading of the next page."""
    columns = []
    rows = [line for line in body if line.filled > 1] or body
    for index, meaning in layout.meanings.items():
        heading = layout.heading(index)
        cells = (line.cell(index) for line in rows)
        samples = list(dict.fromkeys(short(cell) for cell in cells if cell not in {"", heading}))[
            :SAMPLES
        ]
        if meaning is ColumnMeaning.IGNORED and not heading and not samples:
            continue
        grade = layout.grades.get(index)
        letter = column_letter(index)
        example = samples[0] if samples else ""
        columns.append(Column(index, letter, heading, example, meaning, grade, tuple(samples)))
    return tuple(columns)


def same_name(known: str, written: str) -> bool:
    """Compare without “(Fortsetzung)”, which a page break adds."""
    plain = re.sub(r"\s*\((?:Fortsetzung|Forts\.|continued)\)$", "", written)
    return known.casefold() == plain.casefold()


def title_and_text(title: str) -> tuple[str, str]:
    """Shorten what is too long for a title at its first sentence or colon; keep all as text."""
    if len(title) <= MAX_TITLE:
        return title, ""
    ends = [found.start() for found in re.finditer(r"(?<=\w{3})[.:;](?=\s)", title[:MAX_TITLE])]
    if ends:
        return title[: ends[0]], title
    start = title[: MAX_TITLE - 1]
    words, space, _rest = start.rpartition(" ")
    return (f"{words} …" if space else f"{start}…"), title
