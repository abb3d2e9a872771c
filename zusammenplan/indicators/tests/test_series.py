"""Series over a change of territory: with a visible break, or for one territory."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from zusammenplan.indicators.actions.catalogue import load_catalogue
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.domain.social_index import LeftOut
from zusammenplan.indicators.models import Figure, Indicator, Observation, SocialIndex
from zusammenplan.indicators.queries.looking.audience import EVERYBODY
from zusammenplan.indicators.queries.looking.profile import profile
from zusammenplan.indicators.queries.looking.values import read_values
from zusammenplan.indicators.queries.series import recalculated_series
from zusammenplan.indicators.queries.social_index import index_table
from zusammenplan.indicators.tests.factories import (
    make_import,
    make_indicator,
    make_observation,
    make_quantity,
)
from zusammenplan.places.choices import AreaKind, TransitionKind
from zusammenplan.places.models import AreaTransition, AreaVersion
from zusammenplan.places.tests.factories import make_area, make_area_version

if TYPE_CHECKING:
    from django.test import Client

    from zusammenplan.indicators.models import Quantity
    from zusammenplan.indicators.queries.series import Series

pytestmark = pytest.mark.django_db
GENESIS = Path(__file__).parents[4] / "shared" / "data" / "genesis"
JULY = date(2021, 7, 1)
JUNE = date(2021, 6, 30)


@pytest.fixture
def wartburg() -> dict[str, AreaVersion]:
    """Give Eisenach and the Wartburgkreis before and after July 2021."""
    county = make_area(name="Wartburgkreis", kind=AreaKind.COUNTY)
    town = make_area(name="Eisenach", kind=AreaKind.COUNTY)
    versions = {
        "old": make_area_version(county, ags="16063", valid_to=JUNE),
        "new": make_area_version(county, ags="16063", valid_from=JULY),
        "town": make_area_version(town, ags="16056", valid_to=JUNE),
    }
    for name in ("old", "town"):
        AreaTransition.objects.create(
            before=versions[name], after=versions["new"], on=JULY, kind=TransitionKind.MERGE
        )
    return versions


def series(indicator: Indicator, version: AreaVersion) -> Series:
    return recalculated_series(indicator, [version])[version.pk]


def values(found: Series) -> dict[int, Decimal | None]:
    return {point.ends_on.year: point.value for point in found.points}


def count(
    quantity: Quantity, version: AreaVersion, year: int, value: object, **more: object
) -> None:
    make_observation(quantity, version, value, year=year, **more)


def test_a_side_that_one_part_does_not_tell_has_no_sum(wartburg: dict[str, AreaVersion]) -> None:
    quantity = make_quantity(code="population")
    men = make_indicator(code="men", formula="population[m]")
    count(quantity, wartburg["town"], 2015, 42_417)
    count(quantity, wartburg["old"], 2015, 125_655)
    count(quantity, wartburg["old"], 2015, 62_000, sex="m")

    assert values(series(men, wartburg["new"])).get(2015) is None


def test_what_a_recalculated_line_shows_is_in_its_files(
    client: Client, wartburg: dict[str, AreaVersion]
) -> None:
    quantity = make_quantity(code="population")
    make_indicator(code="population", formula="population", is_key=True)
    count(quantity, wartburg["town"], 2015, 42_417, quality="p")
    count(quantity, wartburg["old"], 2015, 125_655)
    count(quantity, wartburg["new"], 2024, 154_957)
    recompute()
    below = f"/daten/gebiet/{wartburg['new'].area_id}/verlauf"

    found = client.get(f"{below}.json").json()["values"]
    lines = client.get(f"{below}.csv").content.decode("utf-8-sig").splitlines()

    assert [(one["to"][:4], one["value"], one["quality"]) for one in found] == [
        ("2015", 125_655, None),
        ("2024", 154_957, None),
        ("2015", 168_072, "p"),
    ]
    last = found[-1]
    assert (
        last["recalculated"]
        == "umgerechnet auf das heutige Gebiet: Wartburgkreis (seit 01.07.2021)"
    )
    assert client.get(last["provenance"].removeprefix("http://localhost:8000")).status_code == 200
    assert "168072;" in lines[-1]
    assert lines[-1].endswith("(seit 01.07.2021)")
    assert lines[1].endswith("/;")


def test_a_value_shared_out_of_a_split_area_is_marked_in_the_files(client: Client) -> None:
    area = make_area(name="Altstadt", kind=AreaKind.MUNICIPALITY)
    old = make_area_version(area, valid_to=JUNE)
    new = make_area_version(area, valid_from=JULY)
    AreaTransition.objects.create(
        before=old, after=new, on=JULY, kind=TransitionKind.PARTIAL, share_population="0.5"
    )
    quantity = make_quantity(code="population")
    make_indicator(code="population", formula="population", is_key=True)
    count(quantity, old, 2015, 1000)
    count(quantity, new, 2024, 600)
    recompute()

    found = client.get(f"/daten/gebiet/{area.pk}/verlauf.json").json()["values"]

    assert [(one["value"], one["quality"]) for one in found if one["recalculated"]] == [(500, "s")]


def test_eisenach_and_wartburgkreis_are_one_territory_from_2015_to_2024(
    wartburg: dict[str, AreaVersion],
) -> None:
    quantity = make_quantity(code="population")
    indicator = make_indicator(code="population", formula="population")
    count(quantity, wartburg["town"], 2015, 42_417)
    count(quantity, wartburg["old"], 2015, 125_655)
    count(quantity, wartburg["new"], 2024, 154_957)
    recompute()

    recalculated = series(indicator, wartburg["new"])

    assert values(recalculated) == {2015: 168_072, 2024: 154_957}
    assert not any(point.is_estimate for point in recalculated.points)
    page = profile(wartburg["new"].area_id, EVERYBODY)
    assert page is not None
    (drawn,) = (one.figure for one in page.charts if one.key == "verlauf")
    assert [tuple(row) for row in drawn.table.rows] == [
        ("31.12.2015", "125.655,0", "168.072,0"),
        ("31.12.2024", "154.957,0", "–"),
    ]
    assert "am 01.07.2021 unterbrochen" in drawn.remark


def test_recalculated_value_leads_to_its_sum_its_areas_and_their_files(
    client: Client, wartburg: dict[str, AreaVersion]
) -> None:
    quantity = make_quantity(code="population", name_de="Bevölkerung")
    make_indicator(code="minors", formula="100 * population[:18] / population", unit_de="%")
    source = make_import(file_name="12411-2015.csv", table="12411-02", licence="dl-de/by-2-0")
    for name, minors, everybody in (("town", 10, 100), ("old", 90, 300)):
        count(quantity, wartburg[name], 2015, minors, age_to=18, source=source)
        count(quantity, wartburg[name], 2015, everybody, source=source)
    count(quantity, wartburg["new"], 2024, 90, age_to=18)
    count(quantity, wartburg["new"], 2024, 300)
    recompute()

    page = client.get(f"/daten/gebiet/{wartburg['new'].area_id}/").content.decode()
    (link,) = set(re.findall(r'href="(/daten/wert/umgerechnet/[^"]*)"', page))
    told = " ".join(client.get(link).content.decode().split())

    assert link.endswith(f"/umgerechnet/{wartburg['new'].pk}/minors/2015-12-31/")
    assert "100 ÷ 400 × 100 = 25,0 %" in told
    assert "10 (Eisenach) + 90 (Wartburgkreis) = 100" in told
    assert "Eisenach (bis 30.06.2021)" in told
    assert "Datei 12411-2015.csv" in told
    assert "dl-de/by-2-0" in told


def test_recalculated_value_with_a_hidden_part_tells_no_numbers(
    client: Client, wartburg: dict[str, AreaVersion]
) -> None:
    quantity = make_quantity(code="births", name_de="Geburten", is_confidential=True)
    make_indicator(code="births", formula="births")
    count(quantity, wartburg["town"], 2015, 2, secrecy="p")
    count(quantity, wartburg["old"], 2015, 5_151)
    link = f"/daten/wert/umgerechnet/{wartburg['new'].pk}/births/2015-12-31/"

    told = client.get(link).content.decode()

    assert "5.15" not in told
    assert "gesperrt" in told.lower()
    for other in (
        link.replace("2015", "2016"),
        link.replace("births", "nothing"),
        link.replace(f"/{wartburg['new'].pk}/", f"/{wartburg['old'].pk}/"),
    ):
        assert client.get(other).status_code == 404, other


def test_recalculated_value_says_which_part_of_an_area_was_estimated(client: Client) -> None:
    whole, part = make_area(name="Ganz"), make_area(name="Teil")
    old = make_area_version(whole, valid_to=JUNE)
    new = make_area_version(part, valid_from=JULY)
    AreaTransition.objects.create(
        before=old, after=new, on=JULY, kind=TransitionKind.SPLIT, share_population=Decimal("0.4")
    )
    make_indicator(code="population", formula="population", decimals=0)
    count(make_quantity(code="population"), old, 2015, 1000)

    told = client.get(f"/daten/wert/umgerechnet/{new.pk}/population/2015-12-31/").content.decode()

    assert "0,4 × 1.000 (Ganz) = 400" in told
    assert "davon 40 % der Anzahlen, geschätzt" in told


@pytest.mark.skipif(not GENESIS.exists(), reason="the real files are not beside the project")
def test_eisenach_and_wartburgkreis_from_the_official_files(
    wartburg: dict[str, AreaVersion],
) -> None:
    load_catalogue()
    for name in ("classic_table/12411-01-01-4.csv", "ffcsv_current/12411-01-01-4_de_flat.csv"):
        call_command("import_statistics", GENESIS / name, json=True, stdout=StringIO())

    everybody = Indicator.objects.get(code="population")
    assert values(series(everybody, wartburg["new"])) == {2015: 168_072, 2024: 154_957}


def test_ratios_are_computed_from_the_merged_counts(wartburg: dict[str, AreaVersion]) -> None:
    quantity = make_quantity(code="population")
    indicator = make_indicator(code="minors", formula="100 * population[:18] / population")
    for name, minors, everybody in (("town", 10, 100), ("old", 90, 300)):
        count(quantity, wartburg[name], 2015, minors, age_to=18)
        count(quantity, wartburg[name], 2015, everybody)

    (point,) = series(indicator, wartburg["new"]).points

    # Neither the mean of 10 % and 30 %, nor one of them.
    assert [point.value, point.numerator, point.denominator] == [25, 100, 400]


def test_change_over_the_merger_compares_the_same_territory(
    wartburg: dict[str, AreaVersion],
) -> None:
    quantity = make_quantity(code="population")
    indicator = make_indicator(
        code="change", formula="100 * (population / earlier(population, 5) - 1)"
    )
    for name, value in (("town", 40), ("old", 60)):
        count(quantity, wartburg[name], 2019, value)
    count(quantity, wartburg["new"], 2024, 90)

    assert values(series(indicator, wartburg["new"])) == {2024: -10}


def test_half_of_the_territory_is_no_territory(wartburg: dict[str, AreaVersion]) -> None:
    quantity = make_quantity(code="population")
    indicator = make_indicator(code="population", formula="population")
    count(quantity, wartburg["old"], 2015, 125_655)
    count(quantity, wartburg["town"], 2015, None, sign="/")

    (point,) = series(indicator, wartburg["new"]).points

    assert (point.value, point.sign) == (None, "/")


def test_nothing_is_said_of_days_for_which_a_part_of_the_territory_has_no_version(
    wartburg: dict[str, AreaVersion],
) -> None:
    AreaVersion.objects.filter(pk=wartburg["old"].pk).update(valid_from=date(2009, 1, 1))
    quantity = make_quantity(code="population")
    indicator = make_indicator(code="population", formula="population")
    for year in (2005, 2015):
        count(quantity, wartburg["town"], year, 42_417)
    count(quantity, wartburg["old"], 2015, 125_655)

    assert values(series(indicator, wartburg["new"])) == {2015: 168_072}
    AreaTransition.objects.filter(before=wartburg["old"]).delete()
    assert values(series(indicator, wartburg["new"])) == {}, "its own past is left out"


def test_what_cannot_be_merged_says_so(wartburg: dict[str, AreaVersion]) -> None:
    quantity = make_quantity(code="income", name_de="Einkommen", is_additive=False)
    indicator = make_indicator(code="income", formula="income")
    count(quantity, wartburg["old"], 2015, 20_000)
    count(quantity, wartburg["town"], 2015, 21_000)
    count(quantity, wartburg["new"], 2024, 25_000)

    found = series(indicator, wartburg["new"])

    assert values(found) == {2024: 25_000}
    assert len(found.notes) == 1
    assert "Einkommen" in found.notes[0]


def test_split_gives_estimates_that_are_marked() -> None:
    before = make_area_version(valid_to=JUNE)
    after = [make_area_version(valid_from=JULY) for _ in range(2)]
    for version, share in zip(after, ("0.25", "0.75"), strict=True):
        AreaTransition.objects.create(
            before=before,
            after=version,
            on=JULY,
            kind=TransitionKind.SPLIT,
            share_population=Decimal(share),
        )
    quantity = make_quantity(code="population")
    indicator = make_indicator(code="population", formula="population")
    count(quantity, before, 2020, 1000)
    count(quantity, after[0], 2024, 260)

    found = series(indicator, after[0])

    assert [one.value for one in found.points] == [250, 260]
    assert [one.is_estimate for one in found.points] == [True, False]
    assert len(found.notes) == 1


def test_hidden_counts_stay_hidden_in_every_series(wartburg: dict[str, AreaVersion]) -> None:
    quantity = make_quantity(code="population")
    indicator = make_indicator(code="population", formula="population")
    count(quantity, wartburg["town"], 2015, 2)
    count(quantity, wartburg["old"], 2015, 90)
    recompute()
    assert Observation.objects.exclude(secrecy="").exists()

    (merged,) = series(indicator, wartburg["new"]).points
    inside = recalculated_series(indicator, [wartburg["new"]], see_hidden=True)

    assert (merged.value, merged.sign, merged.is_hidden) == (None, "x", True)
    (figure,) = read_values(Figure.objects.filter(area=wartburg["town"].area), EVERYBODY)
    assert (figure.value, figure.sign) == (None, "x")
    assert inside[wartburg["new"].pk].points[0].value == 92


@pytest.mark.one_database
def test_number_of_queries_does_not_grow_with_areas(
    wartburg: dict[str, AreaVersion], django_assert_num_queries: object
) -> None:
    quantity = make_quantity(code="population")
    indicator = make_indicator(code="population", formula="population")
    others = [make_area_version() for _ in range(5)]
    for version in [*others, wartburg["new"]]:
        count(quantity, version, 2024, 100)
    recompute()

    with django_assert_num_queries(6):  # type: ignore[operator] # a fixture of pytest-django
        recalculated_series(indicator, [*others, wartburg["new"]])


def test_social_index_compares_areas_in_one_period_and_never_uses_hidden_figures() -> None:
    people = make_quantity(code="population")
    poor = make_quantity(code="poor")
    indicator = make_indicator(code="poverty", formula="100 * poor / population")
    index = SocialIndex.objects.create(slug="lage", name_de="Lage", classes=2)
    index.parts.create(indicator=indicator)
    versions = {}
    for name, everybody, counted in [
        ("A", 1000, 100),
        ("B", 1000, 300),
        ("C", 200, 100),
        ("D", 1000, 2),
        ("E", 1000, None),
    ]:
        versions[name] = make_area_version(make_area(name=name, kind=AreaKind.MUNICIPALITY))
        count(people, versions[name], 2024, everybody)
        if counted is not None:
            count(poor, versions[name], 2024, counted)
    count(poor, versions["E"], 2023, 500)
    count(people, versions["E"], 2023, 1000)
    recompute()

    table = index_table(index)

    told = {
        table.areas[result.area].name: result.left_out or result.burden_class
        for result in table.results
    }
    assert told == {
        "A": 1,
        "B": 2,
        "C": LeftOut.TOO_SMALL,
        "D": LeftOut.VALUE_MISSING,
        "E": LeftOut.VALUE_MISSING,
    }
    assert table.periods[indicator.pk][1] == date(2024, 12, 31)
