"""Two people act at the same moment, each on a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from threading import Barrier, Event

from django.db import connection, transaction

Deed = Callable[[], object]
LONG_ENOUGH = 0.5  # seconds in which the second deed would end if nothing kept it waiting


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

    def overlapping(self, first: Deed, second: Deed) -> tuple[type | None, type | None]:
        """Begin the second while the transaction of the first is still open; give both outcomes."""
        first_is_done, second_has_ended = Event(), Event()

        def first_slowly() -> None:
            first()
            first_is_done.set()
            second_has_ended.wait(LONG_ENOUGH)

        def second_meanwhile() -> None:
            assert first_is_done.wait(30)
            try:
                second()
            finally:
                second_has_ended.set()

        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(self.outcome, first_slowly, transaction.atomic())
            other = pool.submit(self.outcome, second_meanwhile)
            return one.result(), other.result()

    def at_once(self, *deeds: Deed) -> list[type | None]:
        """Do all of them at the same moment; give their outcomes."""
        everybody_is_here = Barrier(len(deeds))

        def run(deed: Deed) -> type | None:
            everybody_is_here.wait(30)
            return self.outcome(deed)

        with ThreadPoolExecutor(len(deeds)) as pool:
            return [done.result() for done in [pool.submit(run, deed) for deed in deeds]]
