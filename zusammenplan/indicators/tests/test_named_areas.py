"""Names of municipalities occur in several counties: the table says above or beside which it is."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from zusammenplan.indicators.actions.imports import (
    ImportRefusedError,
    Outlook,
    Wishes,
    look_ahead,
    take_over,
)
from zusammenplan.indicators.domain.own import Meaning
from zusammenplan.indicators.models import Observation
from zusammenplan.indicators.tests import files
from zusammenplan.indicators.tests.factories import make_quantity
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area
from zusammenplan.places.tests.factories import make_area, make_area_version

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def places() -> None:
    """Two counties with a Neustadt each, a third one that is not in the list, and a town."""
    for key, name in (("16061", "Landkreis Eichsfeld"), ("16063", "Wartburgkreis")):
        county = place(name, AreaKind.COUNTY, key)
        place(f"Neustadt ({key})", AreaKind.MUNICIPALITY, f"{key}001", county, name="Neustadt")
        place(f"Stadt {key}", AreaKind.MUNICIPALITY, f"{key}002", county, name=f"Ort {key}")
    place("Suhl", AreaKind.COUNTY, "16054")


def place(of: str, kind: AreaKind, key: str, parent: Area | None = None, name: str = "") -> Area:
    area = make_area(name=of, kind=kind, parent=parent)
    make_area_version(area, name=name or of, kind=kind, ags=key, parent=parent)
    return area


def look(folder: Path, text: str) -> Outlook:
    return look_ahead([files.source(folder, text)], Wishes())


def take(folder: Path, text: str) -> dict[str, Decimal | None]:
    take_over([files.source(folder, text)], Wishes(), by=None, now=NOON)
    rows = Observation.objects.exclude(source=None).select_related("area_version")
    return {row.area_version.ags: row.value for row in rows}


GROUPED = (
    "Bevölkerung am 31.12.2023\n"
    "Gebiet;Insgesamt\n"
    ";Personen\n"
    "{first}\n"
    "Neustadt, Stadt;1 005\n"
    "Ort 16061;7\n"
    "{second}\n"
    "Neustadt;2 005\n"
    "Suhl, Stadt;36 000\n"
    "__________\n"
    "Quelle: Thüringer Landesamt für Statistik, Erfurt\n"
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Landkreis Eichsfeld;", "Wartburgkreis;"),
        ("Eichsfeld, Landkreis;100 000", "Wartburgkreis;155 000"),
    ],
    ids=["as headings", "as sums above"],
)
def test_the_county_above_tells_which_municipality_is_meant(
    tmp_path: Path, first: str, second: str
) -> None:
    found = take(tmp_path, GROUPED.format(first=first, second=second))

    wanted = {"16061001": Decimal(1005), "16063001": Decimal(2005), "16054": Decimal(36000)}
    assert found.items() >= wanted.items()


def test_a_county_in_the_title_tells_it_too(tmp_path: Path) -> None:
    text = (
        "Bevölkerung der Gemeinden des Landkreises Eichsfeld\n"
        "Gemeinde;31.12.2022;31.12.2023\nNeustadt;5;6\nOrt 16061;7;8\n"
    )

    assert set(take(tmp_path, text)) == {"16061001", "16061002"}


def test_a_sum_below_says_nothing_of_what_follows(tmp_path: Path) -> None:
    text = (
        "Bevölkerung am 31.12.2023\nGebiet;Insgesamt\nOrt 16061;7\nLandkreis Eichsfeld;7\n"
        "Neustadt;5\nWartburgkreis;5\n"
    )

    outlook = look(tmp_path, text)

    assert [one.name for one in outlook.ambiguous] == ["Neustadt"]


def test_a_municipality_of_a_county_that_is_not_in_the_list_is_none_of_ours(tmp_path: Path) -> None:
    text = (
        "Bevölkerung am 31.12.2023\nGebiet;Insgesamt\nLandkreis Nordhausen;5\nNeustadt;3\n"
        "Ort 16061;2\nLandkreis Eichsfeld;7\nOrt 16061;7\n"
    )

    outlook = look(tmp_path, text)

    reasons = [fault.reason for fault in outlook.files[0].refused]
    assert [fault.row for fault in outlook.files[0].refused] == [3, 4, 5]
    assert "„Neustadt“ in „Landkreis Nordhausen“" in reasons[1]
    assert outlook.files[0].new == 2


OWN = "Landkreis;Gemeinde;Jahr;Einwohner\n{};Neustadt;2023;5\nWartburgkreis;Neustadt;2023;6\n"


def test_a_column_beside_tells_which_municipality_is_meant(tmp_path: Path) -> None:
    source = files.source(tmp_path, OWN.format("Eichsfeld"))
    mappings = files.meanings(source)
    (mapping,) = mappings.values()
    assert [one.meaning for one in mapping.columns] == [
        Meaning.WITHIN,
        Meaning.NAME,
        Meaning.TIME,
        Meaning.VALUE,
    ]

    take_over([source], Wishes(mappings=mappings), by=None, now=NOON)

    rows = Observation.objects.exclude(source=None)
    assert {row.area_version.ags: row.value for row in rows} == {"16061001": 5, "16063001": 6}


def test_rows_below_the_end_of_an_own_table_are_not_lost_in_silence(tmp_path: Path) -> None:
    text = OWN.format("Eichsfeld") + "__________\nWartburgkreis;Neustadt;2024;7\n"
    source = files.source(tmp_path, text)

    with pytest.raises(ImportRefusedError, match="Zeile 5"):
        look_ahead([source], Wishes(mappings=files.meanings(source)))


def test_a_title_with_its_day_counts_the_same_every_year(tmp_path: Path) -> None:
    population = make_quantity(code="population", name_de="Bevölkerung", unit_de="Personen")
    for year in (2022, 2023):
        take(tmp_path, f"Bevölkerung am 31.12.{year}\nGebiet;Insgesamt\nOrt 16061;7\n")
    take(tmp_path, "Bevölkerung insgesamt 2024\nGebiet;Insgesamt\nOrt 16061;5\n")

    rows = Observation.objects.exclude(source=None).order_by("ends_on")
    assert [(row.quantity, row.ends_on.year) for row in rows] == [
        (population, 2022),
        (population, 2023),
        (population, 2024),
    ]
