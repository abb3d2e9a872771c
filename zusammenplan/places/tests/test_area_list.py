"""The list of areas: whole where it fits, folded for a Land, searched."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zusammenplan.core.tests.clients import signed_in, text
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.tests.factories import make_area, make_area_version, make_user
from zusammenplan.places.tests.test_area_files import square

pytestmark = pytest.mark.django_db
VILLAGES = 120


@pytest.fixture
def planner() -> Client:
    return signed_in(make_user("planner"))


def make_county(number: int, land: Area | None = None) -> Area:
    county = make_area(name=f"Landkreis {number}", kind=AreaKind.COUNTY, parent=land)
    kind = AreaKind.MUNICIPALITY
    villages = Area.objects.bulk_create(
        Area(name=f"Örtchen {number}-{place}", kind=kind, parent=county, position=place)
        for place in range(VILLAGES)
    )
    AreaVersion.objects.bulk_create(
        AreaVersion(area=one, name=one.name, kind=kind, ags=f"160{number:02}{place:03}")
        for place, one in enumerate(villages)
    )
    return county


def page(client: Client, query: str = "", **headers: str) -> str:
    response: Any = client.get(f"{reverse('places:area-list')}{query}", headers=headers)
    assert response.status_code == 200
    return text(response)


def listed(text: str) -> list[str]:
    return re.findall(r'<tr id="area-\d+"><th[^>]*><a[^>]*>([^<]+)</a>', text)


def test_the_map_names_what_it_cannot_show(planner: Client) -> None:
    county = make_area(name="Landkreis", kind=AreaKind.COUNTY)
    outline = {"type": "MultiPolygon", "coordinates": [[square()]]}
    for name, geometry in (("Neuwerk", outline), ("Altwerk", None)):
        village = make_area(name=name, kind=AreaKind.MUNICIPALITY, parent=county)
        make_area_version(village, geometry=geometry)

    assert "Umriss nicht bekannt ist: Altwerk." in page(planner)


def test_a_few_areas_stand_all_at_once(planner: Client) -> None:
    county = make_area(name="Landkreis", kind=AreaKind.COUNTY)
    make_area(name="Dorf", parent=make_area(name="Oberland", parent=county))

    text = page(planner)

    assert listed(text) == ["Landkreis", "Oberland", "Dorf"]
    assert 'id="id_kind"' not in text


def test_a_city_that_belongs_to_no_county_is_called_so(planner: Client) -> None:
    for name, ags in (("Erfurt", "16051"), ("Wartburgkreis", "16063"), ("Sonnenberg", "")):
        make_area_version(make_area(name=name, kind=AreaKind.COUNTY), ags=ags)

    kinds = re.findall(r'data-label="Art">([^<]+)</td>', page(planner))

    assert kinds == ["kreisfreie Stadt", "Landkreis", "Landkreis"]


def test_a_land_is_shown_county_by_county(planner: Client) -> None:
    land = make_area(name="Thüringen", kind=AreaKind.LAND)
    county, other = make_county(1, land), make_county(2, land)

    text = page(planner)
    assert listed(text) == ["Thüringen", "Landkreis 1", "Landkreis 2"]
    assert f'href="/intern/einstellungen/raeume/?in={county.pk}">120 Räume darin' in text

    inside = page(planner, f"?in={county.pk}")
    assert listed(inside)[:2] == ["Landkreis 1", "Örtchen 1-0"]
    assert len(listed(inside)) == 1 + VILLAGES
    assert re.search(
        r'<th[^>]* aria-current="true"[^>]*><a class="zp-a zp-strong"[^>]*>Landkreis 1<', inside
    )
    assert f'href="/intern/einstellungen/raeume/?in={land.pk}">Thüringen</a>' in inside
    assert other.name not in inside
    for nowhere in ("99999", "x", "9" * 30, "-1"):
        assert listed(page(planner, f"?in={nowhere}")) == listed(text)


def test_the_search_finds_areas_wherever_they_lie(planner: Client) -> None:
    make_county(1)
    county = make_county(2)
    make_area(name="Sachsen", kind=AreaKind.LAND, is_reference=True)

    hits = page(planner, "?q=örtchen+2-11")
    assert listed(hits)[0] == "Örtchen 2-11"
    assert len(listed(hits)) == 11
    assert f'href="/intern/einstellungen/raeume/?in={county.pk}">Landkreis 2</a>' in hits
    assert listed(page(planner, "?q=16002+007")) == ["Örtchen 2-7"]
    assert listed(page(planner, "?q=Sachsen")) == ["Sachsen"]
    assert listed(page(planner, "?kind=county")) == ["Landkreis 1", "Landkreis 2"]
    assert "zp-empty" in page(planner, "?q=Nirgendwo")
    part = page(planner, "?q=Landkreis", **{"HX-Request": "true"})
    assert "<html" not in part
    assert len(listed(part)) == 2


def test_a_long_list_is_paged(planner: Client) -> None:
    make_county(1)
    make_county(2)

    assert len(listed(page(planner, "?kind=municipality"))) == 200
    assert len(listed(page(planner, "?kind=municipality&page=2"))) == 40


def test_after_a_move_one_comes_back_to_the_part_where_one_was(planner: Client) -> None:
    county = make_county(1)
    make_county(2)
    second = county.parts.order_by("position")[1]
    text = page(planner, f"?in={county.pk}")
    action = re.search(rf'action="([^"]*/{second.pk}/verschieben/[^"]*)"', text)
    assert action

    response: Any = planner.post(action[1], {"direction": "up"})

    assert response["Location"].endswith(f"/raeume/?in={county.pk}#area-{second.pk}")
    assert listed(page(planner, f"?in={county.pk}"))[1] == second.name


@pytest.mark.one_database
def test_the_list_asks_as_often_for_a_land_as_for_a_county(planner: Client) -> None:
    def asked(query: str = "") -> int:
        page(planner, query)
        with CaptureQueriesContext(connection) as queries:
            page(planner, query)
        return len(queries)

    county = make_county(1)
    small = asked()
    make_county(2)
    make_county(3)

    assert asked() <= small
    assert asked(f"?in={county.pk}") <= small
