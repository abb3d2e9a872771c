"""
Whom a value counts: sex and age out of the codes and labels of tables.

``18 bis unter 25 Jahre`` runs from 18 to under 25; ``18 bis 24 Jahre`` holds those of 24 too, so it
runs to under 25 as well. ``18-25`` is read like ``18 bis 25``, unless the table has a group that
begins at 25: then the end belongs to the next group.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from zusammenplan.indicators.domain.shapes import Attribute

# The upper end of an age group without one; no person is that old.
ALL_AGES = 999
OLDEST = 130
LONGEST_OTHER = 200
TOTALS = frozenset(
    {"insgesamt", "total", "zusammen", "gesamt", "alle", "all", "zus.", "insg.", "ins"}
    | {"altersgruppen insgesamt", "geschlecht insgesamt", "beide geschlechter", "both sexes"}
)
TOTAL_CODE = re.compile(r"(?:.*-INS|INSGESAMT|TOTAL|INS)")
SEXES = {
    "m": "m m. gesm männlich männl. maennlich männer mann jungen male males men",
    "f": "w f w. gesw weiblich weibl. frauen frau mädchen female females women",
    "d": "d gesd divers diverse",
}
SEX_OF = {word: sex for sex, words in SEXES.items() for word in words.split()}
# Letters alone may mean anything outside a column of sexes.
SEX_WORDS = {word: sex for word, sex in SEX_OF.items() if len(word.rstrip(".")) > 1}

# Python turns a number of endless digits into an error, and nobody is that old.
AGE = r"\d{1,4}"
YEARS = r"(?:\s*(?:jahr(?:e|en)?|jähr\w*|j\.?|years?(?: old)?|lebensjahr))?"
TO = r"\s*(?:-|–|—|bis|to)\s*"
MORE = r"(?:und|u\.|oder|o\.|and|or)\s*(?:mehr|älter\w*|ä\.?|darüber|over|older|more|above)"
AGE_CODE = re.compile(r"ALT\w*?(?<!\d)(\d{3})(?:B(\d{2,3})|(UM|M)|())")
AGES = (
    # "unter 3 Jahre", "bis unter 3 Jahre", "under 3 years"
    (re.compile(rf"(?:bis )?(?:unter|under|<)\s*({AGE}){YEARS}"), lambda a: (0, a)),
    # "3 bis unter 6 Jahre", "von 3 bis unter 6"
    (
        re.compile(rf"(?:von )?({AGE}){YEARS}{TO}(?:unter|under|<)\s*({AGE}){YEARS}"),
        lambda a, b: (a, b),
    ),
    # "65 Jahre und mehr", "65 und älter", "65+", "ab 65 Jahre", "über 65"
    (re.compile(rf"({AGE}){YEARS}\s*(?:{MORE}|\+){YEARS}"), lambda a: (a, ALL_AGES)),
    (re.compile(rf"(?:ab|from|>=|≥)\s*({AGE}){YEARS}"), lambda a: (a, ALL_AGES)),
    (re.compile(rf"(?:über|over|>)\s*({AGE}){YEARS}"), lambda a: (a + 1, ALL_AGES)),
    # "bis 17 Jahre", "bis einschließlich 17"
    (re.compile(rf"(?:bis|up to)\s*(?:einschl\w*\.? )?({AGE}){YEARS}"), lambda a: (0, a + 1)),
)
FROM_TO = re.compile(rf"({AGE}){YEARS}{TO}({AGE}){YEARS}")
ONE_YEAR = re.compile(rf"({AGE})(?:\s*(?:jahre?|-?jährige?|years?))?")
IN_YEARS = re.compile(r"jahr|jähr|year|alter|\bage\b", re.IGNORECASE)
LEADING = re.compile(
    r"^(?:im alter von|alter:?|davon|darunter|aged?|personen|von)\s+", re.IGNORECASE
)


class Whom(NamedTuple):
    """Whom a value counts: sex, ages from and under, and further sides as text."""

    sex: str = ""
    age_from: int = 0
    age_to: int = ALL_AGES
    other: str = ""


class Ages(NamedTuple):
    """Ages from and under."""

    first: int
    under: int


def sex_of(text: str) -> str | None:
    """Read a sex out of a column of sexes; "" is all of them, None is no sex."""
    word = text.strip().casefold()
    if not word or word in TOTALS or word in {"i", "g"}:
        return ""
    return SEX_OF.get(word)


def sex_in(label: str) -> str | None:
    """Find a sex in a heading, where a letter alone says nothing."""
    return SEX_WORDS.get(label.strip().casefold())


def age_of(text: str, *, beginnings: Collection[int] = ()) -> Ages | None:
    """
    Read a group of ages; None if it is none.

    ``beginnings`` are the ages at which other groups of the same table begin.
    """
    word = " ".join(text.replace("\u00a0", " ").split()).casefold()
    if word in TOTALS or not word:
        return Ages(0, ALL_AGES)
    word = LEADING.sub("", word)
    for pattern, read in AGES:
        if found := pattern.fullmatch(word):
            return _sound(*read(*map(int, found.groups())))
    if found := FROM_TO.fullmatch(word):
        first, last = map(int, found.groups())
        return _sound(first, last if last in beginnings and last > first else last + 1)
    if found := ONE_YEAR.fullmatch(word):
        return _sound(int(found.group(1)), int(found.group(1)) + 1)
    return None


def age_in(label: str) -> Ages | None:
    """Find a group of ages in a heading, which must speak of years or be open to the old."""
    if not IN_YEARS.search(label) and not re.search(r"älter|\d\+", label, re.IGNORECASE):
        return None
    return None if label.strip().casefold() in TOTALS else age_of(label)


def age_of_code(code: str) -> Ages | None:
    """Read a code of the Statistisches Bundesamt: ALT003B06, ALT065UM, ALT020."""
    found = AGE_CODE.fullmatch(code)
    if found is None:
        return None
    first = int(found.group(1))
    if found.group(2):
        return _sound(first, int(found.group(2)))
    return _sound(first, ALL_AGES if found.group(3) else first + 1)


def beginnings_of(texts: Iterable[str]) -> set[int]:
    """Tell at which ages the groups of a table begin, for ``age_of``."""
    ages = (age_of(text) for text in texts)
    return {age.first for age in ages if age is not None and age != (0, ALL_AGES)}


def is_total(attribute: Attribute) -> bool:
    """Tell whether the side stands for all, so that it breaks nothing down."""
    label = attribute.label.strip().casefold()
    if attribute.variable and not attribute.code:
        return True
    return label in TOTALS or bool(TOTAL_CODE.fullmatch(attribute.code))


def whom(breakdown: Iterable[Attribute]) -> Whom:
    """Understand the sides of a breakdown: sex, age, and the rest as sorted text."""
    sex, ages = "", Ages(0, ALL_AGES)
    others = []
    for side in breakdown:
        if is_total(side):
            continue
        if not sex and (found := _sex(side)):
            sex = found
        elif ages == (0, ALL_AGES) and (age := _age(side)):
            ages = age
        else:
            others.append(_as_text(side))
    other = ";".join(sorted(others))
    return Whom(sex, ages.first, ages.under, other)


def _sex(side: Attribute) -> str:
    if side.variable and not (
        side.variable.startswith("GES") or side.variable_label == "Geschlecht"
    ):
        return ""
    return SEX_OF.get(side.code.casefold(), "") or sex_in(side.label) or ""


def _age(side: Attribute) -> Ages | None:
    if side.variable:
        about = f"{side.variable} {side.variable_label}".casefold()
        if not about.startswith("alt") and not re.search(r"\balter|\bage", about):
            return None
        return age_of_code(side.code) or age_of(side.label)
    return age_in(side.label)


def _as_text(side: Attribute) -> str:
    """Write VAR=CODE; without codes the labels, freed of the signs that part sides."""
    text = f"{side.variable or side.variable_label}={side.code or side.label}"
    return re.sub(r"\s+", " ", text.replace(";", ",")).strip("= ")


def _sound(first: int, under: int) -> Ages | None:
    is_sound = 0 <= first < under and first <= OLDEST and (under <= OLDEST + 1 or under == ALL_AGES)
    return Ages(first, under) if is_sound else None
