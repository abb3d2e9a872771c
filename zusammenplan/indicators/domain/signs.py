"""
The cells of official tables: a number, or a sign that stands for one.

Signs after the tables' own notes: ``-`` nothing present, ``.`` unknown or confidential, ``/`` not
reliable enough, ``x`` not meaningful, ``...`` comes later, ``()`` of limited reliability; letters
behind a number: ``p`` preliminary, ``r`` corrected, ``s`` estimated, ``e`` final. The newer
national notation (k, t, u, g) is kept as it is. A sign is never a zero by itself;
which ``-`` are one is told by the whole of a file (docs/rules/zeichen.md).
"""

# ruff: noqa: RUF001 - the signs that look alike are the matter of this file

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

SIGNS = frozenset({"-", ".", "/", "x", "...", "k", "t", "u", "g"})
MINUSES = "-‐‑‒–—―−﹣－"
RESPELLED = {**dict.fromkeys(MINUSES, "-"), "X": "x", "…": "...", "·": ".", "•": "."}
BLANKS = str.maketrans(
    {**dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f\u2008\t", " "), "\u200b": "", "\ufeff": ""}
)
FLAGS = frozenset("prse")
MINUS = re.compile(rf"^[{re.escape(MINUSES)}]\s*(?=[\d(])")
PLUS = re.compile(r"^\+\s*(?=[\d(])")
IN_BRACKETS = re.compile(r"\((.*)\)")
NUMBER = re.compile(
    r"-?(?:\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3})+(?=,|$)|\d{1,3}(?:['’]\d{3})+|\d+)(?:,\d+)?"
)
DOTTED = re.compile(r"-?\d+\.\d+")  # one dot that separates no thousands
ENGLISH = re.compile(r"-?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d+)?")
PERCENT = re.compile(r"\s*%$")
LONGEST = 60
# What the database keeps: 14 digits before the comma, six behind it.
LARGEST = Decimal(10) ** 14
FINEST = Decimal("0.000001")
FINEST_PLACES = -6
MOST_PLAIN_DIGITS = 14
KEPT_CELLS = 1 << 14


class Cell(NamedTuple):
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


def read_cell(raw: str, noted: str = "", *, english: bool = False) -> Cell:
    """
    Read a cell of an official table; ``noted`` is the quality that stands in a column of its own.

    :raises UnreadableCellError: if it holds neither a number nor a known sign
    """
    if raw.isdecimal() and len(raw) <= MOST_PLAIN_DIGITS and raw.isascii():
        return tuple.__new__(Cell, (raw, Decimal(raw), "", noted))
    return _read(raw, noted, english)


@lru_cache(maxsize=KEPT_CELLS)
def _read(raw: str, noted: str, english: bool) -> Cell:  # noqa: FBT001 - what the cache is asked by
    text = raw.translate(BLANKS).strip()
    text = RESPELLED.get(text, text)
    if not text or text in SIGNS:
        return Cell(raw, None, text, noted)
    if len(raw) > LONGEST:
        raise UnreadableCellError(raw[:LONGEST])
    number, quality = _without_marks(text)
    if not number:
        return Cell(raw, None, "()", quality + noted)
    return Cell(raw, _number(number, english=english), "", quality + noted)


def _without_marks(text: str) -> tuple[str, str]:
    """Take brackets and the letters of quality off a number."""
    quality = ""
    if text[-1] in FLAGS and text[:-1].rstrip()[-1:].isdecimal() | text[:-1].endswith(")"):
        quality, text = text[-1], text[:-1].rstrip()
    if bracketed := IN_BRACKETS.fullmatch(text):
        quality, text = f"(){quality}", bracketed.group(1).strip()
    return PERCENT.sub("", MINUS.sub("-", PLUS.sub("", text))), quality


def _number(text: str, *, english: bool) -> Decimal:
    if english:
        if not ENGLISH.fullmatch(text):
            raise UnreadableCellError(text)
        digits = text.replace(",", "").replace(" ", "")
    elif NUMBER.fullmatch(text):
        digits = re.sub(r"[ .'’]", "", text).replace(",", ".")
    elif DOTTED.fullmatch(text):
        digits = text
    else:
        raise UnreadableCellError(text)
    value = Decimal(digits)
    if abs(value) >= LARGEST:
        raise UnreadableCellError(text)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < FINEST_PLACES:
        return value.quantize(FINEST, ROUND_HALF_UP)
    return value
