"""First pass: from lines to rows, with page breaks mended and prose left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zusammenplan.plans.domain.numbers import (
    Key,
    clean_number,
    depth,
    is_number,
    number_key,
    parent_key,
)
from zusammenplan.plans.domain.plan_table.cells import (
    Line,
    date_parts,
    healed,
    is_dotted,
    short,
    split_number,
)
from zusammenplan.plans.domain.plan_table.header import SHORTEST_SCALE, Layout, heading_of
from zusammenplan.plans.domain.plan_table.marks import SIGNS
from zusammenplan.plans.domain.plan_table.shapes import (
    BESIDE,
    ColumnMeaning,
    Hint,
    Note,
    Reason,
    Refused,
)
from zusammenplan.plans.domain.plan_table.torn import begins_row

FIELD_WORD = re.compile(r"(?:Handlungsfeld|Themenfeld|HF|Field)\b", re.IGNORECASE)
TORN_END = re.compile(
    r"(?:[-–,;:(/&]|\b(?:und|oder|sowie|der|die|das|des|dem|den|von|vom|zu|zur|zum|für|mit|bei|im"
    r"|in|an|am|auf|aus|durch|über|unter|als|nach|ein|eine|einer|eines))$"
)


@dataclass(slots=True)
class Found:
    """A row on its way to become a field or a measure."""

    row: int
    number: str
    title: str
    texts: dict[ColumnMeaning, str]
    line: Line
    marks: dict[int, str] = field(default_factory=dict)
    outside: str = ""
    is_heading: bool = False


class Findings:
    """What both passes have to say about single rows."""

    def __init__(self) -> None:
        self.refused: list[Refused] = []
        self.notes: list[Note] = []

    def refuse(self, row: int, reason: Reason, **values: object) -> None:
        self.refused.append(Refused(row, reason, {key: str(it) for key, it in values.items()}))

    def note(self, row: int, hint: Hint, **values: object) -> None:
        self.notes.append(Note(row, hint, {key: str(it) for key, it in values.items()}))


class RowFinder:
    def __init__(self, layout: Layout, findings: Findings) -> None:
        self.layout = layout
        self.note = findings.note
        self.found: list[Found] = []

    def rows(self, lines: list[Line]) -> list[Found]:
        lines = self._without_prose(lines)
        for line in lines:
            if self._is_repeated_header(line):
                self.note(line.number, Hint.HEADER_REPEATED)
                continue
            self.found.append(self._found(line))
        self._name_headings()
        rows, self.found = self.found, []
        for found in rows:
            if not found.number and not found.is_heading and self._continues(found):
                self._append(found)
            else:
                self.found.append(found)
        self._drop_footnotes()
        self._settle_dates()
        return self.found

    def _name_headings(self) -> None:
        """Find fields that stand without a number above the measures “2.1”, “2.2”."""
        depths = {depth(found.number) for found in self.found if is_number(found.number)}
        if 1 in depths or self.layout.index(ColumnMeaning.FIELD) is not None:
            return
        above: Key | None = None
        for at, found in enumerate(self.found):
            if is_number(found.number):
                above = parent_key(found.number)
                continue
            following = self.found[at + 1].number if at + 1 < len(self.found) else ""
            parent = parent_key(following) if is_number(following) else ()
            is_alone = bool(found.title) and not (found.texts or found.marks or found.number)
            if is_alone and parent and parent != above and not found.title[0].islower():
                found.number = ".".join(parent).upper()

    def _without_prose(self, lines: list[Line]) -> list[Line]:
        """Leave out sentences around a table in a text file, and what a page repeats within."""
        if not self.layout.is_ragged or self.layout.width <= SHORTEST_SCALE:
            return lines
        numbered = [at for at, line in enumerate(lines) if begins_row(line, self.layout)]
        last = numbered[-1] if numbered else -1
        kept = []
        for at, line in enumerate(lines):
            if len(line.cells) > 1 or (at < last and is_dotted(line.cells[0])):
                kept.append(line)
            elif at < last:
                self.note(line.number, Hint.LINE_SKIPPED, text=short(line.cells[0]))
            else:
                break
        return kept

    def _is_repeated_header(self, line: Line) -> bool:
        own = {index: cell.casefold() for index, cell in enumerate(line.cells) if cell}
        for header in self.layout.header:
            theirs = {index: cell.casefold() for index, cell in enumerate(header.cells) if cell}
            if own == theirs:
                return True
        return False

    def _found(self, line: Line) -> Found:
        layout = self.layout
        number_at = layout.index(ColumnMeaning.NUMBER)
        raw = line.cell(number_at)
        title = line.cell(layout.index(ColumnMeaning.TITLE))
        texts = {
            meaning: line.cell(index)
            for index, meaning in layout.meanings.items()
            if meaning in {*BESIDE, ColumnMeaning.TEXT, ColumnMeaning.FIELD} and line.cell(index)
        }
        found = Found(line.number, "", title, texts, line)
        found.marks = {layout.grades[at]: line.cell(at) for at in layout.grades if line.cell(at)}
        found.outside = self._outside(line)
        if number_at is None or (not raw and line.filled == 1):
            found.number, found.title = split_number(title)
            found.is_heading = bool(FIELD_WORD.match(title)) and bool(found.number)
        elif date_parts(raw):
            found.number = raw
        elif raw and not is_number(clean_number(raw)) and not title:
            # A row merged over all columns, as word processors store a field's heading.
            found.number, found.title = split_number(raw)
            found.is_heading = not found.number or bool(FIELD_WORD.match(raw))
        else:
            found.number = clean_number(raw)
            if found.number != raw and "," in raw:
                self.note(line.number, Hint.NUMBER_RESPELLED, number=found.number, written=raw)
        return found

    def _outside(self, line: Line) -> str:
        """Find a mark in a column without heading beside the grades."""
        if not self.layout.grades:
            return ""
        after = max(self.layout.grades) + 1
        if after < self.layout.width and heading_of(self.layout.header, after):
            return ""
        cell = line.cell(after)
        return cell if cell and SIGNS.get(cell) else ""

    def _continues(self, found: Found) -> bool:
        """Tell whether a row without a number is the rest of the one above."""
        if not self.found:
            return False
        above = self.found[-1]
        if not found.title:
            return not found.marks and not found.outside and bool(found.texts)
        torn = bool(TORN_END.search(above.title)) or found.title[0].islower()
        if found.marks or found.outside:
            return torn and not above.marks
        is_measure = not above.is_heading and (
            "." in above.number or depth(above.number) > 1 or bool(above.marks)
        )
        adds = any(meaning in found.texts for meaning in (*BESIDE, ColumnMeaning.FIELD))
        return torn or (is_measure and not adds)

    def _append(self, found: Found) -> None:
        above = self.found[-1]
        above.title = _glued(above.title, found.title)
        for meaning, text in found.texts.items():
            above.texts[meaning] = _glued(above.texts.get(meaning, ""), text)
        above.marks = above.marks or found.marks
        above.line = _joined(above.line, found.line)
        self.note(found.row, Hint.ROWS_JOINED, above=above.row, number=above.number)

    def _drop_footnotes(self) -> None:
        """Leave out merged lines after the last measure: sources and dates, not fields."""
        while self.found and self.found[-1].is_heading:
            last = self.found.pop()
            self.note(last.row, Hint.LINE_SKIPPED, text=short(last.title))

    def _settle_dates(self) -> None:
        """Read “01.01.2025” as the 1.1 it was, where the field above says so."""
        field_key: Key = ()
        for found in self.found:
            date = date_parts(found.number)
            if date is None:
                key = number_key(found.number)
                field_key = key[:1] if key else field_key
            elif (date[0],) == field_key:
                number = ".".join(date)
                self.note(found.row, Hint.NUMBER_WAS_DATE, number=number, written=found.number)
                found.number = number


def _joined(above: Line, below: Line) -> Line:
    width = max(len(above.cells), len(below.cells))
    return Line(
        above.number,
        tuple(_glued(above.cell(index), below.cell(index)) for index in range(width)),
        tuple(
            f"{above.raw_cell(index)}\n{below.raw_cell(index)}".strip("\n")
            for index in range(width)
        ),
    )


def _glued(before: str, after: str) -> str:
    return healed(f"{before} {after}".strip())
