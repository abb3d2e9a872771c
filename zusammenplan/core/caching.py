"""What nobody may keep: every answer that does not say itself how long it may be kept."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

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
        if response.status_code == HTTPStatus.NOT_FOUND and _is_public(request):
            response["Cache-Control"] = CACHE_CONTROL
            patch_vary_headers(response, VARY)
        else:
            patch_cache_control(response, private=True, no_store=True)
        return response


def _is_public(request: HttpRequest) -> bool:
    """Tell whether it is a page of a public room, asked for by somebody who is not signed in."""
    found = request.resolver_match
    return (
        request.method in {"GET", "HEAD"}
        and found is not None
        and not PUBLIC_ROOMS.isdisjoint(found.namespaces)
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )
