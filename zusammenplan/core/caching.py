"""What nobody may keep or pass on: private pages, and addresses that open something."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from zusammenplan.core.logs import SECRET_ADDRESS
from zusammenplan.core.public import CACHE_CONTROL, VARY

PUBLIC_ROOMS = {"website", "reports", "api"}


class KeptOnlyIfSaidMiddleware:
    """
    Keep private pages out of every cache, the browser's too: computers are shared.

    That a public page is gone may be kept as the page was: it takes the place of what was
    withdrawn, which a proxy would else show again once the program is away.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        if response.status_code == HTTPStatus.NOT_FOUND and _is_public(request, response):
            response["Cache-Control"] = CACHE_CONTROL
            patch_vary_headers(response, VARY)
        else:
            patch_cache_control(response, private=True, no_store=True)
        return response


def _is_public(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Tell whether it is a page of a public room, asked for by somebody who is not signed in."""
    found = request.resolver_match
    return (
        request.method in {"GET", "HEAD"}
        and found is not None
        and not PUBLIC_ROOMS.isdisjoint(found.namespaces)
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not response.cookies
    )


class SecretAddressMiddleware:
    """
    Let the browser tell no more of an address with a secret than the site's name, not even to us.

    With the style sheets of such a page it would come into the log of the proxy. Telling nothing at
    all would make the browser call its own forms foreign.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if SECRET_ADDRESS.search(request.path):
            response.headers.setdefault("Referrer-Policy", "strict-origin")
        return response
