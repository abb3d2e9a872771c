"""The areas of the data's first page: all where they fit on it, else level by level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Paginator

from zusammenplan.indicators.models import Figure
from zusammenplan.indicators.queries.looking.reckoned import POPULATION
from zusammenplan.indicators.queries.looking.values import newest, read_values, value_text
from zusammenplan.places.domain.tree import Shown, unfolded

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.core.paginator import Page

    from zusammenplan.indicators.models import Indicator
    from zusammenplan.indicators.queries.looking.areas import Place, Places
    from zusammenplan.indicators.queries.looking.audience import Audience
    from zusammenplan.indicators.queries.looking.values import Value

# As many as one may look through at once.
LINES = 200


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area at its ``depth`` in the tree; ``folded`` counts what lies in it and is not listed."""

    name: str
    url: str
    kind: str
    depth: int
    people: str
    people_url: str
    folded: int = 0
    parts_url: str = ""
    # What an area that was found lies in.
    above: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class AreaLines:
    """A page of the list; ``trail`` leads to the area whose parts it shows."""

    lines: list[AreaLine]
    page: Page[Shown]
    trail: list[tuple[str, str]]
    here: str
    total: int


def area_lines(
    places: Places,
    audience: Audience,
    indicators: list[Indicator],
    *,
    found: list[Place] | None,
    inside: int | None,
    page: str | None,
) -> AreaLines:
    """List the areas that a search found, else the tree or what lies in one of its areas."""
    own = {
        one.pk: one
        for one in places.by_pk.values()
        if not one.is_reference and places.is_there(one.pk)
    }
    parents = {pk: one.parent if one.parent in own else None for pk, one in own.items()}
    here = own.get(inside or 0) if found is None and len(own) > LINES else None
    if found is None:
        shown = unfolded(parents, here.pk if here else None, LINES)
    else:
        shown = [Shown(one.pk) for one in found]
    part = Paginator(shown, LINES).get_page(page)
    listed = [Shown(here.pk, -1)] if here else []
    listed += part
    counted = next((one for one in indicators if one.code == POPULATION), None)
    people = _people(counted, [one.area for one in listed], audience)
    overview = audience.url("overview")

    def parts_url(area: int) -> str:
        return f"{overview}?{urlencode({'in': area})}#gebiete"

    lines = []
    for one in listed:
        place = places.by_pk[one.area]
        value = people.get(place.pk)
        above = places.by_pk.get(place.parent or 0) if found is not None else None
        lines.append(
            AreaLine(
                name=place.name,
                url=audience.url("area", place.pk),
                kind=places.kind_text(place.pk),
                depth=one.depth + (1 if here else 0),
                people=value_text(counted, value) if counted and value else "",
                people_url=audience.url("value", value.pk) if value else "",
                folded=one.folded,
                parts_url=parts_url(place.pk),
                above=above.name if above else "",
                is_here=one.depth < 0,
            )
        )
    way = [one for one in places.above(here.pk)[::-1] if one.pk in own] if here else []
    return AreaLines(
        lines=lines,
        page=part,
        trail=[(one.name, parts_url(one.pk)) for one in way],
        here=here.name if here else "",
        total=len(own),
    )


def _people(
    counted: Indicator | None, areas: Collection[int], audience: Audience
) -> dict[int, Value]:
    """Read how many people live in each of the areas."""
    rows = Figure.objects.filter(indicator=counted, area__is_reference=False)
    last = rows.order_by("-ends_on").values_list("ends_on", flat=True).first() if counted else None
    if last is None:
        return {}
    counts: dict[int, Value] = {}
    for one in read_values(rows.filter(ends_on=last, area__in=areas), audience):
        counts[one.area] = newest([one, *filter(None, [counts.get(one.area)])]) or one
    return counts
