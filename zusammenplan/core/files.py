"""
Files that people attach to a record: what may be kept, how it is told, how it is handed out.

What a file is follows from its content, never from its name or from what the browser says. It is
kept under a random name below ``MEDIA_ROOT`` and only handed out as a download, or as a picture on
a page of ours.
"""

import hashlib
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model
from django.http import FileResponse, Http404
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed
from zusammenplan.core.models import Attachment

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

# Nothing in a file of people's may run or load anything.
POLICY = "default-src 'none'; sandbox"
MAX_BYTES = 20 * 1024 * 1024
MAX_NAME, LONGEST_ENDING = 200, 20
CHUNK = 64 * 1024
# A description of what a zip holds lies at its end; one of these cannot be a document.
MOST_PARTS = 20_000
PART_SIGN = b"PK\x01\x02"
LONGEST_MIME = 100
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Text that a browser or a shell would run instead of showing it.
ACTIVE = re.compile(
    rb"^\s*(?:<|#!|%!ps|mz[\x80-\xff])|<\s*(?:script|html|svg|iframe|!doctype|\?xml)", re.IGNORECASE
)
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


class FileRefusedError(Exception):
    """The file is not one that may be kept; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that may be kept."""

    label: str
    mime: str
    endings: tuple[str, ...]


PDF = FileKind("PDF", "application/pdf", ("pdf",))
PNG = FileKind("PNG", "image/png", ("png",))
JPEG = FileKind("JPEG", "image/jpeg", ("jpg", "jpeg"))
WEBP = FileKind("WebP", "image/webp", ("webp",))
DOCX = FileKind("Word", f"{OFFICE}wordprocessingml.document", ("docx",))
XLSX = FileKind("Excel", f"{OFFICE}spreadsheetml.sheet", ("xlsx",))
ODT = FileKind("ODT", f"{OPEN}text", ("odt",))
ODS = FileKind("ODS", f"{OPEN}spreadsheet", ("ods",))
TEXT = FileKind("TXT", "text/plain", ("txt", "text", "md"))
CSV = FileKind("CSV", "text/csv", ("csv", "tsv"))
KINDS = (PDF, PNG, JPEG, WEBP, DOCX, XLSX, ODT, ODS, TEXT, CSV)
PICTURES = (PNG, JPEG, WEBP)
# What an input for files offers to pick.
ACCEPTED = ",".join(f".{ending}" for kind in KINDS for ending in kind.endings)
SIGNS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept."""

    file: UploadedFile | File  # type: ignore[type-arg] # of bytes
    name: str
    kind: FileKind
    size: int
    checksum: str


def check_file(
    file: UploadedFile | File,  # type: ignore[type-arg] # of bytes
    *,
    kinds: tuple[FileKind, ...] = KINDS,
    largest: int = MAX_BYTES,
) -> CheckedFile:
    """
    Tell what a file is, or refuse it.

    :raises FileRefusedError: if it is empty, too large, of no known kind, active or misnamed
    """
    size = file.size or 0
    if size == 0:
        raise FileRefusedError(_("This file is empty. Choose another one."))
    if size > largest:
        raise FileRefusedError(
            _("This file has %(size)s. At most %(largest)s are possible.")
            % {"size": filesizeformat(size), "largest": filesizeformat(largest)}
        )
    name = clean_name(file.name or "")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    kind = _kind_of(file, ending)
    if kind is None or kind not in kinds:
        raise FileRefusedError(
            _("This kind of file is not taken. Possible are: %(kinds)s.")
            % {"kinds": ", ".join(one.label for one in kinds)}
        )
    if ending not in kind.endings:
        raise FileRefusedError(
            _(
                "The name “%(name)s” does not fit what is in the file (%(kind)s). "
                "Give it a name that ends in .%(ending)s."
            )
            % {"name": name, "kind": kind.label, "ending": kind.endings[0]}
        )
    return CheckedFile(file, name, kind, size, _checksum(file))


def clean_name(name: str) -> str:
    """Give a name without folders, without unseen signs, and short enough."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in UNSEEN)
    seen = " ".join(seen.split()).strip(". ")
    stem, _dot, ending = seen.rpartition(".")
    if stem and len(ending) < LONGEST_ENDING:
        return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"
    return seen[:MAX_NAME] or _("file")


def kind_label(mime: str) -> str:
    """Give the short word for a kind of file, as it stands beside a link."""
    return next((kind.label for kind in KINDS if kind.mime == mime), mime)


# Keeping


def attach_file(
    record: Model,
    checked: CheckedFile,
    *,
    description: str = "",
    is_public: bool = False,
    by: "AbstractBaseUser | None",
    now: datetime,
) -> Attachment:
    """Keep a checked file with the record, under a random name."""
    stored_as = f"{uuid4().hex}.{checked.kind.endings[0]}"
    attachment = Attachment(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        name=checked.name,
        kind=checked.kind.mime,
        size=checked.size,
        checksum=checked.checksum,
        description=description,
        is_public=is_public,
        added_at=now,
        added_by_id=by.pk if by else None,
    )
    checked.file.seek(0)
    attachment.file = File(checked.file, name=stored_as)
    try:
        with transaction.atomic():
            return keep(attachment, by=by, deed=_("File attached"))
    except Exception:
        # What no record knows would lie there for ever.
        attachment.file.storage.delete(attachment.file.name or stored_as)
        raise


def describe_attachment(
    attachment: Attachment,
    *,
    description: str,
    is_public: bool,
    seen_version: int,
    by: "AbstractBaseUser | None",
) -> bool:
    """
    Change what is told of a file, and to whom; tell whether anything changed.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    """
    if (attachment.description, attachment.is_public) == (description, is_public):
        return False
    attachment.description, attachment.is_public = description, is_public
    keep_unless_changed(
        attachment,
        seen_version=seen_version,
        by=by,
        deed=_("File described anew"),
        fields=["description", "is_public"],
    )
    return True


def remove_attachment(
    attachment: Attachment, *, reason: str, by: "AbstractBaseUser | None", now: datetime
) -> None:
    """Take the file off its record; it stays on the disk, because a frozen version may show it."""
    attachment.removed_at = now
    attachment.version += 1
    keep(
        attachment,
        by=by,
        deed=_("File removed: %(reason)s") % {"reason": reason},
        fields=["removed_at", "version"],
    )


# Handing out


def file_response(attachment: Attachment) -> FileResponse:
    """
    Hand the file out as a download that no browser opens in the site's own name.

    :raises Http404: if it is gone from the disk
    """
    response = FileResponse(
        _opened(attachment),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.kind,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, no-store"
    return response


def picture_response(attachment: Attachment, *, cache_control: str) -> FileResponse:
    """
    Hand a picture out to be shown on a page.

    :raises Http404: if it is gone from the disk
    """
    response = FileResponse(_opened(attachment), content_type=attachment.kind)
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = cache_control
    return response


def _opened(attachment: Attachment) -> Any:
    try:
        return attachment.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing


# What a file is


def _kind_of(file: Any, ending: str) -> FileKind | None:
    file.seek(0)
    head: bytes = file.read(CHUNK)
    for sign, kind in SIGNS:
        if head.startswith(sign):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[:4] == b"PK\x03\x04":
        file.seek(0)
        return _office_kind(file)
    return _text_kind(file, head, ending)


def _office_kind(file: IO[bytes]) -> FileKind | None:
    """Look into an archive for what makes it a document; one with macros is none."""
    # Counted before the list is read: it may have as many entries as the file has space for.
    if sum(part.count(PART_SIGN) for part in iter(lambda: file.read(CHUNK), b"")) > MOST_PARTS:
        return None
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return _kind_in(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError):
        return None


def _kind_in(archive: zipfile.ZipFile) -> FileKind | None:
    names = set(archive.namelist())
    if any(_is_macro(name) for name in names):
        return None
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return DOCX
        return XLSX if "xl/workbook.xml" in names else None
    told = archive.getinfo("mimetype") if "mimetype" in names else None
    # Packed, it might become of any size; OpenDocument wants it as it is.
    if told is None or told.compress_type or told.file_size > LONGEST_MIME:
        return None
    mime = archive.read(told).decode("ascii", "replace").strip()
    return {ODT.mime: ODT, ODS.mime: ODS}.get(mime)


def _is_macro(name: str) -> bool:
    lowered = name.lower()
    return lowered.endswith("vbaproject.bin") or lowered.startswith(("basic/script", "scripts/"))


def _text_kind(file: Any, head: bytes, ending: str) -> FileKind | None:
    if ACTIVE.search(head.removeprefix(b"\xef\xbb\xbf")):
        return None
    file.seek(0)
    content = b"".join(iter(lambda: file.read(CHUNK), b""))
    if CONTROL.search(content):
        return None
    for encoding in ("utf-8", "cp1252"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return CSV if ending in CSV.endings else TEXT
    return None


def _checksum(file: Any) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while part := file.read(CHUNK):
        digest.update(part)
    file.seek(0)
    return digest.hexdigest()
