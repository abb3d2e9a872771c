"""
The online service of the statistical offices (GENESIS): fetch one table, when somebody asks for it.

Nothing is fetched unless asked. Address and account stand in the settings; the password goes into
the body of one request over HTTPS and nowhere else: no log, no page, no message names it.
"""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.utils.translation import gettext as _

from zusammenplan.indicators.actions.imports.shapes import ImportRefusedError
from zusammenplan.indicators.domain.files import service_words
from zusammenplan.indicators.queries.import_words import service_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse

TIMEOUT = 60
PIECE = 1 << 16
LARGEST = 100 << 20
LONGEST_ANSWER = 1 << 20
TABLE_FILE = "/data/tablefile"


class NoRedirect(HTTPRedirectHandler):
    """Follow nobody elsewhere: the account is for this address alone."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


def service_is_set() -> bool:
    """Tell whether an administrator named the service and an account."""
    return bool(settings.GENESIS_URL and settings.GENESIS_USER)


def fetch_table(
    table: str, *, start_year: int | None = None, end_year: int | None = None
) -> Iterator[bytes]:
    """
    Fetch a table as the service packs it, piece by piece.

    :raises ImportRefusedError: if the service is not set, cannot be reached, or has no such table
    """
    if not service_is_set():
        raise ImportRefusedError(
            _("No online service is set. An administrator can name one (ZUSAMMENPLAN_GENESIS_URL).")
        )
    fields = {
        "username": settings.GENESIS_USER,
        "password": settings.GENESIS_PASSWORD,
        "name": table,
        "area": "all",
        "compress": "false",
        "format": "ffcsv",
        "language": "de",
        "startyear": str(start_year or ""),
        "endyear": str(end_year or ""),
        "job": "false",
    }
    address = settings.GENESIS_URL.rstrip("/") + TABLE_FILE
    if urlsplit(address).scheme not in {"http", "https"}:
        raise ImportRefusedError(_("ZUSAMMENPLAN_GENESIS_URL must begin with https://."))
    request = Request(address, data=urlencode(fields).encode(), method="POST")  # noqa: S310 - see above
    # Newer installations of the service read the account from the headers alone.
    request.add_header("username", settings.GENESIS_USER)
    request.add_header("password", settings.GENESIS_PASSWORD)
    request.add_header("Content-Type", "application/x-www-form-urlencoded")
    request.add_header("Accept", "application/zip, text/csv, application/json")
    try:
        with build_opener(NoRedirect).open(request, timeout=TIMEOUT) as answer:
            yield from _pieces(answer)
    except HTTPError as fault:
        raise ImportRefusedError(
            _("The online service refused the request (HTTP %(status)s).") % {"status": fault.code}
        ) from None
    except (OSError, HTTPException) as fault:
        raise ImportRefusedError(
            _("The online service cannot be reached: %(fault)s")
            % {"fault": getattr(fault, "reason", None) or type(fault).__name__}
        ) from None


def _pieces(answer: HTTPResponse) -> Iterator[bytes]:
    """Give a table's pieces; an answer in JSON is none, whatever its status says."""
    first = answer.read(PIECE)
    if not first:
        raise ImportRefusedError(_("The online service sent nothing."))
    if first.lstrip()[:1] == b"{":
        whole = first + answer.read(LONGEST_ANSWER)
        raise ImportRefusedError(_answer_text(whole))
    size = 0
    piece = first
    while piece:
        size += len(piece)
        if size > LARGEST:
            raise ImportRefusedError(
                _("The table has more than %(limit)s MB. Choose fewer years.")
                % {"limit": LARGEST >> 20}
            )
        yield piece
        piece = answer.read(PIECE)


def _answer_text(whole: bytes) -> str:
    words = service_words(whole)
    if not words:
        try:
            # Some refusals have no status but a code and words of their own.
            said = json.loads(whole)
            words = f"{said.get('Code')}: {said.get('Content')}"
        except (ValueError, AttributeError, RecursionError):
            words = ""
    return service_text(words, is_fetched=True)
