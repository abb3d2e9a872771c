"""Signing somebody out on one device or on all of them."""

from django.contrib.sessions.backends.base import SessionBase

from zusammenplan.people.models import Session, User
from zusammenplan.people.queries.sessions import BROWSER, told_browser


def begin_session(session: SessionBase, *, agent: str) -> None:
    """Note in a session in which browser it began; throw away those that have ended."""
    session[BROWSER] = told_browser(agent)
    Session.get_session_store_class().clear_expired()


def end_session(user: User, key: str) -> None:
    """Sign the user out on one device."""
    Session.objects.filter(user=user, pk=key).delete()


def end_sessions(user: User, *, but: str | None = None) -> None:
    """Sign the user out on all devices, or on all but one."""
    Session.objects.filter(user=user).exclude(pk=but or "").delete()
