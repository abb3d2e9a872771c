"""Areas as their pages show them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, ManyToManyRel
from django.utils.translation import gettext as _

from zusammenplan.places.domain.tree import parts_of
from zusammenplan.places.models import Area

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from zusammenplan.places.models import AreaQuerySet


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area in the order of the tree; ``depth`` counts from 0."""

    area: Area
    depth: int


def areas_in_order(areas: AreaQuerySet | None = None) -> list[AreaLine]:
    """Give all own areas, or some of them, each after the one it lies in."""
    parts: defaultdict[int | None, list[Area]] = defaultdict(list)
    found = list(Area.objects.own().in_order() if areas is None else areas.own().in_order())
    own = {area.pk for area in found}
    for area in found:
        # The Land above a county is there only to compare with.
        parts[area.parent_id if area.parent_id in own else None].append(area)
    lines: list[AreaLine] = []

    def walk(parent: int | None, depth: int) -> None:
        for area in parts[parent]:
            lines.append(AreaLine(area, depth))
            walk(area.pk, depth + 1)

    walk(None, 0)
    return lines


def uses_of_areas(areas: Collection[int]) -> Counter[int]:
    """Count what is linked to each of the areas, whatever upper app it belongs to."""
    uses: Counter[int] = Counter()
    for links in links_to_areas():
        mine = links.filter(area_id__in=areas).order_by()
        uses.update(dict(mine.values_list("area_id").annotate(Count("pk"))))
    return uses


def links_to_areas() -> list[QuerySet[Any]]:
    """Give the links of all upper apps' records to areas; which apps they are is not known here."""
    return [
        relation.through._default_manager.all()
        for relation in Area._meta.related_objects
        if isinstance(relation, ManyToManyRel) and relation.through is not None
    ]


def choices_of_areas(areas: AreaQuerySet | None = None) -> list[tuple[str, str]]:
    """Give all areas, or some of them, to pick from, indented as they lie in each other."""
    return [
        (str(line.area.pk), "\u2003" * line.depth + line.area.name)
        for line in areas_in_order(areas)
    ]


def choices_of_parent(area: Area | None, *, today: date | None = None) -> Sequence[tuple[str, str]]:
    """
    Give the areas in which this one may lie, indented as they lie in each other.

    :param today: only those that have not ended, and the one it lies in
    """
    chosen = [area.parent_id] if area and area.parent_id else []
    lines = areas_in_order(Area.objects.still_there(today, chosen=chosen) if today else None)
    parents = {line.area.pk: line.area.parent_id for line in lines}
    barred = {area.pk, *parts_of(parents, area.pk)} if area else set()
    above = area.parent if area and area.parent and area.parent.is_reference else None
    return [
        ("", _("in none of these")),
        *([(str(above.pk), above.name)] if above else []),
        *(
            (str(line.area.pk), "\u2003" * line.depth + line.area.name)
            for line in lines
            if line.area.pk not in barred
        ),
    ]
