"""
A plan's document as plain values: numbered chapters with blocks in the words of one language.

All outputs (PDF, Word, the page) are made from this one tree, so that none can say something else
than another. Every text in it is text; nothing of it is ever markup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text with marks; a footnote has a number and its text instead."""

    text: str = ""
    bold: bool = False
    italic: bool = False
    href: str = ""
    note: int = 0
    note_text: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the chapter's own one; ``level`` counts from 1 over the whole document."""

    level: int
    text: str
    anchor: str = ""
    type: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: tuple[Span, ...]
    anchor: str = ""
    type: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Item:
    spans: tuple[Span, ...]
    depth: int = 1
    ordered: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Item, ...]
    type: Literal["items"] = "items"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a drawing as a table, for whoever does not see it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    # The columns that hold numbers, counted from 0.
    numeric: tuple[int, ...] = ()
    # For each cell but the first of a row: the page that tells of the value, if any. Pages alone
    # link to it, for it tells what is so now.
    links: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A picture: an attachment by its key, or a drawing as SVG.

    ``drawing`` is the same drawing for a page, whose sheet gives it its colours.
    """

    number: int
    label: str
    caption: str
    alt: str
    is_decorative: bool = False
    picture: int = 0
    picture_kind: str = ""
    svg: str = ""
    drawing: str = ""
    numbers: Numbers | None = None
    source: str = ""
    anchor: str = ""
    type: Literal["figure"] = "figure"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. A title row has one cell over the whole width; a sum stands out."""

    cells: tuple[str, ...]
    kind: Literal["row", "title", "sum"] = "row"
    # As of numbers, for each cell but the first.
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    number: int
    label: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    # How wide the columns are in relation to each other.
    widths: tuple[float, ...]
    # The columns that hold numbers, counted from 0.
    numeric: tuple[int, ...] = ()
    source: str = ""
    anchor: str = ""
    type: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Quote:
    paragraphs: tuple[Paragraph, ...]
    source: str
    anchor: str = ""
    type: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Fact:
    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    facts: tuple[Fact, ...]
    type: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list of figures or tables."""

    label: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Listing:
    entries: tuple[Entry, ...]
    of: Literal["figures", "tables"]
    type: Literal["listing"] = "listing"


Block = Heading | Paragraph | Items | Figure | Table | Quote | Facts | Listing


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with its number; ``level`` is 1 to 3."""

    number: str
    title: str
    level: int
    anchor: str
    blocks: tuple[Block, ...] = ()

    def notes(self) -> Iterator[Span]:
        """Give the chapter's footnotes in order."""
        for block in self.blocks:
            for spans in spans_of(block):
                yield from (span for span in spans if span.note)


def spans_of(block: Block) -> Iterator[tuple[Span, ...]]:
    """Give the rich texts of a block."""
    if isinstance(block, Paragraph):
        yield block.spans
    elif isinstance(block, Items):
        yield from (item.spans for item in block.items)
    elif isinstance(block, Quote):
        yield from (paragraph.spans for paragraph in block.paragraphs)


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands around the chapters: whose document it is, of when, and how it is cited."""

    title: str
    subtitle: str
    municipality: str
    office: str
    state: str
    day: str
    moment: int
    imprint: tuple[str, ...]
    address: str
    accent: str
    logo: int = 0
    logo_kind: str = ""
    sponsors: str = ""
    sponsor_logo: int = 0
    sponsor_logo_kind: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The whole document, in one language."""

    language: str
    slug: str
    cover: Cover
    chapters: tuple[Chapter, ...]
    lead: tuple[str, ...] = ()
    words: dict[str, str] = field(default_factory=dict)

    @property
    def pictures(self) -> dict[int, str]:
        """Give the keys of all pictures with what kind they are."""
        found = {
            block.picture: block.picture_kind
            for chapter in self.chapters
            for block in chapter.blocks
            if isinstance(block, Figure) and block.picture
        }
        if self.cover.logo:
            found[self.cover.logo] = self.cover.logo_kind
        if self.cover.sponsor_logo:
            found[self.cover.sponsor_logo] = self.cover.sponsor_logo_kind
        return found
