"""The cache of the counters of signing in, which a clock that was set back does not hold up."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone

# Longer than anything is counted; see ACCOUNT_RATE_LIMITS.
LONGEST = timedelta(hours=1)


class CounterCache(DatabaseCache):
    """
    Django's cache in the database, without what is over, and what ends later than anything can.

    The latter is from before the clock was set back. It counts attempts of a time that is still to
    come, and would keep people from signing in until then. Nothing else goes for want of room: who
    guesses at many would make the site forget what was guessed at one.
    """

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        self._forget_other_times()
        return super().get_many(keys, version)

    def add(self, *arguments: Any, **named: Any) -> bool:
        self._forget_other_times()
        return super().add(*arguments, **named)

    def _forget_other_times(self) -> None:
        table = connection.ops.quote_name(self._table)  # type: ignore[attr-defined] # untyped
        # Kept in whole seconds, as Django does.
        now = timezone.now().replace(microsecond=0)
        times = [connection.ops.adapt_datetimefield_value(one) for one in (now, now + LONGEST)]
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s OR expires > %s", times)  # noqa: S608 - our own table
