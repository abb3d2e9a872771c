"""The cache of the counters of signing in, which a clock that was set back does not hold up."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone

LONGEST = timedelta(hours=1)
"""Longer than anything is counted; see ACCOUNT_RATE_LIMITS."""


class CounterCache(DatabaseCache):
    """
    Django's cache in the database, without what ends later than anything can.

    Such a row is from before the clock was set back. It counts attempts of a time that is still to
    come, and would keep people from signing in until then.
    """

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        self._forget_times_to_come()
        return super().get_many(keys, version)

    def _base_set(self, mode: str, key: str, value: object, timeout: Any = None) -> bool:  # noqa: ANN401 - Django's own
        if mode == "add":
            self._forget_times_to_come()
        return bool(super()._base_set(mode, key, value, timeout))  # type: ignore[misc] # untyped

    def _forget_times_to_come(self) -> None:
        latest = (timezone.now() + LONGEST).astimezone(UTC)
        table = connection.ops.quote_name(self._table)
        with connection.cursor() as cursor:
            ends = connection.ops.adapt_datetimefield_value(_as_stored(latest))
            cursor.execute(f"DELETE FROM {table} WHERE expires > %s", [ends])  # noqa: S608 - our own table


def _as_stored(moment: datetime) -> datetime:
    return moment
