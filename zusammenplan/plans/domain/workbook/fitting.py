"""What in an edited workbook does not fit together: clashes, circles, what nobody explained."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from zusammenplan.plans.domain.goal_tree import MOST_LEVELS, Placed, level_clashes
from zusammenplan.plans.domain.indicators import OWN_OF, may_be_negative
from zusammenplan.plans.domain.milestones import demands_reason
from zusammenplan.plans.domain.numbers import free_number
from zusammenplan.plans.domain.statuses import lacks_reason, state_lacks_reason
from zusammenplan.plans.domain.workbook.shapes import (
    MOST_EVIDENCE,
    SHEETS,
    CellChange,
    GoneRow,
    NewRow,
    Refusal,
    Value,
    Why,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from zusammenplan.plans.domain.workbook.shapes import Record


@dataclass(slots=True)
class Found:
    """What the workbook would change, and what of it is refused."""

    current: Mapping[str, Mapping[str, Record]]
    letters: Mapping[str, Mapping[str, str]]
    changes: list[CellChange] = field(default_factory=list)
    new: list[NewRow] = field(default_factory=list)
    gone: list[GoneRow] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def address(self, sheet: str, row: int, column: str) -> str:
        return f"{self.letters.get(sheet, {}).get(column, '')}{row}"

    def refuse(self, sheet: str, row: int, column: str, why: Why, **values: str) -> None:
        address = self.address(sheet, row, column) if column else str(row)
        self.refused.append(Refusal(sheet, row, address, column, why, values))

    def refuse_change(self, change: CellChange, why: Why, **values: str) -> None:
        self.changes.remove(change)
        self.refuse(change.sheet, change.row, change.column, why, **values)

    def refuse_row(self, row: NewRow, column: str, why: Why, **values: str) -> None:
        self.new.remove(row)
        self.refuse(row.sheet, row.row, column, why, **values)

    def refuse_wrong(
        self,
        sheet: str,
        wrong: Mapping[str, Why],
        columns: Collection[str],
        *,
        at: str,
        **values: str,
    ) -> None:
        """Refuse what changes these columns of wrong records, and wrong new rows as a whole."""
        for change in list(self.changes):
            if change.sheet == sheet and change.key in wrong and change.column in columns:
                self.refuse_change(change, wrong[change.key], **values)
        for row in list(self.new):
            if row.sheet == sheet and row.key in wrong:
                self.refuse_row(row, at, wrong[row.key], **values)

    def final(self, sheet: str, column: str) -> dict[str, Value]:
        """Give the value that every record would have."""
        final = {key: one.values[column] for key, one in self.current[sheet].items()}
        for change in self.changes:
            if change.sheet == sheet and change.column == column:
                final[change.key] = change.new
        for row in self.new:
            if row.sheet == sheet:
                final[row.key] = row.values.get(column)
        return final


def refuse_what_does_not_fit(
    found: Found, *, depths: Mapping[str, int], tied: Collection[str]
) -> None:
    """
    Refuse what contradicts another cell or the plan, and give new measures their numbers.

    ``depths`` says of each level's name how deep it lies; ``tied`` names the indicators whose
    values are those of the data.
    """
    _settle_numbers(found)
    _refuse_what_the_data_say(found, tied)
    _refuse_what_the_kind_cannot_hold(found)
    _refuse_less_than_none(found)
    _refuse_days_that_clash(found)
    _refuse_relations_that_clash(found)
    _refuse_too_much_evidence(found)
    _refuse_ends_before_begins(found)
    _refuse_unexplained(found)
    _refuse_ways(found, _circle, Why.CIRCLE)
    _refuse_ways(found, _too_deep, Why.TOO_DEEP)
    _refuse_levels(found, depths)
    _refuse_rows_below_refused(found)


def _settle_numbers(found: Found) -> None:
    """Refuse numbers that two measures would have; propose one where a new row has none."""
    numbers = found.final("measures", "number")
    counts = Counter(numbers.values())
    for change in list(found.changes):
        if (change.sheet, change.column) == ("measures", "number") and counts[change.new] > 1:
            found.refuse_change(change, Why.NUMBER_TAKEN, written=str(change.new))
            numbers[change.key] = change.old
    taken = {str(number) for number in numbers.values() if number}
    for row in [it for it in found.new if it.sheet == "measures"]:
        number = str(row.values.get("number") or "")
        if number and counts[number] > 1:
            found.refuse_row(row, "number", Why.NUMBER_TAKEN, written=number)
        elif not number:
            field_code = str(row.values.get("field") or "")
            number = free_number(field_code, taken)
            taken.add(number)
            at = found.new.index(row)
            found.new[at] = replace(row, values={**row.values, "number": number})


def _refuse_what_the_data_say(found: Found, tied: Collection[str]) -> None:
    """Refuse another unit or kind, and values, of an indicator that is tied to the data."""
    own = dict.fromkeys(tied, Why.SAID_BY_DATA)
    found.refuse_wrong("indicators", own, {"unit", "unit_en", "kind"}, at="kind")
    wrong = {
        key: Why.VALUES_OF_DATA
        for key, indicator in found.final("values", "indicator").items()
        if indicator in tied
    }
    found.refuse_wrong("values", wrong, {"indicator"}, at="indicator")


def _refuse_what_the_kind_cannot_hold(found: Found) -> None:
    """Refuse what an indicator of its kind has no place for: no page would show it."""
    columns = {column.key for column in SHEETS["indicators"].columns}
    have_values = set(found.final("values", "indicator").values())
    for kind, names in OWN_OF.items():
        others = {key for key, of in found.final("indicators", "kind").items() if of != kind}
        lost = others & have_values & set(found.current["indicators"] if "values" in names else ())
        for name in (name for name in names if name in columns):
            filled = found.final("indicators", name)
            wrong = {key: Why.NOT_OF_KIND for key in others if filled.get(key) not in (None, "")}
            found.refuse_wrong("indicators", wrong, {name}, at=name)
            lost |= set(wrong)
        found.refuse_wrong("indicators", dict.fromkeys(lost, Why.KIND_LOSES), {"kind"}, at="kind")
    kinds = found.final("indicators", "kind")
    wrong = {
        key: Why.VALUES_OF_WORDS
        for key, indicator in found.final("values", "indicator").items()
        if kinds.get(str(indicator)) == "verbal"
    }
    found.refuse_wrong("values", wrong, {"indicator"}, at="indicator")


def _refuse_less_than_none(found: Found) -> None:
    """Refuse numbers below nought where something is counted."""
    units = found.final("indicators", "unit")
    counted = {
        key
        for key, text in found.final("indicators", "text_de").items()
        if not may_be_negative(str(text), str(units[key] or ""))
    }
    indicators = found.final("values", "indicator")
    for sheet, name in (("indicators", "baseline"), ("indicators", "target"), ("values", "value")):
        wrong = {
            key: Why.LESS_THAN_NONE
            for key, value in found.final(sheet, name).items()
            if isinstance(value, Decimal)
            and value < 0
            and (indicators[key] if sheet == "values" else key) in counted
        }
        found.refuse_wrong(sheet, wrong, {name}, at=name)


def _refuse_days_that_clash(found: Found) -> None:
    """Refuse a second value of an indicator on the same day."""
    indicators, days = found.final("values", "indicator"), found.final("values", "on")
    counts = Counter((indicators[key], days[key]) for key in days)
    wrong = {key: Why.DAY_TAKEN for key in days if counts[indicators[key], days[key]] > 1}
    found.refuse_wrong("values", wrong, {"indicator", "on"}, at="on")


def _refuse_relations_that_clash(found: Found) -> None:
    """Refuse a measure's relation to itself, and one that is noted from either side already."""
    finals = [found.final("relations", name) for name in ("measure", "kind", "other")]
    places = {key: tuple(final.get(key) for final in finals) for key in finals[0]}
    counts = Counter(
        (kind, frozenset((measure, other))) for measure, kind, other in places.values()
    )
    wrong = {
        key: Why.RELATED_TO_ITSELF if measure == other else Why.RELATION_KNOWN
        for key, (measure, kind, other) in places.items()
        if measure == other or counts[kind, frozenset((measure, other))] > 1
    }
    found.refuse_wrong("relations", wrong, {"measure", "kind", "other"}, at="other")


def _refuse_too_much_evidence(found: Found) -> None:
    """Refuse more evidence of a need than its page can hold."""
    needs = found.final("evidence", "need")
    counts = Counter(needs.values())
    wrong = {key: Why.TOO_MANY for key, need in needs.items() if counts[need] > MOST_EVIDENCE}
    found.refuse_wrong("evidence", wrong, {"need"}, at="need", most=str(MOST_EVIDENCE))


def _refuse_ends_before_begins(found: Found) -> None:
    for sheet in ("measures", "goals"):
        begins, ends = found.final(sheet, "starts_on"), found.final(sheet, "ends_on")
        wrong = {
            key: Why.ENDS_BEFORE
            for key, begin in begins.items()
            if isinstance(begin, date) and isinstance(end := ends[key], date) and end < begin
        }
        found.refuse_wrong(sheet, wrong, {"starts_on", "ends_on"}, at="ends_on")


def _refuse_unexplained(found: Found) -> None:
    """Refuse what needs a reason and has none, and a reason taken from under it."""
    for sheet, name, reason, why, lacks in (
        ("measures", "status", "status_reason", Why.REASON_MISSING, lacks_reason),
        ("goals", "state", "state_reason", Why.STATE_REASON_MISSING, state_lacks_reason),
        ("needs", "state", "state_reason", Why.STATE_REASON_MISSING, state_lacks_reason),
    ):
        reasons = found.final(sheet, reason)
        wrong = {
            key: why
            for key, said in found.final(sheet, name).items()
            if lacks(str(said or ""), str(reasons.get(key) or ""))
        }
        found.refuse_wrong(sheet, wrong, {name, reason, f"{name}_on"}, at=reason)
    explained = {
        change.key for change in found.changes if change.column == "moved_reason" and change.new
    }
    moved = {
        change.key: Why.MOVE_REASON_MISSING
        for change in found.changes
        if change.column == "due_on"
        and isinstance(change.old, date)
        and demands_reason(change.old, change.new if isinstance(change.new, date) else None)
        and change.key not in explained
    }
    found.refuse_wrong("milestones", moved, {"due_on"}, at="due_on")


def _refuse_ways(found: Found, wrong: Callable[[Mapping[str, Value]], set[str]], why: Why) -> None:
    """Refuse what puts goals onto a wrong way up, until none is wrong that was not before."""
    most = str(MOST_LEVELS)
    while goals := wrong(found.final("goals", "parent")):
        for change in found.changes:
            if (change.sheet, change.column) == ("goals", "parent") and change.key in goals:
                found.refuse_change(change, why, most=most)
                break
        else:
            row = next((row for row in found.new if row.key in goals), None)
            if row is None:
                return
            found.refuse_row(row, "parent", why, most=most)


def _refuse_levels(found: Found, depths: Mapping[str, int]) -> None:
    """Refuse what puts a goal's level above or beside that of a goal above it."""
    while cause := _cause_of_clash(found, depths):
        if isinstance(cause, NewRow):
            found.refuse_row(cause, "level", Why.LEVEL_NOT_BELOW)
        else:
            found.refuse_change(cause, Why.LEVEL_NOT_BELOW)


def _cause_of_clash(found: Found, depths: Mapping[str, int]) -> CellChange | NewRow | None:
    """Give the first thing in the file that makes a level clash."""
    for way in _level_clashes(found, depths):
        if cause := _cause_of(found, way):
            return cause
    return None


def _level_clashes(found: Found, depths: Mapping[str, int]) -> list[list[str]]:
    """Give the ways from a goal whose level is too high to the one above that shows it."""
    parents, levels = found.final("goals", "parent"), found.final("goals", "level")
    # Keys here are words; the rules of the tree count.
    places = {key: place for place, key in enumerate(parents)}
    goals = [
        Placed(
            place,
            places.get(str(parents[key] or "")),
            depths.get(str(levels.get(key) or "")),
        )
        for key, place in places.items()
    ]
    keys = list(places)
    return [[keys[place] for place in way] for _goal, way in level_clashes(goals)]


def _cause_of(found: Found, way: list[str]) -> CellChange | NewRow | None:
    """Give what in the file made a goal's level clash; nothing if the plan had it so."""
    for change in found.changes:
        if change.sheet == "goals" and (
            (change.column == "level" and change.key in {way[0], way[-1]})
            or (change.column == "parent" and change.key in way[:-1])
        ):
            return change
    return next((row for row in found.new if row.key in way), None)


def _refuse_rows_below_refused(found: Found) -> None:
    """Refuse what refers to a new row that was refused itself."""
    while True:
        known = {row.key for row in found.new}
        rows = [row for row in found.new if _points_to_new(row.values.values()) - known]
        changes = [change for change in found.changes if _points_to_new([change.new]) - known]
        if not rows and not changes:
            return
        for row in rows:
            found.refuse_row(row, "", Why.REF_REFUSED)
        for change in changes:
            found.refuse_change(change, Why.REF_REFUSED)


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
