"""Versions of areas fit to each other, to their keys, and to the areas they lie in."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.places.actions.areas import add_area, change_area
from zusammenplan.places.actions.refusals import (
    AreaInItselfError,
    AreaReasonMissingError,
    AreaRefusedError,
    KeyOfOtherKindError,
    KeysDifferError,
    KeyTakenError,
    LastVersionError,
    ParentNotThereError,
    ParentOfOtherKeyError,
    PeriodTurnedError,
    VersionsOverlapError,
)
from zusammenplan.places.actions.versions import (
    add_version,
    change_version,
    delete_version,
    follow_today,
)
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.tests.eisenach import FIRST_DAY, LAST_DAY, make_eisenach
from zusammenplan.places.tests.factories import make_area, make_area_version

pytestmark = pytest.mark.django_db


def make_municipality(name: str = "Eisfeld", **fields: Any) -> AreaVersion:
    area = make_area(name=name, kind=AreaKind.MUNICIPALITY)
    return make_area_version(area, **fields)


def test_a_new_area_is_valid_always() -> None:
    county = add_area({"name": "Landkreis", "kind": AreaKind.COUNTY}, by=None)
    area = add_area({"name": "Tal", "kind": AreaKind.PLANNING_AREA, "parent": county}, by=None)

    version = area.versions.get()

    assert (version.name, version.kind, version.parent) == ("Tal", "planning_area", county)
    assert (version.valid_from, version.valid_to) == (None, None)


def test_an_area_follows_a_version_that_was_entered_before_and_has_begun() -> None:
    today = localdate()
    old = make_municipality("Eisfeld", valid_to=today - timedelta(days=1))
    make_area_version(old.area, name="Stadt Eisfeld", valid_from=today)
    make_municipality("Sachsenbrunn")

    assert follow_today() == 1

    area = Area.objects.get(pk=old.area.pk)
    assert area.name == "Stadt Eisfeld"
    assert area.history.count() == 2
    assert follow_today() == 0


def test_correcting_an_area_corrects_its_version_of_today() -> None:
    area = add_area({"name": "Tal", "kind": AreaKind.PLANNING_AREA}, by=None)

    change_area(area, {"name": "Ilsetal"}, seen_version=1, by=None)

    assert area.versions.get().name == "Ilsetal"
    assert area.versions.get().history.count() == 2


def test_correcting_an_area_never_lets_its_version_say_what_does_not_fit() -> None:
    counties = [make_area(name=name, kind=AreaKind.COUNTY) for name in ("Nord", "Süd")]
    for county, ags in zip(counties, ("16069", "16070"), strict=True):
        make_area_version(county, ags=ags)
    area = make_area(kind=AreaKind.MUNICIPALITY, parent=counties[0])
    make_area_version(area, ags="16069012")

    with pytest.raises(ParentOfOtherKeyError):
        change_area(area, {"parent": counties[1]}, seen_version=1, by=None)
    with pytest.raises(KeyOfOtherKindError):
        change_area(area, {"kind": AreaKind.REGION}, seen_version=1, by=None)
    assert area.versions.get().parent == counties[0]


def test_an_area_that_is_still_there_never_lies_in_its_own_part() -> None:
    area = make_area()
    part = make_area(parent=area)
    make_area_version(part)
    version = make_area_version(area, valid_to=localdate() + timedelta(days=1))

    with pytest.raises(AreaInItselfError):
        change_version(version, {"parent": part}, seen_version=1, by=None)


def test_the_area_says_what_its_version_of_today_says() -> None:
    county = make_area(name="Landkreis", kind=AreaKind.COUNTY)
    make_area_version(county)
    version = make_municipality()

    change_version(version, {"name": "Eisfeld am Wald", "parent": county}, seen_version=1, by=None)

    version.area.refresh_from_db()
    assert (version.area.name, version.area.parent) == ("Eisfeld am Wald", county)
    past = {"name": "Altes Eisfeld", "kind": "municipality", "valid_to": date(1990, 1, 1)}
    change_version(version, {"valid_from": date(1990, 1, 2)}, seen_version=2, by=None)
    add_version(version.area, past, by=None)
    version.area.refresh_from_db()
    assert version.area.name == "Eisfeld am Wald"


def test_a_name_that_another_area_has_gets_its_key_beside_it() -> None:
    make_area(name="Eisfeld", kind=AreaKind.COUNTY)
    version = make_municipality("Ort", ags="16069012")

    change_version(version, {"name": "Eisfeld"}, seen_version=1, by=None)

    assert Area.objects.get(pk=version.area_id).name == "Eisfeld (16069012)"


def test_the_second_editor_is_refused() -> None:
    version = make_municipality()
    change_version(version, {"name": "Neu"}, seen_version=1, by=None)

    with pytest.raises(ChangedMeanwhileError):
        change_version(version, {"name": "Alt"}, seen_version=1, by=None)


def test_a_version_is_ended_and_another_one_follows() -> None:
    version = make_municipality(ags="16069012")

    change_version(version, {"valid_to": LAST_DAY}, seen_version=1, by=None)
    later = add_version(
        version.area,
        {"name": "Eisfeld", "kind": "municipality", "ags": "16069012", "valid_from": FIRST_DAY},
        by=None,
    )

    assert list(version.area.versions.order_by("pk")) == [version, later]


REFUSED: list[tuple[dict[str, Any], type[AreaRefusedError], str]] = [
    ({"valid_from": FIRST_DAY, "valid_to": LAST_DAY}, PeriodTurnedError, "valid_to"),
    ({"valid_from": date(2021, 6, 30)}, VersionsOverlapError, "valid_from"),
    ({"ags": "16069"}, KeyOfOtherKindError, "ags"),
    ({"ags": "16069012", "ars": "160690012013"}, KeysDifferError, "ars"),
    ({"ars": "160690012012"}, KeysDifferError, "ars"),
    ({"ags": "16069099"}, KeyTakenError, "ags"),
]


@pytest.mark.parametrize(("values", "refusal", "field"), REFUSED)
def test_what_does_not_fit_is_refused_at_its_field(
    values: dict[str, Any], refusal: type[AreaRefusedError], field: str
) -> None:
    make_municipality("Andere", ags="16069099")
    version = make_municipality(valid_to=LAST_DAY)
    new = {"name": "Eisfeld", "kind": "municipality", "valid_from": FIRST_DAY, **values}

    with pytest.raises(refusal) as refused:
        add_version(version.area, new, by=None)

    assert refused.value.field == field
    assert "%" not in str(refused.value)
    assert version.area.versions.count() == 1


def test_the_same_key_may_be_anothers_before_and_after() -> None:
    make_municipality("Andere", ags="16069099", valid_to=LAST_DAY)
    version = make_municipality(valid_from=FIRST_DAY)

    change_version(version, {"ags": "16069099"}, seen_version=1, by=None)

    assert version.ags == "16069099"


def test_the_area_it_lies_in_must_be_there_on_its_days() -> None:
    ended = make_area(name="Kreis Bad Salzungen", kind=AreaKind.COUNTY)
    make_area_version(ended, valid_to=date(1994, 6, 30))
    version = make_municipality(valid_from=date(1994, 7, 1))

    with pytest.raises(ParentNotThereError):
        change_version(version, {"parent": ended}, seen_version=1, by=None)
    change_version(
        version,
        {"parent": ended, "valid_from": date(1990, 1, 1), "valid_to": date(1994, 6, 30)},
        seen_version=1,
        by=None,
    )
    assert version.parent == ended


def test_a_key_says_in_which_county_a_municipality_lies() -> None:
    eisenach = make_eisenach()
    other = make_area(name="Landkreis Hildburghausen", kind=AreaKind.COUNTY)
    make_area_version(other, ags="16069")
    planning_area = make_area(name="Westen", parent=other)
    make_area_version(planning_area)

    for parent in (other, planning_area):
        with pytest.raises(ParentOfOtherKeyError):
            change_version(eisenach.municipality, {"parent": parent}, seen_version=1, by=None)


def test_an_area_never_lies_in_itself() -> None:
    county = add_area({"name": "Landkreis", "kind": AreaKind.COUNTY}, by=None)
    part = add_area({"name": "Tal", "kind": AreaKind.PLANNING_AREA, "parent": county}, by=None)

    for parent in (county, part):
        with pytest.raises(AreaInItselfError):
            change_version(county.versions.get(), {"parent": parent}, seen_version=1, by=None)


def test_a_version_is_deleted_with_a_reason_but_never_the_last() -> None:
    eisenach = make_eisenach()

    with pytest.raises(AreaReasonMissingError):
        delete_version(eisenach.town, reason=" ", by=None)
    delete_version(eisenach.town, reason="Versehen", by=None)
    with pytest.raises(LastVersionError):
        delete_version(eisenach.municipality, reason="Versehen", by=None)
    assert eisenach.municipality.came_from.count() == 0


def test_a_version_that_ended_leaves_the_area_as_it_was() -> None:
    version = make_municipality()
    yesterday = date.fromordinal(localdate().toordinal() - 1)

    change_version(version, {"valid_to": yesterday}, seen_version=1, by=None)

    version.area.refresh_from_db()
    assert version.area.name == "Eisfeld"
