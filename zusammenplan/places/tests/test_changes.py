"""Areas are merged, split and renamed from a day on, and their series follow."""

from datetime import date
from decimal import Decimal

import pytest

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.places.actions.changes import (
    add_transition,
    change_from,
    change_transition,
    merge,
    remove_transition,
    split,
)
from zusammenplan.places.actions.refusals import (
    AreaReasonMissingError,
    NothingToChangeError,
    NotValidThenError,
    SharesTooLargeError,
    TransitionDayError,
    TransitionThereError,
)
from zusammenplan.places.choices import AreaKind, TransitionKind
from zusammenplan.places.models import Area, AreaTransition, AreaVersion
from zusammenplan.places.queries.area_import import outline_of
from zusammenplan.places.queries.territory import shares_into
from zusammenplan.places.tests.factories import make_area, make_area_version
from zusammenplan.places.tests.test_area_files import square

pytestmark = pytest.mark.django_db
LAST_DAY, DAY = date(2018, 12, 31), date(2019, 1, 1)
HALF = Decimal("0.5")


def make_municipality(name: str, **fields: object) -> AreaVersion:
    return make_area_version(make_area(name=name, kind=AreaKind.MUNICIPALITY), **fields)


def outline(west: float) -> dict[str, object]:
    return {"type": "MultiPolygon", "coordinates": [[square(west)]]}


def test_merged_areas_have_one_outline_with_everybody_who_drew_it() -> None:
    one = make_municipality("Neuwerk", geometry=outline(10.5), source="BKG", licence="CC BY 4.0")
    other = make_municipality("Altwerk", geometry=outline(10.6), source="Eigene Karte")

    after = merge([other.area], one.area, DAY, by=None)

    joined = outline_of(after.geometry)
    assert joined != outline_of(one.geometry)
    assert [len(polygon) for polygon in joined] == [1]
    assert (after.source, after.licence) == ("BKG · Eigene Karte", "CC BY 4.0")


def test_eisenach_becomes_part_of_wartburgkreis_step_by_step() -> None:
    """The standing example, by the deeds that people do."""
    land = make_area(name="Thüringen", kind=AreaKind.LAND)
    make_area_version(land, ags="16")
    county = make_area(name="Wartburgkreis", kind=AreaKind.COUNTY, parent=land)
    town = make_area(name="Eisenach", kind=AreaKind.COUNTY, parent=land)
    make_area_version(county, ags="16063")
    make_area_version(town, ags="16056")
    day = date(2021, 7, 1)

    after = merge([town], county, day, by=None)
    town_before = town.versions.get()
    municipality = make_area_version(
        town,
        kind=AreaKind.MUNICIPALITY,
        ags="16063105",
        ars="160630105105",
        parent=county,
        valid_from=day,
    )
    add_transition(
        {"before": town_before, "after": municipality, "on": day, "kind": TransitionKind.REKEY},
        by=None,
    )

    assert {share.factor for share in shares_into(after).values()} == {1}
    assert after.geometry is None, "of neither an outline was known"
    names = {AreaVersion.objects.get(pk=pk).name for pk in shares_into(after)}
    assert names == {"Wartburgkreis", "Eisenach"}
    assert town_before.valid_to == date(2021, 6, 30)
    assert set(shares_into(municipality)) == {municipality.pk, town_before.pk}


def test_a_merger_sums_the_sizes_and_forgets_the_outline() -> None:
    big = make_municipality("Neuwerk", area_km2=Decimal(30), geometry={"type": "MultiPolygon"})
    small = make_municipality("Waldau", area_km2=Decimal(5))

    after = merge([small.area], big.area, DAY, by=None, note="Gebietsreform")

    assert after.area_km2 == 35
    assert after.geometry is None
    assert set(after.came_from.values_list("before__name", "kind", "note")) == {
        ("Neuwerk", "merge", "Gebietsreform"),
        ("Waldau", "merge", "Gebietsreform"),
    }
    small.refresh_from_db()
    assert small.valid_to == LAST_DAY
    with pytest.raises(NotValidThenError):
        merge([small.area], big.area, date(2020, 1, 1), by=None)
    with pytest.raises(NothingToChangeError):
        merge([big.area], big.area, date(2020, 1, 1), by=None)


def test_a_split_gives_shares_to_old_and_new_areas() -> None:
    whole = make_municipality("Ganz")
    taker = make_municipality("Nachbar")

    made = split(whole.area, DAY, {taker.area: Decimal("0.2"), "Neustadt": Decimal("0.3")}, by=None)

    assert [version.name for version in made] == ["Ganz", "Nachbar", "Neustadt"]
    shares = [shares_into(version)[whole.pk] for version in made]
    assert [share.factor for share in shares] == [HALF, Decimal("0.2"), Decimal("0.3")]
    assert all(share.is_estimate for share in shares)
    assert shares_into(made[1])[taker.pk].factor == 1
    assert Area.objects.get(name="Neustadt").versions.get().valid_from == DAY


def test_a_split_without_rest_ends_the_area() -> None:
    whole = make_municipality("Ganz")

    made = split(whole.area, DAY, {"Nord": HALF, "Süd": HALF}, by=None)

    whole.refresh_from_db()
    assert whole.valid_to == LAST_DAY
    assert whole.area.versions.count() == 1
    assert len(made) == 2
    assert set(shares_into(whole)) == {whole.pk, made[0].pk, made[1].pk}


def test_parts_are_never_more_than_the_whole() -> None:
    whole = make_municipality("Ganz")

    too_many: list[dict[Area | str, Decimal]] = [
        {"Nord": HALF, "Süd": Decimal("0.6")},
        {"Nord": Decimal(0)},
    ]
    for shares in too_many:
        with pytest.raises(SharesTooLargeError):
            split(whole.area, DAY, shares, by=None)
    with pytest.raises(NothingToChangeError):
        split(whole.area, DAY, {}, by=None)
    assert AreaVersion.objects.count() == 1


def test_a_new_name_or_key_begins_a_version_with_all_of_the_old_territory() -> None:
    version = make_municipality("Alt", ags="16069012", area_km2=Decimal(7))

    renamed = change_from(version.area, DAY, {"name": "Neu"}, by=None)
    rekeyed = change_from(version.area, date(2020, 1, 1), {"ags": "16069099"}, by=None)

    assert list(AreaTransition.objects.order_by("on").values_list("kind", flat=True)) == [
        "rename",
        "rekey",
    ]
    assert set(shares_into(rekeyed)) == {version.pk, renamed.pk, rekeyed.pk}
    assert rekeyed.area_km2 == 7
    version.area.refresh_from_db()
    assert version.area.name == "Neu"
    with pytest.raises(NothingToChangeError):
        change_from(version.area, date(2022, 1, 1), {"name": "Neu"}, by=None)
    with pytest.raises(NotValidThenError):
        change_from(version.area, DAY, {"name": "Ganz neu"}, by=None)


def test_a_transition_needs_versions_that_meet() -> None:
    before = make_municipality("Alt", valid_to=LAST_DAY)
    after = make_municipality("Neu", valid_from=DAY)
    values = {"before": before, "after": after, "on": DAY, "kind": TransitionKind.MERGE}

    with pytest.raises(TransitionDayError):
        add_transition({**values, "on": date(2019, 1, 2)}, by=None)
    transition = add_transition(values, by=None)
    with pytest.raises(TransitionThereError):
        add_transition(values, by=None)
    change_transition(transition, {"share_population": HALF}, seen_version=1, by=None)
    with pytest.raises(ChangedMeanwhileError):
        change_transition(transition, {"note": "zu spät"}, seen_version=1, by=None)
    with pytest.raises(AreaReasonMissingError):
        remove_transition(transition, reason="", by=None)
    remove_transition(transition, reason="Versehen", by=None)
    assert not AreaTransition.objects.exists()


def test_no_two_changes_say_the_same_of_two_versions() -> None:
    before = make_municipality("Alt", valid_to=LAST_DAY)
    first, second = (make_municipality(name, valid_from=DAY) for name in ("Eins", "Zwei"))
    values = {"before": before, "on": DAY, "kind": TransitionKind.MERGE}
    add_transition({**values, "after": first}, by=None)
    other = add_transition({**values, "after": second}, by=None)

    with pytest.raises(TransitionThereError):
        change_transition(other, {"after": first}, seen_version=1, by=None)


def test_single_parts_of_a_split_are_never_more_than_the_whole() -> None:
    before = make_municipality("Alt", valid_to=LAST_DAY)
    first, second = (make_municipality(name, valid_from=DAY) for name in ("Eins", "Zwei"))
    values = {"before": before, "on": DAY, "kind": TransitionKind.SPLIT}

    add_transition({**values, "after": first, "share_population": Decimal("0.7")}, by=None)
    with pytest.raises(SharesTooLargeError):
        add_transition({**values, "after": second, "share_population": Decimal("0.4")}, by=None)
