"""Deeds with areas."""

import pytest

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.public import current_version
from zusammenplan.places.actions.areas import add_area, change_area, delete_area, move_area
from zusammenplan.places.actions.refusals import (
    AreaInItselfError,
    AreaInUseError,
    AreaNameTakenError,
    AreaReasonMissingError,
)
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area
from zusammenplan.places.tests.factories import make_area

pytestmark = pytest.mark.django_db


def test_an_area_is_added_after_its_siblings() -> None:
    county = make_area(name="Landkreis", kind=AreaKind.COUNTY)
    make_area(parent=county, position=4)
    before = current_version()

    area = add_area({"name": "Oberland", "parent": county}, by=None)

    assert (area.position, area.kind) == (5, AreaKind.PLANNING_AREA)
    assert Area.history.latest().history_change_reason
    assert current_version() > before


def test_a_name_is_given_once() -> None:
    make_area(name="Oberland")
    other = make_area()

    with pytest.raises(AreaNameTakenError, match="Oberland"):
        add_area({"name": "Oberland"}, by=None)
    with pytest.raises(AreaNameTakenError):
        change_area(other, {"name": "Oberland"}, seen_version=1, by=None)


def test_an_area_never_lies_in_itself() -> None:
    county = make_area()
    part = make_area(parent=county)
    village = make_area(parent=part)

    for parent in (county, part, village):
        with pytest.raises(AreaInItselfError):
            change_area(county, {"parent": parent}, seen_version=1, by=None)
    assert Area.objects.get(pk=county.pk).parent is None


def test_an_area_moves_to_the_end_of_another_one() -> None:
    first, second = make_area(), make_area()
    make_area(parent=second, position=3)
    village = make_area(parent=first)

    change_area(village, {"parent": second}, seen_version=1, by=None)

    assert (village.parent, village.position, village.version) == (second, 4, 2)
    assert change_area(village, {"parent": second}, seen_version=1, by=None).version == 2


def test_the_second_editor_is_refused() -> None:
    area = make_area()
    change_area(area, {"name": "Oberland"}, seen_version=1, by=None)

    with pytest.raises(ChangedMeanwhileError):
        change_area(area, {"name": "Unterland"}, seen_version=1, by=None)


def test_areas_change_places_with_their_neighbours() -> None:
    first, second = make_area(), make_area()

    assert move_area(second, "up", by=None)
    assert not move_area(second, "up", by=None)
    assert list(Area.objects.order_by("position")) == [second, first]
    assert move_area(second, "down", by=None)
    assert list(Area.objects.order_by("position")) == [first, second]


def test_an_area_that_somebody_put_elsewhere_meanwhile_moves_there() -> None:
    other, area = make_area(), make_area()
    Area.objects.filter(pk=area.pk).update(parent=other)

    assert not move_area(area, "up", by=None)


def test_only_an_area_without_parts_is_deleted_and_with_a_reason() -> None:
    county = make_area()
    village = make_area(parent=county)

    with pytest.raises(AreaInUseError):
        delete_area(county, reason="Zusammengelegt", by=None)
    with pytest.raises(AreaReasonMissingError):
        delete_area(village, reason=" ", by=None)
    delete_area(village, reason="Zusammengelegt", by=None)
    delete_area(county, reason="Zusammengelegt", by=None)
    assert not Area.objects.exists()
