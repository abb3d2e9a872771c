"""
All that stands in a plan, as plain values that depend on no table.

The same tree is read from the tables while a plan is worked on, kept as JSON when a version is
frozen, compared with another one, and set as document, page and download. A record is known by its
identity, which stays over versions and plans; ``pk`` only serves links and is never compared.
"""

from __future__ import annotations

from collections.abc import Iterator  # noqa: TC003 - pydantic reads the annotations
from dataclasses import dataclass, field as part
from datetime import date, datetime  # noqa: TC003 - pydantic reads the annotations
from decimal import Decimal  # noqa: TC003 - pydantic reads the annotations
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from zusammenplan.core.charts.bars import BarChart  # noqa: TC001 - pydantic reads them
from zusammenplan.core.charts.choropleth import Choropleth  # noqa: TC001 - pydantic reads them
from zusammenplan.core.charts.line import LineChart  # noqa: TC001 - pydantic reads them
from zusammenplan.core.charts.pyramid import Pyramid  # noqa: TC001 - pydantic reads them
from zusammenplan.core.garbage import without_collecting
from zusammenplan.core.german import either

FORMAT = 1
Cells = list[list[str]]


@dataclass(frozen=True, slots=True)
class Words:
    """A text in German and, where somebody wrote it, in English."""

    de: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.de or self.en)

    def say(self, language: str) -> str:
        """Give the English text in English where there is one, else the German."""
        return either(self.de, self.en, language)


@dataclass(frozen=True, slots=True)
class Span:
    """A period: as somebody wrote it, and its days as far as they are known."""

    text: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    def __bool__(self) -> bool:
        return bool(self.text or self.starts_on or self.ends_on)


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file that belongs to a record."""

    pk: int
    name: str
    description: str
    kind: str
    size: int
    checksum: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class LevelContent:
    depth: int
    name: Words
    is_action: bool = False


@dataclass(frozen=True, slots=True)
class ResolutionContent:
    number: str
    body: str
    decided_on: date
    note: str = ""
    is_adoption: bool = True


@dataclass(frozen=True, slots=True)
class FieldContent:
    code: str
    name: Words
    text: Words
    pk: int = part(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class CitationContent:
    """
    A value of the data as it was cited. ``indicator`` is the short name of the indicator.

    Nothing that is secret ever stands here: then the value is missing, and the sign is "x".
    """

    indicator: str
    name: Words
    area: str
    starts_on: date
    ends_on: date
    value: Decimal | None
    sign: str = ""
    unit: Words = Words()
    decimals: int = 1
    # The page that tells where the value comes from.
    figure: int = part(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class EvidenceContent:
    kind: str
    text: Words
    source: str = ""
    url: str = ""
    dated_on: date | None = None
    pk: int = part(default=0, compare=False)
    citation: CitationContent | None = None


@dataclass(frozen=True, slots=True)
class NeedContent:
    """A need. ``field`` is the code of its field of action."""

    identity: str
    number: str
    field: str | None
    title: Words
    text: Words
    strength: str
    state: str
    state_reason: str = ""
    areas: tuple[str, ...] = ()
    target_groups: tuple[Words, ...] = ()
    life_situations: tuple[Words, ...] = ()
    evidence: tuple[EvidenceContent, ...] = ()
    pk: int = part(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class GoalContent:
    """A goal. ``parent`` and ``needs`` are identities, ``level`` is the depth of its level."""

    identity: str
    parent: str | None
    level: int | None
    field: str | None
    number: str
    title: Words
    text: Words
    period: Span
    state: str
    state_reason: str = ""
    needs: tuple[str, ...] = ()
    pk: int = part(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class CostContent:
    """An amount in euros; without a year it is not bound to one."""

    year: int | None
    amount: Decimal
    source: str = ""
    note: str = ""
    pk: int = part(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class MilestoneContent:
    title: Words
    due_on: date | None = None
    first_due_on: date | None = None
    moved_reason: str = ""
    done_on: date | None = None
    pk: int = part(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ValueContent:
    on: date
    value: Decimal
    note: str = ""
    pk: int = part(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class TieContent:
    """Of which indicator of the data, and of which area, the values of a measure are."""

    indicator: str
    name: Words
    area: str


@dataclass(frozen=True, slots=True)
class IndicatorContent:
    """
    How one sees that a measure works; ``kind`` is "verbal" or "numeric".

    With a tie the values are those of the data, and nobody has typed them.
    """

    kind: str
    text: Words
    reached_on: date | None = None
    evidence: str = ""
    unit: str = ""
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    target_on: date | None = None
    source: str = ""
    values: tuple[ValueContent, ...] = ()
    files: tuple[FileContent, ...] = ()
    tie: TieContent | None = None
    unit_en: str = ""
    pk: int = part(default=0, compare=False)

    def unit_said(self, language: str) -> str:
        return either(self.unit, self.unit_en, language)


@dataclass(frozen=True, slots=True)
class RelationContent:
    """How the measure stands to another one, known by identity and shown by title and plan."""

    kind: str
    identity: str
    title: Words
    plan: Words
    note: str = ""
    pk: int = part(default=0, compare=False)
    # Where the other plan stands; only serves links, as the key does.
    plan_slug: str = part(default="", compare=False)


@dataclass(frozen=True, slots=True)
class PriorityContent:
    degree: Decimal
    first: int
    last: int
    round: str
    on: date | None
    round_en: str = ""

    def round_said(self, language: str) -> str:
        return either(self.round, self.round_en, language)


@dataclass(frozen=True, slots=True)
class MeasureContent:
    """A measure with all that belongs to it. ``goals`` and ``needs`` are identities."""

    identity: str
    number: str
    field: str | None
    title: Words
    text: Words
    status: str
    period: Span
    title_easy: str = ""
    text_easy: str = ""
    responsible: str = ""
    partners: tuple[str, ...] = ()
    status_reason: str = ""
    status_on: date | None = None
    source: str = ""
    is_additional: bool = False
    priority: PriorityContent | None = None
    goals: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    target_groups: tuple[Words, ...] = ()
    life_situations: tuple[Words, ...] = ()
    costs: tuple[CostContent, ...] = ()
    milestones: tuple[MilestoneContent, ...] = ()
    indicators: tuple[IndicatorContent, ...] = ()
    relations: tuple[RelationContent, ...] = ()
    files: tuple[FileContent, ...] = ()
    pk: int = part(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class DrawnContent:
    """
    A picture or a table of the data in one language, with its numbers and how it is drawn.

    What is drawn follows from the numbers, so only these are compared.
    """

    language: str
    heading: str
    note: str = ""
    told: str = ""
    source: str = ""
    remark: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    # The columns that hold numbers, counted from 0.
    numeric: tuple[int, ...] = ()
    # For each row but its name: the address of the page that tells of the value, if any. A frozen
    # version keeps none, for behind an address stands always what is so now.
    origins: tuple[tuple[str, ...], ...] = part(default=(), compare=False)
    line: LineChart | None = part(default=None, compare=False)
    bars: BarChart | None = part(default=None, compare=False)
    pyramid: Pyramid | None = part(default=None, compare=False)
    map: Choropleth | None = part(default=None, compare=False)

    @property
    def chart(self) -> LineChart | BarChart | Pyramid | Choropleth | None:
        return self.line or self.bars or self.pyramid or self.map


@dataclass(frozen=True, slots=True)
class DataContent:
    """
    A look at the data; ``shows`` tells what. While the plan is worked on it holds no numbers.

    When the plan is frozen, ``drawn`` keeps what stood there, in both languages.
    """

    shows: str
    indicator: str = ""
    name: Words = Words()
    area: str = ""
    level: str = ""
    drawn: tuple[DrawnContent, ...] = ()
    area_pk: int = part(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class BlockContent:
    """A block of a text chapter; which parts are filled follows from ``kind``."""

    address: str
    kind: str
    text: Words
    caption: Words
    alt: Words
    source: str = ""
    picture: FileContent | None = None
    cells: tuple[tuple[str, ...], ...] = ()
    is_decorative: bool = False
    data: DataContent | None = None


@dataclass(frozen=True, slots=True)
class ChapterContent:
    """A chapter. ``parent`` is the address of the one above; chapters stand in reading order."""

    address: str
    parent: str | None
    kind: str
    title: Words
    field: str | None = None
    blocks: tuple[BlockContent, ...] = ()
    pk: int = part(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AbbreviationContent:
    short: str
    long: Words


@dataclass(frozen=True, slots=True)
class RatingContent:
    """
    A rating; ``of`` is "measure" or "goal", ``share`` goes from 0 to 1.

    Not who rated: a frozen version would keep the name for ever. Older ones do; it is not read.
    """

    of: str
    identity: str
    state: str
    share: Decimal | None
    reason: str
    evidence: str
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class EvaluationContent:
    """A closed round of rating."""

    slug: str
    title: Words
    scale: dict[str, Any]
    closed_at: datetime
    ratings: tuple[RatingContent, ...] = ()
    # The identities of all that was in the round, so that what nobody rated can be told.
    measures: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanContent:
    """A whole plan. Goals stand in the order of their tree, all else in the order of the plan."""

    slug: str
    title: Words
    summary: Words
    starts_on: date | None
    ends_on: date | None
    status: str
    first_chapter: int = 1
    levels: tuple[LevelContent, ...] = ()
    resolutions: tuple[ResolutionContent, ...] = ()
    fields: tuple[FieldContent, ...] = ()
    needs: tuple[NeedContent, ...] = ()
    goals: tuple[GoalContent, ...] = ()
    measures: tuple[MeasureContent, ...] = ()
    chapters: tuple[ChapterContent, ...] = ()
    abbreviations: tuple[AbbreviationContent, ...] = ()
    evaluations: tuple[EvaluationContent, ...] = ()
    format: int = FORMAT

    def pictures(self) -> Iterator[FileContent]:
        """Give the pictures of the document."""
        for chapter in self.chapters:
            for block in chapter.blocks:
                if block.picture:
                    yield block.picture


@without_collecting()
def to_json(content: PlanContent) -> str:
    """Write the plan for keeping; equal plans are written alike."""
    return _adapter().dump_json(content).decode()


@without_collecting()
def from_json(text: str) -> PlanContent:
    """Read what ``to_json`` wrote, also that of an earlier release."""
    return _adapter().validate_json(text)


@cache
def _adapter() -> TypeAdapter[PlanContent]:
    return TypeAdapter(PlanContent)
