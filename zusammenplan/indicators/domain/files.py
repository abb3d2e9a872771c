"""A file of statistics, recognised by its content: plain, zipped or XLSX, in any encoding."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from operator import methodcaller
from typing import IO, TYPE_CHECKING, BinaryIO

from zusammenplan.core.tables.text import ASCII, TWICE_ENCODED, eight_bit_encoding
from zusammenplan.indicators.domain.classic import is_classic, read_classic
from zusammenplan.indicators.domain.flat import is_flat, read_flat
from zusammenplan.indicators.domain.named import is_named, read_named
from zusammenplan.indicators.domain.one_area import area_above, read_of_one
from zusammenplan.indicators.domain.own import OwnMapping, OwnTable, own_table, read_own
from zusammenplan.indicators.domain.shapes import (
    Layout,
    NotOfficial,
    NotOfficialError,
    Provenance,
    Reading,
    Refused,
    Row,
)
from zusammenplan.indicators.domain.workbooks import sheets_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SAMPLE = 65_536
CHUNK = 1 << 20
FIRST_ROWS = 200
SEPARATORS = ";\t|,"
# A line that is longer was made with other ends of lines or none.
LONGEST_LINE = 1 << 20
SHARE_OF_LINES = 0.3
# Of a plain file and of one unpacked alike; docs/commands.md and the sentences say it, too.
MOST_BYTES = 1_000_000_000
# Of all files of an upload; the command takes larger ones.
MOST_ON_A_PAGE = 100 * 1024 * 1024
# Flat files pack well, about 30 to one; the most that deflate can do is 1,032.
MOST_RATIO = 300
RATIO_COUNTS_FROM = 1 << 20
IN_MEMORY = 8 << 20
# What is packed otherwise, zipfile unpacks without bound.
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
MOST_ANSWER = 5 << 20
ZIP, PDF, OLE = b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
FLAT_START = re.compile(r"statisti(?:cs|k)_code(\W)")
TABLE_NAME = re.compile(r"(?:\d{5}|\d{4}[A-Z])-\d{2,4}(?:-\d{2}-\d(?:-B)?)?|AI-[A-Z0-9]+(?:-\d+)*")


@dataclass(slots=True)
class Opened:
    """
    An opened table: whence it comes, and either its readings or what a person must explain.

    The file must stay open until all is read.
    """

    about: Provenance
    readings: Iterator[Reading | Refused] | None
    own: OwnTable | None
    first: list[Row]
    rest: Iterator[Row]

    def read_as(self, mapping: OwnMapping) -> Iterator[Reading | Refused]:
        """Read an own table as the mapping says."""
        if self.own is None:
            raise NotOfficialError(NotOfficial.UNKNOWN_LAYOUT)
        return read_own(self.own, mapping, self.first, self.rest, self.about)


@contextmanager
def opened_table(
    file: BinaryIO, name: str = "", knows: Callable[[str], bool] = lambda _name: False
) -> Iterator[Opened]:
    """
    Recognise a table of statistics by its content and read it while the context lasts.

    :param knows: whether a name is that of an area, where a table's only one stands above it
    :raises NotOfficialError: if it is none; also while reading, if its end is damaged
    :raises UnreadableFileError: if it is a workbook that cannot be read
    """
    size = file.seek(0, 2)
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if start[:4] != ZIP:
        if size > MOST_BYTES:
            raise NotOfficialError(NotOfficial.TABLE_TOO_LARGE)
        yield _open_text(file, name, knows)
    elif (member := _member(file)) is None:
        yield _open_workbook(file, name, knows)
    else:
        member_name, plain = member
        with plain:
            yield _open_text(plain, member_name, knows)


def _open_text(plain: BinaryIO | IO[bytes], name: str, knows: Callable[[str], bool]) -> Opened:
    sample = plain.read(SAMPLE)
    plain.seek(0)
    _demand_text(sample, plain)
    encoding, is_plain = _encoding(plain, sample)
    words = sample.decode(encoding, errors="replace").lstrip("\ufeff")
    separator = _separator(words)
    if twice := TWICE_ENCODED.search(words):
        raise NotOfficialError(
            NotOfficial.TWICE_ENCODED,
            line=words.count("\n", 0, twice.start()) + 1,
            column=_column(words[: twice.start()], separator),
        )
    stream = io.BufferedReader(_Undying(plain), CHUNK)
    if is_plain and FLAT_START.match(words.casefold()):
        return _open_flat(plain_rows(stream, separator.encode(encoding)), encoding, name)
    wrapper = io.TextIOWrapper(
        stream, encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline=""
    )
    return _recognised(quoted_rows(wrapper, separator), encoding, name, knows)


def _open_flat(rows: Iterator[tuple[int, list[bytes]]], encoding: str, name: str) -> Opened:
    _line, first = next(rows)
    header = [cell.decode(encoding).lstrip("\ufeff") for cell in first]
    about = _about_flat(encoding, name)
    text = methodcaller("decode", encoding)
    return Opened(about, read_flat(header, rows, about, text), None, [], iter(()))


def _about_flat(encoding: str, name: str) -> Provenance:
    found = TABLE_NAME.match(name)
    return Provenance(Layout.FLAT, encoding, table=found.group() if found else "")


def _recognised(
    rows: Iterator[Row], encoding: str, name: str, knows: Callable[[str], bool]
) -> Opened:
    about = Provenance(Layout.FLAT, encoding)
    first = next(rows, None)
    if first is None:
        raise NotOfficialError(NotOfficial.EMPTY)
    if is_flat(first[1]):
        about = _about_flat(encoding, name)
        return Opened(about, read_flat(first[1], rows, about, str), None, [], rows)
    if is_classic(first[1]):
        about.layout = Layout.CLASSIC
        return Opened(about, read_classic(first[1], rows, about), None, [], rows)
    looked_at = [first, *islice(rows, FIRST_ROWS - 1)]
    if one := area_above(looked_at, knows):
        about.layout = Layout.NAMED
        return Opened(about, read_of_one(one, looked_at, rows, about), None, [], rows)
    if is_named(looked_at):
        about.layout = Layout.NAMED
        return Opened(about, read_named(looked_at, rows, about, knows), None, [], rows)
    about.layout = Layout.OWN
    own = own_table(looked_at)
    if own is None:
        said = ";".join(first[1])[:80]
        raise NotOfficialError(NotOfficial.UNKNOWN_LAYOUT, said, line=first[0])
    return Opened(about, None, own, looked_at, rows)


class _Undying(io.RawIOBase):
    """Hands bytes on, and leaves the file open when the reader of its text goes."""

    def __init__(self, file: BinaryIO | IO[bytes]) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # any buffer
        part = self.file.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


# Archives and workbooks


def _member(file: BinaryIO) -> tuple[str, IO[bytes]] | None:
    """Unpack the only table of an archive; None if the archive is a workbook."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" in names:
                return None
            members = [
                one
                for one in archive.infolist()
                if one.filename.casefold().endswith((".csv", ".txt", ".tsv"))
                and not one.filename.startswith("__MACOSX/")
            ]
            if not members:
                raise NotOfficialError(NotOfficial.NO_TABLE_IN_ARCHIVE)
            if len(members) > 1:
                said = ", ".join(one.filename for one in members[:5])
                raise NotOfficialError(NotOfficial.SEVERAL_TABLES_IN_ARCHIVE, said)
            member = members[0]
            if member.compress_type not in METHODS:
                raise NotOfficialError(NotOfficial.DAMAGED_ARCHIVE)
            if member.file_size > max(RATIO_COUNTS_FROM, MOST_RATIO * member.compress_size):
                raise NotOfficialError(NotOfficial.ARCHIVE_TOO_LARGE)
            with archive.open(member) as packed:
                return member.filename.rpartition("/")[2], _copied(packed)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as damage:
        if isinstance(damage, NotOfficialError):
            raise
        raise NotOfficialError(NotOfficial.DAMAGED_ARCHIVE) from damage
    finally:
        file.seek(0)


def _copied(packed: IO[bytes]) -> IO[bytes]:
    """Unpack piece by piece, to the disk if it is much, never more than the limit."""
    plain = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - read by the caller
    size = 0
    while part := packed.read(CHUNK):
        size += len(part)
        if size > MOST_BYTES:
            plain.close()
            raise NotOfficialError(NotOfficial.ARCHIVE_TOO_LARGE)
        plain.write(part)
    plain.seek(0)
    return plain


def _open_workbook(file: BinaryIO, name: str, knows: Callable[[str], bool]) -> Opened:
    """Take the first sheet of a known layout, else the longest one."""
    sheets = sheets_of(name, file)
    opened: Opened | None = None
    for rows in sorted(sheets, key=len, reverse=True):
        try:
            found = _recognised(iter(rows), "xlsx", name, knows)
        except NotOfficialError:
            continue
        if found.readings is not None:
            return found
        opened = opened or found
    if opened is None:
        raise NotOfficialError(NotOfficial.EMPTY if not sheets else NotOfficial.UNKNOWN_LAYOUT)
    return opened


# Text


def _demand_text(sample: bytes, file: BinaryIO | IO[bytes]) -> None:
    start = sample.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    if not start:
        raise NotOfficialError(NotOfficial.EMPTY)
    if start.startswith(PDF):
        raise NotOfficialError(NotOfficial.PDF)
    if start.startswith(OLE):
        raise NotOfficialError(NotOfficial.OLD_EXCEL)
    if start[:1] == b"<":
        raise NotOfficialError(NotOfficial.HTML)
    if start[:1] in {b"{", b"["}:
        answer = start if len(sample) < SAMPLE else file.read(MOST_ANSWER)
        file.seek(0)
        raise NotOfficialError(NotOfficial.SERVICE_ANSWER, service_words(answer))


def service_words(answer: bytes) -> str:
    """Give code and words of the service's own answer, such as that a table is too large."""
    try:
        status = json.loads(answer)["Status"]
        words = f"{status['Code']}: {' '.join(str(status['Content']).split())}"
        return words.encode("utf-8", "replace").decode()
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _encoding(file: BinaryIO | IO[bytes], sample: bytes) -> tuple[str, bool]:
    """
    Tell UTF-8, tried strictly over the whole file, from the older encoding.

    Also tells whether it is plain: without quotation marks, in which a separator means nothing,
    and with ends of lines that end lines for everybody.
    """
    if sample.startswith(UTF_16):
        return "utf-16", False
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, read, is_utf8, has_umlauts, has_quotes, returns = 1, 0, True, False, False, 0
    try:
        while part := file.read(CHUNK):
            if b"\x00" in part:
                at = part.index(b"\x00")
                line = lines + part.count(b"\n", 0, at)
                raise _fault_at(file, read + at, line, NotOfficial.BINARY, sample)
            has_quotes = has_quotes or b'"' in part
            # A pair that two parts tear apart makes the file less plain than it is, no more.
            if b"\r" in part:
                returns += part.count(b"\r") - part.count(b"\r\n")
            if is_utf8:
                try:
                    has_umlauts |= not decoder.decode(part).isascii()
                except UnicodeDecodeError as fault:
                    is_utf8 = False
                    before = part[: fault.start].decode("utf-8", errors="ignore")
                    if has_umlauts or not before.replace("\ufeff", "").isascii():
                        line = lines + before.count("\n")
                        at = read + fault.start
                        raise _fault_at(
                            file, at, line, NotOfficial.MIXED_ENCODING, sample
                        ) from fault
            lines += part.count(b"\n")
            read += len(part)
    finally:
        file.seek(0)
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as fault:
            raise _fault_at(file, read, lines, NotOfficial.MIXED_ENCODING, sample) from fault
        finally:
            file.seek(0)
    return "utf-8" if is_utf8 else _older(file), not has_quotes and not returns


def _fault_at(
    file: BinaryIO | IO[bytes], offset: int, line: int, reason: NotOfficial, sample: bytes
) -> NotOfficialError:
    """Name the column, too, in which a wrong byte stands."""
    start = max(0, offset - SAMPLE)
    file.seek(start)
    before = file.read(offset - start).decode("latin-1")
    separator = _separator(sample.decode("latin-1"))
    return NotOfficialError(reason, line=line, column=_column(before, separator))


def _older(file: BinaryIO | IO[bytes]) -> str:
    """
    Tell older encodings apart by the letters that they would make.

    Of Windows' and the one it extends it is the latter where bytes have no meaning in the former.
    """
    decoder = codecs.getincrementaldecoder("cp1252")()
    strange = b""
    try:
        while len(strange) < CHUNK and (part := file.read(CHUNK)):
            strange += part.translate(None, ASCII)
        encoding = eight_bit_encoding(strange)
        if encoding != "cp1252":
            return encoding
        file.seek(0)
        while part := file.read(CHUNK):
            decoder.decode(part)
    except UnicodeDecodeError:
        return "latin-1"
    finally:
        file.seek(0)
    return "cp1252"


def _column(before: str, separator: str) -> int:
    """Give in which column something stands, by what stands before it."""
    return before.count(separator, before.rfind("\n") + 1) + 1


def _separator(sample: str) -> str:
    """Find the sign that parts the columns: in many lines, and semicolons before commas."""
    lines = [line for line in sample.splitlines()[:FIRST_ROWS] if line.strip()]
    if lines and (found := FLAT_START.match(lines[0].casefold())):
        return found.group(1)
    for sign in SEPARATORS:
        if sum(sign in line for line in lines) >= SHARE_OF_LINES * len(lines) > 0:
            return sign
    counted = {sign: sum(line.count(sign) for line in lines) for sign in SEPARATORS}
    return max(counted, key=counted.__getitem__)


def quoted_rows(lines: io.TextIOWrapper, separator: str) -> Iterator[Row]:
    """Read a file row by row, with separators and ends of lines that quotation marks protect."""
    # The row is the line in the file, as an editor counts it, also below notes of several lines.
    reader = csv.reader(lines, delimiter=separator)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as damage:
        raise NotOfficialError(NotOfficial.SEPARATOR, str(damage), line=line) from damage
    except UnicodeDecodeError as damage:
        raise NotOfficialError(NotOfficial.MIXED_ENCODING, line=line) from damage


def plain_rows(lines: Iterable[bytes], separator: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """
    Read a file without quotation marks, as the offices' flat files are.

    Cells stay bytes, for those are parted in about half the time that text takes, and only what is
    new among them has to be made to text.
    """
    for line, text in enumerate(lines, start=1):
        if len(text) > LONGEST_LINE:
            raise NotOfficialError(NotOfficial.SEPARATOR, "", line=line)
        if text := text.rstrip(b"\r\n"):
            yield line, text.split(separator)
