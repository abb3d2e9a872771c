"""Planning areas that are cut anew give no hidden count away to who kept the sums of before."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from zusammenplan.core.history import keep
from zusammenplan.indicators.actions.areas import follow_areas
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.actions.imports import Wishes, take_over
from zusammenplan.indicators.models import Observation
from zusammenplan.indicators.tests import files
from zusammenplan.indicators.tests.files import Value
from zusammenplan.indicators.tests.test_secrecy import Equations, nearby
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.tests.factories import make_area, make_area_version

pytestmark = pytest.mark.django_db
EAST, WEST = {"a": 50, "h": 2, "g": 2, "k": 2}, {"z": 60, "m": 2, "n": 2}
PEOPLE = {**EAST, **WEST}


def planning_area(name: str, members: dict[str, int], county: Area, first: int) -> Area:
    area = make_area(name=name, kind=AreaKind.PLANNING_AREA, parent=county)
    make_area_version(area, name=name, kind=AreaKind.PLANNING_AREA, parent=county)
    for number, member in enumerate(members, start=first):
        one = make_area(name=member, kind=AreaKind.MUNICIPALITY, parent=area)
        kind = AreaKind.MUNICIPALITY
        make_area_version(one, name=member, kind=kind, parent=area, ags=f"16099{number:03}")
    return area


def shown_sums() -> dict[frozenset[str], int]:
    """Give what everybody can read: of whom, and how many."""
    within = {
        "Ost": frozenset(AreaVersion.objects.filter(parent__name="Ost").values_list("name")),
        "West": frozenset(AreaVersion.objects.filter(parent__name="West").values_list("name")),
    }
    found = {}
    for row in Observation.objects.filter(secrecy="").select_related("area_version"):
        name = row.area_version.name
        made_of = {one for (one,) in within.get(name, ())} or {name}
        if name == "Kreis":
            made_of = set(PEOPLE)
        found[frozenset(made_of)] = int(row.value or 0)
    return found


@pytest.fixture
def cut(tmp_path: Path) -> tuple[Area, Area]:
    """Publish small villages within two planning areas."""
    county = make_area(name="Kreis", kind=AreaKind.COUNTY)
    make_area_version(county, name="Kreis", kind=AreaKind.COUNTY, ags="16099")
    east = planning_area("Ost", EAST, county, 1)
    west = planning_area("West", WEST, county, 5)
    take(tmp_path, "first.csv", 2024)
    return east, west


def take(folder: Path, name: str, *years: int, minutes: int = 0) -> None:
    table = [
        Value(f"16099{number:03}", village, year, "", str(count))
        for year in years
        for number, (village, count) in enumerate(PEOPLE.items(), start=1)
    ]
    source = files.source(folder, files.flat(table), name)
    now = timezone.now() + timedelta(minutes=minutes)
    take_over([source], Wishes(), by=None, now=now)


def move(name: str, to: Area, minutes: int) -> None:
    """Let a village belong to another planning area, some time after all that was done so far."""
    moved = AreaVersion.objects.get(name=name)
    moved.parent = to
    keep(moved, by=None, deed="moved")
    latest = moved.history.latest("history_id")
    moved.history.filter(pk=latest.pk).update(
        history_date=timezone.now() + timedelta(minutes=minutes)
    )
    follow_areas()


def given_away(*states: dict[frozenset[str], int]) -> list[str]:
    """Give the hidden villages that the sums of all states together give away."""
    names = list(PEOPLE)
    equations = Equations(
        [130] * len(names),
        [
            ({names.index(one): 1 for one in made_of}, count)
            for state in states
            for made_of, count in state.items()
        ],
    )
    hidden = Observation.objects.exclude(secrecy="").values_list("area_version__name", flat=True)
    assert {"h", "g", "k", "m", "n"} <= set(hidden)
    return [
        name
        for name in ("h", "g", "k", "m", "n")
        if not any(
            equations.has_solution([({names.index(name): 1}, other)])
            for other in nearby(PEOPLE[name], 8)
        )
    ]


def test_two_ways_to_cut_planning_areas_give_no_municipality_away(cut: tuple[Area, Area]) -> None:
    before = shown_sums()
    assert before[frozenset(EAST)] == 56

    move("h", cut[1], 1)

    assert given_away(before, shown_sums()) == []


def test_no_cut_of_all_that_were_gives_a_municipality_away(cut: tuple[Area, Area]) -> None:
    east, west = cut
    states = [shown_sums()]

    # At last one village lies elsewhere than at first; what was between does not tell.
    for minutes, (name, to) in enumerate([("a", west), ("g", west), ("a", east)], start=1):
        move(name, to, minutes)
        states.append(shown_sums())

    assert given_away(*states) == []


def test_former_cuts_are_still_known_after_the_next_figures(
    cut: tuple[Area, Area], tmp_path: Path
) -> None:
    before = shown_sums()
    move("h", cut[1], 1)
    take(tmp_path, "again.csv", 2023, 2024, minutes=2)
    recompute()

    of_2023 = Observation.objects.filter(ends_on__year=2023)
    # Nobody ever saw what the sums of before would have been for the new year.
    assert not of_2023.exclude(secrecy="").filter(area_version__name="West").exists()
    Observation.objects.filter(ends_on__year=2023).delete()
    assert given_away(before, shown_sums()) == []
