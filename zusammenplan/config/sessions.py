"""Whoever uses pages stays signed in; whoever leaves the desk does not."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.reauthentication import (
    STATE_SESSION_KEY,
    get_reauthentication_flows,
)
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zusammenplan.people.models.sessions import SessionStore

# Pages that change how somebody comes in.
DEEP_PAGES = {"account_email", "account_devices", "mfa_activate_totp", "mfa_add_webauthn"}


class NoteUseMiddleware:
    """Note that a session was used, if the page asked for it; public pages and polls do not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        session = request.session
        if isinstance(session, SessionStore) and session.accessed:
            session.note_use()
        return response


class SignInAnewMiddleware:
    """
    Let whoever comes in through the directory alone sign in anew before such a page.

    Others are asked for their password or a code again; these have neither, and a session that
    somebody left open or lost would be enough to make a lasting way in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.modified:
            _leave_out_cookies(request.session)
        return response

    def process_view(
        self,
        request: HttpRequest,
        _view: Callable[..., HttpResponse],
        _arguments: tuple[Any, ...],
        _named: dict[str, Any],
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name not in DEEP_PAGES:
            return None
        if not comes_through_directory_alone(request) or has_just_signed_in(request):
            return None
        logout(request)
        messages.info(request, _("Please sign in once more before you change your account."))
        is_page = request.method in {"GET", "HEAD"}
        return redirect_to_login(request.get_full_path() if is_page else reverse("account_home"))


def comes_through_directory_alone(request: HttpRequest) -> bool:
    """Tell whether somebody has neither password nor code that one could ask for again."""
    return request.user.is_authenticated and not get_reauthentication_flows(request.user)


def has_just_signed_in(request: HttpRequest) -> bool:
    row = request.session.row if isinstance(request.session, SessionStore) else None
    span = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    return row is not None and timezone.now() - row.begun_at < span


def _leave_out_cookies(session: SessionBase) -> None:
    """
    Keep no cookies with a form that waits until somebody has proved who they are.

    The library keeps the whole request with the session, and so personal links as they are.
    """
    waiting = session.get(STATE_SESSION_KEY) or {}
    if "request" in waiting:
        kept = json.loads(waiting["request"])
        for name in ("HTTP_COOKIE", "CSRF_COOKIE"):
            kept["META"].pop(name, None)
        waiting["request"] = json.dumps(kept)
