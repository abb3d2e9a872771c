"""Two people act at the same moment, each on a connection of their own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Barrier, Event
from time import monotonic
from typing import Any

from django.db import connection, transaction

Deed = Callable[[], object]
LONG_ENOUGH = 10  # seconds after which nobody waits for the second deed any more
AGAIN_AND_AGAIN = 0.005  # seconds between two looks at what it does


class Second:
    """The second of two deeds, which the first waits for: it ends, or is kept waiting itself."""

    def __init__(self) -> None:
        self._has_ended, self._wants_to_write = Event(), Event()
        self._backend = 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Do it in here, in its own thread."""
        try:
            if connection.vendor == "postgresql":
                connection.ensure_connection()
                self._backend = connection.connection.info.backend_pid
            with connection.execute_wrapper(self._note):
                yield
        finally:
            self._has_ended.set()

    def wait(self) -> None:
        """Wait for it, within the transaction of the first."""
        given_up = monotonic() + LONG_ENOUGH
        while not self._has_ended.wait(AGAIN_AND_AGAIN) and monotonic() < given_up:
            if self._is_kept_waiting():
                return

    def _note(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(("BEGIN", "INSERT", "UPDATE", "DELETE")):
            self._wants_to_write.set()
        return execute(sql, *rest)

    def _is_kept_waiting(self) -> bool:
        if connection.vendor != "postgresql":
            # Who writes is alone, and here the first writes.
            return self._wants_to_write.is_set()
        # Past Django, which asks nothing more of a transaction that shall be rolled back.
        with connection.connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted)",
                [self._backend],
            )
            return bool(cursor.fetchone()[0])


class Race:
    """Deeds done at once; the refusals that somebody is told are part of the outcome."""

    def __init__(self, *told: type[Exception]) -> None:
        self.told = told

    def outcome(
        self, deed: Deed, held: AbstractContextManager[object] | None = None
    ) -> type | None:
        """Do it on a connection of its own; give the refusal's kind, or nothing."""
        try:
            with held or nullcontext():
                deed()
        except self.told as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    def overlapping(
        self, first: Deed, second: Deed, *, then: Deed = lambda: None
    ) -> tuple[type | None, type | None]:
        """
        Begin the second while the transaction of the first is still open; give both outcomes.

        ``then`` is what remains of the first once the second has ended or is kept waiting.
        """
        first_is_done, other = Event(), Second()

        def first_slowly() -> None:
            first()
            first_is_done.set()
            other.wait()
            then()

        def second_meanwhile() -> None:
            assert first_is_done.wait(30)
            with other.at_work():
                second()

        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(self.outcome, first_slowly, transaction.atomic())
            two = pool.submit(self.outcome, second_meanwhile)
            return one.result(), two.result()

    def at_once(self, *deeds: Deed) -> list[type | None]:
        """Do all of them at the same moment; give their outcomes."""
        everybody_is_here = Barrier(len(deeds))

        def run(deed: Deed) -> type | None:
            everybody_is_here.wait(30)
            return self.outcome(deed)

        with ThreadPoolExecutor(len(deeds)) as pool:
            return [done.result() for done in [pool.submit(run, deed) for deed in deeds]]
