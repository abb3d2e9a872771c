"""An edited workbook next to the plan as it is now, and as it was when the workbook was made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from zusammenplan.core.periods import parse_period
from zusammenplan.plans.domain.goal_tree import MOST_LEVELS, Placed, level_clashes
from zusammenplan.plans.domain.numbers import free_number
from zusammenplan.plans.domain.statuses import lacks_reason
from zusammenplan.plans.domain.workbook.cells import (
    CellRefusedError,
    Refs,
    demand_fit,
    short,
    text_of,
    value_of,
)
from zusammenplan.plans.domain.workbook.records import clean_name, labels_of, records_of
from zusammenplan.plans.domain.workbook.shapes import (
    DEFAULTS,
    LONGEST_CELL,
    MOST_EVIDENCE,
    SHEETS,
    CellChange,
    Difference,
    GoneRow,
    Kind,
    NewRow,
    Refusal,
    Value,
    Why,
    digest,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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


@dataclass(slots=True)
class _Found:
    changes: list[CellChange] = field(default_factory=list)
    new: list[NewRow] = field(default_factory=list)
    gone: list[GoneRow] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


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
        self.found = _Found()
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
        self._settle_numbers()
        self._refuse_what_the_data_say()
        self._refuse_days_that_clash()
        self._refuse_relations_that_clash()
        self._refuse_too_much_evidence()
        self._refuse_ends_before_begins()
        self._refuse_unexplained()
        self._refuse_ways(_circle, Why.CIRCLE)
        self._refuse_ways(_too_deep, Why.TOO_DEEP)
        self._refuse_levels()
        self._refuse_rows_below_refused()
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
                    self._refuse(sheet, row.row, "", Why.FOREIGN_ROW)
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
                self._refuse(sheet.key, row.row, "", Why.DELETED_MEANWHILE)
                return
            old = record.values[column.key]
            if digest(column, old) == digest(column, value):
                continue  # the plan has this value by now
            changes.append(
                CellChange(
                    sheet.key,
                    row.row,
                    self._address(sheet.key, row.row, column.key),
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

    # What must fit together

    def _final(self, sheet: str, column: str) -> dict[str, Value]:
        """Give the value that every record would have."""
        final = {key: one.values[column] for key, one in self.current[sheet].items()}
        for change in self.found.changes:
            if change.sheet == sheet and change.column == column:
                final[change.key] = change.new
        for row in self.found.new:
            if row.sheet == sheet:
                final[row.key] = row.values.get(column)
        return final

    def _settle_numbers(self) -> None:
        """Refuse numbers that two measures would have; propose one where a new row has none."""
        numbers = self._final("measures", "number")
        counts = Counter(numbers.values())
        for change in list(self.found.changes):
            if (change.sheet, change.column) != ("measures", "number"):
                continue
            if counts[change.new] > 1:
                self.found.changes.remove(change)
                self._refuse(
                    "measures", change.row, "number", Why.NUMBER_TAKEN, written=str(change.new)
                )
                numbers[change.key] = change.old
        taken = {str(number) for number in numbers.values() if number}
        for row in [it for it in self.found.new if it.sheet == "measures"]:
            number = str(row.values.get("number") or "")
            if number and counts[number] > 1:
                self.found.new.remove(row)
                self._refuse("measures", row.row, "number", Why.NUMBER_TAKEN, written=number)
            elif not number:
                field_code = str(row.values.get("field") or "")
                number = free_number(field_code, taken)
                taken.add(number)
                at = self.found.new.index(row)
                self.found.new[at] = replace(row, values={**row.values, "number": number})

    def _refuse_what_the_data_say(self) -> None:
        """Refuse another unit or kind, and values, of an indicator that is tied to the data."""
        for change in list(self.found.changes):
            of_unit = change.sheet == "indicators" and change.column in {"unit", "unit_en", "kind"}
            if of_unit and change.key in self.tied:
                self.found.changes.remove(change)
                self._refuse("indicators", change.row, change.column, Why.SAID_BY_DATA)
            elif (change.sheet, change.column) == ("values", "indicator") and (
                change.new in self.tied
            ):
                self.found.changes.remove(change)
                self._refuse("values", change.row, "indicator", Why.VALUES_OF_DATA)
        for row in list(self.found.new):
            if row.sheet == "values" and row.values.get("indicator") in self.tied:
                self.found.new.remove(row)
                self._refuse("values", row.row, "indicator", Why.VALUES_OF_DATA)

    def _refuse_days_that_clash(self) -> None:
        """Refuse a second value of an indicator on the same day."""
        indicators, days = self._final("values", "indicator"), self._final("values", "on")
        counts = Counter((indicators[key], days[key]) for key in days)
        for change in list(self.found.changes):
            place = (indicators.get(change.key), days.get(change.key))
            if (
                change.sheet == "values"
                and change.column in {"indicator", "on"}
                and counts[place] > 1
            ):
                self.found.changes.remove(change)
                self._refuse("values", change.row, change.column, Why.DAY_TAKEN)
        for row in list(self.found.new):
            place = (row.values.get("indicator"), row.values.get("on"))
            if row.sheet == "values" and counts[place] > 1:
                self.found.new.remove(row)
                self._refuse("values", row.row, "on", Why.DAY_TAKEN)

    def _refuse_relations_that_clash(self) -> None:
        """Refuse a measure's relation to itself, and one that is noted from either side already."""
        finals = [self._final("relations", name) for name in ("measure", "kind", "other")]
        places = {key: tuple(final.get(key) for final in finals) for key in finals[0]}
        counts = Counter(
            (kind, frozenset((measure, other))) for measure, kind, other in places.values()
        )

        def why(key: str) -> Why | None:
            measure, kind, other = places[key]
            if measure == other:
                return Why.RELATED_TO_ITSELF
            twice = counts[kind, frozenset((measure, other))] > 1
            return Why.RELATION_KNOWN if twice else None

        for change in list(self.found.changes):
            of_ends = change.sheet == "relations" and change.column != "note"
            if of_ends and (reason := why(change.key)):
                self.found.changes.remove(change)
                self._refuse("relations", change.row, change.column, reason)
        for row in list(self.found.new):
            if row.sheet == "relations" and (reason := why(row.key)):
                self.found.new.remove(row)
                self._refuse("relations", row.row, "other", reason)

    def _refuse_too_much_evidence(self) -> None:
        """Refuse more evidence of a need than its page can hold."""
        needs = self._final("evidence", "need")
        counts = Counter(needs.values())
        for change in list(self.found.changes):
            of_need = (change.sheet, change.column) == ("evidence", "need")
            if of_need and counts[change.new] > MOST_EVIDENCE:
                self.found.changes.remove(change)
                self._refuse("evidence", change.row, "need", Why.TOO_MANY, most=str(MOST_EVIDENCE))
        for row in list(self.found.new):
            if row.sheet == "evidence" and counts[needs[row.key]] > MOST_EVIDENCE:
                self.found.new.remove(row)
                self._refuse("evidence", row.row, "need", Why.TOO_MANY, most=str(MOST_EVIDENCE))

    def _refuse_ends_before_begins(self) -> None:
        for sheet in ("measures", "goals"):
            begins, ends = self._final(sheet, "starts_on"), self._final(sheet, "ends_on")
            wrong = {
                key
                for key, begin in begins.items()
                if isinstance(begin, date) and isinstance(end := ends[key], date) and end < begin
            }
            for change in list(self.found.changes):
                of_days = change.column in {"starts_on", "ends_on"}
                if change.sheet == sheet and change.key in wrong and of_days:
                    self.found.changes.remove(change)
                    self._refuse(sheet, change.row, change.column, Why.ENDS_BEFORE)
            for row in list(self.found.new):
                if row.sheet == sheet and row.key in wrong:
                    self.found.new.remove(row)
                    self._refuse(sheet, row.row, "ends_on", Why.ENDS_BEFORE)

    def _refuse_unexplained(self) -> None:
        """Refuse a status without the reason that it needs, and a reason taken from under it."""
        statuses = self._final("measures", "status")
        reasons = self._final("measures", "status_reason")
        wrong = {
            key
            for key, status in statuses.items()
            if lacks_reason(str(status or ""), str(reasons.get(key) or ""))
        }
        for change in list(self.found.changes):
            of_status = change.column in {"status", "status_reason", "status_on"}
            if change.sheet == "measures" and change.key in wrong and of_status:
                self.found.changes.remove(change)
                self._refuse("measures", change.row, change.column, Why.REASON_MISSING)
        for row in list(self.found.new):
            if row.sheet == "measures" and row.key in wrong:
                self.found.new.remove(row)
                self._refuse("measures", row.row, "status_reason", Why.REASON_MISSING)

    def _refuse_ways(self, wrong: Callable[[Mapping[str, Value]], set[str]], why: Why) -> None:
        """Refuse what puts goals onto a wrong way up, until none is wrong that was not before."""
        while goals := wrong(self._final("goals", "parent")):
            for change in list(self.found.changes):
                if (change.sheet, change.column) == ("goals", "parent") and change.key in goals:
                    self.found.changes.remove(change)
                    self._refuse("goals", change.row, "parent", why, most=str(MOST_LEVELS))
                    break
            else:
                for row in list(self.found.new):
                    if row.key in goals:
                        self.found.new.remove(row)
                        self._refuse("goals", row.row, "parent", why, most=str(MOST_LEVELS))
                        break
                else:
                    return

    def _refuse_levels(self) -> None:
        """Refuse what puts a goal's level above or beside that of a goal above it."""
        while cause := self._cause_of_clash():
            if isinstance(cause, NewRow):
                self.found.new.remove(cause)
                self._refuse("goals", cause.row, "level", Why.LEVEL_NOT_BELOW)
            else:
                self.found.changes.remove(cause)
                self._refuse("goals", cause.row, cause.column, Why.LEVEL_NOT_BELOW)

    def _cause_of_clash(self) -> CellChange | NewRow | None:
        """Give the first thing in the file that makes a level clash."""
        for way in self._level_clashes():
            if cause := self._cause_of(way):
                return cause
        return None

    def _level_clashes(self) -> list[list[str]]:
        """Give the ways from a goal whose level is too high to the one above that shows it."""
        parents, levels = self._final("goals", "parent"), self._final("goals", "level")
        # Keys here are words; the rules of the tree count.
        places = {key: place for place, key in enumerate(parents)}
        goals = [
            Placed(
                place,
                places.get(str(parents[key] or "")),
                self.depths.get(str(levels.get(key) or "")),
            )
            for key, place in places.items()
        ]
        keys = list(places)
        return [[keys[place] for place in way] for _goal, way in level_clashes(goals)]

    def _cause_of(self, way: list[str]) -> CellChange | NewRow | None:
        """Give what in the file made a goal's level clash; nothing if the plan had it so."""
        for change in self.found.changes:
            if change.sheet == "goals" and (
                (change.column == "level" and change.key in {way[0], way[-1]})
                or (change.column == "parent" and change.key in way[:-1])
            ):
                return change
        return next((row for row in self.found.new if row.key in way), None)

    def _refuse_rows_below_refused(self) -> None:
        """Refuse what refers to a new row that was refused itself."""
        while True:
            known = {row.key for row in self.found.new}
            rows = [row for row in self.found.new if _points_to_new(row.values.values()) - known]
            changes = [
                change for change in self.found.changes if _points_to_new([change.new]) - known
            ]
            if not rows and not changes:
                return
            for row in rows:
                self.found.new.remove(row)
                self._refuse(row.sheet, row.row, "", Why.REF_REFUSED)
            for change in changes:
                self.found.changes.remove(change)
                self._refuse(change.sheet, change.row, change.column, Why.REF_REFUSED)

    # Refusals

    def _refuse_cell(
        self, sheet: Sheet, column: Column, row: FileRow, refusal: CellRefusedError
    ) -> None:
        self._refuse(sheet.key, row.row, column.key, refusal.why, **refusal.values)

    def _refuse(self, sheet: str, row: int, column: str, why: Why, **values: str) -> None:
        address = self._address(sheet, row, column) if column else str(row)
        self.found.refused.append(Refusal(sheet, row, address, column, why, values))

    def _address(self, sheet: str, row: int, column: str) -> str:
        return f"{self.book.letters.get(sheet, {}).get(column, '')}{row}"


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


def _points_to_new(values: Iterable[Value]) -> set[str]:
    found: set[str] = set()
    for value in values:
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str) and any(one.startswith(f"+{sheet}-") for sheet in SHEETS):
                found.add(one)
    return found


def _circle(parents: Mapping[str, Value]) -> set[str]:
    """Give goals that would stand above themselves."""
    done: set[str] = set()
    for start in parents:
        path: list[str] = []
        key = start
        while key and key not in done and key in parents:
            if key in path:
                return set(path[path.index(key) :])
            path.append(key)
            key = str(parents[key] or "")
        done.update(path)
    return set()


def _too_deep(parents: Mapping[str, Value]) -> set[str]:
    """Give the way up from a goal that would stand too deep."""
    for start in parents:
        way: list[str] = []
        key = start
        while key and key in parents and key not in way:
            way.append(key)
            key = str(parents[key] or "")
        if len(way) > MOST_LEVELS:
            return set(way)
    return set()
