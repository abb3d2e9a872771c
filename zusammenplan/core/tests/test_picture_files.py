"""A picture is what its content shows, whatever it is called."""

import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import override_settings

from zusammenplan.core.colours import contrast_with_white, is_colour
from zusammenplan.core.context import municipality
from zusammenplan.core.picture_files import PictureRefusedError, attach_picture, check_picture

NOW = datetime(2027, 3, 1, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 300, 200) + b"\x08\x02\0\0\0"
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x04\x00\x00"
    b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 200, 300) + b"\x03" * 12
)
WEBP = (
    b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + (299).to_bytes(3, "little") + (199).to_bytes(3, "little")
)


@pytest.mark.parametrize(
    ("content", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")]
)
def test_pictures_are_known_by_their_content(content: bytes, kind: str) -> None:
    picture = check_picture(content)

    assert (picture.kind, picture.width, picture.height) == (kind, 300, 200)


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<html><script>alert(1)</script></html>",
        b"GIF89a\x01\x00\x01\x00",
        b"%PDF-1.7",
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00\x00\x00\x00\x00\x00\x00\x00\x00",
        b"RIFF\0\0\0\0WEBPVP8 ",
        PNG[:16] + struct.pack(">II", 0, 200),
        PNG[:16] + struct.pack(">II", 60_000, 60_000),
        PNG + b"\0" * (8 * 1024 * 1024),
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(PictureRefusedError):
        check_picture(content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("../../etc/böse.svg", "böse.png"),
        ("Logo.PNG", "Logo.PNG"),
        ("logo", "logo.png"),
        ("", "bild.png"),
        ("a." + "x" * 250, "a.png"),
    ],
)
def test_a_kept_picture_bears_our_name_on_the_disk(tmp_path: Path, called: str, name: str) -> None:
    row = municipality()
    row.save()

    with override_settings(MEDIA_ROOT=tmp_path):
        kept = attach_picture(row, PNG, name=called, by=None, now=NOW)

        assert kept.name == name
        assert kept.kind == "image/png"
        assert Path(kept.file.path).suffix == ".png"
        assert Path(kept.file.path).is_relative_to(tmp_path)
        assert kept.record == row


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)
    assert is_colour("#2044aa")
    assert not is_colour("#2044a")
    assert not is_colour("red; }")
