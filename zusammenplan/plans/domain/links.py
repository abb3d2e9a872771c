"""What changed between two sets of links, in sentences that fit into a line of the history."""

from collections.abc import Sequence

LONGEST = 100


def link_notes(
    label: str,
    *,
    added: Sequence[str],
    removed: Sequence[str],
    words: tuple[str, str],
    longest: int = LONGEST,
) -> list[str]:
    """
    Tell which links were added and removed, in as many notes as their length demands.

    ``words`` are "added" and "removed" in the language of the history.
    """
    notes: list[str] = []
    for word, names in zip(words, (added, removed), strict=True):
        start = f"{label} {word}: "
        line = ""
        for name in names:
            room = longest - len(start)
            short = name if len(name) <= room else f"{name[: room - 1]}…"
            joined = f"{line}, {short}" if line else short
            if len(joined) > room:
                notes.append(start + line)
                joined = short
            line = joined
        if line:
            notes.append(start + line)
    return notes
