"""How the counts of a territory were added up, in words: of which areas, or parts of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zusammenplan.indicators.domain.formula import (
    OF_ANOTHER_TIME,
    Binary,
    Call,
    Count,
    Minus,
    Number,
)
from zusammenplan.indicators.domain.reckoning import Datum, add_up, ages_of
from zusammenplan.indicators.domain.wording import count_words
from zusammenplan.indicators.queries.words import number_text, period_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from zusammenplan.indicators.domain.formula import Node
    from zusammenplan.indicators.domain.shelf import Period, Shelf
    from zusammenplan.indicators.domain.wording import Words
    from zusammenplan.indicators.queries.series import Territory


def areas_at(formula: Node, territory: Territory, period: Period) -> set[int]:
    """Give the versions of areas whose counts stand behind a value of the territory."""
    found: set[int] = set()
    for count, shelf in _asked(formula, territory.merged.at(period)):
        found |= territory.made_of.get(shelf.answering(count.name) or period, {}).keys()
    return found


def made_of_words(territory: Territory, versions: Collection[int]) -> list[str]:
    """Name the areas that were added up, until when each was, and of which only a part came in."""
    shares = territory.shares
    told = []
    for place in sorted(
        (territory.tree.places[pk] for pk in versions), key=lambda one: (one.name, one.pk)
    ):
        words = []
        if place.valid_to:
            day = date_format(place.valid_to, "SHORT_DATE_FORMAT")
            words.append(_("until %(day)s") % {"day": day})
        if shares[place.pk].is_estimate:
            part = number_text(shares[place.pk].factor * 100)
            words.append(_("%(part)s %% of its counts, estimated") % {"part": part})
        told.append(f"{place.name} ({', '.join(words)})" if words else place.name)
    return told


def sums_of(
    formula: Node,
    words: Words,
    parameters: Mapping[str, int],
    territory: Territory,
    shelf: Shelf,
    *,
    see_hidden: bool,
) -> list[tuple[str, str]]:
    """
    Write each count of the formula as the sum of the counts of the areas.

    Nothing where one of them is hidden, for the total and the others would tell it.
    """
    found: dict[tuple[str, str], None] = {}
    for count, there in _asked(formula, shelf):
        period = there.answering(count.name)
        total = add_up(there, count.name, count.sex, ages_of(count, parameters))
        if period is None or not isinstance(total, Datum) or total.value is None:
            continue
        parts = []
        for version, share in sorted(
            territory.made_of[period].items(),
            key=lambda one: (territory.tree.places[one[0]].name, one[0]),
        ):
            # Each of them has counts, for otherwise there would be no total.
            counts = territory.counts[version].shelf(period, is_exact=True)
            part = add_up(counts, count.name, count.sex, ages_of(count, parameters))
            if not isinstance(part, Datum) or part.value is None:
                break
            if part.secrecy and not see_hidden:
                return []
            factor = f"{words.number(share.factor)} × " if share.is_estimate else ""
            name = territory.tree.places[version].name
            parts.append(f"{factor}{words.number(part.value)} ({name})")
        else:
            name = count_words(count, words, parameters)
            if period != shelf.period:
                name = f"{name}, {period_text(*period)}"
            found[name, f"{' + '.join(parts)} = {words.number(total.value)}"] = None
    return list(found)


def _asked(node: Node, shelf: Shelf) -> Iterator[tuple[Count, Shelf]]:
    """Give the counts of a formula, each with the time at which it is asked for."""
    if isinstance(node, Count):
        yield node, shelf
    elif isinstance(node, Minus):
        yield from _asked(node.of, shelf)
    elif isinstance(node, Binary):
        yield from _asked(node.left, shelf)
        yield from _asked(node.right, shelf)
    elif isinstance(node, Call):
        there: Shelf | None = shelf
        years = node.arguments[-1]
        if node.function in OF_ANOTHER_TIME and isinstance(years, Number):
            number = int(years.value)
            is_before = node.function == "earlier"
            there = shelf.earlier(number) if is_before else shelf.in_year(number)
        for argument in node.arguments if there else ():
            yield from _asked(argument, there or shelf)
