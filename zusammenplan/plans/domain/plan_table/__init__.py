"""
A plan's table, recognised by what stands in it: header, fields, measures, marks.

Municipalities write this table for people. It has one or two header lines, pages tear it, a field
is a row among the measures or a column beside them, and a cross in the column of a grade is a
group's mark. ``understand`` reads it as a person would, and names every row that it could not take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zusammenplan.plans.domain.numbers import clean_number, is_number
from zusammenplan.plans.domain.plan_table.cells import Line, normal
from zusammenplan.plans.domain.plan_table.header import find_layout
from zusammenplan.plans.domain.plan_table.lines import Findings, RowFinder
from zusammenplan.plans.domain.plan_table.marks import read_legend
from zusammenplan.plans.domain.plan_table.records import Records
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
    PlanMeasure,
    PlanTable,
    Reason,
    Refused,
)
from zusammenplan.plans.domain.plan_table.torn import joined_where_torn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    "PlanMeasure",
    "PlanTable",
    "Reason",
    "Refused",
    "best_table",
    "understand",
]


def understand(
    rows: Sequence[InputRow], *, columns: Mapping[int, ColumnMeaning] | None = None
) -> PlanTable:
    """
    Read a plan's table; ``columns`` overrule what is found of the columns' meaning.

    :raises NotAPlanTableError: if it does not list numbered measures
    """
    clean = [Line(number, tuple(normal(cell) for cell in cells)) for number, cells in rows]
    filled = [line for line in clean if any(line.cells)]
    if not filled:
        raise NotAPlanTableError(NotAPlan.EMPTY)
    layout = find_layout(filled, columns or {})
    body = filled[layout.first_body :]
    findings = Findings()
    lines = joined_where_torn(body, layout) if layout.is_ragged else body
    records = Records(layout, findings)
    records.sort_out(RowFinder(layout, findings).rows(lines))
    plan = records.plan_table(body, legend=read_legend(filled[: layout.first_header]))
    if not plan.measures and not plan.refused:
        raise NotAPlanTableError(NotAPlan.NO_MEASURES)
    return plan


def best_table(tables: Sequence[Sequence[InputRow]]) -> BestTable:
    """
    Choose the table that lists most measures, joined with those that only continue it.

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
        if best is None or len(own.plan.measures) > len(best.plan.measures):
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
    gained = len(plan.measures) - len(own.plan.measures)
    if gained <= 0 or len(plan.refused) - len(own.plan.refused) > gained:
        return own
    return BestTable(tuple(range(own.indexes[0], last + 1)), rows, plan)


def _looks_like_more(own: BestTable, rows: Sequence[InputRow]) -> bool:
    """Tell a continuation: as many columns, and numbers or nothing in the column of numbers."""
    widths = [
        max((len(cells) for _number, cells in table), default=0) for table in (own.rows, rows)
    ]
    index = next((it.index for it in own.plan.columns if it.meaning is ColumnMeaning.NUMBER), 0)
    firsts = [normal(cells[index]) for _number, cells in rows if index < len(cells)]
    numbers = sum(1 for first in firsts if is_number(clean_number(first)))
    others = sum(1 for first in firsts if first) - numbers
    return widths[0] == widths[1] and numbers > others
