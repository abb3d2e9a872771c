"""
Tables whose measures stand beside their goals, as in a plan's part of goals.

The line above the header is the goal of the whole table; columns of goals are carried on over
empty cells; what a page break repeats is taken once. Measures without numbers get one proposed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from zusammenplan.core.periods import parse_period
from zusammenplan.plans.domain.numbers import clean_number, is_number, number_key
from zusammenplan.plans.domain.plan_table.cells import normal, short
from zusammenplan.plans.domain.plan_table.details import details_of
from zusammenplan.plans.domain.plan_table.fields import HEADING, Fields
from zusammenplan.plans.domain.plan_table.header import ACTION_GOAL
from zusammenplan.plans.domain.plan_table.records import title_and_text
from zusammenplan.plans.domain.plan_table.shapes import (
    MAX_TITLE,
    ColumnMeaning,
    Hint,
    PlanGoal,
    PlanMeasure,
    Reason,
    RowsAs,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zusammenplan.plans.domain.plan_table.cells import Line
    from zusammenplan.plans.domain.plan_table.details import Details
    from zusammenplan.plans.domain.plan_table.header import Layout
    from zusammenplan.plans.domain.plan_table.lines import Findings

TITLE_LEVEL, ACTION_LEVEL = "Oberziel", "Handlungsziel"
# A first line that says what the paper is, such as “Sozialplan Landkreis …”, is no goal.
NAMES_THE_PAPER = re.compile(
    r"(entwurf )?(\w*(plan|konzept|programm|strategie)|ma(ß|ss)nahmen\w*|anlage|measures)\b",
    re.IGNORECASE,
)
PLAIN_HEADINGS = {"ziel", "ziele", "goal", "goals"}


class GoalReader:
    """Reads goals and measures line by line, with what was said last kept in mind."""

    def __init__(self, layout: Layout, findings: Findings, rows_as: RowsAs) -> None:
        self.layout = layout
        self.findings = findings
        self.rows_as = rows_as
        self.fields = Fields(findings)
        self.goals: dict[tuple[str | None, str], PlanGoal] = {}
        self.measures: list[PlanMeasure] = []
        self.by_number: dict[tuple[str, ...], int] = {}
        self.by_title: dict[tuple[str | None, str], int] = {}
        self.field_code = ""
        self.top: PlanGoal | None = None
        self.carried: list[PlanGoal | None] = [None] * len(layout.indexes(ColumnMeaning.GOAL))
        title = layout.index(ColumnMeaning.TITLE) or 0
        self.has_action_goals = bool(ACTION_GOAL.fullmatch(layout.heading(title)))

    def read(self, lines: Sequence[Line]) -> None:
        headers = {header.cells for header in self.layout.header}
        seen_header = not headers
        for at, line in enumerate(lines):
            below = lines[at + 1] if at + 1 < len(lines) else None
            if line.cells in headers:
                if seen_header:
                    self.findings.note(line.number, Hint.HEADER_REPEATED)
                seen_header = True
            elif line.filled == 1 and (field := self._field_heading(line)):
                self.field_code = field
                self.top = None
            elif line.filled == 1 and below and below.cells in headers:
                self._take_title(line)
            elif not seen_header:
                continue
            elif len(line.cells) == 1:
                self.findings.note(line.number, Hint.LINE_SKIPPED, text=short(line.cells[0]))
            else:
                self._take_row(line)

    def _field_heading(self, line: Line) -> str:
        text = next(cell for cell in line.cells if cell)
        if not HEADING.fullmatch(text):
            return ""
        field = self.fields.of_heading(text, line.number)
        return field.code if field else ""

    def _take_title(self, line: Line) -> None:
        """Take the line above a header as the goal of the table that follows."""
        title = next(cell for cell in line.cells if cell)
        if not self.goals and NAMES_THE_PAPER.match(title):
            return
        before = self.top
        self.top = self._goal(line.number, None, TITLE_LEVEL, title)
        if self.top is not before:
            self.carried = [None] * len(self.carried)

    def _take_row(self, line: Line) -> None:
        if (at := self.layout.index(ColumnMeaning.FIELD)) is not None and line.cell(at):
            field = self.fields.of_cell(line.cell(at), line.number)
            if field is None:
                return
            self.field_code = field.code
        goal = self._goal_of_row(line)
        title = line.cell(self.layout.index(ColumnMeaning.TITLE))
        if title:
            self._take_titled(line, goal, title)
        elif any(
            line.cell(index)
            for index, meaning in self.layout.meanings.items()
            if meaning not in {ColumnMeaning.GOAL, ColumnMeaning.FIELD, ColumnMeaning.IGNORED}
        ):
            self._take_rest(line)

    def _goal_of_row(self, line: Line) -> PlanGoal | None:
        """Give the lowest goal of the row; an empty cell carries on the goal above it."""
        parent = self.top
        for place, index in enumerate(self.layout.indexes(ColumnMeaning.GOAL)):
            if written := line.cell(index):
                heading = self.layout.heading(index)
                level = "" if heading.casefold() in PLAIN_HEADINGS else heading
                before = self.carried[place]
                self.carried[place] = self._goal(line.number, parent, level, written, before)
                self.carried[place + 1 :] = [None] * (len(self.carried) - place - 1)
            parent = self.carried[place] or parent
        return parent

    def _goal(
        self,
        row: int,
        parent: PlanGoal | None,
        level: str,
        written: str,
        before: PlanGoal | None = None,
    ) -> PlanGoal:
        """Give the goal of these words; that it stands in the row above too is worth no hint."""
        title, text = title_and_text(written)
        above = parent.key if parent else None
        known = self.goals.get((above, title.casefold()))
        if known:
            if known.row != row and known is not before:
                self.findings.note(row, Hint.GOAL_REPEATED, title=short(title), first_row=known.row)
            return known
        goal = PlanGoal(
            row, f"z{len(self.goals) + 1}", above, level, title, text=text,
            field_code=self.field_code,
        )  # fmt: skip
        self.goals[above, title.casefold()] = goal
        return goal

    def _take_titled(self, line: Line, goal: PlanGoal | None, written: str) -> None:
        number = clean_number(line.cell(self.layout.index(ColumnMeaning.NUMBER)))
        title, text = title_and_text(written)
        if number and not self._has_sound_number(line.number, number):
            return
        key = (goal.key if goal else None, title.casefold())
        if not number and key in self.by_title:
            first = self.by_title[key]
            self.findings.refuse(line.number, Reason.ROW_TWICE, title=short(title), first_row=first)
            return
        details = details_of(line, self.layout, self.findings, number or short(title))
        if details is None:
            return
        self.by_title[key] = line.number
        if text:
            self.findings.note(
                line.number, Hint.TITLE_SHORTENED, number=number or short(title), limit=MAX_TITLE
            )
        if own := line.cell(self.layout.index(ColumnMeaning.TEXT)):
            text = f"{text}\n\n{own}" if text else own
        if self.rows_as is not RowsAs.MEASURES:
            goal = self._action_goal(line, goal, title, text, details)
        if self.rows_as is RowsAs.GOALS:
            if details.indicators:
                self.findings.note(line.number, Hint.INDICATORS_LEFT)
            return
        self.measures.append(
            PlanMeasure(
                row=line.number,
                number=number,
                title=title,
                text=text,
                field_code=self.field_code,
                marks={},
                sign=None,
                marks_by_sign={},
                extra=details.extra,
                status=details.status,
                goals=(goal.key,) if goal else (),
                split=details.indicators,
                indicators=details.indicators,
                costs=details.costs,
                starts_on=details.starts_on,
                ends_on=details.ends_on,
            )
        )

    def _action_goal(
        self, line: Line, parent: PlanGoal | None, title: str, text: str, details: Details
    ) -> PlanGoal:
        written = details.extra.get(ColumnMeaning.PERIOD, "")
        period = parse_period(written)
        above = parent.key if parent else None
        level = ACTION_LEVEL if self.has_action_goals else ""
        goal = PlanGoal(
            line.number, f"z{len(self.goals) + 1}", above, level, title, text=text,
            field_code=self.field_code, period=written,
            starts_on=details.starts_on or period.starts_on,
            ends_on=details.ends_on or period.ends_on,
        )  # fmt: skip
        return self.goals.setdefault((above, title.casefold()), goal)

    def _has_sound_number(self, row: int, number: str) -> bool:
        if not is_number(number):
            self.findings.refuse(row, Reason.NUMBER_UNREADABLE, number=short(number))
            return False
        key = number_key(number)
        if key in self.by_number:
            first = self.by_number[key]
            self.findings.refuse(row, Reason.NUMBER_TWICE, number=number, first_row=first)
            return False
        self.by_number[key] = row
        return True

    def _take_rest(self, line: Line) -> None:
        """Take a row with indicators alone as more of the row above; refuse what says less."""
        above = self.measures[-1] if self.measures else None
        details = details_of(line, self.layout, self.findings, above.number if above else "")
        if details is None:
            return
        if (
            above is None
            or not details.indicators
            or line.filled
            != len(
                [
                    index
                    for index in self.layout.indexes(ColumnMeaning.INDICATOR)
                    if line.cell(index)
                ]
            )
        ):
            text = short(normal(" ".join(line.cells)))
            self.findings.refuse(line.number, Reason.ROW_EMPTY, text=text)
            return
        split = (*above.split, *details.indicators)
        self.measures[-1] = replace(above, split=split, indicators=split)
        self.findings.note(line.number, Hint.ROWS_JOINED, above=above.row, number=above.number)
