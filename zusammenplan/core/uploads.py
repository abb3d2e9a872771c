"""
Keep an uploaded file from its check to its taking over.

The file lies under a random name that begins with its owner, so nobody else's page finds it. What
is left lying for a day goes with the next upload, at the start of the server and with ``doctor``.
"""

import json
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

KEPT_FOR = timedelta(days=1)
LONGEST_NAME = 120
KEY = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody uploaded: its key in the address, its own name, its bytes."""

    key: str
    name: str
    content: bytes


def short_name(name: str) -> str:
    """Keep a file's name readable: the end tells what kind of file it is."""
    return name if len(name) <= LONGEST_NAME else f"…{name[-LONGEST_NAME:]}"


def keep_upload(name: str, content: bytes, *, by: "AbstractBaseUser", now: datetime) -> Upload:
    """Keep the file for its owner; throw away what is older than a day."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep_uploads(now=now)
    upload = Upload(secrets.token_urlsafe(16), name, content)
    _write(_path(upload.key, by), [json.dumps(name).encode() + b"\n", content])
    return upload


def kept_upload(key: str, *, by: "AbstractBaseUser") -> Upload | None:
    """Give the owner's file back; nothing if it is gone or somebody else's."""
    if not KEY.fullmatch(key):
        return None
    try:
        stored = _path(key, by).read_bytes()
    except FileNotFoundError:
        return None
    name, _newline, content = stored.partition(b"\n")
    return Upload(key, str(json.loads(name)), content)


def drop_upload(upload: Upload, *, by: "AbstractBaseUser") -> None:
    _path(upload.key, by).unlink(missing_ok=True)


def sweep_uploads(*, now: datetime) -> None:
    """Throw away what was left lying for more than a day."""
    oldest = (now - KEPT_FOR).timestamp()
    for path in _folder().glob("*"):
        with suppress(FileNotFoundError):  # its owner, or another process, was faster
            if path.stat().st_mtime < oldest:
                path.unlink()


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    """Write the file whole or not at all."""
    path.touch(mode=0o600)
    try:
        with path.open("wb") as file:
            for piece in pieces:
                file.write(piece)
    except BaseException:
        path.unlink()
        raise


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _path(key: str, by: "AbstractBaseUser") -> Path:
    return _folder() / f"{by.pk}-{key}"


# Large files, which are never held in memory


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A large file that somebody uploaded: its key in the address, its own name, its place."""

    key: str
    name: str
    path: Path


def keep_file(
    name: str, pieces: Iterable[bytes], *, by: "AbstractBaseUser", now: datetime
) -> KeptFile:
    """Keep a large file for its owner, piece by piece; throw away what is older than a day."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep_uploads(now=now)
    key = secrets.token_urlsafe(16)
    path = _path(key, by)
    _write(path, pieces)
    write_note(key, "name", name, by=by)
    return KeptFile(key, name, path)


def kept_file(key: str, *, by: "AbstractBaseUser") -> KeptFile | None:
    """Give the owner's file back; nothing if it is gone or somebody else's."""
    name = read_note(key, "name", by=by)
    path = _path(key, by) if name else None
    return KeptFile(key, name, path) if path and path.exists() else None


def drop_file(file: KeptFile) -> None:
    """Throw the file away, with what was noted beside it."""
    for path in file.path.parent.glob(f"{file.path.name}*"):
        path.unlink(missing_ok=True)


def write_note(key: str, kind: str, text: str, *, by: "AbstractBaseUser") -> None:
    """Note something beside an uploaded file, such as what its columns mean."""
    path = _path(f"{key}.{kind}", by)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def read_note(key: str, kind: str, *, by: "AbstractBaseUser") -> str:
    """Give what was noted; empty if nothing was, or the file is somebody else's."""
    if not KEY.fullmatch(key):
        return ""
    try:
        return _path(f"{key}.{kind}", by).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
