"""
Public pages: rendered once per public version, path and language, kept whole.

Every action that changes something public calls :func:`raise_version` inside its transaction.
"""

import gzip
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import connection, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone

from zusammenplan.core.models import PublicVersion

View = Callable[..., HttpResponse]
# How long a process relies on the version it read: a kept page then needs no database.
VERSION_KEY, VERSION_SECONDS = "public-version", 1.0
CACHE_CONTROL = "public, max-age=0, s-maxage=30, stale-while-revalidate=60"


def raise_version() -> None:
    """Tell all caches that something public changed."""
    now = timezone.now()
    if not PublicVersion.objects.filter(pk=1).update(number=F("number") + 1, changed_at=now):
        PublicVersion.objects.get_or_create(pk=1, defaults={"number": 1, "changed_at": now})
    _forget_version()
    transaction.on_commit(_forget_version)


def _forget_version() -> None:
    # This process asks anew at once; another one keeps the number for no more than a second.
    caches["pages"].delete(VERSION_KEY)


def current_version() -> int:
    """Give the number of the public version; read by hand because every public page asks for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM core_publicversion WHERE id = 1")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def public_page(view: View) -> View:
    """
    Let everybody see the page and keep its answer whole for anonymous readers.

    Somebody who is signed in gets a fresh page, because its header differs.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or settings.SESSION_COOKIE_NAME in request.COOKIES:
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            return response
        # Read from the environment, because ``request.headers`` first makes a list of all of them.
        part = "part" if request.META.get("HTTP_HX_REQUEST") == "true" else "page"
        # Hashed, because an address may be longer than a key of a cache.
        path = hashlib.sha256(request.get_full_path().encode()).hexdigest()
        version = keep_for_a_moment(VERSION_KEY, current_version, seconds=VERSION_SECONDS)
        key = f"{version}:{part}:{path}"
        packed_key = f"{key}:gzip" if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "") else ""
        # One look-up for what is sent; the page as it was made is only taken out to pack it.
        if packed_key and (packed := caches["pages"].get(packed_key)):
            return _from_kept(request, packed)
        kept = caches["pages"].get(key)
        if kept is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:  # noqa: PLR2004 - only whole answers are kept
                return response
            etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
            kept = Kept(
                etag,
                response.content,
                response["Content-Type"],
                disposition=response.get("Content-Disposition", ""),
            )
            caches["pages"].set(key, kept, timeout=86_400)
        if packed_key:
            kept = kept.compressed()
            caches["pages"].set(packed_key, kept, timeout=86_400)
        return _from_kept(request, kept)

    return login_not_required(answer)


class Kept(NamedTuple):
    """A whole answer as it is kept."""

    etag: str
    content: bytes
    content_type: str
    encoding: str = ""
    disposition: str = ""

    def compressed(self) -> "Kept":
        """Give the answer for browsers that unpack it; made once, when the first one asks."""
        return self._replace(
            etag=f'{self.etag[:-1]}-gz"',
            content=gzip.compress(self.content, compresslevel=6, mtime=0),
            encoding="gzip",
        )


def _from_kept(request: HttpRequest, kept: Kept) -> HttpResponse:
    response: HttpResponse
    if kept.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(kept.content, content_type=kept.content_type)
        if kept.encoding:
            response["Content-Encoding"] = kept.encoding
        if kept.disposition:
            response["Content-Disposition"] = kept.disposition
    response["ETag"] = kept.etag
    response["Cache-Control"] = CACHE_CONTROL
    response["Vary"] = "Accept-Encoding, Cookie, HX-Request"
    return response


def keep_for_a_moment(key: str, make: Callable[[], Any], *, seconds: float) -> Any:  # noqa: ANN401 - gives what is made
    """Give the kept value, or make it and keep it in this process for some seconds."""
    pages = caches["pages"]
    value = pages.get(key)
    if value is None:
        value = make()
        pages.set(key, value, timeout=seconds)
    return value
