"""Which version of an area a table means: by its official key or by its name, on a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from zusammenplan.core.validity import is_valid_on
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.domain.keys import ags_of, parent_key
from zusammenplan.places.domain.names import folded, spelling
from zusammenplan.places.models import AreaVersion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

MUNICIPALITY_DIGITS = 8
REGIONAL_DIGITS = 12
# A town that belongs to no county is a county and a municipality at once.
TOWN_ITSELF = "000"
MOST_LEVELS = 8


class AreaFinder:
    """All versions of areas, read once, without their outlines."""

    def __init__(self, versions: Iterable[AreaVersion]) -> None:
        # The keys of all versions in the database, in the order in which they were given.
        self.versions: list[int] = []
        self._by_key: defaultdict[str, list[AreaVersion]] = defaultdict(list)
        self._by_name: defaultdict[str, list[AreaVersion]] = defaultdict(list)
        self._by_area: defaultdict[int, list[AreaVersion]] = defaultdict(list)
        for version in versions:
            self.versions.append(version.pk)
            self._by_area[version.area_id].append(version)
            for key in {version.ags, version.ars} - {""}:
                self._by_key[key].append(version)
            for name in {folded(version.name), folded(version.area.name)}:
                self._by_name[name].append(version)

    @classmethod
    def load(cls) -> Self:
        """Read all versions: one query."""
        versions = AreaVersion.objects.select_related("area", "parent")
        return cls(versions.defer("geometry").order_by("pk"))

    def by_key(self, key: str, day: date) -> AreaVersion | None:
        """Give the version that had the key on the day: AGS, ARS, a shorter one, or "DG"."""
        for name in _names_of(key.strip()):
            for version in self._by_key[name]:
                if covers(version, day):
                    return version
        return None

    def knows_key(self, key: str) -> bool:
        """Tell whether any version ever had the key."""
        return any(self._by_key[name] for name in _names_of(key.strip()))

    def by_name(self, name: str, day: date, *, within: str = "") -> list[AreaVersion]:
        """
        Give all versions that may be meant by the name on the day; several are ambiguous.

        :param within: the county that the table names above or beside it
        """
        wanted = spelling(name)
        found = [
            one
            for one in self._by_name[wanted.folded]
            if covers(one, day) and (not within or self._may_lie_in(one, within, day))
        ]
        if len(found) > 1 and wanted.said == "county":
            return [one for one in found if one.kind == AreaKind.COUNTY] or found
        if len(found) > 1 and wanted.said == "town":
            return [one for one in found if not _is_county_of_another(one, found)]
        return found

    def _may_lie_in(self, version: AreaVersion, county: str, day: date) -> bool:
        """Tell whether a municipality may lie in the county of the name; all else may always."""
        is_small = version.kind in {AreaKind.MUNICIPALITY, AreaKind.DISTRICT}
        if not is_small or version.ags.endswith(TOWN_ITSELF):
            return True
        above = self._county_of(version, day)
        return above is None or folded(county) in {folded(above.name), folded(above.area.name)}

    def _county_of(self, version: AreaVersion, day: date) -> AreaVersion | None:
        """Give the county in which it lay on the day, by the list or by its key."""
        here: AreaVersion | None = version
        for _level in range(MOST_LEVELS):
            if here is None or here.kind == AreaKind.COUNTY:
                break
            above = self._by_area.get(here.parent_id or 0, ())
            here = next((one for one in above if covers(one, day)), None)
        if here is not None and here.kind == AreaKind.COUNTY:
            return here
        return self.by_key(parent_key(version.ags), day) if version.ags else None

    def knows_name(self, name: str) -> bool:
        """Tell whether any version ever had the name."""
        return bool(self._by_name[folded(name)])


def covers(version: AreaVersion, day: date) -> bool:
    """Tell whether the version was valid on the day."""
    return is_valid_on(day, version.valid_from, version.valid_to)


def meet(one: AreaVersion, other: AreaVersion) -> bool:
    """Tell whether both are valid on some day."""
    return (one.valid_from or date.min) <= (other.valid_to or date.max) and (
        other.valid_from or date.min
    ) <= (one.valid_to or date.max)


def _names_of(key: str) -> list[str]:
    """Give the keys under which the same territory may be known."""
    names = [key]
    if len(key) == REGIONAL_DIGITS:
        try:
            key = ags_of(key)
        except ValueError:
            return names
        names.append(key)
    if len(key) == MUNICIPALITY_DIGITS and key.endswith(TOWN_ITSELF):
        names.append(key.removesuffix(TOWN_ITSELF))
    elif len(key) == MUNICIPALITY_DIGITS - len(TOWN_ITSELF):
        names.append(key + TOWN_ITSELF)
    return names


def _is_county_of_another(version: AreaVersion, found: list[AreaVersion]) -> bool:
    """Tell whether it is the county around the town of the same name."""
    return version.kind == AreaKind.COUNTY and not any(
        one is not version and one.ags == version.ags + TOWN_ITSELF for one in found
    )
