"""An Office file: XML parts in a ZIP archive, measured before they are unpacked."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NoReturn
from xml.etree.ElementTree import iterparse
from xml.parsers import expat

from django.utils.translation import gettext as _

from zusammenplan.core.tables.refusals import (
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED,
    RATIO_COUNTS_FROM,
    refuse,
    refuse_archive,
    refuse_bomb,
    refuse_damaged,
    refuse_dtd,
    refuse_password,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

PASSWORD_FLAG = 0x1
# How office programs pack. What is packed otherwise, zipfile unpacks without bound: 45 bytes of
# bzip2 are 45 MB.
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
XML_START = 4096


class DtdFoundError(Exception):
    """An XML part defines a document type, with which entities come in."""


@dataclass(frozen=True, slots=True)
class _Link:
    kind: str
    target: str


class Package:
    """An Office file: XML parts in a ZIP archive, joined by relationships."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.name = name
        self.archive = archive
        self.members = {member.filename: member for member in archive.infolist()}
        self.characters = 0
        self._check_members()

    def open(self, member: str) -> io.BytesIO:
        """
        Unpack one member into memory, never more than it declared.

        Read in pieces: asked for everything, zipfile would unpack first and measure then.
        """
        unpacked = io.BytesIO()
        with self.archive.open(self.members[member]) as stream:
            while piece := stream.read(64 * 1024):
                unpacked.write(piece)
        unpacked.seek(0)
        return unpacked

    def links(self, part: str) -> dict[str, _Link]:
        """Give the links of a part by their id; those that lead out of the file are left out."""
        folder, base = posixpath.split(part)
        member = posixpath.join(folder, "_rels", f"{base}.rels")
        if member not in self.members:
            return {}
        links = {}
        with self.open(member) as stream:
            for _event, element in xml_events(stream):
                if (
                    local_name(element.tag) != "Relationship"
                    or element.get("TargetMode") == "External"
                ):
                    continue
                target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))
                kind = element.get("Type", "").rpartition("/")[2]
                links[element.get("Id", "")] = _Link(kind, target.lstrip("/"))
        return links

    def linked(self, part: str, kind: str) -> str | None:
        targets = (link.target for link in self.links(part).values() if link.kind == kind)
        return next((target for target in targets if target in self.members), None)

    def count(self, texts: Iterable[str]) -> None:
        """Count what the cells hold: many may name one long text, which is stored once."""
        self.characters += sum(map(len, texts))
        if self.characters > MAX_UNPACKED:
            refuse_bomb(self.name)

    def _check_members(self) -> None:
        infos = self.archive.infolist()
        if len(self.members) < len(infos):
            refuse_damaged(self.name)
        if len(infos) > MAX_MEMBERS or sum(info.file_size for info in infos) > MAX_UNPACKED:
            refuse_bomb(self.name)
        for info in infos:
            if info.flag_bits & PASSWORD_FLAG:
                refuse_password(self.name)
            if info.compress_type not in METHODS:
                refuse_damaged(self.name)
            if info.file_size > max(RATIO_COUNTS_FROM, MAX_RATIO * info.compress_size):
                refuse_bomb(self.name)
        if any(posixpath.basename(path).lower() == "vbaproject.bin" for path in self.members):
            refuse(
                _(
                    "The file “%(file)s” holds macros. "
                    "Save it without macros, as XLSX or DOCX, and choose it anew."
                ),
                file=self.name,
            )
        self._check_starts()

    def _check_starts(self) -> None:
        for path, info in self.members.items():
            if path.endswith((".xml", ".rels")):
                with self.archive.open(info) as stream:
                    if b"<!DOCTYPE" in stream.read(XML_START):
                        refuse_dtd(self.name)

    def refuse_by_members(self) -> NoReturn:
        if "mimetype" in self.members and "content.xml" in self.members:
            refuse(
                _(
                    "The file “%(file)s” is an OpenDocument file (such as ODS or ODT). "
                    "Open it and save it as XLSX, DOCX or CSV."
                ),
                file=self.name,
            )
        if "[Content_Types].xml" in self.members:
            refuse(
                _(
                    "The file “%(file)s” is an Office file, but neither XLSX nor DOCX. "
                    "Open it and save the table as XLSX, DOCX or CSV."
                ),
                file=self.name,
            )
        refuse_archive(self.name)


def xml_events(
    stream: io.BytesIO, *events: Literal["start", "end"]
) -> Iterator[tuple[str, Element]]:
    """
    Parse XML step by step, after a first pass that refuses any document type.

    Without one there are no entities to expand or to fetch. The parser that does both at once
    (defusedxml) takes ten times as long, which on a large sheet is too long for a web page.
    """

    def refuse(*_declaration: object) -> None:
        raise DtdFoundError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.ParseFile(stream)
    stream.seek(0)
    return iter(iterparse(stream, events or ("end",)))  # noqa: S314 - no document type, see above


def local_name(tag: str) -> str:
    """Give a tag without its namespace: strict and transitional Office files differ only there."""
    return tag.rpartition("}")[2]


def attribute_of(element: Element, name: str) -> str | None:
    for key, value in element.attrib.items():
        if local_name(key) == name:
            return value
    return None


def child_of(element: Element, name: str) -> Element | None:
    return next((child for child in element if local_name(child.tag) == name), None)
