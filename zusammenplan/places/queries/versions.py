"""The versions of an area and its changes of territory, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.timezone import localdate

from zusammenplan.core.money import number_text
from zusammenplan.places.models import AreaTransition, AreaVersion
from zusammenplan.places.queries.finder import covers
from zusammenplan.places.queries.words import day_text, kind_name, period_text

if TYPE_CHECKING:
    from collections.abc import Collection

    from zusammenplan.places.models import Area


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of an area in a table."""

    pk: int
    name: str
    period: str
    kind: str
    ags: str
    ars: str
    association: str
    lies_in: str
    size: str
    has_outline: bool
    source: str
    licence: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class TransitionLine:
    """A change of territory in a table."""

    pk: int
    day: str
    before: str
    kind: str
    after: str
    share: str
    is_estimate: bool
    note: str


def version_lines(area: Area) -> list[VersionLine]:
    """Give all versions, the newest first."""
    today = localdate()
    versions = area.versions.select_related("parent")
    newest_first = sorted(
        versions,
        key=lambda one: (one.valid_from is not None, one.valid_from or today),
        reverse=True,
    )
    return [
        VersionLine(
            pk=one.pk,
            name=one.name,
            period=period_text(one.valid_from, one.valid_to),
            kind=kind_name(one.kind, one.ags),
            ags=one.ags,
            ars=one.ars,
            association=one.association,
            lies_in=one.parent.name if one.parent else "",
            size=number_text(one.area_km2.normalize()) if one.area_km2 is not None else "",
            has_outline=one.geometry is not None,
            source=one.source,
            licence=one.licence,
            is_today=covers(one, today),
        )
        for one in newest_first
    ]


def known_today(areas: Collection[int]) -> dict[int, tuple[str, str]]:
    """Give each of the areas' key and days, as its version of today or its last one has them."""
    today = localdate()
    versions = AreaVersion.objects.filter(area__in=areas).defer("geometry").order_by("pk")
    found: dict[int, AreaVersion] = {}
    for version in versions:
        known = found.get(version.area_id)
        if known is None or covers(version, today) or _is_later(version, known, today):
            found[version.area_id] = version
    return {
        area: (version.ags, _days(version.valid_from, version.valid_to))
        for area, version in found.items()
    }


def _is_later(version: AreaVersion, known: AreaVersion, today: date) -> bool:
    return not covers(known, today) and (version.valid_from or date.min) > (
        known.valid_from or date.min
    )


def _days(first: date | None, last: date | None) -> str:
    """Write the days of an area; most are valid always, which needs no word."""
    return period_text(first, last) if first or last else ""


def transition_lines(area: Area) -> list[TransitionLine]:
    """Give all changes of territory from and to the area, the newest first."""
    transitions = (
        AreaTransition.objects.filter(Q(before__area=area) | Q(after__area=area))
        .select_related("before", "after")
        .defer("before__geometry", "after__geometry")
        .order_by("-on", "pk")
    )
    return [
        TransitionLine(
            pk=one.pk,
            day=day_text(one.on),
            before=_named(one.before),
            kind=one.get_kind_display(),
            after=_named(one.after),
            share=f"{number_text((one.share_population * 100).quantize(Decimal('0.01')))} %",
            is_estimate=one.share_population != 1,
            note=one.note,
        )
        for one in transitions
    ]


def _named(version: AreaVersion) -> str:
    return f"{version.name} ({version.ags})" if version.ags else version.name
