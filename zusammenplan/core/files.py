"""Pictures that people upload: what they are is read from their content, never from their name."""

import hashlib
import struct
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep
from zusammenplan.core.models import Attachment

PICTURE_BYTES = 8 * 1024 * 1024
PICTURE_PIXELS = 40_000_000
PICTURE_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
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
    by: Any,  # noqa: ANN401 - the user model belongs to an upper app
    now: datetime,
    is_public: bool = False,
) -> Attachment:
    """
    Keep a picture with a record.

    :raises PictureRefusedError: if it is no picture that we take
    """
    picture = check_picture(content)
    checksum = hashlib.sha256(content).hexdigest()
    ending = PICTURE_ENDINGS[picture.kind]
    attachment = Attachment(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        name=PurePath(name.replace("\\", "/")).name[-200:] or f"bild.{ending}",
        kind=picture.kind,
        size=len(content),
        checksum=checksum,
        is_public=is_public,
        added_at=now,
        added_by=by,
    )
    # The name on the disk is ours, so that no name from outside reaches the file system.
    attachment.file.save(f"{checksum[:32]}.{ending}", ContentFile(content), save=False)
    return keep(attachment, by=by, deed=_("Picture added"))


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
