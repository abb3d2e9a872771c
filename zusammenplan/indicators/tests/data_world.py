"""A small county with figures, one of them hidden, for tests of what people see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from zusammenplan.indicators.choices import IndicatorForm, LifeSituation, Secrecy
from zusammenplan.indicators.models import ALL_AGES, Indicator, Observation
from zusammenplan.indicators.tests.factories import (
    make_figure,
    make_import,
    make_indicator,
    make_observation,
    make_quantity,
)
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.tests.factories import make_area

if TYPE_CHECKING:
    from zusammenplan.indicators.models import Figure

# No other number on any page is like it.
SECRET = Decimal("77.7")
YEARS = (2019, 2024)


@dataclass(frozen=True, slots=True)
class DataWorld:
    """What the tests name."""

    county: Area
    places: list[Area]
    share: Indicator
    people: Indicator
    hidden: Figure


def make_data_world(municipalities: int = 3, indicators: int = 0) -> DataWorld:
    """Make a county with municipalities; the last one's share is hidden."""
    county = _area("Landkreis Musterland", AreaKind.COUNTY, None, 0, ags="16099")
    people = make_indicator(code="population", name_de="Bevölkerung", decimals=0, is_key=True)
    share = make_indicator(
        code="share_65",
        name_de="Anteil ab 65",
        form=IndicatorForm.SHARE,
        formula="100 * population[65:] / population",
        unit_de="%",
        is_key=True,
        source_de="Fortschreibung (12411)",
    )
    places = [
        _area(f"Gemeinde {number}", AreaKind.MUNICIPALITY, county, number, ags=f"16099{number:03d}")
        for number in range(1, municipalities + 1)
    ]
    hidden = None
    for at, area in enumerate([county, *places]):
        for year in YEARS:
            make_figure(people, area, 1000 + at, year=year)
            is_secret = area == places[-1] and year == YEARS[-1]
            figure = make_figure(
                share,
                area,
                SECRET if is_secret else Decimal(20 + at) + Decimal(year - 2019) / 10,
                year=year,
                secrecy=Secrecy.PRIMARY if is_secret else Secrecy.SHOWN,
            )
            hidden = figure if is_secret else hidden
    for number in range(indicators):
        one = make_indicator(
            form=IndicatorForm.SHARE,
            unit_de="%",
            is_key=number % 5 == 0,
            life_situation=list(LifeSituation)[number % len(LifeSituation)],
        )
        for area in [county, *places]:
            make_figure(one, area, 10 + number)
    _ages([county, *places])
    assert hidden is not None
    return DataWorld(county, places, share, people, hidden)


def _area(name: str, kind: AreaKind, parent: Area | None, place: int, *, ags: str) -> Area:
    area = make_area(name=name, kind=kind, parent=parent, position=place)
    west, south = 10 + place % 20 * 0.1, 50 + place // 20 * 0.1
    east, north = west + 0.1, south + 0.1
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    AreaVersion.objects.create(
        area=area,
        name=name,
        kind=kind,
        parent=parent,
        ags=ags,
        geometry={"type": "MultiPolygon", "coordinates": [[ring]]},
    )
    return area


def _ages(areas: list[Area]) -> None:
    """Give the areas people of all ages; the youngest of the last area are hidden."""
    population = make_quantity(code="population", name_de="Bevölkerung")
    source = make_import(publisher="Landesamt für Statistik", licence="dl-de/by-2-0")
    day = date(YEARS[-1], 12, 31)
    rows = []
    for area in areas:
        version = area.versions.get()
        for sex in ("m", "f"):
            for start in range(0, 95, 5):
                is_secret = area == areas[-1] and start == 0
                rows.append(
                    Observation(
                        quantity=population,
                        area_version=version,
                        starts_on=day,
                        ends_on=day,
                        sex=sex,
                        age_from=start,
                        age_to=start + 5 if start < 90 else ALL_AGES,
                        value=Decimal(2 if is_secret else 20 + start % 7),
                        secrecy=Secrecy.PRIMARY if is_secret else Secrecy.SHOWN,
                        source=source,
                    )
                )
        make_observation(population, version, 800, year=YEARS[-1], source=source)
    Observation.objects.bulk_create(rows)
