"""Fill the database that the environment names, let the crowd come, and count what is left."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import django

from bench.load.browser import RefusedError
from bench.load.journal import EVERY_SECONDS, Journal, Watch
from bench.load.size import Size
from bench.server import serving

People = Iterable[Coroutine[Any, Any, None]]


class Place(Protocol):
    """Where a scene plays; afterwards it tells what is not there as it was acknowledged."""

    def faults(self) -> Iterable[str]: ...


def main() -> None:
    size = Size(**json.loads(sys.argv[1]))
    django.setup()
    from bench.load import desk, room

    told = []
    if size.minutes:
        there = room.fill(size)
        told.append(scene("room", size, there, lambda journal: room.people(there, journal, size)))
    if size.editing_minutes:
        work = desk.fill(size)
        told.append(scene("desk", size, work, lambda journal: desk.people(work, journal, size)))
    Path(sys.argv[2]).write_text(json.dumps(told), encoding="utf-8")


def scene(
    name: str, size: Size, place: Place, people: Callable[[Journal], People]
) -> dict[str, Any]:
    busy = os.getloadavg()[0]
    with serving(size.workers) as server:
        journal = Journal(server)
        asyncio.run(_play(people(journal), journal))
    first, last = journal.thirds()
    return {
        "scene": name,
        "busy": busy,
        "lines": [asdict(line) for line in journal.lines()],
        "errors": dict(journal.errors),
        "events": dict(journal.events),
        "faults": list(place.faults()),
        "requests": journal.requests,
        "seconds": journal.seconds,
        "server_cpu": journal.server_cpu,
        "database_cpu": journal.database_cpu,
        "own_cpu": journal.own_cpu,
        "megabytes": journal.megabytes,
        "memory": [first, last],
        "is_flat": journal.is_flat,
    }


async def _play(people: People, journal: Journal) -> None:
    """Let all of them go about their business until the last one has gone."""
    watch = Watch(journal)
    crowd = asyncio.gather(*(_lives(one) for one in people))
    while not crowd.done():
        await asyncio.wait([crowd], timeout=EVERY_SECONDS)
        watch.look()
    watch.end()
    await crowd


async def _lives(person: Coroutine[Any, Any, None]) -> None:
    try:
        await person
    except RefusedError:
        # It stands in the journal; who was refused goes home.
        return


if __name__ == "__main__":
    main()
