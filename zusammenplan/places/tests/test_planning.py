"""A county's municipalities are put into planning areas on one page."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from zusammenplan.core.tests.clients import signed_in
from zusammenplan.places.actions.changes import merge
from zusammenplan.places.actions.imports import FileChoice, take_areas
from zusammenplan.places.actions.planning import CutChangedError, cut_planning_areas
from zusammenplan.places.actions.refusals import NotValidThenError
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.queries.area_file import read_area_file
from zusammenplan.places.queries.associations import associations_of, municipalities
from zusammenplan.places.queries.planning import cut_of
from zusammenplan.places.queries.territory import shares_into, shares_on
from zusammenplan.places.tests.factories import make_area, make_area_version, make_user
from zusammenplan.places.tests.test_area_files import shared
from zusammenplan.places.tests.test_area_imports import NOW

pytestmark = pytest.mark.django_db
LAST_DAY, DAY = date(2018, 12, 31), date(2019, 1, 1)


class County:
    """A county with two planning areas and three municipalities."""

    def __init__(self) -> None:
        self.itself = self.area("Landkreis", AreaKind.COUNTY, None, ags="16099")
        self.east = self.area("Osten", AreaKind.PLANNING_AREA, self.itself)
        self.west = self.area("Westen", AreaKind.PLANNING_AREA, self.itself)
        self.villages = [
            self.area(name, AreaKind.MUNICIPALITY, self.itself, ags=f"1609900{number}")
            for number, name in enumerate(("Adorf", "Bdorf", "Cdorf"), start=1)
        ]

    @staticmethod
    def area(name: str, kind: AreaKind, parent: Area | None, **fields: Any) -> Area:
        area = make_area(name=name, kind=kind, parent=parent)
        make_area_version(area, area_km2=10, **fields)
        return area

    def cut(self, *targets: Area, day: date | None = None, seen: str = "") -> int:
        return cut_planning_areas(
            self.itself,
            dict(zip(self.villages, targets, strict=False)),
            day,
            seen=seen or cut_of(self.itself, localdate()).fingerprint,
            by=None,
        )


def test_the_first_cut_is_from_the_beginning() -> None:
    county = County()

    assert county.cut(county.east, county.east, county.west) == 3
    assert county.cut(county.east, county.east, county.west) == 0
    assert [area.name for area in county.east.parts.order_by("name")] == ["Adorf", "Bdorf"]
    assert AreaVersion.objects.count() == 6
    assert AreaVersion.objects.filter(parent=county.west).get().area == county.villages[2]


def test_a_village_that_moves_later_takes_its_past_along() -> None:
    county = County()
    county.cut(county.east, county.east, county.west)

    assert county.cut(county.east, county.west, county.west, day=DAY) == 1

    east = county.east.versions.get(valid_from=DAY)
    before, since = sorted(county.west.versions.all(), key=lambda one: one.valid_from or date.min)
    moved_before, moved = sorted(
        county.villages[1].versions.all(), key=lambda one: one.valid_from or date.min
    )
    assert moved_before.parent == county.east
    assert (moved.parent, moved.valid_from) == (county.west, DAY)
    assert Area.objects.get(pk=county.villages[1].pk).parent == county.west
    assert set(shares_into(since)) == {since.pk, before.pk, moved_before.pk}
    assert not any(share.is_estimate for share in shares_into(since).values())
    stays = county.villages[0].versions.get()
    assert set(shares_on(east, shares_into(east), LAST_DAY)) == {stays.pk}
    transition = east.came_from.get()
    assert (float(transition.share_population), bool(transition.note)) == (0.5, True)


def test_a_village_can_go_back_into_the_county() -> None:
    county = County()
    county.cut(county.east, county.east, county.west)

    county.cut(county.itself, day=DAY)

    assert Area.objects.get(pk=county.villages[0].pk).parent == county.itself


def test_a_village_may_be_put_elsewhere_from_the_same_day() -> None:
    county = County()
    county.cut(county.east, county.east, county.west)
    county.cut(county.east, county.west, county.west, day=DAY)
    west = county.west.versions.get(valid_from=DAY)
    village = county.villages[1].versions.get(valid_from=None)

    county.cut(county.east, county.itself, county.west, day=DAY)

    assert village.pk not in shares_into(west)

    county.cut(county.east, county.west, county.west, day=DAY)

    assert shares_into(west)[village.pk].factor == 1
    assert county.villages[1].versions.count() == 2


def test_who_saw_something_else_is_refused() -> None:
    county = County()
    seen = cut_of(county.itself, localdate()).fingerprint
    county.cut(county.east)

    with pytest.raises(CutChangedError):
        county.cut(county.west, seen=seen)


def test_all_or_nothing() -> None:
    county = County()
    AreaVersion.objects.filter(area=county.villages[1]).update(valid_from=date(2020, 1, 1))

    with pytest.raises(NotValidThenError):
        county.cut(county.east, county.east, day=DAY)
    assert county.east.parts.count() == 0
    assert AreaVersion.objects.filter(parent=county.east).count() == 0


def test_a_village_that_merged_on_the_same_day_takes_all_its_past_along() -> None:
    county = County()
    county.cut(county.east, county.east, county.west)
    merged = merge([county.villages[0]], county.villages[1], DAY, by=None)

    cut_planning_areas(
        county.itself,
        {county.villages[1]: county.west},
        DAY,
        seen=cut_of(county.itself, localdate()).fingerprint,
        by=None,
    )

    west = county.west.versions.get(valid_from=DAY)
    before = set(merged.came_from.values_list("before_id", flat=True))
    assert len(before) == 2
    assert set(shares_into(west)) - {west.pk} == before | {
        county.west.versions.get(valid_from=None).pk
    }
    # Nothing is left in the east.
    assert not county.east.versions.get(valid_from=DAY).came_from.exists()


def test_the_directory_proposes_one_planning_area_per_association() -> None:
    """Read the real directory; a person changes the proposal and saves it, all or nothing."""
    file = read_area_file("gv.csv", shared("ags/thueringen_gv2q_2024.csv"))
    choice = FileChoice(date(2024, 12, 31), only="16062")
    take_areas(file, choice, name="gv.csv", checksum="1", seen=None, by=None, now=NOW)
    county = Area.objects.get(kind=AreaKind.COUNTY)
    client = signed_in(make_user("planner"))
    url = f"{reverse('places:area-cut-county', args=[county.pk])}?vorschlag=verband"

    page = client.get(url).content.decode()
    form = client.get(url).context["form"]
    assert not county.parts.filter(kind=AreaKind.PLANNING_AREA).exists()
    associations = associations_of(municipalities(localdate()))
    typed = {name: form[name].initial or "" for name in form.fields}
    own_name = next(key for key, name in typed.items() if name == "Erfüllende Gemeinde Bleicherode")
    taken = client.post(url, typed | {own_name: "Bleicherode und Umland"})

    assert f"{len(associations)} Planungsräume wären neu" in page
    assert taken.status_code == 302
    made = county.parts.filter(kind=AreaKind.PLANNING_AREA)
    assert made.count() == len(associations)
    assert not made.filter(name="Erfüllende Gemeinde Bleicherode").exists()
    inside = Area.objects.get(name="Bleicherode und Umland").parts
    assert {"Großlohra", "Kehmstedt", "Bleicherode"} <= set(inside.values_list("name", flat=True))
    # What belongs to no association lies in the county as before.
    alone = county.parts.filter(kind=AreaKind.MUNICIPALITY)
    assert {version.association for one in alone for version in one.versions.all()} == {""}
    again = client.get(url).context["form"]
    assert (again.moves, again.new) == (0, {})
    listed = client.get(reverse("places:area-associations")).content.decode()
    assert listed.index("Erfüllende Gemeinde Bleicherode") < listed.index("Bleicherode und Umland")


def test_a_name_that_another_area_has_makes_nothing_of_the_proposal() -> None:
    county = County()
    for number, village in enumerate(county.villages, start=1):
        village.versions.update(ars=f"16099500100{number}", association="VG Dorf")
    client = signed_in(make_user("planner"))
    url = f"{reverse('places:area-cut-county', args=[county.itself.pk])}?vorschlag=verband"
    form = client.get(url).context["form"]
    typed = {name: form[name].initial or "" for name in form.fields}

    refused = client.post(url, typed | {"name_neu-1": "Osten"})

    assert refused.status_code == 422
    assert "Osten" in refused.content.decode()
    assert Area.objects.filter(kind=AreaKind.PLANNING_AREA).count() == 2
    assert AreaVersion.objects.filter(parent=county.itself).count() == 5
    assert client.post(url, typed).status_code == 302
    assert Area.objects.get(name="VG Dorf").parts.count() == 3
