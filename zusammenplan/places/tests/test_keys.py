"""Official keys are texts whose parts mean something."""

import pytest
from hypothesis import given, strategies as st

from zusammenplan.places.domain.keys import ags_of, kind_of_key, may_exist, parent_key


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
