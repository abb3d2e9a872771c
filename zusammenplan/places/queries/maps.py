"""
Outlines of areas for maps: plane, thinned, the same on every page.

An area without an outline of its own, such as a planning area, is drawn as its parts joined.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import BooleanField, ExpressionWrapper, Q

from zusammenplan.core.public import current_version, keep_for_a_moment
from zusammenplan.places.domain.geometry import (
    Projection,
    box_of,
    dissolved,
    label_point,
    rings_of,
    simplified,
)
from zusammenplan.places.models import AreaVersion
from zusammenplan.places.queries.area_import import outline_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from zusammenplan.places.domain.geometry import Outline as Shape, Point
    from zusammenplan.places.models import Area

# A map is at most so many pixels wide; what is smaller than half of one is not seen.
PIXELS = 900
KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Outline:
    """An area on a map; x grows to the east and y to the north, in kilometres."""

    area: int
    version: int
    name: str
    key: str
    kind: str
    # For maps of municipalities: the area above, such as the planning area.
    parent: int | None
    rings: tuple[tuple[Point, ...], ...]
    label: Point


@dataclass(frozen=True, slots=True)
class Drawn:
    """An area with its outline in degrees, as it is published."""

    version: AreaVersion
    shape: Shape
    # Who made it and on which terms; of an area that is joined from its parts, theirs.
    sources: tuple[str, ...]
    licences: tuple[str, ...]


def outlines(*, kind: str | None = None, parent: Area | None = None, day: date) -> list[Outline]:
    """
    Give the areas of a kind that lie in another one on the day, each with its outline.

    Without ``kind`` those directly below the parent; areas of which no outline is known are left
    out. Made once for each state of the data.
    """
    key = f"outlines:{current_version()}:{kind}:{parent.pk if parent else ''}:{day}"
    made: list[Outline] = keep_for_a_moment(
        key, lambda: plane(shapes(kind=kind, parent=parent, day=day)), seconds=KEPT_SECONDS
    )
    return made


def plane(drawn: Iterable[Drawn]) -> list[Outline]:
    """Project and thin outlines together, so that neighbours keep their common border."""
    known = list(drawn)
    box = box_of(one.shape for one in known)
    if box is None:
        return []
    projection = Projection.around(one.shape for one in known)
    west, _south = projection.place((box.west, box.south))
    east, _north = projection.place((box.east, box.north))
    thin = simplified([one.shape for one in known], (east - west) / PIXELS / 2)
    found = []
    for one, shape in zip(known, thin, strict=True):
        # An area smaller than a pixel keeps its outline.
        seen = shape or one.shape
        found.append(
            Outline(
                area=one.version.area_id,
                version=one.version.pk,
                name=one.version.name,
                key=one.version.ags,
                kind=one.version.kind,
                parent=one.version.parent_id,
                rings=tuple(
                    tuple(_rounded(projection.place(point)) for point in ring)
                    for ring in rings_of(seen)
                ),
                label=_rounded(projection.place(label_point(seen))),
            )
        )
    return found


def shapes(
    *, kind: str | None = None, parent: Area | None = None, area: Area | None = None, day: date
) -> list[Drawn]:
    """
    Give areas with their outlines in degrees; two queries, however many there are.

    With ``area`` that one alone; the outlines of all others are not even read.
    """
    versions = list(
        AreaVersion.objects.valid_on(day)
        .annotate(is_drawn=ExpressionWrapper(Q(geometry__isnull=False), BooleanField()))
        .defer("geometry")
        .order_by("ags", "name", "pk")
    )
    below: defaultdict[int | None, list[AreaVersion]] = defaultdict(list)
    for version in versions:
        below[version.parent_id].append(version)
    wanted = _below(below, parent.pk) if parent else versions
    chosen = [
        version
        for version in wanted
        if (version.kind == kind if kind else parent is None or version.parent_id == parent.pk)
        and (area is None or version.area_id == area.pk)
    ]
    # The outlines of parts are joined only where the whole has none.
    needed = {
        one.pk
        for version in chosen
        for one in (
            [version]
            if version.is_drawn  # type: ignore[attr-defined] # annotated
            else _below(below, version.area_id)
        )
    }
    geometries = dict(
        AreaVersion.objects.filter(pk__in=needed)
        .exclude(geometry=None)
        .values_list("pk", "geometry")
    )
    known = {pk: outline_of(geometry) for pk, geometry in geometries.items()}
    drawn = (_drawn(version, below, known) for version in chosen)
    return [one for one in drawn if one.shape]


def _drawn(
    version: AreaVersion,
    below: dict[int | None, list[AreaVersion]],
    known: dict[int, Shape],
) -> Drawn:
    if version.pk in known:
        terms = ((text,) if text else () for text in (version.source, version.licence))
        return Drawn(version, known[version.pk], *terms)
    parts = [_drawn(part, below, known) for part in below.get(version.area_id, [])]
    shaped = [part for part in parts if part.shape]
    shape = dissolved(part.shape for part in shaped)
    sources = tuple(dict.fromkeys(text for part in shaped for text in part.sources))
    licences = tuple(dict.fromkeys(text for part in shaped for text in part.licences))
    return Drawn(version, shape, sources, licences)


def _below(below: dict[int | None, list[AreaVersion]], area: int) -> list[AreaVersion]:
    """Give all that lies in the area, also by way of others; a circle ends."""
    found: list[AreaVersion] = []
    waiting, seen = [area], {area}
    while waiting:
        for version in below.get(waiting.pop(0), []):
            found.append(version)
            if version.area_id not in seen:
                seen.add(version.area_id)
                waiting.append(version.area_id)
    return found


def _rounded(point: Point) -> Point:
    # Ten metres, a fraction of a pixel on a map of a county.
    return (round(point[0], 2), round(point[1], 2))
