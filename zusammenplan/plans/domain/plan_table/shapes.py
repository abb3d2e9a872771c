"""What a plan's table is understood to hold, and the reasons why a part of it is not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

InputRow = tuple[int, "Sequence[str]"]

MAX_TITLE = 400
MAX_NAME = 200
MAX_RESPONSIBLE = 200
MAX_PERIOD = 60
MAX_INDICATOR = 400
MAX_NUMBER = 20
# The sign under which plain numbers stand: so many marks, whoever gave them.
COUNT = "#"


class ColumnMeaning(StrEnum):
    NUMBER = "number"
    TITLE = "title"
    GRADE = "grade"
    FIELD = "field"
    RESPONSIBLE = "responsible"
    PERIOD = "period"
    STATUS = "status"
    TEXT = "text"
    GOAL = "goal"
    INDICATOR = "indicator"
    PARENT = "parent"
    KIND = "kind"
    PROGRESS = "progress"
    PARTNERS = "partners"
    BEGIN = "begin"
    END = "end"
    COST = "cost"
    NEED = "need"
    TARGET_GROUP = "target_group"
    AREA = "area"
    IGNORED = "ignored"


# What stands beside number and title.
BESIDE = frozenset(
    {
        ColumnMeaning.RESPONSIBLE,
        ColumnMeaning.PERIOD,
        ColumnMeaning.STATUS,
        ColumnMeaning.PROGRESS,
        ColumnMeaning.PARTNERS,
        ColumnMeaning.NEED,
        ColumnMeaning.TARGET_GROUP,
        ColumnMeaning.AREA,
        ColumnMeaning.BEGIN,
        ColumnMeaning.END,
        ColumnMeaning.COST,
        ColumnMeaning.INDICATOR,
    }
)


class RowsAs(StrEnum):
    """What the rows of a table of goals become: its action goals are measures to most plans."""

    MEASURES = "measure"
    GOALS = "goal"
    BOTH = "both"


class Reason(StrEnum):
    """Why a row, or a mark in it, could not be taken."""

    NUMBER_MISSING = "number-missing"
    NUMBER_UNREADABLE = "number-unreadable"
    NUMBER_IS_DATE = "number-is-date"
    NUMBER_TWICE = "number-twice"
    TITLE_MISSING = "title-missing"
    NAME_TOO_LONG = "name-too-long"
    VALUE_TOO_LONG = "value-too-long"
    FIELD_TWICE = "field-twice"
    FIELD_UNKNOWN = "field-unknown"
    BEFORE_ANY_FIELD = "before-any-field"
    MARK_ON_FIELD = "mark-on-field"
    MARK_OUTSIDE_SCALE = "mark-outside-scale"
    SIGN_UNREADABLE = "sign-unreadable"
    TWO_MARKS = "two-marks"
    PARENT_UNKNOWN = "parent-unknown"
    PARENT_REFUSED = "parent-refused"
    PARENT_WRONG = "parent-wrong"
    TWO_PARENTS = "two-parents"
    CYCLE = "cycle"
    KIND_UNKNOWN = "kind-unknown"
    ROW_EMPTY = "row-empty"
    ROW_TWICE = "row-twice"
    DATE_UNREADABLE = "date-unreadable"
    ENDS_BEFORE = "ends-before"
    AMOUNT_UNREADABLE = "amount-unreadable"


class Hint(StrEnum):
    """What was taken, but should be looked at."""

    NO_MARK = "no-mark"
    ROWS_JOINED = "rows-joined"
    HEADER_REPEATED = "header-repeated"
    FIELD_REPEATED = "field-repeated"
    LINE_SKIPPED = "line-skipped"
    NUMBER_WAS_DATE = "number-was-date"
    NUMBER_RESPELLED = "number-respelled"
    DASHES_ARE_EMPTY = "dashes-are-empty"
    TITLE_SHORTENED = "title-shortened"
    NO_FIELDS = "no-fields"
    SECOND_SCALE = "second-scale"
    STATUS_UNKNOWN = "status-unknown"
    PROGRESS_READ = "progress-read"
    PROGRESS_UNKNOWN = "progress-unknown"
    PROGRESS_LEFT = "progress-left"
    WORDS_HEALED = "words-healed"
    GOAL_REPEATED = "goal-repeated"
    INDICATORS_SPLIT = "indicators-split"
    INDICATORS_LEFT = "indicators-left"
    PERIOD_UNREAD = "period-unread"


class NotAPlan(StrEnum):
    """Why a whole table is no plan's."""

    EMPTY = "empty"
    NO_NUMBERS = "no-numbers"
    NO_TITLES = "no-titles"
    NO_MEASURES = "no-measures"


class NotAPlanTableError(Exception):
    """The table does not list a plan's measures."""

    def __init__(self, reason: NotAPlan) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PlanField:
    row: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PlanGoal:
    """
    A goal; ``key`` names it within the table, ``parent`` is the key of the one above.

    ``level`` is the name of its level as the table has it, empty where it says nothing.
    """

    row: int
    key: str
    parent: str | None
    level: str
    title: str
    number: str = ""
    text: str = ""
    field_code: str = ""
    period: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanMeasure:
    """
    ``marks`` are those under ``sign``; ``marks_by_sign`` holds those of every group.

    Without a number the measure is known by goal and title, and a number is proposed.
    ``split`` are the indicators as proposed, ``indicators`` those that are taken.
    """

    row: int
    number: str
    title: str
    text: str
    field_code: str
    marks: dict[int, int]
    sign: str | None
    marks_by_sign: dict[str, dict[int, int]]
    extra: dict[str, str]
    status: str | None = None
    goals: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    costs: tuple[tuple[int | None, Decimal], ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    row: int
    reason: Reason
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Note:
    row: int
    hint: Hint
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    index: int
    letter: str
    heading: str
    example: str
    meaning: ColumnMeaning
    grade: int | None
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanTable:
    """
    What was understood.

    ``signs`` are the marks' signs, most frequent first; ``legend`` tells whose sign it is, where
    the file says so (“Externe Steuerungsgruppe (x)”).
    """

    header_rows: tuple[int, ...]
    columns: tuple[Column, ...]
    grades: tuple[int, ...]
    fields: tuple[PlanField, ...]
    measures: tuple[PlanMeasure, ...]
    refused: tuple[Refused, ...]
    notes: tuple[Note, ...]
    signs: tuple[str, ...]
    legend: dict[str, str]
    goals: tuple[PlanGoal, ...] = ()
    # Whether its rows are action goals, which may be taken as measures, as goals, or as both.
    has_action_goals: bool = False

    @property
    def indicator_count(self) -> int:
        return sum(len(measure.indicators) for measure in self.measures)


@dataclass(frozen=True, slots=True)
class BestTable:
    """The table of several that is a plan's; more indexes than one where a table was cut up."""

    indexes: tuple[int, ...]
    rows: list[InputRow]
    plan: PlanTable
