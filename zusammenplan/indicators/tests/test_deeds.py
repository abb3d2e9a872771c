"""What is refused, and what a second editor sees."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.indicators.actions.areas import follow_areas
from zusammenplan.indicators.actions.catalogue import load_catalogue
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.actions.indicators import (
    IndicatorCodeTakenError,
    add_indicator,
    change_indicator,
    delete_indicator,
)
from zusammenplan.indicators.actions.quantities import (
    QuantityCodeTakenError,
    change_quantity,
)
from zusammenplan.indicators.actions.rules import change_minimum
from zusammenplan.indicators.actions.social_indices import (
    IndexSlugTakenError,
    PartValues,
    add_social_index,
    change_social_index,
)
from zusammenplan.indicators.models import Figure, Observation
from zusammenplan.indicators.queries.provenance import provenance
from zusammenplan.indicators.queries.tryout import explain
from zusammenplan.indicators.queries.words import number_text, period_text
from zusammenplan.indicators.tests.factories import (
    make_indicator,
    make_observation,
    make_quantity,
)
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.tests.factories import make_area, make_area_version

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
INDICATOR = {
    "code": "eins",
    "name_de": "Eins",
    "form": "count",
    "formula": "population",
    "unit_de": "Personen",
    "life_situation": "population",
}


def test_short_name_of_an_indicator_is_taken_once() -> None:
    add_indicator(INDICATOR, by=None)
    other = add_indicator({**INDICATOR, "code": "zwei"}, by=None)

    with pytest.raises(IndicatorCodeTakenError):
        add_indicator(INDICATOR, by=None)
    with pytest.raises(IndicatorCodeTakenError):
        change_indicator(other, {"code": "eins"}, seen_version=1, by=None)
    assert change_indicator(other, {"code": "zwei"}, seen_version=1, by=None).version == 1


def test_quantity_has_one_editor_at_a_time_and_its_own_short_name() -> None:
    quantity = make_quantity(code="eins")
    make_quantity(code="zwei")
    change_quantity(quantity, {"is_additive": False}, [], seen_version=1, by=None)

    with pytest.raises(ChangedMeanwhileError):
        change_quantity(quantity, {"name_de": "Anders"}, [], seen_version=1, by=None)
    with pytest.raises(QuantityCodeTakenError):
        change_quantity(quantity, {"code": "zwei"}, [], seen_version=2, by=None)
    assert change_quantity(quantity, {}, [], seen_version=1, by=None).version == 2


def test_minimum_has_one_editor_at_a_time() -> None:
    first = change_minimum(5, seen_version=1, by=None)
    change_minimum(6, seen_version=first.version, by=None)

    with pytest.raises(ChangedMeanwhileError):
        change_minimum(7, seen_version=first.version, by=None)
    assert change_minimum(6, seen_version=0, by=None).minimum_cases == 6


def test_social_index_has_one_editor_at_a_time_and_its_own_address() -> None:
    parts = [PartValues(make_indicator().pk, Decimal(1), high_is_burden=True)]
    index = add_social_index({"slug": "eins", "name_de": "Eins"}, parts, by=None)
    other = add_social_index({"slug": "zwei", "name_de": "Zwei"}, parts, by=None)
    change_social_index(index, {"name_de": "Anders"}, parts, seen_version=1, by=None)

    with pytest.raises(IndexSlugTakenError):
        add_social_index({"slug": "eins", "name_de": "Eins"}, parts, by=None)
    with pytest.raises(IndexSlugTakenError):
        change_social_index(other, {"slug": "eins"}, parts, seen_version=1, by=None)
    with pytest.raises(ChangedMeanwhileError):
        change_social_index(index, {"name_de": "Noch anders"}, parts, seen_version=1, by=None)
    index.refresh_from_db()
    assert (index.name_de, index.method_version) == ("Anders", 1)


def test_formula_that_cannot_be_read_any_more_has_no_figures() -> None:
    indicator = make_indicator(formula="population")
    make_observation(make_quantity(code="population"), make_area_version(), 50)
    recompute()
    figure = Figure.objects.select_related("indicator", "area_version").get()
    figure.indicator.formula = "population +"
    figure.indicator.save()

    assert provenance(figure).formula == ""
    recompute()

    assert not Figure.objects.filter(indicator=indicator).exists()


def test_sums_vanish_with_the_last_area_that_was_made_of_others() -> None:
    area = make_area(kind=AreaKind.PLANNING_AREA)
    make_area_version(area)
    part = make_area_version(make_area(kind=AreaKind.MUNICIPALITY, parent=area))
    make_observation(make_quantity(code="population"), part, 50)
    recompute()
    assert Observation.objects.filter(source=None).exists()
    part.parent = None
    part.save()

    recompute()

    assert not Observation.objects.filter(source=None).exists()


def test_figures_of_parts_are_tried_out_and_told() -> None:
    area = make_area(name="Raum", kind=AreaKind.PLANNING_AREA)
    make_area_version(area)
    some, others = make_quantity(code="some"), make_quantity(code="others")
    make_indicator(code="apart", formula="segregation(some, others)")
    for one, other in ((10, 0), (0, 10)):
        version = make_area_version(make_area(kind=AreaKind.MUNICIPALITY, parent=area))
        make_observation(some, version, one)
        make_observation(others, version, other)
    recompute()
    figure = Figure.objects.select_related("indicator", "area_version").get()

    tried = explain("segregation(some, others)", {}, form="index", area=area)
    told = provenance(figure)

    assert tried.value == "100,0"
    assert len(told.sources) == 4


def test_change_is_told_with_both_numbers_and_a_lonely_area_says_so() -> None:
    area = make_area(name="Hohwart")
    version = make_area_version(area)
    quantity = make_quantity(code="population", name_de="Bevölkerung")
    make_observation(quantity, version, 100, year=2019)
    make_observation(quantity, version, 110, year=2024)
    make_quantity(code="others")
    above = make_area(name="Kreis", kind=AreaKind.COUNTY)
    make_area_version(make_area(parent=above))
    make_area_version(above)
    formula = "100 * (population / earlier(population, 5) - 1)"

    tried = explain(formula, {}, form="change", area=area)
    lonely = explain(formula, {}, form="change", area=make_area(name="Leer"))

    # Nothing was counted in its parts either.
    empty = explain("weighted(population, others)", {}, form="mean", area=above)

    assert (tried.value, tried.period) == ("10,0", "31.12.2024")
    assert "110 ÷ 100" in tried.numbers
    assert "Leer" in lonely.remark
    assert "Kreis" in empty.remark


def test_periods_and_numbers_are_written_as_people_do() -> None:
    year = date(2024, 1, 1), date(2024, 12, 31)

    assert period_text(*year) == "2024"
    assert period_text(date(2024, 12, 31), date(2024, 12, 31)) == "31.12.2024"
    assert period_text(date(2024, 1, 1), date(2024, 6, 30)) == "01.01.2024–30.06.2024"
    assert number_text(Decimal("1234.50")) == "1.234,5"
    assert number_text(Decimal("-0.04"), 1) == "0,0"
    assert number_text(Decimal("-0.7"), 1) == "\N{MINUS SIGN}0,7"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite who writes is alone")
@pytest.mark.parametrize("deed", ["areas", "catalogue", "indicator", "minimum"])
def test_whoever_touches_values_or_figures_is_alone_before_the_first_is_written(deed: str) -> None:
    indicator = make_indicator()
    deeds: dict[str, Callable[[], object]] = {
        "areas": follow_areas,
        "catalogue": load_catalogue,
        "indicator": lambda: delete_indicator(indicator, reason="Versehen", by=None),
        "minimum": lambda: change_minimum(4, seen_version=1, by=None),
    }

    with CaptureQueriesContext(connection) as queries:
        deeds[deed]()

    words = ("LOCK", "INSERT", "UPDATE", "DELETE")
    first = next(one["sql"] for one in queries if one["sql"].startswith(words))
    assert first.startswith("LOCK TABLE")
