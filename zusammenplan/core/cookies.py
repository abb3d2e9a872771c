"""Signed cookies that remember a personal link, out of reach for scripts."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


def set_cookie(response: HttpResponseBase, name: str, value: str, *, age: timedelta) -> None:
    """Remember a value in the browser for a time."""
    response.set_signed_cookie(
        name,
        value,
        salt=name,
        max_age=int(age.total_seconds()),
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def cookie_of(request: HttpRequest, name: str) -> str:
    """Give the remembered value; nothing where there is none or somebody tampered with it."""
    return str(request.get_signed_cookie(name, default="", salt=name))
