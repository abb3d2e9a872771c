"""
Tables out of files that people have: text, XLSX, DOCX.

What a file is, its bytes say and not its name. XLSX and DOCX are read straight from their XML,
row by row, so that a hostile or huge file costs neither memory nor trust: nothing is unpacked
before it is measured, no formula is computed, no link followed, no macro looked at.
"""

import re

from django.utils.translation import gettext as _

from zusammenplan.core.tables.office import read_office_file, read_workbook_sheets
from zusammenplan.core.tables.refusals import (
    MAX_BYTES,
    MAX_ROWS,
    TooMuchError,
    UnreadableFileError,
    demand_size,
    refuse,
    refuse_archive,
    refuse_empty,
    refuse_ole,
)
from zusammenplan.core.tables.rows import Row, Table
from zusammenplan.core.tables.sheets import CellValue, Sheet, Uncomputed
from zusammenplan.core.tables.text import read_text

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "CellValue",
    "Row",
    "Sheet",
    "Table",
    "TooMuchError",
    "Uncomputed",
    "UnreadableFileError",
    "demand_size",
    "read_sheets",
    "read_tables",
]

ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\x00",
    b"MM\x00*",
    b"BM",
)
ARCHIVES = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\x00")
MARKUP = re.compile(rb"(?i)\s*<(?:!doctype|html|head|body|table|meta|\?xml|svg)\b")
BYTES_LOOKED_AT = 1024


def read_tables(name: str, content: bytes) -> list[Table]:
    """
    Read all tables of a file, at least one.

    :raises UnreadableFileError: if there is no table to be read, for whatever reason
    """
    if not content.strip():
        refuse_empty(name)
    demand_size(name, len(content))
    if content.startswith(OLE_SIGNATURE):
        refuse_ole(name, content)
    if content.startswith(ZIP_SIGNATURES):
        return read_office_file(name, content)
    _refuse_other_kinds(name, content)
    return [read_text(name, content)]


def read_sheets(name: str, content: bytes) -> list[Sheet]:
    """
    Read a workbook cell by cell, hidden sheets too, with numbers and days as such.

    :raises UnreadableFileError: if it is no workbook that can be read
    """
    if not content.strip():
        refuse_empty(name)
    demand_size(name, len(content))
    if content.startswith(OLE_SIGNATURE):
        refuse_ole(name, content)
    if not content.startswith(ZIP_SIGNATURES):
        _refuse_other_kinds(name, content)
        refuse(
            _("The file “%(file)s” is no Excel workbook (XLSX). Choose the one that you edited."),
            file=name,
        )
    return read_workbook_sheets(name, content)


def _refuse_other_kinds(name: str, content: bytes) -> None:
    start = content[:BYTES_LOOKED_AT]
    if b"%PDF-" in start:
        refuse(
            _(
                "The file “%(file)s” is a PDF. Tables cannot be read from it reliably. "
                "Choose the Word or Excel file that it was made from, "
                "or save the table as XLSX or CSV."
            ),
            file=name,
        )
    # “BM” may begin a text, too; a bitmap holds zero bytes in its header.
    if start.startswith(PICTURES) and (not start.startswith(b"BM") or b"\x00" in start[:16]):
        refuse(
            _("The file “%(file)s” is a picture. Save the table as XLSX or CSV."),
            file=name,
        )
    if start.startswith(ARCHIVES):
        refuse_archive(name)
    if start.startswith(b"{\\rtf"):
        refuse(_("The file “%(file)s” is an RTF document. Open it and save it as DOCX."), file=name)
    if MARKUP.match(start.removeprefix(b"\xef\xbb\xbf")):
        refuse(
            _(
                "The file “%(file)s” is a web page or another XML file. "
                "Open it in your spreadsheet program and save it as XLSX or CSV."
            ),
            file=name,
        )
