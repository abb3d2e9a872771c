"""
Public pages: rendered once per public version, path and language, kept whole.

Every action that changes something public calls :func:`raise_version` inside its transaction; what
a whole room does at once calls :func:`move_for_a_while` instead.
"""

import gzip
import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone

from zusammenplan.core.models import PublicVersion

View = Callable[..., HttpResponse]
Kind = TypeVar("Kind")
# How long a process relies on the version it read: a kept page then needs no database.
VERSION_KEY, VERSION_SECONDS = "public-version", 1.0
LAST_VERSION_KEY = "last-public-version"
# For how long pages count as moving, and how long each is kept meanwhile.
MOVING, MOVING_SECONDS = timedelta(minutes=3), 10
CACHE_CONTROL = "public, max-age=0, s-maxage=30, stale-while-revalidate=60"
VARY = ("Accept-Encoding", "Cookie")


def raise_version() -> None:
    """Tell all caches that something public changed."""
    now = timezone.now()
    if not PublicVersion.objects.filter(pk=1).update(number=F("number") + 1, changed_at=now):
        PublicVersion.objects.get_or_create(pk=1, defaults={"number": 1, "changed_at": now})
    _forget_version()
    transaction.on_commit(_forget_version)


def move_for_a_while() -> None:
    """
    Tell that so much changes now that no version can be raised for each change.

    For some minutes pages are then kept for a few seconds only. Most calls find that told already
    and write nothing; at least half of the time is left for their transaction to end.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        # By hand: every mark that everybody may watch comes by here.
        cursor.execute(
            "SELECT 1 FROM core_publicversion WHERE id = 1 AND moving_until > %s",
            [connection.ops.adapt_datetimefield_value(now + MOVING / 2)],
        )
        if cursor.fetchone():
            return
    raise_version()
    PublicVersion.objects.filter(pk=1).update(moving_until=now + MOVING)


def _forget_version() -> None:
    # This process asks anew at once; another one keeps the number for no more than a second.
    caches["pages"].delete(VERSION_KEY)


def current_version() -> int:
    """Give the number of the public version, under which is kept what no mark of a vote changes."""
    return _read_version()[0]


def page_version() -> str:
    """Give what is kept under it that may show marks; while pages move, for some seconds only."""
    number, is_moving = _read_version()
    return f"{number}.{int(time.time() // MOVING_SECONDS)}" if is_moving else str(number)


def _read_version() -> tuple[int, bool]:
    # By hand, because every public page asks for it.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, moving_until > %s FROM core_publicversion WHERE id = 1",
            [connection.ops.adapt_datetimefield_value(timezone.now())],
        )
        row = cursor.fetchone()
    return (int(row[0]), bool(row[1])) if row else (0, False)


def _known_version() -> str:
    """Give the version of a moment ago; while the database is away, the last that was known."""
    try:
        return str(keep_for_a_moment(VERSION_KEY, _noted_version, seconds=VERSION_SECONDS))
    except (OperationalError, InterfaceError):
        if (last := caches["pages"].get(LAST_VERSION_KEY)) is None:
            raise
        return str(last)


def _noted_version() -> str:
    version = page_version()
    caches["pages"].set(LAST_VERSION_KEY, version, timeout=None)
    return version


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
        # Hashed, because an address may be longer than a key of a cache.
        path = hashlib.sha256(request.get_full_path().encode()).hexdigest()
        version = _known_version()
        request.public_version = version  # type: ignore[attr-defined] # read by keep_for_version
        key = f"{version}:page:{path}"
        kept = caches["pages"].get(key)
        if kept is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:  # noqa: PLR2004 - only whole answers are kept
                return response
            kept = Kept(
                hashlib.sha256(response.content).hexdigest()[:32],
                gzip.compress(response.content, compresslevel=6, mtime=0),
                response["Content-Type"],
                response.get("Content-Disposition", ""),
            )
            caches["pages"].set(key, kept, timeout=86_400)
        return _from_kept(request, kept)

    return login_not_required(answer)


class Kept(NamedTuple):
    """A whole answer as it is kept: packed, as nearly every browser takes it."""

    checksum: str
    packed: bytes
    content_type: str
    disposition: str


def keep_for_version(request: HttpRequest | None, key: str, make: Callable[[], Kind]) -> Kind:
    """
    Give what is the same on many public pages: made once a public version, kept in this process.

    For somebody who is signed in no version was read; for them it is made anew.
    """
    version = getattr(request, "public_version", "")
    if not version:
        return make()
    kept: Kind | None = caches["parts"].get(f"{version}:{key}")
    if kept is None:
        kept = make()
        caches["parts"].set(f"{version}:{key}", kept, timeout=86_400)
    return kept


def _from_kept(request: HttpRequest, kept: Kept) -> HttpResponse:
    # Read from the environment, because ``request.headers`` first makes a list of all of them.
    is_packed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    etag = f'"{kept.checksum}-gz"' if is_packed else f'"{kept.checksum}"'
    response: HttpResponse
    if etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response = HttpResponseNotModified()
    else:
        content = kept.packed if is_packed else gzip.decompress(kept.packed)
        response = HttpResponse(content, content_type=kept.content_type)
        if is_packed:
            response["Content-Encoding"] = "gzip"
        if kept.disposition:
            response["Content-Disposition"] = kept.disposition
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    response["Vary"] = ", ".join(VARY)
    return response


def keep_for_a_moment(key: str, make: Callable[[], Any], *, seconds: float) -> Any:
    """Give the kept value, or make it and keep it in this process for some seconds."""
    value = kept_for_a_moment(key)
    if value is None:
        value = make()
        keep_value(key, value, seconds=seconds)
    return value


def keep_value(key: str, value: object, *, seconds: float) -> None:
    """
    Keep the value in this process for some seconds.

    They are counted by the machine's own time, which nobody can set back: by the clock's time an
    old page could stand for hours.
    """
    caches["pages"].set(key, (time.monotonic() + seconds, value), timeout=None)


def kept_for_a_moment(key: str) -> Any:
    """Give what was kept, if its seconds are not over."""
    ends, value = caches["pages"].get(key, (0.0, None))
    return value if ends > time.monotonic() else None
