"""Areas and their outlines, as they were on a day, with their terms."""

import gzip
from datetime import date
from typing import Any

import pytest
from django.test import Client

from zusammenplan.places.actions.imports import FileChoice, take_areas
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import AreaVersion
from zusammenplan.places.queries.area_import import as_json
from zusammenplan.places.tests.eisenach import make_eisenach
from zusammenplan.places.tests.factories import make_area, make_area_version
from zusammenplan.places.tests.test_area_files import shared, square
from zusammenplan.places.tests.test_area_imports import NOW, official

pytestmark = pytest.mark.django_db
AREAS = "/api/v1/areas"


def answer(client: Client, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.content
    return response.json()


def test_areas_are_given_as_they_were_on_the_day(client: Client) -> None:
    make_eisenach()

    then = answer(client, f"{AREAS}?on=2021-06-30&kind=county")["items"]
    now = answer(client, f"{AREAS}?on=2021-07-01")["items"]

    assert [(one["ags"], one["name"]) for one in then] == [
        ("16056", "Eisenach"),
        ("16063", "Wartburgkreis"),
    ]
    assert [(one["ags"], one["lies_in_ags"]) for one in now] == [
        ("16", None),
        ("16063", "16"),
        ("16063105", "16063"),
    ]
    assert now[2]["ars"] == "160630105105"


@pytest.mark.parametrize("query", ["on=2021-02-30", "on=gestern", "kind=street"])
def test_a_wrong_day_or_kind_is_named(client: Client, query: str) -> None:
    for path in (AREAS, f"{AREAS}.geojson"):
        response = client.get(f"{path}?{query}")
        assert response.status_code == 422
        assert "detail" in response.json()


def make_drawn() -> None:
    ring = [(x, y) for x, y in square()]
    other = [(round(x + 0.1, 5), y) for x, y in square()]
    above = make_area(name="Ilsetal", kind=AreaKind.PLANNING_AREA)
    make_area_version(above)
    for name, outline in (("Neuwerk", ring), ("Ilsebrück", other)):
        area = make_area(name=name, kind=AreaKind.MUNICIPALITY, parent=above)
        make_area_version(
            area, geometry=as_json([[outline]]), source="© BKG", licence="dl-de/by-2-0"
        )


def test_outlines_come_with_attribution_and_licence(client: Client) -> None:
    make_drawn()

    found = answer(client, f"{AREAS}.geojson?kind=municipality")

    assert found["type"] == "FeatureCollection"
    assert found["metadata"]["attribution"] == "© BKG"
    assert found["metadata"]["license"] == "dl-de/by-2-0"
    assert {one["properties"]["GEN"] for one in found["features"]} == {"Neuwerk", "Ilsebrück"}
    assert found["features"][0]["geometry"]["type"] == "MultiPolygon"


def test_a_planning_area_is_the_outline_of_its_parts(client: Client) -> None:
    make_drawn()

    (feature,) = answer(client, f"{AREAS}.geojson?kind=planning_area")["features"]

    ((ring,),) = feature["geometry"]["coordinates"]
    assert len(ring) == 7
    assert feature["properties"]["licence"] == "dl-de/by-2-0"


def test_all_areas_take_the_same_queries(client: Client, django_assert_num_queries: Any) -> None:
    make_drawn()
    for path in (f"{AREAS}.geojson", AREAS):
        answer(client, path)
        make_area_version(make_area())
        with django_assert_num_queries(3 if "geojson" in path else 1):
            # Another address, so that nothing is kept.
            answer(client, f"{path}?on=2024-12-31")


@pytest.mark.one_database
def test_six_hundred_municipalities_fit_through_a_thin_wire(client: Client) -> None:
    shared("geo/thueringen_gemeinden_vg5000_2021-01-01.geojson")
    for name in (
        "geo/thueringen_kreise_vg5000_2021-01-01_mit_eisenach.geojson",
        "geo/thueringen_gemeinden_vg5000_2021-01-01.geojson",
    ):
        choice = FileChoice(date(2021, 1, 1))
        take_areas(official(name), choice, name=name, checksum=name, seen=None, by=None, now=NOW)
    assert AreaVersion.objects.count() == 654

    response = client.get(f"{AREAS}.geojson?on=2021-01-01")

    assert len(gzip.compress(response.content, 6)) < 150_000
