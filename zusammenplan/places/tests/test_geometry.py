"""Sizes, middles, overlaps and thinned borders of outlines."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from zusammenplan.places.domain.geometry import (
    Outline,
    Point,
    Projection,
    Ring,
    area_km2,
    box_of,
    cleaned,
    crossing_of,
    dissolved,
    holds,
    label_point,
    overlap_km2,
    overlaps,
    rings_of,
    simplified,
)

SHARED = Path(__file__).parents[4] / "shared" / "data" / "geo"


def square(west: float, south: float, size: float = 0.1) -> Ring:
    east, north = west + size, south + size
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def official(name: str) -> dict[str, Outline]:
    """Read an official file as plainly as possible, for a second opinion."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the official file {path} is not on this machine")
    found = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        shape = feature["geometry"]
        polygons = shape["coordinates"]
        if shape["type"] == "Polygon":
            polygons = [polygons]
        found[feature["properties"]["GEN"]] = [
            [[(x, y) for x, y in ring] for ring in polygon] for polygon in polygons
        ]
    return found


def test_a_degree_at_the_equator_is_as_large_as_the_earth_says() -> None:
    assert area_km2([[square(0, 0, 1)]]) == pytest.approx(12_364, rel=1e-3)


def test_a_hole_is_not_part_of_its_area() -> None:
    outline = [[square(10, 50), square(10.02, 50.02, 0.02)]]

    assert area_km2(outline) == pytest.approx(area_km2([[square(10, 50)]]) * 0.96, rel=1e-3)
    assert holds(outline, (10.01, 50.01))
    assert not holds(outline, (10.03, 50.03))
    assert not holds(outline, (10.2, 50.01))


def test_a_label_stands_inside_a_bent_area() -> None:
    bent: Outline = [
        [[(10, 50), (11, 50), (11, 50.1), (10.1, 50.1), (10.1, 51), (10, 51), (10, 50)]]
    ]

    assert holds(bent, label_point(bent))


@pytest.mark.parametrize(
    ("ring", "crosses"),
    [
        ([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)], True),
        (square(0, 0), False),
        # Touching itself in a point is no crossing: an enclave may hang on the border.
        ([(0, 0), (2, 0), (2, 2), (1, 0), (0, 2), (0, 0)], False),
    ],
)
def test_a_border_that_crosses_itself_is_found(ring: Ring, *, crosses: bool) -> None:
    assert bool(crossing_of(ring)) is crosses


def test_points_are_rounded_to_a_metre_and_said_once() -> None:
    assert cleaned([[10.123456, 50.1, 300.0], [10.1234561, 50.1000001], [10.2, 50.2]]) == [
        (10.12346, 50.1),
        (10.2, 50.2),
    ]


def test_only_real_overlaps_are_told() -> None:
    beside: Outline = [[square(10.1, 50)]]
    upon: Outline = [[square(10.05, 50)]]
    rounded: Outline = [[square(10.09999, 50)]]
    here: Outline = [[square(10, 50)]]

    assert overlaps([here, beside]) == []
    assert overlaps([here, rounded]) == []
    (found,) = overlaps([upon, here])
    assert (found.first, found.second) == (0, 1)
    assert found.km2 == pytest.approx(area_km2(here) / 2, rel=0.02)
    assert found.at == pytest.approx((10.075, 50.05), rel=0.001)
    # Of a quarter of a town half a square kilometre is no sliver.
    small: list[Outline] = [[[square(10, 50, 0.005)]], [[square(10.001, 50, 0.005)]]]
    assert area_km2(small[0]) < 0.5
    assert len(overlaps(small)) == 1
    assert overlap_km2(here, here) == pytest.approx(area_km2(here), rel=0.02)


@given(st.floats(-0.15, 0.15), st.floats(-0.15, 0.15))
@settings(max_examples=40)
def test_an_overlap_is_as_large_as_two_squares_say(east: float, north: float) -> None:
    here, there = [[square(10, 50)]], [[square(10 + east, 50 + north)]]
    width, height = max(0, 0.1 - abs(east)), max(0, 0.1 - abs(north))

    expected = area_km2([[square(10, 50)]]) * width * height / 0.01

    assert overlap_km2(here, there) == pytest.approx(expected, rel=0.03, abs=0.1)


def grid(columns: int, rows: int) -> list[Outline]:
    """Make neighbours that share bent borders with many points."""

    def line(start: Point, end: Point) -> list[Point]:
        steps = 12
        bend = [0, 2, -1, 3, 1, -2, 2, 0, -3, 1, 2, -1, 0]
        across = (end[1] - start[1], start[0] - end[0])
        return [
            (
                round(start[0] + (end[0] - start[0]) * n / steps + across[0] * bend[n] / 60, 5),
                round(start[1] + (end[1] - start[1]) * n / steps + across[1] * bend[n] / 60, 5),
            )
            for n in range(steps)
        ]

    def around(column: int, row: int) -> Ring:
        west, south = 10 + column / 10, 50 + row / 10
        east, north = 10 + (column + 1) / 10, 50 + (row + 1) / 10
        bottom, right = line((west, south), (east, south)), line((east, south), (east, north))
        top, left = line((west, north), (east, north)), line((west, south), (west, north))
        end: list[Point] = [(round(east, 5), round(north, 5))]
        ring = bottom + right + end + top[:0:-1] + [top[0]] + left[:0:-1]
        return [*ring, ring[0]]

    return [[[around(column, row)]] for row in range(rows) for column in range(columns)]


def borders(outlines: list[Outline]) -> dict[frozenset[Point], int]:
    found: dict[frozenset[Point], int] = {}
    for outline in outlines:
        for ring in rings_of(outline):
            for edge in pairwise(ring):
                found[frozenset(edge)] = found.get(frozenset(edge), 0) + 1
    return found


@pytest.mark.parametrize("tolerance", [0.1, 0.5, 2])
def test_thinned_neighbours_still_have_one_border(tolerance: float) -> None:
    outlines = grid(3, 3)
    before = sum(len(ring) for outline in outlines for ring in rings_of(outline))

    thin = simplified(outlines, tolerance)

    assert sum(len(ring) for outline in thin for ring in rings_of(outline)) < before
    assert max(borders(thin).values()) == 2
    for edge in (edge for edge, times in borders(thin).items() if times == 1):
        x, y = (sum(point[axis] for point in edge) / 2 for axis in (0, 1))
        assert min(abs(x - 10), abs(x - 10.3), abs(y - 50), abs(y - 50.3)) < 0.02, "on the rim"
    whole = sum(map(area_km2, outlines))
    assert sum(map(area_km2, thin)) == pytest.approx(whole, rel=0.05)
    assert overlaps(thin) == []


def test_no_tolerance_changes_nothing() -> None:
    assert simplified(grid(2, 1), 0) == grid(2, 1)


def test_kilometres_on_the_map_are_kilometres() -> None:
    projection = Projection.around([[[square(10, 50)]]])

    west, south = projection.place((10, 50))
    east, north = projection.place((10.1, 50.1))

    assert (east - west) * (north - south) == pytest.approx(area_km2([[square(10, 50)]]), rel=1e-3)
    assert (west + east, south + north) == pytest.approx((0, 0), abs=1e-9)
    assert box_of([]) is None


def test_thuringia_is_as_large_as_its_statistics_say() -> None:
    counties = official("thueringen_kreise_vg250_2018-12-31_sim200.geojson")

    assert sum(map(area_km2, counties.values())) == pytest.approx(16_202, rel=0.005)
    assert overlaps(list(counties.values())) == []


def test_labels_of_all_official_municipalities_stand_inside() -> None:
    outlines = list(official("thueringen_gemeinden_vg5000_2021-01-01.geojson").values())

    assert all(holds(outline, label_point(outline)) for outline in outlines)
    assert all(crossing_of(ring) is None for outline in outlines for ring in rings_of(outline))


def test_thinned_official_municipalities_do_not_overlap() -> None:
    outlines = list(official("thueringen_gemeinden_vg5000_2021-01-01.geojson").values())

    thin = simplified(outlines, 0.3)

    assert all(outline and outline[0] for outline in thin)
    assert sum(map(area_km2, thin)) == pytest.approx(sum(map(area_km2, outlines)), rel=0.01)


def test_neighbours_join_to_one_outline() -> None:
    outlines = grid(3, 3)

    joined = dissolved(outlines)

    assert [len(polygon) for polygon in joined] == [1]
    assert area_km2(joined) == pytest.approx(sum(map(area_km2, outlines)), rel=1e-6)


def test_an_area_left_out_in_the_middle_is_a_hole() -> None:
    outlines = grid(3, 3)
    del outlines[4]

    joined = dissolved(outlines)

    assert [len(polygon) for polygon in joined] == [2]
    assert area_km2(joined) == pytest.approx(sum(map(area_km2, outlines)), rel=1e-6)


def test_areas_apart_stay_apart() -> None:
    outlines = grid(3, 1)
    del outlines[1]

    assert len(dissolved(outlines)) == 2


def test_official_municipalities_join_to_their_land() -> None:
    outlines = list(official("thueringen_gemeinden_vg5000_2021-01-01.geojson").values())

    joined = dissolved(outlines)

    assert area_km2(joined) == pytest.approx(sum(map(area_km2, outlines)), rel=1e-6)
    assert len(joined) < 5
