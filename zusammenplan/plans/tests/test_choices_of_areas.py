"""Which areas forms offer: those that have not ended, and those that are chosen already."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from zusammenplan.places.forms.areas import AreaForm
from zusammenplan.places.models import Area
from zusammenplan.places.tests.factories import make_area, make_area_version
from zusammenplan.plans.domain.rows import MeasureRow
from zusammenplan.plans.forms.measures import MeasureForm
from zusammenplan.plans.forms.needs import NeedForm
from zusammenplan.plans.queries.tables import compare_rows
from zusammenplan.plans.tests.factories import make_measure, make_need

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def make_areas() -> tuple[Area, Area, Area]:
    """Make one that lasts, one that ended yesterday, and one that begins tomorrow."""
    lasting, ended, coming = (make_area(name=name) for name in ("Birkenrod", "Neuwerk", "Hohwart"))
    today = localdate()
    for area in (lasting, ended, coming):
        area.versions.all().delete()
    make_area_version(lasting, valid_to=today)
    make_area_version(ended, valid_to=today - DAY)
    make_area_version(coming, valid_from=today + DAY)
    return lasting, ended, coming


def test_a_measure_is_for_areas_that_are_there_or_stay_chosen() -> None:
    _lasting, ended, _coming = make_areas()
    measure = make_measure()
    fresh = str(MeasureForm(plan=measure.plan)["areas"])

    measure.areas.add(ended)
    initial = MeasureForm.initial_of(measure)
    again = MeasureForm(plan=measure.plan, initial=initial)

    assert "Birkenrod" in fresh
    assert "Hohwart" in fresh
    assert "Neuwerk" not in fresh
    assert "Neuwerk" in str(again["areas"])


def test_a_need_is_for_areas_that_are_there_or_stay_chosen() -> None:
    _lasting, ended, _coming = make_areas()
    need = make_need()
    fresh = str(NeedForm(plan=need.plan)["areas"])

    need.areas.add(ended)
    again = str(NeedForm(plan=need.plan, initial=NeedForm.initial_of(need))["areas"])

    assert "Birkenrod" in fresh
    assert "Neuwerk" not in fresh
    assert "Neuwerk" in again


def test_an_area_lies_in_one_that_is_there_or_in_the_one_it_lies_in() -> None:
    _lasting, ended, _coming = make_areas()
    inside = make_area(name="Tannhain", parent=ended)

    assert "Birkenrod" in str(AreaForm()["parent"])
    assert "Neuwerk" not in str(AreaForm()["parent"])
    assert "Neuwerk" in str(AreaForm(area=inside)["parent"])


def test_an_area_that_is_only_compared_with_is_no_planning_area() -> None:
    plan = make_measure().plan
    make_area(name="Thüringen", is_reference=True)

    assert "Thüringen" not in str(NeedForm(plan=plan)["areas"])
    assert "Thüringen" not in str(MeasureForm(plan=plan)["areas"])
    (row,) = compare_rows(plan, [], [MeasureRow("9.9", "Neu", areas=("Thüringen",))]).measures
    assert row.left_out
