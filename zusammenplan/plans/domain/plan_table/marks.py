"""Marks in the cells of grades: signs that people type, counts, and whose sign it is."""

# ruff: noqa: RUF001 - the many dashes and crosses that people type are the matter of this file

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from zusammenplan.plans.domain.plan_table.shapes import COUNT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zusammenplan.plans.domain.plan_table.cells import Line

SIGNS = {
    **dict.fromkeys("xX×✗✘☒❌", "x"),
    **dict.fromkeys("-‐‑‒–—−", "-"),
    **dict.fromkeys("✓✔√☑✅", "✓"),
    **dict.fromkeys("•●◦∙·", "•"),
    "*": "*",
    "+": "+",
    "o": "o",
    "O": "o",
    "○": "o",
}
WORDS = {"TRUE": "✓", "WAHR": "✓", "FALSE": "", "FALSCH": "", "☐": "", "0": ""}
LONGEST_MARKS = 500
SIGN_CLASS = re.escape("".join(SIGNS))
MARK = re.compile(rf"(\d{{1,6}})?\s?([{SIGN_CLASS}])|(\d{{1,6}})")
BETWEEN_MARKS = re.compile(r"[\s,;/()&]*(?:und)?[\s,;/()&]*")
LEGEND = re.compile(rf"(?:[^:]{{1,60}}:\s*)?([^:()]{{3,100}}?)\s*\(([{SIGN_CLASS}])\)\s*")


def sign_named(text: str) -> str | None:
    """Give the sign that somebody means by typing it: “X” is x, a long dash is a dash."""
    return COUNT if text == COUNT else SIGNS.get(text)


class UnreadableSignError(Exception):
    """The cell of a grade holds something that is no mark."""


def marks_of(cell: str) -> Counter[str]:
    """Count the marks of a cell by sign: “x”, “x, -”, “3x”, “12”."""
    if not cell or cell.upper() in WORDS:
        sign = WORDS.get(cell.upper(), "")
        return Counter({sign: 1}) if sign else Counter()
    if len(cell) > LONGEST_MARKS:
        raise UnreadableSignError
    found: Counter[str] = Counter()
    at = 0
    while at < len(cell):
        mark = MARK.match(cell, at)
        if mark is None:
            raise UnreadableSignError
        times, sign, count = mark.groups()
        if sign:
            found[SIGNS[sign]] += int(times or 1)
        elif found:
            raise UnreadableSignError
        else:
            found[COUNT] += int(count)
        at = mark.end()
        between = BETWEEN_MARKS.match(cell, at)
        at = between.end() if between else at
    return +found


def read_legend(lines: Iterable[Line]) -> dict[str, str]:
    """Read whose sign it is from the lines above the table: “Externe Steuerungsgruppe (x)”."""
    legend: dict[str, str] = {}
    for line in lines:
        for cell in line.cells:
            if found := LEGEND.fullmatch(cell):
                legend.setdefault(SIGNS[found.group(2)], found.group(1).strip())
    return legend
