"""
Draw the fictional county's municipalities, for the demo: the same every time.

Voronoi cells around chosen seeds, with borders bent alike on both sides, so that neighbours fit
without gaps. Writes zusammenplan/config/demo/areas-2018.geojson and areas-2019.geojson:
    python scripts/demo_areas.py
"""

import json
import math
from itertools import pairwise
from pathlib import Path
from random import Random

from zusammenplan.places.domain.geometry import (
    DECIMALS,
    Outline,
    Point,
    Ring,
    crossing_of,
    dissolved,
    overlaps,
)

FOLDER = Path(__file__).parents[1] / "zusammenplan" / "config" / "demo"
COUNTY = ("16099", "Rennsteiggrund")
# Where they lie on the model of the page, in tenths of kilometres; y grows to the south.
SEEDS = {
    "Altenschlag": (87, 30),
    "Birkenrod": (144, 48),
    "Oberfelden": (208, 40),
    "Hohwart": (48, 70),
    "Kieferstedt": (104, 90),
    "Wiesenrode": (212, 106),
    "Grundheim": (158, 110),
    "Tannhain": (52, 143),
    "Moosbrunn": (108, 148),
    "Neuwerk": (198, 163),
    "Ilsebrück": (264, 150),
    "Lautersau": (155, 186),
    "Hammerfurt": (92, 210),
    "Steinthal": (212, 218),
    # Became part of Neuwerk on 1 January 2019.
    "Altwerk": (218, 150),
}
# Digits, kind, name and municipalities; all others belong to none.
ASSOCIATIONS = (
    (
        "5001",
        "Verwaltungsgemeinschaft",
        "Oberes Rennsteigtal",
        ("Altenschlag", "Birkenrod", "Oberfelden"),
    ),
    ("5002", "Verwaltungsgemeinschaft", "An der Werra", ("Tannhain", "Moosbrunn", "Hammerfurt")),
    ("5050", "Erfüllende Gemeinde", "Grundheim", ("Grundheim", "Kieferstedt")),
)
WEST, NORTH = 10.62, 50.66
KM_PER_DEGREE = 111.2
LEVELS, BEND = 4, 0.11
RIM, RIM_POINTS = 178, 17
MIDDLE = (156, 128)


def main() -> None:
    cells = _cells()
    bent = {name: [[_bent(ring)]] for name, ring in cells.items()}
    merged = dict(bent)
    merged["Neuwerk"] = dissolved([merged["Neuwerk"], merged.pop("Altwerk")])
    for outlines in (bent, merged):
        rings = [ring for outline in outlines.values() for polygon in outline for ring in polygon]
        if any(crossing_of(ring) for ring in rings) or overlaps(list(outlines.values())):
            raise SystemExit("A border crosses itself. Choose another bend.")
    _write("areas-2018.geojson", "31.12.2018", bent)
    _write("areas-2019.geojson", "01.01.2019", merged)


def _cells() -> dict[str, Ring]:
    """Cut a large square down to the places nearest to each seed; a rim of others bounds all."""
    rim = [
        (
            MIDDLE[0] + RIM * math.cos(2 * math.pi * turn / RIM_POINTS),
            MIDDLE[1] + 0.93 * RIM * math.sin(2 * math.pi * turn / RIM_POINTS),
        )
        for turn in range(RIM_POINTS)
    ]
    others = [*SEEDS.values(), *rim]
    cells = {}
    for name, seed in SEEDS.items():
        cell: list[Point] = [(-500, -500), (900, -500), (900, 900), (-500, 900)]
        for other in others:
            if other != seed:
                cell = _nearer(cell, seed, other)
        points = [(round(x, 4), round(y, 4)) for x, y in cell]
        cells[name] = [*points, points[0]]
    return cells


def _nearer(cell: list[Point], seed: Point, other: Point) -> list[Point]:
    """Keep the part of a convex cell that is nearer to the seed than to the other one."""

    def side(point: Point) -> float:
        return math.dist(point, other) ** 2 - math.dist(point, seed) ** 2

    kept: list[Point] = []
    for here, there in pairwise([*cell, cell[0]]):
        inside, outside = side(here), side(there)
        if inside >= 0:
            kept.append(here)
        if (inside >= 0) != (outside >= 0):
            share = inside / (inside - outside)
            kept.append(
                (here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1]))
            )
    return kept


def _bent(ring: Ring) -> Ring:
    points: Ring = []
    for here, there in pairwise(ring):
        first, last = sorted((here, there))
        line = _line(first, last, LEVELS, Random(f"{first}{last}"))  # noqa: S311 - no secret
        points += (line if (first, last) == (here, there) else line[::-1])[:-1]
    degrees = [_in_degrees(point) for point in [*points, points[0]]]
    return [point for at, point in enumerate(degrees) if at == 0 or point != degrees[at - 1]]


def _line(first: Point, last: Point, level: int, chance: Random) -> list[Point]:
    length = math.dist(first, last)
    if not level or length < 4:  # noqa: PLR2004 - tenths of kilometres
        return [first, last]
    off = chance.uniform(-BEND, BEND)
    middle = (
        (first[0] + last[0]) / 2 - off * (last[1] - first[1]),
        (first[1] + last[1]) / 2 + off * (last[0] - first[0]),
    )
    before = _line(first, middle, level - 1, chance)
    return before + _line(middle, last, level - 1, chance)[1:]


def _in_degrees(point: Point) -> Point:
    east, south = point[0] / 10, point[1] / 10
    latitude = NORTH - south / KM_PER_DEGREE
    longitude = WEST + east / (KM_PER_DEGREE * math.cos(math.radians(NORTH)))
    return (round(longitude, DECIMALS), round(latitude, DECIMALS))


def _write(name: str, as_of: str, outlines: dict[str, Outline]) -> None:
    numbers = {area: number for number, area in enumerate(SEEDS, start=1)}
    features = [
        _feature(COUNTY[0], COUNTY[0], COUNTY[1], "Landkreis", dissolved(outlines.values()))
    ]
    # They are named alone; whoever draws them joins their municipalities.
    features += [
        _feature("--------", f"{COUNTY[0]}{digits}", area, kind, None)
        for digits, kind, area, _members in ASSOCIATIONS
    ]
    belongs = {area: digits for digits, _kind, _name, members in ASSOCIATIONS for area in members}
    for area, outline in outlines.items():
        own = f"{numbers[area]:03d}"
        kind = "Stadt" if area == "Grundheim" else "Gemeinde"
        ars = f"{COUNTY[0]}{belongs.get(area, f'0{own}')}{own}"
        features.append(_feature(f"{COUNTY[0]}{own}", ars, area, kind, outline))
    metadata = {
        "source": f"Erfundener Landkreis, Stand {as_of}",
        "attribution": "Zusammenplan",
        "license": "erfunden",
    }
    lines = ",\n".join(
        json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features
    )
    about = json.dumps(metadata, ensure_ascii=False)
    text = f'{{"type":"FeatureCollection","metadata":{about},"features":[\n{lines}\n]}}\n'
    (FOLDER / name).write_text(text, encoding="utf-8")


def _feature(
    key: str, ars: str, name: str, designation: str, outline: Outline | None
) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"AGS": key, "ARS": ars, "GEN": name, "BEZ": designation, "GF": 9},
        "geometry": outline and {"type": "MultiPolygon", "coordinates": outline},
    }


if __name__ == "__main__":
    main()
