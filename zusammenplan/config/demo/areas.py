"""
The fictional county's areas: fourteen municipalities in six planning areas, one merger. Invented.

On 1 January 2019 Altwerk became part of Neuwerk, and Neuwerk came from Steinhöhe to Ilsetal. The
outlines are drawn by scripts/demo_areas.py.
"""

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from django.utils.timezone import localdate

from zusammenplan.people.models import User
from zusammenplan.places.actions.areas import add_area
from zusammenplan.places.actions.changes import merge
from zusammenplan.places.actions.imports import FileChoice, take_areas
from zusammenplan.places.actions.planning import cut_planning_areas
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area
from zusammenplan.places.queries.area_file import read_area_file
from zusammenplan.places.queries.planning import cut_of

COUNTY = "Landkreis Rennsteiggrund"
# As they were before the reform; the order is that of their numbers.
PLANNING_AREAS = {
    "Grundheim und Umland": ("Grundheim", "Kieferstedt"),
    "Oberes Rennsteigtal": ("Altenschlag", "Birkenrod", "Oberfelden"),
    "Ilsetal": ("Wiesenrode", "Ilsebrück"),
    "Lauterland": ("Lautersau", "Hammerfurt"),
    "Werragrund": ("Tannhain", "Moosbrunn", "Hohwart"),
    "Steinhöhe": ("Steinthal", "Neuwerk", "Altwerk"),
}
REFORM = date(2019, 1, 1)
REFORM_NOTE = "Gebietsreform zum 1. Januar 2019"
FOLDER = Path(__file__).parent


def fill_areas(*, by: User, now: datetime) -> dict[str, Area]:
    """Make the areas by the deeds that a planner would do; give the planning areas by name."""
    county = add_area({"name": COUNTY, "kind": AreaKind.COUNTY}, by=by)
    _import("areas-2018.geojson", by=by, now=now)
    known = {area.name: area for area in Area.objects.all()}
    planning_areas = {
        name: add_area({"name": name, "kind": AreaKind.PLANNING_AREA, "parent": county}, by=by)
        for name in PLANNING_AREAS
    }
    _cut(
        county,
        {
            known[municipality]: planning_areas[name]
            for name, municipalities in PLANNING_AREAS.items()
            for municipality in municipalities
        },
        None,
        by=by,
    )
    merge([known["Altwerk"]], known["Neuwerk"], REFORM, by=by, note=REFORM_NOTE)
    _cut(county, {known["Neuwerk"]: planning_areas["Ilsetal"]}, REFORM, by=by)
    _import("areas-2019.geojson", by=by, now=now)
    return {area.name: area for area in county.parts.all()}


def _import(name: str, *, by: User, now: datetime) -> None:
    content = (FOLDER / name).read_bytes()
    file = read_area_file(name, content)
    assert file.as_of  # noqa: S101 - our own files say their day
    take_areas(
        file,
        FileChoice(file.as_of),
        name=name,
        checksum=sha256(content).hexdigest(),
        seen=None,
        by=by,
        now=now,
    )


def _cut(county: Area, chosen: dict[Area, Area], day: date | None, *, by: User) -> None:
    seen = cut_of(county, localdate()).fingerprint
    cut_planning_areas(county, chosen, day, seen=seen, by=by)
