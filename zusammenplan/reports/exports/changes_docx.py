"""The paper of what changed between two plans, as a Word document with real styles."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from zusammenplan.core.german import like
from zusammenplan.core.numbers import NONE
from zusammenplan.core.printable import printable
from zusammenplan.reports.exports.docx import (
    INK,
    TEXT_WIDTH_MM,
    add_line,
    add_row,
    contact,
    dress,
    head_and_foot,
    header_row,
    notice,
    plain_table,
    set_up,
    speaking,
)
from zusammenplan.reports.queries.changes import changes_words

if TYPE_CHECKING:
    from docx.document import Document

    from zusammenplan.reports.queries.changes import ChangesPaper, ChangesRow

LABEL_MM = 32.0
KIND_MM = 30.0


def changes_docx(paper: ChangesPaper) -> bytes:
    """Write the paper: headings, a table of counts, lists, and a synopsis of what was adapted."""
    from docx import Document

    document = Document()
    paper = printable(paper)
    said = changes_words()
    set_up(document, paper)
    _more_styles(document)
    head_and_foot(document, paper, said)
    document.add_paragraph(paper.subject, style="Subtitle")
    add_line(document, paper.title, "Title")
    notice(document, paper.label, is_final=paper.is_final)
    for line in paper.lead:
        document.add_paragraph(line)
    _counts(document, paper, said)
    for section in paper.sections:
        document.add_heading(section.heading, level=1)
        for group in section.groups:
            document.add_heading(f"{group.heading} ({len(group.rows)})", level=2)
            for row in group.rows:
                _row(document, row, said)
    contact(document, paper, said)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _more_styles(document: Document) -> None:
    from docx.shared import Pt

    for name, size, before, after in (("Heading 2", 12, 14, 4), ("Heading 3", 10.5, 10, 2)):
        style: Any = document.styles[name]
        dress(style, size=size, bold=True, colour=INK)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)


def _counts(document: Document, paper: ChangesPaper, said: dict[str, str]) -> None:
    if not paper.counts:
        return
    document.add_heading(said["sum"], level=1)
    width = (TEXT_WIDTH_MM - KIND_MM) / max(len(paper.fates), 1)
    table = plain_table(document, (KIND_MM, *[width] * len(paper.fates)), said["sum"])
    numbers = set(range(1, 1 + len(paper.fates)))
    header_row(table, (said["kind"], *paper.fates), centred=numbers)
    for row in paper.counts:
        add_row(table, (row.label, *(str(count) for count in row.counts)), centred=numbers)


def _row(document: Document, row: ChangesRow, said: dict[str, str]) -> None:
    title = like(row.title, f"{row.number} {row.title}".strip())
    if not row.synopsis:
        paragraph = document.add_paragraph(style="List Bullet")
        speaking(paragraph.add_run(title), title)
        if row.note:
            paragraph.add_run(f": {row.note}")
        return
    add_line(document, title, "Heading 3")
    if row.note:
        document.add_paragraph(row.note)
    half = (TEXT_WIDTH_MM - LABEL_MM) / 2
    table = plain_table(document, (LABEL_MM, half, half), title)
    header_row(table, (said["entry"], said["before"], said["after"]))
    for one in row.synopsis:
        add_row(table, (one.label, one.before or NONE, one.after or NONE))
