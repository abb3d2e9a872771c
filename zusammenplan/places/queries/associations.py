"""
Associations of municipalities (Verwaltungsgemeinschaften, erfüllende Gemeinden).

They are no areas: nothing is planned for one or counted in one unless it is a planning area, too.
Which one a municipality belongs to stands in its regional key.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.places.choices import AreaKind
from zusammenplan.places.domain.area_files import ASSOCIATION_DIGITS, is_association
from zusammenplan.places.domain.names import folded
from zusammenplan.places.models import Area, AreaVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from zusammenplan.places.queries.planning import Cut, Placed


@dataclass(frozen=True, slots=True)
class Association:
    """An association with the versions of its municipalities; the key is 9 digits, or its name."""

    key: str
    name: str
    members: tuple[AreaVersion, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    One planning area per association, to be changed and saved by a person.

    ``targets`` tells for municipalities the key of a planning area, or of a new one.
    """

    new: dict[str, Area]
    targets: dict[int, str]
    # Municipalities that belong to no association stay where they lie.
    alone: int


def associations_of(versions: Iterable[AreaVersion]) -> list[Association]:
    """Put municipalities together by their association, in the order of the names."""
    members: dict[str, list[AreaVersion]] = {}
    for one in versions:
        if key := _key(one):
            members.setdefault(key, []).append(one)
    found = [Association(key, _name(key, some), tuple(some)) for key, some in members.items()]
    return sorted(found, key=lambda one: (one.name, one.key))


def municipalities(day: date) -> list[AreaVersion]:
    """Give the municipality's own municipalities as they are on the day."""
    return list(
        AreaVersion.objects.valid_on(day)
        .filter(kind=AreaKind.MUNICIPALITY, area__is_reference=False)
        .select_related("area", "parent")
        .defer("geometry")
        .order_by("name", "pk")
    )


def proposal_of(cut: Cut) -> Proposal | None:
    """
    Propose one planning area per association; nothing where no association is known.

    A planning area that has the association's name, or exactly its municipalities, is kept.
    """
    found = associations_of(one.version for one in cut.municipalities)
    if not found:
        return None
    lies_in = {one.version.pk: one.lies_in for one in cut.municipalities}
    named = {folded(area.name): area.pk for area in cut.planning_areas}
    new: dict[str, Area] = {}
    targets: dict[int, str] = {}
    for number, one in enumerate(found, start=1):
        kept = named.get(folded(one.name)) or _same(one, cut.municipalities, lies_in, cut.county.pk)
        key = str(kept or f"neu-{number}")
        if not kept:
            new[key] = Area(name=one.name, kind=AreaKind.PLANNING_AREA, parent=cut.county)
        targets |= {version.area_id: key for version in one.members}
    return Proposal(new, targets, len(cut.municipalities) - len(targets))


def _same(
    one: Association, placed: Sequence[Placed], lies_in: dict[int, int], county: int
) -> int | None:
    """Give the planning area in which exactly these municipalities lie."""
    areas = {lies_in[version.pk] for version in one.members}
    if len(areas) != 1 or county in areas:
        return None
    (area,) = areas
    return area if sum(other.lies_in == area for other in placed) == len(one.members) else None


def _key(version: AreaVersion) -> str:
    if len(version.ars) > ASSOCIATION_DIGITS:
        return version.ars[:ASSOCIATION_DIGITS] if is_association(version.ars) else ""
    return version.association


def _name(key: str, members: Sequence[AreaVersion]) -> str:
    """Give the name that most of its municipalities tell; a file of outlines tells none."""
    told = Counter(one.association for one in members if one.association).most_common(1)
    return told[0][0] if told else _("Association %(key)s") % {"key": key}
