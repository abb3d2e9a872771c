"""
Lists in which each row names the one above it, or says what it is: field, goal or measure.

Rows that have others below them are goals, those at the end are measures, unless a column says
otherwise. What cannot stand where it is written is refused row by row, with all that hangs on it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from zusammenplan.core.periods import parse_period
from zusammenplan.plans.domain.numbers import clean_number, number_key
from zusammenplan.plans.domain.plan_table.cells import short
from zusammenplan.plans.domain.plan_table.details import details_of
from zusammenplan.plans.domain.plan_table.fields import Fields
from zusammenplan.plans.domain.plan_table.records import title_and_text
from zusammenplan.plans.domain.plan_table.shapes import (
    MAX_NUMBER,
    MAX_TITLE,
    ColumnMeaning,
    Hint,
    PlanGoal,
    PlanMeasure,
    Reason,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zusammenplan.plans.domain.plan_table.cells import Line
    from zusammenplan.plans.domain.plan_table.header import Layout
    from zusammenplan.plans.domain.plan_table.lines import Findings

Kind = Literal["field", "goal", "measure"]
Key = tuple[str, ...]

NUMBER = re.compile(r"[^\W_](?:[\w .\-/]*[^\W_])?")
LIST_OF_NUMBERS = re.compile(r"[;,&]|\s+(?:und|u\.|and)\s+")
FIELD_WORD = re.compile(r"(?:handlungs|themen|aktions)?feld|hf|bereich|field(?: of action)?")
MEASURE_WORD = re.compile(
    r"(?:einzel|teil)?ma(?:ß|ss)nahmen?|m|projekt|vorhaben|aktion|aktivität|measure|action|project"
)
GOAL_WORD = re.compile(r"(?:[a-zäöü]+(?:es)? ?)?ziele?|z|goal|objective|(?:main |sub)goal")


@dataclass(slots=True)
class _Node:
    line: Line
    number: str
    title: str
    parent: Key
    written_parent: str
    said: str
    kind: Kind = "measure"


class TreeReader:
    """Reads a list of rows with numbers, each of which may name the number above it."""

    def __init__(self, layout: Layout, findings: Findings) -> None:
        self.layout = layout
        self.findings = findings
        self.fields = Fields(findings)
        self.goals: list[PlanGoal] = []
        self.measures: list[PlanMeasure] = []
        self.nodes: dict[Key, _Node] = {}
        # Numbers whose row was refused: what hangs on them cannot stand either.
        self.refused: dict[Key, int] = {}

    def read(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if any(line.cells == header.cells for header in self.layout.header):
                self.findings.note(line.number, Hint.HEADER_REPEATED)
            elif len(line.cells) == 1:
                self.findings.note(line.number, Hint.LINE_SKIPPED, text=short(line.cells[0]))
            else:
                self._take_line(line)
        self._refuse_strangers()
        self._settle_kinds()
        for key in self._from_the_top():
            self._place(key)

    def _take_line(self, line: Line) -> None:
        layout = self.layout
        number = clean_number(line.cell(layout.index(ColumnMeaning.NUMBER)))
        title = line.cell(layout.index(ColumnMeaning.TITLE))
        parent = clean_number(line.cell(layout.index(ColumnMeaning.PARENT)))
        if not number:
            self.findings.refuse(line.number, Reason.NUMBER_MISSING, title=short(title))
            return
        key = number_key(number)
        if len(number) > MAX_NUMBER or not NUMBER.fullmatch(number):
            self.findings.refuse(line.number, Reason.NUMBER_UNREADABLE, number=short(number))
        elif key in self.nodes or key in self.refused:
            first = self.nodes[key].line.number if key in self.nodes else self.refused[key]
            other = key in self.nodes and self.nodes[key].parent != number_key(parent)
            reason = Reason.TWO_PARENTS if other and parent else Reason.NUMBER_TWICE
            self.findings.refuse(
                line.number, reason, number=number, first_row=first, parents=short(parent)
            )
        elif not title:
            self.findings.refuse(line.number, Reason.TITLE_MISSING, number=number)
            self.refused[key] = line.number
        elif self._names_several(parent):
            self.findings.refuse(
                line.number, Reason.TWO_PARENTS, number=number, parents=short(parent),
                first_row=line.number,
            )  # fmt: skip
            self.refused[key] = line.number
        else:
            said = line.cell(layout.index(ColumnMeaning.KIND))
            self.nodes[key] = _Node(line, number, title, number_key(parent), parent, said)

    def _names_several(self, parent: str) -> bool:
        return len([part for part in LIST_OF_NUMBERS.split(parent) if part.strip()]) > 1

    def _refuse_strangers(self) -> None:
        """Refuse rows below numbers that are not there, rows in a circle, and all below them."""
        for key in self._in_circles():
            node = self.nodes.pop(key)
            self.refused[key] = node.line.number
            self.findings.refuse(
                node.line.number, Reason.CYCLE, number=node.number, parent=node.written_parent
            )
        for key, node in list(self.nodes.items()):
            if node.parent and node.parent not in self.nodes and node.parent not in self.refused:
                del self.nodes[key]
                self.refused[key] = node.line.number
                self.findings.refuse(
                    node.line.number,
                    Reason.PARENT_UNKNOWN,
                    number=node.number,
                    parent=node.written_parent,
                )
        children = self._children()
        waiting = list(self.refused)
        while waiting:
            above = waiting.pop()
            for key in children[above]:
                node = self.nodes.pop(key)
                self._refuse_below(node, above)
                waiting.append(key)

    def _refuse_below(self, node: _Node, above: Key) -> None:
        self.refused[number_key(node.number)] = node.line.number
        self.findings.refuse(
            node.line.number,
            Reason.PARENT_REFUSED,
            number=node.number,
            parent=node.written_parent,
            first_row=self.refused[above],
        )

    def _in_circles(self) -> list[Key]:
        """Give the numbers that stand above themselves."""
        state: dict[Key, int] = {}
        circles: list[Key] = []
        for start in self.nodes:
            path: list[Key] = []
            key = start
            while key in self.nodes and key not in state:
                state[key] = 1
                path.append(key)
                key = self.nodes[key].parent
            if state.get(key) == 1 and key in path:
                circles += path[path.index(key) :]
            for seen in path:
                state[seen] = 2
        return circles

    def _children(self) -> defaultdict[Key, list[Key]]:
        children: defaultdict[Key, list[Key]] = defaultdict(list)
        for key, node in self.nodes.items():
            children[node.parent].append(key)
        return children

    def _settle_kinds(self) -> None:
        children = self._children()
        for key, node in list(self.nodes.items()):
            said = node.said.casefold().strip(" .:")
            if not said:
                node.kind = "goal" if children[key] else "measure"
            elif MEASURE_WORD.fullmatch(said):
                node.kind = "measure"
            elif FIELD_WORD.fullmatch(said):
                node.kind = "field"
            elif GOAL_WORD.fullmatch(said):
                node.kind = "goal"
            else:
                self._drop(key, Reason.KIND_UNKNOWN, kind=short(node.said))

    def _drop(self, key: Key, reason: Reason, **values: str) -> None:
        """Refuse a row, and later all below it."""
        node = self.nodes.pop(key)
        self.refused[key] = node.line.number
        self.findings.refuse(node.line.number, reason, number=node.number, **values)

    def _from_the_top(self) -> list[Key]:
        """Give all numbers, each after the one above it, in the order of the list."""
        children = self._children()
        order: list[Key] = []
        stack = list(reversed(children[()]))
        while stack:
            key = stack.pop()
            order.append(key)
            stack += reversed(children[key])
        placed = set(order)
        # What hangs on a row that was refused just now is refused with it.
        return order + [key for key in self.nodes if key not in placed]

    def _place(self, key: Key) -> None:
        node = self.nodes[key]
        above = self.nodes.get(node.parent)
        if node.parent and (above is None or node.parent in self.refused):
            self._refuse_below(node, node.parent if node.parent in self.refused else key)
            return
        if above and (above.kind == "measure" or node.kind == "field"):
            self.refused[key] = node.line.number
            self.findings.refuse(
                node.line.number,
                Reason.PARENT_WRONG,
                number=node.number,
                parent=node.written_parent,
                first_row=above.line.number,
            )
            return
        if not self._take(node, above):
            self.refused.setdefault(key, node.line.number)

    def _take(self, node: _Node, above: _Node | None) -> bool:
        line = node.line
        if node.kind == "field":
            return self.fields.take(line.number, node.number, node.title) is not None
        field_code = self._field_code(node, above)
        if field_code is None:
            return False
        details = details_of(line, self.layout, self.findings, node.number)
        if details is None:
            return False
        title, text = title_and_text(node.title)
        if text:
            self.findings.note(
                line.number, Hint.TITLE_SHORTENED, number=node.number, limit=MAX_TITLE
            )
        if own := line.cell(self.layout.index(ColumnMeaning.TEXT)):
            text = f"{text}\n\n{own}" if text else own
        goal = above.number if above and above.kind == "goal" else None
        if node.kind == "goal":
            written = details.extra.get(ColumnMeaning.PERIOD, "")
            period = parse_period(written)
            level = node.said if len(node.said) > 1 else ""
            self.goals.append(
                PlanGoal(
                    line.number, node.number, goal, level, title, node.number, text, field_code,
                    written, details.starts_on or period.starts_on,
                    details.ends_on or period.ends_on,
                )
            )  # fmt: skip
            if details.indicators:
                self.findings.note(line.number, Hint.INDICATORS_LEFT)
            return True
        self.measures.append(
            PlanMeasure(
                row=line.number,
                number=node.number,
                title=title,
                text=text,
                field_code=field_code,
                marks={},
                sign=None,
                marks_by_sign={},
                extra=details.extra,
                status=details.status,
                goals=(goal,) if goal else (),
                split=details.indicators,
                indicators=details.indicators,
                costs=details.costs,
                starts_on=details.starts_on,
                ends_on=details.ends_on,
            )
        )
        return True

    def _field_code(self, node: _Node, above: _Node | None) -> str | None:
        """Take the field from its column, else from the row of a field further up."""
        at = self.layout.index(ColumnMeaning.FIELD)
        if at is not None and (written := node.line.cell(at)):
            field = self.fields.of_cell(written, node.line.number)
            return field.code if field else None
        while above:
            if above.kind == "field":
                return above.number
            if at is not None and (written := above.line.cell(at)):
                field = self.fields.of_cell(written, above.line.number)
                return field.code if field else None
            above = self.nodes.get(above.parent)
        return ""
