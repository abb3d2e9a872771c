"""The pages of areas: for whom, what they do."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zusammenplan.core.tests.clients import signed_in, text
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area
from zusammenplan.places.tests.factories import make_area, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner() -> Client:
    return signed_in(make_user("planner"))


def url(name: str, area: Area) -> str:
    return reverse(f"places:{name}", args=[area.pk])


def test_the_list_stands_among_the_settings(planner: Client) -> None:
    page = text(planner.get(reverse("places:area-list")))

    assert 'href="/intern/einstellungen/raeume/" aria-current="page"' in page
    assert 'href="/intern/einstellungen/organisationen/"' in page
    assert 'href="/intern/einstellungen/raeume/"' in text(
        planner.get("/intern/einstellungen/organisationen/")
    )


def test_areas_are_added_changed_moved_and_deleted(planner: Client) -> None:
    assert "zp-empty" in text(planner.get(reverse("places:area-list")))
    add = reverse("places:area-add")
    planner.post(add, {"name": "Landkreis", "kind": "county"})
    county = Area.objects.get()
    planner.post(add, {"name": "Oberland", "kind": "planning_area", "parent": county.pk})
    planner.post(add, {"name": "Unterland", "kind": "planning_area", "parent": county.pk})
    upper, lower = county.parts.order_by("position")

    planner.post(url("area-move", lower), {"direction": "up"})
    assert list(county.parts.order_by("position")) == [lower, upper]
    planner.post(url("area-move", lower), {"direction": "down"})
    planner.post(
        url("area-change", lower),
        {"name": "Tal", "kind": "district", "parent": upper.pk, "version": "1"},
    )
    lower.refresh_from_db()
    assert (lower.name, lower.kind, lower.parent) == ("Tal", AreaKind.DISTRICT, upper)
    assert "zp-depth-2" in text(planner.get(reverse("places:area-list")))

    refused = text(planner.post(url("area-delete", upper), {"reason": "Weg"}))
    assert 'role="alert"' in refused
    planner.post(url("area-delete", lower), {"reason": "Weg"})
    assert not Area.objects.filter(pk=lower.pk).exists()


def test_a_taken_name_and_a_circle_are_refused_at_their_fields(planner: Client) -> None:
    county = make_area(name="Landkreis")
    part = make_area(name="Oberland", parent=county)

    for address in (reverse("places:area-add"), url("area-change", part)):
        typed = {"name": "Landkreis", "kind": "county", "version": "1"}
        assert 'id="id_name_error"' in text(planner.post(address, typed))
    typed = {"name": "Landkreis", "kind": "county", "parent": str(part.pk), "version": "1"}
    page = text(planner.post(url("area-change", county), typed))
    assert 'id="id_parent_error"' in page


def test_the_second_editor_sees_both_values(planner: Client) -> None:
    area = make_area(name="Von Jost", version=2)
    typed = {"name": "Von Ines", "kind": "planning_area", "version": "1"}

    page = text(planner.post(url("area-change", area), typed))

    assert "<td>Von Jost</td><td>Von Ines</td>" in page
    assert 'value="2"' in page
    planner.post(url("area-change", area), {**typed, "version": "2"})
    area.refresh_from_db()
    assert area.name == "Von Ines"


@pytest.mark.one_database
def test_the_list_asks_as_often_for_three_areas_as_for_one(planner: Client) -> None:
    area = make_area()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            planner.get(reverse("places:area-list"))
        return len(queries)

    asked()
    once = asked()
    make_area(parent=make_area(parent=area))

    assert asked() == once
