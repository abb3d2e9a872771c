"""The import of a million values against reading and typing the same file into bare rows."""

import csv
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import islice, product
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from bench.measure import Goal, Row
from bench.memory import peak_megabytes
from zusammenplan.indicators.actions.imports import SourceFile, Wishes, take_over
from zusammenplan.indicators.models import Observation
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion

MUNICIPALITIES, YEARS, AGES = 400, 25, 50
VALUES = MUNICIPALITIES * YEARS * AGES * 2
BATCH = 10_000
HEADER = (
    "statistics_code;statistics_label;time_code;time_label;time;1_variable_code;1_variable_label;"
    "1_variable_attribute_code;1_variable_attribute_label;2_variable_code;2_variable_label;"
    "2_variable_attribute_code;2_variable_attribute_label;3_variable_code;3_variable_label;"
    "3_variable_attribute_code;3_variable_attribute_label;value;value_unit;value_variable_code;"
    "value_variable_label"
)
SEXES = (("GESM", "männlich"), ("GESW", "weiblich"))
BARE = (
    "CREATE TABLE bare (statistics VARCHAR(20), day DATE, region VARCHAR(12), sex VARCHAR(10),"
    " age VARCHAR(20), value NUMERIC(20, 6), sign VARCHAR(3), unit VARCHAR(20), measure VARCHAR(20))"
)
INSERT = "INSERT INTO bare VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"


def statistics_import() -> list[Row]:
    """Both read the same file from the disk and write into the same database, in turn."""
    assert VALUES == 1_000_000
    _make_areas()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "99999_de_flat.csv"
        path.write_text("".join(_lines()), encoding="utf-8-sig")
        floors = [_seconds(lambda: _bare(path))]
        megabytes, seconds = peak_megabytes(lambda: _seconds(lambda: _take(path)))
        floors.append(_seconds(lambda: _bare(path)))
    assert Observation.objects.count() == VALUES
    floor = VALUES / (sum(floors) / len(floors)) / 1000
    return [
        Row(
            "import of 1,000,000 values [thousand a second]",
            VALUES / seconds / 1000,
            floor,
            Goal("ratio", ">=", 0.5),
        ),
        Row("its peak memory [MB]", megabytes, megabytes, Goal("value", "<", 250)),
    ]


def _make_areas() -> None:
    areas = Area.objects.bulk_create(
        Area(name=f"Gemeinde {number}", kind=AreaKind.MUNICIPALITY, position=number)
        for number in range(MUNICIPALITIES)
    )
    AreaVersion.objects.bulk_create(
        AreaVersion(area=area, name=area.name, kind=area.kind, ags=f"16099{number:03}")
        for number, area in enumerate(areas)
    )


def _lines() -> Iterator[str]:
    """Give a flat file in arbitrary order, as the service sends it."""
    yield f"{HEADER}\n"
    chance = random.Random(1)
    keys = list(product(range(MUNICIPALITIES), range(YEARS), range(AGES), SEXES))
    chance.shuffle(keys)
    for place, year, age, (code, label) in keys:
        yield (
            f"99999;Fortschreibung des Bevölkerungsstandes;STAG;Stichtag;{2000 + year}-12-31;GEMEIN;"
            f"Gemeinden;16099{place:03};Gemeinde {place};GES;Geschlecht;{code};{label};ALTX;"
            f"Altersjahre;ALT{age:03}B{age + 1:02};{age} bis unter {age + 1} Jahre;"
            f"{chance.randrange(100_000)};Anzahl;BEVSTD;Bevölkerungsstand\n"
        )


def _take(path: Path) -> None:
    take_over([SourceFile(path.name, path)], Wishes(), by=None, now=timezone.now())


def _bare(path: Path) -> None:
    """Read and type every row with Python's csv module and insert it in bulk, unchecked."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare")
        cursor.execute(BARE)
    with path.open(encoding="utf-8-sig", newline="") as file, transaction.atomic():
        reader = csv.reader(file, delimiter=";")
        next(reader)
        rows = (_typed(cells) for cells in reader)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy("COPY bare FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                while batch := list(islice(rows, BATCH)):
                    cursor.executemany(INSERT, batch)


def _typed(cells: list[str]) -> tuple[object, ...]:
    text = cells[17]
    is_sign = text in {"-", ".", "/", "x", "..."}
    return (
        cells[0],
        date.fromisoformat(cells[4]),
        cells[7],
        cells[11],
        cells[15],
        None if is_sign else _database_number(Decimal(text.replace(",", "."))),
        text if is_sign else "",
        cells[18],
        cells[19],
    )


def _database_number(value: Decimal) -> Decimal | str:
    """SQLite takes no Decimal; as text it is what Django binds."""
    return value if connection.vendor == "postgresql" else str(value)


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began
