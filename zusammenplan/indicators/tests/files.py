"""Files of every layout, written for tests from one list of values."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from zusammenplan.indicators.actions.imports import SourceFile
from zusammenplan.indicators.domain.files import opened_table
from zusammenplan.indicators.domain.own import OwnMapping, propose

FLAT = (
    "statistics_code;statistics_label;time_code;time_label;time;1_variable_code;1_variable_label;"
    "1_variable_attribute_code;1_variable_attribute_label;2_variable_code;2_variable_label;"
    "2_variable_attribute_code;2_variable_attribute_label;value;value_unit;value_variable_code;"
    "value_variable_label"
)
FOOTNOTE = (
    '"© Statistische Ämter des Bundes und der Länder, Deutschland, 2026.\n'
    'Dieses Werk ist lizenziert unter der Datenlizenz Deutschland"'
)
SEXES = {"": ("", "Insgesamt"), "m": ("GESM", "männlich"), "f": ("GESW", "weiblich")}


@dataclass(frozen=True)
class Value:
    """One value of a test table."""

    key: str
    name: str
    year: int
    sex: str
    text: str


def flat(values: Sequence[Value], *, measure: str = "BEVSTD", unit: str = "Anzahl") -> str:
    lines = [FLAT]
    for it in values:
        code, label = SEXES[it.sex]
        variable = "GEMEIN" if len(it.key) == 8 else "KREISE"
        lines.append(
            f"12411;Fortschreibung;STAG;Stichtag;{it.year}-12-31;{variable};Gebiete;{it.key};"
            f"{it.name};GES;Geschlecht;{code};{label};{it.text};{unit};{measure};Bevölkerungsstand"
        )
    return "\ufeff" + "\n".join(lines) + "\n"


def flat_old(values: Sequence[Value]) -> str:
    head = (
        "Statistik_Code;Statistik_Label;Zeit_Code;Zeit_Label;Zeit;1_Merkmal_Code;1_Merkmal_Label;"
        "1_Auspraegung_Code;1_Auspraegung_Label;2_Merkmal_Code;2_Merkmal_Label;"
        "2_Auspraegung_Code;2_Auspraegung_Label; BEVSTD__Bevölkerungsstand__Anzahl"
    )
    lines = [head]
    for it in values:
        code, label = SEXES[it.sex]
        lines.append(
            f"12411;Fortschreibung;STAG;Stichtag;31.12.{it.year};KREISE;Kreise;{it.key};{it.name};"
            f"GES;Geschlecht;{code};{label};{it.text}"
        )
    return "\n".join([*lines, "__________", "© Statistisches Landesamt"])


def classic(values: Sequence[Value], *, time_first: bool = False) -> str:
    """Write time and sex into the header, or the time before the region and the sex behind it."""
    head = [
        "GENESIS-Tabelle: 12411-01-01-4",
        "Bevölkerung nach Geschlecht;;",
        "Bevölkerungsstand (Anzahl);;",
    ]
    rows: dict[tuple[str, str], dict[tuple[int, str], str]] = {}
    for it in values:
        rows.setdefault((it.key, it.name), {})[it.year, it.sex] = it.text
    columns = sorted({(it.year, it.sex) for it in values})
    if time_first:
        body = [
            f"31.12.{it.year};{it.key};      {it.name};{SEXES[it.sex][1]};{it.text}"
            for it in values
        ]
        head += [";;;;Bevölkerungsstand", ";;;;Anzahl"]
    else:
        head += [
            ";;" + ";".join(f"31.12.{year}" for year, _ in columns),
            ";;" + ";".join(SEXES[sex][1] for _, sex in columns),
        ]
        body = [
            f"{key};      {name};" + ";".join(cells.get(column, "") for column in columns)
            for (key, name), cells in rows.items()
        ]
    footer = [
        "__________",
        '"Hinweis über\nmehrere Zeilen; mit Zeichen"',
        FOOTNOTE,
        "Stand: 10.10.2026 / 11:57:53",
    ]
    return "\n".join([*head, *body, *footer]) + "\n"


def named(values: Sequence[Value], *, separator: str = "\t") -> str:
    columns = sorted({(it.year, it.sex) for it in values})
    rows: dict[str, dict[tuple[int, str], str]] = {}
    for it in values:
        rows.setdefault(it.name, {})[it.year, it.sex] = it.text
    lines = [
        "Bevölkerungsstand",
        "Gebietsstand: 31.12.2023",
        separator.join(["Gebiet", *(f"31.12.{year}" for year, _ in columns)]),
        separator.join(["", *(SEXES[sex][1] for _, sex in columns)]),
        separator.join(["", "Anzahl"]),
        *(
            separator.join([name, *(cells.get(column, "") for column in columns)])
            for name, cells in rows.items()
        ),
        "Quelle: Thüringer Landesamt für Statistik, Erfurt",
    ]
    return "\n".join(lines) + "\n"


def own(values: Sequence[Value]) -> str:
    lines = ["AGS;Gebiet;Jahr;Geschlecht;Einwohner"]
    lines += [f"{it.key};{it.name};{it.year};{it.sex.replace('f', 'w')};{it.text}" for it in values]
    return "\n".join(lines) + "\n"


def workbook(text: str, *, separator: str = ";") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in text.splitlines():
        sheet.append(line.split(separator))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def zipped(text: str, name: str = "12411-01-01-4_1764000000000_de_flat.csv") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return content.getvalue()


def source(folder: Path, content: str | bytes, name: str = "tabelle.csv") -> SourceFile:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return SourceFile(name, path)


def meanings(of: SourceFile) -> dict[str, OwnMapping]:
    """Give what is proposed that the columns of an own table mean, as one wishes it."""
    with of.path.open("rb") as file, opened_table(file) as opened:
        assert opened.own is not None
        return {opened.own.digest: propose(opened.own)}
