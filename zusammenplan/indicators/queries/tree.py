"""Areas over time as reckoning needs them: who lay in whom on a day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from zusammenplan.core.validity import is_valid_on
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import AreaVersion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

# Of these the list holds all parts, because the municipality itself keeps it.
SUMMED_KINDS = frozenset(
    {AreaKind.COUNTY, AreaKind.PLANNING_AREA, AreaKind.MUNICIPALITY, AreaKind.DISTRICT}
)


@dataclass(frozen=True, slots=True)
class Place:
    """A version of an area, without its outline."""

    pk: int
    area: int
    parent: int | None
    kind: str
    name: str
    valid_from: date | None
    valid_to: date | None
    size: Decimal | None
    is_reference: bool

    def is_valid(self, day: date) -> bool:
        """Tell whether this version was in force on the day."""
        return is_valid_on(day, self.valid_from, self.valid_to)


class AreaTree:
    """All versions of all areas, read with one query."""

    def __init__(self, places: list[Place]) -> None:
        self.places = {place.pk: place for place in places}
        self.of_area: defaultdict[int, list[Place]] = defaultdict(list)
        self.within: defaultdict[int, list[Place]] = defaultdict(list)
        for place in places:
            self.of_area[place.area].append(place)
            if place.parent is not None:
                self.within[place.parent].append(place)
        self.parts = lru_cache(maxsize=None)(self._parts)

    @classmethod
    def load(cls) -> AreaTree:
        """Read all versions of all areas."""
        rows = AreaVersion.objects.order_by("pk").values_list(
            "pk",
            "area_id",
            "parent_id",
            "kind",
            "name",
            "valid_from",
            "valid_to",
            "area_km2",
            "area__is_reference",
        )
        return cls([Place(*row) for row in rows])

    def _parts(self, area: int, day: date) -> tuple[Place, ...]:
        """
        Give the versions that lay in the area on the day.

        Nobody lives in a planning area to which no municipality was given yet. Where none has any,
        planning areas are themselves the smallest ones, and none is left out.
        """
        found = [place for place in self.within.get(area, ()) if place.is_valid(day)]
        peopled = [
            place
            for place in found
            if place.kind != AreaKind.PLANNING_AREA
            or any(below.is_valid(day) for below in self.within.get(place.area, ()))
        ]
        return tuple(peopled or found)

    def summed(self) -> list[Place]:
        """Give the versions whose counts are sums over their parts, the innermost first."""
        found = [
            place
            for place in self.places.values()
            if not place.is_reference and place.kind in SUMMED_KINDS and place.area in self.within
        ]
        return sorted(found, key=lambda place: (self._height(place.area, frozenset()), place.pk))

    def _height(self, area: int, above: frozenset[int]) -> int:
        below = {place.area for place in self.within.get(area, ())} - above - {area}
        return 1 + max((self._height(one, above | {area}) for one in below), default=-1)


def smallest(tree: AreaTree, version: int, day: date) -> Iterable[int]:
    """Give the innermost areas of which one is made; a rest, where not all parts may be known."""
    place = tree.places[version]
    parts = [part for part in tree.parts(place.area, day) if part.pk != version]
    if not parts:
        yield version
        return
    if place.is_reference or place.kind not in SUMMED_KINDS:
        yield version
    for part in parts:
        yield from smallest(tree, part.pk, day)
