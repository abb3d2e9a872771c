"""Planning areas that are cut anew give no hidden count away to who kept the sums of before."""

from pathlib import Path

import pytest
from django.utils import timezone

from zusammenplan.core.history import keep
from zusammenplan.indicators.actions.areas import follow_areas
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


def test_two_ways_to_cut_planning_areas_give_no_municipality_away(tmp_path: Path) -> None:
    county = make_area(name="Kreis", kind=AreaKind.COUNTY)
    make_area_version(county, name="Kreis", kind=AreaKind.COUNTY, ags="16099")
    planning_area("Ost", EAST, county, 1)
    west = planning_area("West", WEST, county, 5)
    table = [
        Value(f"16099{number:03}", name, 2024, "", str(count))
        for number, (name, count) in enumerate(PEOPLE.items(), start=1)
    ]
    source = files.source(tmp_path, files.flat(table))
    take_over([source], Wishes(), by=None, now=timezone.now())
    before = shown_sums()
    assert before[frozenset(EAST)] == 56

    moved = AreaVersion.objects.get(name="h")
    moved.parent = west
    keep(moved, by=None, deed="moved")
    follow_areas()

    names = list(PEOPLE)
    equations = Equations(
        [130] * len(names),
        [
            ({names.index(one): 1 for one in made_of}, count)
            for made_of, count in {**before, **shown_sums()}.items()
        ],
    )
    hidden = Observation.objects.exclude(secrecy="").values_list("area_version__name", flat=True)
    assert {"h", "g", "k", "m", "n"} <= set(hidden)
    for name in ("h", "g", "k", "m", "n"):
        assert any(
            equations.has_solution([({names.index(name): 1}, other)])
            for other in nearby(PEOPLE[name], 8)
        ), name
