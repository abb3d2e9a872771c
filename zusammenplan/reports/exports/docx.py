"""The paper as a Word document that people can go on writing in."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Protocol

from zusammenplan.core.german import is_german, like
from zusammenplan.core.printable import printable
from zusammenplan.reports.queries.paper import Paper, PaperRow, Sign, shown_address, words

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

TYPEFACE = "Calibri"
GERMAN = "de-DE"
INK, MUTED, WASH, EDGE = "131525", "51577A", "F3F4F8", "6E7597"
PAGE_WIDTH_MM, PAGE_HEIGHT_MM, MARGIN_MM = 210, 297, 20
TEXT_WIDTH_MM = PAGE_WIDTH_MM - 2 * MARGIN_MM
NUMBER_MM, DEGREE_MM = 13.0, 15.0
TO_WRITE_MM, TO_READ_MM = 28.0, 55.0  # the one column of a long scale
EMPTY_ROWS = 3
MANY_GRADES = 7
CELL_MARGIN_TWIPS = 68
CORE_TEXT = 255  # the longest text that the file's properties take


class Headed(Protocol):
    """What every paper says of itself: on its head, its foot and in its properties."""

    @property
    def title(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def plan(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def office(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def contact(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def made_on(self) -> str: ...
    @property
    def made_at(self) -> datetime: ...


def docx(paper: Paper) -> bytes:
    """Write the paper with real headings, header rows that repeat, and its language."""
    from docx import Document

    document = Document()
    paper = printable(paper)
    said = words()
    set_up(document, paper)
    head_and_foot(document, paper, said)
    document.add_paragraph(paper.subject, style="Subtitle")
    add_line(document, paper.title, "Title")
    notice(document, paper.label, is_final=paper.is_final)
    for line in paper.lead:
        add_line(document, line)
    document.add_heading(said["who"], level=1)
    _groups(document, paper, said)
    _scale(document, paper)
    if paper.kind == "handout":
        document.add_heading(said["before"], level=1)
        _vote_table(document, paper, said)
    elif not paper.hidden_because:
        document.add_heading(said["ranking"], level=1)
        _ranking(document, paper, said)
        document.add_heading(said["after"], level=1)
        if paper.has_grade_columns:
            document.add_paragraph(said["bracket_note"])
        _vote_table(document, paper, said)
    document.add_heading(said["rule"], level=1)
    _list(document, paper.rule)
    document.add_heading(said["next"], level=1)
    _list(document, paper.next_steps)
    contact(document, paper, said)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


# --- the document ------------------------------------------------------------------------


def set_up(document: "Document", paper: Headed) -> None:
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE_WIDTH_MM), Mm(PAGE_HEIGHT_MM)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin, section.bottom_margin = Mm(25), Mm(20)
    for name, size, bold, before, after in (
        ("Normal", 10.5, False, 0, 6),
        ("Title", 22, True, 0, 8),
        ("Subtitle", 11, False, 0, 0),
        ("Heading 1", 14, True, 18, 6),
        ("List Bullet", 10.5, False, 0, 3),
        ("Header", 9, False, 0, 0),
        ("Footer", 9, False, 0, 0),
    ):
        style: Any = document.styles[name]
        muted = name in {"Subtitle", "Header", "Footer"}
        dress(style, size=size, bold=bold, colour=MUTED if muted else INK)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
    without_border(document.styles["Title"])
    speak(document, paper.language)
    properties = document.core_properties
    properties.title = f"{paper.title} – {paper.subject}"[:CORE_TEXT]
    properties.subject = paper.plan[:CORE_TEXT]
    properties.author = properties.last_modified_by = paper.office[:CORE_TEXT]
    properties.category = paper.label[:CORE_TEXT]
    properties.language = paper.language
    properties.comments = properties.keywords = ""
    # The file writes the hour as it is given, and calls it UTC.
    properties.created = properties.modified = paper.made_at.astimezone(UTC)


def dress(style: Any, *, size: float, bold: bool, colour: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    font = style.font
    font.name, font.size = TYPEFACE, Pt(size)
    font.bold, font.italic = bold, False
    font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        if "Theme" in attribute:
            del fonts.attrib[attribute]
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), TYPEFACE)


def without_border(style: Any) -> None:
    """Take away the line that the template draws below its title."""
    from docx.oxml.ns import qn

    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def speak(document: "Document", language: str) -> None:
    """Set the language, so that spelling and screen readers know it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    code = "en-GB" if language == "en" else GERMAN
    for properties in document.styles.element.iter(qn("w:rPr")):
        for language_tag in properties.findall(qn("w:lang")):
            properties.remove(language_tag)
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}")
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), code)
    tag.set(qn("w:eastAsia"), code)
    defaults.find(qn("w:rPr")).append(tag)


def speaking(run: Any, text: str) -> Any:
    """Give a run the language of its text, if that is another one than the document's."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if is_german(text):
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), GERMAN)
        run._r.get_or_add_rPr().append(language)
    return run


def add_line(document: "Document", text: str, style: str | None = None) -> None:
    """Add a paragraph in the language of its text."""
    speaking(document.add_paragraph(style=style).add_run(text), text)


def head_and_foot(document: "Document", paper: Headed, said: dict[str, str]) -> None:
    head = ", ".join(filter(None, (paper.office, paper.unit)))
    state = said["state"].replace("%(day)s", paper.made_on)
    put_head_and_foot(document, f"{head}\t{state}", f"{paper.subject}. {paper.label}", said["page"])


def put_head_and_foot(document: "Document", above: str, below: str, page: str) -> None:
    """Write what stands at both ends of the line above a page, and below it beside the numbers."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm

    section = document.sections[0]
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.text, foot.text = above, f"{below}\t"
    before, __, rest = page.partition("%(page)s")
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


def put_field(paragraph: "Paragraph", code: str, text_now: str = "1") -> None:
    """Put in a number that Word counts itself."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = text_now
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def notice(document: "Document", label: str, *, is_final: bool) -> None:
    """Say what the paper is worth, with a line beside it."""
    from docx.shared import Mm

    paragraph = document.add_paragraph()
    paragraph.add_run(label).bold = True
    paragraph.paragraph_format.left_indent = Mm(3)
    _border(paragraph, "2044AA" if is_final else "B98900")


def _border(paragraph: "Paragraph", colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "8"), ("color", colour)):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _list(document: "Document", lines: Iterable[str]) -> None:
    for line in lines:
        document.add_paragraph(line, style="List Bullet")


def _scale(document: "Document", paper: Paper) -> None:
    from docx.shared import Pt

    document.add_paragraph(paper.scale).paragraph_format.space_before = Pt(6)


def contact(document: "Document", paper: Headed, said: dict[str, str]) -> None:
    if paper.address:
        document.add_paragraph(f"{said['online']} {shown_address(paper.address)}")
    if paper.contact:
        office = ", ".join(filter(None, (paper.office, paper.unit)))
        document.add_paragraph(f"{said['questions']} {office}, {paper.contact}")


# --- the tables --------------------------------------------------------------------------


def _groups(document: "Document", paper: Paper, said: dict[str, str]) -> None:
    is_before = paper.kind == "handout"
    table = plain_table(document, (70.0, 18.0, 42.0, 40.0), said["who"])
    heads = (said["group"], said["sign"], said["how" if is_before else "turnout"], said["when"])
    header_row(table, heads)
    for group in paper.groups:
        told = group.how if is_before else group.turnout
        row = add_row(table, (group.name, group.sign, told, group.when))
        bold(row.cells[1])


def _ranking(document: "Document", paper: Paper, said: dict[str, str]) -> None:
    table = plain_table(document, (14.0, 141.0, DEGREE_MM), said["ranking"])
    header_row(table, (said["rank"], said["measure"], said["degree"]), centred={2})
    for row in paper.ranking:
        line = add_row(table, (row.rank_text, "", row.degree_text), centred={2})
        bold(line.cells[2])
        cell = line.cells[1]
        title = like(row.title, f"{row.number} {row.title}")
        _write_title(cell.paragraphs[0], title, row, said, bold=True)
        small(cell.add_paragraph(), row.sentence)
        if row.marks:
            told = {
                said["marks"]: row.picture_text.rstrip("."),
                said["agreement"]: row.agreement_text,
                said["difference"]: row.difference_text,
            }
            small(
                cell.add_paragraph(),
                " ".join(f"{term}: {text}." for term, text in told.items() if text),
            )


def _vote_table(document: "Document", paper: Paper, said: dict[str, str]) -> None:
    """Write the table of the vote: empty cells to cross before it, the groups' signs after it."""
    from docx.shared import Mm

    is_before = paper.kind == "handout"
    grades = [str(grade) for grade in paper.grades]
    if not paper.has_grade_columns:
        grades = [f"{paper.grades[0]}–{paper.grades[-1]}"]
        width = TO_WRITE_MM if is_before else TO_READ_MM
    else:
        width = 9.0 if len(grades) > MANY_GRADES else 11.0
    last = [] if is_before else [DEGREE_MM]
    title = TEXT_WIDTH_MM - NUMBER_MM - width * len(grades) - sum(last)
    name = said["before" if is_before else "after"]
    table = plain_table(document, (NUMBER_MM, title, *[width] * len(grades), *last), name)
    centred = set(range(2, 2 + len(grades) + len(last)))
    after = [] if is_before else [said["degree"]]
    spare = [""] * len(grades)
    first = header_row(table, (said["number"], said["measure"], *spare, *after), centred=centred)
    second = header_row(table, ("", "", *grades, *([""] * len(after))), centred=centred)
    for column in (0, 1, *range(2 + len(grades), 2 + len(grades) + len(after))):
        _merge(first.cells[column], second.cells[column])
    _write(_merge(first.cells[2], first.cells[1 + len(grades)]), said["grades"], centred=True)
    bold(first.cells[2])
    for field in paper.fields:
        _field_row(table, field.name)
        for row in field.rows:
            cells = [_cell_text(row, column) for column in range(len(grades))]
            if row.cells and not paper.has_grade_columns:
                cells = [row.picture_text]
            degree = [] if is_before else [row.degree_text]
            line = add_row(table, (row.number, "", *cells, *degree), centred=centred)
            _write_title(line.cells[1].paragraphs[0], row.title, row, said, bold=False)
            if is_before:
                line.height = Mm(9)
            else:
                bold(line.cells[-1])
                _mark_results(line, row, len(grades), paper)
    if is_before and paper.takes_proposals:
        _field_row(table, said["more"])
        for _number in range(EMPTY_ROWS):
            add_row(table, [""] * (2 + len(grades))).height = Mm(11)


def _cell_text(row: PaperRow, column: int) -> str:
    signs: Sequence[Sign] = row.cells[column] if row.cells else ()
    return "\n".join(f"[{sign.text}]" if sign.is_result else sign.text for sign in signs)


def _mark_results(line: "_Row", row: PaperRow, grades: int, paper: Paper) -> None:
    """Print the signs small, and those cells bold in which a group's own result stands."""
    from docx.shared import Pt

    for column, cell in enumerate(line.cells[2 : 2 + grades]):
        for run in cell.paragraphs[0].runs:
            run.font.size = Pt(8.5)
        if paper.has_grade_columns and any(sign.is_result for sign in row.cells[column]):
            bold(cell)


def plain_table(document: "Document", widths: Sequence[float], name: str) -> "Table":
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    table: Table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        border = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", EDGE)):
            border.set(qn(f"w:{key}"), value)
        borders.append(border)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(CELL_MARGIN_TWIPS))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), name)
    # The order of these elements is fixed by the format.
    look = properties.find(qn("w:tblLook"))
    look.addprevious(borders)
    look.addprevious(properties.find(qn("w:tblLayout")))
    look.addprevious(margins)
    look.addnext(caption)
    for number, width in enumerate(widths):
        table.columns[number].width = Mm(width)
    return table


def header_row(table: "Table", texts: Sequence[str], centred: Iterable[int] = ()) -> "_Row":
    """Add a header row; Word repeats it on each page and screen readers name it."""
    from docx.oxml import OxmlElement

    row = add_row(table, texts, centred=centred)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in row.cells:
        _shade(cell)
        bold(cell)
    return row


def _field_row(table: "Table", name: str) -> None:
    row = add_row(table, [name, *[""] * (len(table.columns) - 1)])
    merged = _merge(row.cells[0], row.cells[-1])
    _write(merged, name)
    bold(merged)
    _shade(merged)
    # A field's name never stands alone at the foot of a page.
    merged.paragraphs[0].paragraph_format.keep_with_next = True


def add_row(table: "Table", texts: Sequence[str], centred: Iterable[int] = ()) -> "_Row":
    from docx.oxml import OxmlElement

    row: _Row = table.add_row()  # type: ignore[no-untyped-call] # python-docx tells no types here
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    centred = set(centred)
    for number, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.width = table.columns[number].width
        _write(cell, text, centred=number in centred)
    return row


def _write(cell: "_Cell", text: str, *, centred: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for extra in cell.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    paragraph = cell.paragraphs[0]
    paragraph.text = text
    for run in paragraph.runs:
        speaking(run, text)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _write_title(
    paragraph: "Paragraph", title: str, row: PaperRow, said: dict[str, str], *, bold: bool
) -> None:
    speaking(paragraph.add_run(title), title).bold = bold
    if row.is_additional:
        paragraph.add_run(f" ({said['additional']})")


def small(paragraph: "Paragraph", text: str) -> None:
    from docx.shared import Pt

    paragraph.add_run(text).font.size = Pt(9)
    paragraph.paragraph_format.space_after = Pt(2)


def _merge(first: "_Cell", last: "_Cell") -> "_Cell":
    merged: _Cell = first.merge(last)
    for paragraph in merged.paragraphs[1:]:
        if not paragraph.text:
            paragraph._p.getparent().remove(paragraph._p)
    return merged


def bold(cell: "_Cell") -> None:
    for paragraph in cell.paragraphs:
        for run in paragraph.runs:
            run.bold = True


def _shade(cell: "_Cell") -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = cell._tc.get_or_add_tcPr()
    for shade in properties.findall(qn("w:shd")):
        properties.remove(shade)
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", WASH)):
        shade.set(qn(f"w:{name}"), value)
    properties.append(shade)
