"""What files of areas say: official ones in each style, own ones, and what is no file of areas."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zusammenplan.core.tables import read_tables
from zusammenplan.core.tables.rows import Row
from zusammenplan.places.domain.area_files import (
    AreaFile,
    BadKeyError,
    Reason,
    Unreadable,
    UnreadableError,
    day_in,
    keys_of,
)
from zusammenplan.places.domain.directory import is_directory, read_directory
from zusammenplan.places.domain.geojson import read_geojson
from zusammenplan.places.domain.geometry import area_km2, rings_of

SHARED = Path(__file__).parents[4] / "shared" / "data"
GEO = "geo/thueringen_"
Square = list[list[float]]


def shared(name: str) -> bytes:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the official file {path} is not on this machine")
    return path.read_bytes()


def square(west: float = 10.5, south: float = 50.5, size: float = 0.1) -> Square:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    shape = {"type": "Polygon", "coordinates": [square()]} if geometry is None else geometry
    properties = {"AGS": "16069012", "GEN": "Eisfeld", **properties}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def file_of(*features: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def read(*features: dict[str, Any], **more: Any) -> AreaFile:
    return read_geojson(file_of(*features, **more))


# --- the official files ------------------------------------------------------------------

FILES = [
    ("geo/lk_hildburghausen_gemeinden_vg5000_2021-01-01.geojson", 32, 0, date(2021, 1, 1)),
    (f"{GEO}gemeinden_vg5000_2021-01-01.geojson", 631, 2, date(2021, 1, 1)),
    (f"{GEO}kreise_vg5000_2021-01-01_mit_eisenach.geojson", 23, 1, date(2021, 1, 1)),
    (f"{GEO}kreise_vg2500_nach_2021-07-01_ohne_eisenach.geojson", 22, 1, date(2021, 7, 1)),
    (f"{GEO}kreise_vg250_2018-12-31_sim200.geojson", 23, 3, date(2018, 12, 31)),
]


@pytest.mark.parametrize(("name", "count", "holes", "as_of"), FILES)
def test_every_official_file_is_read_whole(name: str, count: int, holes: int, as_of: date) -> None:
    file = read_geojson(shared(name))

    assert (len(file.areas), file.refused, file.associations) == (count, [], [])
    outlines = [area.outline or [] for area in file.areas]
    assert sum(len(polygon) - 1 for outline in outlines for polygon in outline) == holes
    assert file.as_of == as_of
    assert file.licence == "dl-de/by-2-0"
    assert "GeoBasis-DE / BKG" in file.source
    assert "Daten verändert" in file.source
    assert all(area.since for area in file.areas)
    kind = "municipality" if "gemeinden" in name else "county"
    assert {area.kind for area in file.areas} == {kind}
    if "hildburghausen" not in name:
        assert sum(map(area_km2, outlines)) == pytest.approx(16_200, rel=0.01)


def test_old_and_new_names_of_the_keys_mean_the_same() -> None:
    old = read_geojson(shared(f"{GEO}kreise_vg250_2018-12-31_sim200.geojson"))
    new = read_geojson(shared(f"{GEO}kreise_vg5000_2021-01-01_mit_eisenach.geojson"))

    assert {(one.ags, one.name) for one in old.areas} == {(one.ags, one.name) for one in new.areas}


def test_a_file_of_associations_has_no_areas_but_says_which_there_are() -> None:
    file = read_geojson(shared(f"{GEO}verwaltungsgemeinschaften_vg5000_2021-01-01.geojson"))

    assert file.areas == []
    assert file.refused == []
    assert "Lindenberg/Eichsfeld" in file.associations
    assert "Erfurt" not in file.associations


def test_the_municipal_directory_is_read_whole() -> None:
    content = shared("ags/thueringen_gv2q_2024.csv")
    (table,) = read_tables("gv.csv", content)

    file = read_directory([(row.number, row.cells) for row in table.rows])

    kinds = [area.kind for area in file.areas]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "land": 1,
        "county": 22,
        "municipality": 605,
    }
    assert file.as_of == date(2024, 6, 30)
    by_key = {area.ags: area for area in file.areas}
    eisenach = by_key["16063105"]
    assert (eisenach.name, eisenach.ars) == ("Eisenach", "160630105105")
    assert "16056" not in by_key
    assert by_key["16051000"].km2 == Decimal("269.91")
    assert by_key["16061003"].association == "Verwaltungsgemeinschaft Lindenberg/Eichsfeld"
    assert by_key["16061119"].association == "Erfüllende Gemeinde Uder"
    assert by_key["16062064"].association == "Erfüllende Gemeinde Heringen/Helme"
    assert by_key["16061045"].association == ""
    # 42 of Textkennzeichen 54 and 38 of 58.
    assert len(file.associations) == 80


def test_the_directory_as_a_workbook_is_read_too() -> None:
    rows = [
        ("Gemeinden in Deutschland am 30.06.2024",),
        ("Satz-art", "Text-kenn-zeichen", "ARS", "", "", "", "", "Gemeindename", "Fläche km2 1)"),
        ("", "", "Land", "RB", "Kreis", "VB", "Gem", "", "insgesamt"),
        # A spreadsheet took the keys for numbers.
        ("60", "63", "1", "0", "1", "0", "0", "Flensburg, Stadt", "56,73"),
        ("60", "63", "16", "0", "63", "105", "105", "Eisenach, Stadt", "1.104,17"),
        ("60", "63", "16", "0", "63", "105", "105", "Eisenach, krsfr. Stadt", "104,17"),
        ("50", "50", "16", "0", "63", "105", "", "Eisenach, Stadt", ""),
        ("60", "64", "16", "0", "xx", "0", "0", "Nirgends", ""),
    ]
    table = [Row(number, cells) for number, cells in enumerate(rows, start=1)]
    assert is_directory([row.cells for row in table])

    file = read_directory([(row.number, row.cells) for row in table])

    assert [(one.ags, one.name, one.km2) for one in file.areas] == [
        ("01001000", "Flensburg", Decimal("56.73")),
        ("16063105", "Eisenach", Decimal("1104.17")),
    ]
    assert [(one.number, one.reason) for one in file.refused] == [
        (6, Reason.TWO_NAMES),
        (8, Reason.BAD_KEY),
    ]
    assert file.as_of == date(2024, 6, 30)


def test_another_table_is_no_directory() -> None:
    assert not is_directory([("Name", "Einwohner"), ("Erfurt", "1")])
    with pytest.raises(UnreadableError) as refusal:
        read_directory([(1, ("Name", "Einwohner"))])
    assert refusal.value.why == Unreadable.NO_DIRECTORY


# --- own files, step by step -------------------------------------------------------------


def test_features_of_one_key_are_joined_and_water_is_left_out() -> None:
    lake = {"type": "Polygon", "coordinates": [square(10.7, 50.5)]}
    island = {"type": "MultiPolygon", "coordinates": [[square(10.9, 50.5)]]}

    file = read(feature(GF=4), feature(island, GF=4), feature(lake, GF=2))

    (area,) = file.areas
    assert area.outline is not None
    assert [polygon[0][0] for polygon in area.outline] == [(10.5, 50.5), (10.9, 50.5)]


def test_only_water_is_no_area() -> None:
    assert [one.reason for one in read(feature(GF=1)).refused] == [Reason.ONLY_WATER]


def test_holes_are_kept() -> None:
    holed = {"type": "Polygon", "coordinates": [square(), square(10.52, 50.52, 0.02)]}

    (area,) = read(feature(holed)).areas

    assert area.outline is not None
    assert len(list(rings_of(area.outline))) == 2


def test_one_broken_part_refuses_the_whole_area() -> None:
    open_ring = {"type": "Polygon", "coordinates": [square()[:-1]]}

    file = read(feature(GF=4), feature(open_ring, GF=4), feature(AGS="16069013", GEN="Suhl"))

    assert [area.name for area in file.areas] == ["Suhl"]
    assert [(one.number, one.name, one.reason) for one in file.refused] == [
        (2, "Eisfeld", Reason.UNCLOSED)
    ]


def polygon(ring: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


SWAPPED = [[y, x] for x, y in square()]
UTM = [[600_000.0, 5_600_000.0], [601_000.0, 5_600_000.0], [601_000.0, 5_601_000.0]]
BOW = [[10.5, 50.5], [10.6, 50.6], [10.6, 50.5], [10.5, 50.6], [10.5, 50.5]]


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ({"type": "Polygon", "coordinates": []}, Reason.NO_SHAPE),
        ({"type": "GeometryCollection", "geometries": []}, Reason.NO_SHAPE),
        ({"type": "Point", "coordinates": [10.5, 50.5]}, Reason.NOT_AN_AREA),
        ("Polygon", Reason.NO_SHAPE),
        (polygon(square()[:-1]), Reason.UNCLOSED),
        (polygon([[10.5, 50.5], [10.5, 50.5]]), Reason.TOO_FEW_POINTS),
        (polygon([[10.5, 50.5], [10.6, 50.5], [10.5, 50.5]]), Reason.TOO_FEW_POINTS),
        (polygon(BOW), Reason.CROSSES_ITSELF),
        (polygon(SWAPPED), Reason.SWAPPED),
        (polygon(UTM), Reason.NOT_IN_DEGREES),
        (polygon(square(0.0, 0.0)), Reason.FAR_AWAY),
        (polygon([*square()[:2], ["10", "50"], *square()[2:]]), Reason.BAD_NUMBER),
        (polygon([*square()[:2], [10.5], *square()[2:]]), Reason.BAD_NUMBER),
    ],
)
def test_a_broken_outline_is_refused_with_its_number_and_name(shape: Any, reason: Reason) -> None:
    file = read(feature(shape), feature(AGS="16069013", GEN="Suhl"))

    assert [(one.number, one.name, one.reason) for one in file.refused] == [(1, "Eisfeld", reason)]
    assert [area.name for area in file.areas] == ["Suhl"]


def test_a_missing_geometry_is_refused() -> None:
    nothing = {**feature(), "geometry": None}

    assert [one.reason for one in read(nothing).refused] == [Reason.NO_SHAPE]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Unreadable.EMPTY),
        (b"\xef\xbb\xbf  \n", Unreadable.EMPTY),
        (b"<!DOCTYPE html><html>", Unreadable.HTML),
        (b"PK\x03\x04shape.shp", Unreadable.ARCHIVE),
        (b"SQLite format 3\x00", Unreadable.BINARY),
        (b"ARS;GEN\n16069012;Eisfeld", Unreadable.NOT_JSON),
        (file_of(feature())[:-20], Unreadable.NOT_JSON),
        (b"[" * 100_000, Unreadable.NOT_JSON),
        (b'{"type": "Topology", "objects": {}}', Unreadable.TOPOJSON),
        (b"[]", Unreadable.NO_FEATURES),
        (b'{"Status": {"Code": 98}}', Unreadable.NO_FEATURES),
        (file_of(), Unreadable.NO_FEATURES),
    ],
)
def test_what_is_no_geojson_is_refused_as_a_whole(content: bytes, why: Unreadable) -> None:
    with pytest.raises(UnreadableError) as refusal:
        read_geojson(content)

    assert refusal.value.why == why


def test_a_broken_file_says_in_which_line_and_column() -> None:
    with pytest.raises(UnreadableError) as refusal:
        read_geojson(b'{"type": "FeatureCollection",\n"features": [,]}')

    assert refusal.value.detail == "2:14"


@pytest.mark.parametrize(
    ("crs", "is_known"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", True),
        ("urn:ogc:def:crs:EPSG::4326", True),
        ("EPSG:4258", True),
        ("urn:ogc:def:crs:EPSG::25832", False),
        ("EPSG:31467", False),
    ],
)
def test_only_degrees_of_wgs84_are_taken(crs: str, *, is_known: bool) -> None:
    said = {"type": "name", "properties": {"name": crs}}
    if is_known:
        assert len(read(feature(), crs=said).areas) == 1
        return
    with pytest.raises(UnreadableError) as refusal:
        read(feature(), crs=said)
    assert (refusal.value.why, refusal.value.detail) == (Unreadable.DATUM, crs)


def test_other_encodings_are_read() -> None:
    text = json.dumps(
        {"type": "FeatureCollection", "features": [feature(GEN="Römhild")]}, ensure_ascii=False
    )
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16"):
        assert read_geojson(text.encode(encoding)).areas[0].name == "Römhild"


def test_broken_umlauts_are_refused_with_their_place() -> None:
    text = '{"type": "FeatureCollection",\n"features": [{"properties": {"GEN": "Römhild"}}]}'
    once_more = text.encode().decode("cp1252").encode()
    mixed = text.encode().replace(b"hild", b"h\xe4ld")

    for content in (once_more, mixed):
        with pytest.raises(UnreadableError) as fault:
            read_geojson(content)
        assert (fault.value.why, fault.value.detail[:2]) == (Unreadable.ENCODING, "2:")


def test_two_names_for_one_key_are_refused() -> None:
    file = read(feature(), feature(GEN="Suhl"))

    assert [(one.reason, one.detail) for one in file.refused] == [
        (Reason.TWO_NAMES, "Eisfeld (16069012)")
    ]
    assert file.areas == []


def test_own_areas_need_no_key_but_a_name() -> None:
    own = feature(AGS=None, GEN=None, Name="Ilsetal", liegt_in="Landkreis Rennsteiggrund")
    nameless = feature(AGS=None, GEN=" ")

    file = read(own, nameless)

    assert [(one.name, one.ags, one.kind, one.lies_in) for one in file.areas] == [
        ("Ilsetal", "", "", "Landkreis Rennsteiggrund")
    ]
    assert [one.reason for one in file.refused] == [Reason.NO_NAME]


def test_the_same_name_in_two_municipalities_is_two_districts() -> None:
    one = feature(AGS=None, GEN="Neustadt", lies_in="Altenschlag")
    other = feature(polygon(square(11)), AGS=None, GEN="Neustadt", lies_in="Ilsetal")

    assert [area.lies_in for area in read(one, other).areas] == ["Altenschlag", "Ilsetal"]


# --- keys --------------------------------------------------------------------------------


def test_keys_are_given_from_either() -> None:
    assert keys_of("16063105", "160630105105") == ("16063105", "160630105105", "municipality")
    assert keys_of(None, "160630105105") == ("16063105", "160630105105", "municipality")
    assert keys_of("16063", "16063") == ("16063", "", "county")
    assert keys_of("--------", "160635001").is_no_area
    assert keys_of(None, None) == ("", "", "")
    assert keys_of(16069012, None).ags == "16069012"


@pytest.mark.parametrize(
    ("ags", "ars", "reason"),
    [
        (1001000, None, Reason.LOST_ZERO),
        ("1001000", None, Reason.BAD_KEY),
        ("16A69012", None, Reason.BAD_KEY),
        ("16069012", "160630105105", Reason.KEYS_DIFFER),
        (None, "1606301051", Reason.BAD_KEY),
    ],
)
def test_what_is_no_key_is_refused(ags: Any, ars: Any, reason: Reason) -> None:
    with pytest.raises(BadKeyError) as refusal:
        keys_of(ags, ars)

    assert refusal.value.reason == reason


def test_days_are_found_in_every_notation() -> None:
    assert day_in("Gebietsstand am 30.06.2024 (2. Quartal)") == date(2024, 6, 30)
    assert day_in("1994/10/12") == date(1994, 10, 12)
    assert day_in("2021-07-01T00:00") == date(2021, 7, 1)
    assert day_in("99.99.2021") is None
    assert day_in("") is None
