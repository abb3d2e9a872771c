"""
Which tables have to be looked at when counts changed: of what, when, and of which areas.

Areas that share no place, not even by a total over both, are tables of their own: nothing that is
said of one gives anything of the other away. So a small count in one village is a matter of its
county where the county's total is known, and of the village alone where it is not.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Q

from zusammenplan.indicators.actions.secrecy_balances import Balances, Quantities
from zusammenplan.indicators.actions.secrecy_former import FormerTerritories
from zusammenplan.indicators.models import Observation
from zusammenplan.indicators.queries.tree import smallest

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable
    from datetime import date

    from django.db.models import QuerySet

    from zusammenplan.indicators.domain.families import Family
    from zusammenplan.indicators.queries.tree import AreaTree

    Period = tuple[date, date]

AT_ONCE = 2000


class Tables:
    """For each family of quantities the spans of time to be looked at, and which areas."""

    def __init__(
        self,
        tree: AreaTree,
        quantities: Quantities,
        former: FormerTerritories,
        known: dict[Family, dict[Period, set[int]]],
        candidates: dict[Family, dict[Period, set[int]]],
        periods: Collection[Period] | None,
    ) -> None:
        self.tree = tree
        self.quantities = quantities
        self.former = former
        self.known = known
        self.candidates = candidates
        self.periods = periods
        self.balances = Balances(tree, quantities, known)

    @classmethod
    def load(
        cls,
        tree: AreaTree,
        quantities: Collection[int] | None,
        periods: Collection[Period] | None,
        minimum: int,
    ) -> Tables:
        """Read of which quantities, when and where there is something to be hidden, or hidden."""
        secret = Quantities.load()
        of_family = secret.related(quantities)
        rows = Observation.objects.filter(quantity__in=of_family).order_by()
        is_small = Q(value__gt=0, value__lt=minimum)
        if secret.mixed:
            is_small &= ~Q(quantity__in=secret.mixed)
        candidates = _where(rows.filter(is_small | ~Q(secrecy="")), of_family)
        known = _where(rows, of_family) if candidates else {}
        former = FormerTerritories.load(tree)
        return cls(tree, secret, former, known, candidates, periods)

    def families(self) -> list[Family]:
        """Give what to look at; days before what happened between them, which they may cut."""
        return sorted(self.known, key=lambda family: not self.quantities.changes_to(family))

    def spans(self, family: Family) -> dict[Period, set[int]]:
        """Give the spans with the versions of areas that have to do with a hidden count."""
        sought = dict(self.candidates.get(family, {}))
        cut = self.balances.cut_in(family)
        for period, versions in cut.items():
            sought[period] = sought.get(period, set()) | versions
        known = self.known[family]
        found = {}
        for span in _spans(set(known), set(sought)):
            if not self._is_wanted(family, span, cut):
                continue
            places: defaultdict[Hashable, set[int]] = defaultdict(set)
            seeds: set[int] = set()
            for (start, end), versions in known.items():
                if _lies_in(span, (start, end)):
                    for version in versions:
                        places[version].update(smallest(self.tree, version, end))
                    # Whoever kept a sum of before knows something of all its parts together.
                    for one in self.former.on(end):
                        places[one].update(one.territory)
                    seeds |= sought.get((start, end), set())
            # And so does who knows what happened there since, or until then.
            for version in self.balances.versions_beside(family, span):
                places["beside", version].update(smallest(self.tree, version, span[1]))
            found[span] = {one for one in _sharing(places, seeds) if isinstance(one, int)}
        return found

    def _is_wanted(self, family: Family, span: Period, cut: Iterable[Period]) -> bool:
        if self.periods is None or any(_lies_in(span, one) for one in (*self.periods, *cut)):
            return True
        return span[0] == span[1] and self.balances.is_near(family, span[0], self.periods)


def _lies_in(span: Period, period: Period) -> bool:
    return span[0] <= period[0] and period[1] <= span[1]


def _where(
    rows: QuerySet[Observation], of_family: dict[int, Family]
) -> dict[Family, dict[Period, set[int]]]:
    """Give the periods in which rows stand, and the versions of areas."""
    found: defaultdict[Family, defaultdict[Period, set[int]]]
    found = defaultdict(lambda: defaultdict(set))
    for quantity, start, end, version in (
        rows.values_list("quantity_id", "starts_on", "ends_on", "area_version_id")
        .distinct()
        .iterator(chunk_size=AT_ONCE)
    ):
        found[of_family[quantity]][start, end].add(version)
    return {family: dict(some) for family, some in found.items()}


def _sharing(places: dict[Hashable, set[int]], seeds: Iterable[int]) -> set[Hashable]:
    """Give all that share a place with one of the seeds, or with one that does, and so on."""
    at_place: defaultdict[int, list[Hashable]] = defaultdict(list)
    for version, some in places.items():
        for place in some:
            at_place[place].append(version)
    found: set[Hashable] = set()
    waiting: list[Hashable] = list(seeds)
    seen: set[int] = set()
    while waiting:
        version = waiting.pop()
        if version in found:
            continue
        found.add(version)
        for place in places[version] - seen:
            seen.add(place)
            waiting += at_place[place]
    return found


def _spans(known: set[Period], sought: set[Period]) -> list[Period]:
    """
    Give spans in which periods overlap, and something is sought: quarters and their year are one.

    Reference days are no sums over time; each is a table of its own.
    """
    days = {period for period in known if period[0] == period[1]}
    joined: list[Period] = []
    for start, end in sorted(known - days):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    spans = [span for span in joined if any(_lies_in(span, one) for one in sought - days)]
    return sorted([*(days & sought), *spans])
