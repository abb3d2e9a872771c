"""
The cells of official tables: a number, or a sign that stands for one.

Signs after the tables' own notes: ``-`` nothing present, ``.`` unknown or confidential, ``/`` not
reliable enough, ``x`` not meaningful, ``...`` comes later, ``()`` of limited reliability; letters
behind a number: ``p`` preliminary, ``r`` corrected, ``s`` estimated, ``e`` final. The newer
national notation (k, t, u, g) is kept as it is. A sign is never a zero by itself; see ``is_zero``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

SIGNS = frozenset({"-", ".", "/", "x", "...", "k", "t", "u", "g"})
RESPELLED = {"–": "-", "—": "-", "\u2212": "-", "X": "x", "…": "...", "·": "."}
BLANKS = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007\u2009\t", " "))
FLAGS = frozenset("prse")
MINUS = re.compile(r"^[-–—\u2212]\s*(?=[\d(])")
IN_BRACKETS = re.compile(r"\((.*)\)")
NUMBER = re.compile(
    r"-?(?:\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3})+(?=,|$)|\d+)(?:,\d+)?"  # German
)
DOTTED = re.compile(r"-?\d+\.\d+")  # one dot that separates no thousands
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """
    What stands in a cell: the number if there is one, the sign, the quality, and the raw text.

    ``sign`` is empty for a number; ``quality`` holds ``()`` and the letters behind the number.
    """

    raw: str
    value: Decimal | None = None
    sign: str = ""
    quality: str = ""

    @property
    def kind(self) -> str:
        """Give "number", or the sign, for counting."""
        return "number" if self.value is not None else self.sign


class UnreadableCellError(ValueError):
    """The cell holds neither a number nor a known sign."""


def read_cell(raw: str) -> Cell:
    """
    Read a cell of an official table.

    :raises UnreadableCellError: if it holds neither a number nor a known sign
    """
    text = raw.translate(BLANKS).strip()
    if not text:
        return Cell(raw)
    text = RESPELLED.get(text, text)
    if text in SIGNS:
        return Cell(raw, sign=text)
    if len(text) > LONGEST:
        raise UnreadableCellError(raw[:LONGEST])
    quality = ""
    if text[-1] in FLAGS and text[:-1].rstrip()[-1:].isdigit() | text[:-1].endswith(")"):
        quality, text = text[-1], text[:-1].rstrip()
    if bracketed := IN_BRACKETS.fullmatch(text):
        quality, text = f"(){quality}", bracketed.group(1).strip()
        if not text:
            return Cell(raw, sign="()", quality=quality)
    text = MINUS.sub("-", text)
    if not NUMBER.fullmatch(text):
        if DOTTED.fullmatch(text):
            return Cell(raw, Decimal(text), quality=quality)
        raise UnreadableCellError(raw)
    digits = text.replace(" ", "").replace(".", "").replace(",", ".")
    return Cell(raw, Decimal(digits), quality=quality)


def is_zero(cell: Cell, *, existed: bool, has_numbers: bool) -> bool:
    """
    Tell whether ``-`` means exactly zero: the area existed, and the table has numbers for it.

    An area that does not exist (any more), or for which nothing was loaded, has no value.
    """
    return cell.sign == "-" and existed and has_numbers
