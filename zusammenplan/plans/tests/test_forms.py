"""What the forms understand and what they say."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

from zusammenplan.core.index import rebuild
from zusammenplan.people.tests.factories import make_organisation
from zusammenplan.plans.forms.list_deeds import PickForm
from zusammenplan.plans.forms.lists import MeasureFilter
from zusammenplan.plans.forms.measures import MeasureForm
from zusammenplan.plans.forms.plans import PlanForm
from zusammenplan.plans.models import Measure, Plan
from zusammenplan.plans.tests.factories import make_field, make_measure, make_plan

pytestmark = pytest.mark.django_db


def measure_form(plan: Plan, initial: Any = None, **typed: str) -> MeasureForm:
    data = {"number": "1.1", "title_de": "Pflegestützpunkt", "status": "planned", **typed}
    return MeasureForm(data, plan=plan, initial=initial or {})


@pytest.mark.parametrize(
    ("typed", "starts_on", "ends_on", "words"),
    [
        ({"period_text": "seit 2019"}, date(2019, 1, 1), None, "seit 2019"),
        ({"starts_on": "01.05.2027"}, date(2027, 5, 1), None, ""),
        ({"starts_on": "2027-05-01", "ends_on": "1.6.27"}, date(2027, 5, 1), date(2027, 6, 1), ""),
        ({"period_text": "nach Bedarf"}, None, None, "nach Bedarf"),
        (
            {"period_text": "2027", "starts_on": "1.1.2027", "ends_on": "31.12.2027"},
            date(2027, 1, 1),
            date(2027, 12, 31),
            "2027",
        ),
    ],
)
def test_words_and_days_of_a_period_follow_from_each_other(
    typed: dict[str, str], starts_on: date | None, ends_on: date | None, words: str
) -> None:
    form = measure_form(make_plan(), **typed)

    assert form.is_valid(), form.errors
    values = form.values()
    assert (values["starts_on"], values["ends_on"]) == (starts_on, ends_on)
    assert values["period_text"] == words


def test_new_days_take_the_place_of_old_words() -> None:
    old = {"period_text": "seit 2019", "starts_on": date(2019, 1, 1), "ends_on": None}

    form = measure_form(make_plan(), old, period_text="seit 2019", starts_on="01.01.2020")

    assert form.is_valid()
    assert form.values()["period_text"] == ""


def test_new_words_take_the_place_of_old_days() -> None:
    old = {"period_text": "seit 2019", "starts_on": date(2019, 1, 1), "ends_on": None}

    form = measure_form(make_plan(), old, period_text="bis 2028", starts_on="01.01.2019")

    assert form.is_valid()
    assert (form.values()["starts_on"], form.values()["ends_on"]) == (None, date(2028, 12, 31))


def test_new_words_that_contradict_new_days_are_refused() -> None:
    form = measure_form(make_plan(), period_text="seit 2019", starts_on="01.01.2020")

    assert set(form.errors) == {"period_text"}


def test_an_end_before_the_beginning_is_refused_at_the_end() -> None:
    form = measure_form(make_plan(), starts_on="01.01.2027", ends_on="31.12.2026")

    assert set(form.errors) == {"ends_on"}
    assert "2027" in form.errors["ends_on"][0]


def test_a_day_that_does_not_exist_is_refused() -> None:
    assert "starts_on" in measure_form(make_plan(), starts_on="31.02.2027").errors


def test_a_field_of_another_plan_is_no_choice() -> None:
    assert "field" in measure_form(make_plan(), field=str(make_field().pk)).errors


@pytest.mark.parametrize("slug", ["neu", "Mein Plan", "a/b"])
def test_an_address_that_cannot_be_one_is_refused(slug: str) -> None:
    form = PlanForm({"title_de": "Plan", "slug": slug})

    assert set(form.errors) == {"slug"}


def test_the_next_number_is_suggested() -> None:
    field = make_field(code="2")
    make_measure(field.plan, field=field, number="2.9")

    assert MeasureForm.initial_for(field.plan, field) == {"field": field, "number": "2.10"}
    assert MeasureForm.initial_for(field.plan, None)["number"] == "1"


def found(plan: Plan, query: str) -> list[str]:
    measures = MeasureFilter(QueryDict(query), plan=plan).apply(plan.measures.all())
    return [measure.number for measure in measures]


def test_the_filter_narrows_by_word_field_status_and_responsible() -> None:
    plan = make_plan()
    office = make_organisation(name="Sozialamt")
    field = make_field(plan)
    make_measure(plan, field=field, number="1.1", title_de="Pflege", responsible=office)
    make_measure(plan, number="1.2", title_de="Öffentliche Bänke", status="done")
    rebuild()

    assert found(plan, "q=pflege") == ["1.1"]
    assert found(plan, "q=öffentlich") == ["1.2"]
    assert found(plan, "q=sozialamt") == ["1.1"]
    assert found(plan, "q=1.2") == ["1.2"]
    assert found(plan, f"field={field.pk}") == ["1.1"]
    assert found(plan, "status=done") == ["1.2"]
    assert found(plan, f"responsible={office.pk}") == ["1.1"]
    assert found(plan, "lacks=responsible") == ["1.2"]
    assert found(plan, "lacks=period") == ["1.1", "1.2"]


@pytest.mark.parametrize(
    "query",
    [
        "field=999999",
        "field=abc",
        "status=fertig",
        "responsible=-1",
        "sort=password",
        "lacks=everything",
        "q=%00",
        "q=" + "x" * 101,
        "unknown=1",
        "field=99999999999999999999999",
        "status=fertig&sort=number",
    ],
)
def test_a_wrong_value_in_the_address_bar_narrows_nothing(query: str) -> None:
    plan = make_plan()
    make_measure(plan, number="1.1")
    make_measure(plan, number="1.2")

    assert found(plan, query) == ["1.1", "1.2"]


def test_a_wrong_value_does_not_switch_off_the_right_ones() -> None:
    plan = make_plan()
    make_measure(plan, number="1.1")
    make_measure(plan, number="1.2", status="done")

    assert found(plan, "status=done&field=abc") == ["1.2"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("number", ["1.2", "1.1", "1.3"]),
        ("-number", ["1.3", "1.1", "1.2"]),
        ("title", ["1.1", "1.3", "1.2"]),
        ("-title", ["1.2", "1.3", "1.1"]),
        ("degree", ["1.3", "1.1", "1.2"]),
        ("-degree", ["1.1", "1.3", "1.2"]),
    ],
)
def test_measures_are_sorted_and_those_without_a_value_come_last(
    sort: str, order: list[str]
) -> None:
    plan = make_plan()
    field = make_field(plan)
    make_measure(plan, field=field, number="1.2", title_de="C", position=1)
    make_measure(plan, field=field, number="1.1", title_de="A", position=2, priority_degree=6)
    make_measure(plan, field=field, number="1.3", title_de="B", position=3, priority_degree=1)

    assert found(plan, f"sort={sort}") == order


def test_only_measures_of_the_plan_can_be_picked() -> None:
    foreign = make_measure()

    form = PickForm({"deed": "status", "pick": [foreign.pk]}, plan=make_plan())

    assert set(form.errors) == {"pick"}
    form = PickForm({"deed": "status", "keys": f"{foreign.pk},x"}, plan=make_plan())
    assert form.is_valid()
    assert list(form.measures(Measure.objects.all())) == []
