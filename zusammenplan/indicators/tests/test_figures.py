"""Figures follow from counts: sums over parts, ratios, gaps, and only what changed is computed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zusammenplan.indicators.actions.catalogue import load_catalogue
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.actions.secrecy_tables import Tables
from zusammenplan.indicators.domain.catalogue import INDICATORS, QUANTITIES
from zusammenplan.indicators.domain.formula import (
    Name,
    Node,
    counts_of,
    nodes_of,
    quantities_of,
    read_formula,
)
from zusammenplan.indicators.domain.sides import ALL_AGES
from zusammenplan.indicators.models import (
    DataRules,
    Figure,
    Indicator,
    Observation,
    Quantity,
    QuantityAlias,
    ReplacedValue,
)
from zusammenplan.indicators.queries.tree import AreaTree
from zusammenplan.indicators.tests.factories import (
    make_import,
    make_indicator,
    make_observation,
    make_quantity,
)
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import AreaVersion
from zusammenplan.places.tests.factories import make_area, make_area_version

pytestmark = pytest.mark.django_db


def limits_in(tree: Node) -> set[str]:
    """Give the names of the limits of age that a formula uses."""
    bounds = [bound for count in counts_of(tree) for bound in (count.age_from, count.age_to)]
    names = {node.name for node in nodes_of(tree) if isinstance(node, Name)}
    return names | {bound for bound in bounds if isinstance(bound, str)}


def test_catalogue_can_be_read_and_names_only_what_it_has() -> None:
    codes = {quantity.code for quantity in QUANTITIES}

    for indicator in INDICATORS:
        tree = read_formula(indicator.formula, frozenset(indicator.parameters))
        assert set(quantities_of(tree)) <= codes
        assert limits_in(tree) == set(indicator.parameters)
        assert indicator.definition_de
        assert indicator.definition_en
        assert indicator.source[0]
    assert len({indicator.code for indicator in INDICATORS}) == len(INDICATORS)
    named = [quantity.code for quantity in QUANTITIES]
    assert all(
        named.index(it.part_of) < named.index(it.code) and it.is_confidential and it.is_additive
        for it in QUANTITIES
        if it.part_of
    )
    assert sum(indicator.is_key for indicator in INDICATORS) == 8


def test_ratio_per_hundred_is_no_percentage() -> None:
    units = {one.code: one.unit[0] for one in INDICATORS}

    assert units["youth_ratio"] == "je 100 Personen im Erwerbsalter"
    assert units["share_u18"] == "%"


def test_loading_the_catalogue_again_adds_nothing_and_keeps_what_was_changed() -> None:
    first = load_catalogue()
    Indicator.objects.filter(code="youth_ratio").update(formula="population", name_de="Eigener")
    Indicator.objects.get(code="turnout").delete()
    QuantityAlias.objects.filter(measure="BEVSTD", other="").delete()

    second = load_catalogue()

    assert (first.quantities, first.indicators) == (len(QUANTITIES), len(INDICATORS))
    assert second.total == 0
    assert Indicator.objects.get(code="youth_ratio").name_de == "Eigener"
    assert not Indicator.objects.filter(code="turnout").exists()
    assert not QuantityAlias.objects.filter(measure="BEVSTD", other="").exists()


def figure(code: str, version: AreaVersion, year: int = 2024) -> Figure:
    return Figure.objects.get(
        indicator__code=code, area_version=version, ends_on=date(year, 12, 31)
    )


def ages(
    quantity: Quantity,
    version: AreaVersion,
    groups: dict[tuple[int, int], object],
    year: int = 2024,
) -> None:
    source = make_import()
    for (age_from, age_to), value in groups.items():
        make_observation(
            quantity, version, value, year=year, age_from=age_from, age_to=age_to, source=source
        )


def test_published_ratios_of_thuringia_2012_are_found() -> None:
    load_catalogue()
    thuringia = make_area_version(kind=AreaKind.LAND)
    # 2,170,460 people, of which 62.0 young and old per 100 between.
    ages(
        Quantity.objects.get(code="population"),
        thuringia,
        {(0, 20): 321_600, (20, 65): 1_339_800, (65, ALL_AGES): 509_060},
        2012,
    )

    recompute()

    shown = {
        code: round(figure(code, thuringia, 2012).value or 0, 1)
        for code in ("youth_ratio", "old_age_ratio", "total_ratio")
    }
    assert shown == {
        "youth_ratio": Decimal("24.0"),
        "old_age_ratio": Decimal("38.0"),
        "total_ratio": Decimal("62.0"),
    }
    assert figure("total_ratio", thuringia, 2012).numerator == 830_660
    assert figure("total_ratio", thuringia, 2012).denominator == 1_339_800


def planning_area() -> tuple[AreaVersion, list[AreaVersion]]:
    area = make_area(kind=AreaKind.PLANNING_AREA)
    whole = make_area_version(area)
    parts = [
        make_area_version(make_area(kind=AreaKind.MUNICIPALITY, parent=area)) for _ in range(3)
    ]
    return whole, parts


def population() -> Quantity:
    make_indicator(code="population", formula="population")
    return make_quantity(code="population")


def test_planning_area_is_the_sum_of_its_municipalities() -> None:
    whole, parts = planning_area()
    quantity = population()
    source = make_import()
    for part, value in zip(parts, (100, 200, 300), strict=True):
        make_observation(quantity, part, value, source=source)

    recompute()

    assert figure("population", whole).value == 600
    summed = Observation.objects.get(area_version=whole)
    assert summed.value == 600
    assert summed.source is None


def test_sum_has_no_value_where_a_part_has_none_and_carries_its_sign() -> None:
    whole, parts = planning_area()
    quantity = population()
    source = make_import()
    make_observation(quantity, parts[0], 100, source=source)
    make_observation(quantity, parts[1], None, sign="/", source=source)

    recompute()

    assert (figure("population", whole).value, figure("population", whole).sign) == (None, "/")


def test_planning_area_without_municipalities_is_not_missed() -> None:
    people = make_quantity()
    county, planned, empty = (
        make_area(kind=kind)
        for kind in (AreaKind.COUNTY, AreaKind.PLANNING_AREA, AreaKind.PLANNING_AREA)
    )
    whole = make_area_version(county)
    for area in (planned, empty):
        make_area_version(area, parent=county)
    town = make_area_version(make_area(kind=AreaKind.MUNICIPALITY), parent=planned)
    make_observation(people, town, 120, source=make_import())

    recompute()

    assert Observation.objects.get(area_version=whole).value == 120


def test_part_that_did_not_exist_on_the_day_is_not_missed() -> None:
    whole, parts = planning_area()
    quantity = population()
    parts[2].valid_from = date(2025, 1, 1)
    parts[2].save()
    source = make_import()
    for part in parts[:2]:
        make_observation(quantity, part, 50, source=source)

    recompute()

    assert figure("population", whole).value == 100


def test_own_value_of_a_source_goes_before_the_sum() -> None:
    whole, parts = planning_area()
    quantity = population()
    source = make_import()
    for part in parts:
        make_observation(quantity, part, 50, source=source)
    make_observation(quantity, whole, 149, source=source)

    recompute()

    assert figure("population", whole).value == 149


def test_what_cannot_be_summed_is_not() -> None:
    whole, parts = planning_area()
    quantity = make_quantity(code="income", is_additive=False, is_confidential=False)
    make_indicator(code="income", formula="income")
    for part in parts:
        make_observation(quantity, part, 20_000, source=make_import())

    recompute()

    assert not Figure.objects.filter(area_version=whole).exists()
    assert Figure.objects.count() == 3


def test_age_groups_of_parts_are_put_together_before_they_are_summed() -> None:
    whole, parts = planning_area()
    quantity = population()
    make_indicator(code="minors", formula="population[:18]")
    ages(quantity, parts[0], {(0, 18): 10})
    ages(quantity, parts[1], {(0, 6): 4, (6, 18): 5})
    ages(quantity, parts[2], {(0, 18): 20})

    recompute()

    assert figure("minors", whole).value == 39


def test_recomputing_keeps_the_rows_and_forgets_what_is_gone() -> None:
    whole, parts = planning_area()
    quantity = population()
    source = make_import()
    observations = [make_observation(quantity, part, 50, source=source) for part in parts]
    recompute()
    row = figure("population", whole).pk

    Observation.objects.filter(pk=observations[0].pk).update(value=60)
    recompute(quantities=[quantity.pk], periods=[(date(2024, 12, 31), date(2024, 12, 31))])

    assert figure("population", whole).pk == row
    assert figure("population", whole).value == 160

    Observation.objects.filter(source=source).delete()
    recompute(quantities=[quantity.pk])

    assert not Figure.objects.exists()
    assert not Observation.objects.exists()


def test_population_of_the_year_before_answers_where_the_new_one_is_not_known() -> None:
    version = make_area_version()
    people, unemployed = make_quantity(code="population"), make_quantity(code="unemployed")
    make_indicator(code="share", formula="100 * unemployed / population")
    make_observation(people, version, 1000, year=2023)
    make_observation(
        unemployed, version, 50, starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31)
    )
    recompute()
    assert figure("share", version).value == 5

    make_observation(people, version, 500, year=2024)
    recompute(quantities=[people.pk], periods=[(date(2024, 12, 31), date(2024, 12, 31))])

    assert figure("share", version).value == 10


def test_change_over_five_years_is_computed_for_all_periods_at_once() -> None:
    version = make_area_version()
    people = make_quantity(code="population")
    make_indicator(code="change", formula="100 * (population / earlier(population, 5) - 1)")
    make_observation(people, version, 110, year=2024)
    recompute()
    assert not Figure.objects.exists()

    make_observation(people, version, 100, year=2019)
    recompute(quantities=[people.pk], periods=[(date(2019, 12, 31), date(2019, 12, 31))])

    assert figure("change", version).value == 10


def test_counts_behind_a_figure_may_be_larger_than_the_columns() -> None:
    people = make_quantity(code="population")
    make_indicator(code="square", formula="population * population / population")
    version = make_area_version(make_area(kind=AreaKind.COUNTRY))
    make_observation(people, version, 83_000_000)

    recompute()

    found = figure("square", version)
    assert (found.value, found.numerator, found.denominator) == (
        Decimal(83_000_000),
        None,
        Decimal(83_000_000),
    )


def test_segregation_is_computed_over_the_areas_within() -> None:
    whole, parts = planning_area()
    some, others = make_quantity(code="some"), make_quantity(code="others")
    make_indicator(code="segregation", formula="segregation(some, others)")
    for part, one, other in zip(parts, (10, 0, 10), (0, 20, 20), strict=True):
        make_observation(some, part, one, source=make_import())
        make_observation(others, part, other, source=make_import())

    recompute()

    assert figure("segregation", whole).value == 50


def test_mean_of_the_areas_within_is_weighted_by_their_people() -> None:
    whole, parts = planning_area()
    income = make_quantity(code="income", is_additive=False, is_confidential=False)
    people = make_quantity(code="population")
    make_indicator(code="mean_income", formula="weighted(income, population)")
    for part, value, number in zip(parts, (10, 20, 30), (100, 100, 200), strict=True):
        make_observation(income, part, value)
        make_observation(people, part, number)

    recompute()

    assert figure("mean_income", whole).value == Decimal("22.5")


def test_density_takes_the_size_of_the_outline() -> None:
    version = make_area_version(area_km2=Decimal(20))
    make_indicator(code="density", formula="population / area_km2")
    make_observation(make_quantity(code="population"), version, 1000)

    recompute()

    assert figure("density", version).value == 50


@pytest.mark.one_database
def test_number_of_queries_does_not_grow_with_areas_and_years(
    django_assert_max_num_queries: object,
) -> None:
    quantity = population()
    for _ in range(10):
        version = make_area_version()
        for year in range(2010, 2020):
            make_observation(quantity, version, 100, year=year)

    with django_assert_max_num_queries(30):  # type: ignore[operator] # a fixture of pytest-django
        recompute()

    assert Figure.objects.count() == 100


def test_small_counts_are_hidden_with_the_figures_made_of_them() -> None:
    DataRules.objects.create(pk=1, minimum_cases=5)
    version = make_area_version()
    make_observation(population(), version, 4)

    recompute()

    assert figure("population", version).secrecy == "p"


def hidden() -> dict[str, str]:
    rows = Observation.objects.exclude(secrecy="").order_by("area_version")
    return {str(row.area_version): row.secrecy for row in rows}


def county() -> tuple[AreaVersion, AreaVersion, list[AreaVersion]]:
    area = make_area(name="Kreis", kind=AreaKind.COUNTY)
    near = make_area(name="Raum", kind=AreaKind.PLANNING_AREA, parent=area)
    whole, planned = make_area_version(area), make_area_version(near)
    parts = [
        make_area_version(make_area(name=name, kind=AreaKind.MUNICIPALITY, parent=near))
        for name in ("A", "B", "C")
    ]
    return whole, planned, parts


def test_neighbour_is_hidden_with_a_small_count_so_that_the_sum_does_not_give_it_away() -> None:
    _whole, _planned, parts = county()
    quantity = population()
    for part, value in zip(parts, (2, 8, 90), strict=True):
        make_observation(quantity, part, value)

    recompute()

    assert hidden() == {"A": "p", "B": "s"}
    assert Figure.objects.exclude(secrecy="").count() == 2


def test_figures_of_another_quantity_are_hidden_if_a_sum_of_both_gives_a_small_count_away() -> None:
    version = make_area_version()
    values = {"care_recipients": 50, "care_ambulatory": 2, "care_inpatient": 18, "care_at_home": 30}
    total = None
    for code, value in values.items():
        make_indicator(code=code, formula=code)
        quantity = make_quantity(code=code, part_of=total)
        total = total or quantity
        make_observation(quantity, version, value)

    recompute()

    marks = {
        row.quantity.code: row.secrecy
        for row in Observation.objects.exclude(secrecy="").select_related("quantity")
    }
    assert marks == {"care_ambulatory": "p", "care_inpatient": "s"}
    assert set(Figure.objects.exclude(secrecy="").values_list("indicator__code", flat=True)) == set(
        marks
    )


def test_quarter_is_hidden_with_another_one_whose_year_is_shown() -> None:
    version = make_area_version()
    quantity = make_quantity(code="births")
    for start, end, value in [
        (date(2024, 1, 1), date(2024, 3, 31), 2),
        (date(2024, 4, 1), date(2024, 6, 30), 7),
        (date(2024, 7, 1), date(2024, 12, 31), 20),
        (date(2024, 1, 1), date(2024, 12, 31), 29),
    ]:
        make_observation(quantity, version, value, starts_on=start, ends_on=end)

    recompute()

    assert Observation.objects.get(value=2).secrecy == "p"
    assert Observation.objects.get(value=7).secrecy == "s"
    assert Observation.objects.get(value=29).secrecy == ""


def test_hidden_stays_hidden_and_shown_protects_nothing_after_the_next_import() -> None:
    _whole, _planned, parts = county()
    quantity = population()
    first = [
        make_observation(quantity, part, value)
        for part, value in zip(parts, (2, 8, 90), strict=True)
    ]
    recompute()
    later = make_import()
    ReplacedValue.objects.create(
        observation=first[0], value=2, source=first[0].source, replaced_by=later
    )
    Observation.objects.filter(pk=first[0].pk).update(value=30, source=later)

    recompute(quantities=[quantity.pk])

    # B is the same as before and was hidden; the total changed, and A with it.
    assert "B" in hidden()
    assert "C" not in hidden()


def looked_at() -> set[str]:
    tree = AreaTree.load()
    tables = Tables.load(tree, None, None, 3)
    names = dict(AreaVersion.objects.values_list("pk", "name"))
    return {
        names[version]
        for family in tables.families()
        for versions in tables.spans(family).values()
        for version in versions
    }


def test_small_count_is_a_matter_of_all_areas_that_a_total_joins_and_of_no_others() -> None:
    whole, _planned, parts = county()
    alone, far = (make_area_version(make_area(name=name)) for name in ("Allein", "Fern"))
    quantity = population()
    for version, value in zip([*parts, alone, far], (20, 8, 90, 2, 50), strict=True):
        make_observation(quantity, version, value)
    assert looked_at() == {"Allein"}

    Observation.objects.filter(area_version=parts[0]).update(value=2)
    assert looked_at() == {"Allein", "A"}

    make_observation(quantity, whole, 100)
    assert looked_at() == {"Allein", "A", "B", "C", "Kreis"}

    recompute()

    assert hidden() == {"Allein": "p", "A": "p", "B": "s"}


def test_where_there_are_more_areas_than_a_query_can_name_as_much_is_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _whole, _planned, parts = county()
    alone = make_area_version(make_area(name="Allein"))
    quantity = population()
    for version, value in zip([*parts, alone], (2, 8, 90, 2), strict=True):
        make_observation(quantity, version, value)
    monkeypatch.setattr("zusammenplan.indicators.actions.secrecy.MOST_NAMED", 1)

    recompute()

    assert hidden() == {"Allein": "p", "A": "p", "B": "s"}


def test_higher_minimum_hides_more() -> None:
    _whole, _planned, parts = county()
    quantity = population()
    for part, value in zip(parts, (4, 8, 90), strict=True):
        make_observation(quantity, part, value)
    recompute()
    assert hidden() == {}

    DataRules.objects.update(minimum_cases=5)
    recompute()

    assert hidden() == {"A": "p", "B": "s"}


def test_counts_that_are_secret_no_longer_are_shown_again() -> None:
    quantity = population()
    make_observation(quantity, make_area_version(), 2)
    recompute()
    assert Figure.objects.get().secrecy == "p"

    Quantity.objects.update(is_confidential=False)
    recompute()

    assert hidden() == {}
    assert Figure.objects.get().secrecy == ""
