"""Official keys are texts whose parts mean something."""

import pytest
from hypothesis import given, strategies as st

from zusammenplan.places.domain.keys import ags_of, is_city, kind_of_key, may_exist, parent_key


def test_eisenachs_regional_key_holds_its_municipality_key() -> None:
    assert ags_of("160630105105") == "16063105"
    assert ags_of("16063") == "16063"


def test_keys_of_associations_and_nonsense_are_no_municipalities() -> None:
    for ars in ("160635001", "16A63", "1606301051", ""):
        with pytest.raises(ValueError, match=f"^{ars}$"):
            ags_of(ars)


def test_a_key_says_what_it_is_and_where_it_lies() -> None:
    assert [kind_of_key(key) for key in ("DG", "16", "142", "16063", "16063105")] == [
        "country",
        "land",
        "region",
        "county",
        "municipality",
    ]
    assert [parent_key(key) for key in ("16063105", "16063", "16", "DG")] == [
        "16063",
        "16",
        "DG",
        "",
    ]


def test_the_key_tells_cities_that_belong_to_no_county() -> None:
    # Kiel, Hamburg, Osnabrück, Bremen, Köln, Kassel, Zweibrücken, Ulm, Hof, Berlin, Potsdam,
    # Rostock, Leipzig, Halle, Erfurt and, until June 2021, Eisenach.
    cities = (
        *("01002", "02000", "03404", "04011", "05315", "06611", "07320", "08421", "09464", "11000"),
        *("12054", "13003", "14713", "15002", "16051", "16056"),
    )
    # Dithmarschen, Hannover, Kleve, Aachen, Marburg, Ahrweiler, Enzkreis, Fürth, Saarbrücken,
    # Barnim, Vorpommern, Zwickau, Altmark, Eichsfeld; a municipality, a Land, none.
    others = (
        *("01051", "03241", "05154", "05334", "06534", "07131", "08236", "09573", "10041", "12060"),
        *("13075", "14524", "15081", "16061", "16051000", "16", ""),
    )
    assert all(map(is_city, cities))
    assert not any(map(is_city, others))


def test_a_key_of_no_land_and_of_no_thuringian_county_cannot_exist() -> None:
    assert all(map(may_exist, ("DG", "01", "142", "16", "16056", "16063105", "11000")))
    assert not any(map(may_exist, ("00", "17", "99999", "16099", "16078001")))


@given(st.from_regex(r"\A\d{12}\Z", fullmatch=True))
def test_every_municipality_lies_in_a_county_a_land_and_the_country(ars: str) -> None:
    if not ars.isascii():
        return
    key = ags_of(ars)
    above = []
    while key := parent_key(key):
        above.append(key)

    assert above == [ars[:5], ars[:2], "DG"]
