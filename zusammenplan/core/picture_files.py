"""Pictures that people upload: what they are is read from their content, never from their name."""

import hashlib
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils.translation import gettext as _

from zusammenplan.core.files import PICTURES, CheckedFile, FileKind, attach_file, clean_name
from zusammenplan.core.models import Attachment

PICTURE_BYTES = 8 * 1024 * 1024
PICTURE_PIXELS = 40_000_000
_FRAMES = {0xC0, 0xC1, 0xC2}


@dataclass(frozen=True, slots=True)
class Picture:
    """What the content of a picture shows itself to be."""

    kind: str
    width: int
    height: int


class PictureRefusedError(Exception):
    """The file is no picture that we take."""


def check_picture(content: bytes) -> Picture:
    """
    Read kind and size of a PNG, JPEG or WebP picture.

    :raises PictureRefusedError: if it is none of them, broken, or too large
    """
    if len(content) > PICTURE_BYTES:
        raise PictureRefusedError(
            _("The picture is larger than 8 MB. Save it smaller, for example 2,000 pixels wide.")
        )
    try:
        picture = _png(content) or _jpeg(content) or _webp(content)
    except (struct.error, IndexError):
        picture = None
    if picture is None or not picture.width or not picture.height:
        raise PictureRefusedError(
            _("This is no picture that can be shown. Possible are PNG, JPEG and WebP; not SVG.")
        )
    if picture.width * picture.height > PICTURE_PIXELS:
        raise PictureRefusedError(
            _("The picture has too many pixels. Save it smaller, for example 2,000 pixels wide.")
        )
    return picture


def attach_picture(
    record: Model,
    content: bytes,
    *,
    name: str,
    by: Any,
    now: datetime,
    is_public: bool = False,
) -> Attachment:
    """
    Keep a picture with a record.

    :raises PictureRefusedError: if it is no picture that we take
    """
    picture = check_picture(content)
    kind = next(one for one in PICTURES if one.mime == picture.kind)
    checked = CheckedFile(
        ContentFile(content),
        _fitting_name(name or "bild", kind),
        kind,
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    return attach_file(record, checked, is_public=is_public, by=by, now=now)


def _fitting_name(name: str, kind: FileKind) -> str:
    """Let the name end as the content is; whoever downloads it opens it by its name."""
    kept = clean_name(name)
    if kept.lower().endswith(tuple(f".{ending}" for ending in kind.endings)):
        return kept
    return clean_name(f"{kept.rpartition('.')[0] or kept}.{kind.endings[0]}")


def _png(content: bytes) -> Picture | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", content[16:24])
    return Picture("image/png", width, height)


def _jpeg(content: bytes) -> Picture | None:
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    place = 2
    while place + 9 < len(content):
        if content[place] != 0xFF:  # noqa: PLR2004 - each part begins so
            return None
        kind = content[place + 1]
        if kind in _FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return Picture("image/jpeg", width, height)
        if kind == 0xFF:  # noqa: PLR2004 - a filler
            place += 1
            continue
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        place += 2 + length
    return None


def _webp(content: bytes) -> Picture | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    kind = content[12:16]
    if kind == b"VP8X":
        width = 1 + int.from_bytes(content[24:27], "little")
        height = 1 + int.from_bytes(content[27:30], "little")
    elif kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (size & 0x3FFF for size in struct.unpack("<HH", content[26:30]))
    else:
        return None
    return Picture("image/webp", width, height)
