"""Values as lines of a file: with names, period, sign, and where each comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zusammenplan.indicators.queries.looking.reckoned import recalculated_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from zusammenplan.core.charts.drawing import Figure
    from zusammenplan.indicators.models import Indicator
    from zusammenplan.indicators.queries.looking.areas import Places, Version
    from zusammenplan.indicators.queries.looking.values import Value


@dataclass(frozen=True, slots=True)
class DataRow:
    """A value with all that one must know to use it elsewhere."""

    area: str
    ags: str
    code: str
    indicator: str
    detail: str
    unit: str
    starts_on: date
    ends_on: date
    value: Decimal | None
    sign: str
    # From the public; whoever may see the value gets it all the same, and is told so.
    is_hidden: bool
    quality: str
    method_version: int
    source: str
    # What was recalculated just now tells to which territory; all else is as published.
    territory: str = ""
    # Below which address a page tells where it comes from; a social index has one for itself.
    origin: str = ""
    # The kept figure, if it is one.
    figure: int = 0


@dataclass(frozen=True, slots=True)
class DataChart:
    """A chart on a page, and the values behind it; they are only written out for a file."""

    figure: Figure
    rows: Callable[[], list[DataRow]]

    @property
    def key(self) -> str:
        return self.figure.key


def origin_of(indicator: Indicator, value: Value | None) -> str:
    """Give where a value's page is; what was recalculated just now tells of its territory."""
    if value is None:
        return ""
    if value.pk:
        return str(value.pk)
    return recalculated_address(value.version, indicator.code, (value.starts_on, value.ends_on))


def rows_of(
    values: Iterable[Value], indicators: Mapping[int, Indicator], places: Places
) -> list[DataRow]:
    """Write figures as lines, by indicator, area and time; recalculated ones after the others."""
    order = {pk: at for at, pk in enumerate(places.by_pk)}
    found = []
    for one in sorted(
        values,
        key=lambda one: (
            one.indicator,
            order.get(one.area, 0),
            not one.pk,
            one.ends_on,
            one.version,
        ),
    ):
        indicator = indicators[one.indicator]
        version = places.version.get(one.version)
        found.append(
            DataRow(
                area=version.name if version else places.by_pk[one.area].name,
                ags=version.ags if version else "",
                code=indicator.code,
                indicator=indicator.name,
                detail="",
                unit=indicator.unit,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
                value=None
                if one.value is None
                else round(one.value, max(indicator.decimals, 0) + 2),
                sign=one.sign if one.value is None else "",
                is_hidden=bool(one.secrecy),
                quality=one.quality,
                method_version=one.method_version,
                source=indicator.source,
                territory=_territory(version) if not one.pk and version else "",
                origin=origin_of(indicator, one),
                figure=one.pk,
            )
        )
    return found


def _territory(version: Version) -> str:
    told = _("recalculated to the territory of today: %(area)s") % {"area": version.name}
    if version.valid_from is None:
        return told
    day = date_format(version.valid_from, "SHORT_DATE_FORMAT")
    return _("%(territory)s (since %(day)s)") % {"territory": told, "day": day}
