"""Cells and what single ones say: a number before a title, a date that was a number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zusammenplan.plans.domain.numbers import clean_number, is_number

LEADING_NUMBER = re.compile(
    r"(?:(?:Handlungsfeld|Themenfeld|Feld|Maßnahme|Massnahme|Field)\s+)?"
    r"((?:HF\s?)?(?:[IVX]+(?=[.:)\s])|[A-Z](?=[.:)]|\s\d)|(?:[A-Z]\s?)?\d{1,3}(?:\.\d{1,3})*)[a-z]?)"
    r"(?:[.:)]*\s+(?:[–—:-]\s+)?|[:)]\s*)(?=\S)"
)
DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(?:19|20)\d\d|(?:19|20)\d\d-(\d{2})-(\d{2})(?:[T ].*)?")
SHORT = 80
# “Lebensphasenüber- greifende” was one word; in “Alt- und Neubau” the hyphen stands for a word.
HYPHENATED = re.compile(
    r"(?<=[^\W\d_])-\s+(?!(?:und|oder|bzw|sowie|als|wie|bis|noch|aber|u|o)\b)(?=[a-zäöüß]{2})"
)


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    cells: tuple[str, ...]
    # The cells as they stand in the file, where line breaks tell one thing from the next.
    raw: tuple[str, ...] = ()

    def raw_cell(self, index: int) -> str:
        return self.raw[index] if index < len(self.raw) else self.cell(index)

    def cell(self, index: int | None) -> str:
        return self.cells[index] if index is not None and index < len(self.cells) else ""

    @property
    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell)


def normal(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").replace("\u200b", "").split())


def healed(text: str) -> str:
    """Join words that a line break had hyphenated."""
    return HYPHENATED.sub("", text)


def split_number(text: str) -> tuple[str, str]:
    """Split “1.1 Leitbild erneuern” into number and text."""
    found = LEADING_NUMBER.match(text)
    if found is None or not is_number(clean_number(found.group(1))):
        return "", text
    return clean_number(found.group(1)), text[found.end() :]


def code_and_name(text: str) -> tuple[str, str]:
    """
    Split the cell of a column of fields, which holds a code, a name, or both.

    “Feld 1” says the word for every field, and a number that is the code.
    """
    code, name = split_number(text)
    if code or not is_number(clean_number(text)):
        return code, name
    code = clean_number(text)
    return code.rsplit(" ", 1)[-1], code if " " in code else ""


def date_parts(text: str) -> tuple[str, str] | None:
    """Give day and month of a date without leading zeros: what “1.1” was before it became one."""
    found = DATE.fullmatch(text)
    if found is None:
        return None
    day, month = (found[1], found[2]) if found[1] else (found[4], found[3])
    return str(int(day)), str(int(month))


def is_dotted(text: str) -> bool:
    number, _title = split_number(text)
    return "." in (number or clean_number(text)) and is_number(number or clean_number(text))


def short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 2]} …"


def column_letter(index: int) -> str:
    """Name a column as spreadsheets do: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
