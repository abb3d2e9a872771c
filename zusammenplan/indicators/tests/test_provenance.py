"""Every figure says where it comes from."""

from __future__ import annotations

from datetime import date

import pytest

from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.choices import IndicatorForm
from zusammenplan.indicators.models import Figure
from zusammenplan.indicators.queries.provenance import provenance
from zusammenplan.indicators.tests.factories import (
    make_import,
    make_indicator,
    make_observation,
    make_quantity,
)
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.tests.factories import make_area, make_area_version

pytestmark = pytest.mark.django_db
TOTAL_RATIO = "100 * (population[:young] + population[old:]) / population[young:old]"


def kept(code: str = "ratio") -> Figure:
    return Figure.objects.select_related("indicator", "area_version").get(indicator__code=code)


def test_figure_tells_its_formula_with_numbers_limits_and_file() -> None:
    source = make_import(
        file_name="12411-02-03-4.csv",
        table="12411-02-03-4",
        title="Bevölkerung nach Altersgruppen",
        licence="dl-de/by-2-0",
    )
    version = make_area_version(make_area(name="Steinthal"))
    quantity = make_quantity(code="population", name_de="Bevölkerung")
    make_indicator(
        code="ratio",
        formula=TOTAL_RATIO,
        parameters={"old": 65, "young": 20},
        unit_de="je 100 Personen im Erwerbsalter",
        form=IndicatorForm.RATIO,
    )
    for age_from, age_to, value in ((0, 20, 9940), (20, 65, 31948), (65, 999, 18112)):
        make_observation(quantity, version, value, age_from=age_from, age_to=age_to, source=source)
    recompute()

    told = provenance(kept())

    assert told.area == "Steinthal"
    assert told.period == "31.12.2024"
    assert told.formula == "(Bevölkerung unter 20 + ab 65) je 100 von 20 bis unter 65"
    assert told.with_numbers == "(9.940 + 18.112) ÷ 31.948 × 100"
    assert (told.value, told.unit) == ("87,8", "je 100 Personen im Erwerbsalter")
    assert told.limits == [("young", 20), ("old", 65)]
    assert [(one.file, one.table, one.licence) for one in told.sources] == [
        ("12411-02-03-4.csv", "12411-02-03-4", "dl-de/by-2-0")
    ]
    assert told.sources[0].retrieved_on == date(2026, 11, 25)
    assert told.remarks == []


def test_sum_names_the_files_of_its_parts() -> None:
    area = make_area(kind=AreaKind.PLANNING_AREA)
    make_area_version(area)
    quantity = make_quantity(code="population")
    make_indicator(code="population", formula="population")
    for name in ("eins.csv", "zwei.csv"):
        version = make_area_version(make_area(kind=AreaKind.MUNICIPALITY, parent=area))
        make_observation(quantity, version, 50, source=make_import(file_name=name))
    recompute()
    figure = Figure.objects.select_related("indicator", "area_version").get(area=area)

    told = provenance(figure)

    assert {source.file for source in told.sources} == {"eins.csv", "zwei.csv"}
    assert [count.is_sum for count in told.counts] == [True]


def test_denominator_of_another_day_is_told() -> None:
    version = make_area_version()
    make_indicator(code="share", formula="100 * unemployed / population")
    make_observation(make_quantity(code="population"), version, 1000, year=2023)
    make_observation(make_quantity(code="unemployed"), version, 50, year=2024)
    recompute()

    told = provenance(kept("share"))

    assert [(count.period, count.is_other_period) for count in told.counts] == [
        ("31.12.2024", False),
        ("31.12.2023", True),
    ]


def test_hidden_figure_shows_neither_value_nor_numbers_to_the_public() -> None:
    version = make_area_version()
    make_indicator(code="births", formula="1000 * births")
    make_observation(make_quantity(code="births"), version, 2)
    recompute()

    told, inside = provenance(kept("births")), provenance(kept("births"), see_hidden=True)

    assert (told.value, told.with_numbers) == ("x", "")
    assert told.remarks
    assert (inside.value, inside.with_numbers) == ("2.000,0", "1.000 × 2")


def test_missing_value_says_why() -> None:
    version = make_area_version()
    make_indicator(code="share", formula="100 * a / b")
    make_observation(make_quantity(code="a"), version, 5)
    make_observation(make_quantity(code="b", name_de="Grundgesamtheit"), version, None, sign="/")
    recompute()

    told = provenance(kept("share"))

    assert told.value == "/"
    assert any("Grundgesamtheit" in remark for remark in told.remarks)
