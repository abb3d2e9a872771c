"""
Remember beside the database whom it was to forget: a restored backup knows them again.

A line says which record it was, as a keyed digest a name or an address of whose it was, and when
they went; nobody can be read from it. The file is in the data folder, which a restore leaves as it
is, and in no backup. A database that has that moment in its own log has let them go: what stands in
the record now was entered afterwards, and stays.
"""

import os
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from zusammenplan.core.links import derived_key
from zusammenplan.privacy.models import Erasure
from zusammenplan.privacy.queries.traces import Fate, Trace, names_of, traces_at

# A line that was cut off has fewer words, and is none.
LINE = re.compile(r"^(\S+) (\S+) (\S+)$", re.MULTILINE)


def lines_about(traces: Iterable[Trace], *, now: datetime) -> list[str]:
    """Say whose the records are that go or lose their address, while it still stands in them."""
    return [
        f"{trace.mark} {_digest(name)} {now.isoformat()}"
        for trace in traces
        if trace.verdict.fate != Fate.STAYS
        # A backup may know them as they were called before.
        for name in sorted(names_of(trace))
    ]


def remember(lines: Iterable[str]) -> None:
    """Write the lines down, in one piece: others may do so at the same moment."""
    # A line break first: where a machine stopped within a line, that one is spoilt and no other.
    text = "\n".join(["", *lines, ""])
    with open(_file(), "ab", opener=_for_its_owner) as file:
        file.write(text.encode("ascii"))
        file.flush()
        os.fsync(file.fileno())


def known_again() -> list[Trace]:
    """Give the records that were written down, are the same person's again, and may go."""
    here = {
        erased_at.isoformat() for erased_at in Erasure.objects.values_list("erased_at", flat=True)
    }
    known = {whose for whose, erased_at in _lines().items() if erased_at not in here}
    found = traces_at(mark for mark, _digest in sorted(known))
    return [trace for trace in found if trace.verdict.fate != Fate.STAYS and known & _said(trace)]


def _said(trace: Trace) -> set[tuple[str, str]]:
    names = {trace.name, trace.email.lower()} - {""}
    return {(trace.mark, _digest(name)) for name in names}


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _digest(name: str) -> str:
    """Tell by a digest whose it is: after a restore a number may be somebody else's."""
    return derived_key(settings.SECRET_KEY, name)


def _lines() -> dict[tuple[str, str], str]:
    """Give, by record and digest, when they went last."""
    if not _file().exists():
        return {}
    text = _file().read_text(encoding="ascii", errors="replace")
    return {(mark, digest): erased_at for mark, digest, erased_at in LINE.findall(text)}


def _file() -> Path:
    return Path(settings.DATA) / "erased"
