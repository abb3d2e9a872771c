"""
The list of areas: all of them where they fit on a page, else level by level.

A Land has two thousand areas. Only their keys, names and places in the tree are read all at once;
whatever else a line tells is read for the lines of the page alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from zusammenplan.places.choices import AreaKind
from zusammenplan.places.domain.tree import Shown, unfolded
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.queries.area_map import map_of_shown
from zusammenplan.places.queries.tree import uses_of_areas
from zusammenplan.places.queries.versions import known_today
from zusammenplan.places.queries.words import kind_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.paginator import Page

    from zusammenplan.places.queries.area_map import AreaMap

# As many as one may look through at once.
LINES = 200
# What is drawn of a list that is whole: the smallest areas that have an outline.
DRAWN = (AreaKind.MUNICIPALITY, AreaKind.PLANNING_AREA, AreaKind.COUNTY)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked of the list; ``inside`` is the area whose parts are wanted."""

    word: str = ""
    kind: str = ""
    inside: int | None = None
    page: str | None = None
    # Of a part of the tree the map is always drawn; that of a whole Land takes a while.
    with_map: bool = False

    @property
    def is_search(self) -> bool:
        return bool(self.word or self.kind)


class Named(NamedTuple):
    """An area of the tree by name, and the address of the list of its parts."""

    pk: int
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area as the list shows it; ``folded`` counts what lies in it and stands not below."""

    pk: int
    url: str
    versions_url: str
    name: str
    kind: str
    ags: str
    days: str
    uses: int
    depth: int
    is_first: bool
    is_last: bool
    folded: int
    parts_url: str
    is_here: bool
    # Of an area that was found: what it lies in.
    above: Named | None


@dataclass(frozen=True, slots=True)
class AreaList:
    """A page of the list."""

    lines: list[AreaLine]
    references: list[AreaLine]
    # How many there are only to compare with.
    compared: int
    page: Page[Shown]
    # Of all own areas, and of those that were asked for.
    total: int
    found: int
    is_long: bool
    is_search: bool
    trail: list[Named]
    here: Named | None
    map: AreaMap | None


class _Row(NamedTuple):
    pk: int
    parent: int | None
    name: str
    kind: str
    is_reference: bool


def area_list(asked: Asked) -> AreaList:
    """Read a page of the list, in a number of queries and a time that hardly grow."""
    rows = Area.objects.in_order().values_list("pk", "parent", "name", "kind", "is_reference")
    every = {row[0]: _Row(*row) for row in rows}
    own = {pk: row for pk, row in every.items() if not row.is_reference}
    # The Land above a county is there only to compare with.
    parents = {pk: row.parent if row.parent in own else None for pk, row in own.items()}
    is_long = len(own) > LINES
    here = own.get(asked.inside or 0) if is_long and not asked.is_search else None
    compared = [pk for pk, row in every.items() if row.is_reference]
    if asked.is_search:
        found = _found(every, asked)
        shown = [Shown(pk) for pk in found]
    else:
        shown = unfolded(parents, here.pk if here else None, LINES)
    page = Paginator(shown, LINES).get_page(asked.page)
    compared.sort(key=lambda pk: every[pk].name)
    beside = [] if asked.is_search else compared[:LINES]
    reader = _Reader(every, [one.area for one in page] + beside + ([here.pk] if here else []))
    lines = [reader.line(one, is_found=asked.is_search, under=bool(here)) for one in page]
    if here:
        siblings = [pk for pk, parent in parents.items() if parent == parents[here.pk]]
        ends = here.pk == siblings[0], here.pk == siblings[-1]
        lines.insert(0, reader.line(Shown(here.pk, 0, *ends), is_here=True))
    return AreaList(
        lines=lines,
        references=[reader.line(Shown(pk)) for pk in beside],
        compared=len(compared),
        page=page,
        total=len(own),
        found=len(shown),
        is_long=is_long,
        is_search=asked.is_search,
        trail=[_named(own[pk]) for pk in _way_to(parents, here.pk)] if here else [],
        here=_named(here) if here else None,
        map=None
        if asked.is_search or (is_long and not here and not asked.with_map)
        else _map(own, shown, here, is_long=is_long),
    )


def parts_url(area: int | None) -> str:
    """Give the address of the list in which the parts of an area stand; of the whole for none."""
    query = f"?{urlencode({'in': area})}" if area else ""
    return reverse("places:area-list") + query


class _Reader:
    """Writes lines of some areas; what stands in them is read at once."""

    def __init__(self, every: dict[int, _Row], areas: Sequence[int]) -> None:
        self.every = every
        self.stem = reverse("places:area-list")
        self.known, self.uses = known_today(areas), uses_of_areas(areas)

    def line(
        self, one: Shown, *, is_here: bool = False, is_found: bool = False, under: bool = False
    ) -> AreaLine:
        row = self.every[one.area]
        ags, days = self.known.get(row.pk, ("", ""))
        above = self.every.get(row.parent or 0) if is_found else None
        versions_url = f"{self.stem}{row.pk}/fassungen/"
        return AreaLine(
            pk=row.pk,
            # What is only to compare with is nothing to change.
            url=versions_url if row.is_reference else f"{self.stem}{row.pk}/",
            versions_url=versions_url,
            name=row.name,
            kind=kind_name(row.kind, ags),
            ags=ags,
            days=days,
            uses=self.uses[row.pk],
            depth=min(one.depth + under, 6),
            is_first=one.is_first,
            is_last=one.is_last,
            folded=one.folded,
            parts_url=parts_url(row.pk),
            is_here=is_here,
            above=_named(above) if above else None,
        )


def _found(every: dict[int, _Row], asked: Asked) -> list[int]:
    """Give the areas of a kind with the words in their name, or with a key that begins so."""
    words = asked.word.casefold().split()
    key = "".join(words)
    keyed: set[int] = set()
    if key.isdecimal():
        begins = Q(ags__startswith=key) | Q(ars__startswith=key)
        keyed = set(AreaVersion.objects.filter(begins).values_list("area_id", flat=True))
    return [
        row.pk
        for row in every.values()
        if (not asked.kind or row.kind == asked.kind)
        and (row.pk in keyed or all(word in row.name.casefold() for word in words))
    ]


def _way_to(parents: dict[int, int | None], area: int) -> list[int]:
    """Give the areas in which one lies, the largest first."""
    way: list[int] = []
    above = parents[area]
    while above is not None and above not in way:
        way.append(above)
        above = parents[above]
    return way[::-1]


def _named(row: _Row) -> Named:
    return Named(row.pk, row.name, parts_url(row.pk))


def _map(
    own: dict[int, _Row], shown: Iterable[Shown], here: _Row | None, *, is_long: bool
) -> AreaMap | None:
    areas = {one.area for one in shown}
    kinds: Sequence[str] = DRAWN
    if is_long:
        # Of a part of the list, what most of its lines are.
        kinds = [kind for kind, _count in Counter(own[pk].kind for pk in areas).most_common(1)]
    inside = Area(pk=here.pk) if here else None
    return map_of_shown(areas, kinds, inside=inside, day=localdate())
