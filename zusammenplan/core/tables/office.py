"""XLSX or DOCX: what an Office file is, its parts say; what goes wrong becomes a sentence."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, TypeVar
from xml.parsers import expat

from django.utils.translation import gettext as _

from zusammenplan.core.tables.archive import DtdFoundError, Package, local_name, xml_events
from zusammenplan.core.tables.docx import read_document
from zusammenplan.core.tables.refusals import (
    MAX_MEMBERS,
    UnreadableFileError,
    refuse,
    refuse_bomb,
    refuse_damaged,
    refuse_dtd,
)
from zusammenplan.core.tables.sheets import Sheet, read_sheets_of
from zusammenplan.core.tables.xlsx import read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from zusammenplan.core.tables.rows import Table

Found = TypeVar("Found")

DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    KeyError,
    IndexError,
    ValueError,
    RuntimeError,
    OSError,
    SyntaxError,  # the parent of ElementTree.ParseError
    expat.ExpatError,
)


def read_office_file(name: str, content: bytes) -> list[Table]:
    tables = _opened(name, content, _tables)
    if not tables:
        refuse(
            _("There is no table in the file “%(file)s”. Choose a file that holds one."),
            file=name,
        )
    return tables


def read_workbook_sheets(name: str, content: bytes) -> list[Sheet]:
    return _opened(name, content, _sheets)


def _opened(name: str, content: bytes, read: Callable[[Package], list[Found]]) -> list[Found]:
    """Open the file as a package and read it; refuse what is damaged or hostile."""
    if content.count(b"PK\x01\x02") > MAX_MEMBERS:
        refuse_bomb(name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return read(Package(name, archive))
    except DtdFoundError:
        refuse_dtd(name)
    except DAMAGES as damage:
        try:
            refuse_damaged(name)
        except UnreadableFileError as refusal:
            raise refusal from damage


def _sheets(package: Package) -> list[Sheet]:
    part, root = _main_part(package)
    if root != "workbook":
        refuse(
            _("The file “%(file)s” is no Excel workbook (XLSX). Choose the one that you edited."),
            file=package.name,
        )
    return list(read_sheets_of(package, part))


def _tables(package: Package) -> list[Table]:
    part, root = _main_part(package)
    if root == "workbook":
        return list(read_workbook(package, part))
    if root == "document":
        return list(read_document(package, part))
    return package.refuse_by_members()


def _main_part(package: Package) -> tuple[str, str]:
    main = next(
        (link for link in package.links("").values() if link.kind == "officeDocument"), None
    )
    if main is None or main.target not in package.members:
        package.refuse_by_members()
    with package.open(main.target) as stream:
        return main.target, local_name(next(xml_events(stream, "start"))[1].tag)
