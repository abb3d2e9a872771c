"""All that a large county may hold: 300 indicators, 600 areas, 20 years, and the counts behind."""

import time
from collections.abc import Mapping

from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from bench.cases.data import forget_pages, make_figures
from bench.measure import Goal, Row
from zusammenplan.indicators.models import Figure, Indicator, Observation, Quantity
from zusammenplan.places.models import Area

FEW = (8, 12, 4)
WHOLE = (300, 600, 20)
COUNTED = 240
POPULATION = "population"
TIMES = 3
GROUPS = [(0, 999), *((age, age + 5) for age in range(0, 90, 5)), (90, 999)]
COUNTS = """
    INSERT INTO indicators_observation (quantity_id, area_version_id, starts_on, ends_on, sex,
        age_from, age_to, other, value, sign, quality, raw, secrecy)
    SELECT q.id, v.id, d.day, d.day, w.sex, w.age_from, w.age_to, '',
        100 + (q.id * 37 + v.id * 11 + d.number * 7) %% 9000, '', '', '', ''
    FROM indicators_quantity q CROSS JOIN places_areaversion v CROSS JOIN bench_day d
    CROSS JOIN bench_whom w
    WHERE v.area_id >= %s AND (q.code = %s OR (q.code LIKE %s AND w.sex = '' AND w.age_from = 0
        AND w.age_to = 999))
"""


def data_whole() -> list[Row]:
    Quantity.objects.get_or_create(code=POPULATION, defaults={"name_de": "Bevölkerung"})
    small = _county(*FEW, prefix="klein", counted=FEW[0])
    before = {name: _asked(path) for name, path in _pages(small).items()}
    large = _county(*WHOLE, prefix="gross", counted=COUNTED)
    assert Figure.objects.count() > WHOLE[0] * WHOLE[1] * WHOLE[2]
    said = f"{Figure.objects.count():,} figures, {Observation.objects.count():,} counts"
    rows = []
    for name, path in _pages(large).items():
        queries, milliseconds = _asked(path)
        queries_before, milliseconds_before = before[name]
        rows += [
            Row(f"queries of {name}, {said}", queries, queries_before, Goal("ratio", "<=", 1)),
            Row(
                f"{name}, uncached [ms of CPU]",
                milliseconds,
                milliseconds_before,
                Goal("value", "<", 1000),
            ),
        ]
    return rows


def _county(indicators: int, areas: int, years: int, *, prefix: str, counted: int) -> Area:
    """Make its figures, and the counts: the population by sex and age, the others as they are."""
    first = make_figures(indicators, areas, years, prefix=prefix)
    Quantity.objects.bulk_create(
        Quantity(code=f"{prefix}-{at}", name_de=f"Zählgröße {prefix} {at}") for at in range(counted)
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_whom")
        cursor.execute("CREATE TABLE bench_whom (sex VARCHAR(1), age_from INT, age_to INT)")
        groups = [(sex, *ages) for sex in ("", "m", "f") for ages in GROUPS]
        cursor.executemany("INSERT INTO bench_whom VALUES (%s, %s, %s)", groups)
        cursor.execute(COUNTS, [first.parent_id, POPULATION, f"{prefix}-%"])
        # What autovacuum does by itself within minutes.
        cursor.execute("ANALYZE")
    return first


def _pages(area: Area) -> Mapping[str, str]:
    """Give the pages of figures, of the newest indicator and an area with its neighbour."""
    code = Indicator.objects.order_by("-pk").values_list("code", flat=True)[0]
    figure = Figure.objects.filter(area=area).order_by("-pk").values_list("pk", flat=True)[0]
    return {
        "the first page of the data": "/daten/",
        "an area's profile": f"/daten/gebiet/{area.pk}/",
        "an indicator": f"/daten/indikator/{code}/",
        "two areas compared": f"/daten/vergleich/?a={area.pk}&b={area.pk + 1}",
        "a value with its provenance": f"/daten/wert/{figure}/",
        "the list of the API": "/api/v1/indicators",
        "a series of the API": f"/api/v1/indicators/{code}/figures",
    }


def _asked(path: str) -> tuple[int, float]:
    """Give the queries when nothing is kept, and the best time when only outlines are."""
    handler, request = WSGIHandler(), RequestFactory(SERVER_NAME="127.0.0.1")
    for cache in caches.all():
        cache.clear()
    with CaptureQueriesContext(connection) as asked:
        response = handler.get_response(request.get(path))
        assert response.status_code == 200, (path, response.status_code)
    best = float("inf")
    for _ in range(TIMES):
        forget_pages()
        began = time.process_time()
        handler.get_response(request.get(path))
        best = min(best, (time.process_time() - began) * 1000)
    return len(asked), best
