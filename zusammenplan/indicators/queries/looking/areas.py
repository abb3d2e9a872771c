"""All areas as data pages need them: who lies in whom, who is compared with whom, outlines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, ngettext

from zusammenplan.core.validity import is_valid_on
from zusammenplan.places.choices import AreaKind, TransitionKind
from zusammenplan.places.models import Area, AreaTransition, AreaVersion
from zusammenplan.places.queries.words import kind_name

if TYPE_CHECKING:
    from collections.abc import Iterable

# A new name, a new key or another area around it leave an area's own territory as it is.
CHANGES_TERRITORY = (TransitionKind.MERGE, TransitionKind.SPLIT, TransitionKind.PARTIAL)
# Areas of these kinds are compared with others of their kind that were only imported.
COMPARED_BEYOND = {AreaKind.COUNTRY, AreaKind.LAND, AreaKind.REGION, AreaKind.COUNTY}


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an area, without its outline."""

    pk: int
    area: int
    name: str
    ags: str
    parent: int | None
    valid_from: date | None
    valid_to: date | None

    def is_valid(self, day: date) -> bool:
        return is_valid_on(day, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Place:
    """An area as of today."""

    pk: int
    name: str
    kind: str
    parent: int | None
    is_reference: bool
    position: int


class Places:
    """All areas and their versions, read with three queries."""

    def __init__(
        self, places: list[Place], versions: list[Version], *, begins_anew: frozenset[int]
    ) -> None:
        self.today = localdate()
        self.by_pk = {place.pk: place for place in places}
        # Versions whose territory is another one than that of the version before.
        self.begins_anew = begins_anew
        self.version = {version.pk: version for version in versions}
        self.versions: defaultdict[int, list[Version]] = defaultdict(list)
        for version in versions:
            self.versions[version.area].append(version)
        self._within: defaultdict[int | None, list[Place]] = defaultdict(list)
        for place in places:
            self._within[place.parent].append(place)

    @classmethod
    def load(cls) -> Places:
        """Read all areas in their order, their versions, and which of these begin anew."""
        rows = Area.objects.in_order().values_list(
            "pk", "name", "kind", "parent_id", "is_reference", "position"
        )
        versions = AreaVersion.objects.order_by("valid_from", "pk").values_list(
            "pk", "area_id", "name", "ags", "parent_id", "valid_from", "valid_to"
        )
        changes = AreaTransition.objects.filter(kind__in=CHANGES_TERRITORY)
        return cls(
            [Place(*row) for row in rows],
            [Version(*row) for row in versions],
            begins_anew=frozenset(changes.order_by().values_list("after_id", flat=True)),
        )

    def current(self, area: int) -> Version | None:
        """Give the version of today, else the last one before, else the first one to come."""
        found = sorted(self.versions.get(area, ()), key=lambda one: one.valid_from or date.min)
        begun = [one for one in found if (one.valid_from or date.min) <= self.today]
        return begun[-1] if begun else next(iter(found), None)

    def on(self, area: int, day: date) -> Version | None:
        """Give the version that was valid on a day."""
        return next((one for one in self.versions.get(area, ()) if one.is_valid(day)), None)

    def ags(self, area: int) -> str:
        version = self.current(area)
        return version.ags if version else ""

    def kind_text(self, area: int) -> str:
        """Say what kind of area it is, as of today."""
        return capfirst(kind_name(self.by_pk[area].kind, self.ags(area)))

    def parts(self, area: int) -> list[Place]:
        """Give what lies in an area today, without what has ended."""
        return [one for one in self._within.get(area, ()) if self.is_there(one.pk)]

    def is_there(self, area: int) -> bool:
        """Tell whether an area still exists."""
        found = self.versions.get(area)
        return not found or any((one.valid_to or date.max) >= self.today for one in found)

    def above(self, area: int) -> list[Place]:
        """Give what an area lies in, the nearest first."""
        found: list[Place] = []
        here = self.by_pk[area].parent
        while here is not None and here in self.by_pk and self.by_pk[here] not in found:
            found.append(self.by_pk[here])
            here = self.by_pk[here].parent
        return found

    def siblings(self, area: int) -> list[Place]:
        """Give the areas that one is compared with: all of its kind that still exist."""
        own = self.by_pk[area]
        beyond = own.is_reference or own.kind in COMPARED_BEYOND
        return [
            one
            for one in self.by_pk.values()
            if one.kind == own.kind
            and (beyond or not one.is_reference)
            and (one.pk == area or self.is_there(one.pk))
        ]

    def county(self, area: int) -> Place | None:
        """Give the area with which one is compared first: its county, else what it lies in."""
        above = self.above(area)
        return next(
            (one for one in above if one.kind == AreaKind.COUNTY), above[0] if above else None
        )

    def land(self, area: int) -> Place | None:
        """Give the state: the one above, else the only one that figures were imported for."""
        above = next((one for one in self.above(area) if one.kind == AreaKind.LAND), None)
        lands = [one for one in self.by_pk.values() if one.kind == AreaKind.LAND]
        found = above or (lands[0] if len(lands) == 1 else None)
        return None if found is None or found.pk == area else found

    def inside(self, area: int, kind: str) -> set[int]:
        """Give the areas of a kind that lie in one, also by way of others."""
        found: set[int] = set()
        waiting, seen = [area], {area}
        while waiting:
            for one in self._within.get(waiting.pop(), ()):
                if one.pk in seen:
                    continue
                seen.add(one.pk)
                waiting.append(one.pk)
                if one.kind == kind and self.is_there(one.pk):
                    found.add(one.pk)
        return found

    def kinds(self) -> list[str]:
        """Give the kinds of areas there are, the largest areas first."""
        there = {one.kind for one in self.by_pk.values() if self.is_there(one.pk)}
        return [kind for kind in AreaKind.values if kind in there]

    def of_kind(self, kind: str) -> list[Place]:
        """Give the areas of a kind that still exist; the own ones where there are any."""
        found = [one for one in self.by_pk.values() if one.kind == kind and self.is_there(one.pk)]
        own = [one for one in found if not one.is_reference]
        return found if kind in COMPARED_BEYOND else own or found


KIND_PLURALS = {
    AreaKind.COUNTRY: lambda count: ngettext("%(count)d country", "%(count)d countries", count),
    AreaKind.LAND: lambda count: ngettext("%(count)d state", "%(count)d states", count),
    AreaKind.REGION: lambda count: ngettext("%(count)d region", "%(count)d regions", count),
    AreaKind.COUNTY: lambda count: ngettext("%(count)d county", "%(count)d counties", count),
    AreaKind.PLANNING_AREA: lambda count: ngettext(
        "%(count)d planning area", "%(count)d planning areas", count
    ),
    AreaKind.MUNICIPALITY: lambda count: ngettext(
        "%(count)d municipality", "%(count)d municipalities", count
    ),
    AreaKind.DISTRICT: lambda count: ngettext("%(count)d district", "%(count)d districts", count),
}


def count_text(kind: str, count: int) -> str:
    """Write so many areas of a kind: 14 municipalities."""
    return KIND_PLURALS[AreaKind(kind)](count) % {"count": count}


def kind_heading(kind: str) -> str:
    """Name the areas of a kind, as a heading does."""
    return {
        AreaKind.COUNTRY: _("Countries"),
        AreaKind.LAND: _("States"),
        AreaKind.REGION: _("Regions"),
        AreaKind.COUNTY: _("Counties"),
        AreaKind.PLANNING_AREA: _("Planning areas"),
        AreaKind.MUNICIPALITY: _("Municipalities"),
        AreaKind.DISTRICT: _("Districts"),
    }[AreaKind(kind)]


def names(places: Iterable[Place], *, at_most: int = 8) -> str:
    """Write names in one line; many of them are only counted."""
    found = [one.name for one in places]
    if len(found) > at_most:
        return ""
    if len(found) < 2:  # noqa: PLR2004 - one name needs no "and"
        return "".join(found)
    return _("%(some)s and %(last)s") % {"some": ", ".join(found[:-1]), "last": found[-1]}
