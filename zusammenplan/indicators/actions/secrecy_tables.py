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

from zusammenplan.indicators.domain.families import families
from zusammenplan.indicators.models import Observation, Quantity
from zusammenplan.indicators.queries.tree import smallest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from django.db.models import QuerySet

    from zusammenplan.indicators.actions.secrecy_former import FormerTerritories
    from zusammenplan.indicators.domain.families import Family
    from zusammenplan.indicators.queries.tree import AreaTree

    Period = tuple[date, date]

AT_ONCE = 2000


def tables_in_question(
    tree: AreaTree,
    quantities: Collection[int] | None,
    periods: Collection[Period] | None,
    minimum: int,
    former: FormerTerritories,
) -> dict[Family, dict[Period, set[int]]]:
    """
    Give for each quantity, or family of quantities, the spans of time to be looked at.

    Each with the versions of areas that have to do with a count to be hidden, or hidden so far.
    """
    of_family = _families(quantities)
    rows = Observation.objects.filter(quantity__in=of_family).order_by()
    is_candidate = Q(value__gt=0, value__lt=minimum) | ~Q(secrecy="")
    candidates = _where(rows.filter(is_candidate), of_family)
    if not candidates:
        return {}
    known = _where(rows, of_family)
    return {
        family: _joined(tree, known[family], candidate, periods, former)
        for family, candidate in candidates.items()
    }


def _families(quantities: Collection[int] | None) -> dict[int, Family]:
    """Give each quantity that is secret, and those of its family, with the family."""
    secret = Quantity.objects.filter(is_confidential=True)
    known = families(dict(secret.values_list("pk", "part_of_id")))
    if quantities is None:
        return known
    wanted = {member for one in quantities for member in dict(known.get(one, ()))}
    return {quantity: known[quantity] for quantity in wanted}


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


def _joined(
    tree: AreaTree,
    known: dict[Period, set[int]],
    candidates: dict[Period, set[int]],
    periods: Collection[Period] | None,
    former: FormerTerritories,
) -> dict[Period, set[int]]:
    """Give the spans with the versions of areas that their candidates have to do with."""
    found = {}
    for span in _spans(set(known), set(candidates), periods):
        places: defaultdict[int, set[int]] = defaultdict(set)
        seeds: set[int] = set()
        for (start, end), versions in known.items():
            if span[0] <= start and end <= span[1]:
                for version in versions:
                    places[version].update(smallest(tree, version, end))
                # Whoever kept a sum of before knows something of all its parts together.
                for number, territory in former.on(end).items():
                    places[-number].update(territory)
                seeds |= candidates.get((start, end), set())
        found[span] = {version for version in _sharing(places, seeds) if version > 0}
    return found


def _sharing(places: dict[int, set[int]], seeds: Iterable[int]) -> set[int]:
    """Give all that share a place with one of the seeds, or with one that does, and so on."""
    at_place: defaultdict[int, list[int]] = defaultdict(list)
    for version, some in places.items():
        for place in some:
            at_place[place].append(version)
    found: set[int] = set()
    waiting = list(seeds)
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


def _spans(
    known: set[Period], sought: set[Period], periods: Collection[Period] | None
) -> list[Period]:
    """
    Give spans in which periods overlap: quarters and their year are one table.

    Reference days are no sums over time; each is a table of its own.
    """
    days = {period for period in known if period[0] == period[1]}
    joined: list[Period] = []
    for start, end in sorted(known - days):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    wanted = sought if periods is None else set(periods)

    def has(span: Period, some: Iterable[Period]) -> bool:
        return any(span[0] <= start and end <= span[1] for start, end in some)

    found = [day for day in days if day in sought and (periods is None or day in wanted)]
    spans = [
        span
        for span in joined
        if has(span, sought - days) and (periods is None or has(span, wanted))
    ]
    return sorted([*found, *spans])
