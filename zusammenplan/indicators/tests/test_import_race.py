"""Two imports, or an import and an undoing, at the same moment: nothing is lost or doubled."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from zusammenplan.core.tests.races import Deed, Race
from zusammenplan.indicators.actions.imports import (
    ImportRefusedError,
    OtherThanShownError,
    Wishes,
    take_over,
    undo_import,
)
from zusammenplan.indicators.models import (
    Observation,
    Quantity,
    ReplacedValue,
    StatisticsImport,
)
from zusammenplan.indicators.tests import files
from zusammenplan.indicators.tests.files import Value
from zusammenplan.places.actions.versions import delete_version
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.tests.factories import make_area, make_area_version

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
race = Race(ImportRefusedError)
HERE, THERE, AWAY = "16069", "16070", "16071"


def make_counties() -> list[AreaVersion]:
    return [
        make_area_version(make_area(name=f"Kreis {key}", kind=AreaKind.COUNTY), ags=key)
        for key in (HERE, THERE)
    ]


def imports(
    folder: Path, name: str, values: Sequence[tuple[str, int, str]], *, measure: str = "NEU001"
) -> Deed:
    """Take a table over that counts something no catalogue knows."""
    rows = [Value(key, f"Kreis {key}", year, "", text) for key, year, text in values]
    source = files.source(folder, files.flat(rows, measure=measure), f"{name}.csv")
    return lambda: take_over([source], Wishes(), by=None, now=NOON)


def taken(folder: Path, name: str, values: Sequence[tuple[str, int, str]]) -> StatisticsImport:
    imports(folder, name, values)()
    return StatisticsImport.objects.get(file_name=f"{name}.csv")


def known() -> dict[tuple[str, int], Decimal | None]:
    """Give each value by key and year, and see that what it is linked to is there."""
    rows = Observation.objects.values_list("area_version__ags", "ends_on__year", "value")
    assert rows.filter(source__isnull=True).count() == 0
    assert len({row[:2] for row in rows}) == len(rows) == Observation.objects.count()
    return {(key, year): value for key, year, value in rows}


def test_two_files_at_once_are_both_taken_over_with_one_new_quantity_and_one_new_area(
    tmp_path: Path,
) -> None:
    make_counties()

    outcomes = race.at_once(
        imports(tmp_path, "eins", [(HERE, 2023, "100"), (AWAY, 2023, "300"), (HERE, 2024, "101")]),
        imports(tmp_path, "zwei", [(THERE, 2024, "200"), (AWAY, 2024, "301"), (HERE, 2024, "101")]),
    )

    assert outcomes == [None, None]
    assert known() == {
        (HERE, 2023): 100,
        (HERE, 2024): 101,
        (THERE, 2024): 200,
        (AWAY, 2023): 300,
        (AWAY, 2024): 301,
    }
    assert Quantity.objects.count() == 1
    assert Area.objects.filter(is_reference=True).count() == 1
    assert sum(StatisticsImport.objects.values_list("new", flat=True)) == 5
    assert sum(StatisticsImport.objects.values_list("unchanged", flat=True)) == 1


def test_the_same_file_at_once_is_taken_over_once(tmp_path: Path) -> None:
    make_counties()
    same = imports(tmp_path, "tabelle", [(HERE, 2024, "100"), (THERE, 2024, "200")])

    assert race.at_once(same, same, same) == [None, None, None]

    assert known() == {(HERE, 2024): 100, (THERE, 2024): 200}
    assert StatisticsImport.objects.get().new == 2


@pytest.mark.parametrize("undoing_is_first", [True, False])
def test_an_import_and_the_undoing_of_another_leave_what_the_import_says(
    tmp_path: Path, *, undoing_is_first: bool
) -> None:
    make_counties()
    first = taken(tmp_path, "eins", [(HERE, 2023, "100"), (HERE, 2024, "101")])
    deeds: list[Deed] = [
        lambda: undo_import(first, by=None, now=NOON),
        imports(tmp_path, "zwei", [(HERE, 2024, "777"), (THERE, 2024, "200")]),
    ]

    outcomes = race.overlapping(*(deeds if undoing_is_first else deeds[::-1]))

    # Its quantity went with the first import before the second was done reading, or stayed.
    assert outcomes in {(None, None), (None, OtherThanShownError)}
    is_taken = outcomes == (None, None)
    assert known() == ({(HERE, 2024): 777, (THERE, 2024): 200} if is_taken else {})
    assert is_taken or undoing_is_first
    assert not ReplacedValue.objects.exists()
    assert StatisticsImport.objects.get(pk=first.pk).undone_at


def test_values_of_an_area_that_is_deleted_meanwhile_are_not_taken_over(tmp_path: Path) -> None:
    version = make_counties()[0]
    make_area_version(version.area, ags="16072", valid_from="1990-01-01", valid_to="1990-12-31")
    take = imports(tmp_path, "eins", [(HERE, 2024, "100")])

    outcomes = race.overlapping(lambda: delete_version(version, reason="Doppelt.", by=None), take)

    assert outcomes == (None, OtherThanShownError)
    assert not Observation.objects.exists()
    assert not StatisticsImport.objects.exists()
