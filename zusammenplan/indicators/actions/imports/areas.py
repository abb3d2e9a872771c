"""Which version of which area a region of a file is, at which time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zusammenplan.indicators.actions.imports.shapes import (
    AmbiguousName,
    ImportRefusedError,
    NewArea,
)
from zusammenplan.indicators.actions.imports.stage import AREA_BITS, TIME_BITS
from zusammenplan.places.domain.keys import AGS, ARS, COUNTRY, ags_of, kind_of_key, may_exist
from zusammenplan.places.models import AreaVersion
from zusammenplan.places.queries.finder import AreaFinder
from zusammenplan.places.queries.words import kind_name

if TYPE_CHECKING:
    from datetime import date

    from zusammenplan.indicators.actions.imports.shapes import Wishes
    from zusammenplan.indicators.domain.shapes import Region
    from zusammenplan.indicators.domain.times import Time

MUNICIPALITY, REGIONAL = 8, 12
TOWN_ITSELF = "000"


class Nowhere:
    """Why a region's values have no place: left out by ``skipped``, or refused by ``reason``."""

    def __init__(self, *, skipped: str = "", reason: str = "") -> None:
        self.skipped = skipped
        self.reason = reason


class Places:
    """The places of values: a version of an area and a time, each with its number."""

    def __init__(self, wishes: Wishes) -> None:
        self.wishes = wishes
        self.finder = AreaFinder.load()
        self.rows: dict[int, tuple[AreaVersion | NewArea, Time]] = {}
        self.found: dict[tuple[Region, Time], int | Nowhere] = {}
        self.new: dict[str, NewArea] = {}
        # In the order in which the database has them, new ones after those that are known.
        self.areas: dict[object, int] = {
            version: number for number, version in enumerate(self.finder.versions)
        }
        self.times: dict[tuple[date, date], int] = {}
        self.ambiguous: dict[str, AmbiguousName] = {}
        # Numbers of places whose area is new, and the new areas that have a number.
        self.candidates: set[int] = set()
        self.numbered: set[int] = set()

    def place(self, region: Region, time: Time) -> int | Nowhere:
        """Give the number of the place; or why there is none."""
        at = region, time
        if at not in self.found:
            self.found[at] = self._look(region, time)
        return self.found[at]

    def _look(self, region: Region, time: Time) -> int | Nowhere:
        if region.key:
            return self._by_key(region, time)
        versions = self.finder.by_name(region.name, time.ends_on, within=region.within)
        if len(versions) > 1:
            return self._chosen(region, versions, time)
        if versions:
            return self._number(versions[0], time)
        return self._not_in_the_list(region, time)

    def _not_in_the_list(self, region: Region, time: Time) -> Nowhere:
        lies_elsewhere = region.within and self.finder.by_name(region.name, time.ends_on)
        if self.finder.knows_name(region.name) and not lies_elsewhere:
            return Nowhere(skipped="not_then", reason=_not_then(region, time))
        if self.wishes.known_areas_only:
            return Nowhere(skipped="unwanted")
        words = {"name": region.name, "within": region.within}
        if lies_elsewhere:
            return Nowhere(
                reason=_("The list of areas knows no “%(name)s” in “%(within)s”.") % words
            )
        return Nowhere(reason=_("The list of areas knows no “%(name)s”.") % words)

    def _chosen(self, region: Region, versions: list[AreaVersion], time: Time) -> int | Nowhere:
        self.ambiguous[region.name] = AmbiguousName(
            region.name, tuple((it.area_id, _told(it)) for it in versions)
        )
        chosen = self.wishes.names.get(region.name)
        if chosen == 0:
            return Nowhere(skipped="unnamed")
        for version in versions:
            if version.area_id == chosen:
                return self._number(version, time)
        areas = ", ".join(_told(it) for it in versions)
        return Nowhere(
            reason=_("“%(name)s” may be several areas: %(areas)s. Say which is meant.")
            % {"name": region.name, "areas": areas}
        )

    def _by_key(self, region: Region, time: Time) -> int | Nowhere:
        version = self.finder.by_key(region.key, time.ends_on)
        if version is not None:
            return self._number(version, time)
        if self.finder.knows_key(region.key):
            return Nowhere(skipped="not_then", reason=_not_then(region, time))
        area = new_area(region)
        if area is None:
            return Nowhere(
                skipped="no_number",
                reason=_("“%(key)s” is no key of a municipality, county or Land.")
                % {"key": region.key},
            )
        if self.wishes.known_areas_only:
            return Nowhere(skipped="unwanted")
        area = self.new.setdefault(area.key, area)
        number = self._number(area, time)
        self.candidates.add(number)
        return number

    def _number(self, area: AreaVersion | NewArea, time: Time) -> int:
        """
        Give the same number to the same place, however the file names it.

        Areas are numbered as they stand in the index of values, and the numbers of an area follow
        each other: so do the values in the stage, and are written faster.
        """
        who = area.pk if isinstance(area, AreaVersion) else area.key
        which = self.areas.setdefault(who, len(self.areas))
        when = self.times.setdefault((time.starts_on, time.ends_on), len(self.times))
        if which >= 1 << AREA_BITS or when >= 1 << TIME_BITS:
            raise ImportRefusedError(_("There are too many areas and times at once."))
        number = which << TIME_BITS | when
        self.rows.setdefault(number, (area, time))
        return number

    @property
    def wanted(self) -> dict[str, NewArea]:
        """Give the new areas that have at least one number; of the others nothing is known."""
        keys = {
            area.key
            for area, _time in (self.rows[number] for number in self.numbered)
            if isinstance(area, NewArea)
        }
        return {key: area for key, area in self.new.items() if key in keys}


def new_area(region: Region) -> NewArea | None:
    """Make an area to compare with out of a region that the list does not know."""
    key, ars = region.key, ""
    if len(key) == REGIONAL and re.match(ARS, key):
        key, ars = ags_of(key), key
    if not re.match(AGS, key) or not may_exist(key):
        return None
    # A town that belongs to no county is a county and a municipality at once.
    if len(key) == MUNICIPALITY and key.endswith(TOWN_ITSELF):
        key = key.removesuffix(TOWN_ITSELF)
    name = region.name or (_("Germany") if key == COUNTRY else key)
    return NewArea(key, ars, name[:110], kind_of_key(key))


def _told(version: AreaVersion) -> str:
    kind = kind_name(version.kind, version.ags)
    if version.ags:
        return f"{version.name} ({kind}, {version.ags})"
    if version.parent:
        words = {"name": version.name, "kind": kind, "area": version.parent.name}
        return _("%(name)s (%(kind)s in %(area)s)") % words
    return f"{version.name} ({kind})"


def _not_then(region: Region, time: Time) -> str:
    return _("After the list of areas, “%(name)s” (%(key)s) did not exist on %(day)s.") % {
        "name": region.name or region.key,
        "key": region.key or "–",
        "day": date_format(time.ends_on, "SHORT_DATE_FORMAT"),
    }
