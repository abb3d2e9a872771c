"""The sheets and columns of the workbook, and what a comparison finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# A spreadsheet program keeps 32,767 characters a cell.
LONGEST_CELL = 32_000

# As many pieces of evidence as the page of a need shows forms for.
MOST_EVIDENCE = 40
# Where relations lead to: to measures of other plans, which no sheet holds, or to any.
# Stands in the first cell of the hidden sheet: by it a workbook is known as one of ours.
SIGN = "zusammenplan"
ELSEWHERE, ANYWHERE = "elsewhere", "anywhere"

Value = str | date | Decimal | int | tuple[str, ...] | None


class Uncomputed:
    """A formula whose result the file does not hold."""


Cell = str | Decimal | date | bool | Uncomputed | None


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER_TEXT = "number-text"
    CHOICE = "choice"
    DAY = "day"
    YEAR = "year"
    MONEY = "money"
    NUMBER = "number"
    ADDRESS = "address"
    REF = "ref"
    REFS = "refs"
    NAME = "name"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``of`` names the sheet that it refers to, or the list of its choices."""

    key: str
    kind: Kind = Kind.TEXT
    longest: int | None = None
    is_required: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    key: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


def _number(*, is_required: bool = False) -> Column:
    return Column("number", Kind.NUMBER_TEXT, 20, is_required)


def _texts(*names: str, longest: int | None = None) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.TEXT, longest) for name in names)


FIELD = Column("field", Kind.CHOICE, of="field")
MEASURE = Column("measure", Kind.REF, is_required=True, of="measures")
PERIOD = (
    Column("period_text", Kind.TEXT, 60),
    Column("starts_on", Kind.DAY),
    Column("ends_on", Kind.DAY),
)
WHO = (
    Column("areas", Kind.NAMES, 120, of="area"),
    Column("target_groups", Kind.NAMES, 120),
    Column("life_situations", Kind.NAMES, 120),
)

SHEETS: dict[str, Sheet] = {
    sheet.key: sheet
    for sheet in (
        Sheet(
            "measures",
            (
                _number(is_required=True),
                Column("title_de", Kind.TEXT, 400, is_required=True),
                FIELD,
                Column("goals", Kind.REFS, of="goals"),
                Column("text_de"),
                Column("status", Kind.CHOICE, is_required=True, of="status"),
                Column("status_reason", Kind.TEXT, 300),
                Column("status_on", Kind.DAY),
                *PERIOD,
                Column("responsible", Kind.NAME, 200),
                Column("partners", Kind.NAMES, 200),
                Column("needs", Kind.REFS, of="needs"),
                *WHO,
                Column("title_en", Kind.TEXT, 400),
                Column("text_en"),
                Column("title_easy", Kind.TEXT, 400),
                Column("text_easy"),
                Column("source", Kind.TEXT, 300),
            ),
        ),
        Sheet(
            "goals",
            (
                _number(),
                Column("title_de", Kind.TEXT, 400, is_required=True),
                Column("level", Kind.CHOICE, of="level"),
                Column("parent", Kind.REF, of="goals"),
                FIELD,
                Column("text_de"),
                *PERIOD,
                Column("state", Kind.CHOICE, is_required=True, of="goal_state"),
                Column("state_reason", Kind.TEXT, 300),
                Column("needs", Kind.REFS, of="needs"),
                Column("title_en", Kind.TEXT, 400),
                Column("text_en"),
            ),
        ),
        Sheet(
            "needs",
            (
                _number(),
                Column("title_de", Kind.TEXT, 400, is_required=True),
                FIELD,
                Column("text_de"),
                Column("strength", Kind.CHOICE, is_required=True, of="strength"),
                Column("state", Kind.CHOICE, is_required=True, of="need_state"),
                Column("state_reason", Kind.TEXT, 300),
                *WHO,
                Column("title_en", Kind.TEXT, 400),
                Column("text_en"),
            ),
        ),
        Sheet(
            "costs",
            (
                MEASURE,
                Column("year", Kind.YEAR),
                Column("amount", Kind.MONEY, is_required=True),
                *_texts("source", longest=120),
                *_texts("note", longest=300),
            ),
        ),
        Sheet(
            "milestones",
            (
                MEASURE,
                Column("title_de", Kind.TEXT, 200, is_required=True),
                Column("due_on", Kind.DAY),
                Column("moved_reason", Kind.TEXT, 300),
                Column("done_on", Kind.DAY),
                Column("title_en", Kind.TEXT, 200),
            ),
        ),
        Sheet(
            "indicators",
            (
                MEASURE,
                Column("text_de", Kind.TEXT, 400, is_required=True),
                Column("kind", Kind.CHOICE, is_required=True, of="indicator_kind"),
                Column("reached_on", Kind.DAY),
                Column("evidence", Kind.TEXT, 300),
                Column("unit", Kind.TEXT, 60),
                Column("baseline", Kind.NUMBER),
                Column("baseline_on", Kind.DAY),
                Column("target", Kind.NUMBER),
                Column("target_on", Kind.DAY),
                Column("source", Kind.TEXT, 300),
                Column("text_en", Kind.TEXT, 400),
                Column("unit_en", Kind.TEXT, 60),
            ),
        ),
        Sheet(
            "values",
            (
                Column("indicator", Kind.REF, is_required=True, of="indicators"),
                Column("on", Kind.DAY, is_required=True),
                Column("value", Kind.NUMBER, is_required=True),
                Column("note", Kind.TEXT, 300),
            ),
        ),
        Sheet(
            "relations",
            (
                MEASURE,
                Column("kind", Kind.CHOICE, is_required=True, of="relation_kind"),
                Column("other", Kind.REF, is_required=True, of=ANYWHERE),
                *_texts("note", longest=300),
            ),
        ),
        Sheet(
            "evidence",
            (
                Column("need", Kind.REF, is_required=True, of="needs"),
                Column("kind", Kind.CHOICE, is_required=True, of="evidence_kind"),
                Column("text_de", Kind.TEXT, 400, is_required=True),
                Column("source", Kind.TEXT, 300),
                Column("dated_on", Kind.DAY),
                Column("url", Kind.ADDRESS, 500),
                Column("text_en", Kind.TEXT, 400),
            ),
        ),
    )
}
# What a new row has where its cell is empty.
DEFAULTS: dict[tuple[str, str], str] = {
    ("measures", "status"): "planned",
    ("goals", "state"): "pursued",
    ("needs", "strength"): "middle",
    ("needs", "state"): "open",
    ("indicators", "kind"): "verbal",
    ("evidence", "kind"): "statistic",
}


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a sheet: its key, the name by which other rows refer to it, its values."""

    key: str
    label: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """
    The words that cells may hold.

    ``choices`` gives for each list the code that a word, in small letters, means; ``areas`` are
    the planning areas that there are.
    """

    choices: Mapping[str, Mapping[str, str]]
    areas: frozenset[str] = frozenset()
    # Names that stand in the plan: a semicolon in one of these does not end it.
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the file: how a person counts it, its hidden key, its cells by column."""

    row: int
    key: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Book:
    """
    A workbook that somebody edited.

    ``base`` holds what was written when it was made: for each key the digest of each value.
    ``labels`` are the names by which its rows referred to each other then. ``letters`` give the
    column of each value in the file.
    """

    rows: Mapping[str, tuple[FileRow, ...]]
    base: Mapping[str, Mapping[str, Mapping[str, str]]]
    labels: Mapping[str, Mapping[str, str]]
    letters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Why(StrEnum):
    """Why a cell or a row of the workbook is refused."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    TOO_LONG_TO_EDIT = "too-long-to-edit"
    NOT_A_DAY = "not-a-day"
    NOT_A_YEAR = "not-a-year"
    NOT_A_NUMBER = "not-a-number"
    TOO_EXACT = "too-exact"
    TOO_LARGE = "too-large"
    NEGATIVE = "negative"
    LESS_THAN_NONE = "less-than-none"
    BECAME_DATE = "became-date"
    UNCOMPUTED = "uncomputed"
    NOT_AN_ADDRESS = "not-an-address"
    NO_CHOICE = "no-choice"
    UNKNOWN_REF = "unknown-ref"
    UNKNOWN_AREA = "unknown-area"
    ENDS_BEFORE = "ends-before"
    REASON_MISSING = "reason-missing"
    STATE_REASON_MISSING = "state-reason-missing"
    MOVE_REASON_MISSING = "move-reason-missing"
    NOT_OF_KIND = "not-of-kind"
    KIND_LOSES = "kind-loses"
    VALUES_OF_WORDS = "values-of-words"
    NUMBER_TAKEN = "number-taken"
    DAY_TAKEN = "day-taken"
    SAID_BY_DATA = "said-by-data"
    VALUES_OF_DATA = "values-of-data"
    RELATED_TO_ITSELF = "related-to-itself"
    RELATION_KNOWN = "relation-known"
    TOO_MANY = "too-many"
    CIRCLE = "circle"
    TOO_DEEP = "too-deep"
    LEVEL_NOT_BELOW = "level-not-below"
    DELETED_MEANWHILE = "deleted-meanwhile"
    FOREIGN_ROW = "foreign-row"
    REF_REFUSED = "ref-refused"


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that somebody changed; a conflict if the plan changed there meanwhile, too."""

    sheet: str
    row: int
    address: str
    key: str
    label: str
    column: str
    old: Value
    new: Value
    is_conflict: bool = False
    # The value follows from another cell: days from the words of a period.
    is_derived: bool = False


@dataclass(frozen=True, slots=True)
class NewRow:
    sheet: str
    row: int
    key: str
    label: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class GoneRow:
    """A record whose row is gone from the file; ``is_changed`` tells that the plan changed it."""

    sheet: str
    key: str
    label: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    sheet: str
    row: int
    address: str
    column: str
    why: Why
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """What an edited workbook would change in the plan."""

    changes: tuple[CellChange, ...] = ()
    new: tuple[NewRow, ...] = ()
    gone: tuple[GoneRow, ...] = ()
    refused: tuple[Refusal, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def conflicts(self) -> tuple[CellChange, ...]:
        return tuple(change for change in self.changes if change.is_conflict)

    @property
    def is_empty(self) -> bool:
        return not (self.changes or self.new or self.gone or self.refused)


def nothing_in(column: Column) -> Value:
    """Give the value of an empty cell."""
    if column.kind in {Kind.REFS, Kind.NAMES}:
        return ()
    if column.kind in {Kind.DAY, Kind.YEAR, Kind.MONEY, Kind.NUMBER}:
        return None
    return ""


def digest(column: Column, value: Value) -> str:
    """Give a short mark by which two values of a column are told apart."""
    return _digest(value, is_names=column.kind is Kind.NAMES)


# Most cells of a workbook are empty or say what others say.
@lru_cache(maxsize=4096, typed=True)
def _digest(value: Value, *, is_names: bool) -> str:
    if isinstance(value, Decimal):
        text = f"d{format(value.normalize(), 'f')}" if value else "d0"
    elif is_names and isinstance(value, tuple):
        parts = {part.strip() for name in value for part in name.split(";")}
        text = repr(sorted(parts - {""}))
    else:
        text = repr(value)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
