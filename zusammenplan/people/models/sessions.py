"""Who is signed in where: Django's sessions, which also know whose they are and end in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import OperationalError, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zusammenplan.core.locks import without_waiting
from zusammenplan.people.models.users import User

# Use is noted this often within the time of idleness, so that reading pages writes next to nothing.
NOTES = 24


class Session(AbstractBaseSession):
    """A browser in which somebody has signed in (angemeldetes Gerät), or is about to."""

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        null=True,
        related_name="sessions",
        verbose_name=_("user"),
    )
    begun_at = models.DateTimeField(_("signed in"))
    used_at = models.DateTimeField(_("last used"))

    class Meta:
        verbose_name = _("signed-in device")
        verbose_name_plural = _("signed-in devices")

    def __str__(self) -> str:
        # Not its key, as Django would have it: that opens the account.
        return f"{self.begun_at:%d.%m.%Y}"

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore


class SessionStore(DatabaseStore):
    """
    Sessions as Django keeps them, which end after some idleness, and after a day's work anyway.

    Django alone counts anew from each time that it saves one.
    """

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def note_use(self) -> None:
        """Keep a session going that is used, without writing what it holds."""
        now = timezone.now()
        if self.row is None or now - self.row.used_at < _idle() / NOTES:
            return
        ends_at = _end(self.row.begun_at, now)
        try:
            with without_waiting():
                Session.objects.filter(pk=self.session_key).update(used_at=now, expire_date=ends_at)
        except OperationalError:
            return  # a long import writes to SQLite; the next page notes it

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = timezone.now()
        user = data.get(SESSION_KEY)
        # Another key for the same person, as after a new password, is no new beginning.
        is_known = self.row is not None and str(self.row.user_id or "") == str(user or "")
        begun_at = self.row.begun_at if self.row is not None and is_known else now
        self.row = Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined] # untyped
            session_data=self.encode(data),
            expire_date=_end(begun_at, now),
            user_id=user,
            begun_at=begun_at,
            used_at=now,
        )
        return self.row

    def _get_session_from_db(self) -> Session | None:
        self.row = super()._get_session_from_db()  # type: ignore[misc] # untyped
        return self.row


def _end(begun_at: datetime, used_at: datetime) -> datetime:
    return min(used_at + _idle(), begun_at + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def _idle() -> timedelta:
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES)
