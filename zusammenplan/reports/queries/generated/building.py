"""What the chapters that fill themselves are put together from."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from zusammenplan.core.german import like
from zusammenplan.reports.queries.generated.wording import say
from zusammenplan.reports.queries.model import Fact, Facts, Item, Items, Paragraph, Row, Span, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from zusammenplan.plans.domain.content import ChapterContent, PlanContent, Words
    from zusammenplan.reports.queries.model import Block

DEEPEST_HEADING = 6


class Counts(Protocol):
    """Numbers figures and tables."""

    def figure(self) -> tuple[int, str]: ...
    def table(self) -> tuple[int, str]: ...


@dataclass(frozen=True, slots=True)
class Task:
    """Which chapter of which plan is made, on which level, and what counts its figures."""

    content: PlanContent
    chapter: ChapterContent
    level: int
    counts: Counts


def addressed_paragraphs(text: Words, anchor: str) -> Iterator[Block]:
    """Give each paragraph an address made from its own words: it can never mean another one."""
    seen: set[str] = set()
    for part in paragraphs_of(say(text)):
        mark = mark_of(part)
        yield Paragraph((Span(part),), "" if mark in seen else f"{anchor}-{mark}")
        seen.add(mark)


def items_of(lines: Iterable[tuple[str, tuple[Span, ...]]], anchor: str) -> Items:
    """
    Give each line of a list an address made from the words that name it.

    What else it tells may change. The same words once more are counted: they name the same.
    """
    seen: Counter[str] = Counter()
    items = []
    for words, spans in lines:
        place = f"{anchor}-{mark_of(words)}"
        seen[place] += 1
        items.append(Item(spans, anchor=f"{place}-{seen[place]}" if seen[place] > 1 else place))
    return Items(tuple(items))


def lead_line(words: str, anchor: str) -> Paragraph:
    """Give the line above a list; its address is the one of the list."""
    return Paragraph((Span(words, bold=True),), anchor)


def mark_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def table_of(
    counts: Counts,
    caption: str,
    head: tuple[str, ...],
    rows: Sequence[Row],
    *,
    widths: tuple[float, ...],
    anchor: str,
    numeric: tuple[int, ...] = (),
) -> Table:
    number, label = counts.table()
    return Table(number, label, caption, head, tuple(rows), widths, numeric, anchor=anchor)


def facts_of(*facts: tuple[object, object]) -> Iterator[Facts]:
    kept = tuple(Fact(str(term), str(text)) for term, text in facts if text)
    if kept:
        yield Facts(kept)


def below(level: int, by: int = 1) -> int:
    return min(level + by, DEEPEST_HEADING)


def paragraphs_of(text: str) -> list[str]:
    """Divide a plain text into its paragraphs."""
    parts = text.replace("\r", "").split("\n")
    return [like(text, " ".join(part.split())) for part in parts if part.strip()]
