"""A plan's document as a Word file with real styles, which the office can go on working in."""

from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from zusammenplan.core.german import like
from zusammenplan.reports.exports.docx import TEXT_WIDTH_MM, put_field, speaking
from zusammenplan.reports.exports.docx_numbers import Numbering, numbered_by
from zusammenplan.reports.exports.elements_docx import (
    add_footnotes,
    add_text,
    begin_field,
    element,
    end_field,
)
from zusammenplan.reports.exports.plan_look_docx import set_up
from zusammenplan.reports.exports.plan_tables_docx import as_table, write_table
from zusammenplan.reports.exports.png import as_png
from zusammenplan.reports.queries.model import (
    Chapter,
    Document,
    Facts,
    Figure,
    Heading,
    Items,
    Listing,
    Paragraph,
    Quote,
    Span,
    Table,
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph as WordParagraph

# A heading that bears this one bears no number, though its style would give it one.
NO_NUMBER = 0
LARGEST_PICTURE_MM = 160
DEEPEST_IN_CONTENTS = 3
IMPRINT = "imprint"
UNKNOWN_PAGE = ""
Pictures = Callable[[int], bytes]


def plan_docx(document: Document, pictures: Pictures) -> bytes:
    """Write the document; ``pictures`` gives the content of a picture by its key."""
    return _Writer(document, pictures).write()


class _Writer:
    def __init__(self, document: Document, pictures: Pictures) -> None:
        import docx

        self.source = document
        self.pictures = pictures
        self.word: WordDocument = docx.Document()
        self.numbering = Numbering(self.word)
        self.notes: list[str] = []
        self.bookmarks: dict[str, int] = {}
        self.drawings = 0
        self.end: Any = None
        self.style_ids: dict[str | None, str] = {}

    def paragraph(
        self, text: str = "", style: str = "Normal", *, number: int | None = None
    ) -> "WordParagraph":
        """
        Add a paragraph at the end.

        python-docx looks for the end and for the style anew each time, which makes a long
        document slow.
        """
        from docx.text.paragraph import Paragraph as NewParagraph

        added = element("w:p")
        if style != "Normal":
            about = element("w:pPr")
            about.append(element("w:pStyle", val=self.style_ids[style]))
            if number is not None:
                about.append(numbered_by(number))
            added.append(about)
        self.end.addprevious(added)
        made = NewParagraph(added, self.word._body)
        if text:
            add_text(made, text)
        return made

    def write(self) -> bytes:
        set_up(self.word, self.source)
        self.end = self.word.element.body.sectPr
        self.style_ids = {style.name: style.style_id for style in self.word.styles}
        if self.source.chapters:
            self.numbering.number_chapters(int(self.source.chapters[0].number))
        self._cover()
        self._contents()
        for chapter in self.source.chapters:
            self._chapter(chapter)
        self._imprint()
        if self.notes:
            add_footnotes(self.word, self.notes)
        file = BytesIO()
        document = self.word
        document.save(file)
        return file.getvalue()

    # --- around the chapters ---

    def _cover(self) -> None:
        from docx.enum.text import WD_BREAK
        from docx.shared import Mm, Pt

        cover = self.source.cover
        if cover.logo:
            paragraph = self.paragraph()
            self._draw(
                paragraph, self.pictures(cover.logo), cover.logo_kind, self.source.words["logo"], 30
            )
        self.paragraph(cover.municipality, style="Subtitle")
        title = self.paragraph(cover.title, style="Title")
        title.paragraph_format.space_before = Mm(70)
        if cover.subtitle and cover.subtitle not in cover.title:
            self.paragraph(cover.subtitle, style="Subtitle")
        state = self.paragraph(cover.state)
        state.paragraph_format.space_before = Pt(12)
        if cover.office:
            self.paragraph(cover.office)
        if cover.sponsors:
            said = self.source.words["funded"]
            self.paragraph(like(cover.sponsors, f"{said}: {cover.sponsors}"))
        if cover.sponsor_logo:
            content = self.pictures(cover.sponsor_logo)
            self._draw(self.paragraph(), content, cover.sponsor_logo_kind, cover.sponsors, 20)
        self.paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _contents(self) -> None:
        """Write the contents as a field that Word renews, filled already for other programs."""
        said = self.source.words
        if self.source.lead:
            self.paragraph(said["summary"], style="TOC Heading")
            for line in self.source.lead:
                self.paragraph(line)
        self.paragraph(said["contents"], style="TOC Heading")
        lines = []
        for chapter in self.source.chapters:
            lines.append((_numbered(chapter), chapter.level, chapter.anchor))
            lines += [
                (block.text, block.level, block.anchor)
                for block in chapter.blocks
                if isinstance(block, Heading) and block.level <= DEEPEST_IN_CONTENTS
            ]
        lines.append((said["imprint"], 1, IMPRINT))
        self._renewed(
            r'TOC \o "1-3" \h \z \u',
            [(text, f"TOC {level}", anchor) for text, level, anchor in lines],
        )

    def _renewed(self, code: str, lines: Sequence[tuple[str, str, str]]) -> None:
        if not lines:
            return
        last = len(lines) - 1
        for number, (text, style, anchor) in enumerate(lines):
            paragraph = self.paragraph(style=style)
            if number == 0:
                # "dirty" asks Word to renew the field, so that the page numbers appear.
                begin_field(paragraph, code, dirty="true")
            self._link_within(paragraph, text, anchor)
            if number == last:
                end_field(paragraph)

    def _link_within(self, paragraph: "WordParagraph", text: str, anchor: str) -> None:
        """Write a line of the contents as Word does: a link with the number of its page."""
        if not anchor:
            add_text(paragraph, text)
            return
        name = self._bookmark_name(anchor)
        before = len(paragraph._p)
        speaking(paragraph.add_run(text), text)
        paragraph.add_run("\t")
        begin_field(paragraph, rf"PAGEREF {name} \h")
        paragraph.add_run(UNKNOWN_PAGE)
        end_field(paragraph)
        link = element("w:hyperlink", anchor=name, history="1")
        link.extend(paragraph._p[before:])
        paragraph._p.append(link)

    def _imprint(self) -> None:
        cover, said = self.source.cover, self.source.words
        heading = self.paragraph(said["imprint"], style="Heading 1", number=NO_NUMBER)
        heading.paragraph_format.page_break_before = True
        self._bookmark(heading, IMPRINT)
        for line in cover.imprint:
            self.paragraph(line)
        self.paragraph(cover.state)
        paragraph = self.paragraph(f"{said['address']}: ")
        self._spans(paragraph, (Span(cover.address, href=cover.address),))

    # --- chapters ---

    def _chapter(self, chapter: Chapter) -> None:  # noqa: C901 - one case for each kind of block
        heading = self.paragraph(chapter.title, style=f"Heading {chapter.level}")
        heading.paragraph_format.page_break_before = chapter.level == 1
        self._bookmark(heading, chapter.anchor)
        for block, following in zip_longest(chapter.blocks, chapter.blocks[1:]):
            match block:
                case Heading():
                    paragraph = self.paragraph(
                        block.text, style=f"Heading {block.level}", number=NO_NUMBER
                    )
                    self._bookmark(paragraph, block.anchor)
                case Paragraph():
                    paragraph = self.paragraph()
                    self._spans(paragraph, block.spans)
                    if isinstance(following, Items):
                        paragraph.paragraph_format.keep_with_next = True
                case Items():
                    self._items(block)
                case Figure():
                    self._figure(block)
                case Table():
                    self._table(block)
                case Quote():
                    self._quote(block)
                case Facts():
                    for fact in block.facts:
                        paragraph = self.paragraph(style="Fakten")
                        paragraph.add_run(f"{fact.term}: ").bold = True
                        add_text(paragraph, fact.text)
                case Listing():
                    name = self.source.words["figure" if block.of == "figures" else "table"]
                    self._renewed(
                        rf'TOC \h \z \c "{name}"',
                        [
                            (
                                like(one.text, f"{one.label}: {one.text}".rstrip(": ")),
                                "table of figures",
                                one.anchor,
                            )
                            for one in block.entries
                        ],
                    )

    def _items(self, block: Items) -> None:
        lists: dict[int, int] = {}
        for item in block.items:
            # What stands further in begins anew below each item further out.
            lists = {depth: key for depth, key in lists.items() if depth <= item.depth}
            name = "List Number" if item.ordered else "List Bullet"
            style = name if item.depth == 1 else f"{name} {min(item.depth, 3)}"
            if item.ordered and item.depth not in lists:
                lists[item.depth] = self.numbering.new_list(style)
            number = lists[item.depth] if item.ordered else None
            self._spans(self.paragraph(style=style, number=number), item.spans)

    def _quote(self, block: Quote) -> None:
        for paragraph in block.paragraphs:
            self._spans(self.paragraph(style="Quote"), paragraph.spans)
        if block.source:
            self.paragraph(block.source, style="Quellenangabe")

    def _figure(self, block: Figure) -> None:
        paragraph = self.paragraph()
        paragraph.paragraph_format.keep_with_next = True
        alt = "" if block.is_decorative else block.alt
        if block.svg:
            self._draw(paragraph, as_png(block.svg.encode(), "svg"), "image/png", alt)
        else:
            self._draw(paragraph, self.pictures(block.picture), block.picture_kind, alt)
        self._caption(block, self.source.words["figure"])
        if block.numbers:
            write_table(self.word, as_table(block, block.numbers))

    def _draw(
        self, paragraph: "WordParagraph", content: bytes, kind: str, alt: str, height: int = 0
    ) -> None:
        from docx.image.exceptions import UnrecognizedImageError
        from docx.oxml.shape import CT_Inline
        from docx.shared import Emu, Mm

        if kind == "image/webp":
            content = as_png(content, "webp")
        try:
            key, image = self.word.part.get_or_add_image(BytesIO(content))
        except (UnrecognizedImageError, ValueError, KeyError):
            # A picture that Word's library does not read is read by the typesetter.
            ending = "jpg" if kind == "image/jpeg" else "png"
            key, image = self.word.part.get_or_add_image(BytesIO(as_png(content, ending)))
        self.drawings += 1
        widest, highest = Mm(TEXT_WIDTH_MM), Mm(height or LARGEST_PICTURE_MM)
        scale = min(1.0, widest / image.width, highest / image.height)
        size = Emu(int(image.width * scale)), Emu(int(image.height * scale))
        # python-docx would look through the whole document for a free number, for each picture.
        shape = CT_Inline.new_pic_inline(self.drawings, key, f"bild{self.drawings}", *size)
        shape.docPr.set("descr", alt)
        paragraph.add_run()._r.add_drawing(shape)

    def _caption(self, block: Figure | Table, name: str) -> None:
        if not (block.label or block.caption or block.source):
            return
        paragraph = self.paragraph(style="Caption")
        if block.label:
            paragraph.add_run(f"{name} ")
            put_field(paragraph, f"SEQ {name} \\* ARABIC", str(block.number))
            self._bookmark(paragraph, block.anchor)
            if block.caption:
                paragraph.add_run(": ")
        add_text(paragraph, block.caption)
        told = [paragraph]
        if block.source:
            # A paragraph of its own, because the lists of figures and tables repeat the caption.
            said = f"{self.source.words['source']}: {block.source}"
            told.append(self.paragraph(said, style="Quelle"))
        for one in told if isinstance(block, Table) else told[:-1]:
            one.paragraph_format.keep_with_next = True

    def _table(self, block: Table) -> None:
        self._caption(block, self.source.words["table"])
        write_table(self.word, block)

    # --- text ---

    def _spans(self, paragraph: "WordParagraph", spans: Sequence[Span]) -> None:
        for span in spans:
            if span.note:
                self.notes.append(span.note_text)
                run = paragraph.add_run()
                run.style = "Footnote Reference"
                run._r.append(element("w:footnoteReference", id=str(len(self.notes))))
                continue
            if not (span.bold or span.italic or span.href):
                add_text(paragraph, span.text)
                continue
            run = speaking(paragraph.add_run(span.text), span.text)
            run.bold, run.italic = span.bold or None, span.italic or None
            if span.href:
                self._link(paragraph, run, span.href)

    def _link(self, paragraph: "WordParagraph", run: Any, href: str) -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.oxml.ns import qn

        key = paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        run.style = "Hyperlink"
        link = element("w:hyperlink")
        link.set(qn("r:id"), key)
        link.append(run._r)
        paragraph._p.append(link)

    def _bookmark(self, paragraph: "WordParagraph", anchor: str) -> None:
        if not anchor or anchor in self.bookmarks:
            return
        key = self.bookmarks[anchor] = len(self.bookmarks) + 1
        start = element("w:bookmarkStart", id=str(key), name=self._bookmark_name(anchor))
        begin = paragraph._p.pPr
        if begin is None:
            paragraph._p.insert(0, start)
        else:
            begin.addnext(start)
        paragraph._p.append(element("w:bookmarkEnd", id=str(key)))

    def _bookmark_name(self, anchor: str) -> str:
        """Give a name that Word takes: 40 letters, digits and underlines at most."""
        return "_" + anchor.replace("-", "_")[-39:]


def _numbered(chapter: Chapter) -> str:
    return like(chapter.title, f"{chapter.number} {chapter.title}")
