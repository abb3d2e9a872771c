"""An indicator's values of an area over time, as published or for one territory."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.indicators.domain.formula import (
    OF_PARTS,
    functions_of,
    quantities_of,
    read_formula,
)
from zusammenplan.indicators.domain.reckoning import reckon
from zusammenplan.indicators.domain.series import Piece, merge
from zusammenplan.indicators.domain.shelf import Counts
from zusammenplan.indicators.models import Quantity
from zusammenplan.indicators.queries.counts import counts_by_version
from zusammenplan.indicators.queries.tree import AreaTree
from zusammenplan.places.queries.territory import TerritoryMap, shares_on

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import date
    from decimal import Decimal

    from zusammenplan.indicators.domain.formula import Node
    from zusammenplan.indicators.domain.shelf import Period
    from zusammenplan.indicators.models import Indicator
    from zusammenplan.places.models import AreaVersion
    from zusammenplan.places.queries.territory import Share

BLOCKED = "x"


@dataclass(frozen=True, slots=True)
class Point:
    """A value in a series; without one, its sign or that it is hidden."""

    starts_on: date
    ends_on: date
    value: Decimal | None
    sign: str
    quality: str
    is_hidden: bool
    is_estimate: bool = False
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(slots=True)
class Series:
    """Values over time, with what must be known to read them."""

    points: list[Point] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def recalculated_series(
    indicator: Indicator, versions: Collection[AreaVersion], *, see_hidden: bool = False
) -> dict[int, Series]:
    """
    Give the series for the territory of versions of areas, by their keys.

    Counts are summed over all areas that became part of the territory, and the indicator is
    computed from the sums. The number of queries does not depend on the number of versions.
    """
    formula = read_formula(indicator.formula, frozenset(indicator.parameters))
    quantities = list(Quantity.objects.filter(code__in=quantities_of(formula)))
    found = {}
    for territory in territories_of(versions, quantities, AreaTree.load()):
        series = Series(notes=_notes(territory, quantities))
        if functions_of(formula) & OF_PARTS and territory.is_merged:
            series.notes.append(
                _("This indicator looks into the parts of an area and cannot be recalculated.")
            )
        else:
            series.points = _points(indicator, formula, territory, see_hidden=see_hidden)
        found[territory.version.pk] = series
    return found


def territories_of(
    versions: Collection[AreaVersion], quantities: Collection[Quantity], tree: AreaTree
) -> Iterator[Territory]:
    """Add up for each version the counts of all areas that became part of its territory."""
    territories = TerritoryMap.load()
    shares = {version.pk: territories.shares_into(version) for version in versions}
    needed = {other for some in shares.values() for other in some}
    counts = dict(counts_by_version([one.pk for one in quantities], tree, versions=needed))
    for version in versions:
        here = shares[version.pk]
        territory = Territory(version, here, counts, tree)
        additive = {one.code for one in quantities if one.is_additive}
        territory.add_up(additive, partial(territories.is_whole, version, here))
        yield territory


class Territory:
    """The counts of all areas that belong to the territory of a version, added up."""

    def __init__(
        self,
        version: AreaVersion,
        shares: Mapping[int, Share],
        counts: Mapping[int, Counts],
        tree: AreaTree,
    ) -> None:
        self.version = version
        self.shares = shares
        self.counts = {other: counts[other] for other in shares if other in counts}
        self.tree = tree
        self.merged = Counts(size=version.area_km2)
        self.refused: set[str] = set()
        # Of which areas the counts of a period are, and whether they are shared out.
        self.made_of: dict[Period, dict[int, Share]] = {}
        self.estimated: set[Period] = set()

    @property
    def is_merged(self) -> bool:
        return any(list(made_of) != [self.version.pk] for made_of in self.made_of.values())

    def add_up(self, additive: Collection[str], is_whole: Callable[[date], bool]) -> None:
        periods = {
            period
            for counts in self.counts.values()
            for known in counts.periods.values()
            for period in known
        }
        for period in sorted(one for one in periods if is_whole(one[1])):
            chosen = {
                other: share
                for other, share in shares_on(self.version, self.shares, period[1]).items()
                if self.tree.places[other].is_valid(period[1])
            }
            # An area of which nothing is known is a gap, and not left out.
            pieces = [
                Piece(self.counts.get(other) or Counts(), share.factor)
                for other, share in chosen.items()
            ]
            self.refused |= merge(pieces, period, self.merged, additive)
            self.made_of[period] = chosen
            if any(share.is_estimate for share in chosen.values()):
                self.estimated.add(period)


def _notes(territory: Territory, quantities: Collection[Quantity]) -> list[str]:
    notes = []
    if territory.refused:
        names = sorted(one.name for one in quantities if one.code in territory.refused)
        notes.append(
            _("Medians, means and published rates cannot be merged. Left out: %(names)s.")
            % {"names": ", ".join(names)}
        )
    if territory.estimated:
        notes.append(
            _("Where an area was split, its counts are shared out; such values are estimates.")
        )
    return notes


def _points(
    indicator: Indicator, formula: Node, territory: Territory, *, see_hidden: bool
) -> list[Point]:
    points = []
    counts = territory.merged
    for period in sorted(counts.periods.get(quantities_of(formula)[0], ()), key=itemgetter(1, 0)):
        found = reckon(formula, counts.at(period), indicator.parameters)
        outcome = found.outcome
        if outcome.value is None and not outcome.sign:
            continue
        hides = bool(outcome.secrecy) and not see_hidden
        points.append(
            Point(
                *period,
                None if hides else outcome.value,
                BLOCKED if hides else outcome.sign,
                outcome.quality,
                bool(outcome.secrecy),
                is_estimate=period in territory.estimated or "s" in outcome.quality,
                numerator=None if hides else found.numerator,
                denominator=None if hides else found.denominator,
            )
        )
    return points
