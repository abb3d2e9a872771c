"""``zusammenplan import statistics`` answers what scripts rely on."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from zusammenplan.indicators.models import Observation, StatisticsImport
from zusammenplan.indicators.tests import files
from zusammenplan.indicators.tests.files import Value

pytestmark = pytest.mark.django_db
GENESIS = Path(__file__).parents[4] / "shared" / "data" / "genesis"
EXPECTED = (
    json.loads((GENESIS / "EXPECTED_COUNTS.json").read_text(encoding="utf-8"))
    if GENESIS.exists()
    else {}
)


def run(*words: object) -> str:
    out = StringIO()
    call_command("import_statistics", *map(str, words), stdout=out)
    return out.getvalue()


def table(folder: Path, *texts: str, name: str = "12411-01-01-4_de_flat.csv") -> Path:
    values = [Value(f"160{69 + at}", f"Kreis {at}", 2024, "", it) for at, it in enumerate(texts)]
    return files.source(folder, files.flat(values), name).path


def test_answer_counts_rows_values_and_outcomes(tmp_path: Path) -> None:
    answer = json.loads(run(table(tmp_path, "5", "x", "fünf"), "--json"))

    (file,) = answer["files"]
    assert file["refused"][0]["row"] == 4
    del file["refused"]
    assert file == {
        "file": "12411-01-01-4_de_flat.csv",
        "layout": "flat",
        "table": "12411-01-01-4",
        "encoding": "utf-8",
        "rows": 3,
        "values": {"number": 1, "x": 1},
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "refused_total": 1,
        "skipped": 1,
        "areas_added": 1,
    }


def test_second_run_changes_nothing_and_says_so(tmp_path: Path) -> None:
    path = table(tmp_path, "5")
    run(path)

    assert "schon übernommen" in run(path)
    assert json.loads(run(path, "--json"))["files"][0]["unchanged"] == 1


def test_dry_run_answers_the_same_and_writes_nothing(tmp_path: Path) -> None:
    answer = json.loads(run(table(tmp_path, "5"), "--dry-run", "--json"))

    assert answer["files"][0]["new"] == 1
    assert answer["files"][0]["areas_added"] == 1
    assert not Observation.objects.exists()
    assert not StatisticsImport.objects.exists()


def test_several_files_are_taken_over_all_or_none(tmp_path: Path) -> None:
    good, bad = table(tmp_path, "5"), files.source(tmp_path, "<html>", "bad.csv").path

    with pytest.raises(CommandError, match=r"bad\.csv"):
        run(good, bad)

    assert not Observation.objects.exists()


@pytest.mark.parametrize("name", ["fehlt.csv", "."])
def test_missing_file_and_folder_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError):
        run(tmp_path / name)


def test_provenance_can_be_said(tmp_path: Path) -> None:
    run(
        table(tmp_path, "5"),
        *("--publisher", "TLS", "--licence", "dl-de/by-2-0", "--retrieved-on", "2026-11-01"),
    )

    record = StatisticsImport.objects.get()
    assert (record.publisher, record.licence, str(record.retrieved_on)) == (
        "TLS",
        "dl-de/by-2-0",
        "2026-11-01",
    )


@pytest.mark.skipif(not GENESIS.exists(), reason="the real files are not beside the project")
@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in EXPECTED.items() for name in names]
)
def test_real_file_is_taken_over_with_the_expected_counts(kind: str, name: str) -> None:
    expected = EXPECTED[kind][name]

    (file,) = json.loads(run(GENESIS / kind / name, "--json"))["files"]

    assert file["values"] == expected["values"]
    assert file["rows"] == expected.get("rows", expected.get("data_rows"))
    assert file["refused"] == []
    assert file["new"] + file["skipped"] == sum(expected["values"].values())
    assert Observation.objects.count() == file["new"]


@pytest.mark.skipif(not GENESIS.exists(), reason="the real files are not beside the project")
def test_figures_of_hildburghausen_and_eisenach_are_those_of_the_tables() -> None:
    run(
        GENESIS / "classic_table" / "12411-01-01-4_00.csv",
        GENESIS / "ffcsv_current" / "12411-01-01-4_de_flat.csv",
        GENESIS / "ffcsv_current" / "13111-01-03-4_de_flat.thueringen-subset.csv",
    )

    def population(key: str, year: int, sex: str = "") -> object:
        found = Observation.objects.filter(
            quantity__name_de="Bevölkerungsstand",
            area_version__ags=key,
            ends_on__year=year,
            sex=sex,
        )
        return found.values_list("value", flat=True).first()

    assert [population("16069", 2015, sex) for sex in ("", "m", "f")] == [64524, 32271, 32253]
    assert [population("16069", 2024, sex) for sex in ("", "m")] == [59987, 30060]
    assert population("16056", 2015) == 42417
    assert population("16063", 2024) == 154957
    # Eisenach is no county any more, and Hildburghausen's employees are not loaded: no zeros.
    assert population("16056", 2024) is None
    employees = Observation.objects.filter(quantity__code="erw032_13111", area_version__ags="16069")
    assert set(employees.values_list("value", "sign")) == {(None, "-")}
