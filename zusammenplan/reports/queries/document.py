"""The document of a plan out of its content, of today or of a frozen version."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _, override, pgettext

from zusammenplan.core.charts.drawing import FONTS, svg, svg_file
from zusammenplan.core.context import municipality
from zusammenplan.core.german import either, like
from zusammenplan.core.printable import UNPRINTABLE, printable
from zusammenplan.indicators.queries.looking.audience import EVERYBODY
from zusammenplan.plans.choices import PlanStatus
from zusammenplan.plans.domain.outline import depths_of, numbers
from zusammenplan.plans.domain.rich_text import Line, pieces_of, read_html
from zusammenplan.plans.queries.data_blocks import drawn
from zusammenplan.reports.queries import generated
from zusammenplan.reports.queries.model import (
    Chapter,
    Cover,
    Document,
    Entry,
    Figure,
    Heading,
    Item,
    Items,
    Listing,
    Numbers,
    Paragraph,
    Quote,
    Row,
    Span,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from zusammenplan.core.charts.drawing import Chart
    from zusammenplan.plans.domain.content import (
        BlockContent,
        ChapterContent,
        DataContent,
        PlanContent,
    )
    from zusammenplan.reports.queries.model import Block

DEEPEST_HEADING = 6


class Numbering:
    """Counts figures, tables and footnotes through the document, in the order of reading."""

    def __init__(self) -> None:
        self.figures = self.tables = self.notes = 0

    def figure(self) -> tuple[int, str]:
        self.figures += 1
        return self.figures, _("Figure %(number)d") % {"number": self.figures}

    def table(self) -> tuple[int, str]:
        self.tables += 1
        return self.tables, _("Table %(number)d") % {"number": self.tables}

    def note(self) -> int:
        self.notes += 1
        return self.notes


def document_of(
    content: PlanContent,
    *,
    language: str,
    now: datetime,
    version: int | None = None,
    label: str = "",
) -> Document:
    """
    Make the document in a language.

    A frozen version names its number and label, and ``now`` is the moment of its freezing.
    """
    with override(language):
        counts = Numbering()
        seen: set[str] = set()
        depths = depths_of([(one.address, one.parent) for one in content.chapters])
        numbered = numbers(depths, content.first_chapter)
        chapters = [
            Chapter(
                number=number,
                title=clean(chapter.title.say(language)),
                level=depth + 1,
                anchor=f"k-{chapter.address}",
                blocks=tuple(_blocks(content, chapter, depth + 1, counts)),
            )
            for chapter, depth, number in zip(content.chapters, depths, numbered, strict=True)
        ]
        return Document(
            language=language,
            slug=content.slug,
            cover=printable(_cover(content, language, now, version, label)),
            chapters=tuple(
                _with_lists(
                    [_each_address_once(_step_by_step(printable(one)), seen) for one in chapters]
                )
            ),
            lead=tuple(printable(generated.paragraphs_of(content.summary.say(language)))),
            words=words(),
        )


def clean(text: str) -> str:
    """Take out what cannot be printed."""
    return like(text, UNPRINTABLE.sub("", text))


# --- chapters ----------------------------------------------------------------------------


def _blocks(
    content: PlanContent, chapter: ChapterContent, level: int, counts: Numbering
) -> Iterator[Block]:
    if chapter.kind == "text":
        for block in chapter.blocks:
            yield from _written(block, level, counts)
    elif chapter.kind in {"figures", "tables"}:
        yield Listing((), of="figures" if chapter.kind == "figures" else "tables")
    else:
        make = generated.CHAPTERS.get(chapter.kind)
        blocks = list(make(generated.Task(content, chapter, level, counts))) if make else []
        yield from blocks or [Paragraph((Span(_("There is nothing for this chapter yet.")),))]


def _written(block: BlockContent, level: int, counts: Numbering) -> Iterator[Block]:
    language = get_language() or "de"
    anchor = f"p-{block.address}"
    if block.kind == "text":
        yield from _lines(block.text.say(language), anchor, level, counts)
    elif block.kind == "quote":
        text = block.text.say(language)
        yield Quote(
            tuple(
                Paragraph(_spans(line, counts, text), f"{anchor}-{line.key}")
                for line in read_html(text)
            ),
            clean(block.source),
            anchor,
        )
    elif block.kind == "figure" and block.picture:
        number, label = (0, "") if block.is_decorative else counts.figure()
        # What was frozen without an alternative text has none for ever; it says so.
        alt = clean(block.alt.say(language)) or _("This picture has no description.")
        yield Figure(
            number,
            label,
            clean(block.caption.say(language)),
            alt,
            is_decorative=block.is_decorative,
            picture=block.picture.pk,
            picture_kind=block.picture.kind,
            source=clean(block.source),
            anchor=anchor,
        )
    elif block.kind == "table" and block.cells:
        number, label = counts.table()
        cells = [tuple(either(clean(cell), "", language) for cell in row) for row in block.cells]
        yield Table(
            number,
            label,
            clean(block.caption.say(language)),
            head=cells[0],
            rows=tuple(Row(row) for row in cells[1:]),
            widths=_widths(cells),
            numeric=_numeric(cells),
            source=clean(block.source),
            anchor=anchor,
        )
    elif block.data:
        yield from _looks(block, block.data, counts)


def _looks(block: BlockContent, data: DataContent, counts: Numbering) -> Iterator[Block]:
    """Show a look at the data: what was frozen, or what the data say now."""
    own = block.caption.say(get_language() or "de")
    found = drawn(data)
    if not found:
        yield Paragraph((Span(_("There are no values for this look at the data yet.")),))
    for place, one in enumerate(found):
        anchor = f"p-{block.address}" if not place else f"p-{block.address}-{place + 1}"
        caption = own if own and not place else one.heading
        caption = clean(". ".join(part.rstrip(".") for part in (caption, one.note) if part))
        # What an editor wrote of the source stands before the files that the values came from.
        source = clean("; ".join(filter(None, (block.source, one.source))))
        links = [
            tuple(f"{EVERYBODY.origins}{origin}/" if origin else "" for origin in some)
            for some in one.origins
        ] or [()] * len(one.rows)
        if one.chart is None:
            number, label = counts.table()
            cells = [one.head, *one.rows]
            yield Table(
                number,
                label,
                caption,
                head=one.head,
                rows=tuple(Row(row, links=some) for row, some in zip(one.rows, links, strict=True)),
                widths=_widths(cells),
                numeric=one.numeric,
                source=source,
                anchor=anchor,
            )
            continue
        number, label = counts.figure()
        told = clean(" ".join(part for part in (one.told, one.remark) if part))
        yield Figure(
            number,
            label,
            caption,
            told or caption,
            svg=_for_paper(one.chart, caption, told),
            drawing=svg(one.chart, key=anchor, title=caption, told=told),
            numbers=Numbers(one.head, one.rows, one.numeric, tuple(links)),
            source=source,
            anchor=anchor,
        )


def _for_paper(chart: Chart, title: str, told: str) -> str:
    """Draw a chart with its colours in it, and in the typeface of the document."""
    drawn_ = svg_file(chart, title=title, told=told).decode()
    return drawn_.split("?>", 1)[1].strip().replace(f'"{FONTS}"', '"Fira Sans"', 1)


def _lines(text: str, anchor: str, level: int, counts: Numbering) -> Iterator[Block]:
    items: list[Item] = []
    for line in read_html(text):
        place = f"{anchor}-{line.key}" if line.key else ""
        if line.kind in {"ul", "ol"}:
            items.append(Item(_spans(line, counts, text), line.depth, line.kind == "ol", place))
            continue
        if items:
            yield Items(tuple(items))
            items = []
        if line.kind == "p":
            yield Paragraph(_spans(line, counts, text), place)
        else:
            deeper = level + (1 if line.kind == "h3" else 2)
            yield Heading(min(deeper, DEEPEST_HEADING), like(text, clean(line.text)), place)
    if items:
        yield Items(tuple(items))


def _spans(line: Line, counts: Numbering, text: str) -> tuple[Span, ...]:
    """Give the stretches of a line, in the language of the text that it is of."""
    return tuple(
        Span(note=counts.note(), note_text=like(text, clean(piece.note)))
        if piece.note
        else Span(
            like(text, clean(piece.run.text)), piece.run.bold, piece.run.italic, piece.run.href
        )
        for piece in pieces_of(line.runs)
    )


def _widths(cells: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Give columns with more text more room, within bounds."""
    longest = [max(min(len(row[column]), 60) for row in cells) for column in range(len(cells[0]))]
    return tuple(max(8.0, float(one)) ** 0.6 for one in longest)


def _numeric(cells: Sequence[Sequence[str]]) -> tuple[int, ...]:
    number = re.compile(r"^[-+–\u2212]?\s*\d[\d.,\s\u202f]*\s*(%|€|EUR)?$")
    return tuple(
        column
        for column in range(1, len(cells[0]))
        if len(cells) > 1
        and all(number.match(row[column]) or not row[column].strip("-–. ") for row in cells[1:])
        and any(number.match(row[column]) for row in cells[1:])
    )


def _step_by_step(chapter: Chapter) -> Chapter:
    """
    Let no heading skip a level: readers would look for what is missing, and PDF/UA refuses it.

    The check of the document tells who wrote it.
    """
    blocks: list[Any] = []
    # The levels, as they were written, of the headings above; each is one level below the next.
    above = [chapter.level]
    for block in chapter.blocks:
        if isinstance(block, Heading):
            above = [level for level in above if level < block.level]
            blocks.append(replace(block, level=chapter.level + len(above)))
            above.append(block.level)
        else:
            blocks.append(block)
    return replace(chapter, blocks=tuple(blocks))


def _each_address_once(chapter: Chapter, seen: set[str]) -> Chapter:
    """Take the address from whatever stands in the document a second time."""
    blocks: list[Any] = []
    for block in chapter.blocks:
        anchor = getattr(block, "anchor", "")
        one: Any = block
        blocks.append(replace(one, anchor="") if anchor and anchor in seen else one)
        seen.add(anchor)
    return replace(chapter, blocks=tuple(blocks))


def _with_lists(chapters: Sequence[Chapter]) -> Iterator[Chapter]:
    """Fill the lists of figures and tables, whose numbers are known at the end only."""
    numbered = [
        block
        for chapter in chapters
        for block in chapter.blocks
        if isinstance(block, Figure | Table) and block.number
    ]
    for chapter in chapters:
        if not any(isinstance(block, Listing) for block in chapter.blocks):
            yield chapter
            continue
        blocks: list[Any] = []
        for block in chapter.blocks:
            if isinstance(block, Listing):
                kind = Figure if block.of == "figures" else Table
                entries = tuple(
                    Entry(one.label, one.caption, one.anchor)
                    for one in numbered
                    if isinstance(one, kind)
                )
                blocks.append(replace(block, entries=entries))
            else:
                blocks.append(block)
        yield replace(chapter, blocks=tuple(blocks))


# --- around the chapters -----------------------------------------------------------------


def _cover(
    content: PlanContent, language: str, now: datetime, version: int | None, label: str
) -> Cover:
    day = date_format(timezone.localtime(now), "DATE_FORMAT")
    if version is None:
        state = _("Working state of %(day)s: %(status)s") % {
            "day": day,
            "status": PlanStatus(content.status).label,
        }
        path = reverse("website:plan-document", args=[content.slug])
    else:
        state = _("Version %(number)d of %(day)s") % {"number": version, "day": day}
        state = f"{state}: {label}" if label else state
        path = reverse("website:plan-version", args=[content.slug, version])
    return cover_of(
        content.title.say(language),
        subtitle=generated.years_of(content),
        state=state,
        path=path,
        now=now,
    )


def cover_of(title: str, *, subtitle: str, state: str, path: str, now: datetime) -> Cover:
    """Put the municipality's own things around a document."""
    row = municipality()
    imprint = row.document_imprint or row.imprint
    return Cover(
        title=clean(title),
        subtitle=subtitle,
        municipality=clean(row.name),
        office=clean(", ".join(filter(None, (row.authority, row.unit)))),
        state=clean(state),
        day=date_format(timezone.localtime(now), "DATE_FORMAT"),
        moment=int(now.timestamp()),
        imprint=tuple(clean(like(imprint, line)) for line in imprint.splitlines()),
        address=f"{settings.SITE_URL}{path}",
        accent=row.accent_colour,
        logo=row.logo.pk if row.logo else 0,
        logo_kind=row.logo.kind if row.logo else "",
        sponsors=clean(row.sponsors),
        sponsor_logo=row.sponsor_logo.pk if row.sponsor_logo else 0,
        sponsor_logo_kind=row.sponsor_logo.kind if row.sponsor_logo else "",
    )


def words() -> dict[str, str]:
    """Give the fixed words of the outputs, in the language that is active."""
    return {
        "contents": _("Contents"),
        "imprint": _("Imprint"),
        "page": _("Page %(page)s of %(pages)s"),
        "source": _("Source"),
        "notes": pgettext("document", "Notes"),
        "figure": _("Figure"),
        "table": _("Table"),
        "address": _("The document on the web"),
        "summary": _("At a glance"),
        "logo": _("Logo of %(name)s") % {"name": municipality().name},
        "funded": _("Funded by"),
    }
