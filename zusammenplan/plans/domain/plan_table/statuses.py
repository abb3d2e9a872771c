"""The words that people write for where a measure stands."""

from __future__ import annotations

import re

STATUS_WORDS = {
    "idea": r"idee|ideensammlung|vorschlag|idea|proposal",
    "planned": (
        r"(ist )?(geplant|in (planung|vorbereitung)|vorgesehen|offen|noch offen|neu)"
        r"|noch nicht (umgesetzt|erledigt|erreicht|begonnen|realisiert)|planned|open|new"
    ),
    "running": (
        r"(läuft|laufend|in umsetzung|in arbeit|begonnen|gestartet|fortlaufend|dauerhaft)( bis.*)?"
        r"|running|ongoing|in progress|started"
    ),
    "partly_done": r"(teilweise|zum teil|teils) (umgesetzt|erledigt|erreicht)|partly done",
    "done": (
        r"(vollständig )?(umgesetzt|erledigt|abgeschlossen|erreicht|realisiert|fertig)"
        r"|done|completed"
    ),
    "not_done": r"nicht (umgesetzt|erledigt|erreicht|begonnen|realisiert)|not done",
    "dropped": r"entfallen|entfällt|verworfen|gestrichen|eingestellt|dropped",
    "carried_over": r"(wird )?(fortgeführt|fortgeschrieben|weitergeführt|übernommen)|carried over",
}


def status_of(words: str) -> str | None:
    """Give the status that the words name, if they name one."""
    plain = words.casefold().strip(" .")
    for status, pattern in STATUS_WORDS.items():
        if re.fullmatch(pattern, plain) or plain == status:
            return status
    return None


PROGRESS = re.compile(r"(?:ca\.? ?)?(\d{1,3})(?:[.,]\d+)? ?(?:%|prozent|percent)?", re.IGNORECASE)
SHARE = re.compile(r".*\d ?(?:%|prozent|percent)", re.IGNORECASE)
ALL = 100


def is_share(words: str) -> bool:
    """Tell whether the words are so many per cent, and not just a number."""
    return SHARE.fullmatch(words.strip()) is not None


def status_of_progress(words: str) -> str | None:
    """Propose the status that a progress such as “75 %” says; a person checks it."""
    found = PROGRESS.fullmatch(words.strip())
    if found is None or int(found[1]) > ALL:
        return status_of(words)
    share = int(found[1])
    if share == 0:
        return "planned"
    return "done" if share == ALL else "running"
