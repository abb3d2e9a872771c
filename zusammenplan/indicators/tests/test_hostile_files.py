"""Whatever a file holds, it is read or refused with a sentence that says where and why."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.utils.translation import override

from zusammenplan.core.tables import UnreadableFileError
from zusammenplan.indicators.domain.files import MOST_BYTES, opened_table
from zusammenplan.indicators.domain.shapes import NotOfficialError, Problem, Refused
from zusammenplan.indicators.queries.import_words import not_official_text, problem_text
from zusammenplan.indicators.tests import files
from zusammenplan.indicators.tests.files import Value

VALUES = [Value("16069", "Hildburghausen", 2024, sex, "5") for sex in ("", "m", "f")]
FLAT = files.flat(VALUES)
CLASSIC = files.classic(VALUES)
API = Path(__file__).parents[4] / "shared" / "data" / "genesis" / "api_json"
COMMANDS = Path(__file__).parents[3] / "docs" / "commands.md"


def refusal(content: bytes) -> str:
    with override("de"), pytest.raises((NotOfficialError, UnreadableFileError)) as fault:
        read(content)
    with override("de"):
        if isinstance(fault.value, NotOfficialError):
            return not_official_text(fault.value)
        return str(fault.value)


def read(content: bytes) -> list[object]:
    with opened_table(io.BytesIO(content), "tabelle.csv") as opened:
        return list(opened.readings or ())


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bombe.csv", b"0" * 50_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leer"),
        (b"\xef\xbb\xbf \n", "leer"),
        (b"<!DOCTYPE html><html><body>Fehler</body></html>", "Webseite"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"),
        (b"\x00\x01\x02 binary", "Nullbytes"),
        (files.zipped(FLAT)[:200], "beschädigt"),
        (bomb(), "zu groß"),
        (files.zipped("x", name="lies.pdf"), "keine CSV"),
        (FLAT.encode() + b"12411;Fort\xe4", "Zeile 5, Spalte 2"),
        (FLAT.encode() + b"12411;\0", "Zeile 5, Spalte 2"),
        (FLAT.replace("Bevölkerung", "BevÃ¶lkerung").encode(), "Zeile 2, Spalte 17"),
        (FLAT.replace(";time;", ";zeitpunkt;").encode(), "time"),
        (b"GENESIS-Tabelle: 12411-01-01-4\nTitel;;\n", "Region"),
        (b"einfach nur Text ohne alles", "Aufbau"),
        (CLASSIC.replace("16069", "__________\n16069", 1).encode(), "Region"),
        ((CLASSIC + "16070;      Ilm-Kreis;1;2;3\n").encode(), "Zeile 13"),
        ((FLAT + "__________\n" + FLAT.splitlines()[1] + "\n").encode(), "Zeile 6"),
        ((FLAT + '"offen;' + "x" * 200_000).encode(), "Zeile 5"),
    ],
)  # fmt: skip
def test_file_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_archive_with_several_tables_names_them() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.csv", FLAT)
        archive.writestr("b.csv", FLAT)

    assert "a.csv, b.csv" in refusal(content.getvalue())


def test_plain_file_is_read_up_to_the_limit_that_unpacked_ones_have(tmp_path: Path) -> None:
    path = tmp_path / "gross.csv"
    with path.open("wb") as file:
        file.write(FLAT.encode())
        file.truncate(MOST_BYTES + 1)  # a hole, which takes no room on the disk

    with path.open("rb") as file, pytest.raises(NotOfficialError) as fault:
        opened_table(file, path.name).__enter__()

    said = f"{MOST_BYTES // 1_000_000:,} MB"
    with override("en"):
        assert said in not_official_text(fault.value)
    assert said in COMMANDS.read_text(encoding="utf-8")


def test_formula_without_a_result_is_named_by_its_cell() -> None:
    content = files.workbook("Gebiet;2022\nAltenschlag;=1+1\n")

    assert "B2" in refusal(content)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "Beschreibung"),
        (98, "zu groß"),
        (99, "Auftrag"),
        (104, "nichts"),
        (-1, "eigenen Fehler"),
    ],
)
def test_answer_of_the_service_is_explained(code: int, words: str) -> None:
    answer = {
        "Ident": {},
        "Status": {"Code": code, "Content": "So sagt\nes der Dienst", "Type": "x"},
    }

    sentence = refusal(json.dumps(answer).encode())

    assert words in sentence
    assert "So sagt es der Dienst" in sentence


@pytest.mark.skipif(not API.exists(), reason="the recorded answers are not beside the project")
def test_recorded_answers_are_explained() -> None:
    for path in API.iterdir():
        assert "GENESIS" in refusal(path.read_bytes())


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("12411;zu kurz", Problem.ROW_TOO_SHORT),
        (FLAT.splitlines()[1] + ";zu;lang", Problem.ROW_TOO_LONG),
        (FLAT.splitlines()[1].replace("2024-12-31", "neulich"), Problem.UNREADABLE_TIME),
        (FLAT.splitlines()[1].replace(";5;", ";fünf;"), Problem.UNREADABLE_CELL),
        (FLAT.splitlines()[1].replace(";5;", f";{'9' * 30};"), Problem.UNREADABLE_CELL),
        (FLAT.splitlines()[1].replace("KREISE", "FARBE"), Problem.REGION_MISSING),
    ],
)
def test_row_is_refused_and_the_others_are_read(line: str, problem: Problem) -> None:
    readings = read((FLAT + line + "\n").encode())

    (refused,) = [one for one in readings if isinstance(one, Refused)]
    assert (refused.row, refused.problem) == (5, problem)
    assert problem_text(refused)
    assert len(readings) == len(VALUES) + 1


def test_wrong_separator_refuses_every_row() -> None:
    head, *rows = FLAT.splitlines()
    content = "\n".join([head, *(row.replace(";", ",") for row in rows)])

    readings = read(content.encode())

    assert [type(one) for one in readings] == [Refused] * len(rows)
