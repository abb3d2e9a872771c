"""A plan's document as a Word file with real styles, which the office can go on working in."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from zusammenplan.core.german import is_german, like
from zusammenplan.reports.exports.docx import (
    CORE_TEXT,
    GERMAN,
    INK,
    MARGIN_MM,
    MUTED,
    PAGE_HEIGHT_MM,
    PAGE_WIDTH_MM,
    WASH,
    dress,
    put_field,
    speak,
    speaking,
    without_border,
)
from zusammenplan.reports.exports.docx_numbers import Numbering, numbered_by
from zusammenplan.reports.exports.png import as_png
from zusammenplan.reports.queries.model import (
    Chapter,
    Document,
    Facts,
    Figure,
    Heading,
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
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph as WordParagraph

# A heading that bears this one bears no number, though its style would give it one.
NO_NUMBER = 0
TEXT_WIDTH_MM = PAGE_WIDTH_MM - 2 * MARGIN_MM
LARGEST_PICTURE_MM = 160
DEEPEST_IN_CONTENTS = 3
IMPRINT = "imprint"
UNKNOWN_PAGE = ""
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FOOTNOTES_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
FOOTNOTES_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# What Word writes as an element of its own within a text.
SIGNS = re.compile(r"[\t\n\r]")
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

        element = _element("w:p")
        if style != "Normal":
            about = _element("w:pPr")
            about.append(_element("w:pStyle", val=self.style_ids[style]))
            if number is not None:
                about.append(numbered_by(number))
            element.append(about)
        self.end.addprevious(element)
        made = NewParagraph(element, self.word._body)
        if text:
            _add_text(made, text)
        return made

    def write(self) -> bytes:
        _set_up(self.word, self.source)
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
            _add_footnotes(self.word, self.notes)
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
                _begin_field(paragraph, code, dirty="true")
            self._link_within(paragraph, text, anchor)
            if number == last:
                _end_field(paragraph)

    def _link_within(self, paragraph: "WordParagraph", text: str, anchor: str) -> None:
        """Write a line of the contents as Word does: a link with the number of its page."""
        if not anchor:
            _add_text(paragraph, text)
            return
        name = self._bookmark_name(anchor)
        before = len(paragraph._p)
        speaking(paragraph.add_run(text), text)
        paragraph.add_run("\t")
        _begin_field(paragraph, rf"PAGEREF {name} \h")
        paragraph.add_run(UNKNOWN_PAGE)
        _end_field(paragraph)
        link = _element("w:hyperlink", anchor=name, history="1")
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
                        _add_text(paragraph, fact.text)
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
            _write_table(self.word, _as_table(block, block.numbers))

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
        _add_text(paragraph, block.caption)
        told = [paragraph]
        if block.source:
            # A paragraph of its own, because the lists of figures and tables repeat the caption.
            said = f"{self.source.words['source']}: {block.source}"
            told.append(self.paragraph(said, style="Quelle"))
        for one in told if isinstance(block, Table) else told[:-1]:
            one.paragraph_format.keep_with_next = True

    def _table(self, block: Table) -> None:
        self._caption(block, self.source.words["table"])
        _write_table(self.word, block)

    # --- text ---

    def _spans(self, paragraph: "WordParagraph", spans: Sequence[Span]) -> None:
        for span in spans:
            if span.note:
                self.notes.append(span.note_text)
                run = paragraph.add_run()
                run.style = "Footnote Reference"
                run._r.append(_element("w:footnoteReference", id=str(len(self.notes))))
                continue
            if not (span.bold or span.italic or span.href):
                _add_text(paragraph, span.text)
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
        link = _element("w:hyperlink")
        link.set(qn("r:id"), key)
        link.append(run._r)
        paragraph._p.append(link)

    def _bookmark(self, paragraph: "WordParagraph", anchor: str) -> None:
        if not anchor or anchor in self.bookmarks:
            return
        key = self.bookmarks[anchor] = len(self.bookmarks) + 1
        start = _element("w:bookmarkStart", id=str(key), name=self._bookmark_name(anchor))
        begin = paragraph._p.pPr
        if begin is None:
            paragraph._p.insert(0, start)
        else:
            begin.addnext(start)
        paragraph._p.append(_element("w:bookmarkEnd", id=str(key)))

    def _bookmark_name(self, anchor: str) -> str:
        """Give a name that Word takes: 40 letters, digits and underlines at most."""
        return "_" + anchor.replace("-", "_")[-39:]


# --- styles ------------------------------------------------------------------------------


def _set_up(word: "WordDocument", source: Document) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Mm, Pt, RGBColor

    section = word.sections[0]
    section.page_width, section.page_height = Mm(PAGE_WIDTH_MM), Mm(PAGE_HEIGHT_MM)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.different_first_page_header_footer = True
    styles: Any = word.styles
    accent = source.cover.accent.removeprefix("#").upper()
    contents = ("TOC 1", "TOC 2", "TOC 3", "table of figures")
    for name in ("TOC Heading", *contents, "Fakten", "Quelle", "Quellenangabe"):
        if name not in styles:
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        styles[name].base_style = styles["Normal"]
    styles.add_style("Footnote Text", WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    reference = styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER)
    reference.font.superscript = True
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.underline, link.font.color.rgb = True, RGBColor.from_string(accent)
    for name, size, bold, colour, before, after in (
        ("Normal", 10.5, False, INK, 0, 6),
        ("Title", 28, True, INK, 0, 8),
        ("Subtitle", 13, False, MUTED, 0, 4),
        ("Heading 1", 19, True, accent, 0, 10),
        ("Heading 2", 14, True, INK, 18, 6),
        ("Heading 3", 12, True, INK, 14, 4),
        ("Heading 4", 11, True, INK, 12, 3),
        ("Heading 5", 10.5, True, INK, 10, 3),
        ("Heading 6", 10.5, True, MUTED, 10, 3),
        ("TOC Heading", 16, True, INK, 18, 8),
        ("TOC 1", 10.5, True, INK, 6, 2),
        ("TOC 2", 10.5, False, INK, 0, 2),
        ("TOC 3", 10.5, False, INK, 0, 2),
        ("table of figures", 10.5, False, INK, 0, 3),
        ("Caption", 9.5, False, INK, 8, 3),
        ("Fakten", 10, False, INK, 0, 2),
        ("Quelle", 8.5, False, MUTED, 0, 6),
        ("Quellenangabe", 9.5, False, MUTED, 0, 8),
        ("Footnote Text", 9, False, INK, 0, 2),
        ("List Bullet", 10.5, False, INK, 0, 3),
        ("List Number", 10.5, False, INK, 0, 3),
        ("Header", 9, False, MUTED, 0, 0),
        ("Footer", 9, False, MUTED, 0, 0),
    ):
        style = styles[name]
        dress(style, size=size, bold=bold, colour=colour)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
    for name, indent in (("TOC 2", 6), ("TOC 3", 12), ("Quote", 8), ("Quellenangabe", 8)):
        styles[name].paragraph_format.left_indent = Mm(indent)
    for name in contents:
        styles[name].paragraph_format.tab_stops.add_tab_stop(
            Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )
    without_border(styles["Title"])
    speak(word, source.language)
    _head_and_foot(word, source)
    cover = source.cover
    properties = word.core_properties
    properties.title = cover.title[:CORE_TEXT]
    properties.subject = cover.state[:CORE_TEXT]
    properties.author = properties.last_modified_by = cover.municipality[:CORE_TEXT]
    properties.language = source.language
    properties.created = properties.modified = datetime.fromtimestamp(cover.moment, UTC)
    properties.comments = properties.keywords = ""


def _head_and_foot(word: "WordDocument", source: Document) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm

    section = word.sections[0]
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.text = f"{source.cover.title}\t{source.cover.municipality}"
    foot.text = f"{source.cover.state}\t"
    before, __, rest = source.words["page"].partition("%(page)s")
    between, __, after = rest.partition("%(pages)s")
    foot.add_run(before)
    put_field(foot, "PAGE")
    foot.add_run(between)
    put_field(foot, "NUMPAGES")
    foot.add_run(after)
    for paragraph in (head, foot):
        stops = paragraph.paragraph_format.tab_stops
        style: Any = paragraph.style
        for stop in style.paragraph_format.tab_stops:
            stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
        stops.add_tab_stop(Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)


def _numbered(chapter: Chapter) -> str:
    return like(chapter.title, f"{chapter.number} {chapter.title}")


# --- tables ------------------------------------------------------------------------------


def _as_table(block: Figure, numbers: Numbers) -> Table:
    """Put the numbers of a drawing below it, without a number of its own."""
    return Table(
        0,
        block.label,
        block.caption,
        head=numbers.head,
        rows=tuple(Row(row) for row in numbers.rows),
        widths=tuple(1.0 for _head in numbers.head),
        numeric=numbers.numeric,
    )


def _write_table(word: "WordDocument", block: Table) -> None:
    """Write the rows as XML, because python-docx counts all cells to find one."""
    from docx.shared import Mm

    table: Any = word.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.autofit = False
    whole = sum(block.widths)
    widths = [int(Mm(TEXT_WIDTH_MM * one / whole).twips) for one in block.widths]
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width * 635
    table._tbl.tblPr.append(_element("w:tblCaption", val=f"{block.label} {block.caption}".strip()))
    rows = [Row(block.head), *block.rows]
    for number, row in enumerate(rows):
        table._tbl.append(_row(row, widths, set(block.numeric), is_head=number == 0))
    word.add_paragraph()


def _row(row: Row, widths: Sequence[int], numeric: set[int], *, is_head: bool) -> Any:
    line = _element("w:tr")
    properties = _element("w:trPr")
    properties.append(_element("w:cantSplit"))
    if is_head:
        properties.append(_element("w:tblHeader"))
    line.append(properties)
    is_title = row.kind == "title"
    is_strong = is_head or row.kind != "row"
    cells = row.cells[:1] if is_title else row.cells
    for column, text in enumerate(cells):
        cell, about = _element("w:tc"), _element("w:tcPr")
        width = sum(widths) if is_title else widths[column]
        about.append(_element("w:tcW", w=str(width), type="dxa"))
        if is_title:
            about.append(_element("w:gridSpan", val=str(len(widths))))
        if is_head or is_title:
            about.append(_element("w:shd", val="clear", color="auto", fill=WASH))
        cell.append(about)
        for part in text.split("\n"):
            paragraph = _cell_line(
                like(text, part), is_strong=is_strong, is_number=column in numeric
            )
            if is_head or is_title:
                # On the page of the row that it stands above.
                paragraph.pPr.insert(0, _element("w:keepNext"))
            cell.append(paragraph)
        line.append(cell)
    return line


def _cell_line(text: str, *, is_strong: bool, is_number: bool) -> Any:
    paragraph, about = _element("w:p"), _element("w:pPr")
    about.append(_element("w:spacing", before="40", after="40"))
    if is_number:
        about.append(_element("w:jc", val="right"))
    paragraph.append(about)
    run, look, words = _element("w:r"), _element("w:rPr"), _element("w:t")
    if is_strong:
        look.append(_element("w:b"))
    look.append(_element("w:sz", val="18"))
    if is_german(text):
        look.append(_element("w:lang", val=GERMAN))
    words.text = text
    words.set(XML_SPACE, "preserve")
    run.append(look)
    run.append(words)
    paragraph.append(run)
    return paragraph


# --- what python-docx has no calls for ---------------------------------------------------


def _element(tag: str, **attributes: str) -> Any:
    """Make an element as python-docx does, but look its name up once and not 100,000 times."""
    from docx.oxml.parser import oxml_parser

    given = {_name(f"w:{name}"): value for name, value in attributes.items()}
    return oxml_parser.makeelement(_name(tag), given, {"w": W})


@cache
def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(tag))


def _add_text(paragraph: "WordParagraph", text: str) -> None:
    """Add a run of plain text; python-docx looks at each letter for tabs and line breaks."""
    if SIGNS.search(text) or is_german(text):
        speaking(paragraph.add_run(text), text)
        return
    run, words = _element("w:r"), _element("w:t")
    words.text = text
    if text != text.strip():
        words.set(XML_SPACE, "preserve")
    run.append(words)
    paragraph._p.append(run)


def _field_sign(paragraph: "WordParagraph", kind: str, **more: str) -> None:
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType=kind, **more))


def _begin_field(paragraph: "WordParagraph", code: str, **more: str) -> None:
    from docx.oxml.ns import qn

    # "dirty" asks Word to renew the field, so that the page numbers appear.
    _field_sign(paragraph, "begin", **more)
    text = _element("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    paragraph.add_run()._r.append(text)
    _field_sign(paragraph, "separate")


def _end_field(paragraph: "WordParagraph") -> None:
    _field_sign(paragraph, "end")


def _add_footnotes(word: "WordDocument", notes: Sequence[str]) -> None:
    """Add the part of the file in which footnotes stand."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from lxml import etree  # type: ignore[import-untyped] # no types

    root = etree.Element(f"{{{W}}}footnotes", nsmap={"w": W})
    for key, kind in ((-1, "separator"), (0, "continuationSeparator")):
        note = etree.SubElement(root, f"{{{W}}}footnote")
        note.set(f"{{{W}}}type", kind)
        note.set(f"{{{W}}}id", str(key))
        run = etree.SubElement(etree.SubElement(note, f"{{{W}}}p"), f"{{{W}}}r")
        etree.SubElement(run, f"{{{W}}}{kind}")
    for key, text in enumerate(notes, start=1):
        note = etree.SubElement(root, f"{{{W}}}footnote")
        note.set(f"{{{W}}}id", str(key))
        paragraph = etree.SubElement(note, f"{{{W}}}p")
        style = etree.SubElement(etree.SubElement(paragraph, f"{{{W}}}pPr"), f"{{{W}}}pStyle")
        style.set(f"{{{W}}}val", "FootnoteText")
        sign = etree.SubElement(paragraph, f"{{{W}}}r")
        look = etree.SubElement(etree.SubElement(sign, f"{{{W}}}rPr"), f"{{{W}}}rStyle")
        look.set(f"{{{W}}}val", "FootnoteReference")
        etree.SubElement(sign, f"{{{W}}}footnoteRef")
        run = etree.SubElement(paragraph, f"{{{W}}}r")
        if is_german(text):
            language = etree.SubElement(etree.SubElement(run, f"{{{W}}}rPr"), f"{{{W}}}lang")
            language.set(f"{{{W}}}val", GERMAN)
        words = etree.SubElement(run, f"{{{W}}}t")
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        words.text = f" {text}"
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES_KIND, content, word.part.package)
    word.part.relate_to(part, FOOTNOTES_TYPE)
