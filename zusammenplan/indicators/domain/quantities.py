"""
Which quantity a measure of a file is, and what to make of one that nobody knows.

A name fits only in the same scale: “Tsd. EUR” are not “EUR”, “Prozent” is no number of people.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from zusammenplan.indicators.domain.shapes import Kind, Measure

LONGEST_CODE = 60
LONGEST_NAME = 200
SHARES = re.compile(r"prozent|%|promille|‰", re.IGNORECASE)
THOUSANDS = re.compile(r"\b(?:tsd|tausend|1 ?000)\b", re.IGNORECASE)
MILLIONS = re.compile(r"\b(?:mill|mio|millionen)\b", re.IGNORECASE)
PER = re.compile(r"\b(?:je|pro|per)\b|/", re.IGNORECASE)
NO_SUM = re.compile(
    r"quote|quotient|anteil|durchschnitt|median|mittelwert|mittlere|index|rate\b|veränderung"
    r"|\bje\b|\bpro\b|dichte|intensität|share|average|mean\b|ratio",
    re.IGNORECASE,
)
NO_PEOPLE = re.compile(r"eur|ha\b|qm|qkm|km|jahre|tonne|\bt\b|gwh|kwh|m²|m³|wohnung", re.IGNORECASE)
# A change of a number, or what is left of two of them: these alone may be less than none.
CHANGES = re.compile(
    r"saldo|differenz|änderung|überschuss|zuwachs|rückgang|zunahme|abnahme|gewinn|verlust"
    r"|mehr|weniger|balance|difference|change|surplus|growth|decline|increase|decrease|gain|loss"
    r"|more|fewer|less|\bnet",
    re.IGNORECASE,
)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class NewQuantity:
    """A quantity that a file brings: its code, its name, and what may be done with it."""

    code: str
    name: str
    unit: str
    is_additive: bool
    is_confidential: bool
    statistics: str
    names: tuple[str, ...]


def scale_of(unit: str) -> str:
    """Tell in which scale a unit counts, so that numbers of different ones are never mixed."""
    if SHARES.search(unit):
        return "share"
    if PER.search(unit):
        return f"per {unit.casefold()}"
    if MILLIONS.search(unit):
        return "million"
    return "thousand" if THOUSANDS.search(unit) else ""


def fits(unit: str, other: str) -> bool:
    return not unit or not other or scale_of(unit) == scale_of(other)


def names_of(measure: Measure) -> Iterator[str]:
    """Give the names under which a source may be known, the most exact first."""
    for name in (measure.code, measure.label):
        if name:
            if measure.unit:
                yield f"{name} [{measure.unit}]"
            yield name


def new_quantity(kind: Kind, *, taken: Iterable[str]) -> NewQuantity:
    """Make up a quantity for a measure that nobody knows; its code is a name for formulas."""
    measure = kind.measure
    parts = [measure.code or measure.label, kind.statistics]
    known = set(taken)
    stem = code = _code("_".join(part for part in parts if part)) or "zaehlgroesse"
    number = 2
    while code in known:
        code, number = f"{stem[: LONGEST_CODE - 4]}_{number}", number + 1
    is_additive = can_be_summed(measure)
    return NewQuantity(
        code=code,
        name=(measure.label or measure.code)[:LONGEST_NAME],
        unit=measure.unit[:60],
        is_additive=is_additive,
        is_confidential=is_additive and not NO_PEOPLE.search(measure.unit),
        statistics=kind.statistics[:40],
        names=tuple(name[:300] for name in names_of(measure)),
    )


def can_be_summed(measure: Measure) -> bool:
    """Tell counts from shares, means and rates, which no sum over areas makes."""
    if scale_of(measure.unit) not in {"", "thousand", "million"}:
        return False
    return not NO_SUM.search(measure.label) and measure.unit != "Jahre"


def _code(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(UMLAUTS))
    words = re.sub(r"[^a-z0-9]+", "_", plain.encode("ascii", "ignore").decode())
    code = words.strip("_")[:LONGEST_CODE].rstrip("_")
    return code if not code or code[0].isalpha() else f"q_{code}"[:LONGEST_CODE]
