"""Whoever uses pages stays signed in; whoever leaves the desk does not."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from zusammenplan.people.models.sessions import SessionStore


class NoteUseMiddleware:
    """Note that a session was used, if the page asked for it; public pages and polls do not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        session = request.session
        if isinstance(session, SessionStore) and session.accessed:
            session.note_use()
        return response
