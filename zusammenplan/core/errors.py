"""The pages that say what went wrong, in the site's own voice."""

import errno
import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from zusammenplan.core.limits import TooOftenError

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


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = str(exception.args[0]) if exception.args else ""
    return render(request, "403.html", {"message": sentence}, status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


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
    if not isinstance(failure, DatabaseError | InterfaceError):
        return False
    cause = failure.__cause__
    if name := getattr(cause, "sqlite_errorname", ""):
        return name.startswith(SQLITE_FAILS)
    state = getattr(cause, "sqlstate", None) or ""
    is_lost = isinstance(failure, OperationalError | InterfaceError) and not state
    return is_lost or state.startswith(POSTGRES_FAILS)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def too_often(request: HttpRequest, refusal: TooOftenError) -> HttpResponse:
    """Answer that somebody tried too often, and when to come back."""
    response = render(request, "429.html", {"message": str(refusal)}, status=429)
    response["Retry-After"] = str(int(refusal.wait.total_seconds()))
    return response
