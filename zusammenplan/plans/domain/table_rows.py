"""From what was understood of a table to the rows that the plan takes over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zusammenplan.plans.domain.plan_table.cells import normal
from zusammenplan.plans.domain.plan_table.marks import LEGEND
from zusammenplan.plans.domain.plan_table.shapes import ColumnMeaning
from zusammenplan.plans.domain.plan_table.statuses import status_of
from zusammenplan.plans.domain.rows import FieldRow, MeasureRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zusammenplan.plans.domain.plan_table.shapes import InputRow, PlanTable

LONGEST_HEADING = 200


@dataclass(frozen=True, slots=True)
class TableRows:
    """The fields and measures of a table, ready to stand next to a plan's."""

    fields: tuple[FieldRow, ...]
    measures: tuple[MeasureRow, ...]


def rows_of(table: PlanTable) -> TableRows:
    return TableRows(
        fields=tuple(FieldRow(field.code, field.name) for field in table.fields),
        measures=tuple(
            MeasureRow(
                number=measure.number,
                title=measure.title,
                text=measure.text,
                field_code=measure.field_code,
                responsible=measure.extra.get(ColumnMeaning.RESPONSIBLE, ""),
                period_text=measure.extra.get(ColumnMeaning.PERIOD, ""),
                status=status_of(measure.extra.get(ColumnMeaning.STATUS, "")),
            )
            for measure in table.measures
        ),
    )


def heading_above(rows: Sequence[InputRow], table: PlanTable) -> str:
    """Give the first line above the table that reads like a title; empty if there is none."""
    first = min(table.header_rows, default=0)
    for number, cells in rows:
        if number >= first:
            break
        words = [word for cell in cells if (word := normal(cell))]
        if (
            len(words) == 1
            and len(words[0]) <= LONGEST_HEADING
            and any(char.isalpha() for char in words[0])
            and not LEGEND.fullmatch(words[0])
        ):
            return words[0]
    return ""
