"""
Keep an uploaded file from its check to its taking over.

The file lies under a random name that begins with its owner, so nobody else's page finds it. What
is left lying for a day goes with the next upload, at the start of the server and with ``doctor``.
"""

import json
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

KEPT_FOR = timedelta(days=1)
KEY = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody uploaded: its key in the address, its own name, its bytes."""

    key: str
    name: str
    content: bytes


def keep_upload(name: str, content: bytes, *, by: "AbstractBaseUser", now: datetime) -> Upload:
    """Keep the file for its owner; throw away what is older than a day."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep_uploads(now=now)
    upload = Upload(secrets.token_urlsafe(16), name, content)
    path = _path(upload.key, by)
    path.touch(mode=0o600)
    path.write_bytes(json.dumps(name).encode() + b"\n" + content)
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


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _path(key: str, by: "AbstractBaseUser") -> Path:
    return _folder() / f"{by.pk}-{key}"
