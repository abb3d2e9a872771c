"""Every page needs a login unless it says otherwise; those that do not never ask who is there."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect


class LoginUnlessOpenMiddleware(LoginRequiredMiddleware):
    """
    Django's middleware, which would read session and user for open pages too.

    The poll of the projector's page and the public pages cost no query because of this.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override] # a part of a page is led on by a header
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """
        Lead to the sign-in page, and from there to a page that can be read.

        Whose session ended over an open form comes back to the form: the address it is sent to
        has often nothing to show.
        """
        is_sent = request.method not in {"GET", "HEAD"}
        is_part = request.headers.get("HX-Request") == "true"
        # A script that keeps a draft meanwhile is not what somebody sent; nobody sees its answer.
        is_seen = is_part or request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        if is_sent and is_seen:
            messages.warning(
                request,
                _("You were signed out in the meantime. What you sent last was not saved."),
            )
        back = page_before(request) if is_sent or is_part else request.get_full_path()
        answer = redirect_to_login(
            back, self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        )
        return HttpResponseClientRedirect(answer.url) if is_part else answer


def page_before(request: HttpRequest) -> str:
    """Give the page of this site from which the request comes, else the start page."""
    before = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}, request.is_secure()):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(before)
    return parts._replace(scheme="", netloc="", fragment="").geturl()
