"""A map of areas in tones of their class, with the values written in, from plane polygons."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar

from zusammenplan.core.charts.axis import NumberFormat, Text, short, width_of
from zusammenplan.core.charts.classes import Tone, class_of, tones

Place = tuple[float, float]
Ring = Sequence[Place]

WIDTH, HEIGHT_AT_MOST, EDGE = 460.0, 620.0, 6.0
KEY_TOP, KEY_ROW = 18.0, 26.0
VALUE_SIZE, NAME_SIZE = 16.0, 12.0
# Where an area is looked through for the widest place to write in.
CUTS = 15
# On a map of more areas each is so small that half a pixel is fine enough, and one thin line
# between two of them is all there is room for.
FINE_ABOVE = 100
GRID = 0.5


@dataclass(frozen=True, slots=True)
class Region:
    """An area; x grows to the east, y to the north. Without a value ``sign`` says why."""

    name: str
    rings: Sequence[Ring]
    value: Decimal | None
    sign: str = "."
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """An area on the picture; without a tone it is hatched."""

    path: str
    tone: Tone | None
    value: Text | None
    name: Text | None
    # What the pointer is told: the area and its value.
    told: str

    @property
    def ink(self) -> str:
        return self.tone.ink if self.tone else "on-light"


@dataclass(frozen=True, slots=True)
class ClassKey:
    """A line of the key: the tone, or hatching, and what it stands for."""

    y: str
    text_y: str
    text: str
    tone: Tone | None


@dataclass(frozen=True, slots=True)
class Choropleth:
    """A map, ready to be drawn, with its key below."""

    kind: ClassVar[str] = "choropleth"
    width: str
    height: str
    shapes: tuple[Shape, ...]
    own: str
    keys: tuple[ClassKey, ...]
    is_fine: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    west: float
    north: float
    unit: float
    left: float
    height: float

    def place(self, at: Place) -> Place:
        x, y = at
        return self.left + (x - self.west) * self.unit, EDGE + (self.north - y) * self.unit


def choropleth(
    regions: Sequence[Region],
    bounds: Sequence[Decimal],
    *,
    number: NumberFormat,
    labels: Sequence[str],
    missing: str,
) -> Choropleth | None:
    """
    Draw areas by the class of their value; nothing without an area that has a shape.

    ``labels`` names the classes, one more than there are ``bounds``; ``missing`` names the
    hatching and stands in the key only if an area is hatched.

    :raises ValueError: if there are more classes than tones
    """
    shaped = [region for region in regions if any(region.rings)]
    if not shaped:
        return None
    shades = tones(len(bounds) + 1)
    frame = _frame(shaped)
    is_fine = len(shaped) > FINE_ABOVE
    path = _fine_path if is_fine else _path
    shapes = tuple(
        _shape(region, bounds, shades, frame, number, path(region, frame)) for region in shaped
    )
    entries: list[tuple[str, Tone | None]] = list(zip(labels, shades, strict=True))
    if any(shape.tone is None for shape in shapes):
        entries.append((missing, None))
    top = frame.height + KEY_TOP
    return Choropleth(
        width=short(WIDTH),
        height=short(top + KEY_ROW * len(entries)),
        shapes=shapes,
        own=_outer([region for region in shaped if region.is_own], frame),
        keys=tuple(
            ClassKey(short(top + KEY_ROW * row), short(top + KEY_ROW * row + 15), text, tone)
            for row, (text, tone) in enumerate(entries)
        ),
        is_fine=is_fine,
    )


def _frame(regions: Sequence[Region]) -> _Frame:
    """Fit all areas into the picture without bending them."""
    places = [place for region in regions for ring in region.rings for place in ring]
    west, east = min(x for x, _ in places), max(x for x, _ in places)
    south, north = min(y for _, y in places), max(y for _, y in places)
    # A map of no width or height at all cannot be stretched.
    unit = min(
        (WIDTH - 2 * EDGE) / (east - west or 1.0),
        (HEIGHT_AT_MOST - 2 * EDGE) / (north - south or 1.0),
    )
    return _Frame(
        west=west,
        north=north,
        unit=unit,
        left=(WIDTH - (east - west) * unit) / 2,
        height=(north - south) * unit + 2 * EDGE,
    )


def _path(region: Region, frame: _Frame) -> str:
    parts = []
    for ring in region.rings:
        places = [f"{x:.1f} {y:.1f}" for x, y in map(frame.place, ring)]
        # Vertices that fall together on the picture are said once.
        told = [one for at, one in enumerate(places) if at == 0 or one != places[at - 1]]
        if told:
            parts.append(f"M{'L'.join(told)}z")
    return "".join(parts)


def _fine_path(region: Region, frame: _Frame) -> str:
    """Write steps from vertex to vertex of a grid; neighbours meet on it, whatever is left out."""
    parts = []
    unit, west, north, left = frame.unit / GRID, frame.west, frame.north, frame.left / GRID
    top = EDGE / GRID
    for ring in region.rings:
        places = [
            (round(left + (x - west) * unit), round(top + (north - y) * unit)) for x, y in ring
        ]
        here = places[0]
        steps = []
        run = (0, 0)
        for place in places[1:]:
            step = place[0] - here[0], place[1] - here[1]
            if step == (0, 0):
                continue
            # Steps in one direction are one.
            if run[0] * step[1] == run[1] * step[0] and run[0] * step[0] + run[1] * step[1] > 0:
                run = run[0] + step[0], run[1] + step[1]
            else:
                steps.append(run)
                run = step
            here = place
        steps.append(run)
        told = "".join(f"{_half(x)}{_half(y)}" for x, y in steps[1:]).strip()
        start = f"{short(places[0][0] * GRID)} {short(places[0][1] * GRID)}"
        parts.append(f"M{start}l{told}z" if told else f"M{start}h.5z")
    return "".join(parts)


@lru_cache(maxsize=4096)
def _half(number: int) -> str:
    """Write a number of half pixels; a minus sets it apart from what stands before."""
    text = short(number * GRID).replace("0.", ".", 1) if abs(number) == 1 else short(number * GRID)
    return text if text.startswith("-") else f" {text}"


def _outer(regions: Sequence[Region], frame: _Frame) -> str:
    """Draw the outline of areas together: a border that two of them share is left out."""
    count: Counter[frozenset[str]] = Counter()
    for region in regions:
        for ring in region.rings:
            places = [f"{x:.1f} {y:.1f}" for x, y in map(frame.place, ring)]
            count.update(map(frozenset, zip(places, [*places[1:], *places[:1]], strict=True)))
    borders = (sorted(ends) for ends, times in count.items() if times == 1)
    return "".join(f"M{ends[0]}L{ends[-1]}" for ends in borders if len(ends) > 1)


def _shape(
    region: Region,
    bounds: Sequence[Decimal],
    shades: Sequence[Tone],
    frame: _Frame,
    number: NumberFormat,
    path: str,
) -> Shape:
    text = region.sign if region.value is None else number(region.value)
    wide = width_of(text, VALUE_SIZE + 4)
    x, y, room = 0.0, 0.0, 0.0
    # Where an area is narrower than its text at its widest place is of no interest.
    if wide <= frame.unit * _reach(region):
        (x, y), room = _widest([[frame.place(place) for place in ring] for ring in region.rings])
    fits = wide <= room
    has_name = fits and width_of(region.name, NAME_SIZE) <= room
    return Shape(
        path=path,
        tone=None if region.value is None else shades[class_of(region.value, bounds)],
        value=Text(short(x), short(y + (0 if has_name else 6)), text) if fits else None,
        name=Text(short(x), short(y + 15), region.name) if has_name else None,
        told=f"{region.name}: {text}",
    )


def _reach(region: Region) -> float:
    """Tell how far an area reaches from west to east."""
    across = [x for ring in region.rings for x, _ in ring]
    return max(across) - min(across)


def _widest(rings: Sequence[Ring]) -> tuple[Place, float]:
    """Find where an area is widest, rather in its middle than at its rim, and how wide."""
    rows = [y for ring in rings for _, y in ring]
    top, bottom = min(rows), max(rows)
    best, place, room = -1.0, (rings[0][0] if rings[0] else (0.0, top)), 0.0
    for cut in range(1, CUTS):
        share = cut / CUTS
        y = top + share * (bottom - top)
        crossings = sorted(x for ring in rings for x in _crossings(ring, y))
        for begin, end in zip(crossings[::2], crossings[1::2], strict=False):
            worth = (end - begin) * (1 - abs(share - 0.5))
            if worth > best:
                best, place, room = worth, ((begin + end) / 2, y), end - begin
    return place, room


def _crossings(ring: Ring, y: float) -> list[float]:
    """Tell where a level crosses the outline."""
    found = []
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        if (y1 > y) != (y2 > y):
            found.append(x1 + (y - y1) / (y2 - y1) * (x2 - x1))
    return found
