"""
Outlines of areas, plain Python: size, middle, whether a point lies in one, whether two overlap.

An outline is a GeoJSON MultiPolygon's coordinates in WGS 84: polygons of rings of (longitude,
latitude), the first ring around the area, the others around its holes.
"""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]
Outline = list[Polygon]
Edge = tuple[Point, Point]

# Five decimals of a degree are a metre.
DECIMALS = 5
# Radius of the sphere whose surface is the earth's (WGS 84).
EARTH_KM = 6371.0072
LEAST_POINTS = 4


class Box(NamedTuple):
    """The rectangle around an outline."""

    west: float
    south: float
    east: float
    north: float

    def meets(self, other: Box) -> bool:
        """Tell whether two rectangles have more than a border in common."""
        return (
            self.west < other.east
            and other.west < self.east
            and self.south < other.north
            and other.south < self.north
        )


def rings_of(outline: Outline) -> Iterator[Ring]:
    """Give all rings, of the areas and of their holes."""
    for polygon in outline:
        yield from polygon


def box_of(outlines: Iterable[Outline]) -> Box | None:
    """Give the rectangle around all outlines, if there is a point at all."""
    points = [point for outline in outlines for ring in rings_of(outline) for point in ring]
    if not points:
        return None
    across, along = [point[0] for point in points], [point[1] for point in points]
    return Box(min(across), min(along), max(across), max(along))


# --- size and middle ---------------------------------------------------------------------


def area_km2(outline: Outline) -> float:
    """Give the size on the sphere; holes do not count."""
    total = 0.0
    for outer, *holes in outline:
        total += abs(_on_sphere(outer)) - sum(abs(_on_sphere(hole)) for hole in holes)
    return total


def _on_sphere(ring: Sequence[Point]) -> float:
    """
    Sum the strips between each edge and the equator.

    Lines are straight on a map of equal areas, which differs from great circles by far less than
    the outlines themselves are exact.
    """
    return (EARTH_KM**2 / 2) * sum(
        math.radians(east - west) * (math.sin(math.radians(here)) + math.sin(math.radians(there)))
        for (west, here), (east, there) in pairwise(ring)
    )


def label_point(outline: Outline) -> Point:
    """
    Give a point inside the largest polygon, as far in its middle as a few levels tell.

    The centre of gravity may lie outside of a bent area; the middle of a level's widest stretch
    does not.
    """
    polygon = max(outline, key=lambda one: abs(_on_sphere(one[0])))
    along = [point[1] for point in polygon[0]]
    south, north = min(along), max(along)
    best: tuple[float, Point] = (-1.0, polygon[0][0])
    levels = 16
    for number in range(1, levels):
        level = south + (north - south) * number / levels
        # Near the middle a shorter stretch is better than the widest one at the edge.
        weight = 1 - abs(number - levels / 2) / levels
        crossings = sorted(_crossings(_edges_of(polygon), level))
        for west, east in zip(crossings[::2], crossings[1::2], strict=False):
            best = max(best, ((east - west) * weight, ((west + east) / 2, level)))
    return best[1]


def _edges_of(polygon: Polygon) -> Iterator[Edge]:
    return (edge for ring in polygon for edge in pairwise(ring))


def _crossings(edges: Iterable[Edge], level: float) -> Iterator[float]:
    for (x, y), (to_x, to_y) in edges:
        if (y > level) != (to_y > level):
            yield x + (level - y) / (to_y - y) * (to_x - x)


def holds(outline: Outline, point: Point) -> bool:
    """Tell whether the point lies inside; on the border either may be told."""
    x, level = point
    return any(
        sum(at > x for at in _crossings(_edges_of(polygon), level)) % 2 == 1 for polygon in outline
    )


# --- what is wrong with a ring -----------------------------------------------------------


def cleaned(ring: Iterable[Sequence[float]]) -> Ring:
    """Round to a metre, drop heights and points that then fall together."""
    points: Ring = []
    for position in ring:
        point = (round(float(position[0]), DECIMALS), round(float(position[1]), DECIMALS))
        if not points or point != points[-1]:
            points.append(point)
    return points


def crossing_of(ring: Ring) -> Point | None:
    """Give a point at which the border crosses itself, if there is one."""
    edges = list(pairwise(ring))
    last = len(edges) - 1
    for first, second in _near(edges, edges):
        if second <= first + 1 or (first == 0 and second == last):
            continue
        if point := _crossing(edges[first], edges[second]):
            return point
    return None


def _near(edges: Sequence[Edge], others: Sequence[Edge]) -> Iterator[tuple[int, int]]:
    """Give pairs of edges whose rectangles meet, found by the cells of a grid they lie in."""
    if not edges or not others:
        return
    length = sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in edges) / len(edges)
    size = max(length, 10**-DECIMALS) * 2
    cells: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for number, edge in enumerate(others):
        for cell in _cells(edge, size):
            cells[cell].append(number)
    for number, edge in enumerate(edges):
        found = {other for cell in _cells(edge, size) for other in cells.get(cell, ())}
        for other in sorted(found):
            yield number, other


def _cells(edge: Edge, size: float) -> Iterator[tuple[int, int]]:
    (x, y), (to_x, to_y) = edge
    for column in range(math.floor(min(x, to_x) / size), math.floor(max(x, to_x) / size) + 1):
        for row in range(math.floor(min(y, to_y) / size), math.floor(max(y, to_y) / size) + 1):
            yield column, row


def _crossing(one: Edge, other: Edge) -> Point | None:
    """Give where two edges cross in their inner parts; touching is no crossing."""
    a, b = one
    c, d = other
    first, second = _turn(a, b, c), _turn(a, b, d)
    third, fourth = _turn(c, d, a), _turn(c, d, b)
    if first * second >= 0 or third * fourth >= 0:
        return None
    share = third / (third - fourth)
    return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


# --- overlaps ----------------------------------------------------------------------------


def overlap_km2(one: Outline, other: Outline, *, levels: int = 60) -> float:
    """Measure how large the part is that both cover."""
    return common_part(one, other, levels=levels)[0]


def common_part(one: Outline, other: Outline, *, levels: int = 60) -> tuple[float, Point]:
    """
    Measure how large the part is that both cover, and find its middle, by levels across it.

    Good to about a level's width: enough to tell an overlap from borders that were rounded.
    """
    boxes = box_of([one]), box_of([other])
    if boxes[0] is None or boxes[1] is None or not boxes[0].meets(boxes[1]):
        return 0.0, (0.0, 0.0)
    south = max(boxes[0].south, boxes[1].south)
    north = min(boxes[0].north, boxes[1].north)
    height = (north - south) / levels
    first, second = (_edges_between(outline, south, north) for outline in (one, other))
    total = east = up = 0.0
    for number in range(levels):
        level = south + (number + 0.5) * height
        for start, to in _common(_stretches(first, level), _stretches(second, level)):
            size = (to - start) * math.cos(math.radians(level))
            total, east, up = total + size, east + size * (start + to) / 2, up + size * level
    per_degree = math.radians(1) * EARTH_KM
    middle = (east / total, up / total) if total else (0.0, 0.0)
    return total * height * per_degree**2, middle


def _edges_between(outline: Outline, south: float, north: float) -> list[Edge]:
    return [
        (here, there)
        for polygon in outline
        for here, there in _edges_of(polygon)
        if min(here[1], there[1]) < north and max(here[1], there[1]) > south
    ]


def _stretches(edges: Iterable[Edge], level: float) -> list[tuple[float, float]]:
    crossings = sorted(_crossings(edges, level))
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _common(
    some: Iterable[tuple[float, float]], others: list[tuple[float, float]]
) -> Iterator[tuple[float, float]]:
    for west, east in some:
        for start, to in others:
            if max(west, start) < min(east, to):
                yield max(west, start), min(east, to)


# Simplified borders of neighbours differ by slivers: in official files by up to 0.7 km² and half a
# per cent of the smaller area. More than this is no sliver any more.
SLIVER_KM2, SLIVER_SHARE = 0.5, 0.02
# Half a square kilometre is a good part of a district.
SLIVER_AT_MOST = 0.1


class Overlap(NamedTuple):
    """Two areas that lie upon each other: how large the common part is, and where its middle."""

    first: int
    second: int
    km2: float
    at: Point


def overlaps(outlines: Sequence[Outline]) -> list[Overlap]:
    """Give the pairs of areas that lie upon each other by more than slivers."""
    boxes = [box_of([outline]) for outline in outlines]
    order = sorted(
        (number for number, box in enumerate(boxes) if box), key=lambda at: boxes[at] or ()
    )
    sizes = [area_km2(outline) for outline in outlines]
    found, open_ones = [], list[int]()
    for number in order:
        box = boxes[number]
        if box is None:
            continue
        open_ones = [at for at in open_ones if (known := boxes[at]) and known.east > box.west]
        for other in open_ones:
            known = boxes[other]
            if known and known.meets(box):
                common, at = common_part(outlines[other], outlines[number])
                smaller = min(sizes[other], sizes[number])
                sliver = min(SLIVER_KM2, SLIVER_AT_MOST * smaller)
                if common > max(sliver, SLIVER_SHARE * smaller):
                    found.append(Overlap(min(other, number), max(other, number), common, at))
        open_ones.append(number)
    return sorted(found)


# --- joining -----------------------------------------------------------------------------


def dissolved(outlines: Iterable[Outline]) -> Outline:
    """
    Join neighbours to one outline: borders that two of them share fall away.

    Borders must have the same points on both sides; where they have not, a sliver stays.
    """
    directed: set[Edge] = set()
    for outline in outlines:
        for ring in _turned_alike(outline):
            for here, there in pairwise(ring):
                if (there, here) in directed:
                    directed.remove((there, here))
                else:
                    directed.add((here, there))
    return nested(_rings_from(directed))


def _turned_alike(outline: Outline) -> Iterator[Ring]:
    """Give all rings with their area to the left: outer ones one way, holes the other."""
    for outer, *holes in outline:
        yield outer if _signed(outer) > 0 else outer[::-1]
        for hole in holes:
            yield hole if _signed(hole) < 0 else hole[::-1]


def _signed(ring: Ring) -> float:
    return sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in pairwise(ring))


def _rings_from(edges: set[Edge]) -> list[Ring]:
    """Chain edges to rings; where several meet in a point, the sharpest turn closes the ring."""
    leaving: defaultdict[Point, list[Point]] = defaultdict(list)
    for here, there in sorted(edges):
        leaving[here].append(there)
    rings: list[Ring] = []
    while leaving:
        start = next(iter(leaving))
        ring = [start]
        while True:
            here = ring[-1]
            ways = leaving.get(here)
            if not ways:
                break
            there = _sharpest(ring, ways)
            ways.remove(there)
            if not ways:
                del leaving[here]
            ring.append(there)
            if there == start:
                break
        if len(ring) >= LEAST_POINTS and ring[0] == ring[-1]:
            rings.append(ring)
    return rings


def _sharpest(ring: Ring, ways: list[Point]) -> Point:
    if len(ways) == 1 or len(ring) < 2:  # noqa: PLR2004 - there is no turn without a way before
        return ways[0]
    before, here = ring[-2:]
    back = math.atan2(before[1] - here[1], before[0] - here[0])

    def turn(way: Point) -> float:
        return (math.atan2(way[1] - here[1], way[0] - here[0]) - back) % (2 * math.pi)

    return min(ways, key=turn)


def nested(rings: Iterable[Ring]) -> Outline:
    """Put rings into polygons: one that lies in another is its hole."""
    outers: list[Polygon] = []
    for ring in sorted(rings, key=lambda one: -abs(_signed(one))):
        if _signed(ring) > 0:
            outers.append([ring])
            continue
        around = next((one for one in reversed(outers) if _lies_in(ring, one[0])), None)
        if around is not None:
            around.append(ring)
    return outers


def _lies_in(ring: Ring, outer: Ring) -> bool:
    (x, y), (to_x, to_y) = ring[:2]
    return holds([[outer]], ((x + to_x) / 2, (y + to_y) / 2))


# --- drawing -----------------------------------------------------------------------------


class Projection(NamedTuple):
    """From longitude and latitude to plane kilometres, true in the middle of the map."""

    middle: Point

    @classmethod
    def around(cls, outlines: Iterable[Outline]) -> Projection:
        """Choose the middle of all outlines."""
        box = box_of(outlines) or Box(0, 0, 0, 0)
        return cls(((box.west + box.east) / 2, (box.south + box.north) / 2))

    def place(self, point: Point) -> Point:
        """Give kilometres to the east and to the north of the middle."""
        per_degree = math.radians(1) * EARTH_KM
        east = (point[0] - self.middle[0]) * math.cos(math.radians(self.middle[1]))
        return (east * per_degree, (point[1] - self.middle[1]) * per_degree)


def simplified(outlines: Sequence[Outline], tolerance_km: float) -> list[Outline]:
    """
    Leave out points that nobody sees, the same ones on both sides of a common border.

    Corners at which the neighbour changes are kept; the line between two of them is thinned in
    one direction, whichever of its two areas comes first, so that no gaps open.
    """
    if tolerance_km <= 0:
        return list(outlines)
    projection = Projection.around(outlines)
    neighbours: defaultdict[Point, set[Point]] = defaultdict(set)
    for outline in outlines:
        for ring in rings_of(outline):
            for here, there in pairwise(ring):
                neighbours[here].add(there)
                neighbours[there].add(here)
    # Inside a common border a point has the same two neighbours on both sides.
    corners = {point for point, others in neighbours.items() if len(others) != 2}  # noqa: PLR2004
    known: dict[tuple[Point, Point, Point], list[Point]] = {}

    def thinned(line: list[Point]) -> list[Point]:
        backwards = (line[-1], line[-2]) < (line[0], line[1])
        ordered = line[::-1] if backwards else line
        key = (ordered[0], ordered[1], ordered[-1])
        if key not in known:
            known[key] = _thin(ordered, projection, tolerance_km)
        return known[key][::-1] if backwards else known[key]

    return [
        [
            rings
            for polygon in outline
            if (rings := [thin for ring in polygon if (thin := _ring(ring, corners, thinned))])
        ]
        for outline in outlines
    ]


def _ring(ring: Ring, corners: set[Point], thinned: Callable[[list[Point]], list[Point]]) -> Ring:
    """Thin a ring between its corners; one that shrinks to nothing is left out."""
    open_ring = ring[:-1]
    fixed = [number for number, point in enumerate(open_ring) if point in corners]
    if not fixed:
        # An island or enclave: turn at two points that both sides choose alike.
        first = open_ring.index(min(open_ring))
        second = open_ring.index(max(open_ring))
        fixed = sorted({first, second})
    turned = open_ring[fixed[0] :] + open_ring[: fixed[0]]
    marks = [number - fixed[0] for number in fixed] + [len(turned)]
    turned.append(turned[0])
    points: Ring = []
    for start, end in pairwise(marks):
        points += thinned(turned[start : end + 1])[:-1]
    if len(set(points)) < LEAST_POINTS - 1:
        return []
    return [*points, points[0]]


def _thin(line: list[Point], projection: Projection, tolerance: float) -> list[Point]:
    """Keep only points that lie further off than the tolerance (Douglas and Peucker)."""
    plane = [projection.place(point) for point in line]
    keep = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        furthest, at = tolerance, 0
        for number in range(first + 1, last):
            distance = _distance(plane[number], plane[first], plane[last])
            if distance > furthest:
                furthest, at = distance, number
        if at:
            keep.add(at)
            waiting += [(first, at), (at, last)]
    return [point for number, point in enumerate(line) if number in keep]


def _distance(point: Point, start: Point, end: Point) -> float:
    across, along = end[0] - start[0], end[1] - start[1]
    length = across**2 + along**2
    if not length:
        return math.hypot(point[0] - start[0], point[1] - start[1])
    share = ((point[0] - start[0]) * across + (point[1] - start[1]) * along) / length
    share = min(1.0, max(0.0, share))
    return math.hypot(point[0] - start[0] - share * across, point[1] - start[1] - share * along)
