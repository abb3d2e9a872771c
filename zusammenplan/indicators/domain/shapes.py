"""What is read from a file of statistics: readings one by one, and whence they come."""

from __future__ import annotations

from dataclasses import dataclass, field as part
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zusammenplan.indicators.domain.signs import Cell
    from zusammenplan.indicators.domain.times import Time

Row = tuple[int, "Sequence[str]"]
FOOTER = "____"


class Layout(StrEnum):
    """The layouts in which tables come."""

    FLAT = "flat"
    FLAT_OLD = "flat-old"
    CLASSIC = "classic"
    NAMED = "named"
    OWN = "own"


class Problem(StrEnum):
    """Why a row or cell could not be read."""

    UNREADABLE_CELL = "unreadable_cell"
    UNREADABLE_TIME = "unreadable_time"
    UNREADABLE_AGE = "unreadable_age"
    UNREADABLE_SEX = "unreadable_sex"
    REGION_MISSING = "region_missing"
    MEASURE_MISSING = "measure_missing"
    LESS_THAN_NONE = "less_than_none"
    ROW_TOO_SHORT = "row_too_short"
    ROW_TOO_LONG = "row_too_long"


class NotOfficial(StrEnum):
    """Why a file is no table of statistics."""

    EMPTY = "empty"
    HTML = "html"
    BINARY = "binary"
    PDF = "pdf"
    OLD_EXCEL = "old_excel"
    DAMAGED_ARCHIVE = "damaged_archive"
    ARCHIVE_TOO_LARGE = "archive_too_large"
    TABLE_TOO_LARGE = "table_too_large"
    NO_TABLE_IN_ARCHIVE = "no_table_in_archive"
    SEVERAL_TABLES_IN_ARCHIVE = "several_tables_in_archive"
    MIXED_ENCODING = "mixed_encoding"
    TWICE_ENCODED = "twice_encoded"
    SEPARATOR = "separator"
    UNKNOWN_LAYOUT = "unknown_layout"
    COLUMN_MISSING = "column_missing"
    NO_ROWS = "no_rows"
    DATA_AFTER_FOOTER = "data_after_footer"
    SERVICE_ANSWER = "service_answer"
    FORMULA = "formula"


class NotOfficialError(ValueError):
    """The file is no table that can be read; ``detail`` says more, ``line``, ``column`` where."""

    def __init__(
        self, reason: NotOfficial, detail: str = "", *, line: int = 0, column: int = 0
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
        self.line = line
        self.column = column


class Attribute(NamedTuple):
    """One side of a breakdown, such as sex: male. Without a code it is known by its label."""

    variable: str
    variable_label: str
    code: str
    label: str


class Measure(NamedTuple):
    """What is counted, and in which unit; ``quantity`` names ours where a person chose it."""

    code: str
    label: str
    unit: str
    quantity: str = ""


@dataclass(eq=False, frozen=True, slots=True)
class Region:
    """
    A region as the file names it; tables of the Landesamt give no key.

    ``within`` is the county that the table names above or beside: names occur in several.
    """

    variable: str
    key: str
    name: str
    within: str = ""


@dataclass(eq=False, frozen=True, slots=True)
class Kind:
    """
    What is counted of whom. A file has few of them, and each is one object.

    Compared by identity, so that a million readings find theirs at once.
    """

    statistics: str
    measure: Measure
    breakdown: tuple[Attribute, ...] = ()


class Reading(NamedTuple):
    """One value: for which region, when, of what. ``row`` and ``column`` count from 1."""

    row: int
    column: int
    region: Region
    time: Time
    kind: Kind
    cell: Cell


class Refused(NamedTuple):
    """A cell or row that could not be read."""

    row: int
    column: int
    problem: Problem
    text: str


@dataclass(slots=True)
class Provenance:
    """Whence the table comes; what stands at its end is known when all rows were read."""

    layout: Layout
    encoding: str
    table: str = ""
    title: str = ""
    statistics: str = ""
    as_of: str = ""
    licence: str = ""
    notes: list[str] = part(default_factory=list)
    rows: int = 0


def demand_end(rows: Iterator[Row], *, most: int) -> Iterator[Row]:
    """
    Give the rows below a footer, which are notes.

    :raises NotOfficialError: if one of them is as wide as the table: its rows would be lost
    """
    for row, cells in rows:
        filled = sum(1 for cell in cells if cell.strip())
        if filled >= most:
            raise NotOfficialError(NotOfficial.DATA_AFTER_FOOTER, ";".join(cells)[:80], line=row)
        yield row, cells
