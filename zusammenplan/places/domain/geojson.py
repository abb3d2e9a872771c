"""
Areas from a GeoJSON file (RFC 7946), of the BKG in either style of its keys, or of one's own.

The BKG splits areas by the geofactor GF: features of 4 and 9 are the land with its structure and
are joined, 1 to 3 and 8 (water, land without structure) are not drawn.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from zusammenplan.core.tables.text import ASCII, TWICE_ENCODED, eight_bit_encoding
from zusammenplan.places.domain.area_files import (
    AreaFile,
    BadKeyError,
    FileArea,
    Keys,
    Layout,
    Reason,
    RefusedArea,
    Unreadable,
    UnreadableError,
    association_name,
    day_in,
    is_association,
    keys_of,
)
from zusammenplan.places.domain.geometry import LEAST_POINTS, cleaned, crossing_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from zusammenplan.places.domain.geometry import Outline, Polygon, Ring

# WGS 84, and ETRS 89, which differs from it by less than the outlines are exact.
KNOWN_DATUMS = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4258", "EPSG:4258", "WGS84", "WGS 84")
GERMANY = (5.5, 47.0, 15.5, 55.5)
DRAWN = {"4", "9"}
NAMES = ("gen", "name", "gemeindename", "bezeichnung", "title", "planungsraum", "ortsteil")
SHOWN_NAME = 60
MOST_NESTED = 8
LARGEST_NUMBER = 1e9


class _WrongShapeError(Exception):
    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def read_geojson(content: bytes) -> AreaFile:
    """
    Read all areas of a file.

    :raises UnreadableError: if it is no GeoJSON, or measured in another datum
    """
    data = _loaded(content)
    _demand_datum(data)
    about = _provenance(data)
    same: defaultdict[str, list[FileArea]] = defaultdict(list)
    broken: set[str] = set()
    named: dict[str, str] = {}
    for number, feature in enumerate(_features(data), start=1):
        properties = _properties(feature)
        name = _name(properties)
        try:
            keys = keys_of(*_key_values(properties))
        except BadKeyError as bad:
            about.refused.append(RefusedArea(number, name, bad.reason, bad.key))
            continue
        if keys.is_no_area:
            if is_association(keys.ars):
                about.associations.append(name)
                named[keys.ars] = association_name(_designation(properties), name)
            continue
        if not name:
            about.refused.append(RefusedArea(number, keys.ags, Reason.NO_NAME))
            continue
        key = keys.ags or f"={_lies_in(properties)}={name}".casefold()
        try:
            outline = _outline(feature.get("geometry")) if _is_drawn(properties) else None
        except _WrongShapeError as wrong:
            about.refused.append(RefusedArea(number, name, wrong.reason, wrong.detail))
            broken.add(key)
            continue
        same[key].append(_area(number, name, keys, properties, outline))
    for key, areas in same.items():
        if key not in broken:  # half an outline would be a wrong one
            _join([replace(one, association=named.get(one.ars[:9], "")) for one in areas], about)
    if about.as_of is None:
        about.as_of = max((one.since for one in about.areas if one.since), default=None)
    return about


def _join(parts: list[FileArea], about: AreaFile) -> None:
    """Make one area of the features of one key."""
    first = parts[0]
    drawn = [polygon for part in parts for polygon in part.outline or []]
    if other := next((part for part in parts if part.name != first.name), None):
        told = f"{first.name} ({first.ags})"
        about.refused.append(RefusedArea(other.number, other.name, Reason.TWO_NAMES, told))
    elif drawn:
        about.areas.append(replace(first, outline=drawn))
    else:
        about.refused.append(RefusedArea(first.number, first.name, Reason.ONLY_WATER))


# --- the file as a whole -----------------------------------------------------------------


def _loaded(content: bytes) -> Mapping[str, Any]:
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise UnreadableError(Unreadable.EMPTY)
    if start[:1] == b"<":
        raise UnreadableError(Unreadable.HTML)
    if start[:2] in {b"PK", b"\x1f\x8b"} or start[:4] in {b"7z\xbc\xaf", b"Rar!"}:
        raise UnreadableError(Unreadable.ARCHIVE)
    text = _decoded(content)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as fault:
        if start[:1] not in {b"{", b"["} and b"\x00" in start:
            raise UnreadableError(Unreadable.BINARY) from fault
        raise UnreadableError(Unreadable.NOT_JSON, f"{fault.lineno}:{fault.colno}") from fault
    except (RecursionError, ValueError) as fault:
        raise UnreadableError(Unreadable.NOT_JSON, "1:1") from fault
    if not isinstance(data, dict):
        raise UnreadableError(Unreadable.NO_FEATURES)
    if data.get("type") == "Topology":
        raise UnreadableError(Unreadable.TOPOJSON)
    _demand_letters(text)
    return data


def _demand_letters(text: str) -> None:
    """Refuse a file whose umlauts are broken: its names would be, too."""
    if broken := TWICE_ENCODED.search(text):
        line = text.count("\n", 0, broken.start()) + 1
        column = broken.start() - text.rfind("\n", 0, broken.start())
        raise UnreadableError(Unreadable.ENCODING, f"{line}:{column}")


def _decoded(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(eight_bit_encoding(content.translate(None, ASCII)), errors="replace")


def _demand_datum(data: Mapping[str, Any]) -> None:
    crs = data.get("crs")
    if not isinstance(crs, dict):
        return
    properties = crs.get("properties")
    name = _text(properties.get("name", "") if isinstance(properties, dict) else "")
    if name and not name.upper().endswith(KNOWN_DATUMS):
        raise UnreadableError(Unreadable.DATUM, name[:SHOWN_NAME])


def _features(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    features = data.get("features")
    if data.get("type") == "Feature":
        features = [data]
    if not isinstance(features, list) or not features:
        raise UnreadableError(Unreadable.NO_FEATURES)
    for feature in features:
        yield feature if isinstance(feature, dict) else {}


def _provenance(data: Mapping[str, Any]) -> AreaFile:
    metadata = data.get("metadata")
    about = metadata if isinstance(metadata, dict) else data
    told = {name: _text(about.get(name) or "") for name in ("source", "attribution", "note")}
    stated = str(about.get("as_of") or "")
    return AreaFile(
        Layout.GEOJSON,
        source=" · ".join(filter(None, (told["attribution"], told["source"])))[:300],
        licence=_text(about.get("license") or about.get("licence") or "")[:120],
        as_of=day_in(stated) or _stand(told["source"]),
    )


def _stand(text: str) -> date | None:
    """Give the day behind the word "Stand"; other days in the text may be something else."""
    _before, stand, behind = text.partition("Stand")
    return day_in(behind[:20]) if stand else None


# --- one feature -------------------------------------------------------------------------


def _properties(feature: Mapping[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        return {}
    return {
        _text(name).casefold(): _text(value) if isinstance(value, str) else value
        for name, value in properties.items()
    }


def _text(value: object) -> str:
    """Take out zero bytes and halves of pairs, which JSON may spell and nothing can keep."""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


def _key_values(properties: Mapping[str, Any]) -> tuple[object, object]:
    """Give AGS and ARS, called RS in older files."""
    ars = properties.get("ars")
    return properties.get("ags"), ars if ars is not None else properties.get("rs")


def _name(properties: Mapping[str, Any]) -> str:
    for name in NAMES:
        if isinstance(value := properties.get(name), str) and value.strip():
            return " ".join(value.split())[:120]
    return ""


def _is_drawn(properties: Mapping[str, Any]) -> bool:
    factor = properties.get("gf")
    return factor is None or str(factor) in DRAWN


def _area(
    number: int, name: str, keys: Keys, properties: Mapping[str, Any], outline: Outline | None
) -> FileArea:
    return FileArea(
        number,
        name,
        keys.ags,
        keys.ars,
        keys.kind,
        designation=_designation(properties),
        outline=outline,
        since=day_in(str(properties.get("wsk") or "")),
        lies_in=_lies_in(properties),
    )


def _lies_in(properties: Mapping[str, Any]) -> str:
    return str(properties.get("lies_in") or properties.get("liegt_in") or "").strip()


def _designation(properties: Mapping[str, Any]) -> str:
    return str(properties.get("bez") or "").strip(" -")[:SHOWN_NAME]


def _outline(shape: object) -> Outline:
    polygons = [_polygon(polygon) for polygon in _polygons(shape)]
    if not polygons:
        raise _WrongShapeError(Reason.NO_SHAPE)
    return polygons


def _polygons(shape: object, depth: int = 0) -> Iterator[Any]:
    if not isinstance(shape, dict) or depth > MOST_NESTED:
        raise _WrongShapeError(Reason.NO_SHAPE)
    kind, coordinates = shape.get("type"), shape.get("coordinates")
    if kind == "GeometryCollection":
        for part in _list(shape.get("geometries")):
            yield from _polygons(part, depth + 1)
    elif kind == "Polygon":
        if coordinates:
            yield coordinates
    elif kind == "MultiPolygon":
        yield from _list(coordinates)
    else:
        raise _WrongShapeError(Reason.NOT_AN_AREA, _text(kind)[:SHOWN_NAME])


def _list(value: object) -> list[Any]:
    if not isinstance(value, list | None):
        raise _WrongShapeError(Reason.NO_SHAPE)
    return value or []


def _polygon(rings: object) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise _WrongShapeError(Reason.NO_SHAPE)
    return [_ring(ring) for ring in rings]


def _ring(positions: object) -> Ring:
    if not isinstance(positions, list) or not positions:
        raise _WrongShapeError(Reason.NO_SHAPE)
    for at, position in enumerate(positions, start=1):
        if not _is_position(position):
            raise _WrongShapeError(Reason.BAD_NUMBER, str(at))
    ring = cleaned(positions)
    _demand_degrees(ring)
    if len(ring) < LEAST_POINTS - 1:
        raise _WrongShapeError(Reason.TOO_FEW_POINTS, str(len(ring)))
    if ring[0] != ring[-1]:
        raise _WrongShapeError(Reason.UNCLOSED, _place(ring[-1]))
    if len(ring) < LEAST_POINTS:
        raise _WrongShapeError(Reason.TOO_FEW_POINTS, str(len(ring)))
    if crossing := crossing_of(ring):
        raise _WrongShapeError(Reason.CROSSES_ITSELF, _place(crossing))
    return ring


def _is_position(position: object) -> bool:
    return (
        isinstance(position, list)
        and len(position) >= 2  # noqa: PLR2004 - longitude and latitude, perhaps a height
        and all(
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and -LARGEST_NUMBER < value < LARGEST_NUMBER
            for value in position[:2]
        )
    )


def _demand_degrees(ring: Ring) -> None:
    west, south, east, north = GERMANY
    across = [point[0] for point in ring]
    along = [point[1] for point in ring]
    if any(abs(x) > 180 for x in across) or any(abs(y) > 90 for y in along):  # noqa: PLR2004 - degrees
        raise _WrongShapeError(Reason.NOT_IN_DEGREES, _place(ring[0]))
    if min(across) >= west and max(across) <= east and min(along) >= south and max(along) <= north:
        return
    if min(along) >= west and max(along) <= east and min(across) >= south and max(across) <= north:
        raise _WrongShapeError(Reason.SWAPPED, _place(ring[0]))
    raise _WrongShapeError(Reason.FAR_AWAY, _place(ring[0]))


def _place(point: tuple[float, float]) -> str:
    return f"{point[0]:.9g} {point[1]:.9g}"
