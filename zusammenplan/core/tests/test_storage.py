"""On a full disk no half of a file stays behind."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from zusammenplan.core.uploads import keep_file, keep_upload

SIZE = 100_000


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """Let the system refuse to write more into any file of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined] # pytest-django's
    return tmp_path


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_attachment_that_finds_no_room_leaves_nothing(folder: Path) -> None:
    with disk_of(SIZE // 2), pytest.raises(OSError, match="large"):
        default_storage.save("attachments/2026/bericht.pdf", ContentFile(b"x" * SIZE))

    assert files_in(folder) == []


def test_an_upload_that_finds_no_room_leaves_nothing(folder: Path) -> None:
    person, now = get_user_model()(pk=1), timezone.now()

    with disk_of(SIZE // 2), pytest.raises(OSError, match="large"):
        keep_upload("tabelle.csv", b"x" * SIZE, by=person, now=now)
    with disk_of(SIZE // 2), pytest.raises(OSError, match="large"):
        keep_file("tabelle.csv", [b"x" * SIZE], by=person, now=now)

    assert files_in(folder) == []
