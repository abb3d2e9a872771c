"""Tables of the Landesamt of one area, which stands in a line above the years."""

import io
from datetime import date
from decimal import Decimal

import pytest

from zusammenplan.indicators.domain.files import opened_table
from zusammenplan.indicators.domain.shapes import Layout, Reading
from zusammenplan.indicators.domain.sides import whom
from zusammenplan.indicators.tests import files

HOME = "Landkreis Hildburghausen"
KNOWN = {HOME, "Thüringen", "Suhl, Stadt", "Hildburghausen, Stadt"}
YEARS_AS_ROWS = (
    "Bevölkerung am 31.12. nach Geschlecht\n"
    f"{HOME}\n"
    "Gebietsstand: 31.12.2023\n"
    "Jahr\tInsgesamt\tmännlich\tweiblich\n"
    "\tPersonen\n"
    "2021\t62 534\t31 020\t31 514\n"
    "2022\t62 310\t-\t1\u00a0998\n"
    "Quelle: Thüringer Landesamt für Statistik, Erfurt\n"
)
YEARS_AS_COLUMNS = (
    f"{HOME}\n"
    "Natürliche Bevölkerungsbewegung\n"
    "Merkmal;2021;2022\n"
    "Lebendgeborene;401;398\n"
    "Saldo je 1000 Einwohner;- 12,5;...\n"
)


def read(content: bytes | str) -> tuple[Layout, list[Reading]]:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    with opened_table(stream, "tabelle.csv", KNOWN.__contains__) as opened:
        found = list(opened.readings or ())
    assert all(isinstance(one, Reading) for one in found), found
    return opened.about.layout, [one for one in found if isinstance(one, Reading)]


def test_years_stand_as_rows_and_the_day_above_them() -> None:
    layout, found = read(YEARS_AS_ROWS)

    assert layout is Layout.NAMED
    assert {one.region.name for one in found} == {HOME}
    assert [
        (one.time.ends_on, whom(one.kind.breakdown).sex, one.cell.value, one.cell.sign)
        for one in found
    ] == [
        (date(2021, 12, 31), "", Decimal(62534), ""),
        (date(2021, 12, 31), "m", Decimal(31020), ""),
        (date(2021, 12, 31), "f", Decimal(31514), ""),
        (date(2022, 12, 31), "", Decimal(62310), ""),
        (date(2022, 12, 31), "m", None, "-"),
        (date(2022, 12, 31), "f", Decimal(1998), ""),
    ]
    assert all(one.time.starts_on == one.time.ends_on for one in found)
    assert {one.kind.measure.label for one in found} == {"Bevölkerung am 31.12. nach Geschlecht"}
    assert {one.kind.measure.unit for one in found} == {"Personen"}


def test_years_stand_as_columns_and_rows_say_what_is_counted() -> None:
    _layout, found = read(YEARS_AS_COLUMNS)

    assert [
        (one.time.ends_on.year, one.kind.measure.label, one.cell.value, one.cell.sign)
        for one in found
    ] == [
        (2021, "Lebendgeborene", Decimal(401), ""),
        (2022, "Lebendgeborene", Decimal(398), ""),
        (2021, "Saldo je 1000 Einwohner", Decimal("-12.5"), ""),
        (2022, "Saldo je 1000 Einwohner", None, "..."),
    ]
    assert {one.region.name for one in found} == {HOME}


@pytest.mark.parametrize(
    ("title", "area"),
    [
        ("Bevölkerung im Landkreis Hildburghausen", HOME),
        ("Landkreis Hildburghausen: Bevölkerung", HOME),
        ("Bevölkerung – Suhl, Stadt", "Suhl, Stadt"),
        ("Thüringen", "Thüringen"),
    ],
)
def test_the_area_is_found_in_a_title(title: str, area: str) -> None:
    _layout, found = read(f"{title}\nJahr;Personen insgesamt\n2021;5\n")

    assert [one.region.name for one in found] == [area]


@pytest.mark.parametrize("title", ["Bevölkerung", f"{HOME}\nSuhl, Stadt", "Kreis Nirgendwo"])
def test_without_one_known_area_above_the_columns_are_asked_for(title: str) -> None:
    layout, found = read(f"{title}\nJahr;Einwohner;Ort\n2021;5;x\n")

    assert (layout, found) == (Layout.OWN, [])


def test_a_table_of_several_areas_stays_one_though_its_title_names_the_county() -> None:
    layout, found = read(f"{HOME}\nGebiet;2021;2022\nHildburghausen, Stadt;5;6\n")

    assert layout is Layout.NAMED
    assert {one.region.name for one in found} == {"Hildburghausen, Stadt"}


def test_a_workbook_is_read_like_text() -> None:
    assert len(read(files.workbook(YEARS_AS_ROWS, separator="\t"))[1]) == 6
