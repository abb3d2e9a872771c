"""Numbers that Word counts itself: those of chapters, and those of each ordered list."""

from typing import TYPE_CHECKING, Any

from zusammenplan.reports.exports.elements_docx import element, name_of

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

LEVELS = 3


class Numbering:
    """The numbering of a document, to which lists and headings are added."""

    def __init__(self, word: "WordDocument") -> None:
        self.word = word
        self.root: Any = word.part.numbering_part.element

    def number_chapters(self, first: int) -> None:
        """Let the headings of the first levels count their chapters: 0, 0.1, 0.1.1 or from 1."""
        key = str(1 + max(int(one.get(name_of("w:abstractNumId"))) for one in self._kinds()))
        kind = element("w:abstractNum", abstractNumId=key)
        kind.append(element("w:multiLevelType", val="multilevel"))
        for level in range(LEVELS):
            style = self.word.styles[f"Heading {level + 1}"]
            text = ".".join(f"%{number + 1}" for number in range(level + 1))
            line = element("w:lvl", ilvl=str(level))
            line.append(element("w:start", val=str(1 if level else first)))
            line.append(element("w:numFmt", val="decimal"))
            line.append(element("w:pStyle", val=style.style_id))
            line.append(element("w:suff", val="space"))
            line.append(element("w:lvlText", val=text))
            line.append(element("w:lvlJc", val="left"))
            kind.append(line)
        self._kinds()[-1].addnext(kind)
        number = self.root.add_num(int(key))
        for level in range(LEVELS):
            styled: Any = self.word.styles[f"Heading {level + 1}"].element
            about = styled.get_or_add_pPr().get_or_add_numPr()
            about.get_or_add_ilvl().val = level
            about.get_or_add_numId().val = number.numId

    def new_list(self, style: str) -> int:
        """Begin an ordered list anew; else Word counts on from the list before."""
        styled: Any = self.word.styles[style].element
        of_style = self.root.num_having_numId(styled.pPr.numPr.numId.val)
        number = self.root.add_num(of_style.abstractNumId.val)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(number.numId)

    def _kinds(self) -> list[Any]:
        return list(self.root.findall(name_of("w:abstractNum")))


def numbered_by(number: int) -> Any:
    """Make what a paragraph says about its number, if that is another one than its style's."""
    about = element("w:numPr")
    about.append(element("w:ilvl", val="0"))
    about.append(element("w:numId", val=str(number)))
    return about
