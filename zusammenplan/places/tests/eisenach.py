"""Eisenach and Wartburgkreis: the standing example of a town that became part of a county."""

from datetime import date
from typing import NamedTuple

from zusammenplan.places.choices import AreaKind, TransitionKind
from zusammenplan.places.models import AreaTransition, AreaVersion
from zusammenplan.places.tests.factories import make_area, make_area_version

LAST_DAY, FIRST_DAY = date(2021, 6, 30), date(2021, 7, 1)


class Eisenach(NamedTuple):
    """The town and the county, each before and since July 2021."""

    town: AreaVersion
    municipality: AreaVersion
    county_before: AreaVersion
    county: AreaVersion


def make_eisenach() -> Eisenach:
    land = make_area(name="Thüringen", kind=AreaKind.LAND)
    make_area_version(land, ags="16")
    county = make_area(name="Wartburgkreis", kind=AreaKind.COUNTY, parent=land)
    town = make_area(name="Eisenach", kind=AreaKind.MUNICIPALITY, parent=county)
    made = Eisenach(
        make_area_version(town, ags="16056", kind=AreaKind.COUNTY, parent=land, valid_to=LAST_DAY),
        make_area_version(town, ags="16063105", ars="160630105105", valid_from=FIRST_DAY),
        make_area_version(county, ags="16063", valid_to=LAST_DAY),
        make_area_version(county, ags="16063", valid_from=FIRST_DAY),
    )
    for before, after, kind in (
        (made.county_before, made.county, TransitionKind.MERGE),
        (made.town, made.county, TransitionKind.MERGE),
        (made.town, made.municipality, TransitionKind.REKEY),
    ):
        AreaTransition.objects.create(before=before, after=after, on=FIRST_DAY, kind=kind)
    return made
