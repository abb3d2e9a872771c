"""Which quantity a file counts, and of whom."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from zusammenplan.indicators.domain.quantities import (
    CHANGES,
    NewQuantity,
    fits,
    names_of,
    new_quantity,
)
from zusammenplan.indicators.domain.sides import LONGEST_OTHER, Whom, whom
from zusammenplan.indicators.models import Quantity, QuantityAlias

if TYPE_CHECKING:
    from zusammenplan.indicators.domain.shapes import Kind

DIGEST = 16
# Behind a name: of whom, of which areas, on which day of each year. They make it no other one.
FURTHER_WORDS = re.compile(
    r"\s+(?:insgesamt$|nach\s|am \d+\.\d*|der (?:gemeinden|(?:land)?kreise|kreisfreien|städte)\b)"
)
LANDESAMT = re.compile(r"[a-z]{2}\d{6}")


class Kinds:
    """The quantities that occur, and which of them are counted of whom, each with its number."""

    def __init__(self) -> None:
        self.by_code = {it.code: it for it in Quantity.objects.all()}
        self.aliases: defaultdict[tuple[str, str], list[tuple[frozenset[str], Quantity]]]
        self.aliases = defaultdict(list)
        for alias in QuantityAlias.objects.select_related("quantity"):
            sides = frozenset(alias.other.split(";")) - {""}
            name = alias.statistics, alias.measure.casefold()
            self.aliases[name].append((sides, alias.quantity))
        self.quantities: list[Quantity | NewQuantity] = []
        self.numbers: dict[str, int] = {}
        self.rows: dict[tuple[int, Whom], int] = {}
        self.new: dict[tuple[str, str, str], NewQuantity] = {}
        # Which of them count people, of whom there are never less than none.
        self.of_people: set[int] = set()

    def number(self, kind: Kind) -> int:
        """Give the number of the quantity together with whom it counts."""
        of = whom(kind.breakdown)
        quantity, used = self._quantity(kind, frozenset(of.other.split(";")) - {""})
        of = of._replace(other=_short(set(of.other.split(";")) - {""} - used))
        code = quantity.code
        if code not in self.numbers:
            self.numbers[code] = len(self.quantities)
            self.quantities.append(quantity)
        number = self.rows.setdefault((self.numbers[code], of), len(self.rows))
        if counts_people(quantity):
            self.of_people.add(number)
        return number

    def _quantity(
        self, kind: Kind, sides: frozenset[str]
    ) -> tuple[Quantity | NewQuantity, frozenset[str]]:
        """Find the quantity, and which sides of the breakdown make it this one."""
        measure = kind.measure
        if measure.quantity in self.by_code:
            return self.by_code[measure.quantity], frozenset()
        for name in names_of(measure):
            for statistics in dict.fromkeys((kind.statistics, "")):
                known = [
                    (its, quantity)
                    for its, quantity in self.aliases[statistics, name.casefold()]
                    if its <= sides and fits(quantity.unit_de, measure.unit)
                ]
                if known:
                    its, quantity = max(known, key=lambda pair: len(pair[0]))
                    return quantity, its
        if (same := self._of_our_name(kind)) is not None:
            return same, frozenset()
        at = kind.statistics, measure.code or measure.label, measure.unit
        if at not in self.new:
            taken = {*self.by_code, *(it.code for it in self.new.values())}
            self.new[at] = new_quantity(kind, taken=taken)
        return self.new[at], frozenset()

    def _of_our_name(self, kind: Kind) -> Quantity | None:
        """Find the quantity of the name that a table gives which has no numbers of statistics."""
        if kind.measure.code or (kind.statistics and not LANDESAMT.fullmatch(kind.statistics)):
            return None
        names = {FURTHER_WORDS.split(name.casefold())[0] for name in names_of(kind.measure)}
        found = [
            quantity
            for quantity in self.by_code.values()
            if quantity.name_de.casefold() in names and fits(quantity.unit_de, kind.measure.unit)
        ]
        return found[0] if len(found) == 1 else None


def counts_people(quantity: Quantity | NewQuantity) -> bool:
    """Tell numbers of people from changes of them, by the name, and from all else."""
    name = quantity.name if isinstance(quantity, NewQuantity) else quantity.name_de
    return quantity.is_confidential and not CHANGES.search(name)


def _short(sides: set[str]) -> str:
    """Write further sides sorted; what is too long ends in a digest of the whole."""
    text = ";".join(sorted(sides))
    if len(text) <= LONGEST_OTHER:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:DIGEST]
    return f"{text[: LONGEST_OTHER - DIGEST - 1]}#{digest}"
