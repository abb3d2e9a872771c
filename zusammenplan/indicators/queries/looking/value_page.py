"""A single value: where it comes from, and what it was in other years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.indicators.models import Figure
from zusammenplan.indicators.queries.provenance import Provenance, provenance

if TYPE_CHECKING:
    from zusammenplan.indicators.queries.looking.audience import Audience


@dataclass(frozen=True, slots=True)
class ValuePage:
    """A value as its page shows it."""

    trail: list[tuple[str, str]]
    told: Provenance
    area_url: str
    indicator_url: str
    other_years: list[tuple[str, str]]
    # As programs read it: a day, or the first and the last one.
    period: str


def value_page(pk: int, audience: Audience) -> ValuePage | None:
    """Read the page; None if there is no such value for this audience."""
    figure = (
        Figure.objects.select_related("indicator", "area_version", "area")
        .defer("area_version__geometry")
        .filter(pk=pk, indicator__in=audience.indicators())
        .first()
    )
    if figure is None:
        return None
    url = audience.url
    area_url = url("area", figure.area_id)
    others = (
        Figure.objects.filter(indicator=figure.indicator_id, area=figure.area_id)
        .exclude(pk=pk)
        .order_by("-ends_on", "-pk")
        .values_list("pk", "ends_on")
    )
    return ValuePage(
        trail=[(_("Data"), url("overview")), (figure.area.name, area_url)],
        told=provenance(figure, see_hidden=audience.sees_hidden),
        area_url=area_url,
        indicator_url=url("indicator", figure.indicator.code),
        other_years=[(str(day.year), url("value", other)) for other, day in others[:30]],
        period="/".join(dict.fromkeys([str(figure.starts_on), str(figure.ends_on)])),
    )
