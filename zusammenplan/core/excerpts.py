"""The beginning of a text, where there is no room for all of it."""

from zusammenplan.core.german import like

OPENING_AT_MOST = 180


def opening(text: str) -> str:
    """Give the first sentence of a text, shortened at a word if it is long."""
    line = text.strip().split("\n", 1)[0].strip()
    head, stop, _rest = line.partition(". ")
    line = head + "." if stop else line
    return like(text, _cut(line, OPENING_AT_MOST))


def short(text: str, at_most: int = 90) -> str:
    """Shorten a text at a word, on one line."""
    line = " ".join(text.split())
    return like(text, _cut(line, at_most))


def _cut(line: str, at_most: int) -> str:
    if len(line) <= at_most:
        return line
    return line[:at_most].rsplit(" ", 1)[0].rstrip(",;:") + "\N{NO-BREAK SPACE}…"
