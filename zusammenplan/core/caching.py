"""What nobody may keep or pass on: private pages, and addresses that open something."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from zusammenplan.core.logs import SECRET_ADDRESS

GONE_SECONDS = 5


class KeptOnlyIfSaidMiddleware:
    """
    Keep private pages out of every cache, the browser's too: computers are shared.

    That there is nothing (any more) at an address, a proxy keeps for a moment: it would else keep
    what was there, and hand it out again whenever the program is slow or away.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            if _is_gone_for_all(request, response):
                patch_cache_control(response, public=True, max_age=0, s_maxage=GONE_SECONDS)
                patch_vary_headers(response, ["Cookie"])
            else:
                patch_cache_control(response, private=True, no_store=True)
        return response


def _is_gone_for_all(request: HttpRequest, response: HttpResponseBase) -> bool:
    return (
        response.status_code == HTTPStatus.NOT_FOUND
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not SECRET_ADDRESS.search(request.path)
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
