"""
Whose figures add up to a version's territory.

By transitions: Wartburgkreis since July 2021 is the older Wartburgkreis and the town of Eisenach.
A planning area is the sum of its parts anyway; where its transitions would only give an estimate,
its parts are taken instead, each with its own past.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from zusammenplan.places.choices import AreaKind
from zusammenplan.places.domain.territory import WHOLE, Share, Step, Territories
from zusammenplan.places.models import AreaTransition, AreaVersion
from zusammenplan.places.queries.finder import covers, meet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self

__all__ = ["Share", "TerritoryMap", "shares_into", "shares_on"]


class TerritoryMap:
    """All versions and transitions, read once: two queries, however many versions are asked for."""

    def __init__(self, versions: Iterable[AreaVersion], steps: Iterable[Step]) -> None:
        self._versions = {version.pk: version for version in versions}
        self._territories = Territories(steps)
        self._parts: defaultdict[int | None, list[AreaVersion]] = defaultdict(list)
        self._of_area: defaultdict[int, list[AreaVersion]] = defaultdict(list)
        # Of which versions the territory is: of itself, or of its parts.
        self._roots: dict[int, list[int]] = {}
        for version in self._versions.values():
            self._parts[version.parent_id].append(version)
            self._of_area[version.area_id].append(version)

    @classmethod
    def load(cls) -> Self:
        """Read all versions, without their outlines, and all transitions."""
        return cls(
            AreaVersion.objects.defer("geometry").order_by("pk"),
            (
                Step(*row)
                for row in AreaTransition.objects.order_by("pk").values_list(
                    "before_id", "after_id", "share_population", "on"
                )
            ),
        )

    def version(self, pk: int) -> AreaVersion | None:
        return self._versions.get(pk)

    def shares_into(self, version: AreaVersion) -> dict[int, Share]:
        """Give the versions whose territory lies in this one, wholly or in part, itself first."""
        # Of two that were valid on one day, one is no past of the other.
        shares = {
            other: share
            for other, share in self._territories.shares_into(version.pk).items()
            if other == version.pk or not meet(version, self._versions[other])
        }
        is_exact = len(shares) > 1 and all(
            not share.is_estimate and share.before is None for share in shares.values()
        )
        parts = [part.pk for part in self.parts_of(version)]
        self._roots[version.pk] = [version.pk]
        if version.kind != AreaKind.PLANNING_AREA or is_exact or not parts:
            return shares
        self._roots[version.pk] = parts
        return {version.pk: Share(WHOLE)} | self._territories.shares_into(*parts)

    def is_whole(self, version: AreaVersion, shares: Mapping[int, Share], day: date) -> bool:
        """
        Tell whether of all that the territory was made of something is known to have been there.

        A sum over the rest alone would be too small: of a county whose first version begins with
        its last change of law, nobody said what it was before.
        """
        if version.valid_from is None or day >= version.valid_from:
            return True
        seen: set[int] = set()

        def was_there(one: AreaVersion) -> bool:
            if covers(one, day) or one.pk in seen:
                return True
            seen.add(one.pk)
            before = self._territories.made_of(one.pk)
            begins = one.valid_from or date.min
            own = (
                other.pk
                for other in self._of_area[one.area_id]
                if day <= (other.valid_to or date.max) < begins
            )
            return (
                bool(before)
                and all(pk in shares for pk in own)
                and all(was_there(self._versions[pk]) for pk in before)
            )

        return all(was_there(self._versions[pk]) for pk in self._roots.get(version.pk, ()))

    def parts_of(self, version: AreaVersion) -> list[AreaVersion]:
        """Give the versions that lay in this one on its last day."""
        last_day = version.valid_to or date.max
        return [
            part
            for part in self._parts[version.area_id]
            if covers(part, last_day) and part.pk != version.pk
        ]


def shares_into(version: AreaVersion) -> dict[int, Share]:
    """
    Give the ids of versions whose territory lies in this one, each with its share.

    On days of the version itself only its own figures count; see :func:`shares_on`.
    """
    return TerritoryMap.load().shares_into(version)


def shares_on(version: AreaVersion, shares: Mapping[int, Share], day: date) -> dict[int, Share]:
    """
    Give the shares whose figures of a day are to be summed, so that nothing counts twice.

    Nothing on days on which a part of the territory belonged to something else.
    """
    if covers(version, day):
        return {version.pk: shares[version.pk]}
    return {
        other: share
        for other, share in shares.items()
        if other != version.pk and (share.before is None or day < share.before)
    }
