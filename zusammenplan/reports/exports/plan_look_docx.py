"""How a plan's Word file looks: its page, its styles, its head and foot."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from zusammenplan.reports.exports.docx import (
    CORE_TEXT,
    INK,
    MARGIN_MM,
    MUTED,
    PAGE_HEIGHT_MM,
    PAGE_WIDTH_MM,
    TEXT_WIDTH_MM,
    dress,
    put_head_and_foot,
    speak,
    without_border,
)
from zusammenplan.reports.queries.model import Cover, Document

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

ACCENT = "the municipality's own colour"
CONTENTS = ("TOC 1", "TOC 2", "TOC 3", "table of figures")
# Size, boldness, colour, and the space before and after.
STYLES = {
    "Normal": (10.5, False, INK, 0, 6),
    "Title": (28, True, INK, 0, 8),
    "Subtitle": (13, False, MUTED, 0, 4),
    "Heading 1": (19, True, ACCENT, 0, 10),
    "Heading 2": (14, True, INK, 18, 6),
    "Heading 3": (12, True, INK, 14, 4),
    "Heading 4": (11, True, INK, 12, 3),
    "Heading 5": (10.5, True, INK, 10, 3),
    "Heading 6": (10.5, True, MUTED, 10, 3),
    "TOC Heading": (16, True, INK, 18, 8),
    "TOC 1": (10.5, True, INK, 6, 2),
    "TOC 2": (10.5, False, INK, 0, 2),
    "TOC 3": (10.5, False, INK, 0, 2),
    "table of figures": (10.5, False, INK, 0, 3),
    "Caption": (9.5, False, INK, 8, 3),
    "Fakten": (10, False, INK, 0, 2),
    "Quelle": (8.5, False, MUTED, 0, 6),
    "Quellenangabe": (9.5, False, MUTED, 0, 8),
    "Footnote Text": (9, False, INK, 0, 2),
    "List Bullet": (10.5, False, INK, 0, 3),
    "List Number": (10.5, False, INK, 0, 3),
    "Header": (9, False, MUTED, 0, 0),
    "Footer": (9, False, MUTED, 0, 0),
}
INDENTS_MM = {"TOC 2": 6, "TOC 3": 12, "Quote": 8, "Quellenangabe": 8}


def set_up(word: "WordDocument", source: Document) -> None:
    """Give a new file its page, styles, language, head, foot and properties."""
    from docx.shared import Mm

    section = word.sections[0]
    section.page_width, section.page_height = Mm(PAGE_WIDTH_MM), Mm(PAGE_HEIGHT_MM)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.different_first_page_header_footer = True
    cover = source.cover
    accent = cover.accent.removeprefix("#").upper()
    _add_styles(word.styles, accent)
    _dress_styles(word.styles, accent)
    speak(word, source.language)
    put_head_and_foot(
        word, f"{cover.title}\t{cover.municipality}", cover.state, source.words["page"]
    )
    _say_what_it_is(word, cover, source.language)


def _add_styles(styles: Any, accent: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import RGBColor

    for name in ("TOC Heading", *CONTENTS, "Fakten", "Quelle", "Quellenangabe"):
        if name not in styles:
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        styles[name].base_style = styles["Normal"]
    styles.add_style("Footnote Text", WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    reference = styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER)
    reference.font.superscript = True
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.underline, link.font.color.rgb = True, RGBColor.from_string(accent)


def _dress_styles(styles: Any, accent: str) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Mm, Pt

    for name, (size, bold, colour, before, after) in STYLES.items():
        dress(styles[name], size=size, bold=bold, colour=accent if colour == ACCENT else colour)
        paragraph = styles[name].paragraph_format
        paragraph.space_before, paragraph.space_after = Pt(before), Pt(after)
    for name, indent in INDENTS_MM.items():
        styles[name].paragraph_format.left_indent = Mm(indent)
    for name in CONTENTS:
        styles[name].paragraph_format.tab_stops.add_tab_stop(
            Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )
    without_border(styles["Title"])


def _say_what_it_is(word: "WordDocument", cover: Cover, language: str) -> None:
    properties = word.core_properties
    properties.title = cover.title[:CORE_TEXT]
    properties.subject = cover.state[:CORE_TEXT]
    properties.author = properties.last_modified_by = cover.municipality[:CORE_TEXT]
    properties.language = language
    properties.created = properties.modified = datetime.fromtimestamp(cover.moment, UTC)
    properties.comments = properties.keywords = ""
