"""Files are taken over, all or nothing; what they say is kept exactly, and can be undone."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from zusammenplan.core.models import Municipality
from zusammenplan.core.tables import MAX_ROWS
from zusammenplan.indicators.actions.imports import (
    ColumnsUnknownError,
    ImportRefusedError,
    Origin,
    OtherThanShownError,
    Outlook,
    SourceFile,
    Wishes,
    look_ahead,
    take_over,
    undo_import,
)
from zusammenplan.indicators.domain.own import Meaning, OwnColumn, OwnMapping
from zusammenplan.indicators.models import (
    ALL_AGES,
    ColumnMapping,
    Observation,
    Quantity,
    QuantityAlias,
    ReplacedValue,
    StatisticsImport,
)
from zusammenplan.indicators.tests import files
from zusammenplan.indicators.tests.factories import make_observation, make_quantity
from zusammenplan.indicators.tests.files import Value
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.tests.factories import make_area, make_area_version

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 27, 12, tzinfo=UTC)


def county(key: str, name: str, **fields: object) -> AreaVersion:
    return make_area_version(make_area(name=name, kind=AreaKind.COUNTY), ags=key, **fields)


def value(key: str, text: str, *, sex: str = "", year: int = 2024, name: str = "") -> Value:
    return Value(key, name or f"Kreis {key}", year, sex, text)


def take(folder: Path, *contents: str | bytes, wishes: Wishes | None = None) -> Outlook:
    sources = [
        files.source(folder, content, f"tabelle-{number}.csv")
        for number, content in enumerate(contents)
    ]
    return take_over(sources, wishes or Wishes(), by=None, now=NOON)


def known() -> list[tuple[str, int, str, Decimal | None, str]]:
    """Give what is known: key, year, sex, value, sign."""
    rows = Observation.objects.order_by("area_version__ags", "ends_on", "sex")
    return [
        (it.area_version.ags, it.ends_on.year, it.sex, it.value, it.sign)
        for it in rows.select_related("area_version")
    ]


def test_values_are_kept_with_sign_quality_and_raw_text(tmp_path: Path) -> None:
    county("16069", "Landkreis Hildburghausen")
    texts = ["59 987", "(1.234)", "12,5p", "x"]

    take(
        tmp_path,
        files.flat([value("16069", text, year=2020 + at) for at, text in enumerate(texts)]),
    )

    rows = Observation.objects.order_by("ends_on").values_list("value", "sign", "quality", "raw")
    assert list(rows) == [
        (Decimal(59987), "", "", "59 987"),
        (Decimal(1234), "", "()", "(1.234)"),
        (Decimal("12.5"), "", "p", "12,5p"),
        (None, "x", "", "x"),
    ]


def test_there_are_never_fewer_people_than_none_but_balances_may_be(tmp_path: Path) -> None:
    county("16069", "Landkreis Hildburghausen")
    table = [value("16069", "-12"), value("16069", "5", sex="f")]

    people = take(tmp_path, files.flat(table))
    balance = take(
        tmp_path, files.flat(table, measure="SALDO").replace("Bevölkerungsstand", "Saldo")
    )

    assert [fault.row for fault in people.files[0].refused] == [2]
    assert "weniger als niemand" in people.files[0].refused[0].reason
    assert not balance.files[0].refused
    assert [it[3] for it in known()] == [Decimal(-12), Decimal(5), Decimal(5)]


def test_dash_is_zero_only_beside_a_number_of_the_same_region_time_and_measure(
    tmp_path: Path,
) -> None:
    county("16069", "Landkreis Hildburghausen")
    county("16070", "Ilm-Kreis")

    take(
        tmp_path,
        files.flat(
            [
                value("16069", "5"),
                value("16069", "-", sex="f"),
                value("16070", "-"),
                value("16070", "-", sex="f"),
                value("16070", "7", year=2023),
            ]
        ),
    )

    assert known() == [
        ("16069", 2024, "", Decimal(5), ""),
        ("16069", 2024, "f", Decimal(0), "-"),
        ("16070", 2023, "", Decimal(7), ""),
        ("16070", 2024, "", None, "-"),
        ("16070", 2024, "f", None, "-"),
    ]


def test_dash_of_a_share_is_no_zero(tmp_path: Path) -> None:
    county("16069", "Landkreis Hildburghausen")
    table = [value("16069", "5,5"), value("16069", "-", sex="f")]

    take(tmp_path, files.flat(table, measure="AI0111", unit="Prozent"))

    assert known()[1] == ("16069", 2024, "f", None, "-")
    assert not Quantity.objects.get().is_additive


def test_region_that_does_not_exist_any_more_is_not_zero(tmp_path: Path) -> None:
    county("16056", "Eisenach", valid_to=date(2021, 6, 30))
    county("16063", "Wartburgkreis")

    outlook = take(
        tmp_path,
        files.flat([value("16056", "-"), value("16056", "-", sex="m"), value("16063", "154957")]),
    )

    assert known() == [("16063", 2024, "", Decimal(154957), "")]
    assert outlook.files[0].skipped == {"not_then": 2}


def test_number_of_an_area_that_did_not_exist_is_refused(tmp_path: Path) -> None:
    county("16056", "Eisenach", valid_to=date(2021, 6, 30))

    outlook = take(tmp_path, files.flat([value("16056", "42000"), value("16056", "1", year=2015)]))

    (fault,) = outlook.files[0].refused
    assert (fault.row, fault.column) == (2, 14)
    assert "31.12.2024" in fault.reason


def test_unknown_region_with_a_number_becomes_an_area_to_compare_with(tmp_path: Path) -> None:
    outlook = take(
        tmp_path,
        files.flat([value("09575", "100", name="Neustadt"), value("09999", "-"), value("99", "7")]),
    )

    area = Area.objects.get()
    assert (area.name, area.is_reference) == ("Neustadt", True)
    assert area.versions.get().ags == "09575"
    assert [it.key for it in outlook.areas] == ["09575"]
    assert outlook.files[0].skipped == {"no_number": 1}
    assert "99" in outlook.files[0].refused[0].reason


def test_the_county_of_our_key_is_our_own_from_its_first_figure(tmp_path: Path) -> None:
    Municipality.objects.update_or_create(pk=1, defaults={"ags": "16069"})

    take(tmp_path, files.flat([value("16069", "5"), value("16070", "7")]))

    assert [area.versions.get().ags for area in Area.objects.own()] == ["16069"]


def test_areas_of_the_same_name_are_told_apart_by_their_key(tmp_path: Path) -> None:
    table = [value("07111", "1", name="Kreis"), value("07112", "2", name="Kreis")]

    take(tmp_path, files.flat(table))

    assert set(Area.objects.values_list("name", flat=True)) == {"Kreis", "Kreis (07112)"}


def test_only_known_areas_are_taken_if_that_is_wished(tmp_path: Path) -> None:
    county("16069", "Landkreis Hildburghausen")
    table = files.flat([value("16069", "1"), value("09575", "2")])

    outlook = take(tmp_path, table, wishes=Wishes(known_areas_only=True))
    again = take(tmp_path, table)

    assert outlook.files[0].skipped == {"unwanted": 1}
    assert (again.files[0].new, again.files[0].unchanged) == (1, 1)


def test_same_file_again_changes_nothing(tmp_path: Path) -> None:
    table = files.flat([value("16069", "1")])
    take(tmp_path, table)

    again = take(tmp_path, table)

    assert again.changes_nothing
    assert again.files[0].known is not None
    assert StatisticsImport.objects.count() == 1


def test_same_values_in_another_layout_are_unchanged(tmp_path: Path) -> None:
    table = [value("16069", "10"), value("16069", "4", sex="m")]
    take(tmp_path, files.flat(table))

    outlook = take(tmp_path, files.classic(table))

    assert (outlook.files[0].new, outlook.files[0].unchanged) == (0, 2)
    assert Quantity.objects.count() == 1


def test_changed_value_replaces_the_old_one_which_is_kept(tmp_path: Path) -> None:
    first = take(tmp_path, files.flat([value("16069", "10")])).imports[0]

    outlook = take(tmp_path, files.flat([value("16069", "11r")]))

    assert (outlook.files[0].new, outlook.files[0].changed) == (0, 1)
    assert Observation.objects.get().value == 11
    replaced = ReplacedValue.objects.get()
    assert replaced.value == 10
    assert replaced.source == first
    assert replaced.replaced_by == outlook.imports[0]


def test_older_copy_does_not_overwrite_what_a_later_file_said(tmp_path: Path) -> None:
    old = files.flat([value("16069", "10")])
    take(tmp_path, old)
    take(tmp_path, files.flat([value("16069", "11")]))

    outlook = take(tmp_path, old)

    assert Observation.objects.get().value == 11
    assert outlook.files[0].skipped == {"overtaken": 1}


def test_value_of_a_source_takes_the_place_of_a_computed_sum(tmp_path: Path) -> None:
    version = county("16069", "Landkreis Hildburghausen")
    quantity = make_quantity(code="population")
    QuantityAlias.objects.create(quantity=quantity, statistics="12411", measure="BEVSTD")
    make_observation(quantity, version, 9, source=None)

    outlook = take(tmp_path, files.flat([value("16069", "10")]))

    assert outlook.files[0].new == 1
    assert Observation.objects.get().source == outlook.imports[0]


def test_files_that_contradict_each_other_are_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError) as refusal:
        take(
            tmp_path,
            files.flat([value("16069", "10"), value("16070", "1")]),
            files.flat([value("16069", "11")]),
        )

    assert "„tabelle-0.csv“, Zeile 2, Spalte 14" in str(refusal.value)
    assert "„tabelle-1.csv“, Zeile 2, Spalte 14" in str(refusal.value)
    assert not Observation.objects.exists()
    assert not StatisticsImport.objects.exists()


def test_files_that_agree_are_taken_over_together(tmp_path: Path) -> None:
    outlook = take(
        tmp_path,
        files.flat([value("16069", "10")]),
        files.flat([value("16069", "10"), value("16070", "1")]),
    )

    assert [(it.new, it.skipped) for it in outlook.files] == [(1, {}), (1, {"twice": 1})]


def test_one_unreadable_file_refuses_all(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match=r"tabelle-1\.csv"):
        take(tmp_path, files.flat([value("16069", "10")]), "<html>Fehler</html>")

    assert not Observation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_file_that_breaks_off_half_way_leaves_the_connection_sound(tmp_path: Path) -> None:
    good = files.flat([value("16069", "10")])
    broken = good + "__________\n" + good.splitlines()[1] + "\n"

    with pytest.raises(ImportRefusedError, match="Zeile 4"):
        take(tmp_path, broken)
    take(tmp_path, good)

    assert Observation.objects.count() == 1


def test_refused_rows_are_named_and_the_others_taken(tmp_path: Path) -> None:
    outlook = take(tmp_path, files.flat([value("16069", "10"), value("16070", "zehn")]))

    (fault,) = outlook.files[0].refused
    assert (outlook.files[0].new, fault.row, fault.column) == (1, 3, 14)


def test_units_of_another_scale_are_another_quantity(tmp_path: Path) -> None:
    take(tmp_path, files.flat([value("16069", "10")], measure="FOR002", unit="EUR"))
    take(tmp_path, files.flat([value("16069", "10")], measure="FOR002", unit="Tsd. EUR"))

    assert set(Quantity.objects.values_list("unit_de", flat=True)) == {"EUR", "Tsd. EUR"}
    assert not Quantity.objects.filter(is_confidential=True).exists()


def test_side_of_a_breakdown_may_make_a_quantity_of_its_own(tmp_path: Path) -> None:
    foreigners = make_quantity(code="foreigners")
    QuantityAlias.objects.create(
        quantity=foreigners, statistics="12411", measure="BEVSTD", other="NAT=NATA"
    )
    text = files.flat([value("16069", "10")]).replace("GES;Geschlecht;;Insgesamt", "NAT;N;NATA;a")

    take(tmp_path, text)

    observation = Observation.objects.get()
    assert (observation.quantity, observation.other) == (foreigners, "")


def test_areas_are_found_by_the_name_alone(tmp_path: Path) -> None:
    county("16061", "Landkreis Eichsfeld")
    table = [value("16061", "100 000", name="Eichsfeld"), value("", "5", name="VG: Irgendwo")]

    outlook = take(tmp_path, files.named(table))

    assert known() == [("16061", 2024, "", Decimal(100000), "")]
    assert "VG: Irgendwo" in outlook.files[0].refused[0].reason


def test_name_that_several_areas_have_is_asked_for(tmp_path: Path) -> None:
    one = make_area(name="Neustadt", kind=AreaKind.MUNICIPALITY)
    other = make_area(name="Neustadt (bei Coburg)", kind=AreaKind.MUNICIPALITY)
    make_area_version(one, name="Neustadt", ags="16099001")
    make_area_version(other, name="Neustadt", ags="16099002")
    table = [value("", "5", name="Neustadt"), value("", "7", name="Neustadt", year=2023)]
    source = files.source(tmp_path, files.named(table))

    asked = look_ahead([source], Wishes())
    take_over([source], Wishes(names={"Neustadt": other.pk}), by=None, now=NOON)

    assert [pk for pk, _text in asked.ambiguous[0].areas] == [one.pk, other.pk]
    assert {key for key, *_rest in known()} == {"16099002"}


def test_areas_of_one_name_without_keys_are_told_apart_by_what_they_lie_in(tmp_path: Path) -> None:
    for name, place in (("Neustadt", "Altenschlag"), ("Neustadt (Ortsteil)", "Ilsebrück")):
        area = make_area(name=name, kind=AreaKind.DISTRICT, parent=make_area(name=place))
        make_area_version(area, name="Neustadt")
    source = files.source(tmp_path, files.named([value("", "5", name="Neustadt")]))

    told = [text for _pk, text in look_ahead([source], Wishes()).ambiguous[0].areas]

    assert ["Altenschlag" in told[0], "Ilsebrück" in told[1]] == [True, True]


def test_nothing_is_saved_by_looking_ahead(tmp_path: Path) -> None:
    source = files.source(tmp_path, files.flat([value("16069", "10")]))

    outlook = look_ahead([source], Wishes())

    assert (outlook.files[0].new, len(outlook.areas), len(outlook.quantities)) == (1, 1, 1)
    assert not Observation.objects.exists()
    assert not Area.objects.exists()
    assert not Quantity.objects.exists()


def test_what_was_not_shown_is_not_taken(tmp_path: Path) -> None:
    source = files.source(tmp_path, files.flat([value("16069", "10")]))
    seen = look_ahead([source], Wishes()).fingerprint
    take(tmp_path, files.flat([value("16069", "11")]))

    source = files.source(tmp_path, files.flat([value("16069", "10")]))
    with pytest.raises(OtherThanShownError):
        take_over([source], Wishes(), by=None, now=NOON, seen=seen)


def test_provenance_is_read_from_the_file_and_from_what_is_said(tmp_path: Path) -> None:
    source = files.source(tmp_path, files.classic([value("16069", "10")]))

    night = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    origins = {0: Origin(url="https://a.example/t")}

    take_over([source], Wishes(), origins=origins, by=None, now=night)

    record = StatisticsImport.objects.get()
    # In Germany it is the next day already.
    assert record.retrieved_on == date(2026, 11, 26)
    assert record.publisher == "Statistische Ämter des Bundes und der Länder"
    assert record.licence.startswith("Dieses Werk ist lizenziert")
    assert (record.url, record.as_of) == ("https://a.example/t", "10.10.2026 / 11:57:53")
    assert (record.table, record.layout) == ("12411-01-01-4", "classic")


# Own tables


def test_own_table_asks_once_what_its_columns_mean(tmp_path: Path) -> None:
    county("16069", "Landkreis Hildburghausen")
    first = files.own([value("16069", "10", sex="m"), value("16069", "-", sex="f")])
    with pytest.raises(ColumnsUnknownError):
        take(tmp_path, first)
    mappings = files.meanings(files.source(tmp_path, first))

    take(tmp_path, first, wishes=Wishes(mappings=mappings))
    take(tmp_path, files.own([value("16069", "11", sex="m", year=2025)]))

    assert known() == [
        ("16069", 2024, "f", Decimal(0), "-"),
        ("16069", 2024, "m", Decimal(10), ""),
        ("16069", 2025, "m", Decimal(11), ""),
    ]
    assert ColumnMapping.objects.count() == 1
    assert Quantity.objects.get().name == "Einwohner"


def test_wide_own_table_reads_age_and_year_from_its_headings(tmp_path: Path) -> None:
    county("16069", "Landkreis Hildburghausen")
    text = "AGS;unter 3 Jahre;2024\n16069;5;1.234\n"
    ((digest, proposed),) = files.meanings(files.source(tmp_path, text)).items()
    people = OwnColumn(Meaning.VALUE, name="Einwohner")
    said = OwnMapping((OwnColumn(Meaning.KEY), people, people), time="2023")

    take(tmp_path, text, wishes=Wishes(mappings={digest: said}))

    headings = ("AGS", "unter 3 Jahre", "2024")
    assert proposed.faults(headings) == ["time", "counted"]
    assert said.faults(headings) == []
    rows = Observation.objects.order_by("ends_on")
    assert list(rows.values_list("ends_on__year", "age_from", "age_to", "value")) == [
        (2023, 0, 3, Decimal(5)),
        (2024, 0, ALL_AGES, Decimal(1234)),
    ]


# Undoing


def imports(folder: Path, texts: Sequence[str]) -> list[StatisticsImport]:
    return [take(folder, files.flat([value("16069", text)])).imports[0] for text in texts]


def test_undoing_takes_away_what_was_added(tmp_path: Path) -> None:
    (record,) = imports(tmp_path, ["10"])

    record = undo_import(record, by=None, now=LATER)

    assert record.undone_at == LATER
    assert not Observation.objects.exists()
    assert not Area.objects.exists()
    assert not Quantity.objects.exists()


def test_undoing_brings_back_what_was_replaced(tmp_path: Path) -> None:
    first, second = imports(tmp_path, ["10", "11"])

    undo_import(second, by=None, now=LATER)

    observation = Observation.objects.get()
    assert observation.value == 10
    assert observation.raw == "10"
    assert observation.source == first
    assert not ReplacedValue.objects.exists()


def test_undoing_in_any_order_leaves_what_the_others_say(tmp_path: Path) -> None:
    first, second, third = imports(tmp_path, ["10", "11", "12"])

    undo_import(second, by=None, now=LATER)
    assert Observation.objects.get().value == 12

    undo_import(third, by=None, now=LATER)
    assert Observation.objects.get().value == 10

    undo_import(first, by=None, now=LATER)
    assert not Observation.objects.exists()


def test_undoing_the_first_keeps_the_later_value(tmp_path: Path) -> None:
    first, second = imports(tmp_path, ["10", "11"])

    undo_import(first, by=None, now=LATER)
    assert Observation.objects.get().value == 11

    undo_import(second, by=None, now=LATER)
    assert not Observation.objects.exists()


def test_undoing_is_refused_where_a_later_import_relies_on_it(tmp_path: Path) -> None:
    (first,) = imports(tmp_path, ["10"])
    later = take(tmp_path, files.flat([value("16069", "10"), value("16070", "1")])).imports[0]

    with pytest.raises(ImportRefusedError, match=r"tabelle-0\.csv"):
        undo_import(first, by=None, now=LATER)

    undo_import(later, by=None, now=LATER)
    undo_import(first, by=None, now=LATER)
    assert not Observation.objects.exists()


def test_undone_import_can_be_taken_over_again(tmp_path: Path) -> None:
    (record,) = imports(tmp_path, ["10"])
    undo_import(record, by=None, now=LATER)

    (again,) = imports(tmp_path, ["10"])

    assert again.new == 1
    with pytest.raises(ImportRefusedError):
        undo_import(record, by=None, now=LATER)


def test_a_workbook_with_too_many_rows_is_told_to_be_saved_as_csv(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["Gebiet", "Jahr", "Fälle"])
    book.worksheets[0].cell(MAX_ROWS + 1, 1, "Altenschlag")
    book.save(tmp_path / "register.xlsx")
    source = SourceFile("register.xlsx", tmp_path / "register.xlsx")

    with pytest.raises(ImportRefusedError, match=r"60000 .*CSV"):
        look_ahead([source], Wishes())
