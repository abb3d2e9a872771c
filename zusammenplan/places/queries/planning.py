"""Which municipalities of a county lie in which planning area, for the page that cuts them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Placed:
    """A municipality, and where it lies: a planning area or the county itself."""

    area: Area
    version: AreaVersion
    lies_in: int


@dataclass(frozen=True, slots=True)
class Cut:
    """How a county is cut on a day."""

    county: Area
    planning_areas: tuple[Area, ...]
    municipalities: tuple[Placed, ...]

    @property
    def fingerprint(self) -> str:
        """Tell whether it is still what a person saw."""
        seen = [(one.version.pk, one.lies_in) for one in self.municipalities]
        seen += [(area.pk, 0) for area in self.planning_areas]
        return sha256(repr(seen).encode()).hexdigest()[:32]


def counties(day: date) -> list[Area]:
    """Give the own areas that can be cut on the day: counties, and towns that are one."""
    return list(Area.objects.own().filter(kind=AreaKind.COUNTY).still_there(day).in_order())


def cut_of(county: Area, day: date) -> Cut:
    """Read all municipalities and districts of the county with what they lie in on the day."""
    planning_areas = list(
        Area.objects.own()
        .filter(parent=county, kind=AreaKind.PLANNING_AREA)
        .still_there(day)
        .in_order()
    )
    inside = [county.pk, *(area.pk for area in planning_areas)]
    versions = (
        AreaVersion.objects.valid_on(day)
        .filter(parent__in=inside, kind__in=(AreaKind.MUNICIPALITY, AreaKind.DISTRICT))
        .select_related("area")
        .defer("geometry")
        .order_by("name", "pk")
    )
    placed = [
        Placed(version.area, version, version.parent_id)
        for version in versions
        if version.parent_id is not None
    ]
    return Cut(county, tuple(planning_areas), tuple(placed))
