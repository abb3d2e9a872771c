"""
How hard a German text is to read: first Wiener Sachtextformel and LIX.

The Wiener Sachtextformel (Bamberger and Vanecek, 1984) names the school year in which a text is
understood. LIX (Björnsson, 1968) needs no syllables and stands beside it as a second opinion.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

# Words of more letters than this are long, in both formulas.
LONG_WORD = 6
MANY_SYLLABLES = 3
# With fewer words a formula says nothing.
FEWEST_WORDS = 5
# The formula is made for the school years 4 to 15.
FIRST_YEAR, LAST_YEAR = 4, 15

WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,:]\d+)*")
END = re.compile(r"[.!?…]+[)\"“”»«’']*(?=\s|$)")
LINE_END = re.compile(r"\n\s*\n|\n(?=\s*(?:[-•*–]|[A-ZÄÖÜ0-9„\"]))")
# A dot after these ends no sentence.
ABBREVIATIONS = frozenset(
    (
        *("z", "b", "d", "h", "u", "a", "o", "ä", "s", "e", "v", "i", "bzw", "ca", "evtl", "ggf"),
        *("inkl", "nr", "str", "tel", "usw", "vgl", "dr", "prof", "abs", "art", "bspw", "sog"),
        *("jan", "feb", "mrz", "apr", "jun", "jul", "aug", "sep", "sept", "okt", "nov", "dez"),
    )
)
# What is heard as one vowel. That of "Quelle" and "Yoga" is a consonant; "Ferien" ends in two.
SOUND = re.compile(
    r"aa|ee|oo|[ae][iy]|[aeä]u|o[iuy]|i(?=en$)|ie|(?<!q)u|y(?![aeou])|[aeioäöüàáâèéêëïóô]"
)


class Ease(StrEnum):
    """How easily a text is read."""

    VERY_EASY = "very_easy"
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"
    VERY_HARD = "very_hard"


# The last school year of each step.
STEPS = ((5, Ease.VERY_EASY), (7, Ease.EASY), (10, Ease.MEDIUM), (12, Ease.HARD))


@dataclass(frozen=True, slots=True)
class Readability:
    """What the formulas say about a text."""

    words: int
    sentences: int
    school_year: float
    lix: float

    @property
    def ease(self) -> Ease:
        return next((ease for last, ease in STEPS if self.year <= last), Ease.VERY_HARD)

    @property
    def year(self) -> int:
        """Give the school year, within those that the formula knows."""
        return min(max(round(self.school_year), FIRST_YEAR), LAST_YEAR)


def readability(text: str) -> Readability | None:
    """Measure a text; one of fewer than five words says nothing."""
    words = words_in(text)
    if len(words) < FEWEST_WORDS:
        return None
    sentences = max(len(sentences_in(text)), 1)
    return Readability(
        len(words), sentences, _school_year(words, sentences), _lix(words, sentences)
    )


def words_in(text: str) -> list[str]:
    """Give the words; what a hyphen or a middle dot parts is read as two."""
    return WORD.findall(text)


def sentences_in(text: str) -> list[str]:
    """Give the sentences; a line that begins anew is one too, as in Leichte Sprache."""
    found = []
    for line in LINE_END.split(text):
        start = 0
        for end in END.finditer(line):
            if _is_abbreviated(line[start : end.start()], end[0], line[end.end() :]):
                continue
            found.append(line[start : end.end()])
            start = end.end()
        found.append(line[start:])
    return [sentence.strip() for sentence in found if WORD.search(sentence)]


def syllables(word: str) -> int:
    """Count the syllables of a German word; a number counts as one."""
    return max(len(SOUND.findall(word.lower())), 1)


def _school_year(words: list[str], sentences: int) -> float:
    total = len(words)
    counts = [syllables(word) for word in words]
    many = 100 * sum(count >= MANY_SYLLABLES for count in counts) / total
    one = 100 * sum(count == 1 for count in counts) / total
    long = 100 * _long_words(words) / total
    return 0.1935 * many + 0.1672 * total / sentences + 0.1297 * long - 0.0327 * one - 0.875


def _lix(words: list[str], sentences: int) -> float:
    return len(words) / sentences + 100 * _long_words(words) / len(words)


def _long_words(words: list[str]) -> int:
    return sum(len(word) > LONG_WORD for word in words)


def _is_abbreviated(before: str, sign: str, after: str) -> bool:
    """Tell whether the dot belongs to “z. B.”, “Nr.” or “3. Mai” rather than ends a sentence."""
    if not sign.startswith(".") or len(sign) > 1 or not after.strip():
        return False
    last = re.search(r"(\w+)$", before)
    return last is not None and (last[1].isdecimal() or last[1].lower() in ABBREVIATIONS)
