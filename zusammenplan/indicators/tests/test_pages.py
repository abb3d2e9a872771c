"""The data pages of the workspace."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zusammenplan.indicators.actions.catalogue import load_catalogue
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.actions.indicators import change_indicator
from zusammenplan.indicators.actions.rules import MinimumTooLowError, change_minimum
from zusammenplan.indicators.models import (
    DataRules,
    Figure,
    Indicator,
    Observation,
    Quantity,
    SocialIndex,
)
from zusammenplan.indicators.tests.factories import (
    make_indicator,
    make_observation,
    make_quantity,
)
from zusammenplan.people.choices import Role
from zusammenplan.people.tests.factories import make_user
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.tests.factories import make_area, make_area_version

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
LISTS = ["overview", "indicator-list", "quantity-list", "social-index-list"]
PLANNERS = ["secrecy", "indicator-add", "quantity-add", "social-index-add"]


@pytest.fixture
def planner(client: Client) -> Client:
    client.force_login(make_user(Role.PLANNER))
    return client


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user(Role.READER))
    return client


def address(name: str, *arguments: object) -> str:
    return reverse(f"indicators:{name}", args=arguments)


def test_planner_sees_every_page_empty_and_filled(planner: Client) -> None:
    pages = [address(name) for name in (*LISTS, *PLANNERS)]
    empty = [planner.get(page).status_code for page in pages]
    load_catalogue()
    make_observation(Quantity.objects.get(code="births"), make_area_version(), 2)
    recompute()

    filled = [planner.get(page).status_code for page in pages]

    assert empty == filled == [200] * len(pages)


def test_reader_sees_lists_without_deeds(reader: Client) -> None:
    load_catalogue()

    for name in LISTS:
        assert "/neu/" not in reader.get(address(name)).content.decode(), name


def test_catalogue_is_loaded_by_a_button_and_grouped_both_ways(planner: Client) -> None:
    planner.post(address("catalogue-load"))
    again = planner.post(address("catalogue-load"), follow=True).content.decode()

    assert "Jugendquotient" in again
    by_field = planner.get(address("indicator-list"), {"nach": "handlungsfeld"}).content.decode()
    assert by_field.count('id="gruppe-') < again.count('id="gruppe-')


def indicator_values(**changed: str) -> dict[str, str]:
    return {
        "name_de": "Kinder je Haushalt",
        "code": "kinder",
        "definition_de": "Wie viele Kinder auf hundert Haushalte kommen.",
        "form": "ratio",
        "formula": "100 * population[:minor] / households",
        "parameters": "minor = 18",
        "unit_de": "je 100 Haushalte",
        "decimals": "1",
        "direction": "neutral",
        "life_situation": "family",
        **changed,
    }


def test_own_indicator_is_computed_at_once(planner: Client) -> None:
    version = make_area_version()
    make_observation(make_quantity(code="population"), version, 30, age_to=18)
    make_observation(make_quantity(code="households"), version, 60)

    response = planner.post(address("indicator-add"), indicator_values())

    assert response.status_code == 302, response.content.decode()
    indicator = Indicator.objects.get(code="kinder")
    assert (indicator.is_own, indicator.parameters) == (True, {"minor": 18})
    assert Figure.objects.get(indicator=indicator).value == 50
    assert planner.get(address("indicator-detail", "kinder")).status_code == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"formula": "100 * population["}, "formula"),
        ({"formula": "unknown_thing"}, "formula"),
        ({"formula": "population[:old]"}, "formula"),
        ({"parameters": "minor 18"}, "parameters"),
        ({"code": "neu"}, "code"),
        ({"code": "Mit Leerzeichen"}, "code"),
    ],
)
def test_what_is_wrong_with_an_indicator_stands_next_to_it(
    planner: Client, changed: dict[str, str], field: str
) -> None:
    make_quantity(code="population")
    make_quantity(code="households")

    page = planner.post(address("indicator-add"), indicator_values(**changed))

    assert page.status_code == 200
    assert not Indicator.objects.exists()
    assert list(page.context["form"].errors) == [field]


def test_formula_is_tried_out_without_being_saved(planner: Client) -> None:
    area = make_area(name="Steinthal", kind=AreaKind.MUNICIPALITY)
    version = make_area_version(area)
    make_observation(
        make_quantity(code="population", name_de="Bevölkerung"), version, 30, age_to=18
    )
    make_observation(make_quantity(code="households", name_de="Haushalte"), version, 60)
    values = indicator_values(area=str(area.pk)) | {"try": "1"}

    whole = planner.post(address("indicator-add"), values).content.decode()
    part = planner.post(
        address("indicator-add"), values, headers={"HX-Request": "true"}
    ).content.decode()

    assert "Bevölkerung unter 18 je 100 Haushalte" in part
    assert "50,0" in part
    assert "<form" not in part
    assert "Bevölkerung unter 18 je 100 Haushalte" in whole
    assert not Indicator.objects.exists()


def test_kind_and_quantities_suggest_a_formula(planner: Client) -> None:
    make_quantity(code="care")
    make_quantity(code="population")

    page = planner.get(
        address("indicator-add"), {"kind": "rate", "above": "care", "below": "population"}
    ).content.decode()

    assert "1000 * care / population" in page


def test_a_count_is_suggested_in_its_unit_and_a_ratio_never_in_percent(planner: Client) -> None:
    make_quantity(code="births", unit_de="Kinder")
    make_quantity(code="population")

    page = planner.get(address("indicator-add"), {"kind": "count", "above": "births"})
    begun = page.context["form"].initial
    refused = planner.post(address("indicator-add"), indicator_values(form="ratio", unit_de="%"))

    assert (begun["decimals"], begun["unit_de"]) == (0, "Kinder")
    assert "je 100" in str(refused.context["form"].errors["unit_de"])


def test_other_formula_is_a_new_version_of_the_method(planner: Client) -> None:
    make_quantity(code="population")
    make_quantity(code="households")
    planner.post(address("indicator-add"), indicator_values())
    change = address("indicator-change", "kinder")

    planner.post(change, indicator_values(name_de="Anderer Name", version="1"))
    assert Indicator.objects.get().method_version == 1
    planner.post(change, indicator_values(parameters="minor = 16", version="2"))

    indicator = Indicator.objects.get()
    assert (indicator.method_version, indicator.parameters) == (2, {"minor": 16})
    assert indicator.history.count() == 3


def test_second_editor_of_an_indicator_overwrites_nothing(planner: Client) -> None:
    make_quantity(code="population")
    make_quantity(code="households")
    planner.post(address("indicator-add"), indicator_values())
    change_indicator(Indicator.objects.get(), {"name_de": "Von anderen"}, seen_version=1, by=None)

    page = planner.post(
        address("indicator-change", "kinder"), indicator_values(name_de="Von mir", version="1")
    )

    assert page.status_code == 200
    assert "Von anderen" in page.content.decode()
    assert Indicator.objects.get().name_de == "Von anderen"


def test_indicator_in_a_social_index_is_not_deleted(planner: Client) -> None:
    indicator = make_indicator(code="frei")
    used = make_indicator(code="gebraucht")
    index = SocialIndex.objects.create(slug="lage", name_de="Lage")
    index.parts.create(indicator=used)

    planner.post(address("indicator-delete", "frei"), {"reason": "doppelt"})
    refused = planner.post(address("indicator-delete", "gebraucht"), {"reason": "doppelt"})

    assert not Indicator.objects.filter(pk=indicator.pk).exists()
    assert refused.status_code == 200
    assert Indicator.objects.filter(pk=used.pk).exists()


def quantity_values(**changed: str) -> dict[str, str]:
    return {
        "name_de": "Wohngeldhaushalte",
        "code": "housing_benefit",
        "is_additive": "on",
        "is_confidential": "on",
        "aliases": "22311 | WOHN01\n22311 | Haushalte mit Wohngeld | B=2;A=1",
        **changed,
    }


def test_quantity_is_added_and_changed_with_its_names_in_sources(planner: Client) -> None:
    planner.post(address("quantity-add"), quantity_values())
    quantity = Quantity.objects.get()
    assert sorted(str(alias) for alias in quantity.aliases.all()) == [
        "22311 Haushalte mit Wohngeld A=1;B=2",
        "22311 WOHN01",
    ]

    page = planner.get(address("quantity-change", "housing_benefit")).content.decode()
    planner.post(
        address("quantity-change", "housing_benefit"),
        quantity_values(aliases="| Wohngeld", version="1"),
    )

    assert "22311 | WOHN01" in page
    assert [str(alias) for alias in quantity.aliases.all()] == ["Wohngeld"]


def test_quantity_says_of_which_other_it_is_a_part(planner: Client) -> None:
    total = make_quantity(name_de="Arbeitslose", code="unemployed")
    make_quantity(name_de="Einkommen", is_confidential=False)
    planner.post(address("quantity-add"), quantity_values(part_of=str(total.pk)))
    part = Quantity.objects.get(code="housing_benefit")

    of_part = planner.get(address("quantity-change", part.code)).content.decode()
    of_total = planner.get(address("quantity-change", total.code)).content.decode()
    listed = planner.get(address("quantity-list")).content.decode()
    values = quantity_values(part_of=str(total.pk), version="1")
    refused = planner.post(
        address("quantity-change", part.code), {**values, "is_confidential": ""}
    ).content.decode()

    assert part.part_of == total
    assert f'<option value="{total.pk}" selected>Arbeitslose</option>' in of_part
    assert "Teil von Arbeitslose" in listed
    # Neither itself, nor its part, nor what is no secret count can be chosen.
    assert "</option>" not in of_total.split('name="part_of"')[1].split("</select>")[0].replace(
        '<option value="" selected>keiner anderen Zählgröße</option>', ""
    )
    assert "„Wohngeldhaushalte“ gehört nicht dazu" in refused


def test_quantity_says_that_it_is_subtracted_and_of_what_it_is_the_change(planner: Client) -> None:
    stock, change = make_quantity(name_de="Kinder"), make_quantity(name_de="Zuwachs")
    values = {"name_de": change.name, "code": change.code, "change_of": str(stock.pk)}
    planner.post(address("quantity-change", change.code), quantity_values(**values, version="1"))
    part = {"part_of": str(change.pk), "is_subtracted": "on"}
    planner.post(address("quantity-add"), quantity_values(**part, aliases=""))

    listed = planner.get(address("quantity-list")).content.decode()
    alone = quantity_values(code="other", is_subtracted="on", aliases="")
    refused = planner.post(address("quantity-add"), alone).content.decode()

    assert "Veränderung von Kinder" in listed
    assert "(wird dort abgezogen)" in listed
    assert "Sagen Sie bei „Teil von“" in refused


def test_name_in_a_source_means_one_quantity(planner: Client) -> None:
    planner.post(address("quantity-add"), quantity_values())

    page = planner.post(address("quantity-add"), quantity_values(code="other", name_de="Anders"))

    assert page.status_code == 200
    assert "bedeutet schon „Wohngeldhaushalte“." in page.content.decode()
    assert Quantity.objects.count() == 1


def test_planner_sees_what_is_hidden_and_why(planner: Client) -> None:
    quantity = make_quantity(code="births", name_de="Geborene")
    make_indicator(code="births", formula="births")
    make_observation(quantity, make_area_version(make_area(name="Hohwart")), 2)
    recompute()

    page = planner.get(address("secrecy"), {"groesse": "births", "jahr": "2024"}).content.decode()

    assert "Hohwart" in page
    assert "Geborene" in page
    for wrong in ({"jahr": "kein"}, {"groesse": "\0"}):
        assert planner.get(address("secrecy"), wrong).status_code == 200


def test_minimum_is_raised_and_never_lowered_below_three(planner: Client) -> None:
    make_observation(make_quantity(code="births"), make_area_version(), 4)

    refused = planner.post(address("secrecy"), {"minimum": "2"})
    planner.post(address("secrecy"), {"minimum": "5"})

    assert refused.status_code == 200
    assert DataRules.objects.get().minimum_cases == 5
    assert Observation.objects.get().secrecy == "p"
    with pytest.raises(MinimumTooLowError):
        change_minimum(2, seen_version=1, by=None)


def test_value_tells_where_it_comes_from_and_hides_what_is_hidden(client: Client) -> None:
    make_indicator(code="births", formula="births", decimals=0, unit_de="%")
    make_observation(make_quantity(code="births"), make_area_version(), 2)
    recompute()
    figure = Figure.objects.get()

    client.force_login(make_user(Role.READER))
    reader = client.get(address("data-value", figure.pk)).content.decode()
    detail = client.get(address("indicator-detail", "births")).content.decode()
    client.force_login(make_user(Role.PLANNER))
    planner = client.get(address("data-value", figure.pk)).content.decode()

    assert "tabelle-" in reader
    assert 'zp-figure__num">x<' in reader
    assert ">x<" in detail
    assert 'zp-figure__num">2 %<' in planner


def test_social_index_is_defined_with_weights_and_a_versioned_method(planner: Client) -> None:
    one, other = make_indicator(), make_indicator(direction="good")
    values = {
        "name_de": "Soziale Lage",
        "slug": "lage",
        "kind": "municipality",
        "minimum_population": "300",
        "classes": "4",
        "class_method": "quantile",
        f"weight_{one.pk}": "2",
        f"burden_{one.pk}": "on",
        f"weight_{other.pk}": "1",
    }

    without = {**values, f"weight_{one.pk}": "", f"weight_{other.pk}": ""}
    refused = planner.post(address("social-index-add"), without)
    planner.post(address("social-index-add"), values)
    index = SocialIndex.objects.get()
    planner.post(address("social-index-change", "lage"), {**values, "version": "1"})
    assert SocialIndex.objects.get().method_version == 1
    planner.post(
        address("social-index-change", "lage"),
        {**values, "version": "1", f"weight_{other.pk}": ""},
    )

    assert refused.status_code == 200
    assert SocialIndex.objects.get().method_version == 2
    assert [(part.indicator, part.weight, part.high_is_burden) for part in index.parts.all()] == [
        (one, Decimal(2), True)
    ]

    planner.post(address("social-index-delete", "lage"), {"reason": "neu gefasst"})
    assert not SocialIndex.objects.exists()


def test_totals_that_differ_from_their_parts_are_told(planner: Client) -> None:
    area = make_area(name="Raum Süd", kind=AreaKind.PLANNING_AREA)
    whole = make_area_version(area)
    quantity = make_quantity(code="population", name_de="Bevölkerung")
    make_observation(quantity, whole, 105)
    for _ in range(2):
        part = make_area(kind=AreaKind.MUNICIPALITY, parent=area)
        make_observation(quantity, make_area_version(part), 50)

    page = planner.get(address("overview")).content.decode()

    assert "Raum Süd" in page
    assert "105" in page


@pytest.mark.parametrize("name", ["indicator-list", "quantity-list", "secrecy"])
@pytest.mark.one_database
def test_number_of_queries_stays_the_same(planner: Client, name: str) -> None:
    def fill(number: int) -> None:
        for _ in range(number):
            quantity = make_quantity()
            make_indicator(formula=f'"{quantity.code}"')
            make_observation(quantity, make_area_version(), 2)
        recompute()

    fill(1)
    planner.get(address(name))
    with CaptureQueriesContext(connection) as few:
        planner.get(address(name))
    fill(3)
    with CaptureQueriesContext(connection) as many:
        planner.get(address(name))

    assert len(few) == len(many)


def test_everything_is_computed_anew_by_a_button(planner: Client) -> None:
    make_indicator(formula="population")
    make_observation(make_quantity(code="population"), make_area_version(), 50)

    planner.post(address("recompute"))

    assert Figure.objects.get().value == 50


def test_the_list_of_social_indices_names_independent_cities_beside_counties(
    reader: Client,
) -> None:
    SocialIndex.objects.create(slug="kreise", name_de="Kreise", kind=AreaKind.COUNTY)

    page = reader.get(address("social-index-list")).content.decode()

    assert "Landkreise und kreisfreie Städte ·" in page
