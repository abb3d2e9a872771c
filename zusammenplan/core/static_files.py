"""Addresses of static files that change with the file, so that browsers may keep them long."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class FingerprintedStorage(StaticFilesStorage):
    """Add a fingerprint of the content to each address; no files are copied."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        # Stylesheets name the typefaces as they are; another address would load them twice.
        has_mark = not settings.DEBUG and not (name or "").endswith(".woff2")
        mark = _fingerprint(name or "") if has_mark else ""
        return f"{address}?v={mark}" if mark else address


@lru_cache(maxsize=500)
def _fingerprint(name: str) -> str:
    path = finders.find(name)
    if not isinstance(path, str):
        return ""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]
