"""Series are recalculated over merges and splits by the transitions between versions."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from zusammenplan.places.choices import AreaKind, TransitionKind
from zusammenplan.places.domain.territory import Share, Step, Territories
from zusammenplan.places.models import AreaTransition, AreaVersion
from zusammenplan.places.queries.territory import TerritoryMap, shares_into, shares_on
from zusammenplan.places.tests.eisenach import make_eisenach
from zusammenplan.places.tests.factories import make_area, make_area_version

THIRD = Decimal("0.33333333")
BEFORE, SINCE = date(2018, 12, 31), date(2019, 1, 1)


DAY_ONE = date(2000, 1, 1)


def step(before: int, after: int, share: object = 1, on: date = DAY_ONE) -> Step:
    return Step(before, after, Decimal(str(share)), on)


def factors(steps: list[Step], version: int) -> dict[int, Decimal]:
    shares = Territories(steps).shares_into(version)
    return {other: share.factor for other, share in shares.items()}


def test_a_merged_area_is_the_sum_of_those_before() -> None:
    steps = [step(1, 3), step(2, 3)]

    assert factors(steps, 3) == {3: 1, 1: 1, 2: 1}
    assert factors(steps, 1) == {1: 1}, "how much of 3 is 1 is not known"


def test_a_split_is_an_estimate_in_one_direction_only() -> None:
    steps = [step(1, 2, 1 - THIRD), step(1, 3, THIRD)]

    assert factors(steps, 3) == {3: 1, 1: THIRD}
    assert Territories(steps).shares_into(3)[1].is_estimate
    assert factors(steps, 1) == {1: 1, 2: 1, 3: 1}


def test_halves_that_find_together_again_are_whole() -> None:
    steps = [
        step(1, 2, 1 - THIRD),
        step(1, 3, THIRD),
        step(2, 4),
        step(3, 4),
    ]

    assert factors(steps, 4) == {4: 1, 1: 1, 2: 1, 3: 1}


def test_what_joined_later_from_elsewhere_is_not_part_of_the_older_area() -> None:
    steps = [step(1, 2), step(2, 3, on=date(2010, 1, 1)), step(9, 3, "0.1", date(2010, 1, 1))]

    assert factors(steps, 1) == {1: 1, 2: 1}


def test_what_is_left_after_a_part_went_elsewhere_is_not_the_whole() -> None:
    left, later = date(2010, 1, 1), date(2020, 1, 1)

    assert factors([step(1, 2, "0.6")], 1) == {1: 1}
    # The halves are known until one of them merges with something else.
    steps = [step(1, 2, "0.5"), step(1, 3, "0.5"), step(2, 4, on=left), step(9, 4, on=left)]
    shares = Territories(steps).shares_into(1)
    assert {other: share.before for other, share in shares.items()} == {1: left, 2: left, 3: left}
    # An area that was renamed and split later goes on until then.
    shares = Territories([step(1, 2), step(2, 3, "0.9", later)]).shares_into(1)
    assert shares[2] == Share(Decimal(1), later)


def test_several_areas_together_hold_what_became_of_them_together() -> None:
    steps = [step(1, 3), step(2, 3)]

    assert set(Territories(steps).shares_into(1, 2)) == {1, 2, 3}
    assert Territories(steps).shares_into(1, 2)[3].before is None


def test_a_circle_ends() -> None:
    assert factors([step(1, 2), step(2, 1)], 1)[2] == 1


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=12))
def test_everybody_of_before_is_in_one_place_today(pairs: list[tuple[int, int]]) -> None:
    forward = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    ways = {before: sum(one[0] == before for one in forward) for before, _after in forward}
    steps = [step(before, after, Decimal(1) / ways[before]) for before, after in forward]

    today = [factors(steps, version) for version in range(1, 7) if version not in ways]

    for version in range(1, 7):
        shares = [found[version] for found in today if version in found]
        assert all(0 < share <= 1 for share in shares)
        assert float(sum(shares)) == pytest.approx(1)


@pytest.mark.django_db
def test_wartburgkreis_is_its_older_self_and_eisenach() -> None:
    eisenach = make_eisenach()

    shares = shares_into(eisenach.county)

    assert {one: share.factor for one, share in shares.items()} == {
        eisenach.county.pk: 1,
        eisenach.county_before.pk: 1,
        eisenach.town.pk: 1,
    }
    assert not any(share.is_estimate for share in shares.values())
    figures = {eisenach.county_before.pk: 125_655, eisenach.town.pk: 42_417}
    day = date(2015, 12, 31)
    assert sum(figures[one] for one in shares_on(eisenach.county, shares, day)) == 168_072
    assert list(shares_on(eisenach.county, shares, date(2024, 12, 31))) == [eisenach.county.pk]


@pytest.mark.django_db
def test_eisenachs_own_series_goes_on_under_the_new_key() -> None:
    eisenach = make_eisenach()

    assert set(shares_into(eisenach.municipality)) == {eisenach.municipality.pk, eisenach.town.pk}
    assert set(shares_into(eisenach.county_before)) == {eisenach.county_before.pk}
    assert set(shares_into(eisenach.town)) == {eisenach.town.pk, eisenach.municipality.pk}


def make_planning_area(name: str, **fields: object) -> AreaVersion:
    area = make_area(name=name, kind=AreaKind.PLANNING_AREA)
    return make_area_version(area, **fields)


def move(before: AreaVersion, after: AreaVersion, share: str = "1") -> None:
    AreaTransition.objects.create(
        before=before,
        after=after,
        on=SINCE,
        kind=TransitionKind.MERGE,
        share_population=Decimal(share),
    )


@pytest.mark.django_db
def test_a_planning_area_that_lost_a_municipality_is_summed_over_its_parts() -> None:
    before = make_planning_area("Lauterland", valid_to=BEFORE)
    since = make_area_version(before.area, valid_from=SINCE)
    stays = make_area_version(make_area(name="Lautersau"), parent=before.area)
    left = make_area_version(make_area(name="Neuwerk"), parent=before.area, valid_to=BEFORE)
    taken = make_planning_area("Ilsetal", valid_to=BEFORE)
    taker = make_area_version(taken.area, valid_from=SINCE)
    move(before, since, "0.8")
    move(taken, taker)
    move(left, taker)

    shares = shares_into(since)

    assert set(shares) == {since.pk, stays.pk}
    assert not any(share.is_estimate for share in shares.values())
    assert list(shares_on(since, shares, BEFORE)) == [stays.pk]
    assert list(shares_on(since, shares, SINCE)) == [since.pk]
    assert set(shares_into(taker)) == {taker.pk, taken.pk, left.pk}


@pytest.mark.django_db
def test_the_old_territory_of_a_planning_area_goes_on_in_its_old_parts() -> None:
    before = make_planning_area("Steinhöhe", valid_to=BEFORE)
    since = make_area_version(before.area, valid_from=SINCE)
    stays = make_area_version(make_area(name="Steinthal"), parent=before.area)
    big, small = (
        make_area_version(make_area(name=name), parent=before.area, valid_to=BEFORE)
        for name in ("Neuwerk", "Altwerk")
    )
    merged = make_area_version(big.area, valid_from=SINCE)
    move(before, since, "0.5")
    move(big, merged)
    move(small, merged)

    shares = shares_into(before)

    assert set(shares_on(before, shares, SINCE)) == {stays.pk, merged.pk, big.pk, small.pk}
    assert set(shares_on(before, shares, BEFORE)) == {before.pk}


@pytest.mark.django_db
def test_a_planning_area_without_parts_keeps_its_estimate() -> None:
    before = make_planning_area("Werragrund", valid_to=BEFORE)
    since = make_area_version(before.area, valid_from=SINCE)
    move(before, since, "0.7")

    assert shares_into(since)[before.pk].factor == Decimal("0.7")


@pytest.mark.django_db
def test_all_territories_are_read_with_two_queries(django_assert_num_queries: Any) -> None:
    eisenach = make_eisenach()

    with django_assert_num_queries(2):
        territories = TerritoryMap.load()
        for version in eisenach:
            territories.shares_into(version)
