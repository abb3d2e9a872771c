"""What was asked, how long each answer took, and what went wrong."""

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median

from bench.databases import postmaster
from bench.server import Server, cpu_seconds_of

EVERY_SECONDS = 1.0
# Memory is flat if its last third needs no more than this beside its first; whoever looks for less
# than five minutes sees a server that still fills what it keeps.
FLAT, LOOKS = 1.1, 300


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of request: how many there were, and within how many ms so many were answered."""

    kind: str
    count: int
    p50: float
    p95: float
    p99: float
    longest: float


@dataclass(slots=True)
class Journal:
    """Notes every request; memory and processor of the server are looked at in between."""

    server: Server
    times: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    # What is no error and yet no plain success: a second editor, a connection opened anew.
    events: Counter[str] = field(default_factory=Counter)
    megabytes: list[float] = field(default_factory=list)
    server_cpu: float = 0.0
    database_cpu: float = 0.0
    own_cpu: float = 0.0
    seconds: float = 0.0

    def note(self, kind: str, seconds: float) -> None:
        self.times.setdefault(kind, []).append(seconds)

    def lines(self) -> list[Line]:
        return [_line(kind, sorted(found)) for kind, found in self.times.items()]

    @property
    def requests(self) -> int:
        return sum(map(len, self.times.values()))

    def thirds(self) -> tuple[float, float]:
        """Give the server's memory in the first and in the last third of the time."""
        third = max(1, len(self.megabytes) // 3)
        return median(self.megabytes[:third]), median(self.megabytes[-third:])

    @property
    def is_flat(self) -> bool:
        first, last = self.thirds()
        return len(self.megabytes) < LOOKS or last <= first * FLAT


def _line(kind: str, found: Sequence[float]) -> Line:
    def within(share: float) -> float:
        return found[min(len(found) - 1, int(len(found) * share))] * 1000

    return Line(kind, len(found), within(0.5), within(0.95), within(0.99), found[-1] * 1000)


class Watch:
    """The time, the memory and the processors that a scene takes."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.began, self.before = time.monotonic(), self._spent()

    def look(self) -> None:
        """Note what the server holds now."""
        # A process that is just being replaced is not there for a moment.
        with suppress(OSError, KeyError):
            self.journal.megabytes.append(self.journal.server.megabytes())

    def end(self) -> None:
        self.look()
        self.journal.seconds = time.monotonic() - self.began
        spent = [after - before for after, before in zip(self._spent(), self.before, strict=True)]
        self.journal.server_cpu, self.journal.database_cpu, self.journal.own_cpu = spent

    def _spent(self) -> list[float]:
        database = postmaster()
        return [
            self.journal.server.cpu_seconds(),
            cpu_seconds_of(database) if database else 0.0,
            time.process_time(),
        ]
