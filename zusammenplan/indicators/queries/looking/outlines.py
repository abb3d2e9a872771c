"""Outlines of areas as maps draw them: in plane kilometres, without what nobody would see."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from zusammenplan.core.charts.choropleth import WIDTH
from zusammenplan.core.public import current_version, keep_for_a_moment
from zusammenplan.places.domain.geometry import Projection, box_of, rings_of, simplified
from zusammenplan.places.models import AreaVersion

if TYPE_CHECKING:
    from collections.abc import Collection

    from zusammenplan.core.charts.choropleth import Ring
    from zusammenplan.places.domain.geometry import Outline

KEPT_SECONDS = 86_400.0
# Half a pixel of the picture, on which a map is as wide as all its areas.
HALF_A_PIXEL = 0.5
Drawn = dict[int, list["Ring"]]


def outlines_of(versions: Collection[int]) -> Drawn:
    """
    Give the rings of versions of areas, thinned to what a picture of all of them shows.

    They change only with the areas, so they are kept for as long as the public version.
    """
    wanted = sorted(versions)
    name = hashlib.sha256(repr(wanted).encode()).hexdigest()[:32]
    kept: Drawn = keep_for_a_moment(
        f"{current_version()}:outlines:{name}", lambda: _drawn(wanted), seconds=KEPT_SECONDS
    )
    return kept


def _drawn(versions: list[int]) -> Drawn:
    found = _read(versions)
    outlines = list(found.values())
    box = box_of(outlines)
    if box is None:
        return {}
    projection = Projection.around(outlines)
    west, south = projection.place((box.west, box.south))
    east, north = projection.place((box.east, box.north))
    wide = max(east - west, north - south)
    thin = simplified(outlines, wide / WIDTH * HALF_A_PIXEL)
    return {
        pk: [[projection.place(point) for point in ring[:-1]] for ring in rings_of(outline)]
        for pk, outline in zip(found, thin, strict=True)
    }


def _read(versions: list[int]) -> dict[int, Outline]:
    rows = (
        AreaVersion.objects.filter(pk__in=versions)
        .exclude(geometry=None)
        .order_by("pk")
        .values_list("pk", "geometry")
    )
    return {
        pk: [
            [[(point[0], point[1]) for point in ring] for ring in polygon]
            for polygon in geometry.get("coordinates", ())
        ]
        for pk, geometry in rows
    }
