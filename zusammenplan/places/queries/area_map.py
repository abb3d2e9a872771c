"""A map of areas by the group they belong to, such as municipalities by planning area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.queries.maps import outlines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from zusammenplan.places.queries.maps import Outline

WIDTH, EDGE, HIGHEST = 460.0, 6.0, 620.0
# Groups that lie side by side shall differ: pale and strong tones take turns.
TONES = ("c1", "c4", "c2", "c6", "c3", "c7", "c5")
DARK = {"c4", "c5", "c6", "c7"}
NAME_SIZE, LETTER = 12.0, 6.6
# Parts of a pixel; of many areas each is so small that half a pixel is fine enough.
MANY, COARSE, FINE = 100, 2, 10


@dataclass(frozen=True, slots=True)
class MapShape:
    """An area on the picture; ``number`` is that of its group in the legend."""

    path: str
    tone: str
    ink: str
    x: str
    y: str
    number: str
    name: str
    told: str


@dataclass(frozen=True, slots=True)
class MapKey:
    """A line of the legend."""

    number: str
    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class AreaMap:
    """A map, ready to be drawn."""

    width: str
    height: str
    shapes: tuple[MapShape, ...]
    keys: tuple[MapKey, ...]
    # Those that have no outline, so that the map shows as many as the list beside it.
    missing: tuple[str, ...] = ()


def map_of_shown(
    areas: Collection[int], kinds: Sequence[str], *, inside: Area | None, day: date
) -> AreaMap | None:
    """
    Draw the areas of the first of the kinds that has outlines; municipalities by planning area.

    :param inside: in which all of them lie, so that only that one's outlines are read
    """
    for kind in kinds:
        drawn = [one for one in outlines(kind=kind, parent=inside, day=day) if one.area in areas]
        if not drawn:
            continue
        groups = {one.area: str(one.parent) for one in drawn if one.parent in areas}
        # All of them have their numbers, as on the page that cuts them, also those not drawn.
        planning = Area.objects.own().filter(kind=AreaKind.PLANNING_AREA, pk__in=areas)
        names = {str(area.pk): area.name for area in planning.still_there(day).in_order()}
        seen = {one.area for one in drawn}
        without = (
            AreaVersion.objects.valid_on(day)
            .filter(kind=kind, area__in=set(areas) - seen)
            .order_by("name")
            .values_list("name", flat=True)
        )
        return area_map(drawn, groups, names, missing=without)
    return None


def area_map(
    outlines: Sequence[Outline],
    groups: Mapping[int, str],
    names: Mapping[str, str],
    missing: Iterable[str] = (),
) -> AreaMap | None:
    """
    Draw areas in the tone of their group; nothing without an outline.

    ``groups`` tells the group of an area's id, ``names`` those of the groups in their order.
    Areas of no group are white.
    """
    if not outlines:
        return None
    points = [point for one in outlines for ring in one.rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    unit = min(
        (WIDTH - 2 * EDGE) / ((east - west) or 1), (HIGHEST - 2 * EDGE) / ((north - south) or 1)
    )

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return (EDGE + (point[0] - west) * unit, EDGE + (north - point[1]) * unit)

    grid = COARSE if len(outlines) > MANY else FINE
    tones = {key: TONES[number % len(TONES)] for number, key in enumerate(names)}
    numbers = {key: str(number) for number, key in enumerate(names, start=1)}
    shapes = []
    for one in outlines:
        group = groups.get(one.area, "")
        tone = tones.get(group, "f-paper")
        x, y = place(one.label)
        room = (max(p[0] for p in one.rings[0]) - min(p[0] for p in one.rings[0])) * unit
        fits = len(one.name) * LETTER < room
        shapes.append(
            MapShape(
                path="".join(_path([place(point) for point in ring], grid) for ring in one.rings),
                tone=tone,
                ink="on-dark" if tone in DARK else "on-light",
                x=f"{x:.1f}",
                y=f"{y:.1f}",
                number=numbers.get(group, ""),
                name=one.name if fits else "",
                told=f"{one.name}: {names[group]}" if group in names else one.name,
            )
        )
    return AreaMap(
        width=f"{(east - west) * unit + 2 * EDGE:.0f}",
        height=f"{(north - south) * unit + 2 * EDGE:.0f}",
        shapes=tuple(shapes),
        keys=tuple(MapKey(numbers[key], tones[key], text) for key, text in names.items()),
        missing=tuple(missing),
    )


def _path(points: list[tuple[float, float]], grid: int) -> str:
    told: list[str] = []
    for x, y in points[:-1]:
        text = f"{round(x * grid) / grid:g} {round(y * grid) / grid:g}"
        if not told or text != told[-1]:
            told.append(text)
    return f"M{'L'.join(told)}z"
