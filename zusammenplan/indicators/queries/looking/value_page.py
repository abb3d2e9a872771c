"""A single value: where it comes from, and what it was in other years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.indicators.domain.formula import FormulaError
from zusammenplan.indicators.models import Figure
from zusammenplan.indicators.queries.looking.areas import Places
from zusammenplan.indicators.queries.looking.reckoned import (
    age_figures,
    recalculated_figures,
)
from zusammenplan.indicators.queries.provenance import Provenance, provenance
from zusammenplan.places.models import AreaVersion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zusammenplan.indicators.queries.looking.audience import Audience

YEARS_AT_MOST = 30


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
    # The key of a figure that is kept.
    figure: int | None


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
    others = (
        Figure.objects.filter(indicator=figure.indicator_id, area=figure.area_id)
        .exclude(pk=pk)
        .order_by("-ends_on", "-pk")
        .values_list("pk", "ends_on")
    )
    return _page(
        figure,
        provenance(figure, see_hidden=audience.sees_hidden),
        audience,
        ((str(day.year), audience.url("value", other)) for other, day in others[:YEARS_AT_MOST]),
    )


def recalculated_page(version: int, code: str, period: str, audience: Audience) -> ValuePage | None:
    """Read the page of a value of the series for the territory of today."""
    territory_of = _version(version)
    indicator = audience.indicators().filter(code=code).first()
    if indicator is None or territory_of is None:
        return None
    # Other territories than that of today are shown nowhere.
    today = Places.load().current(territory_of.area_id)
    if today is None or today.pk != version:
        return None
    try:
        territory, figures = recalculated_figures(indicator, territory_of)
    except FormulaError:
        return None  # what the form would refuse today has no figures
    figure = figures.get(period)
    if figure is None:
        return None
    told = provenance(figure, see_hidden=audience.sees_hidden, territory=territory)
    summed = {
        key: one
        for key, one in figures.items()
        if territory.made_of[one.starts_on, one.ends_on].keys() != {version}
    }
    others = _other_years(summed, figure)
    return _page(
        figure,
        told,
        audience,
        ((year, audience.url("recalculated", version, code, other)) for year, other in others),
    )


def age_page(version: int, period: str, ages: str, audience: Audience) -> ValuePage | None:
    """Read the page of a share of people of an age."""
    area = _version(version)
    figures = age_figures(area, ages) if area else {}
    figure = figures.get(period)
    if figure is None:
        return None
    told = provenance(figure, see_hidden=audience.sees_hidden)
    others = _other_years(figures, figure)
    return _page(
        figure,
        told,
        audience,
        ((year, audience.url("ages", version, other, ages)) for year, other in others),
    )


def _version(pk: int) -> AreaVersion | None:
    rows = AreaVersion.objects.select_related("area").defer("geometry")
    return rows.filter(pk=pk).first()


def _other_years(figures: dict[str, Figure], own: Figure) -> list[tuple[str, str]]:
    """Give the newest other periods: the year, and how an address writes it."""
    found = [(str(one.ends_on.year), key) for key, one in figures.items() if one is not own]
    return found[::-1][:YEARS_AT_MOST]


def _page(
    figure: Figure, told: Provenance, audience: Audience, other_years: Iterable[tuple[str, str]]
) -> ValuePage:
    url = audience.url
    area_url = url("area", figure.area_id)
    return ValuePage(
        trail=[(_("Data"), url("overview")), (figure.area.name, area_url)],
        told=told,
        area_url=area_url,
        # What is only made for a chart by age stands in no catalogue.
        indicator_url=url("indicator", figure.indicator.code) if figure.indicator.pk else "",
        other_years=list(other_years),
        period="/".join(dict.fromkeys([str(figure.starts_on), str(figure.ends_on)])),
        figure=figure.pk,
    )
