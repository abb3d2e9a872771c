"""
A plan's document as HTML for the page on which it is read.

Written here and not in a template, because a long document has ten thousands of paragraphs. Every
text goes through ``escape``; the tags are all in this file.
"""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import count, repeat, zip_longest

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zusammenplan.core.german import is_german, markup
from zusammenplan.plans.domain.rich_text import known_address
from zusammenplan.reports.queries.model import (
    Chapter,
    Facts,
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
from zusammenplan.reports.queries.reading import ContentsLine

DEEPEST = 6
PictureUrl = Callable[[int], str]


def chapters_html(
    chapters: Sequence[Chapter],
    *,
    address: str,
    place_url: Callable[[str], str],
    picture_url: PictureUrl,
    words: dict[str, str],
) -> SafeString:
    """
    Write chapters.

    ``address`` is the lasting address of the document, to which each paragraph adds its own.
    """
    page = _Page(address, place_url, picture_url, words)
    return SafeString("".join(page.chapters(chapters)))


def contents_html(lines: Sequence[ContentsLine]) -> SafeString:
    """Write the table of contents as lists within lists."""
    written = ["<ol>"]
    for line in lines:
        title = f"{line.number}&ensp;{markup(line.title)}"
        written.append(f'<li><a href="{escape(line.url)}">{title}</a>')
        written.append("<ol>" if line.opens else "</li>")
        written += ["</ol></li>"] * line.closes
    written.append("</ol>")
    return SafeString("".join(written))


def _linked(told: str, url: str | None) -> str:
    """Lead from a value to where it comes from."""
    return f'<a class="zp-a" href="{escape(url)}">{told}</a>' if url and told else told


class _Page:
    def __init__(
        self,
        address: str,
        place_url: Callable[[str], str],
        picture_url: PictureUrl,
        words: dict[str, str],
    ) -> None:
        self.address = escape(address)
        self.place_url = place_url
        self.picture_url = picture_url
        self.words = words
        # So that no two links of the page have the same name.
        self.places = count(1)
        self.says = {
            "as_table": escape(_("As table")),
            "paragraph": escape(_("Lasting address of this place")),
            "note": escape(_("Note")),
            "back": escape(_("Back to the text")),
            "table": escape(_("Table")),
        }

    def chapters(self, chapters: Sequence[Chapter]) -> Iterator[str]:
        notes: list[Span] = []
        for chapter in chapters:
            if chapter.level == 1 and notes:
                yield from self.notes(notes)
                notes = []
            title = f'<span class="zp-read__no">{chapter.number}</span>{markup(chapter.title)}'
            yield self.heading(chapter.level, title, chapter.anchor)
            for block in chapter.blocks:
                yield from self.block(block)
            notes += chapter.notes()
        if notes:
            yield from self.notes(notes)

    def block(self, block: object) -> Iterator[str]:  # noqa: C901 - one case for each kind of block
        match block:
            case Heading():
                yield self.heading(block.level, markup(block.text), block.anchor)
            case Paragraph():
                told = f"{self.spans(block.spans)}{self.link(block.anchor)}"
                yield f"<p{self.place(block.anchor)}>{told}</p>"
            case Items():
                yield from self.items(list(block.items))
            case Figure():
                yield from self.figure(block)
            case Table():
                yield from self.table(block)
            case Quote():
                yield f"<blockquote{self.place(block.anchor, 'zp-doc__quote')}>"
                for paragraph in block.paragraphs:
                    yield from self.block(paragraph)
                if block.source:
                    yield f"<footer>{escape(block.source)}</footer>"
                yield "</blockquote>"
            case Facts():
                yield '<dl class="zp-facts zp-facts--side">'
                for fact in block.facts:
                    yield f"<div><dt>{escape(fact.term)}</dt><dd>{markup(fact.text)}</dd></div>"
                yield "</dl>"
            case Listing():
                yield '<ul class="zp-read__list">'
                for one in block.entries:
                    told = escape(one.label) + (f": {markup(one.text)}" if one.text else "")
                    url = escape(self.place_url(one.anchor)) if one.anchor else ""
                    yield (
                        f'<li><a class="zp-a" href="{url}">{told}</a></li>'
                        if url
                        else f"<li>{told}</li>"
                    )
                yield "</ul>"

    def heading(self, level: int, title: str, anchor: str) -> str:
        rank = min(level + 1, DEEPEST)
        place = self.place(anchor, f"zp-read__h{min(level, DEEPEST)}")
        return f"<h{rank}{place}>{title}{self.link(anchor)}</h{rank}>"

    def place(self, anchor: str, more: str = "") -> str:
        if anchor:
            names = f"{more} zp-read__place".strip()
            return f' class="{names}" id="{escape(anchor)}"'
        return f' class="{more}"' if more else ""

    def link(self, anchor: str) -> str:
        if not anchor:
            return ""
        return (
            f'<a class="zp-read__link" href="{self.address}#{escape(anchor)}" '
            f'aria-label="{self.says["paragraph"]} {next(self.places)}" '
            f'title="{self.says["paragraph"]}">#</a>'
        )

    def spans(self, spans: Sequence[Span]) -> str:
        written = []
        for span in spans:
            if span.note:
                written.append(
                    f'<sup class="zp-read__note"><a class="zp-a" id="fnref-{span.note}" '
                    f'href="#fn-{span.note}" aria-label="{self.says["note"]} {span.note}">'
                    f"{span.note}</a></sup>"
                )
                continue
            text = markup(span.text).replace("\n", "<br>")
            text = f"<em>{text}</em>" if span.italic else text
            text = f"<strong>{text}</strong>" if span.bold else text
            if href := known_address(span.href):
                text = f'<a class="zp-a" href="{escape(href)}">{text}</a>'
            written.append(text)
        return "".join(written)

    def items(self, items: list[Item]) -> Iterator[str]:
        here = 0
        while here < len(items):
            ordered, depth = items[here].ordered, items[here].depth
            tag = "ol" if ordered else "ul"
            yield f"<{tag}>"
            while (
                here < len(items) and items[here].depth <= depth and items[here].ordered == ordered
            ):
                item = items[here]
                here += 1
                below = []
                while here < len(items) and items[here].depth > item.depth:
                    below.append(items[here])
                    here += 1
                told = f"{self.spans(item.spans)}{self.link(item.anchor)}"
                yield f"<li{self.place(item.anchor)}>{told}"
                yield from self.items(below)
                yield "</li>"
            yield f"</{tag}>"

    def figure(self, block: Figure) -> Iterator[str]:
        yield f"<figure{self.place(block.anchor, 'zp-doc__figure')}>"
        alt = "" if block.is_decorative else escape(block.alt)
        if block.drawing:
            # It tells itself to those who do not see it.
            yield block.drawing
        elif block.svg:
            # On a small screen the drawing is moved sideways, by the keyboard too.
            yield (
                f'<div class="zp-table-box" tabindex="0" role="region" '
                f'aria-label="{escape(block.label)}">'
                f'<div role="img" aria-label="{alt}">{block.svg}</div></div>'
            )
        else:
            url = escape(self.picture_url(block.picture))
            spoken = ' lang="de"' if alt and is_german(block.alt) else ""
            yield f'<img src="{url}" alt="{alt}"{spoken} loading="lazy">'
        if caption := self.caption(block):
            yield f"<figcaption>{caption}{self.link(block.anchor)}</figcaption>"
        if block.numbers:
            yield from self.numbers(block, block.numbers)
        yield "</figure>"

    def numbers(self, block: Figure, numbers: Numbers) -> Iterator[str]:
        """Give the numbers of a drawing as a table to open."""
        yield f'<details class="zp-more"><summary>{self.says["as_table"]}</summary>'
        yield (
            '<div class="zp-more__body"><div class="zp-table-box" tabindex="0" role="region" '
            f'aria-label="{escape(block.label)}"><table class="zp-table zp-table--tight">'
            f'<caption class="kern-sr-only">{escape(block.caption)}</caption><thead><tr>'
        )
        for column, head in enumerate(numbers.head):
            yield f'<th scope="col"{self.side(numbers.numeric, column)}>{escape(head)}</th>'
        yield "</tr></thead><tbody>"
        links: tuple[str, ...]
        for row, links in zip(numbers.rows, numbers.links or repeat(()), strict=False):
            yield f'<tr><th scope="row">{escape(row[0])}</th>'
            for column, (cell, url) in enumerate(zip_longest(row[1:], links), start=1):
                yield f"<td{self.side(numbers.numeric, column)}>{_linked(escape(cell), url)}</td>"
            yield "</tr>"
        yield "</tbody></table></div></div></details>"

    def caption(self, block: Figure | Table) -> str:
        told = markup(block.caption)
        if block.label:
            told = f": {told}" if told else ""
            told = f'<strong class="zp-strong">{escape(block.label)}</strong>{told}'
        if block.source and isinstance(block, Figure):
            source = f"{escape(self.words['source'])}: {escape(block.source)}"
            told += f' <span class="zp-over">{source}</span>'
        return told

    def table(self, block: Table) -> Iterator[str]:
        label = escape(f"{block.label}: {block.caption}" if block.caption else block.label)
        # The whole stands in a section, so that its address leads to the caption.
        yield f"<div{self.place(block.anchor)}>"
        yield (
            '<div class="zp-table-box" tabindex="0" role="region" '
            f'aria-label="{label or self.says["table"]}">'
            '<table class="zp-table zp-table--tight"><caption class="zp-doc__caption">'
            f"{self.caption(block)}{self.link(block.anchor)}</caption><thead><tr>"
        )
        for column, head in enumerate(block.head):
            yield f'<th scope="col"{self.number(block, column)}>{markup(head)}</th>'
        yield "</tr></thead><tbody>"
        for row in block.rows:
            yield self.row(block, row)
        yield "</tbody></table></div>"
        if block.source:
            yield f'<p class="zp-over">{escape(self.words["source"])}: {escape(block.source)}</p>'
        yield "</div>"

    def row(self, block: Table, row: Row) -> str:
        if row.kind == "title":
            width = len(block.head)
            return (
                f'<tr class="is-title"><th colspan="{width}" scope="colgroup">'
                f"{markup(row.cells[0])}</th></tr>"
            )
        cells = "".join(
            f"<td{self.number(block, column)}>{_linked(markup(cell), url)}</td>"
            for column, (cell, url) in enumerate(zip_longest(row.cells, ("", *row.links)))
        )
        return f'<tr class="is-sum">{cells}</tr>' if row.kind == "sum" else f"<tr>{cells}</tr>"

    def number(self, block: Table, column: int) -> str:
        return self.side(block.numeric, column)

    def side(self, numeric: tuple[int, ...], column: int) -> str:
        return ' class="is-num"' if column in numeric else ""

    def notes(self, notes: Sequence[Span]) -> Iterator[str]:
        label, first = escape(self.words["notes"]), notes[0].note
        yield f'<ol class="zp-read__notes" aria-label="{label}" start="{first}">'
        for one in notes:
            yield (
                f'<li class="zp-read__place" id="fn-{one.note}">{markup(one.note_text)} '
                f'<a class="zp-read__link" href="#fnref-{one.note}" '
                f'aria-label="{self.says["back"]}">↩</a></li>'
            )
        yield "</ol>"
