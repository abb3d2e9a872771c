"""Figures follow their areas, from pages and from the command."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from zusammenplan.indicators.actions.areas import follow_areas
from zusammenplan.indicators.queries.looking.areas import Places
from zusammenplan.indicators.tests.factories import make_import, make_observation, make_quantity
from zusammenplan.places.actions.changes import change_from
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.tests.factories import make_area, make_area_version
from zusammenplan.places.tests.test_area_files import feature, file_of

pytestmark = pytest.mark.django_db


def test_figures_go_with_the_version_of_their_day() -> None:
    version = make_area_version(make_area(name="Alt"))
    quantity, source = make_quantity(), make_import()
    old = make_observation(quantity, version, 100, year=2018, source=source)
    new = make_observation(quantity, version, 110, year=2019, source=source)
    after = change_from(version.area, date(2019, 1, 1), {"name": "Neu"}, by=None)

    assert follow_areas() == 1
    assert follow_areas() == 0

    for observation in (old, new):
        observation.refresh_from_db()
    assert (old.area_version, new.area_version) == (version, after)


def test_of_two_figures_for_the_same_day_one_goes_along() -> None:
    area = make_area(name="Alt")
    days = (
        (None, date(2000, 12, 31)),
        (date(2001, 1, 1), date(2010, 12, 31)),
        (date(2011, 1, 1), None),
    )
    first, second, last = (
        make_area_version(area, valid_from=begins, valid_to=ends) for begins, ends in days
    )
    quantity = make_quantity()
    goes, stays = (make_observation(quantity, one, 100) for one in (first, second))

    assert follow_areas() == 1

    for observation in (goes, stays):
        observation.refresh_from_db()
    assert (goes.area_version, stays.area_version) == (last, second)


def test_an_area_that_changes_soon_is_shown_as_it_is_today() -> None:
    ends = localdate() + timedelta(days=30)
    grows, goes = make_area(name="Aue"), make_area(name="Berg")
    today = make_area_version(grows, valid_to=ends)
    soon = make_area_version(grows, valid_from=ends + timedelta(days=1))
    make_area_version(goes, valid_to=ends)

    places = Places.load()

    assert places.version[today.pk] == places.current(grows.pk) != places.version[soon.pk]
    assert places.is_there(goes.pk)


def test_a_figure_that_is_there_already_is_not_written_over() -> None:
    version = make_area_version(make_area(name="Alt"))
    quantity, source = make_quantity(), make_import()
    stray = make_observation(quantity, version, 110, year=2019, source=source)
    after = change_from(version.area, date(2019, 1, 1), {"name": "Neu"}, by=None)
    make_observation(quantity, after, 111, year=2019, source=source)

    assert follow_areas() == 0
    stray.refresh_from_db()
    assert stray.area_version == version


def run(*words: str) -> str:
    out = StringIO()
    call_command("import_areas", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> str:
    above = make_area(name="Landkreis Hildburghausen", kind=AreaKind.COUNTY)
    make_area_version(above, ags="16069")
    path = tmp_path / "gemeinden.geojson"
    broken = feature({"type": "Polygon", "coordinates": []}, AGS="16069013", GEN="Suhl")
    about = {"source": "Probe, Stand 01.01.2021", "license": "dl-de/by-2-0"}
    path.write_bytes(file_of(feature(), broken, metadata=about))
    return str(path)


def test_the_command_takes_areas_and_tells_what_it_did(file: str) -> None:
    (record,) = json.loads(run(file, "--json"))["files"]

    refused = record.pop("refused")
    assert [(one["number"], one["name"]) for one in refused] == [(2, "Suhl")]
    assert record == {
        "file": "gemeinden.geojson",
        "layout": "geojson",
        "territory": "2021-01-01",
        "source": "Probe, Stand 01.01.2021",
        "licence": "dl-de/by-2-0",
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "associations": 0,
        "changes_of_territory": [],
        "warnings": [],
    }
    assert json.loads(run(file, "--json"))["files"][0]["unchanged"] == 1
    assert "Suhl" in run(file)


def test_a_dry_run_writes_nothing(file: str) -> None:
    assert "gemeinden.geojson" in run(file, "--dry-run")
    assert not AreaVersion.objects.filter(ags="16069012").exists()


def test_of_several_files_all_are_taken_or_none(file: str, tmp_path: Path) -> None:
    other = tmp_path / "ohne-stand.geojson"
    other.write_bytes(file_of(feature()))

    with pytest.raises(CommandError, match="--as-of"):
        run(file, str(other))
    assert Area.objects.count() == 1
    run(file, str(other), "--as-of", "2021-01-01", "--only", "16069")
    assert Area.objects.count() == 2


@pytest.mark.parametrize("words", [["fehlt.geojson"], ["."]])
def test_what_is_no_file_is_refused(words: list[str], tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError):
        run(*words)
