"""The outlines of areas in the data package: GeoJSON, with who made them and on which terms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate

from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import AreaVersion
from zusammenplan.places.queries.area_import import as_json
from zusammenplan.places.queries.maps import shapes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zipfile import ZipFile

NAME = "outlines"
FILE = f"{NAME}.geojson"
AT_ONCE = 100
# What each feature says of itself; a version is one in the table of areas.
PROPERTIES = {
    "version": "integer",
    "name": "string",
    "kind": "string",
    "ags": "string",
    "source": "string",
    "licence": "string",
}


def write_outlines(archive: ZipFile) -> dict[str, Any]:
    """Write the file outline by outline, and describe it."""
    sources: dict[str, None] = {}
    licences: dict[str, None] = {}
    with archive.open(FILE, "w") as file:
        file.write(b'{"type": "FeatureCollection", "features": [')
        for number, (version, geometry, made_by, terms) in enumerate(_outlines(), start=1):
            sources |= dict.fromkeys(made_by)
            licences |= dict.fromkeys(terms)
            feature = _feature(version, geometry, made_by, terms)
            text = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
            file.write(f"{',' if number > 1 else ''}\n{text}".encode())
        file.write(b"\n]}\n")
    return _described(list(sources), list(licences))


def _outlines() -> Iterator[tuple[AreaVersion, Any, tuple[str, ...], tuple[str, ...]]]:
    """Give all states of areas as they were published; planning areas of today as their parts."""
    rows = AreaVersion.objects.exclude(geometry=None).order_by("area", "valid_from", "pk")
    for one in rows.iterator(chunk_size=AT_ONCE):
        yield one, one.geometry, (one.source,), (one.licence,)
    for drawn in shapes(kind=AreaKind.PLANNING_AREA, day=localdate()):
        if not drawn.version.is_drawn:  # type: ignore[attr-defined] # annotated
            yield drawn.version, as_json(drawn.shape), drawn.sources, drawn.licences


def _feature(
    version: AreaVersion, geometry: Any, sources: tuple[str, ...], licences: tuple[str, ...]
) -> dict[str, Any]:
    told = (
        *(version.pk, version.name, version.kind, version.ags or None),
        *("; ".join(filter(None, some)) or None for some in (sources, licences)),
    )
    return {
        "type": "Feature",
        "id": version.pk,
        "properties": dict(zip(PROPERTIES, told, strict=True)),
        "geometry": geometry,
    }


def _described(sources: list[str], licences: list[str]) -> dict[str, Any]:
    described = {
        "name": NAME,
        "title": "Umrisse der Gebiete (WGS 84), Planungsräume aus ihren Teilen zusammengefügt",
        "path": FILE,
        "profile": "data-resource",
        "format": "geojson",
        "mediatype": "application/geo+json",
        "encoding": "utf-8",
        "conformsTo": "https://www.rfc-editor.org/rfc/rfc7946",
        # Of the properties of each feature.
        "schema": {
            "fields": [{"name": name, "type": kind} for name, kind in PROPERTIES.items()],
            "foreignKeys": [
                {"fields": "version", "reference": {"resource": "areas", "fields": "version"}}
            ],
        },
        "sources": [{"title": one} for one in sources if one],
        "licenses": [{"name": "other-at", "title": one} for one in licences if one],
    }
    # The specification wants no list rather than an empty one.
    return {name: told for name, told in described.items() if told}
