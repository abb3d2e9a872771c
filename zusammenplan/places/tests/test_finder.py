"""Tables name areas by keys of every length and by names of every spelling."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from zusammenplan.places.choices import AreaKind
from zusammenplan.places.domain.names import folded, spelling
from zusammenplan.places.queries.finder import AreaFinder
from zusammenplan.places.tests.eisenach import make_eisenach
from zusammenplan.places.tests.factories import make_area, make_area_version

DAY = date(2024, 12, 31)


@pytest.mark.parametrize(
    "name",
    [
        "Landkreis Eichsfeld",
        "Eichsfeld, Landkreis",
        "      Eichsfeld, Kreis",
        "EICHSFELD",
        "Eichs\u00adfeld",
        "Kreis\u00a0Eichsfeld",
    ],
)
def test_all_spellings_of_a_county_are_the_same(name: str) -> None:
    assert folded(name) == "eichsfeld"


@pytest.mark.parametrize(
    "name",
    [
        "Eisenach, krsfr. Stadt",
        "Eisenach, kreisfreie Stadt",
        "Eisenach, Stadt",
        "Stadt Eisenach",
        "Eisenach, Große Kreisstadt",
    ],
)
def test_all_spellings_of_a_town_are_the_same(name: str) -> None:
    assert folded(name) == "eisenach"


@given(
    st.from_regex(r"[A-ZÄÖÜ][a-zäöüß]{2,9}( am [A-Z][a-z]{2,6})?", fullmatch=True),
    st.sampled_from(
        [
            "Landkreis {}",
            "Kreis  {}",
            "{}, Landkreis",
            "{}, krsfr. Stadt",
            "Stadt {}",
            "Gemeinde {}",
        ]
    ),
)
def test_whatever_kind_stands_before_or_behind_a_name_it_is_the_same(name: str, said: str) -> None:
    assert folded(said.format(name)) == folded(name) == name.casefold()


def test_the_kind_that_is_said_is_told() -> None:
    assert spelling("Landkreis Gotha") == ("gotha", "county")
    assert spelling("Gotha, Stadt") == ("gotha", "town")
    assert spelling("Gotha") == ("gotha", "")
    assert folded("Stadtroda, Stadt") == "stadtroda"
    assert folded("Kreis") == "kreis"
    assert folded("VG: Lindenberg/Eichsfeld") == "vg: lindenberg/eichsfeld"


@pytest.mark.django_db
def test_the_same_key_is_another_version_since_2021() -> None:
    eisenach = make_eisenach()

    finder = AreaFinder.load()

    assert finder.by_key("16063", date(2015, 12, 31)) == eisenach.county_before
    assert finder.by_key("16063", DAY) == eisenach.county
    assert finder.by_key("16056", date(2021, 6, 30)) == eisenach.town
    assert finder.by_key("16056", DAY) is None
    assert finder.knows_key("16056")
    assert finder.by_key("16056000", date(2015, 12, 31)) == eisenach.town
    for key in ("16063105", "160630105105", " 16063105 "):
        assert finder.by_key(key, DAY) == eisenach.municipality
    assert finder.by_key("160635001", DAY) is None
    assert not finder.knows_key("09999")


@pytest.mark.django_db
def test_an_ambiguous_name_gives_all_that_may_be_meant() -> None:
    county = make_area_version(make_area(name="Gotha"), ags="16067", kind=AreaKind.COUNTY)
    town = make_area_version(
        make_area(name="Gotha (Stadt)"), name="Gotha", ags="16067029", kind=AreaKind.MUNICIPALITY
    )

    finder = AreaFinder.load()

    assert finder.by_name("Gotha", DAY) == [county, town]
    assert finder.by_name("Landkreis Gotha", DAY) == [county]
    assert finder.by_name("Gotha, Stadt", DAY) == [town]
    assert finder.by_name("Gotha (Stadt)", DAY) == [town]
    assert finder.by_name("Weimar", DAY) == []
    assert finder.knows_name("GOTHA")


@pytest.mark.django_db
def test_a_town_that_is_a_county_too_stays_ambiguous() -> None:
    town = make_area_version(make_area(name="Erfurt"), ags="16051", kind=AreaKind.COUNTY)
    itself = make_area_version(
        make_area(name="Erfurt (Stadt)"), name="Erfurt", ags="16051000", kind="municipality"
    )

    assert AreaFinder.load().by_name("Erfurt, Stadt", DAY) == [town, itself]


@pytest.mark.django_db
def test_all_areas_are_read_with_one_query(django_assert_num_queries: Any) -> None:
    make_eisenach()
    with django_assert_num_queries(1):
        finder = AreaFinder.load()
        finder.by_key("16063", DAY)
        finder.by_name("Eisenach", DAY)
