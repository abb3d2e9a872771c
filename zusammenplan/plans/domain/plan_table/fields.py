"""The fields of action of a table of goals: from a heading, a column or a row of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zusammenplan.plans.domain.numbers import clean_number, next_code, number_key
from zusammenplan.plans.domain.plan_table.cells import code_and_name
from zusammenplan.plans.domain.plan_table.shapes import MAX_NAME, PlanField, Reason

if TYPE_CHECKING:
    from zusammenplan.plans.domain.plan_table.lines import Findings

HEADING = re.compile(
    r"(?:Handlungsfeld|Themenfeld|Aktionsfeld|HF|Field(?: of action)?)\s*"
    r"(\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5}|[A-Z])\s*[-–—:.)]*\s+(\S.*)",
    re.IGNORECASE,
)


class Fields:
    """What fields were met so far, each known by its code and by its name."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.by_code: dict[tuple[str, ...], PlanField] = {}
        self.by_name: dict[str, PlanField] = {}

    def all(self) -> tuple[PlanField, ...]:
        return tuple(self.by_code.values())

    def of_heading(self, text: str, row: int) -> PlanField | None:
        """Take a heading such as “Handlungsfeld 4 - Beratung” as a field; else nothing."""
        found = HEADING.fullmatch(text)
        return self.take(row, clean_number(found[1]), found[2]) if found else None

    def of_cell(self, text: str, row: int) -> PlanField | None:
        """Take the cell of a column of fields: code, name, or both."""
        code, name = code_and_name(text)
        return self.take(row, code, name)

    def take(self, row: int, code: str, name: str) -> PlanField | None:
        """Give the field of this code or name; refuse the row if the two do not fit together."""
        known = self.by_code.get(number_key(code)) if code else self.by_name.get(name.casefold())
        if known:
            if code and name and known.name.casefold() not in {code.casefold(), name.casefold()}:
                first = known.row
                self.findings.refuse(row, Reason.FIELD_TWICE, number=code, first_row=first)
                return None
            return known
        code = code or next_code(it.code for it in self.by_code.values())
        name = name or code
        if len(name) > MAX_NAME:
            self.findings.refuse(row, Reason.NAME_TOO_LONG, number=code, limit=MAX_NAME)
            return None
        self.by_code[number_key(code)] = self.by_name[name.casefold()] = PlanField(row, code, name)
        return self.by_code[number_key(code)]
