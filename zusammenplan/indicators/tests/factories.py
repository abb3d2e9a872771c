"""Plain functions that make data for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from zusammenplan.indicators.choices import IndicatorForm, Layout, LifeSituation
from zusammenplan.indicators.models import (
    Figure,
    Indicator,
    Observation,
    Quantity,
    StatisticsImport,
)
from zusammenplan.places.models import Area, AreaVersion

_numbers = count(1)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def make_quantity(**fields: object) -> Quantity:
    number = next(_numbers)
    return Quantity.objects.create(
        **{"code": f"quantity-{number}", "name_de": f"Zählgröße {number}", **fields}
    )


def make_import(**fields: object) -> StatisticsImport:
    number = next(_numbers)
    return StatisticsImport.objects.create(
        **{
            "file_name": f"tabelle-{number}.csv",
            "checksum": f"{number:064d}",
            "layout": Layout.FLAT,
            "retrieved_on": date(2026, 11, 25),
            "imported_at": NOON,
            **fields,
        }
    )


def make_observation(
    quantity: Quantity,
    area_version: AreaVersion,
    value: object,
    *,
    year: int = 2024,
    **fields: object,
) -> Observation:
    """Make a value on the last day of a year; None with a ``sign`` where there is none."""
    day = date(year, 12, 31)
    # Values without a source are sums, which are computed anew.
    if "source" not in fields:
        fields["source"] = make_import()
    return Observation.objects.create(
        **{
            "quantity": quantity,
            "area_version": area_version,
            "starts_on": day,
            "ends_on": day,
            "value": None if value is None else Decimal(str(value)),
            "raw": "" if value is None else str(value),
            **fields,
        }
    )


def make_indicator(**fields: object) -> Indicator:
    number = next(_numbers)
    return Indicator.objects.create(
        **{
            "code": f"indicator-{number}",
            "name_de": f"Indikator {number}",
            "form": IndicatorForm.COUNT,
            "formula": "population",
            "unit_de": "Personen",
            "life_situation": LifeSituation.POPULATION,
            "position": number,
            **fields,
        }
    )


def make_figure(
    indicator: Indicator, area: Area, value: object, *, year: int = 2024, **fields: object
) -> Figure:
    day = date(year, 12, 31)
    version = area.versions.first() or AreaVersion.objects.create(
        area=area, name=area.name, kind=area.kind
    )
    return Figure.objects.create(
        **{
            "indicator": indicator,
            "area": area,
            "area_version": version,
            "starts_on": day,
            "ends_on": day,
            "value": None if value is None else Decimal(str(value)),
            **fields,
        }
    )
