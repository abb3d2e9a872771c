"""The tables of a plan's Word file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from zusammenplan.core.german import is_german, like
from zusammenplan.reports.exports.docx import GERMAN, TEXT_WIDTH_MM, WASH
from zusammenplan.reports.exports.elements_docx import XML_SPACE, element
from zusammenplan.reports.queries.model import Figure, Numbers, Row, Table

if TYPE_CHECKING:
    from docx.document import Document as WordDocument


def as_table(block: Figure, numbers: Numbers) -> Table:
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


def write_table(word: "WordDocument", block: Table) -> None:
    """Write the rows as XML, because python-docx counts all cells to find one."""
    from docx.shared import Mm

    table: Any = word.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.autofit = False
    whole = sum(block.widths)
    widths = [int(Mm(TEXT_WIDTH_MM * one / whole).twips) for one in block.widths]
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width * 635
    table._tbl.tblPr.append(element("w:tblCaption", val=f"{block.label} {block.caption}".strip()))
    rows = [Row(block.head), *block.rows]
    for number, row in enumerate(rows):
        table._tbl.append(_row(row, widths, set(block.numeric), is_head=number == 0))
    word.add_paragraph()


def _row(row: Row, widths: Sequence[int], numeric: set[int], *, is_head: bool) -> Any:
    line = element("w:tr")
    properties = element("w:trPr")
    properties.append(element("w:cantSplit"))
    if is_head:
        properties.append(element("w:tblHeader"))
    line.append(properties)
    is_title = row.kind == "title"
    is_strong = is_head or row.kind != "row"
    cells = row.cells[:1] if is_title else row.cells
    for column, text in enumerate(cells):
        cell, about = element("w:tc"), element("w:tcPr")
        width = sum(widths) if is_title else widths[column]
        about.append(element("w:tcW", w=str(width), type="dxa"))
        if is_title:
            about.append(element("w:gridSpan", val=str(len(widths))))
        if is_head or is_title:
            about.append(element("w:shd", val="clear", color="auto", fill=WASH))
        cell.append(about)
        for part in text.split("\n"):
            paragraph = _cell_line(
                like(text, part), is_strong=is_strong, is_number=column in numeric
            )
            if is_head or is_title:
                # On the page of the row that it stands above.
                paragraph.pPr.insert(0, element("w:keepNext"))
            cell.append(paragraph)
        line.append(cell)
    return line


def _cell_line(text: str, *, is_strong: bool, is_number: bool) -> Any:
    paragraph, about = element("w:p"), element("w:pPr")
    about.append(element("w:spacing", before="40", after="40"))
    if is_number:
        about.append(element("w:jc", val="right"))
    paragraph.append(about)
    run, look, words = element("w:r"), element("w:rPr"), element("w:t")
    if is_strong:
        look.append(element("w:b"))
    look.append(element("w:sz", val="18"))
    if is_german(text):
        look.append(element("w:lang", val=GERMAN))
    words.text = text
    words.set(XML_SPACE, "preserve")
    run.append(look)
    run.append(words)
    paragraph.append(run)
    return paragraph
