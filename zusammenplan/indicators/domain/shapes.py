"""What is read from an official file: readings one by one, and whence they come."""

from __future__ import annotations

from dataclasses import dataclass, field as part
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zusammenplan.indicators.domain.signs import Cell
    from zusammenplan.indicators.domain.times import Time


class Layout(StrEnum):
    """The layouts in which official tables come."""

    FLAT = "flat"
    FLAT_OLD = "flat-old"
    CLASSIC = "classic"


class Problem(StrEnum):
    """Why a row could not be read."""

    UNREADABLE_CELL = "unreadable_cell"
    UNREADABLE_TIME = "unreadable_time"
    REGION_MISSING = "region_missing"
    ROW_TOO_SHORT = "row_too_short"


class NotOfficial(StrEnum):
    """Why a file is no official table."""

    EMPTY = "empty"
    HTML = "html"
    BINARY = "binary"
    DAMAGED_ARCHIVE = "damaged_archive"
    NO_TABLE_IN_ARCHIVE = "no_table_in_archive"
    SEPARATOR = "separator"
    UNKNOWN_LAYOUT = "unknown_layout"
    NO_ROWS = "no_rows"
    SERVICE_ANSWER = "service_answer"


class NotOfficialError(ValueError):
    """The file is no official table; ``detail`` says more, such as the service's own words."""

    def __init__(self, reason: NotOfficial, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Attribute:
    """One side of a breakdown, such as sex: male. Without a code it is the total."""

    variable: str
    variable_label: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted, and in which unit."""

    code: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One value: for which region, when, of what, broken down how. ``row`` counts from 1."""

    row: int
    column: int
    region_variable: str
    region: str
    region_name: str
    time: Time
    measure: Measure
    breakdown: tuple[Attribute, ...]
    cell: Cell


@dataclass(frozen=True, slots=True)
class Refused:
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
