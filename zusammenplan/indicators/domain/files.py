"""An official file, recognised by its content: plain or zipped, in any encoding and layout."""

from __future__ import annotations

import codecs
import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, BinaryIO

from zusammenplan.indicators.domain.classic import is_classic, read_classic
from zusammenplan.indicators.domain.flat import is_flat, read_flat
from zusammenplan.indicators.domain.shapes import (
    Layout,
    NotOfficial,
    NotOfficialError,
    Provenance,
    Reading,
    Refused,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SAMPLE = 65_536
SEPARATORS = ";\t,|"
MOST_UNPACKED = 1_000_000_000
MOST_RATIO = 300


def read_official(file: BinaryIO) -> tuple[Provenance, Iterator[Reading | Refused]]:
    """
    Recognise an official file and give its readings one by one.

    The file must stay open until all are read.

    :raises NotOfficialError: if it is none; also while reading, if its end is damaged
    """
    plain = _unpacked(file)
    sample = plain.read(SAMPLE)
    plain.seek(0)
    _demand_text(sample)
    encoding = _encoding(plain)
    lines = codecs.iterdecode(plain, "utf-8-sig" if encoding == "utf-8" else encoding)
    about = Provenance(Layout.FLAT, encoding)
    rows = _rows(lines, _separator(sample.decode(encoding, errors="replace")))
    try:
        _number, first = next(rows)
    except StopIteration:
        raise NotOfficialError(NotOfficial.EMPTY) from None
    if is_flat(first):
        return about, read_flat(first, rows, about)
    if is_classic(first):
        return about, read_classic(first, rows, about)
    raise NotOfficialError(NotOfficial.UNKNOWN_LAYOUT, ";".join(first)[:80])


def _unpacked(file: BinaryIO) -> BinaryIO:
    start = file.read(4)
    file.seek(0)
    if start[:4] != b"PK\x03\x04":
        return file
    try:
        archive = zipfile.ZipFile(file)
        members = [one for one in archive.infolist() if one.filename.casefold().endswith(".csv")]
        if not members:
            raise NotOfficialError(NotOfficial.NO_TABLE_IN_ARCHIVE)
        member = members[0]
        if member.file_size > MOST_UNPACKED or member.file_size > MOST_RATIO * max(
            member.compress_size, 1
        ):
            raise NotOfficialError(NotOfficial.DAMAGED_ARCHIVE)
        return io.BytesIO(archive.read(member))
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError) as damage:
        raise NotOfficialError(NotOfficial.DAMAGED_ARCHIVE) from damage


def _demand_text(sample: bytes) -> None:
    start = sample.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise NotOfficialError(NotOfficial.EMPTY)
    if b"\x00" in sample:
        raise NotOfficialError(NotOfficial.BINARY)
    if start[:1] == b"<":
        raise NotOfficialError(NotOfficial.HTML)
    if start[:1] == b"{":
        raise NotOfficialError(NotOfficial.SERVICE_ANSWER, _service_words(start))


def _service_words(start: bytes) -> str:
    """Give the words of the service's own answer, such as that a table is too large."""
    try:
        status = json.loads(start)["Status"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f"{status.get('Code')}: {status.get('Content')}" if isinstance(status, dict) else ""


def _encoding(file: BinaryIO) -> str:
    """Tell UTF-8, tried strictly over the whole file, from the older encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while part := file.read(1 << 20):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8"


def _separator(sample: str) -> str:
    for line in sample.splitlines():
        counted = {sign: line.count(sign) for sign in SEPARATORS}
        best = max(counted, key=counted.__getitem__)
        if counted[best]:
            return best
    return ";"


def _rows(lines: Iterator[str], separator: str) -> Iterator[tuple[int, Sequence[str]]]:
    # The row is the line in the file, as an editor counts it, also below notes of several lines.
    reader = csv.reader(lines, delimiter=separator)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as damage:
            raise NotOfficialError(NotOfficial.SEPARATOR, str(damage)) from damage
        if cells:
            yield line, cells
