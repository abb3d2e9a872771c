"""
Remember beside the database whom it was to forget: a restored backup knows them again.

A line says which record it was and, as a keyed digest, whose; nobody can be read from it. The file
is in the data folder, which a restore leaves as it is, and in no backup.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from zusammenplan.core.links import derived_key
from zusammenplan.privacy.queries.traces import Fate, Trace, traces_at


def remember(traces: Iterable[Trace]) -> None:
    """Write down what went or lost its address."""
    lines = [f"{trace.mark} {_whose(trace)}\n" for trace in traces if _went(trace)]
    if not lines:
        return
    file = _file()
    file.touch(mode=0o600)
    with file.open("a", encoding="utf-8") as writable:
        writable.writelines(lines)
        writable.flush()
        os.fsync(writable.fileno())


def known_again() -> list[Trace]:
    """Give the records that were written down and are the same person's again."""
    known = set(_lines())
    found = traces_at(mark for mark, _digest in sorted(known))
    return [trace for trace in found if (trace.mark, _whose(trace)) in known]


def _went(trace: Trace) -> bool:
    return trace.verdict.fate != Fate.STAYS


def _whose(trace: Trace) -> str:
    """Tell by a digest whose it is: after a restore a number may be somebody else's."""
    return derived_key(settings.SECRET_KEY, f"{trace.email.lower()}\n{trace.name}")


def _lines() -> Iterator[tuple[str, str]]:
    if not _file().exists():
        return
    for line in _file().read_text(encoding="utf-8").splitlines():
        mark, _space, digest = line.partition(" ")
        yield mark, digest


def _file() -> Path:
    return Path(settings.DATA) / "erased"
