"""Numbers that Word counts itself: those of chapters, and those of each ordered list."""

from typing import TYPE_CHECKING, Any

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
        key = str(1 + max(int(one.get(_name("w:abstractNumId"))) for one in self._kinds()))
        kind = _made("w:abstractNum", abstractNumId=key)
        kind.append(_made("w:multiLevelType", val="multilevel"))
        for level in range(LEVELS):
            style = self.word.styles[f"Heading {level + 1}"]
            text = ".".join(f"%{number + 1}" for number in range(level + 1))
            line = _made("w:lvl", ilvl=str(level))
            line.append(_made("w:start", val=str(1 if level else first)))
            line.append(_made("w:numFmt", val="decimal"))
            line.append(_made("w:pStyle", val=style.style_id))
            line.append(_made("w:suff", val="space"))
            line.append(_made("w:lvlText", val=text))
            line.append(_made("w:lvlJc", val="left"))
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
        return list(self.root.findall(_name("w:abstractNum")))


def numbered_by(number: int) -> Any:
    """Make what a paragraph says about its number, if that is another one than its style's."""
    about = _made("w:numPr")
    about.append(_made("w:ilvl", val="0"))
    about.append(_made("w:numId", val=str(number)))
    return about


def _made(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(_name(f"w:{name}"), value)
    return made


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(tag))
