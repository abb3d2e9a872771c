"""Signed cookies, out of reach for scripts: they remember a personal link, or what was done."""

from datetime import timedelta

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
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


class OwnCookieStorage(CookieStorage):
    """Django's messages in a cookie that is named as all others are here."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.cookie_name = f"{settings.COOKIE_PREFIX}zp_messages"


class MessageStorage(FallbackStorage):
    """What was done stands on the next page; what is too long for a cookie lies in the session."""

    storage_classes = (OwnCookieStorage, SessionStorage)
