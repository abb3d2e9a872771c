"""The beginning of a text, where there is no room for all of it."""

import re

from zusammenplan.core.german import like

OPENING_AT_MOST = 180
STOP = re.compile(r"\.(?= )")
# After a letter, a day or one of these words a full stop ends no sentence: z. B., am 3. Oktober.
GOES_ON = re.compile(
    r"\b(?:[^\W\d_]|\d{1,2}|abs|bzw|ca|dr|evtl|exkl|gem|ggf|inkl|insb|lfd|max|mind|mio|mrd|nr|prof"
    r"|sog|st|str|vgl)\Z",
    re.IGNORECASE,
)


def opening(text: str) -> str:
    """Give the first sentence of a text, shortened at a word if it is long."""
    line = text.strip().split("\n", 1)[0].strip()
    stops = (found.start() for found in STOP.finditer(line))
    end = next((at + 1 for at in stops if not GOES_ON.search(line[:at])), len(line))
    return like(text, _cut(line[:end], OPENING_AT_MOST))


def short(text: str, at_most: int = 90) -> str:
    """Shorten a text at a word, on one line."""
    line = " ".join(text.split())
    return like(text, _cut(line, at_most))


def _cut(line: str, at_most: int) -> str:
    if len(line) <= at_most:
        return line
    return line[:at_most].rsplit(" ", 1)[0].rstrip(",;:") + "\N{NO-BREAK SPACE}…"
