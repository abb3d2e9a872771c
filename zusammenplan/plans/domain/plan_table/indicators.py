"""Several indicators that stand in one cell, told apart as a proposal that people check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zusammenplan.plans.domain.plan_table.cells import healed, normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Bullets of all sorts; those of symbol fonts lie in the private use area.
BULLET = re.compile(
    r"\s*[•●◦∙▪▫■□►▶➢➤✓✔☐☑\u00b7\u2023\u2043\ue000-\uf8ff]\s*|(?:^|(?<=\n))\s*(?:[-–—*o]|\d{1,2}[.)])\s+"
)
# “liegt vorVergabeverfahren”: a line break was lost between two sentences.
GLUED = re.compile(r"(?<=[a-zäöüß]{3})(?=[A-ZÄÖÜ][a-zäöüß]{2})")
# Words with a capital inside that are one word.
ONE_WORD = re.compile(
    r"\b(?:\w*(?:gGmbH|GmbH|eG|eV)|(?:You|Face|Whats|Insta|Pay|Linked|Power)[A-Z]\w*)"
)
STATE = re.compile(
    r"\b(?:ist|sind|liegt|liegen|hat|haben|wurden?|wird|werden|besteht|bestehen|gibt|findet|finden"
    r"|steht|stehen|erfolgt|erfolgte|erfolgten)\b"
)
# Nouns with which statements of this kind begin, also as the end of a compound.
OPENER = re.compile(
    r"(?:[\w]+-)?(?:Konzept|Konzeption|Vertrag|Verträge|Vereinbarung|Beschluss|Bericht|Eröffnung"
    r"|Verfahren|Vergabeverfahren|Anzahl|Zahl|Stelle|Personal|Lizenz|Lizenzen|Verwendungsnachweis"
    r"|Verwendungsnachweise|Protokoll|Protokolle|Evaluation|Antrag|Anträge|Netzwerk)"
)
INFINITIVE = re.compile(
    r"\w+ieren|(?:er|ab|an|auf|aus|ein|be|ver|durch|um|vor|sicher|weiter)?(?:fassen|arbeiten|bauen"
    r"|richten|stellen|sichern|führen|setzen|werben|öffnen|bieten|schaffen|wickeln|stimmen|halten)"
)
BY_ITSELF = re.compile(r"[A-ZÄÖÜ][\w-]+")
SHORTEST = 3


def split_indicators(cell: str) -> list[str]:
    """Propose the indicators of a cell: one a bullet, a line, a statement that is complete."""
    found: list[str] = []
    for part in _by_bullets(cell):
        text = healed(normal(part)).strip(" ;,-–—•")
        for glued in _by_lost_breaks(text):
            found += [normal(it).strip(" ;,") for it in _by_clauses(glued)]
    return [text for text in found if len(text) >= SHORTEST]


def joined(parts: Sequence[str], decisions: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """Apply what a person decided: “join” a part to the one before, “leave” a part out."""
    decided = dict(decisions)
    result: list[str] = []
    for index, part in enumerate(parts):
        decision = decided.get(index, "take")
        if decision == "leave":
            continue
        if decision == "join" and result:
            result[-1] = f"{result[-1]} {part}"
        else:
            result.append(part)
    return tuple(result)


def _by_bullets(cell: str) -> Iterator[str]:
    text = cell.replace("\r\n", "\n").replace("\r", "\n").replace("\u00ad", "")
    if BULLET.search(text):
        yield from (part for part in BULLET.split(text) if part and part.strip())
        return
    for piece in text.split(";"):
        yield from _by_lines(piece)


def _by_lines(text: str) -> Iterator[str]:
    """Take lines as statements of their own, unless a line goes on in the next one."""
    kept = ""
    for line in text.split("\n"):
        piece = line.strip()
        if not piece:
            continue
        if kept and (piece[0].islower() or kept.endswith(("-", ",")) or _is_open(kept)):
            kept = f"{kept} {piece}"
            continue
        if kept:
            yield kept
        kept = piece
    if kept:
        yield kept


def _is_open(text: str) -> bool:
    return bool(re.search(r"\b(?:und|oder|der|die|das|des|den|dem|für|mit|von|zu|im|in|an)$", text))


def _by_lost_breaks(text: str) -> Iterator[str]:
    words = {found.start(): found.end() for found in ONE_WORD.finditer(text)}
    last = 0
    for found in GLUED.finditer(text):
        at = found.start()
        if any(start < at < end for start, end in words.items()):
            continue
        yield text[last:at]
        last = at
    yield text[last:]


def _by_clauses(text: str) -> Iterator[str]:
    """Cut before a noun that opens a statement of its own after one that is complete."""
    words = text.split(" ")
    start = 0
    for at in range(2, len(words)):
        before, word = words[at - 1], words[at]
        if not BY_ITSELF.fullmatch(word) or before.endswith((",", ":", "(", ".")):
            continue
        rest = " ".join(words[at:])
        after_noun = bool(BY_ITSELF.fullmatch(before)) and bool(OPENER.fullmatch(word))
        after_verb = bool(INFINITIVE.fullmatch(before))
        if (after_noun or after_verb) and STATE.search(rest) and at - start > 1:
            yield " ".join(words[start:at])
            start = at
    yield " ".join(words[start:])
