"""Towers of headings: what a column of values counts, of whom, in which unit and when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from zusammenplan.indicators.domain.shapes import Attribute, Measure
from zusammenplan.indicators.domain.sides import TOTALS, age_in, sex_in
from zusammenplan.indicators.domain.times import read_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zusammenplan.indicators.domain.times import Time

UNITS = frozenset(
    {"Anzahl", "Prozent", "EUR", "Tsd. EUR", "Mill. EUR", "Euro", "ha", "qm", "qkm", "1000", "km²"}
    | {"Jahre", "EUR/qm", "Tsd. qm", "1000 EUR", "je EW", "je 1000 EW", "t", "GWh", "%", "Personen"}
    | {"Fälle", "je 1000 Einwohner", "je 1 000 Einwohner", "‰", "Promille", "je km²", "Haushalte"}
)
# "Bevölkerung am 31.12.2023" counts what "Bevölkerung am 31.12.2022" does.
TIME_IN_A_TITLE = re.compile(
    r"[,;]?\s*\b(?:am|zum|im jahr|jahr|stichtag:?|stand:?)\s+"
    r"(?:\d{1,2}\.\s?\d{1,2}\.\s?)?(?:19|20)\d{2}\b|[,;]?\s+(?:19|20)\d{2}$",
    re.IGNORECASE,
)
WITH_UNIT = re.compile(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]")


class Column(NamedTuple):
    """What the headings of a column say."""

    time: Time | None
    label: str
    unit: str
    sides: tuple[Attribute, ...]


def understand(heads: Iterable[str]) -> Column:
    """Part the headings of a column, top down, into time, unit, sex and age, and the rest."""
    time, unit = None, ""
    words: list[str] = []
    sides: list[Attribute] = []
    for head in heads:
        head = " ".join(head.split())  # noqa: PLW2901 - the same heading without its line breaks
        if not head or head in words:
            continue
        if time is None and (found := read_time(head)):
            time = found
        elif head in UNITS:
            unit = head
        elif is_side(head):
            sides.append(Attribute("", "", "", head))
        elif head.casefold() not in TOTALS:
            words.append(head)
    label = " – ".join(words)
    if not unit and (found_unit := WITH_UNIT.fullmatch(label)) and found_unit.group(2) in UNITS:
        label, unit = found_unit.groups()
    return Column(time, label, unit, tuple(sides))


def is_side(head: str) -> bool:
    """Tell whether a heading names a sex or a group of ages."""
    return bool(sex_in(head)) or age_in(head) is not None


def measure_of_titles(titles: Iterable[str]) -> Measure:
    """Find what the whole table counts: a last line such as “Bevölkerungsstand (Anzahl)”."""
    lines = [TIME_IN_A_TITLE.sub(" ", line).strip() for line in titles]
    lines = [" ".join(line.split()) for line in lines if line]
    for line in reversed(lines):
        if (found := WITH_UNIT.fullmatch(line)) and found.group(2) in UNITS:
            return Measure("", found.group(1).strip(), found.group(2))
    return Measure("", lines[0] if lines else "", "")
