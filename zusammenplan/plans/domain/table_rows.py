"""From what was understood of a table to the rows that the plan takes over."""

from __future__ import annotations

from dataclasses import dataclass, field as part, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from zusammenplan.plans.domain.plan_table.cells import normal, short
from zusammenplan.plans.domain.plan_table.fields import HEADING
from zusammenplan.plans.domain.plan_table.indicators import joined
from zusammenplan.plans.domain.plan_table.marks import LEGEND
from zusammenplan.plans.domain.plan_table.shapes import ColumnMeaning, Hint
from zusammenplan.plans.domain.plan_table.statuses import status_of, status_of_progress
from zusammenplan.plans.domain.rows import FieldRow, GoalRow, MeasureRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from zusammenplan.plans.domain.plan_table.shapes import (
        InputRow,
        PlanField,
        PlanMeasure,
        PlanTable,
    )

LONGEST_HEADING = 200
# Hints about words whose meaning a person may say.
ASKED_ABOUT = {Hint.STATUS_UNKNOWN, Hint.PROGRESS_READ, Hint.PROGRESS_UNKNOWN}


@dataclass(frozen=True, slots=True)
class TableRows:
    """The fields, goals and measures of a table, ready to stand next to a plan's."""

    fields: tuple[FieldRow, ...]
    measures: tuple[MeasureRow, ...]
    goals: tuple[GoalRow, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusWord:
    """A word for a status, or a progress, as written, and the status that is proposed for it."""

    written: str
    proposal: str
    is_progress: bool


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person decided about a table: what words mean, which indicators are taken."""

    statuses: Mapping[str, str] = part(default_factory=dict)
    # By row and place: “join” it to the one before, or “leave” it out.
    indicators: Mapping[tuple[int, int], str] = part(default_factory=dict)


def rows_of(table: PlanTable) -> TableRows:
    return TableRows(
        fields=tuple(FieldRow(field.code, field.name) for field in table.fields),
        goals=tuple(
            GoalRow(
                key=goal.key,
                title=goal.title,
                parent=goal.parent,
                level=goal.level,
                number=goal.number,
                text=goal.text,
                field_code=goal.field_code,
                period_text=goal.period,
                starts_on=goal.starts_on,
                ends_on=goal.ends_on,
            )
            for goal in table.goals
        ),
        measures=tuple(_measure_row(measure) for measure in table.measures),
    )


def _measure_row(measure: PlanMeasure) -> MeasureRow:
    extra = measure.extra
    return MeasureRow(
        number=measure.number,
        title=measure.title,
        text=measure.text,
        field_code=measure.field_code,
        responsible=extra.get(ColumnMeaning.RESPONSIBLE, ""),
        period_text=extra.get(ColumnMeaning.PERIOD, ""),
        status=measure.status,
        goals=measure.goals,
        needs=(need,) if (need := extra.get(ColumnMeaning.NEED, "")) else (),
        partners=_listed(extra.get(ColumnMeaning.PARTNERS, "")),
        target_groups=_listed(extra.get(ColumnMeaning.TARGET_GROUP, "")),
        areas=_listed(extra.get(ColumnMeaning.AREA, "")),
        indicators=measure.indicators,
        costs=measure.costs,
        starts_on=measure.starts_on,
        ends_on=measure.ends_on,
    )


def _listed(text: str) -> tuple[str, ...]:
    """Split what a cell lists, such as “Caritas; Diakonie” or one a line."""
    sign = ";" if ";" in text else ","
    return tuple(dict.fromkeys(part for it in text.split(sign) if (part := normal(it))))


def status_words(table: PlanTable) -> list[StatusWord]:
    """List the words that need a person's look: unknown statuses, and every progress."""
    found: dict[str, StatusWord] = {}
    for measure in table.measures:
        if written := measure.extra.get(ColumnMeaning.STATUS, ""):
            if status_of(written) is None:
                found.setdefault(written, StatusWord(written, "", is_progress=False))
        elif written := measure.extra.get(ColumnMeaning.PROGRESS, ""):
            proposal = status_of_progress(written) or ""
            found.setdefault(written, StatusWord(written, proposal, is_progress=True))
    return list(found.values())


def decided(table: PlanTable, decisions: Decisions) -> PlanTable:
    """Apply what a person decided."""
    if not decisions.statuses and not decisions.indicators:
        return table
    measures = []
    for measure in table.measures:
        status_written = measure.extra.get(ColumnMeaning.STATUS, "")
        written = status_written or measure.extra.get(ColumnMeaning.PROGRESS, "")
        status = measure.status
        if written in decisions.statuses:
            status = decisions.statuses[written] or None
        own = {
            place: decision
            for (row, place), decision in decisions.indicators.items()
            if row == measure.row
        }
        indicators = joined(measure.split, own.items()) if own else measure.indicators
        measures.append(replace(measure, status=status, indicators=indicators))
    words = {short(written) for written in decisions.statuses}
    notes = tuple(
        note
        for note in table.notes
        if note.hint not in ASKED_ABOUT or note.values["written"] not in words
    )
    return replace(table, measures=tuple(measures), notes=notes)


def in_field(table: PlanTable, field: PlanField) -> PlanTable:
    """Put all goals and measures that name no field of action into one."""
    return replace(
        table,
        fields=(field, *table.fields),
        goals=tuple(
            goal if goal.field_code else replace(goal, field_code=field.code)
            for goal in table.goals
        ),
        measures=tuple(
            measure if measure.field_code else replace(measure, field_code=field.code)
            for measure in table.measures
        ),
    )


def headings_key(table: PlanTable) -> str:
    """Give what the headings of a table are known by; empty if it has none."""
    headings = [f"{it.index} {it.heading.casefold()}" for it in table.columns if it.heading]
    return sha256("\n".join(headings).encode()).hexdigest() if headings else ""


def heading_above(rows: Sequence[InputRow], table: PlanTable) -> str:
    """Give the first line above the table that reads like a title; empty if there is none."""
    first = min(table.header_rows, default=0)
    goals = {goal.title for goal in table.goals}
    for number, cells in rows:
        if number >= first:
            break
        words = [word for cell in cells if (word := normal(cell))]
        if (
            len(words) == 1
            and len(words[0]) <= LONGEST_HEADING
            and any(char.isalpha() for char in words[0])
            and not LEGEND.fullmatch(words[0])
            and words[0] not in goals
            and not HEADING.fullmatch(words[0])
        ):
            return words[0]
    return ""
