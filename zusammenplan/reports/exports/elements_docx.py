"""Parts of a Word file that python-docx has no calls for: fields, footnotes, quick elements."""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from zusammenplan.core.german import is_german
from zusammenplan.reports.exports.docx import GERMAN, speaking

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph as WordParagraph

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FOOTNOTES_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
FOOTNOTES_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# What Word writes as an element of its own within a text.
SIGNS = re.compile(r"[\t\n\r]")


def element(tag: str, **attributes: str) -> Any:
    """Make an element as python-docx does, but look its name up once and not 100,000 times."""
    from docx.oxml.parser import oxml_parser

    given = {name_of(f"w:{name}"): value for name, value in attributes.items()}
    return oxml_parser.makeelement(name_of(tag), given, {"w": W})


@cache
def name_of(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(tag))


def add_text(paragraph: "WordParagraph", text: str) -> None:
    """Add a run of plain text; python-docx looks at each letter for tabs and line breaks."""
    if SIGNS.search(text) or is_german(text):
        speaking(paragraph.add_run(text), text)
        return
    run, words = element("w:r"), element("w:t")
    words.text = text
    if text != text.strip():
        words.set(XML_SPACE, "preserve")
    run.append(words)
    paragraph._p.append(run)


def _field_sign(paragraph: "WordParagraph", kind: str, **more: str) -> None:
    paragraph.add_run()._r.append(element("w:fldChar", fldCharType=kind, **more))


def begin_field(paragraph: "WordParagraph", code: str, **more: str) -> None:
    from docx.oxml.ns import qn

    _field_sign(paragraph, "begin", **more)
    text = element("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    paragraph.add_run()._r.append(text)
    _field_sign(paragraph, "separate")


def end_field(paragraph: "WordParagraph") -> None:
    _field_sign(paragraph, "end")


def add_footnotes(word: "WordDocument", notes: Sequence[str]) -> None:
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
        words.set(XML_SPACE, "preserve")
        words.text = f" {text}"
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES_KIND, content, word.part.package)
    word.part.relate_to(part, FOOTNOTES_TYPE)
