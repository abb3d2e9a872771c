"""Tables of a document (DOCX): merged cells, tables within cells, changes that were tracked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.core.tables.archive import Package, attribute_of, child_of, local_name, xml_events
from zusammenplan.core.tables.refusals import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TABLES,
    refuse_too_many_columns,
    refuse_too_many_rows,
)
from zusammenplan.core.tables.rows import Row, Table
from zusammenplan.core.tables.text import CONTROLS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

NO_TEXT = frozenset(
    {"del", "moveFrom", "delText", "instrText", "pPr", "rPr", "tcPr", "Fallback", "sdtPr"}
)
SPACES = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Signs of the symbol fonts that Word offers as ticks and crosses.
SYMBOLS = {
    "FC": "✓", "50": "✓", "FB": "✗", "78": "☒", "FD": "☒", "FE": "☑", "A8": "☐", "6F": "☐"
}  # fmt: skip


def read_document(package: Package, part: str) -> Iterator[Table]:
    for number, rows in enumerate(_all_word_tables(package, part), start=1):
        if number > MAX_TABLES:
            return
        name = _("Table %(number)s") % {"number": number}
        if len(rows) > MAX_ROWS:
            refuse_too_many_rows(package.name, name)
        if filled := tuple(row for row in rows if any(row.cells)):
            yield Table(name, filled, "docx")


def _all_word_tables(package: Package, part: str) -> Iterator[list[Row]]:
    depth = 0
    with package.open(part) as stream:
        for event, element in xml_events(stream, "start", "end"):
            tag = local_name(element.tag)
            if tag == "tbl":
                depth += 1 if event == "start" else -1
            if event == "end" and depth == 0 and tag in {"tbl", "p"}:
                if tag == "tbl":
                    yield from _word_tables(package.name, element)
                # What was read is let go, so that a long document does not pile up.
                element.clear()


def _word_tables(name: str, table: Element) -> Iterator[list[Row]]:
    """Give the table, then those inside its cells."""
    rows: list[Row] = []
    inner: list[Element] = []
    for number, row in enumerate(_inside(table, "tr"), start=1):
        settings = child_of(row, "trPr")
        if settings is not None and child_of(settings, "del") is not None:
            continue
        cells = [""] * _word_number(settings, "gridBefore", 0)
        for cell in _inside(row, "tc"):
            own = child_of(cell, "tcPr")
            inner += _inside(cell, "tbl")
            text = "" if _continues(own) else _word_text(cell).strip()
            cells.append(text)
            cells += [""] * (_word_number(own, "gridSpan", 1) - 1)
            if len(cells) > MAX_COLUMNS:
                refuse_too_many_columns(name, number)
        rows.append(Row(number, tuple(cells)))
    yield rows
    for element in inner:
        yield from _word_tables(name, element)


def _inside(element: Element, name: str) -> Iterator[Element]:
    """Find the next elements of that name, whatever wraps them, but not those within a table."""
    for child in element:
        tag = local_name(child.tag)
        if tag == name:
            yield child
        elif tag not in NO_TEXT and tag != "tbl":
            yield from _inside(child, name)


def _word_number(settings: Element | None, name: str, default: int) -> int:
    element = None if settings is None else child_of(settings, name)
    value = None if element is None else attribute_of(element, "val")
    return default if value is None else min(max(int(value), default), MAX_COLUMNS + 1)


def _continues(settings: Element | None) -> bool:
    """Tell whether the cell is the rest of one that was merged with others."""
    if settings is None:
        return False
    if child_of(settings, "cellDel") is not None:
        return True
    merges = (child_of(settings, name) for name in ("vMerge", "hMerge"))
    return any(
        merge is not None and (attribute_of(merge, "val") or "continue") == "continue"
        for merge in merges
    )


def _word_text(element: Element) -> str:
    parts = []
    for child in element:
        tag = local_name(child.tag)
        if tag == "t":
            parts.append((child.text or "").translate(CONTROLS))
        elif tag in SPACES:
            parts.append(SPACES[tag])
        elif tag == "sym":
            parts.append(SYMBOLS.get((attribute_of(child, "char") or "")[-2:].upper(), "•"))
        elif tag == "p":
            parts.append(_word_text(child) + "\n")
        elif tag not in NO_TEXT and tag != "tbl":
            parts.append(_word_text(child))
    return "".join(parts)
