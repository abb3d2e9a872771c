"""
Words as the search compares them, the same when a text is noted and when somebody looks for it.

Lower case, umlauts folded (so that “für”, “fuer” and “FÜR” are one word), the stem of the German
word, and the parts of a compound: “Pflegeberatung” is found by “Beratung”, and looking for it
finds “Beratung zur Pflege”.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from zusammenplan.core.compounds import PARTS

# Numbers such as 2.1 stay whole; a hyphen parts words, a soft hyphen does not.
WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
SOFT_HYPHEN = "\u00ad"
# "ue" is an umlaut, but not in "neue", "Bauer" or "Quelle".
DIGRAPHS = re.compile(r"ae|oe|(?<![aeq])ue")
FOLDED = {"ae": "a", "oe": "o", "ue": "u"}
LONGEST_WORD = 60
WORDS_ASKED = 8
LINKS = ("", "s", "n", "en", "er", "e", "es")
SHORTEST_REST = 4
# They stand in every text, so that they tell nothing of it.
WITHOUT_MEANING = """
ab als am an and auch auf aus bei bis das dem den der des die durch ein eine einem einen einer
eines er es for für im in ist mit nach nicht oder of sich sie sind so the to um und unter vom
von vor war was wenn wer werden wie wird wo zu zum zur über
"""
_stem = snowballstemmer.stemmer("german").stemWord


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word that somebody looks for: its stem, or instead of it all the parts of the compound."""

    word: str
    parts: tuple[str, ...] = ()
    # The last word may be only begun, because people look while they type.
    is_begun: bool = False


def words_to_note(text: str) -> set[str]:
    """Give all words by which the text shall be found: those in it, and the parts of compounds."""
    found: set[str] = set()
    for word in _words(text):
        if stem := _comparable(word):
            found.add(stem)
            found.update(parts_of(word))
    return found


def words_wanted(text: str) -> list[Wanted]:
    """Read what somebody looks for; of very many words the first count."""
    written = _words(text)
    wanted = [
        Wanted(stem, _whole_split(word), is_begun=place == len(written))
        for place, word in enumerate(written, start=1)
        if (stem := _comparable(word))
    ]
    return list(dict.fromkeys(wanted))[:WORDS_ASKED]


def pieces(text: str, wanted: list[Wanted]) -> list[tuple[str, bool]]:
    """Cut the text into pieces, each with whether it is a word that was looked for."""
    cut: list[tuple[str, bool]] = []
    end = 0
    for found in WORD.finditer(text):
        if _is_wanted(found[0], wanted):
            cut += [(text[end : found.start()], False), (found[0], True)]
            end = found.end()
    cut.append((text[end:], False))
    return [(piece, is_hit) for piece, is_hit in cut if piece]


def _is_wanted(word: str, wanted: list[Wanted]) -> bool:
    noted = words_to_note(word)
    return any(
        one.word in noted
        or noted & set(one.parts)
        or (one.is_begun and any(word.startswith(one.word) for word in noted))
        for one in wanted
    )


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).replace(SOFT_HYPHEN, "").lower()
    return [word for word in WORD.findall(plain) if _folded(word) not in STOP_WORDS]


@lru_cache(maxsize=20_000)
def _comparable(word: str) -> str:
    return str(_stem(_folded(word)))[:LONGEST_WORD]


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    word = word.lower().replace("ß", "ss")
    word = DIGRAPHS.sub(lambda found: FOLDED[found[0]], word)
    letters = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


STOP_WORDS = frozenset(map(_folded, WITHOUT_MEANING.split()))
VOCABULARY = {_folded(part): _comparable(part) for part in PARTS}
LONGEST_PART = max(len(part) for part in VOCABULARY)


@lru_cache(maxsize=20_000)
def parts_of(word: str) -> tuple[str, ...]:
    """
    Give the parts of a compound as far as they are known, none for a simple word.

    A word of which only begin or end is known gives that part, as long as the rest is a word's
    length: “Mehrgenerationenhaus” gives all three, “Kegelverein” gives “Verein”.
    """
    if whole := _whole_split(word):
        return whole
    folded = _folded(word)
    for size in range(min(LONGEST_PART, len(folded) - SHORTEST_REST), SHORTEST_REST - 1, -1):
        if part := _part(folded[-size:]):
            return (part,)
        if part := VOCABULARY.get(folded[:size]):
            return (part,)
    return ()


@lru_cache(maxsize=20_000)
def _whole_split(word: str) -> tuple[str, ...]:
    """Take a compound apart into known parts without a rest; the fewest parts win."""
    folded = _folded(word)
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(folded) + 1):
        for begin in range(max(0, end - LONGEST_PART - 2), end):
            if begin not in best or (begin == 0 and end == len(folded)):
                continue
            # Only the last part is inflected; between two parts stands what joins them.
            part = _part(folded[begin:end])
            if part and (end not in best or len(best[begin]) + 1 < len(best[end])):
                best[end] = (*best[begin], part)
    return best.get(len(folded), ())


def _part(text: str) -> str | None:
    for link in LINKS:
        if text.endswith(link) and (part := VOCABULARY.get(text[: len(text) - len(link)])):
            return part
    return None
