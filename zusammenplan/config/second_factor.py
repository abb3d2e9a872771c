"""Whoever can change much sets up a second step before anything else, if the settings demand it."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zusammenplan.people.permissions import must_have_second_factor

# One's own account, where it is set up; signing out is there too.
OPEN_PAGES = ("account_", "mfa_")


class SecondFactorMiddleware:
    """Lead to the own account until there is a second step; pages without a login stay open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.SECOND_FACTOR_REQUIRED:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        _arguments: tuple[Any, ...],
        _named: dict[str, Any],
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        match, user = request.resolver_match, request.user
        is_open = match is not None and (match.url_name or "").startswith(OPEN_PAGES)
        if is_open or not user.is_authenticated or not must_have_second_factor(user):
            return None
        if Authenticator.objects.filter(user_id=user.pk).exists():
            return None
        return redirect("account_home")
