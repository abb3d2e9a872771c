"""
Balances: who knows two reference days and all that happened between but one thing knows that one.

The change of the population between two days is births less deaths, plus arrivals less departures.
So its change counts as known in the table of what happened, and the sums that a balance gives count
as known in the table of a day. Then what is moved in one table changes nothing in the other. Where
a total of a day is itself too small, the balance is cut: of what was added and of what was
subtracted next to that day, one each is hidden wherever the area is part of it.

Nothing is computed from the counts: a balance with corrections or errors is protected like an exact
one, as if everybody knew the corrections. docs/rules/geheimhaltung.md tells what that means.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from zusammenplan.indicators.domain.families import families, is_balanced, negative, parts_of
from zusammenplan.indicators.models import ALL_AGES, Observation, Quantity
from zusammenplan.indicators.queries.tree import smallest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from zusammenplan.indicators.actions.secrecy_counts import Kind, Row
    from zusammenplan.indicators.domain.families import Family
    from zusammenplan.indicators.domain.secrecy import Side
    from zusammenplan.indicators.queries.tree import AreaTree

    Period = tuple[date, date]

A_DAY = timedelta(days=1)
FLOW = ("area_version_id", "quantity_id", "sex", "other", "starts_on", "ends_on")


class Known(NamedTuple):
    """What a balance tells everybody: a count that need not be kept, of an area's version."""

    version: int
    kind: Kind
    # Of which innermost areas the version is made.
    places: Side


class Cut(NamedTuple):
    """Where a balance must tell nothing: which areas, next to which day."""

    change: int
    within: Side
    day: date


@dataclass(frozen=True, slots=True)
class _Flow:
    """Of what something is known to have happened, for whom and when."""

    version: int
    quantity: int
    sex: str
    other: str
    starts_on: date
    ends_on: date


class Quantities:
    """The quantities that are secret, what they are parts of, and what they are changes of."""

    def __init__(self, rows: Iterable[tuple[int, int | None, bool, int | None]]) -> None:
        known = list(rows)
        self.part_of = {pk: total for pk, total, _is_subtracted, _stock in known}
        self.families = families(self.part_of)
        self.negative = negative(self.part_of, {pk for pk, _total, minus, _stock in known if minus})
        # Each change of a quantity, with the quantity.
        self.changes = {
            pk: stock
            for pk, _total, _is_subtracted, stock in known
            if stock in self.part_of and self.families[pk] != self.families[stock]
        }

    @classmethod
    def load(cls) -> Quantities:
        """Read them with one query."""
        secret = Quantity.objects.filter(is_confidential=True)
        return cls(secret.values_list("pk", "part_of_id", "is_subtracted", "change_of_id"))

    def related(self, quantities: Collection[int] | None) -> dict[int, Family]:
        """Give the quantities that the wanted ones have to do with, each with its family."""
        if quantities is None:
            return self.families
        wanted = {self.families[one] for one in quantities if one in self.families}
        for change, stock in self.changes.items():
            pair = {self.families[change], self.families[stock]}
            if pair & wanted:
                wanted |= pair
        return {one: family for family in wanted for one, _side in family}

    @cached_property
    def mixed(self) -> frozenset[int]:
        """Give the quantities of which some parts are added and others subtracted."""
        return frozenset(
            one
            for one, family in self.families.items()
            if len({part in self.negative for part in dict(family)[one]}) > 1
        )

    def changes_in(self, family: Family) -> list[int]:
        return [one for one, _side in family if one in self.changes]

    def changes_to(self, family: Family) -> list[int]:
        """Give the changes of a family's quantities."""
        return [change for change, stock in self.changes.items() if self.families[stock] == family]

    def is_linked(self, family: Family) -> bool:
        return bool(self.changes_in(family) or self.changes_to(family))


class Balances:
    """The balances of the tables that are looked at."""

    def __init__(
        self,
        tree: AreaTree,
        quantities: Quantities,
        known: Mapping[Family, Mapping[Period, Collection[int]]],
    ) -> None:
        self.tree = tree
        self.quantities = quantities
        self.known = known
        self.parts = parts_of(quantities.part_of)
        self.cuts: list[Cut] = []

    def is_near(self, family: Family, day: date, periods: Collection[Period]) -> bool:
        """Tell whether what happened in one of the periods has to do with a day by a balance."""
        return bool(self.quantities.changes_to(family)) and any(
            _is_next_to(period, day) for period in periods
        )

    def told(self, family: Family, rows: Sequence[Row]) -> list[Known]:
        """Give what a table's counts are bound to by balances."""
        if not rows or not self.quantities.is_linked(family):
            return []
        return [*self._changes(family, rows), *self._totals(family, rows)]

    def _changes(self, family: Family, rows: Sequence[Row]) -> Iterator[Known]:
        """
        Give the changes that everybody knows from two reference days.

        Days that are not kept here may be published elsewhere, or come with the next import.
        """
        flows = [
            _Flow(row.version, row.quantity, row.sex, row.other, row.starts_on, row.ends_on)
            for row in rows
            if row.starts_on != row.ends_on
        ]
        for change in self.quantities.changes_in(family):
            for at in self._balanced(change, flows):
                kind = (change, at.sex, 0, ALL_AGES, at.other, at.starts_on, at.ends_on)
                yield self._known(at, kind)

    def _totals(self, family: Family, rows: Sequence[Row]) -> Iterator[Known]:
        """Give the totals of a day that everybody knows from what happened before or after it."""
        day = rows[0].ends_on
        if rows[0].starts_on != day or not self.versions_beside(family, (day, day)):
            return
        versions = {row.version for row in rows}
        here = {place for one in versions for place in smallest(self.tree, one, day)}
        others = {"", *(row.other for row in rows)}
        for change in self.quantities.changes_to(family):
            stock = self.quantities.changes[change]
            flows = [
                _Flow(*row)
                for period in self._periods_beside(change, day)
                for row in Observation.objects.filter(
                    quantity__in=dict(self.quantities.families[change]),
                    starts_on=period[0],
                    ends_on=period[1],
                    value__isnull=False,
                ).values_list(*FLOW)
            ]
            for at in self._balanced(change, flows):
                if at.other in others and self.tree.places[at.version].is_valid(day):
                    known = self._known(at, (stock, at.sex, 0, ALL_AGES, at.other, day, day))
                    if known.places & here:
                        yield known

    def versions_beside(self, family: Family, span: Period) -> set[int]:
        """Give the areas of which it is known what happened next to a day."""
        if span[0] != span[1]:
            return set()
        return {
            version
            for change in self.quantities.changes_to(family)
            for period in self._periods_beside(change, span[1])
            for version in self.known[self.quantities.families[change]][period]
            if self.tree.places[version].is_valid(span[1])
        }

    def _periods_beside(self, change: int, day: date) -> list[Period]:
        family = self.quantities.families[change]
        return [period for period in self.known.get(family, {}) if _is_next_to(period, day)]

    def _known(self, at: _Flow, kind: Kind) -> Known:
        return Known(at.version, kind, frozenset(smallest(self.tree, at.version, kind[-1])))

    def _balanced(self, change: int, flows: Iterable[_Flow]) -> Iterator[_Flow]:
        """Give where, of whom and when the balance closes, as what happened in total."""
        known: defaultdict[tuple[int, str, date, date], defaultdict[str, set[int]]]
        known = defaultdict(lambda: defaultdict(set))
        for one in flows:
            at = known[one.version, one.other, one.starts_on, one.ends_on]
            at[one.sex].add(one.quantity)
            # Both sexes make everybody; so everybody may be known, too.
            at[""].add(one.quantity)
        for (version, other, start, end), sexes in known.items():
            for sex, some in sexes.items():
                if is_balanced(self.parts, change, some, self.quantities.negative):
                    yield _Flow(version, change, sex, other, start, end)

    def cut(self, family: Family, broken: Iterable[tuple[date, Side]]) -> None:
        """Let the balances with a day tell nothing about some areas."""
        self.cuts += [
            Cut(change, side, day)
            for change in self.quantities.changes_to(family)
            for day, side in broken
        ]

    def cut_in(self, family: Family) -> dict[Period, set[int]]:
        """Give the periods and versions of a family of which something is lost to a cut."""
        found: defaultdict[Period, set[int]] = defaultdict(set)
        for cut in self.cuts:
            if cut.change not in dict(family):
                continue
            for period, versions in self.known.get(family, {}).items():
                if _is_next_to(period, cut.day):
                    found[period].update(
                        one
                        for one in versions
                        if not cut.within.isdisjoint(smallest(self.tree, one, period[1]))
                    )
        return found

    def is_lost(self, family: Family, row: Row, within: Side) -> bool:
        """Tell whether a cut hides a count: what is added last, and what is subtracted last."""
        if not self.cuts:
            return False
        of_family = dict(family)
        return any(
            cut.change in of_family
            and _is_next_to((row.starts_on, row.ends_on), cut.day)
            and not cut.within.isdisjoint(within)
            and not of_family[row.quantity].isdisjoint(self._cut_parts(of_family[cut.change]))
            for cut in self.cuts
        )

    def _cut_parts(self, side: Side) -> set[int]:
        minus = side & self.quantities.negative
        return {max(some) for some in (minus, side - minus) if some}


def _is_next_to(period: Period, day: date) -> bool:
    """Tell whether what happened in a period changed a count of the day, or that of the next."""
    return period[0] != period[1] and period[0] - A_DAY <= day <= period[1]
