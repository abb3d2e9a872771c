"""
The numbers that fields and measures carry: “1.1”, “2.10”, “A 3”, “HF 2”, “IV”.

A number is a text that a municipality chose. These rules say what is one, how numbers sort,
which one stands above another, and which is free next.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_LENGTH = 20

NUMBER = re.compile(
    r"(?:[^\W\d_]{1,4}[ .\-–]{0,2})?"  # HF, A, II
    r"\d{1,4}(?:[.\-–/ ]\d{1,4}){0,4}"  # 2.10.1
    r"(?:[ .]?[a-z])?"  # 1a
)
BARE_LETTERS = re.compile(r"[IVX]{1,5}|[A-Z]")
ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})", re.IGNORECASE)
ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
PARTS = re.compile(r"\d+|[^\W\d_]+")
LAST_DIGITS = re.compile(r"\d+(?=\D*\Z)")

Key = tuple[str, ...]
SortKey = tuple[tuple[int, int, str], ...]


def clean_number(text: str) -> str:
    """Take away what belongs to the writing and not to the number: “1.1.”, “1 .1”, “1,1”."""
    number = " ".join(text.split())
    number = re.sub(r" ?([.,]) ?(?=\d)", r"\1", number).rstrip(".,:) ")
    return re.sub(r"(?<=\d),(?=\d)", ".", number)


def is_number(text: str) -> bool:
    """Tell whether the text can be the number of a field or a measure."""
    if not 0 < len(text) <= MAX_LENGTH:
        return False
    return bool(NUMBER.fullmatch(text) or BARE_LETTERS.fullmatch(text))


def number_key(number: str) -> Key:
    """
    Give the parts that make a number this number, however it is written.

    A word before the digits says what is numbered and is no part: “HF 2” is field “2”, while
    “A 3” is the third in “A”. Leading zeros do not count.
    """
    parts = [part.casefold() for part in PARTS.findall(number)]
    if len(parts) > 1 and parts[0].isalpha() and len(parts[0]) > 1 and not _roman(parts[0]):
        parts = parts[1:]
    return tuple(part.lstrip("0") or "0" if part.isdecimal() else part for part in parts)


def parent_key(number: str) -> Key:
    """Give the key of what stands above: that of “2” for “2.10”; nothing stands above “2”."""
    return number_key(number)[:-1]


def depth(number: str) -> int:
    return len(number_key(number))


def sort_key(number: str) -> SortKey:
    """Sort as people count: 2.9 before 2.10, IV before IX, digits before letters."""
    return tuple(_sortable(part) for part in number_key(number))


def next_number(field_code: str, taken: Iterable[str]) -> str:
    """
    Give the number after the highest of the field, written like that one.

    A gap stays a gap: its number may stand in papers about a measure that was deleted.
    """
    field = number_key(field_code)
    siblings = [number for number in taken if number_key(number)[:-1] == field]
    counted = [number for number in siblings if number_key(number)[-1].isdecimal()]
    if counted:
        return _counted_up(max(counted, key=sort_key))
    return f"{_without_word(field_code)}.1"


def free_number(field_code: str, taken: Iterable[str]) -> str:
    """Give the next number of a measure: the next in its field, or without one the next of all."""
    if field_code:
        return next_number(field_code, taken)
    return next_code(number for number in taken if "." not in number)


def number_beside(siblings: Iterable[str], taken: Iterable[str], *, above: str = "") -> str:
    """
    Give the next free number beside those, or the first below the one above.

    Where nothing is numbered, nothing is proposed.
    """
    counted = [number for number in siblings if (key := number_key(number)) and key[-1].isdecimal()]
    if not counted and not above:
        return ""
    number = _counted_up(max(counted, key=sort_key)) if counted else f"{above}.1"
    used = {number_key(one) for one in taken}
    while number_key(number) in used:
        number = _counted_up(number)
    return number if len(number) <= MAX_LENGTH else ""


def next_code(taken: Iterable[str]) -> str:
    """Give the code for one more field, written like the highest: “7” after “6”."""
    counted = [code for code in taken if (key := number_key(code)) and key[-1].isdecimal()]
    return _counted_up(max(counted, key=sort_key)) if counted else "1"


def _counted_up(number: str) -> str:
    def one_more(found: re.Match[str]) -> str:
        return str(int(found.group()) + 1).zfill(len(found.group()))

    return LAST_DIGITS.sub(one_more, number)


def _without_word(code: str) -> str:
    text = code.strip()
    return re.sub(r"^[^\W\d_]{2,}\W*(?=\d)", "", text) or text


def _sortable(part: str) -> tuple[int, int, str]:
    if part.isdecimal():
        return (0, int(part), "")
    return (1, _roman(part), part)


def _roman(part: str) -> int:
    """Read a Roman number; 0 for what is none."""
    if not ROMAN.fullmatch(part):
        return 0
    values = [ROMAN_VALUES[letter] for letter in part.lower()]
    following = [*values[1:], 0]
    return sum(
        -value if value < after else value for value, after in zip(values, following, strict=True)
    )
