"""Indicators of measures whose values are those of the data."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from zusammenplan.core.tests.clients import signed_in
from zusammenplan.core.tests.races import Race
from zusammenplan.indicators.models import Figure
from zusammenplan.indicators.tests.factories import make_figure, make_indicator as make_of_data
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.places.models import AreaVersion
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans.actions.indicators import (
    KindLosesError,
    MixedValuesError,
    add_indicator,
    add_value,
    change_indicator,
    change_indicator_kind,
)
from zusammenplan.plans.choices import IndicatorKind
from zusammenplan.plans.domain.workbook.records import records_of
from zusammenplan.plans.models import MeasureIndicator, Plan
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.measure_page import indicators_of
from zusammenplan.plans.queries.story import story_of
from zusammenplan.plans.tests.factories import (
    make_measure,
    make_numeric_indicator,
    make_plan,
    make_value,
)

pytestmark = pytest.mark.django_db


def make_tied(plan: Plan | None = None) -> MeasureIndicator:
    """Make an indicator that is tied to the care rate of the county, with values of two years."""
    of_data = make_of_data(code="care_rate", name_de="Pflegequote", unit_de="%", decimals=1)
    area = make_area(name="Landkreis")
    make_figure(of_data, area, "7.42", year=2023)
    make_figure(of_data, area, "8.14", year=2025)
    return make_numeric_indicator(
        make_measure(plan), tied_indicator=of_data, tied_area=area, unit="%"
    )


def test_the_values_are_those_of_the_data() -> None:
    indicator = make_tied()

    line = indicators_of(indicator.measure, today=localdate())[0]

    assert [row.value for row in line.rows if "2025" in row.day] == ["8,1"]
    assert line.chart is not None
    assert line.tie == "Pflegequote, Landkreis"
    content = plan_content(indicator.measure.plan).measures[0].indicators[0]
    assert [(one.on.year, one.value) for one in content.values] == [
        (2023, Decimal("7.4")),
        (2025, Decimal("8.1")),
    ]
    assert content.tie is not None
    assert content.tie.indicator == "care_rate"


def test_the_unit_is_taken_over() -> None:
    tied = make_tied()
    values = {
        "text_de": "Pflegequote",
        "unit": "Äpfel",
        "tied_indicator": tied.tied_indicator,
        "tied_area": tied.tied_area,
    }

    made = add_indicator(make_measure(), IndicatorKind.NUMERIC, values, by=None)

    assert made.unit == "%"


def test_typed_values_and_those_of_the_data_are_not_mixed() -> None:
    tied = make_tied()
    typed = make_numeric_indicator(make_measure())
    make_value(typed)

    with pytest.raises(MixedValuesError):
        add_value(tied, {"on": date(2026, 12, 31), "value": Decimal(8)}, by=None)
    with pytest.raises(MixedValuesError):
        change_indicator(
            typed,
            {"tied_indicator": tied.tied_indicator, "tied_area": tied.tied_area},
            seen_version=typed.version,
            by=None,
        )
    with pytest.raises(KindLosesError):
        change_indicator_kind(tied, IndicatorKind.VERBAL, by=None)


@pytest.mark.django_db(transaction=True)
def test_a_value_that_is_typed_meanwhile_keeps_the_indicator_from_being_tied() -> None:
    tied, typed = make_tied(), make_numeric_indicator(make_measure())
    values = {"tied_indicator": tied.tied_indicator, "tied_area": tied.tied_area}

    outcomes = Race(MixedValuesError).overlapping(
        lambda: add_value(typed, {"on": date(2026, 12, 31), "value": Decimal(8)}, by=None),
        lambda: change_indicator(typed, values, seen_version=typed.version, by=None),
    )

    assert outcomes == (None, MixedValuesError)


def test_a_secret_value_is_left_out() -> None:
    indicator = make_tied(plan=make_plan(is_public=True))
    Figure.objects.filter(ends_on=date(2025, 12, 31)).update(secrecy="p")

    content = plan_content(indicator.measure.plan).measures[0].indicators[0]

    assert [one.on.year for one in content.values] == [2023]


def test_values_of_another_territory_are_left_out() -> None:
    indicator = make_tied()
    newest = Figure.objects.get(ends_on=date(2025, 12, 31))
    newest.area_version = AreaVersion.objects.create(
        area=newest.area, name="Landkreis", kind=newest.area.kind, valid_from=date(2024, 1, 1)
    )
    newest.save()

    content = plan_content(indicator.measure.plan).measures[0].indicators[0]

    assert [one.on.year for one in content.values] == [2025]


def test_everybody_reads_them(client: Client) -> None:
    indicator = make_tied(plan=make_plan(is_public=True))
    plan, measure = indicator.measure.plan, indicator.measure

    page = client.get(reverse("website:measure", args=[plan.slug, measure.pk])).content.decode()
    answer = client.get(f"/api/v1/plans/{plan.slug}/measures/{measure.number}").json()

    assert "Pflegequote, Landkreis" in page
    assert answer["indicators"][0]["tie"] == {"indicator": "care_rate", "area": "Landkreis"}
    assert [one["on"] for one in answer["indicators"][0]["values"]] == ["2023-12-31", "2025-12-31"]


def test_the_workbook_does_not_offer_them_to_be_changed() -> None:
    plan = make_tied().measure.plan

    assert not records_of(plan_content(plan))["values"]


def test_a_planner_ties_an_indicator_and_cannot_type_values() -> None:
    tied = make_tied()
    measure = make_measure()
    client = signed_in(make_planner())
    url = reverse("plans:measure-indicator-add", args=[measure.plan.slug, measure.pk, "in-zahlen"])
    typed = {"text_de": "Pflegequote", "tied_indicator": tied.tied_indicator_id}

    assert client.post(url, typed).status_code == 200
    client.post(url, {**typed, "tied_area": tied.tied_area_id})

    made = measure.indicators.get()
    assert made.is_tied
    values = reverse("plans:measure-values", args=[measure.plan.slug, measure.pk, made.pk])
    assert "<textarea" not in client.get(values).content.decode()
    client.post(values, {"on": "31.12.2026", "value": "9"})
    assert not made.values.exists()


def test_the_story_of_the_measure_tells_each_value_once_from_where_it_set_out() -> None:
    old = make_plan(starts_on=date(2024, 7, 1))
    tied = make_tied(old)
    assert tied.tied_indicator is not None
    assert tied.tied_area is not None
    make_figure(tied.tied_indicator, tied.tied_area, "6.95", year=2021)
    successor = make_measure(make_plan(starts_on=date(2026, 1, 1)), identity=tied.measure.identity)
    make_numeric_indicator(
        successor, tied_indicator=tied.tied_indicator, tied_area=tied.tied_area, unit="%"
    )

    told = [
        event.what
        for year in story_of(successor).years
        for event in year.events
        if event.what.endswith("%")
    ]

    assert told == [f"{tied.text}: 7,4 %", f"{tied.text}: 8,1 %"]
