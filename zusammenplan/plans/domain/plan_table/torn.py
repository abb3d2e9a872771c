"""Rows of a text file that pages tore apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zusammenplan.plans.domain.numbers import clean_number, is_number
from zusammenplan.plans.domain.plan_table.cells import Line
from zusammenplan.plans.domain.plan_table.shapes import ColumnMeaning

if TYPE_CHECKING:
    from zusammenplan.plans.domain.plan_table.header import Layout


def joined_where_torn(lines: list[Line], layout: Layout) -> list[Line]:
    """
    Join lines of a text file that a break within a cell made out of one row.

    Torn pieces have together one cell more than a row for each break: the text before the break
    and the text after it are one cell.
    """
    joined: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        pieces, to = [line], at + 1
        width = len(line.cells)
        while width < layout.width and to < len(lines):
            following = lines[to]
            width += len(following.cells) - 1
            if width > layout.width or begins_row(following, layout):
                break
            pieces.append(following)
            to += 1
            if width == layout.width:
                break
        if len(pieces) > 1 and width == layout.width and line.filled and begins_row(line, layout):
            cells = list(line.cells)
            for piece in pieces[1:]:
                cells[-1] = f"{cells[-1]} {piece.cells[0]}".strip()
                cells += piece.cells[1:]
            joined.append(Line(line.number, tuple(cells)))
            at = to
        else:
            joined.append(line)
            at += 1
    return joined


def begins_row(line: Line, layout: Layout) -> bool:
    if len(line.cells) == 1:
        return False
    index = layout.index(ColumnMeaning.NUMBER)
    return is_number(clean_number(line.cell(index if index is not None else 0)))
