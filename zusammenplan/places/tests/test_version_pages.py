"""The pages of versions, changes of territory, planning areas and imports."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate, localtime

from zusammenplan.core.tests.clients import signed_in, text
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaImport, AreaTransition, AreaVersion
from zusammenplan.places.queries.area_import import as_json
from zusammenplan.places.queries.maps import outlines
from zusammenplan.places.tests.eisenach import make_eisenach
from zusammenplan.places.tests.factories import make_area, make_area_version, make_user
from zusammenplan.places.tests.test_area_files import feature, file_of, polygon, square

pytestmark = pytest.mark.django_db
DAY = "2019-01-01"


@pytest.fixture
def planner() -> Client:
    return signed_in(make_user("planner"))


def url(name: str, *keys: object) -> str:
    return reverse(f"places:{name}", args=keys)


def make_village(name: str, parent: Area | None = None, **fields: Any) -> AreaVersion:
    area = make_area(name=name, kind=AreaKind.MUNICIPALITY, parent=parent)
    return make_area_version(area, **fields)


def test_versions_and_changes_of_eisenach_stand_on_its_page(planner: Client) -> None:
    eisenach = make_eisenach()

    page = text(planner.get(url("area-versions", eisenach.municipality.area_id)))

    for word in ("16056", "16063105", "160630105105", "Wartburgkreis", "100 %"):
        assert word in page
    assert '<p class="zp-over">Gemeinde</p>' in page
    assert "kreisfreie Stadt" in page


def test_of_an_area_without_parts_its_own_outline_alone_is_read(planner: Client) -> None:
    drawn = {"type": "MultiPolygon", "coordinates": [[square()]]}
    villages = [make_village(name, geometry=drawn) for name in ("Auendorf", "Bergdorf", "Seedorf")]

    with CaptureQueriesContext(connection) as asked:
        page = text(planner.get(url("area-versions", villages[0].area_id)))

    reading = [query["sql"] for query in asked if '."geometry" AS "geometry" FROM' in query["sql"]]
    assert reading
    assert "Bergdorf" not in page
    assert not any(
        f"{village.pk}" in re.findall(r"\d+", sql) for village in villages[1:] for sql in reading
    )


def test_a_version_of_another_area_is_not_found(planner: Client) -> None:
    eisenach = make_eisenach()
    other = make_village("Anderswo")

    for name, part in (
        ("area-version-change", eisenach.town.pk),
        ("area-version-delete", eisenach.town.pk),
        ("area-transition-change", AreaTransition.objects.all()[0].pk),
        ("area-transition-delete", AreaTransition.objects.all()[0].pk),
    ):
        assert planner.get(url(name, other.area_id, part)).status_code == 404


def test_versions_are_added_corrected_and_deleted(planner: Client) -> None:
    version = make_village("Eisfeld", valid_from=date(2019, 1, 1))
    area = version.area
    typed = {"name": "Eisfeld", "kind": "municipality", "ags": "16069012", "version": "1"}

    planner.post(url("area-version-add", area.pk), {**typed, "valid_to": "2018-12-31"})
    older = area.versions.get(valid_from=None)
    planner.post(
        url("area-version-change", area.pk, version.pk),
        {**typed, "valid_from": DAY, "area_km2": "86,5"},
    )
    version.refresh_from_db()
    assert (version.ags, version.area_km2) == ("16069012", Decimal("86.5"))
    planner.post(url("area-version-delete", area.pk, older.pk), {"reason": "Versehen"})
    assert area.versions.get() == version


def test_what_does_not_fit_is_told_at_its_field(planner: Client) -> None:
    version = make_village("Eisfeld")
    typed = {"name": "Eisfeld", "kind": "municipality", "valid_from": DAY, "ags": "16069"}

    response = planner.post(url("area-version-add", version.area_id), typed)

    assert response.status_code == 422
    assert 'id="id_valid_from_error"' in text(response)
    response = planner.post(url("area-version-add", version.area_id), {**typed, "ags": "16X"})
    assert 'id="id_ags_error"' in text(response)


def test_the_second_editor_of_a_version_sees_both_values(planner: Client) -> None:
    version = make_village("Von Jost", version=2)
    address = url("area-version-change", version.area_id, version.pk)
    typed = {"name": "Von Ines", "kind": "municipality", "version": "1"}

    page = text(planner.post(address, typed))

    assert "<td>Von Jost</td><td>Von Ines</td>" in page
    assert 'value="2"' in page
    planner.post(address, {**typed, "version": "2"})
    version.refresh_from_db()
    assert version.name == "Von Ines"


def test_areas_are_renamed_merged_and_split_on_their_pages(planner: Client) -> None:
    big, small = make_village("Neuwerk"), make_village("Altwerk")

    planner.post(
        url("area-merge", big.area_id),
        {"day": DAY, "others": [small.area_id], "note": "Gebietsreform"},
    )
    planner.post(
        url("area-follow", big.area_id),
        {"day": "2020-01-01", "name": "Neuwerk am Wald", "kind": "municipality"},
    )
    planner.post(
        url("area-split", big.area_id),
        {
            "day": "2021-01-01",
            "name_1": "Wald",
            "share_1": "10",
            # Two parts for the same area are one.
            "name_2": "Wald",
            "share_2": "2,5",
        },
    )

    kinds = list(AreaTransition.objects.order_by("on", "pk").values_list("kind", flat=True))
    assert kinds == ["merge", "merge", "rename", "split", "split"]
    wald = Area.objects.get(name="Wald").versions.get()
    assert float(wald.came_from.get().share_population) == 0.125
    page = text(planner.get(url("area-versions", big.area_id)))
    assert "12,5 %" in page


def test_a_change_starts_from_the_newest_version(planner: Client) -> None:
    eisenach = make_eisenach()

    page = text(planner.get(url("area-follow", eisenach.municipality.area_id)))

    assert 'value="16063105"' in page


def test_a_merger_needs_others_and_a_split_a_share(planner: Client) -> None:
    village = make_village("Neuwerk")

    page = text(planner.post(url("area-merge", village.area_id), {"day": DAY}))
    assert 'id="id_others_error"' in page
    page = text(planner.post(url("area-split", village.area_id), {"day": DAY, "name_1": "Wald"}))
    assert 'id="id_share_1_error"' in page
    page = text(planner.post(url("area-split", village.area_id), {"day": DAY, "share_2": "5"}))
    assert 'id="id_to_2_error"' in page
    page = text(planner.post(url("area-split", village.area_id), {"day": DAY}))
    assert 'role="alert"' in page


def test_single_changes_are_noted_corrected_and_taken_back(planner: Client) -> None:
    before = make_village("Alt", valid_to=date(2018, 12, 31))
    after = make_village("Neu", valid_from=date(2019, 1, 1))
    typed = {"before": before.pk, "after": after.pk, "on": DAY, "kind": "merge", "share": "100"}

    planner.post(url("area-transition-add", after.area_id), typed)
    transition = AreaTransition.objects.get()
    address = url("area-transition-change", after.area_id, transition.pk)
    planner.post(address, {**typed, "share": "60", "version": "1"})
    transition.refresh_from_db()
    assert float(transition.share_population) == 0.6
    assert "zp-errors" in text(planner.post(address, {**typed, "version": "1"}))
    planner.post(
        url("area-transition-delete", after.area_id, transition.pk), {"reason": "Versehen"}
    )
    assert not AreaTransition.objects.exists()


# --- planning areas ----------------------------------------------------------------------


class County:
    def __init__(self) -> None:
        self.itself = make_area(name="Landkreis", kind=AreaKind.COUNTY)
        make_area_version(self.itself)
        self.east, self.west = (
            make_area(name=name, parent=self.itself) for name in ("Osten", "Westen")
        )
        for area in (self.east, self.west):
            make_area_version(area)
        self.villages = [
            make_village(
                name,
                self.itself,
                geometry=as_json([[[(x, y) for x, y in square(10.5 + number / 10)]]]),
            )
            for number, name in enumerate(("Adorf", "Bdorf"))
        ]


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def test_municipalities_are_put_into_planning_areas_on_one_page(planner: Client) -> None:
    county = County()
    assert planner.get(url("area-cut")).status_code == 302
    address = url("area-cut-county", county.itself.pk)
    page = text(planner.get(address))
    assert page.count("<path") == 4
    chosen = {f"area_{one.area_id}": county.east.pk for one in county.villages}

    planner.post(address, {**chosen, "since": "always", "seen": seen_on(page)})

    assert county.east.parts.count() == 2
    page = text(planner.get(address))
    one = {f"area_{county.villages[0].area_id}": county.west.pk}
    typed = {**chosen, **one, "since": "day", "day": DAY, "seen": seen_on(page)}
    assert planner.post(address, {**typed, "day": ""}).status_code == 422
    planner.post(address, typed)
    assert [area.name for area in county.west.parts.all()] == ["Adorf"]
    begun = AreaVersion.objects.filter(valid_from=date(2019, 1, 1)).order_by("name")
    assert [one.name for one in begun] == ["Adorf", "Osten"], "Westen had no parts before"


def test_who_saw_an_older_cut_is_told(planner: Client) -> None:
    county = County()
    address = url("area-cut-county", county.itself.pk)
    seen = seen_on(text(planner.get(address)))
    typed = {f"area_{county.villages[0].area_id}": county.east.pk, "since": "always", "seen": seen}
    planner.post(address, typed)

    typed[f"area_{county.villages[0].area_id}"] = county.west.pk
    page = text(planner.post(address, typed, follow=True))

    assert county.west.parts.count() == 0
    assert "zp-messages" in page


def test_several_counties_are_chosen_from(planner: Client) -> None:
    assert "zp-empty" in text(planner.get(url("area-cut")))
    for name in ("Nord", "Süd"):
        make_area(name=name, kind=AreaKind.COUNTY)

    assert "Süd" in text(planner.get(url("area-cut")))
    assert signed_in(make_user("reader")).get(url("area-cut")).status_code == 403


# --- imports -----------------------------------------------------------------------------


def upload(client: Client, content: bytes, name: str = "gebiete.geojson") -> Any:
    return client.post(url("area-import"), {"file": SimpleUploadedFile(name, content)})


def test_a_file_is_checked_and_taken_over(planner: Client) -> None:
    county = make_area(name="Hildburghausen", kind=AreaKind.COUNTY)
    make_area_version(county, ags="16069")
    about = {"source": "Probe, Stand 01.01.2021", "license": "dl-de/by-2-0"}
    broken = feature(polygon(square()[:-1]), AGS="16069013", GEN="Suhl")

    check = upload(planner, file_of(feature(), broken, metadata=about))["Location"]
    page = text(planner.get(check))

    for word in ("Eisfeld", "16069012", "Suhl", "dl-de/by-2-0", "Probe"):
        assert word in page
    assert not Area.objects.filter(name="Eisfeld").exists()
    take = check + "uebernehmen/"
    chosen = {"as_of": "2021-01-01", "only": "", "keyless": "", "seen": seen_on(page)}
    assert signed_in(make_user("planner")).get(check).status_code == 404
    planner.post(take, {**chosen, "seen": "anders"})
    assert not Area.objects.filter(name="Eisfeld").exists()
    planner.post(take, chosen)
    assert Area.objects.get(name="Eisfeld").parent == county
    assert planner.get(check).status_code == 404, "the file is gone"
    imports = text(planner.get(url("area-import")))
    assert "gebiete.geojson" in imports
    taken = AreaImport.objects.get()
    assert taken.imported_by is not None
    moment = f"{localtime(taken.imported_at):%d.%m.%Y, %H:%M} Uhr, {taken.imported_by}"
    assert moment in imports


def test_official_areas_without_a_day_ask_for_it(planner: Client) -> None:
    county = make_area(name="Hildburghausen", kind=AreaKind.COUNTY)
    make_area_version(county, ags="16069")
    check = upload(planner, file_of(feature()))["Location"]

    assert "zp-sums" not in text(planner.get(check))
    page = text(planner.get(check, {"as_of": "2024-12-31"}))
    assert "zp-sums" in page
    assert "Eisfeld" in page


def test_own_areas_are_of_today_and_their_faults_are_told_at_once(
    planner: Client,
) -> None:
    own = {"AGS": None, "GEN": "Ilsetal"}
    broken = feature(polygon(square()[:-1]), AGS=None, GEN="Suhl")
    check = upload(planner, file_of(feature(**own), broken))["Location"]

    page = text(planner.get(check))

    assert localdate().isoformat() in page
    for word in ("Ilsetal", "Suhl", "nicht geschlossen"):
        assert word in page


def test_what_cannot_be_read_is_told_at_the_file(planner: Client) -> None:
    response = upload(planner, b"<html></html>")

    assert response.status_code == 422
    assert 'id="id_file_error"' in text(response)
    assert upload(signed_in(make_user("reader")), b"{}").status_code == 403


# --- lists and maps ----------------------------------------------------------------------


def test_map_and_list_show_the_same(planner: Client) -> None:
    county = County()

    page = text(planner.get(reverse("places:area-list")))

    names = {one.name for one in outlines(kind=AreaKind.MUNICIPALITY, day=date(2026, 1, 1))}
    assert names == {"Adorf", "Bdorf"}
    for village in county.villages:
        assert page.count(f">{village.name}<") >= 2


def test_a_county_in_a_land_that_is_only_compared_with_is_listed(planner: Client) -> None:
    land = make_area(name="Thüringen", kind=AreaKind.LAND, is_reference=True)
    county = make_area(name="Landkreis", kind=AreaKind.COUNTY, parent=land)

    page = text(planner.get(reverse("places:area-list")))

    assert f'id="area-{county.pk}"' in page
    assert f'id="area-{land.pk}"' not in page
    assert "Thüringen" in page
    assert "Thüringen" in text(planner.get(url("area-change", county.pk)))


@pytest.mark.one_database
def test_pages_of_versions_ask_as_often_for_many_as_for_few(planner: Client) -> None:
    county = County()

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            planner.get(address)
        return len(queries)

    addresses = [
        reverse("places:area-list"),
        url("area-versions", county.itself.pk),
        url("area-cut-county", county.itself.pk),
        url("area-import"),
    ]
    for address in addresses:
        asked(address)
    once = [asked(address) for address in addresses]
    for number in range(3):
        make_village(f"Weiteres {number}", county.east, geometry=as_json([[[(10.5, 50.5)] * 4]]))
    twice = [asked(address) for address in addresses]

    assert twice == once
