"""Figures that are kept: the population of two days gives nothing away that happened between."""

from __future__ import annotations

from datetime import date
from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from zusammenplan.core.history import changes
from zusammenplan.indicators.actions.catalogue import load_catalogue
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.actions.quantities import NotAPartError, change_quantity
from zusammenplan.indicators.models import Figure, Observation, Quantity
from zusammenplan.indicators.tests.factories import make_import, make_observation, make_quantity
from zusammenplan.indicators.tests.test_secrecy import Equations
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.tests.factories import make_area, make_area_version

if TYPE_CHECKING:
    from zusammenplan.places.models import AreaVersion

pytestmark = pytest.mark.django_db
FLOWS = ["births", "deaths", "moved_in", "moved_out"]
VILLAGES = {
    "Hohwart": (2, 14, 30, 25),
    "Moosbrunn": (9, 12, 50, 41),
    "Tannhain": (7, 20, 20, 33),
}
YEAR = {"starts_on": date(2024, 1, 1), "ends_on": date(2024, 12, 31)}


@pytest.fixture
def villages() -> dict[str, AreaVersion]:
    load_catalogue()
    region = make_area(name="Raum", kind=AreaKind.PLANNING_AREA)
    make_area_version(region)
    return {
        name: make_area_version(make_area(name=name, kind=AreaKind.MUNICIPALITY, parent=region))
        for name in VILLAGES
    }


def count(code: str, area: AreaVersion, value: int, **fields: Any) -> Observation:
    return make_observation(Quantity.objects.get(code=code), area, value, **fields)


def count_flows(villages: dict[str, AreaVersion]) -> None:
    for name, code in product(VILLAGES, FLOWS):
        count(code, villages[name], VILLAGES[name][FLOWS.index(code)], **YEAR)


def count_people(villages: dict[str, AreaVersion], year: int) -> None:
    for number, area in enumerate(villages.values(), start=1):
        count("population", area, 100 * number + year - 2000, year=year)


def hidden(**of: object) -> set[tuple[str, str]]:
    rows = Observation.objects.filter(**of).exclude(secrecy="")
    return set(rows.values_list("area_version__name", "quantity__code"))


def is_computable(name: str, code: str) -> bool:
    """Tell whether all that is shown of a year, and the change of each village, gives a flow."""
    atoms = list(product(VILLAGES, FLOWS))
    truth = [VILLAGES[one][FLOWS.index(flow)] for one, flow in atoms]
    rows = []
    for row in Observation.objects.filter(secrecy="", quantity__code__in=FLOWS):
        area, flow = row.area_version.name, row.quantity.code
        weights = {
            at: 1 for at, one in enumerate(atoms) if one[1] == flow and area in {one[0], "Raum"}
        }
        rows.append((weights, int(row.value or 0)))
    for village in VILLAGES:
        signs = {
            at: -1 if flow in {"deaths", "moved_out"} else 1
            for at, (one, flow) in enumerate(atoms)
            if one == village
        }
        rows.append((signs, sum(truth[at] * sign for at, sign in signs.items())))
    equations = Equations([60] * len(atoms), rows)
    at = atoms.index((name, code))
    near = [(max(0, value - 1), value + 1) for value in truth]
    return not any(
        equations.has_solution([({at: 1}, value)], bounds=near)
        for value in (truth[at] - 1, truth[at] + 1)
    )


def test_few_births_are_hidden_with_another_flow_before_the_population_is_known(
    villages: dict[str, AreaVersion],
) -> None:
    count_flows(villages)
    recompute()

    before = hidden()
    assert len({code for _name, code in before}) == 2
    assert not any(is_computable(*one) for one in before)
    assert Figure.objects.filter(indicator__code="natural_balance").exclude(secrecy="").exists()

    # It is known elsewhere anyway; when it comes, nothing was shown too early.
    for year in (2023, 2024):
        count_people(villages, year)
    recompute()
    assert hidden() == before


def test_few_births_alone_are_hidden_where_they_are_the_change_of_nothing(
    villages: dict[str, AreaVersion],
) -> None:
    Quantity.objects.update(change_of=None)
    count_flows(villages)

    recompute()

    assert {code for _name, code in hidden()} == {"births"}
    assert is_computable("Hohwart", "births")


def test_published_natural_increase_gives_neither_births_nor_deaths_away(
    villages: dict[str, AreaVersion],
) -> None:
    for (name, values), increase in zip(VILLAGES.items(), (-12, -3, -13), strict=True):
        count("births", villages[name], values[0], **YEAR)
        count("deaths", villages[name], values[1], **YEAR)
        count("natural_increase", villages[name], increase, **YEAR)

    recompute()

    of_village = {code for name, code in hidden() if name == "Hohwart"}
    assert "births" in of_village
    assert of_village & {"deaths", "natural_increase"}


def test_total_that_is_too_small_cuts_the_balance_next_to_its_day(
    villages: dict[str, AreaVersion],
) -> None:
    count_flows(villages)
    count_people(villages, 2023)
    for name, value in zip(VILLAGES, (2, 300, 400), strict=True):
        count("population", villages[name], value, year=2024)

    recompute()

    assert ("Hohwart", "population") in hidden(ends_on=date(2024, 12, 31))
    assert {("Hohwart", "moved_in"), ("Hohwart", "moved_out")} <= hidden()
    assert {("Raum", "moved_in"), ("Raum", "moved_out")} <= hidden()
    # Both found again, nothing changes.
    before = hidden()
    recompute(quantities=[Quantity.objects.get(code="births").pk], periods=[tuple(YEAR.values())])  # type: ignore[list-item] # two days
    assert hidden() == before


def test_catalogue_adds_the_balance_to_counts_that_were_there_before() -> None:
    load_catalogue()
    own = make_quantity(code="own")
    Quantity.objects.filter(code__in=FLOWS).update(part_of=None, is_subtracted=False)
    Quantity.objects.filter(code="deaths").update(part_of=own)
    for code in ("natural_increase", "net_migration", "population_change"):
        Quantity.objects.filter(code=code).delete()
        Quantity.history.filter(code=code).delete()

    load_catalogue()

    assert dict(Quantity.objects.filter(code__in=FLOWS).values_list("code", "part_of__code")) == {
        "births": "natural_increase",
        "deaths": "own",
        "moved_in": "net_migration",
        "moved_out": "net_migration",
    }
    moved_out = Quantity.objects.get(code="moved_out")
    assert moved_out.is_subtracted
    assert len(changes(moved_out)) > 1


def test_quantity_is_no_change_of_what_it_is_part_of() -> None:
    total, part = make_quantity(name_de="Alle"), make_quantity(name_de="Teil")

    def change(**values: object) -> Quantity:
        part.refresh_from_db()
        return change_quantity(part, values, [], seen_version=part.version, by=None)

    with pytest.raises(NotAPartError, match="Teil"):
        change(is_subtracted=True)
    with pytest.raises(NotAPartError, match="Teil"):
        change(change_of=part)
    change(part_of=total)
    with pytest.raises(NotAPartError, match="Alle"):
        change(change_of=total)
    change(part_of=None, change_of=total)
    with pytest.raises(NotAPartError, match="Alle"):
        change(part_of=total)
    with pytest.raises(NotAPartError):
        change(is_confidential=False)


def invented(dice: Random) -> dict[tuple[str, str, str], int]:
    """Give people of two days, and what happened to them, of each village and sex."""
    found: dict[tuple[str, str, str], int] = {}
    for village, sex in product(VILLAGES, "mf"):
        before, births, deaths, came, went = (dice.randrange(9) for _ in range(5))
        while before + births - deaths + came - went < 0:
            came += 1
        found |= {
            (village, sex, what): value
            for what, value in zip(
                ("before", *FLOWS), (before, births, deaths, came, went), strict=True
            )
        }
    return found


def weights_of(row: Observation, atoms: list[tuple[str, str, str]]) -> dict[int, int]:
    """Give of which people before and flows a count is made."""
    name, code = row.area_version.name, row.quantity.code
    weights = {}
    for at, (village, sex, what) in enumerate(atoms):
        if name not in {village, "Raum"} or row.sex not in {"", sex}:
            continue
        if code == what or (code == "population" and what == "before"):
            weights[at] = 1
        elif code == "population" and row.ends_on.year == YEAR["ends_on"].year:
            weights[at] = -1 if what in {"deaths", "moved_out"} else 1
    return weights


@pytest.mark.parametrize("seed", range(6))
def test_nothing_hidden_of_two_days_and_the_year_between_can_be_computed(
    villages: dict[str, AreaVersion], seed: int
) -> None:
    dice = Random(seed)
    truth = invented(dice)
    atoms = list(truth)
    source = make_import()
    sexes = dice.choice([("",), ("", "m", "f")])
    left_out = {dice.choice(FLOWS)} if dice.random() < 0.3 else set()
    codes = {code: Quantity.objects.get(code=code) for code in ("population", *FLOWS)}
    for area in villages.values():
        for code, sex, year in product(codes, ("", "m", "f"), (2023, 2024)):
            is_flow = code != "population"
            if is_flow and (year == 2023 or sex not in sexes or code in left_out):
                continue
            fields: dict[str, Any] = {**YEAR} if is_flow else {"year": year}
            row = make_observation(codes[code], area, 0, sex=sex, source=source, **fields)
            row.value = sum(truth[atoms[at]] * one for at, one in weights_of(row, atoms).items())
            row.save()

    recompute()

    rows = list(Observation.objects.select_related("area_version", "quantity"))
    equations = Equations(
        [max(truth.values()) + 3] * len(atoms),
        [(weights_of(row, atoms), int(row.value or 0)) for row in rows if not row.secrecy],
    )
    near = [(max(0, value - 1), value + 1) for value in truth.values()]
    for row in (row for row in rows if row.secrecy):
        weights, value = weights_of(row, atoms), int(row.value or 0)
        assert any(
            equations.has_solution([(weights, other)], bounds=near)
            for other in (value - 1, value + 1)
            if other >= 0
        ), (row.area_version.name, row.quantity.code, row.sex, row.ends_on)
