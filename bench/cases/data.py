"""An area's profile with its charts, a map of many areas, and whether pages grow with the data."""

import gzip
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from bench.measure import Goal, Row, in_turn
from zusammenplan.core.charts.choropleth import Region, choropleth
from zusammenplan.core.charts.drawing import class_labels, svg
from zusammenplan.core.money import number_text
from zusammenplan.core.public import current_version
from zusammenplan.indicators.choices import IndicatorForm, LifeSituation
from zusammenplan.indicators.domain.classes import classify
from zusammenplan.indicators.models import Indicator
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.queries.maps import outlines

FEW = (8, 12, 4)
# 300 indicators, 600 areas, 20 years make 3.6 million figures; a tenth shows the same.
MANY = (100, 600, 6)
PAGES_A_BATCH = 3
CORNERS = 40
# The database makes them by itself, for millions of rows from here would take an hour.
FIGURES = """
    INSERT INTO indicators_figure (indicator_id, area_id, area_version_id, starts_on, ends_on,
        value, sign, quality, secrecy, method_version)
    SELECT i.id, v.area_id, v.id, d.day, d.day,
        ((i.id * 37 + v.id * 11 + d.number * 7) %% 999 + 1) / 10.0, '', '', '', 1
    FROM indicators_indicator i CROSS JOIN places_areaversion v CROSS JOIN bench_day d
    WHERE i.code LIKE %s AND v.area_id >= %s
"""
LAST = 2025


def data() -> list[Row]:
    few = make_figures(*FEW, prefix="klein")
    queries_few = _queries(few)
    many = make_figures(*MANY, prefix="gross")
    queries_many = _queries(many)
    area = f"/daten/gebiet/{many.pk}/"
    value, floor = in_turn(_cpu_of(area), _cpu_of(f"/floor/figures/{many.pk}/"), batches=7)
    drawn, wire = _map()
    return [
        Row(
            "area's profile with its charts, uncached [ms of CPU]",
            value,
            floor,
            Goal("ratio", "<=", 3),
        ),
        Row("map of 600 municipalities, drawn [ms of CPU]", drawn, 0, Goal("value", "<", 100)),
        Row("map of 600 municipalities on the wire [KB]", wire, 0, Goal("value", "<", 150)),
        *(
            Row(
                f"queries of {name} with {MANY[0]} indicators, {MANY[1]} areas",
                after,
                before,
                Goal("ratio", "<=", 1),
            )
            for name, before, after in zip(
                ("the first page", "a profile", "an indicator"),
                queries_few,
                queries_many,
                strict=True,
            )
        ),
    ]


def make_figures(indicators: int, areas: int, years: int, *, prefix: str) -> Area:
    """Make a county with so many municipalities, each with figures; give the first one."""
    county = make_area(f"Landkreis {prefix}", AreaKind.COUNTY, None, 0)
    wide = int(areas**0.5) + 1
    places = [
        make_area(f"Gemeinde {prefix} {at}", AreaKind.MUNICIPALITY, county, at, wide=wide)
        for at in range(areas)
    ]
    Indicator.objects.bulk_create(
        Indicator(
            code=f"{prefix}-{at}",
            name_de=f"Indikator {at}",
            form=IndicatorForm.SHARE,
            formula="population",
            unit_de="%",
            life_situation=LifeSituation.values[at % len(LifeSituation.values)],
            is_key=at < 8,
            position=at,
        )
        for at in range(indicators)
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_day")
        cursor.execute("CREATE TABLE bench_day (number INTEGER, day DATE)")
        days = [(year, date(year, 12, 31)) for year in range(LAST - years + 1, LAST + 1)]
        cursor.executemany("INSERT INTO bench_day VALUES (%s, %s)", days)
        cursor.execute(FIGURES, [f"{prefix}-%", county.pk])
    return places[0]


def make_area(name: str, kind: str, parent: Area | None, at: int, *, wide: int = 1) -> Area:
    """Make an area; one that lies in another gets an outline, as a field in a row of so many."""
    area = Area.objects.create(name=name, kind=kind, parent=parent, position=at)
    column, row = at % wide, at // wide
    AreaVersion.objects.create(
        area=area,
        name=name,
        kind=kind,
        parent=parent,
        geometry=None
        if parent is None
        else {"type": "MultiPolygon", "coordinates": [[_ring(column, row)]]},
    )
    return area


def _ring(column: int, row: int) -> list[list[float]]:
    """Draw a crooked field; neighbours share their crooked borders."""
    side = [step / CORNERS for step in range(CORNERS)]
    around = [
        *((column + step, row) for step in side),
        *((column + 1, row + step) for step in side),
        *((column + 1 - step, row + 1) for step in side),
        *((column, row + 1 - step) for step in side),
    ]
    ring = [_bent(x, y) for x, y in around]
    return [*ring, ring[0]]


def _bent(x: float, y: float) -> list[float]:
    dent = (round(x * 370) * 7919 + round(y * 610) * 104729) % 97 / 97 - 0.5
    return [round(10 + 0.08 * x + 0.006 * dent, 5), round(50 + 0.05 * y + 0.004 * dent, 5)]


def _map() -> tuple[float, float]:
    """Draw a map of all 600; give its time, and its size as it is sent."""
    drawn = outlines(kind=AreaKind.MUNICIPALITY, day=date(LAST, 12, 31))[-MANY[1] :]
    values = [Decimal(at * 37 % 500) / 10 for at in range(len(drawn))]
    regions = [Region(one.name, one.rings, value) for one, value in zip(drawn, values, strict=True)]
    bounds = classify(values)
    best, content = float("inf"), ""
    for _ in range(5):
        began = time.process_time()
        chart = choropleth(
            regions,
            bounds,
            number=number_text,
            labels=class_labels(bounds, number_text),
            missing="kein Wert",
        )
        assert chart is not None
        content = svg(chart, key="karte", title="Karte", told="Karte")
        best = min(best, (time.process_time() - began) * 1000)
    return best, len(gzip.compress(content.encode(), compresslevel=6)) / 1000


def _cpu_of(path: str) -> Callable[[], float]:
    handler = WSGIHandler()
    requests = RequestFactory(SERVER_NAME="127.0.0.1")

    def batch() -> float:
        began = time.process_time()
        for _ in range(PAGES_A_BATCH):
            forget_pages()
            response = handler.get_response(requests.get(path))
            assert response.status_code == 200, response.status_code
        return (time.process_time() - began) * 1000 / PAGES_A_BATCH

    return batch


def forget_pages() -> None:
    """Make the page anew; outlines are kept for as long as no data change."""
    key = f"outlines:{current_version()}:{AreaKind.MUNICIPALITY}::{date(LAST, 12, 31)}"
    pages = caches["pages"]
    kept = pages.get(key)
    pages.clear()
    if kept is not None:
        pages.set(key, kept)


def _queries(area: Area) -> list[int]:
    code = Indicator.objects.order_by("-pk").values_list("code", flat=True)[0]
    found = []
    for path in ("/daten/", f"/daten/gebiet/{area.pk}/", f"/daten/indikator/{code}/"):
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as asked:
            response = WSGIHandler().get_response(RequestFactory(SERVER_NAME="127.0.0.1").get(path))
            assert response.status_code == 200, path
        found.append(len(asked))
    return found
