"""What the page needs on which a document is read: where from, how long, how it is cited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language, gettext as _

from zusammenplan.core.models import Attachment
from zusammenplan.plans.domain.content import from_json
from zusammenplan.plans.domain.document_checks import BARS, filled_kinds, findings
from zusammenplan.plans.domain.usual_outline import with_chapters
from zusammenplan.plans.models import Block, PlanVersion
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.reports.queries.document import document_of
from zusammenplan.reports.queries.model import spans_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from zusammenplan.plans.domain.content import PlanContent
    from zusammenplan.plans.models import Plan
    from zusammenplan.reports.queries.model import Chapter, Document

# A document of more signs than this is shown chapter by chapter: about a hundred pages.
LONG = 250_000


@dataclass(frozen=True, slots=True)
class Source:
    """The content of a document and what names it: the plan of today or a frozen version."""

    content: PlanContent
    now: datetime
    number: int | None = None
    label: str = ""
    checksum: str = ""

    def document(self, language: str | None = None) -> Document:
        return document_of(
            self.content,
            language=language or (get_language() or "de")[:2],
            now=self.now,
            version=self.number,
            label=self.label,
        )

    @property
    def bars_pdf(self) -> bool:
        """Tell whether something is missing without which a PDF would not be accessible."""
        found = findings(self.content.chapters, filled_kinds(self.content))
        return any(one.problem in BARS for one in found)


@dataclass(frozen=True, slots=True)
class ContentsLine:
    number: str
    title: str
    anchor: str
    level: int
    url: str
    # Whether a list begins below this line, and how many end with it.
    opens: bool = False
    closes: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A document, or one of its top chapters, ready for the page."""

    document: Document
    chapters: tuple[Chapter, ...]
    contents: tuple[ContentsLine, ...]
    is_divided: bool
    part: int | None = None
    before: ContentsLine | None = None
    after: ContentsLine | None = None


def live_source(plan: Plan, now: datetime) -> Source:
    """Read the plan of today; the document is the same the whole day unless the plan changes."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Source(plan_content(plan), midnight)


def frozen_source(version: PlanVersion) -> Source:
    """Read a frozen version: nothing but what was kept when it was frozen."""
    return Source(
        with_chapters(from_json(version.content)),
        version.frozen_at,
        version.number,
        version.label,
        version.checksum,
    )


def reading_of(document: Document, *, address: str, part: int | None = None) -> Reading | None:
    """
    Divide a long document by its top chapters; ``part`` counts them from 1.

    Gives nothing where there is no such part.
    """
    tops = [place for place, one in enumerate(document.chapters) if one.level == 1]
    is_divided = len(tops) > 1 and _length(document.chapters) > LONG
    contents = tuple(_contents(document, tops, address, is_divided=is_divided))
    if part is None:
        shown = () if is_divided else document.chapters
        return Reading(document, shown, contents, is_divided)
    if not 1 <= part <= len(tops):
        return None
    ends = [*tops[1:], len(document.chapters)]
    shown = document.chapters[tops[part - 1] : ends[part - 1]]
    lines = [line for line in contents if line.level == 1]
    return Reading(
        document,
        shown,
        contents,
        is_divided,
        part,
        replace(lines[part - 2], url=part_url(address, part - 1)) if part > 1 else None,
        replace(lines[part], url=part_url(address, part + 1)) if part < len(lines) else None,
    )


def part_url(address: str, part: int) -> str:
    return f"{address}kapitel/{part}/"


def part_of(document: Document, anchor: str) -> int | None:
    """Tell in which top chapter a place stands."""
    part = 0
    for chapter in document.chapters:
        part += chapter.level == 1
        if anchor in set(anchors(chapter)):
            return part
    return None


def anchors(chapter: Chapter) -> Iterable[str]:
    """Give all addresses in a chapter."""
    yield chapter.anchor
    for block in chapter.blocks:
        yield getattr(block, "anchor", "")
        for part in (*getattr(block, "items", ()), *getattr(block, "paragraphs", ())):
            yield part.anchor


def citation(document: Document, number: int | None) -> str:
    """Say how the document is cited."""
    cover = document.cover
    if number is None:
        return _("%(municipality)s: %(title)s. %(state)s. %(address)s") % {
            "municipality": cover.municipality,
            "title": cover.title,
            "state": cover.state,
            "address": cover.address,
        }
    return _("%(municipality)s: %(title)s. Version %(number)d, %(day)s. %(address)s") % {
        "municipality": cover.municipality,
        "title": cover.title,
        "number": number,
        "day": cover.day,
        "address": cover.address,
    }


def public_picture(plan: Plan, pk: int) -> Attachment | None:
    """Give a picture that the plan's document shows, today or in a frozen version."""
    picture = Attachment.objects.filter(pk=pk).first()
    if picture is None:
        return None
    shown = Block.objects.filter(chapter__plan=plan, picture=picture).exists()
    kept = (
        shown or PlanVersion.objects.filter(plan=plan, content__contains=picture.checksum).exists()
    )
    return picture if kept else None


def _length(chapters: Iterable[Chapter]) -> int:
    total = 0
    for chapter in chapters:
        for block in chapter.blocks:
            total += sum(len(one.text) for spans in spans_of(block) for one in spans)
            for row in getattr(block, "rows", ()):
                total += sum(map(len, row.cells))
            total += sum(len(fact.text) for fact in getattr(block, "facts", ()))
            total += len(getattr(block, "text", ""))
    return total


def _contents(
    document: Document, tops: Sequence[int], address: str, *, is_divided: bool
) -> Iterable[ContentsLine]:
    levels = [chapter.level for chapter in document.chapters]
    part = 0
    for place, chapter in enumerate(document.chapters):
        part += place in tops
        url = f"{part_url(address, part)}#{chapter.anchor}" if is_divided else f"#{chapter.anchor}"
        after = levels[place + 1] if place + 1 < len(levels) else 1
        yield ContentsLine(
            chapter.number,
            chapter.title,
            chapter.anchor,
            chapter.level,
            url,
            opens=after > chapter.level,
            closes=max(0, chapter.level - after),
        )
