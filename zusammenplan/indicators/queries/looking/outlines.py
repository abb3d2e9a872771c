"""Outlines for the maps of figures, and whom to name for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import AreaVersion
from zusammenplan.places.queries.maps import outlines

if TYPE_CHECKING:
    from datetime import date

    from zusammenplan.places.domain.geometry import Point

# A planning area is drawn as its parts joined, so their makers are named.
MADE_OF = {AreaKind.PLANNING_AREA: (AreaKind.MUNICIPALITY, AreaKind.DISTRICT)}


def rings_of_kind(kind: str, day: date) -> dict[int, tuple[tuple[Point, ...], ...]]:
    """Give the rings of all areas of a kind as they were on a day, by area."""
    return {one.area: one.rings for one in outlines(kind=kind, day=day)}


def with_makers(source: str, kind: str, day: date) -> str:
    """Name the makers of the outlines beside the source of the values."""
    kinds = (AreaKind(kind), *MADE_OF.get(AreaKind(kind), ()))
    makers = (
        AreaVersion.objects.valid_on(day)
        .filter(kind__in=kinds, geometry__isnull=False)
        .exclude(source="")
        .order_by("source")
        .values_list("source", flat=True)
        .distinct()
    )
    named = "; ".join(makers)
    if not named:
        return source
    told = _("outlines: %(makers)s") % {"makers": named}
    return f"{source}; {told}" if source else told
