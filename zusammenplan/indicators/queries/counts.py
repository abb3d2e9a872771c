"""Counts of areas, read in bulk and area by area."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from zusammenplan.indicators.domain.reckoning import Datum
from zusammenplan.indicators.domain.shelf import Counts
from zusammenplan.indicators.models import Observation, Quantity
from zusammenplan.indicators.queries.bulk import read_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from zusammenplan.indicators.domain.shelf import Period
    from zusammenplan.indicators.queries.tree import AreaTree

FIELDS = (
    "area_version_id",
    "quantity_id",
    "sex",
    "starts_on",
    "ends_on",
    "age_from",
    "age_to",
    "value",
    "sign",
    "quality",
    "secrecy",
)


def counts_by_version(
    quantities: Collection[int],
    tree: AreaTree,
    *,
    versions: Collection[int] | None = None,
    window: tuple[date, date] | None = None,
) -> Iterator[tuple[int, Counts]]:
    """
    Give the counts of one version of an area after the other, read with one query.

    :param window: only periods that end between these days
    """
    names = dict(Quantity.objects.filter(pk__in=quantities).values_list("pk", "code"))
    rows = Observation.objects.filter(quantity__in=names, other="")
    if window is not None:
        rows = rows.filter(ends_on__gte=window[0], ends_on__lte=window[1])
        # The index leads from the quantity over the area to the day.
        versions = tree.places if versions is None else versions
    if versions is not None:
        rows = rows.filter(area_version__in=versions)
    values = read_rows(rows.order_by("area_version"), FIELDS)
    for version, group in groupby(values, key=itemgetter(0)):
        place = tree.places.get(version)
        counts = Counts(size=place.size if place else None)
        for _, quantity, sex, start, end, age_from, age_to, value, sign, quality, mark in group:
            datum = Datum(value, sign, quality, mark)
            counts.put(names[quantity], sex, (start, end), (age_from, age_to), datum)
        yield version, counts


def counts_with_parts(
    quantities: Collection[int], tree: AreaTree, *, window: tuple[date, date] | None = None
) -> dict[int, Counts]:
    """Give the counts of all areas at once, each with those of the areas in it."""
    found = dict(counts_by_version(quantities, tree, window=window))

    def join(version: int, counts: Counts) -> None:
        area = tree.places[version].area

        def parts(period: Period) -> list[Counts]:
            # A part of which nothing is known is a gap, and not left out.
            return [
                found.get(place.pk) or Counts(size=place.size)
                for place in tree.parts(area, period[1])
            ]

        counts.parts = parts

    for place in tree.places.values():
        if place.area in tree.within and place.pk not in found:
            found[place.pk] = Counts(size=place.size)
    for version, counts in found.items():
        join(version, counts)
    return found
