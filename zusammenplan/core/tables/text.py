"""Text as people save it: any usual encoding, any usual separator, sentences around the table."""

# ruff: noqa: RUF001 - letters and signs that tell encodings apart are the matter of this file

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NoReturn

from django.utils.translation import gettext as _

from zusammenplan.core.tables.refusals import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    refuse,
    refuse_empty,
    refuse_too_many_cells,
    refuse_too_many_columns,
    refuse_too_many_rows,
)
from zusammenplan.core.tables.rows import Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Windows, DOS, old Macintosh: what a German spreadsheet program calls CSV when it is not UTF-8.
EIGHT_BIT_ENCODINGS = ("cp1252", "cp850", "mac_roman")
USUAL_LETTERS = frozenset("äöüÄÖÜßéèáàâêçñ§€°²³½–—„“”‚‘’»«…•·✓×\xa0\xad")
SMALL_LETTERS = frozenset("äöüß")
ASCII = bytes(range(128))
TWICE_ENCODED = re.compile("Ã[¤¶¼Ÿ„–œ\x84\x96\x9c\x9f]")
CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n\v\f\r"} | {127: None}
MOST_CONTROLS = 0.02
SEPARATORS = ("\t", ";", "|", ",")
ROWS_TO_JUDGE = 500
SHARE_OF_TABLE = 0.6
SHARE_OF_PURE_TABLE = 0.8
LINE_BREAK = re.compile(r"\r\n|\r|\n")


def read_text(name: str, content: bytes) -> Table:
    text, encoding = _decoded(name, content)
    if not any(char.isalnum() for char in text):
        refuse_empty(name)
    separator = _separator(text)
    rows: list[Row] = []
    separated = filled = 0
    for number, cells in _split(text, separator):
        if len(cells) > MAX_COLUMNS:
            refuse_too_many_columns(name, number)
        if not any(cells):
            continue
        filled += sum(map(bool, cells))
        if len(rows) == MAX_ROWS:
            refuse_too_many_rows(name, _("Table 1"))
        if filled > MAX_CELLS:
            refuse_too_many_cells(name, _("Table 1"))
        rows.append(Row(number, tuple(cells)))
        separated += len(cells) > 1
    kind: Kind
    if separator is None or separated < SHARE_OF_PURE_TABLE * len(rows):
        kind = "text"
    else:
        kind = "tsv" if separator == "\t" else "csv"
    return Table(_("Table 1"), tuple(rows), kind, encoding, separator)


def _decoded(name: str, content: bytes) -> tuple[str, str]:
    text, encoding = _decoded_as_said(name, content)
    if "\x00" in text:
        line = 1 + len(LINE_BREAK.findall(text[: text.index("\x00")]))
        refuse(
            _(
                "The file “%(file)s” is no text file: line %(line)s holds a zero byte. "
                "Save the table as XLSX or as CSV (UTF-8)."
            ),
            file=name,
            line=line,
        )
    clean = text.translate(CONTROLS)
    if len(text) - len(clean) > MOST_CONTROLS * len(text):
        refuse(
            _(
                "The file “%(file)s” is no table that can be read. "
                "Save the table as XLSX or as CSV (UTF-8)."
            ),
            file=name,
        )
    if twice := TWICE_ENCODED.search(clean):
        refuse(
            _(
                "In line %(line)s of the file “%(file)s” letters are broken (“%(sample)s” in place "
                "of an umlaut). The file was once opened with the wrong character set. "
                "Save the table from the original as XLSX or as CSV (UTF-8)."
            ),
            file=name,
            line=1 + len(LINE_BREAK.findall(clean[: twice.start()])),
            sample=twice.group(),
        )
    return clean, encoding


def _decoded_as_said(name: str, content: bytes) -> tuple[str, str]:
    for bom, encoding in BOMS:
        if content.startswith(bom):
            try:
                return content.decode(encoding), encoding.removesuffix("-sig")
            except UnicodeDecodeError as error:
                _refuse_mixed_encoding(name, content[: error.start].decode(encoding, "replace"))
    try:
        return content.decode(), "utf-8"
    except UnicodeDecodeError as error:
        _refuse_if_mostly_utf8(name, content, error)
    encoding = eight_bit_encoding(content.translate(None, ASCII))
    return content.decode(encoding, "replace"), encoding


def eight_bit_encoding(strange: bytes) -> str:
    """
    Tell an older encoding by the letters that its bytes beyond ASCII would be.

    Among letters of UTF-8 it is the one in which those are known as broken.
    """
    text = strange.decode(errors="replace")
    if 2 * text.count("\ufffd") <= len(text):
        return EIGHT_BIT_ENCODINGS[0]

    def usual(encoding: str) -> int:
        letters = strange.decode(encoding, "replace")
        return sum((char in USUAL_LETTERS) + (char in SMALL_LETTERS) for char in letters)

    return max(EIGHT_BIT_ENCODINGS, key=usual)


def _refuse_if_mostly_utf8(name: str, content: bytes, error: UnicodeDecodeError) -> None:
    text = content.decode(errors="replace")
    broken = text.count("\ufffd")
    sound = sum(char > "\x7f" for char in text) - broken
    if sound > broken:
        _refuse_mixed_encoding(name, content[: error.start].decode())


def _refuse_mixed_encoding(name: str, before: str) -> NoReturn:
    refuse(
        _(
            "Line %(line)s of the file “%(file)s” holds broken characters. "
            "Save the table again as XLSX or as CSV (UTF-8)."
        ),
        file=name,
        line=1 + len(LINE_BREAK.findall(before)),
    )


def _separator(text: str) -> str | None:
    """
    Find the character that makes the most even columns.

    A tab is hardly ever prose, so a few lines of a document are enough; the others occur in
    sentences and must hold for most of the file.
    """
    best: tuple[float, str | None] = (0, None)
    for separator in SEPARATORS:
        if separator not in text:
            continue
        widths: Counter[int] = Counter()
        for _number, cells in _split(text, separator):
            if any(cells):
                widths[len(cells)] += 1
            if separator != "\t" and widths.total() == ROWS_TO_JUDGE:
                break
        filled, single = widths.total(), widths.pop(1, 0)
        if not widths:
            continue
        even = widths.most_common(1)[0][1] / filled
        if separator == "\t":
            score = 1 + even if single < filled - 1 or filled == 1 else even
        elif separator == ",":
            score = even if even >= SHARE_OF_TABLE else 0
        else:
            score = even if widths.total() >= SHARE_OF_TABLE * filled else 0
        best = max(best, (score, separator), key=lambda pair: pair[0])
    return best[1]


def _split(text: str, separator: str | None) -> Iterator[tuple[int, list[str]]]:
    """
    Cut text into rows and cells, each row with the number of its first line.

    A quotation mark encloses a cell only where it opens and closes it; elsewhere it is a sign
    like any other, so a title such as “"Runder Tisch" aufbauen” stays whole.
    """
    stop = re.escape(separator) if separator else ""
    cell = re.compile(rf'"((?:[^"]+|"")*+)"(?=[{stop}\r\n]|\Z)|([^{stop}\r\n]*)')
    line, first, at, cells = 1, 1, 0, list[str]()
    while at < len(text):
        found = cell.match(text, at)
        assert found  # noqa: S101 - the second branch matches the empty text, too
        quoted, plain = found.groups()
        if quoted is None:
            cells.append(plain.strip())
        else:
            cells.append(LINE_BREAK.sub("\n", quoted.replace('""', '"')).strip())
            line += len(LINE_BREAK.findall(quoted))
        at = found.end()
        if len(cells) > MAX_COLUMNS:
            # The rest of such a line is of no use to anybody and may be long.
            end_of_line = LINE_BREAK.search(text, at)
            at = end_of_line.start() if end_of_line else len(text)
        if at < len(text) and text[at] == separator:
            at += 1
            if at < len(text):
                continue
            cells.append("")
        elif broken := LINE_BREAK.match(text, at):
            at = broken.end()
        yield first, cells
        line += 1
        first, cells = line, []
