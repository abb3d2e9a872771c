"""What somebody typed into a cell, read as the value that its column holds."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from zusammenplan.core.periods import parse_day
from zusammenplan.plans.domain.workbook.records import clean_name, clean_text, names
from zusammenplan.plans.domain.workbook.shapes import (
    ANYWHERE,
    ELSEWHERE,
    Kind,
    Uncomputed,
    Why,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zusammenplan.plans.domain.workbook.shapes import Cell, Column, Value, Vocabulary

FIRST_YEAR, LAST_YEAR = 1990, 2199
MAX_MONEY = Decimal("9999999999.99")
MAX_NUMBER = Decimal("999999999999.9999")
ANY_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})|(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
ADDRESS = re.compile(r"(?:https?|ftps?)://[^\s/?#]+(?:[/?#]\S*)?", re.IGNORECASE)
PLACES = {Kind.MONEY: Decimal("0.01"), Kind.NUMBER: Decimal("0.0001")}
# What a spreadsheet program adds to a number by computing in binary.
NOISE = Decimal("0.00000001")


class CellRefusedError(Exception):
    """The cell holds nothing that its column can take."""

    def __init__(self, why: Why, **values: str) -> None:
        super().__init__(why.value)
        self.why = why
        self.values = values


class Refs:
    """
    The names by which rows refer to each other.

    A name means what it meant when the workbook was made; a row that is new or has another number
    since is known by what stands in it now.
    """

    def __init__(self, *meanings: Mapping[str, Mapping[str, str]]) -> None:
        self.meanings = meanings

    def key(self, sheet: str, label: str) -> str:
        plain = clean_name(label).casefold()
        sheets = ("measures", ELSEWHERE) if sheet == ANYWHERE else (sheet,)
        for meaning in self.meanings:
            for one in sheets:
                if found := meaning.get(one, {}).get(plain):
                    return found
        raise CellRefusedError(Why.UNKNOWN_REF, written=short(label))


def demand_fit(value: Value, column: Column) -> None:
    """
    Refuse a value that is missing, longer than its column, or none of its kind.

    :raises CellRefusedError: if it is
    """
    if column.is_required and (value is None or value == ""):
        raise CellRefusedError(Why.EMPTY)
    if column.kind is Kind.ADDRESS and value and not ADDRESS.fullmatch(str(value)):
        raise CellRefusedError(Why.NOT_AN_ADDRESS, written=short(str(value)))
    if column.longest is not None and value is not None:
        for text in value if isinstance(value, tuple) else (str(value),):
            if len(text) > column.longest:
                raise CellRefusedError(Why.TOO_LONG, longest=str(column.longest))


def value_of(cell: Cell, column: Column, vocabulary: Vocabulary, refs: Refs) -> Value:  # noqa: PLR0911 - one line a kind
    """
    Read a cell.

    :raises CellRefusedError: if it holds nothing that the column can take
    """
    if isinstance(cell, Uncomputed):
        raise CellRefusedError(Why.UNCOMPUTED)
    match column.kind:
        case Kind.DAY:
            return _day(cell)
        case Kind.YEAR:
            return _year(cell)
        case Kind.MONEY | Kind.NUMBER:
            return _number(cell, column)
        case Kind.CHOICE:
            return _choice(text_of(cell), column, vocabulary)
        case Kind.REF:
            label = text_of(cell)
            return refs.key(column.of, label) if label.strip() else ""
        case Kind.REFS:
            return tuple(sorted({refs.key(column.of, it) for it in _listed(cell, column, refs)}))
        case Kind.NAMES:
            return _names(cell, column, vocabulary)
        case _:
            return _text(cell, column)


def text_of(cell: Cell) -> str:
    """Write a cell as a person reads it."""
    if cell is None or isinstance(cell, Uncomputed):
        return ""
    if isinstance(cell, bool):
        return "WAHR" if cell else "FALSCH"
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, Decimal):
        return format(cell.normalize(), "f") if cell else "0"
    return cell


def short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:78]} …"  # noqa: PLR2004 - fits on a line


def _text(cell: Cell, column: Column) -> str:
    if column.kind is Kind.NUMBER_TEXT and isinstance(cell, date):
        raise CellRefusedError(Why.BECAME_DATE, written=text_of(cell))
    clean = clean_text if column.kind is Kind.TEXT else clean_name
    return clean(text_of(cell))


def _day(cell: Cell) -> date | None:
    if isinstance(cell, date):
        return cell
    text = clean_name(text_of(cell))
    if not text:
        return None
    if not isinstance(cell, Decimal):
        if found := ANY_DAY.fullmatch(text):
            day, month, year, *iso = found.groups()
            parts = (year, month, day) if year else iso
            try:
                return date(*(int(part) for part in parts))
            except ValueError:
                raise CellRefusedError(Why.NOT_A_DAY, written=short(text)) from None
        day_read = parse_day(text)
        # A month or a year is no day.
        if day_read and day_read == parse_day(text, at_end=True):
            return day_read
    raise CellRefusedError(Why.NOT_A_DAY, written=short(text))


def _year(cell: Cell) -> int | None:
    text = clean_name(text_of(cell))
    if not text:
        return None
    if not re.fullmatch(r"\d{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise CellRefusedError(Why.NOT_A_YEAR, written=short(text))
    return int(text)


def _number(cell: Cell, column: Column) -> Decimal | None:
    text = clean_name(text_of(cell))
    if not text:
        return None
    refused = CellRefusedError(Why.NOT_A_NUMBER, written=short(text))
    if isinstance(cell, bool | date):
        raise refused
    if isinstance(cell, Decimal):
        number = cell
    else:
        try:
            number = Decimal(_german(text))
        except InvalidOperation:
            raise refused from None
        if not number.is_finite():
            raise refused
    largest = MAX_MONEY if column.kind is Kind.MONEY else MAX_NUMBER
    if abs(number) > largest:
        raise CellRefusedError(Why.TOO_LARGE, written=short(text))
    rounded = number.quantize(PLACES[column.kind])
    if abs(rounded - number) > NOISE * max(Decimal(1), abs(number)):
        raise CellRefusedError(Why.TOO_EXACT, written=short(text))
    if column.kind is Kind.MONEY and rounded < 0:
        raise CellRefusedError(Why.NEGATIVE, written=short(text))
    return rounded


def _german(text: str) -> str:
    plain = re.sub(r"\s|€|EUR|Euro", "", text)
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?|-?\d+,\d+", plain):
        return plain.replace(".", "").replace(",", ".")
    return plain


def _choice(text: str, column: Column, vocabulary: Vocabulary) -> str:
    plain = clean_name(text).casefold()
    if not plain:
        return ""
    code = vocabulary.choices.get(column.of, {}).get(plain)
    if code is None:
        raise CellRefusedError(Why.NO_CHOICE, written=short(text))
    return code


def _listed(cell: Cell, column: Column, refs: Refs) -> list[str]:
    """Split a cell that lists names: one a line, or with semicolons between them."""
    found = []
    for line in clean_text(text_of(cell)).split("\n"):
        try:
            refs.key(column.of, line)
            found.append(line)
        except CellRefusedError:
            found += line.split(";")
    return [part for part in found if part.strip()]


def _names(cell: Cell, column: Column, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Split a cell that lists names: one a line, or with semicolons between them."""
    known = {name.casefold() for name in (*vocabulary.areas, *vocabulary.names)}
    found = names(
        part
        for line in clean_text(text_of(cell)).split("\n")
        for part in ([line] if clean_name(line).casefold() in known else line.split(";"))
    )
    if column.of != "area":
        return found
    by_name = {area.casefold(): area for area in vocabulary.areas}
    for name in found:
        if name.casefold() not in by_name:
            raise CellRefusedError(Why.UNKNOWN_AREA, written=short(name))
    return names(by_name[name.casefold()] for name in found)
