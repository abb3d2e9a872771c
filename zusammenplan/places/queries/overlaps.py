"""Which areas of a file lie upon each other: how much, where, and what to do."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.core.money import number_text
from zusammenplan.places.domain.geometry import area_km2, overlaps
from zusammenplan.places.domain.names import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from zusammenplan.places.domain.area_files import FileArea
    from zusammenplan.places.domain.geometry import Overlap


def overlap_reasons(areas: Iterable[FileArea]) -> dict[int, str]:
    """Say of areas that lie upon others of their kind why they are refused, by their numbers."""
    by_kind: dict[str, list[FileArea]] = {}
    for one in areas:
        if one.outline:
            by_kind.setdefault(one.kind, []).append(one)
    told: dict[int, str] = {}
    for some in by_kind.values():
        for found in overlaps([one.outline or [] for one in some]):
            pair = some[found.first], some[found.second]
            if _lies_in(*pair, some) or _lies_in(*pair[::-1], some):
                continue
            for one, other in (pair, pair[::-1]):
                told.setdefault(one.number, _overlap_text(one, other, found))
    return told


def _lies_in(one: FileArea, other: FileArea, areas: Sequence[FileArea]) -> bool:
    """Tell whether the file says that an area without a key lies in another one."""
    above = {folded(it.name): it.lies_in for it in areas}
    seen: set[str] = set()
    name = folded(one.lies_in)
    while name and name not in seen:
        if name == folded(other.name):
            return True
        seen.add(name)
        name = folded(above.get(name, ""))
    return False


def _overlap_text(one: FileArea, other: FileArea, found: Overlap) -> str:
    size = area_km2(one.outline or [])
    return _(
        "Overlaps “%(other)s” by %(size)s km², %(percent)s %% of its own size, around "
        "%(north)s° north, %(east)s° east. Mend the border in the file, or leave one of the two "
        "out, and import the file again."
    ) % {
        "other": other.name,
        "size": number_text(Decimal(str(round(found.km2, 1)))),
        "percent": max(1, min(100, round(100 * found.km2 / size))) if size else 100,
        "east": number_text(Decimal(str(round(found.at[0], 3)))),
        "north": number_text(Decimal(str(round(found.at[1], 3)))),
    }
