"""Every page needs a login unless it says otherwise; those that do not never ask who is there."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase


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
