"""
A territory's counts over time: what is added up, and what cannot be.

Counts of areas that became one are summed, and ratios computed anew from the sums. Where only a
part of an area came in, its counts are multiplied by its share and marked as estimated. Medians,
means and published rates belong to the area they were published for; they cannot be merged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from zusammenplan.indicators.domain.reckoning import (
    ESTIMATED,
    Datum,
    Group,
    Missing,
    Table,
    from_groups,
    total_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from zusammenplan.indicators.domain.shelf import Counts, Period

UNKNOWN = "."
WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Piece:
    """An area's counts, and how much of the area belongs to the territory."""

    counts: Counts
    factor: Decimal = WHOLE


def merge(
    pieces: Sequence[Piece], period: Period, into: Counts, additive: Collection[str]
) -> set[str]:
    """
    Add up what the pieces of a territory counted in a period.

    Gives the names of quantities that cannot be merged, because they are no counts.
    """
    names = {name for piece in pieces for name in piece.counts.periods if _has(piece, name, period)}
    is_whole = len(pieces) == 1 and pieces[0].factor == WHOLE
    refused = set()
    for name in names:
        if is_whole:
            _copy(pieces[0].counts, name, period, into)
        elif name in additive:
            _add(pieces, name, period, into)
        else:
            refused.add(name)
    return refused


def _has(piece: Piece, name: str, period: Period) -> bool:
    return period in piece.counts.periods[name]


def _copy(counts: Counts, name: str, period: Period, into: Counts) -> None:
    for sex in ("", "m", "f", "d"):
        for group, datum in counts.tables.get((name, sex, period), {}).items():
            into.put(name, sex, period, group, datum)


def _add(pieces: Sequence[Piece], name: str, period: Period, into: Counts) -> None:
    for sex in ("", "m", "f", "d"):
        tables: list[Table] = [
            piece.counts.tables.get((name, sex, period), Table()) for piece in pieces
        ]
        for group in {group for table in tables for group in table}:
            into.put(name, sex, period, group, _sum(pieces, tables, group))


def _sum(pieces: Sequence[Piece], tables: Sequence[Table], group: Group) -> Datum:
    found = []
    for piece, table in zip(pieces, tables, strict=True):
        datum = from_groups(table, group)
        if isinstance(datum, Missing) or datum.value is None:
            sign = datum.sign if isinstance(datum, Missing) else ""
            return Datum(None, sign or UNKNOWN)
        if piece.factor != WHOLE:
            estimate = datum.value * piece.factor
            datum = replace(datum, value=estimate, quality=datum.quality + ESTIMATED)
        found.append(datum)
    return total_of(found)
