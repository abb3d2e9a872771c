"""
How people write a formula: "(Bevölkerung unter 20 + ab 65) je 100 von 20 bis unter 65".

The words come from outside, for this is plain Python and the page has a language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from zusammenplan.indicators.domain.formula import (
    Binary,
    Call,
    Count,
    Minus,
    Name,
    Node,
    Number,
    counts_of,
)
from zusammenplan.indicators.domain.reckoning import (
    Missing,
    add_up,
    ages_of,
)
from zusammenplan.indicators.domain.sides import ALL_AGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from zusammenplan.indicators.domain.reckoning import Lookup

LEAST_BASE = 10
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a language; those with ``%(…)s`` are filled in."""

    quantity: Callable[[str], str]
    number: Callable[[Decimal], str]
    sexes: Mapping[str, str]
    under: str
    since: str
    between: str
    total: str
    per: str
    functions: Mapping[str, str]
    missing: str
    # "Anteil in %": behind a division that gives per cent.
    per_cent: str = "%"


@dataclass(slots=True)
class _Telling:
    words: Words
    parameters: Mapping[str, int]
    # With numbers put in, counts are told by their values.
    lookup: Lookup | None = None
    # A quantity is named once; after that its ages are enough.
    short: bool = False
    named: str = field(default="")


def describe(
    tree: Node, words: Words, parameters: Mapping[str, int], *, is_percent: bool = False
) -> str:
    """Write a formula as people do."""
    rate = rate_of(tree)
    telling = _Telling(words, parameters, short=len({one.name for one in counts_of(tree)}) == 1)
    if rate is None:
        return _told(tree, telling)
    base, above, below = rate
    if is_percent or base < LEAST_BASE:
        telling.short = False
        text = f"{_told(above, telling, 2)} ÷ {_told(below, telling, 3)}"
        if base == 1:
            return text
        return f"{text} × {words.number(base)}{' ' + words.per_cent if is_percent else ''}"
    return words.per % {
        "above": _told(above, telling, 2),
        "number": words.number(base),
        "below": _told(below, telling, 3),
    }


def with_numbers(
    tree: Node,
    words: Words,
    parameters: Mapping[str, int],
    lookup: Lookup,
) -> str:
    """Write a formula with the counts of an area and a period put in."""
    telling = _Telling(words, parameters, lookup)
    rate = rate_of(tree)
    if rate is None:
        return _told(tree, telling)
    base, above, below = rate
    text = f"{_told(above, telling, 2)} ÷ {_told(below, telling, 3)}"
    return text if base == 1 else f"{text} × {words.number(base)}"


def rate_of(tree: Node) -> tuple[Decimal, Node, Node] | None:
    """Give base, upper and lower half of a formula that is nothing but a rate; else None."""
    factor, rest = _factor(tree)
    if isinstance(rest, Binary) and rest.operation == "/":
        inner, above = _factor(rest.left)
        return factor * inner, above, rest.right
    return None


def _factor(tree: Node) -> tuple[Decimal, Node]:
    if isinstance(tree, Binary) and tree.operation == "*":
        if isinstance(tree.left, Number):
            factor, rest = _factor(tree.right)
            return tree.left.value * factor, rest
        if isinstance(tree.right, Number):
            factor, rest = _factor(tree.left)
            return tree.right.value * factor, rest
    return Decimal(1), tree


def count_words(count: Count, words: Words, parameters: Mapping[str, int]) -> str:
    """Name a count: quantity, sex and ages."""
    ages = age_words(ages_of(count, parameters), words)
    return " ".join(filter(None, [words.quantity(count.name), words.sexes.get(count.sex), ages]))


def age_words(ages: tuple[int, int], words: Words) -> str:
    """Name an age group; nothing for everybody."""
    age_from, age_to = ages
    limits = {"from": age_from, "to": age_to}
    if age_from == 0:
        return "" if age_to == ALL_AGES else words.under % limits
    return (words.since if age_to == ALL_AGES else words.between) % limits


def _told(tree: Node, telling: _Telling, within: int = 0) -> str:
    """Write a part; brackets stand where it binds less than what is around it."""
    if isinstance(tree, Binary):
        text, binds = _operation(tree, telling)
    elif isinstance(tree, Minus):
        text, binds = f"{MINUS}{_told(tree.of, telling, 3)}", 1
    elif isinstance(tree, Count):
        text, binds = _count(tree, telling), 4
    elif isinstance(tree, Number):
        text, binds = telling.words.number(tree.value), 4
    elif isinstance(tree, Name):
        text, binds = str(telling.parameters[tree.name]), 4
    else:
        text, binds = _call(tree, telling), 4
    return f"({text})" if binds < within else text


def _operation(tree: Binary, telling: _Telling) -> tuple[str, int]:
    sign = {"+": "+", "-": MINUS, "*": "×", "/": "÷"}[tree.operation]
    binds = 1 if tree.operation in "+-" else 2
    left = _told(tree.left, telling, binds)
    right = _told(tree.right, telling, binds + (tree.operation in "-/"))
    return f"{left} {sign} {right}", binds


def _call(tree: Call, telling: _Telling) -> str:
    lookup = telling.lookup
    if lookup is not None and tree.function in {"earlier", "in_year"}:
        years = tree.arguments[1]
        number = int(years.value) if isinstance(years, Number) else 0
        there = lookup.earlier(number) if tree.function == "earlier" else lookup.in_year(number)
        if there is None:
            return telling.words.missing
        return _told(tree.arguments[0], _Telling(telling.words, telling.parameters, there), 3)
    # What a function does with many values is told by its counts, not by all their numbers.
    plain = _Telling(telling.words, telling.parameters)
    told = {str(at): _told(one, plain) for at, one in enumerate(tree.arguments)}
    return telling.words.functions[tree.function] % told


def _count(count: Count, telling: _Telling) -> str:
    words, parameters = telling.words, telling.parameters
    if telling.lookup is not None:
        found = add_up(telling.lookup, count.name, count.sex, ages_of(count, parameters))
        if isinstance(found, Missing):
            return found.sign or words.missing
        return words.missing if found.value is None else words.number(found.value)
    if telling.short and telling.named == count.name:
        ages = age_words(ages_of(count, parameters), words)
        return " ".join(filter(None, [words.sexes.get(count.sex), ages])) or words.total
    telling.named = count.name
    return count_words(count, words, parameters)
