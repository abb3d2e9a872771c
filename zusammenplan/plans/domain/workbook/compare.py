"""An edited workbook next to the plan as it is now, and as it was when the workbook was made."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from zusammenplan.core.periods import parse_period
from zusammenplan.plans.domain.workbook.cells import (
    CellRefusedError,
    Refs,
    demand_fit,
    short,
    text_of,
    value_of,
)
from zusammenplan.plans.domain.workbook.fitting import Found, refuse_what_does_not_fit
from zusammenplan.plans.domain.workbook.records import clean_name, labels_of, records_of
from zusammenplan.plans.domain.workbook.shapes import (
    DEFAULTS,
    LONGEST_CELL,
    SHEETS,
    CellChange,
    Difference,
    GoneRow,
    Kind,
    NewRow,
    Value,
    Why,
    digest,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zusammenplan.plans.domain.content import PlanContent
    from zusammenplan.plans.domain.workbook.records import Records
    from zusammenplan.plans.domain.workbook.shapes import (
        Book,
        Column,
        FileRow,
        Record,
        Sheet,
        Vocabulary,
    )


# Where a new row says what it belongs to, and what it is called.
ABOVE = ("measure", "indicator", "need")
OWN = ("title_de", "text_de", "other", "year", "on")


def compare(content: PlanContent, book: Book, vocabulary: Vocabulary) -> Difference:
    """Tell what the workbook would change in the plan."""
    return _Comparison(content, book, vocabulary).difference()


class _Comparison:
    def __init__(self, content: PlanContent, book: Book, vocabulary: Vocabulary) -> None:
        self.book = book
        self.records: Records = records_of(content)
        self.vocabulary = replace(vocabulary, names=_names_in(self.records))
        self.depths = {clean_name(one.name.de): one.depth for one in content.levels}
        self.tied = {
            f"i{one.pk}" for measure in content.measures for one in measure.indicators if one.tie
        }
        self.current: dict[str, dict[str, Record]] = {
            sheet: {one.key: one for one in rows} for sheet, rows in self.records.items()
        }
        self.found = Found(self.current, book.letters)
        self.labels = labels_of(self.records)
        self.old_rows, self.new_rows = self._sorted_rows()
        self.refs = Refs(
            book.labels,
            {
                sheet: {one.label.casefold(): one.key for one in rows}
                for sheet, rows in self.records.items()
            },
            self._names_in_file(),
        )

    def difference(self) -> Difference:
        for sheet in SHEETS.values():
            for key, row in self.old_rows[sheet.key].items():
                self._compare_row(sheet, key, row)
            for key, row in self.new_rows[sheet.key].items():
                self._read_new(sheet, key, row)
            self._find_gone(sheet)
        refuse_what_does_not_fit(self.found, depths=self.depths, tied=self.tied)
        found = self.found
        return Difference(
            tuple(found.changes),
            tuple(found.new),
            tuple(found.gone),
            tuple(sorted(found.refused, key=lambda it: (list(SHEETS).index(it.sheet), it.row))),
            self.labels,
        )

    # Rows

    def _sorted_rows(
        self,
    ) -> tuple[dict[str, dict[str, FileRow]], dict[str, dict[str, FileRow]]]:
        """Tell rows that stand in the plan from new ones; a row that was copied is new."""
        old: dict[str, dict[str, FileRow]] = {sheet: {} for sheet in SHEETS}
        new: dict[str, dict[str, FileRow]] = {sheet: {} for sheet in SHEETS}
        for sheet in SHEETS:
            base = self.book.base.get(sheet, {})
            for row in self.book.rows.get(sheet, ()):
                is_blank = not any(text_of(cell).strip() for cell in row.cells.values())
                if row.key in base and row.key not in old[sheet]:
                    if not is_blank:
                        old[sheet][row.key] = row
                elif row.key and row.key not in base:
                    self.found.refuse(sheet, row.row, "", Why.FOREIGN_ROW)
                elif not is_blank:
                    new[sheet][f"+{sheet}-{row.row}"] = row
        return old, new

    def _names_in_file(self) -> dict[str, dict[str, str]]:
        """Give the names that rows have by what stands in them now: number or title."""
        found: dict[str, dict[str, str]] = {}
        for sheet, names in (
            ("measures", ("number", "title_de")),
            ("goals", ("number", "title_de")),
            ("needs", ("number", "title_de")),
            ("indicators", ("text_de",)),
        ):
            rows = [*self.new_rows[sheet].items(), *self.old_rows[sheet].items()]
            written = [
                (clean_name(text_of(row.cells.get(name))).casefold(), key)
                for key, row in rows
                for name in names
            ]
            counts = Counter(name for name, _key in written)
            found[sheet] = {name: key for name, key in written if name and counts[name] == 1}
            for key, row in self.new_rows[sheet].items():
                title = text_of(row.cells.get(names[-1]))
                number = text_of(row.cells.get("number")) if "number" in names else ""
                self.labels[key] = clean_name(f"{number} {title}")
        return found

    def _compare_row(self, sheet: Sheet, key: str, row: FileRow) -> None:
        base = self.book.base[sheet.key][key]
        record = self.current[sheet.key].get(key)
        changes = []
        for column in sheet.columns:
            if column.key not in row.cells or column.key not in base:
                continue
            value = self._changed_value(sheet, column, row, base[column.key], record)
            if value is _UNCHANGED:
                continue
            if record is None:
                self.found.refuse(sheet.key, row.row, "", Why.DELETED_MEANWHILE)
                return
            old = record.values[column.key]
            if digest(column, old) == digest(column, value):
                continue  # the plan has this value by now
            changes.append(
                CellChange(
                    sheet.key,
                    row.row,
                    self.found.address(sheet.key, row.row, column.key),
                    key,
                    record.label,
                    column.key,
                    old,
                    value,
                    is_conflict=digest(column, old) != base[column.key],
                )
            )
        if record is not None:
            changes += self._days_of_period(record, changes)
        self.found.changes += changes

    def _changed_value(
        self, sheet: Sheet, column: Column, row: FileRow, base: str, record: Record | None
    ) -> Value:
        """Give what somebody made of the cell, or a sign that it is as it was written."""
        cell = row.cells[column.key]
        try:
            value = value_of(cell, column, self.vocabulary, self.refs)
            if digest(column, value) == base:
                return _UNCHANGED
            demand_fit(value, column)
            self._demand_there(column, value)
        except CellRefusedError as refusal:
            self._refuse_cell(sheet, column, row, refusal)
            return _UNCHANGED
        present = record.values[column.key] if record else ""
        if isinstance(present, str) and len(present) > LONGEST_CELL:
            if value == shortened(present):
                return _UNCHANGED
            self._refuse_cell(sheet, column, row, CellRefusedError(Why.TOO_LONG_TO_EDIT))
            return _UNCHANGED
        return value

    def _demand_there(self, column: Column, value: Value) -> None:
        """Refuse a reference to what somebody deleted since the workbook was made."""
        if column.kind not in {Kind.REF, Kind.REFS} or not value:
            return
        for key in value if isinstance(value, tuple) else (str(value),):
            if key not in self.labels:
                written = next(
                    (name for name, it in self.book.labels.get(column.of, {}).items() if it == key),
                    key,
                )
                raise CellRefusedError(Why.UNKNOWN_REF, written=short(written))

    def _days_of_period(self, record: Record, changes: list[CellChange]) -> list[CellChange]:
        """Let the days follow the words of a period, where somebody changed the words alone."""
        by_column = {change.column: change for change in changes}
        words = by_column.get("period_text")
        if words is None or {"starts_on", "ends_on"} & set(by_column):
            return []
        period = parse_period(str(words.new))
        if not period.is_understood:
            return []
        return [
            replace(
                words,
                column=name,
                old=record.values[name],
                new=day,
                is_derived=True,
            )
            for name, day in (("starts_on", period.starts_on), ("ends_on", period.ends_on))
            if record.values[name] != day
        ]

    def _read_new(self, sheet: Sheet, key: str, row: FileRow) -> None:
        values: dict[str, Value] = {}
        for column in sheet.columns:
            if column.key not in row.cells:
                continue
            cell = row.cells[column.key]
            default = DEFAULTS.get((sheet.key, column.key))
            if default and not text_of(cell).strip():
                values[column.key] = default
                continue
            if (sheet.key, column.key) == ("measures", "number") and not text_of(cell).strip():
                values[column.key] = ""
                continue
            try:
                values[column.key] = value_of(cell, column, self.vocabulary, self.refs)
                demand_fit(values[column.key], column)
                self._demand_there(column, values[column.key])
            except CellRefusedError as refusal:
                self._refuse_cell(sheet, column, row, refusal)
                return
        for column in sheet.columns:
            if column.key not in values and (column.is_required or column.kind is Kind.CHOICE):
                values[column.key] = DEFAULTS.get((sheet.key, column.key), "")
        if (text := values.get("period_text")) and not (
            values.get("starts_on") or values.get("ends_on")
        ):
            period = parse_period(str(text))
            values |= {"starts_on": period.starts_on, "ends_on": period.ends_on}
        self.labels.setdefault(key, self._label_of_new(sheet.key, values))
        self.found.new.append(NewRow(sheet.key, row.row, key, self.labels[key], values))

    def _label_of_new(self, sheet: str, values: Mapping[str, Value]) -> str:
        above = str(next((it for name in ABOVE if (it := values.get(name))), ""))
        own = next((it for name in OWN if (it := values.get(name))), "")
        written = (
            f"{own:%d.%m.%Y}" if isinstance(own, date) else self.labels.get(str(own), str(own))
        )
        return f"{self.labels.get(above, '')}: {written}".strip(": ") or sheet

    def _find_gone(self, sheet: Sheet) -> None:
        if sheet.key not in self.book.rows:
            return  # the whole sheet was taken away; that says nothing about its records
        for key, base in self.book.base.get(sheet.key, {}).items():
            record = self.current[sheet.key].get(key)
            if record is None or key in self.old_rows[sheet.key]:
                continue
            is_changed = any(
                digest(sheet.column(name), record.values[name]) != mark
                for name, mark in base.items()
                if name in record.values
            )
            self.found.gone.append(GoneRow(sheet.key, key, record.label, is_changed))

    # Refusals

    def _refuse_cell(
        self, sheet: Sheet, column: Column, row: FileRow, refusal: CellRefusedError
    ) -> None:
        self.found.refuse(sheet.key, row.row, column.key, refusal.why, **refusal.values)


def _names_in(records: Records) -> frozenset[str]:
    return frozenset(
        name
        for sheet in SHEETS.values()
        for column in sheet.columns
        if column.kind is Kind.NAMES
        for record in records[sheet.key]
        if isinstance(names := record.values[column.key], tuple)
        for name in names
    )


_UNCHANGED: Value = ("\0unchanged",)


def shortened(text: str) -> str:
    """Give what the cell holds of a text that is too long for one."""
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL].rstrip()} …"
