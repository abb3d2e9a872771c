"""
The paper of a round as plain values: what all its documents are made of, in finished words.

The handout before the vote and the documentation after it, and all their formats, are made from
the one :class:`Paper`, so that none can say something else than another (rule R47).
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, pgettext

from zusammenplan.core.german import like
from zusammenplan.core.numbers import NONE
from zusammenplan.core.printable import UNPRINTABLE

GRADE_COLUMNS = 11
"""A scale with more grades than this gets one column to write the grade into."""


class Kind(StrEnum):
    """Whether the paper lies on the table before the vote, or tells what came of it."""

    HANDOUT = "handout"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """A group of voters: its sign on the paper, how and when it votes, how many did."""

    key: int
    name: str
    sign: str
    how: str
    when: str
    turnout: str
    own_result: str


@dataclass(frozen=True, slots=True)
class GroupMarks:
    """What one group gave one measure, grade by grade in the order of the columns."""

    name: str
    sign: str
    counts_marks: bool
    counts: tuple[int, ...]
    marks: int
    majority: int | None
    median: Fraction | None
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands in a cell of the table: a group's sign, how many marks, whether it decides."""

    text: str
    is_result: bool


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One measure; before the vote everything below ``is_additional`` is empty."""

    number: str
    title: str
    field: str
    is_additional: bool
    cells: tuple[tuple[Sign, ...], ...] = ()
    groups: tuple[GroupMarks, ...] = ()
    marks: int = 0
    degree: Decimal | None = None
    degree_text: str = NONE
    # Where the degree lies between the most urgent grade (0) and the least urgent one (1).
    place: float | None = None
    rank: int | None = None
    rank_text: str = NONE
    agreement: float | None = None
    agreement_text: str = NONE
    difference: Fraction | None = None
    difference_text: str = NONE
    sentence: str = ""
    picture_text: str = ""


@dataclass(frozen=True, slots=True)
class PaperField:
    """A field of action with its measures in the order of the ballot."""

    name: str
    rows: tuple[PaperRow, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and what it is."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person voted, in an open round."""

    group: str
    voter: str
    number: str
    title: str
    grade: int | None


@dataclass(frozen=True, slots=True)
class Paper:
    """The document of a round, whatever the format."""

    kind: Kind
    language: str
    slug: str
    title: str
    subject: str
    plan: str
    office: str
    unit: str
    contact: str
    address: str
    # What the paper is worth: "first vote, not final", "released on …".
    label: str
    is_final: bool
    hidden_because: str
    made_at: datetime
    made_on: str
    lead: tuple[str, ...]
    grades: tuple[int, ...]
    scale: str
    grade_words: tuple[Fact, ...]
    groups: tuple[PaperGroup, ...]
    fields: tuple[PaperField, ...]
    # The same rows in the order of the result; empty before the vote.
    ranking: tuple[PaperRow, ...]
    # How to read the pictures beside the ranking.
    legend: str
    rule: tuple[str, ...]
    next_steps: tuple[str, ...]
    takes_proposals: bool

    @property
    def rows(self) -> list[PaperRow]:
        """All measures in the order of the ballot."""
        return [row for field in self.fields for row in field.rows]

    @property
    def has_grade_columns(self) -> bool:
        """Tell whether each grade has a column of its own, to put a cross into."""
        return len(self.grades) <= GRADE_COLUMNS


def words() -> dict[str, str]:
    """Give the headings and labels that the printed documents share, in the active language."""
    return {
        "after": _("Marks in detail"),
        "agreement": _("Agreement"),
        "additional": _("proposed during the vote"),
        "before": _("Measures to vote on"),
        "bracket_note": _(
            "Each sign stands for a group; the number beside it is how many of its marks the grade "
            "got. The group’s own result stands in brackets."
        ),
        "degree": _("Degree"),
        "difference": _("Difference between the groups"),
        "grade": _("Grade"),
        "grades": _("Degree of priority"),
        "group": _("Group"),
        "how": _("How it votes"),
        "marks": _("Marks"),
        "measure": _("Measure"),
        "more": _("More measures that you propose"),
        "next": _("What comes next"),
        "number": _("No."),
        "online": _("The result on the internet:"),
        "page": _("Page %(page)s of %(pages)s"),
        "picture": _("The marks of each grade"),
        "questions": _("Questions:"),
        "rank": _("Rank"),
        "ranking": _("What comes first"),
        "rule": _("How the degree comes about"),
        "sign": _("Sign"),
        "sign_note": _(
            "Each sign stands for a group; the number beside it is how many of its marks the grade "
            "got. Signs in a frame show the group’s own result."
        ),
        "state": _("As of %(day)s"),
        "turnout": _("Turnout"),
        "when": _("When"),
        "who": _("Who votes"),
    }


def shown_address(address: str) -> str:
    """Write an address as people read it: without the protocol and the last stroke."""
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def clean(text: str) -> str:
    """Take out what cannot be printed and write the rest on one line."""
    return like(text, " ".join(UNPRINTABLE.sub("", text).split(None)))


def day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), pgettext("date format", "j F Y"))
