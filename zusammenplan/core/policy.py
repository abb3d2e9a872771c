"""What browsers may load for a page: the same for every answer that does not say something else."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

HEADER = "Content-Security-Policy"
# With DEBUG, Django answers these by pages of its own, which carry their styles within.
DJANGOS_OWN = {HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR}


class ContentPolicyMiddleware:
    """Send the policy; it is put together once, because polls come by the hundred a second."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = "; ".join(
            " ".join([kind, *sources]) for kind, sources in settings.CONTENT_POLICY.items()
        )

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in DJANGOS_OWN):
            response.headers.setdefault(HEADER, self.policy)
        return response
