"""Spreadsheets and documents made by hand, so that they may hold what no program would write."""

import io
import struct
import zipfile
from collections.abc import Mapping
from warnings import catch_warnings, simplefilter

from zusammenplan.core.tables import OLE_SIGNATURE

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def links(**targets: str) -> str:
    inside = "".join(
        f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{RELATIONS}">{inside}</Relationships>'


def xlsx(sheet: str, **others: str | bytes) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": links(officeDocument="xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Plan" sheetId="1" r:id="worksheet"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": links(
                worksheet="worksheets/sheet1.xml", sharedStrings="sharedStrings.xml"
            ),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}">{sheet}</worksheet>',
            **others,
        }
    )


def docx(body: str, **others: str | bytes) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": links(officeDocument="word/document.xml"),
            "word/document.xml": (
                f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
            ),
            **others,
        }
    )


ROW = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>1.1</t></is></c></row></sheetData>'
CELL = "<w:tc><w:p><w:r><w:t>1.1</w:t></w:r></w:p></w:tc>"
TABLE = f"<w:tbl><w:tr>{CELL}</w:tr></w:tbl>"


# What does harm


def bomb() -> bytes:
    return xlsx(ROW, **{"xl/media/image1.bmp": bytes(20 * 1024 * 1024)})


def bomb_of_many() -> bytes:
    filler = bytes(range(256)) * 4096
    return xlsx(ROW, **{f"xl/media/{number}.bin": filler for number in range(70)})


def crowd() -> bytes:
    return xlsx(ROW, **{f"xl/media/{number}.bin": b"" for number in range(2100)})


def liar() -> bytes:
    """Declare a small size for what unpacks to far more."""
    content = bytearray(xlsx(f"{ROW}<!--{' ' * 50_000_000}-->"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        true_size = struct.pack("<I", archive.getinfo("xl/worksheets/sheet1.xml").file_size)
    return bytes(content.replace(true_size, struct.pack("<I", 1000)))


def locked() -> bytes:
    content = bytearray(xlsx(ROW))
    for signature, offset in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)]:
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 1)
    return bytes(content)


def twins() -> bytes:
    content = io.BytesIO(xlsx(ROW))
    with zipfile.ZipFile(content, "a") as archive, catch_warnings():
        simplefilter("ignore")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


def ole(inside: str) -> bytes:
    return OLE_SIGNATURE + bytes(500) + inside.encode("utf-16-le") + bytes(500)


XXE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>'
LATE = f"<!--{' ' * 5000}-->"
STRINGS = f'<sst xmlns="{SHEET}"><si><t>&b;</t></si></sst>'
