"""Signed cookies that remember a personal link, out of reach for scripts."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


def set_cookie(response: HttpResponseBase, name: str, value: str, *, age: timedelta) -> None:
    """Remember a value in the browser for a time."""
    response.set_signed_cookie(
        settings.COOKIE_PREFIX + name,
        value,
        salt=name,
        max_age=int(age.total_seconds()),
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def cookie_of(request: HttpRequest, name: str) -> str:
    """Give the remembered value; nothing where there is none or somebody tampered with it."""
    # Without the prefix it is from before an update; a vote that was going on must not lose it.
    for stored in (settings.COOKIE_PREFIX + name, name):
        if value := request.get_signed_cookie(stored, default="", salt=name):
            return str(value)
    return ""


def cookies_named(request: HttpRequest, beginning: str) -> list[str]:
    """Give the remembered values of all names with this beginning."""
    names = {stored.removeprefix(settings.COOKIE_PREFIX) for stored in request.COOKIES}
    return [cookie_of(request, name) for name in sorted(names) if name.startswith(beginning)]
