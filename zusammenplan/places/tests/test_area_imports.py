"""Areas of files come into the list: with a preview, all or nothing, as often as one likes."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from zusammenplan.core.models import Municipality
from zusammenplan.core.tables import UnreadableFileError
from zusammenplan.places.actions.imports import (
    FileChoice,
    ListChangedError,
    take_areas,
    with_all_proposals,
)
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.domain.area_files import AreaFile
from zusammenplan.places.models import Area, AreaImport, AreaTransition, AreaVersion
from zusammenplan.places.queries.area_file import read_area_file
from zusammenplan.places.queries.area_import import Comparison, compared, prefixes_of
from zusammenplan.places.queries.finder import AreaFinder
from zusammenplan.places.queries.territory import shares_into
from zusammenplan.places.tests.factories import make_area, make_area_version
from zusammenplan.places.tests.test_area_files import feature, file_of, polygon, shared, square

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = date(2024, 12, 31)
BEFORE_EISENACH = "geo/thueringen_kreise_vg250_2018-12-31_sim200.geojson"
SINCE_EISENACH = "geo/thueringen_kreise_vg2500_nach_2021-07-01_ohne_eisenach.geojson"
MUNICIPALITIES = "geo/thueringen_gemeinden_vg5000_2021-01-01.geojson"


def take(file: AreaFile, as_of: date | None = None, **chosen: Any) -> Comparison:
    seen = chosen.pop("seen", None)
    accept_all = chosen.pop("accept_all", False)
    choice = FileChoice(as_of or file.as_of or DAY, **chosen)
    if accept_all:
        preview = compared(file, choice.as_of, only=choice.only, keyless=choice.keyless)
        choice = with_all_proposals(choice, preview)
    checksum = sha256(repr(file.areas).encode()).hexdigest()
    return take_areas(
        file, choice, name="gebiete.geojson", checksum=checksum, seen=seen, by=None, now=NOW
    )


def official(name: str) -> AreaFile:
    return read_area_file(Path(name).name, shared(name))


def own(*features: dict[str, Any], **more: Any) -> AreaFile:
    return read_area_file("eigene.geojson", file_of(*features, **more))


def county(key: str = "16069", name: str = "Hildburghausen", **fields: Any) -> AreaVersion:
    return make_area_version(make_area(name=name, kind=AreaKind.COUNTY), ags=key, **fields)


def fates(comparison: Comparison) -> dict[str, int]:
    return {
        fate: comparison.count(fate)
        for fate in ("new", "next", "changed", "unchanged")
        if comparison.count(fate)
    }


# --- official files ----------------------------------------------------------------------


def test_the_counties_of_both_years_tell_of_eisenach() -> None:
    older, newer = official(BEFORE_EISENACH), official(SINCE_EISENACH)

    assert fates(take(older)) == {"new": 23}
    preview = compared(newer, date(2021, 12, 31))
    # Five counties had changed on 1 January 2019 already.
    assert fates(preview) == {"next": 6, "changed": 16}
    told = [one for one in preview.proposals if one.on == date(2021, 7, 1)]
    assert [(one.before.name, one.after_key, one.percent, one.ends) for one in told] == [
        ("Eisenach", "16063", 100, True),
        ("Wartburgkreis", "16063", 94, False),
    ]
    take(newer, date(2021, 12, 31), accept_all=True)

    finder = AreaFinder.load()
    assert finder.by_key("16056", date(2021, 6, 30))
    assert finder.by_key("16056", date(2021, 7, 1)) is None
    wartburg = finder.by_key("16063", DAY)
    assert wartburg is not None
    assert (wartburg.valid_from, len(wartburg.came_from.all())) == (date(2021, 7, 1), 2)
    assert {share.factor for share in shares_into(wartburg).values()} == {1}
    assert len(shares_into(wartburg)) == 3
    assert fates(take(newer, date(2021, 12, 31))) == {"unchanged": 22}


def test_nothing_is_guessed_unless_somebody_says_so() -> None:
    take(official(BEFORE_EISENACH))
    comparison = take(official(SINCE_EISENACH), date(2021, 12, 31))

    assert not AreaTransition.objects.exists()
    assert AreaVersion.objects.get(ags="16056").valid_to is None
    assert any("Eisenach (16056)" in warning for warning in comparison.warnings)


def test_the_older_file_may_come_after_the_newer_one() -> None:
    take(official(SINCE_EISENACH), date(2021, 12, 31))

    comparison = take(official(BEFORE_EISENACH))

    assert comparison.refused == []
    before, since = AreaVersion.objects.filter(ags="16063").order_by("valid_from")
    assert before.valid_to == date(2021, 6, 30)
    assert since.valid_from == date(2021, 7, 1)
    assert before.area == since.area
    assert fates(take(official(BEFORE_EISENACH))) == {"unchanged": 23}


@pytest.mark.one_database
def test_all_municipalities_come_into_their_counties_twice_the_same() -> None:
    take(official("geo/thueringen_kreise_vg5000_2021-01-01_mit_eisenach.geojson"))

    file = official(MUNICIPALITIES)
    assert fates(take(file)) == {"new": 631}
    again = take(file)

    assert (fates(again), again.refused, again.warnings) == ({"unchanged": 631}, [], [])
    assert AreaImport.objects.count() == 2
    # A town that is a county too is there twice, under different names.
    assert set(Area.objects.filter(name__startswith="Erfurt").values_list("name", "kind")) == {
        ("Erfurt", "county"),
        ("Erfurt (Stadt)", "municipality"),
    }
    eisfeld = AreaVersion.objects.get(ags="16069012")
    assert eisfeld.parent is not None
    assert eisfeld.parent.name == "Hildburghausen"
    assert eisfeld.valid_from == date(2019, 1, 1)
    assert eisfeld.licence == "dl-de/by-2-0"


def test_one_county_is_chosen_from_a_file_of_many() -> None:
    county()
    file = official(MUNICIPALITIES)

    assert ("16069", "", 32) in prefixes_of(file)
    assert fates(take(file, only="16069")) == {"new": 32}
    assert fates(take(official("geo/lk_hildburghausen_gemeinden_vg5000_2021-01-01.geojson"))) == {
        "unchanged": 32
    }


def test_directory_and_outlines_complete_each_other() -> None:
    directory = read_area_file("gv.csv", shared("ags/thueringen_gv2q_2024.csv"))
    assert fates(take(directory, only="16069")) == {"new": 34}

    comparison = take(official("geo/lk_hildburghausen_gemeinden_vg5000_2021-01-01.geojson"))

    assert comparison.count("changed") > 25
    version = AreaVersion.objects.get(ags="16069012")
    assert version.geometry is not None
    assert version.geometry["type"] == "MultiPolygon"
    assert version.area_km2 == pytest.approx(86, abs=20)
    # One municipality had got another name in between.
    again = take(directory, only="16069")
    changed = [one for one in again.taken if one.fate == "changed"]
    assert [[change.label for change in one.changes] for one in changed] == [["Name"]]
    assert AreaVersion.objects.get(ags="16069").parent is not None


def test_what_lies_outside_is_only_to_compare_with() -> None:
    Municipality.objects.update_or_create(pk=1, defaults={"ags": "16063"})
    take(official(SINCE_EISENACH), date(2021, 12, 31))

    assert [area.name for area in Area.objects.own()] == ["Wartburgkreis"]


def test_what_figures_had_made_known_becomes_our_own_once_we_have_a_key() -> None:
    for key, name in [("16063", "Wartburgkreis"), ("16069", "Hildburghausen")]:
        make_area_version(make_area(name=name, kind=AreaKind.COUNTY, is_reference=True), ags=key)
    Municipality.objects.update_or_create(pk=1, defaults={"ags": "16063"})

    take(official(SINCE_EISENACH), date(2021, 12, 31), only="160")

    assert [area.name for area in Area.objects.own()] == ["Wartburgkreis"]


def test_associations_are_told_and_not_taken() -> None:
    file = official("geo/thueringen_verwaltungsgemeinschaften_vg5000_2021-01-01.geojson")

    assert fates(take(file)) == {}
    assert "Lindenberg/Eichsfeld" in file.associations


# --- own files ---------------------------------------------------------------------------


def test_a_municipality_needs_its_county() -> None:
    comparison = take(own(feature()))

    assert comparison.taken == []
    assert "16069" in comparison.refused[0].reason
    assert not Area.objects.exists()


def test_an_area_typed_by_hand_gets_key_and_outline() -> None:
    above = county()
    typed = make_area_version(
        make_area(name="Stadt Eisfeld", kind=AreaKind.MUNICIPALITY, parent=above.area)
    )

    comparison = take(own(feature()))

    assert fates(comparison) == {"changed": 1}
    typed.refresh_from_db()
    assert (typed.name, typed.ags) == ("Stadt Eisfeld", "16069012")
    assert typed.geometry is not None


def test_a_name_that_may_be_several_areas_is_refused() -> None:
    above = county()
    for name in ("Eisfeld", "Eisfeld, Stadt"):
        make_area_version(make_area(name=name, kind=AreaKind.MUNICIPALITY, parent=above.area))

    comparison = take(own(feature()))

    assert "Eisfeld, Stadt" in comparison.refused[0].reason


def test_districts_of_one_name_stay_in_their_municipalities() -> None:
    for name in ("Altenschlag", "Ilsetal"):
        make_area_version(make_area(name=name, kind=AreaKind.MUNICIPALITY))
    east = polygon(square(11))
    first = own(feature(AGS=None, GEN="Neustadt", lies_in="Altenschlag"))
    both = own(
        feature(AGS=None, GEN="Neustadt", lies_in="Altenschlag"),
        feature(east, AGS=None, GEN="Neustadt", lies_in="Ilsetal"),
    )

    take(first, DAY, keyless=AreaKind.DISTRICT)
    assert fates(take(both, DAY, keyless=AreaKind.DISTRICT)) == {"new": 1, "unchanged": 1}
    assert fates(take(both, DAY, keyless=AreaKind.DISTRICT)) == {"unchanged": 2}
    above = Area.objects.filter(kind=AreaKind.DISTRICT).values_list("parent__name", flat=True)
    assert sorted(above) == ["Altenschlag", "Ilsetal"]


def test_planning_areas_need_no_keys() -> None:
    above = county()
    names = {"AGS": None, "GEN": "Ilsetal"}
    nowhere = {"AGS": None, "GEN": "Tal", "lies_in": "Nirgends"}
    file = own(feature(**names), feature(polygon(square(10.7, 50.5)), **nowhere))

    comparison = take(file)

    area = Area.objects.get(name="Ilsetal")
    assert (area.kind, area.parent) == (AreaKind.PLANNING_AREA, above.area)
    assert [one.name for one in comparison.refused] == ["Tal"]
    assert fates(take(file)) == {"unchanged": 1}
    districts = own(feature(AGS=None, GEN="Nordviertel", liegt_in="16069"))
    take(districts, keyless=AreaKind.DISTRICT)
    assert Area.objects.get(name="Nordviertel").kind == AreaKind.DISTRICT


def test_overlapping_areas_are_refused_with_how_much_and_where() -> None:
    county()
    upon = feature(polygon(square(10.55, 50.5)), AGS="16069013", GEN="Suhl")
    beside = feature(polygon(square(10.7, 50.5)), AGS="16069014", GEN="Veilsdorf")
    file = own(feature(), upon, beside)

    comparison = take(file)

    assert [one.source.name for one in comparison.taken] == ["Veilsdorf"]
    assert [one.name for one in comparison.refused] == ["Eisfeld", "Suhl"]
    reason = comparison.refused[0].reason
    assert "„Suhl“ um 39,3 km², 50 % der eigenen Fläche" in reason
    assert "bei 50,55° nördlicher Breite und 10,575° östlicher Länge" in reason
    assert not AreaVersion.objects.filter(ags__in=["16069012", "16069013"]).exists()


def test_what_the_file_puts_into_another_area_is_no_overlap() -> None:
    county()
    whole = feature(AGS=None, GEN="Ilsetal", liegt_in="16069")
    part = feature(AGS=None, GEN="Nordviertel", liegt_in="Ilsetal")
    other = feature(AGS=None, GEN="Südviertel", liegt_in="16069")

    take(own(whole))

    assert compared(own(whole, part), DAY).refused == []
    assert len(compared(own(whole, other), DAY).refused) == 2


def test_a_part_of_a_refused_county_has_nothing_to_lie_in() -> None:
    one = feature(AGS="16069", GEN="Hildburghausen", ARS="16069")
    other = feature(AGS="16066", GEN="Schmalkalden", ARS="16066")
    village = feature(AGS="16069012")

    comparison = compared(own(one, other, village), DAY)

    assert comparison.taken == []
    assert len(comparison.refused) == 3


def test_keys_that_thuringia_does_not_have_are_told() -> None:
    county("16099", "Rennsteiggrund")

    comparison = compared(own(feature(AGS="16099001")), DAY)

    assert any("16099001" in warning for warning in comparison.warnings)


def test_who_saw_something_else_is_refused_and_nothing_is_written() -> None:
    county()
    file = own(feature())
    seen = compared(file, DAY).fingerprint
    take(file, DAY, seen=seen)

    with pytest.raises(ListChangedError):
        take(file, DAY, seen=seen)


def test_later_areas_of_a_file_are_valid_since_their_last_change() -> None:
    county()

    take(own(feature(WSK="2019/01/01")))

    assert AreaVersion.objects.get(ags="16069012").valid_from == date(2019, 1, 1)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.geojson", b"<html></html>", "web page"),
        ("a.geojson", file_of(feature())[:-30], "line 1, column"),
        ("a.zip", b"PK\x03\x04rest", "shapefile"),
        ("a.csv", b"Name;Einwohner\nErfurt;1\n", "municipal directory"),
        ("a.json", json.dumps({"Status": {}}).encode(), "FeatureCollection"),
        ("a.geojson", b"", "empty"),
        ("a.geojson", b"{" + b" " * 31 * 1024 * 1024, "larger than 30 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(name: str, content: bytes, said: str) -> None:
    with override("en"), pytest.raises(UnreadableFileError, match=said):
        read_area_file(name, content)
