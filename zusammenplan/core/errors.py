"""The pages that say what went wrong, in the site's own voice."""

import errno
import logging
import sys
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from zusammenplan.core.history import GoneMeanwhileError
from zusammenplan.core.limits import TooOftenError

log = logging.getLogger(__name__)

WAIT_SECONDS = 60
# Full, only to be read, or broken.
DISK_FAILS = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM),
    *(errno.EIO, errno.EMFILE, errno.ENFILE),
}
SQLITE_FAILS = (
    *("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR"),
    *("SQLITE_CANTOPEN", "SQLITE_PROTOCOL"),
)
# No connection, only to be read, others were faster, full, not now, shut down, the disk fails.
POSTGRES_FAILS = ("08", "25006", "40", "53", "55", "57", "58")
# The errors, of Django as of the driver, that say nothing but that the database failed.
OF_NO_KIND = ("DatabaseError", "OperationalError", "InterfaceError")


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _refused(
            request,
            413,
            _("This is too large"),
            _(
                "More was sent than any page takes. Go back, leave out or shorten something, or "
                "choose a smaller file. Larger ones are taken over on the server; ask the "
                "administration. Nothing was saved."
            ),
        )
    return _refused(
        request,
        400,
        _("This request cannot be read"),
        _(
            "Something in the address or in the form is damaged. Go back and try again. Your plan "
            "and your marks have not changed."
        ),
    )


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = str(exception.args[0]) if exception.args else ""
    return _refused(
        request,
        403,
        _("This page is not open to you"),
        sentence
        or _(
            "Your account does not have the right to see it. The office that runs this site can "
            "give it to you."
        ),
    )


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refused(
        request,
        404,
        _("There is no page at this address"),
        _("The address may have a typing error, or what stood here has been moved or removed."),
    )


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer without context: whatever failed may fail again in a context processor."""
    # Django calls this while it handles what failed.
    if is_momentary(sys.exc_info()[1]):
        page = render_to_string("503.html", {"is_sent": request.method == "POST"})
        return HttpResponse(page, status=503, headers={"Retry-After": str(WAIT_SECONDS)})
    return HttpResponse(render_to_string("500.html"), status=500)


def is_momentary(failure: BaseException | None) -> bool:
    """Tell whether the program can work again without being changed: database or disk failed it."""
    while failure is not None:
        if _is_from_below(failure):
            return True
        # What failed first counts: on a lost connection the tidying up fails in many ways.
        failure = failure.__cause__ or failure.__context__
    return False


def _is_from_below(failure: BaseException) -> bool:
    if isinstance(failure, OSError):
        return failure.errno in DISK_FAILS
    # Closing a cursor of the server's own, the driver's error comes as it is.
    is_drivers = isinstance(failure, connection.Database.Error)  # type: ignore[attr-defined]
    if not (is_drivers or isinstance(failure, DatabaseError | InterfaceError)):
        return False
    cause = failure if is_drivers else failure.__cause__
    if name := getattr(cause, "sqlite_errorname", ""):
        return name.startswith(SQLITE_FAILS)
    state = getattr(cause, "sqlstate", None) or ""
    # What the library of PostgreSQL says by itself, as that the connection broke while it read an
    # answer, has no state and comes as an error of no further kind.
    is_lost = type(failure).__name__ in OF_NO_KIND and not state
    return is_lost or state.startswith(POSTGRES_FAILS)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _refused(
        request,
        403,
        _("The form has expired"),
        _(
            "For your protection, a form is valid only for the session in which it was opened. Go "
            "back, load the page anew and send the form again. Your browser must accept cookies of "
            "this site for that."
        ),
    )


class TooOftenMiddleware:
    """Answer whoever tried too often, whichever view counted it, and say when to come back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, failure: Exception) -> HttpResponse | None:
        if not isinstance(failure, TooOftenError):
            return None
        response = _refused(request, 429, _("Too many attempts"), str(failure))
        response["Retry-After"] = str(int(failure.wait.total_seconds()))
        return response


class GoneMeanwhileMiddleware:
    """
    Tell whoever sends a form that somebody else has just deleted what it is about.

    Pages look for the record and answer 404; an action that holds it a moment later finds none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, failure: Exception) -> HttpResponse | None:
        if isinstance(failure, GoneMeanwhileError):
            sentence = str(failure)
        elif request.method == "POST" and isinstance(failure, ObjectDoesNotExist):
            log.warning("Something was gone when a form came in", exc_info=failure)
            sentence = _(
                "While you were at it, somebody deleted what you wanted to change. Nothing was "
                "saved."
            )
        else:
            return None
        return _refused(request, 404, _("This is no longer there"), sentence)


@login_not_required
def too_many(request: HttpRequest) -> HttpResponse:
    """Answer so for the library of accounts, which does not tell for how long."""
    sentence = _(
        "For protection, the site waits for a moment after many attempts. Please try again in a "
        "few minutes."
    )
    return _refused(request, 429, _("Too many attempts"), sentence)


class ReadableNotAllowedMiddleware:
    """Say in words, not by a bare 405, that nothing stands at an address for forms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_bare = isinstance(response, HttpResponseNotAllowed) and not response.content
        if not is_bare or request.method != "GET":
            return response
        page = _refused(
            request,
            405,
            _("There is nothing to read at this address"),
            _(
                "A form is sent to it. It does not open by itself, as from a bookmark or from the "
                "list of visited pages. Nothing was changed."
            ),
        )
        page["Allow"] = response["Allow"]
        return page


def _refused(request: HttpRequest, status: int, heading: str, sentence: str) -> HttpResponse:
    return render(
        request, "refused.html", {"heading": heading, "sentence": sentence}, status=status
    )
