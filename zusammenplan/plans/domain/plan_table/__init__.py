"""
A plan's table, recognised by what stands in it: header, fields, measures, marks.

Municipalities write this table for people. It has one or two header lines, pages tear it, a field
is a row among the measures or a column beside them, and a cross in the column of a grade is a
group's mark. ``understand`` reads it as a person would, and names every row that it could not take.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from zusammenplan.plans.domain.numbers import clean_number, is_number
from zusammenplan.plans.domain.plan_table.cells import HYPHENATED, Line, healed, normal, short
from zusammenplan.plans.domain.plan_table.details import parse_amount
from zusammenplan.plans.domain.plan_table.goals import GoalReader
from zusammenplan.plans.domain.plan_table.header import Layout, find_columns, find_layout
from zusammenplan.plans.domain.plan_table.lines import Findings, RowFinder
from zusammenplan.plans.domain.plan_table.marks import read_legend
from zusammenplan.plans.domain.plan_table.records import Records, columns_of
from zusammenplan.plans.domain.plan_table.shapes import (
    COUNT,
    MAX_NAME,
    MAX_TITLE,
    BestTable,
    Column,
    ColumnMeaning,
    Hint,
    InputRow,
    NotAPlan,
    NotAPlanTableError,
    Note,
    PlanField,
    PlanGoal,
    PlanMeasure,
    PlanTable,
    Reason,
    Refused,
    RowsAs,
)
from zusammenplan.plans.domain.plan_table.torn import joined_where_torn
from zusammenplan.plans.domain.plan_table.tree import TreeReader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TOTAL = re.compile(
    r"(gesamt|zwischen|end)?summe:?|gesamt:?|insgesamt:?|(sub|grand )?total:?", re.IGNORECASE
)

__all__ = [
    "COUNT",
    "MAX_NAME",
    "MAX_TITLE",
    "BestTable",
    "Column",
    "ColumnMeaning",
    "Hint",
    "InputRow",
    "NotAPlan",
    "NotAPlanTableError",
    "Note",
    "PlanField",
    "PlanGoal",
    "PlanMeasure",
    "PlanTable",
    "Reason",
    "Refused",
    "RowsAs",
    "best_table",
    "columns_only",
    "understand",
]


def understand(
    rows: Sequence[InputRow],
    *,
    columns: Mapping[int, ColumnMeaning] | None = None,
    rows_as: RowsAs = RowsAs.MEASURES,
) -> PlanTable:
    """
    Read a plan's table; ``columns`` overrule what is found of the columns' meaning.

    ``rows_as`` says what the rows of a table of goals become.

    :raises NotAPlanTableError: if it lists no measures and no goals
    """
    filled = _lines(rows)
    layout = find_layout(filled, columns or {})
    findings = Findings()
    filled = _without_totals(filled, layout, findings)
    _note_healed(filled[layout.first_body :], findings)
    if layout.is_tree:
        plan = _read_tree(filled, layout, findings)
    elif layout.has_goals:
        plan = _read_goals(filled, layout, findings, rows_as)
    else:
        plan = _read_numbered(filled, layout, findings)
    if not (plan.measures or plan.goals or plan.refused):
        raise NotAPlanTableError(NotAPlan.NO_MEASURES)
    return plan


def columns_only(
    rows: Sequence[InputRow], *, columns: Mapping[int, ColumnMeaning] | None = None
) -> PlanTable:
    """
    Give the columns of a table that is not understood, so that a person can say what they mean.

    :raises NotAPlanTableError: if there are no columns that could mean something
    """
    filled = _lines(rows)
    layout = find_columns(filled, columns or {})
    if layout.width < 2 or len(filled) - layout.first_body < 1:  # noqa: PLR2004 - a title and one more
        raise NotAPlanTableError(NotAPlan.NO_MEASURES)
    return _table(layout, filled[layout.first_body :], Findings())


def _lines(rows: Sequence[InputRow]) -> list[Line]:
    lines = [
        Line(number, tuple(healed(normal(cell)) for cell in cells), tuple(cells))
        for number, cells in rows
    ]
    filled = [line for line in lines if any(line.cells)]
    if not filled:
        raise NotAPlanTableError(NotAPlan.EMPTY)
    return filled


def _without_totals(lines: list[Line], layout: Layout, findings: Findings) -> list[Line]:
    """Leave out rows that only add up the amounts above them, as spreadsheets end with."""
    kept = lines[: layout.first_body]
    for line in lines[layout.first_body :]:
        word, *others = [cell for cell in line.cells if cell]
        if TOTAL.fullmatch(word) and others and None not in map(parse_amount, others):
            findings.note(line.number, Hint.LINE_SKIPPED, text=word)
        else:
            kept.append(line)
    return kept


def _note_healed(lines: Sequence[Line], findings: Findings) -> None:
    for line in lines:
        for cell, raw in zip(line.cells, line.raw, strict=False):
            if (found := HYPHENATED.search(raw)) is None:
                continue
            before = raw[: found.start()].split()[-1]
            after = raw[found.end() :].split()[0]
            if f"{before}{after}" in cell:
                findings.note(line.number, Hint.WORDS_HEALED, word=short(f"{before}{after}"))


def _read_numbered(filled: list[Line], layout: Layout, findings: Findings) -> PlanTable:
    body = filled[layout.first_body :]
    lines = joined_where_torn(body, layout) if layout.is_ragged else body
    records = Records(layout, findings)
    records.sort_out(RowFinder(layout, findings).rows(lines))
    return records.plan_table(body, legend=read_legend(filled[: layout.first_header]))


def _read_goals(
    filled: list[Line], layout: Layout, findings: Findings, rows_as: RowsAs
) -> PlanTable:
    reader = GoalReader(layout, findings, rows_as)
    reader.read(filled)
    return replace(
        _table(layout, filled[layout.first_body :], findings),
        fields=reader.fields.all(),
        goals=tuple(reader.goals.values()),
        measures=tuple(reader.measures),
        has_action_goals=reader.has_action_goals,
    )


def _read_tree(filled: list[Line], layout: Layout, findings: Findings) -> PlanTable:
    body = filled[layout.first_body :]
    reader = TreeReader(layout, findings)
    reader.read(body)
    return replace(
        _table(layout, body, findings),
        fields=reader.fields.all(),
        goals=tuple(reader.goals),
        measures=tuple(reader.measures),
    )


def _table(layout: Layout, body: list[Line], findings: Findings) -> PlanTable:
    return PlanTable(
        header_rows=tuple(line.number for line in layout.header),
        columns=columns_of(layout, body),
        grades=tuple(sorted(layout.grades.values())),
        fields=(),
        measures=(),
        refused=tuple(sorted(findings.refused, key=lambda refused: refused.row)),
        notes=tuple(sorted(findings.notes, key=lambda note: note.row)),
        signs=(),
        legend={},
    )


def best_table(tables: Sequence[Sequence[InputRow]]) -> BestTable:
    """
    Choose the table that lists most goals and measures, joined with those that only continue it.

    A word processor may cut one long table into several. Rows of a continuing table count on from
    the last row of the one before.

    :raises NotAPlanTableError: if none is a plan's
    """
    best: BestTable | None = None
    first_error: NotAPlanTableError | None = None
    done = -1
    for index, rows in enumerate(tables):
        if index <= done:
            continue
        try:
            own = BestTable((index,), list(rows), understand(rows))
        except NotAPlanTableError as error:
            first_error = first_error or error
            continue
        own = _with_continuations(own, tables)
        done = own.indexes[-1]
        if best is None or _size(own.plan) > _size(best.plan):
            best = own
    if best is None:
        raise first_error or NotAPlanTableError(NotAPlan.EMPTY)
    return best


def _with_continuations(own: BestTable, tables: Sequence[Sequence[InputRow]]) -> BestTable:
    """Join the tables that follow as long as they look like more of the same."""
    last = own.indexes[0]
    while last + 1 < len(tables) and _looks_like_more(own, tables[last + 1]):
        last += 1
    if last == own.indexes[0]:
        return own
    rows = list(own.rows)
    for table in tables[own.indexes[0] + 1 : last + 1]:
        before = rows[-1][0]
        rows += [(before + number, cells) for number, cells in table]
    plan = understand(rows)
    gained = _size(plan) - _size(own.plan)
    if gained <= 0 or len(plan.refused) - len(own.plan.refused) > gained:
        return own
    return BestTable(tuple(range(own.indexes[0], last + 1)), rows, plan)


def _looks_like_more(own: BestTable, rows: Sequence[InputRow]) -> bool:
    """Tell a continuation: the same header, or as many columns with numbers where they belong."""
    if own.plan.goals and own.plan.header_rows:
        header = next(cells for number, cells in own.rows if number == own.plan.header_rows[0])
        words = [normal(cell) for cell in header]
        return any([normal(cell) for cell in cells] == words for _number, cells in rows[:3])
    widths = [
        max((len(cells) for _number, cells in table), default=0) for table in (own.rows, rows)
    ]
    index = next((it.index for it in own.plan.columns if it.meaning is ColumnMeaning.NUMBER), 0)
    firsts = [normal(cells[index]) for _number, cells in rows if index < len(cells)]
    numbers = sum(1 for first in firsts if is_number(clean_number(first)))
    others = sum(1 for first in firsts if first) - numbers
    return widths[0] == widths[1] and numbers > others


def _size(plan: PlanTable) -> int:
    return len(plan.measures) + len(plan.goals)
