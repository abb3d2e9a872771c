"""Read the files into the stage, value by value, and note what cannot be taken over."""

from __future__ import annotations

import gc
import hashlib
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.core.money import number_text
from zusammenplan.core.tables import TooMuchError, UnreadableFileError
from zusammenplan.indicators.actions.imports.areas import Nowhere, Places
from zusammenplan.indicators.actions.imports.kinds import Kinds
from zusammenplan.indicators.actions.imports.shapes import (
    ColumnsUnknownError,
    FileOutcome,
    ImportRefusedError,
)
from zusammenplan.indicators.actions.imports.stage import (
    BATCH,
    COLUMN_BITS,
    KIND_BITS,
    packed,
)
from zusammenplan.indicators.domain.files import MOST_BYTES, MOST_ON_A_PAGE, opened_table
from zusammenplan.indicators.domain.own import OwnMapping
from zusammenplan.indicators.domain.shapes import NotOfficialError, Problem, Refused
from zusammenplan.indicators.domain.signs import Cell
from zusammenplan.indicators.models import ColumnMapping, StatisticsImport
from zusammenplan.indicators.queries.import_words import not_official_text, problem_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from zusammenplan.indicators.actions.imports.shapes import SourceFile, Wishes
    from zusammenplan.indicators.actions.imports.stage import Stage, Value
    from zusammenplan.indicators.domain.files import Opened
    from zusammenplan.indicators.domain.shapes import Kind, Reading

CHUNK = 1 << 20


class Gathered:
    """Everything that was read: files, places, quantities; the values stand in the stage."""

    def __init__(self, wishes: Wishes) -> None:
        self.wishes = wishes
        self.files: list[FileOutcome] = []
        self.places = Places(wishes)
        self.kinds = Kinds()
        self.marks: dict[tuple[str, str, int], int] = {}

    def mark(self, cell: Cell, file: int) -> int:
        return self.marks.setdefault((cell.sign, cell.quality, file), len(self.marks))


def gather(stage: Stage, files: Sequence[SourceFile], wishes: Wishes) -> Gathered:
    """
    Read all files.

    :raises ImportRefusedError: if one of them cannot be read
    """
    gathered = Gathered(wishes)
    with _garbage_left():
        for number, file in enumerate(files):
            try:
                _read(stage, gathered, file, number)
            except NotOfficialError as fault:
                raise ImportRefusedError(_named(file.name, not_official_text(fault))) from fault
            except TooMuchError as fault:
                # A workbook is held as a whole, text is read line by line.
                hint = _(
                    "Saved as CSV, a table may have %(page)s MB on the page, and %(command)s MB "
                    "with the command “zusammenplan import statistics”."
                ) % {
                    "page": MOST_ON_A_PAGE // (1024 * 1024),
                    "command": number_text(Decimal(MOST_BYTES // 1_000_000)),
                }
                raise ImportRefusedError(f"{fault} {hint}") from fault
            except UnreadableFileError as fault:
                raise ImportRefusedError(str(fault)) from fault
    return gathered


@contextmanager
def _garbage_left() -> Iterator[None]:
    """Let Python not look for circles among millions of rows: there are none, and it takes long."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _named(name: str, sentence: str) -> str:
    return _("“%(file)s”: %(sentence)s") % {"file": name, "sentence": sentence}


def _read(stage: Stage, gathered: Gathered, file: SourceFile, number: int) -> None:
    checksum = checksum_of(file.path)
    if any(it.checksum == checksum for it in gathered.files):
        raise ImportRefusedError(_named(file.name, _("This file is given twice.")))
    known = known_import(checksum)
    knows = gathered.places.finder.knows_name
    with file.path.open("rb") as plain, opened_table(plain, file.name, knows) as opened:
        outcome = FileOutcome(file.name, checksum, opened.about, known)
        gathered.files.append(outcome)
        readings = opened.readings
        if readings is None:
            readings = _own_readings(opened, gathered, outcome, number)
        stage.take(_batches(gathered, outcome, readings, number))
    if outcome.refused and not outcome.values:
        first = outcome.refused[0]
        raise ImportRefusedError(
            _named(
                file.name,
                _("Not a single value can be read. Line %(line)s, column %(column)s: %(reason)s")
                % {"line": first.row, "column": first.column, "reason": first.reason},
            )
        )


def _own_readings(
    opened: Opened, gathered: Gathered, outcome: FileOutcome, number: int
) -> Iterator[Reading | Refused]:
    """Read an own table as somebody said, just now or when the last of its kind came."""
    table = opened.own
    if table is None:
        raise ImportRefusedError(_named(outcome.name, _("There is no table in the file.")))
    outcome.digest = table.digest
    mapping = gathered.wishes.mappings.get(table.digest)
    if mapping is None:
        kept = ColumnMapping.objects.filter(headings=table.digest).first()
        mapping = OwnMapping.from_json(kept.columns) if kept else None
    if mapping is None or len(mapping.columns) != len(table.headings):
        raise ColumnsUnknownError(
            _named(
                outcome.name,
                _(
                    "Nobody has said yet what the columns of this table mean. Take it over once "
                    "in the web pages (Data, Take over figures); files with the same headings are "
                    "then known. Of a large file the first rows are enough for that."
                ),
            ),
            file=number,
            table=table,
        )
    return opened.read_as(mapping)


def known_import(checksum: str) -> StatisticsImport | None:
    """Give the import by which a file was taken over, unless it is undone."""
    return StatisticsImport.objects.filter(checksum=checksum, undone_at=None).last()


def checksum_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            digest.update(part)
    return digest.hexdigest()


def _batches(  # noqa: C901, PLR0912 - one loop, once a value: calls would cost more than all else
    gathered: Gathered, outcome: FileOutcome, readings: Iterable[Reading | Refused], file: int
) -> Iterator[list[Value]]:
    """Turn readings into rows of the stage; this loop runs once a value."""
    places: dict[tuple[object, object], int] = {}
    kinds: dict[Kind, int] = {}
    candidates, numbered = gathered.places.candidates, gathered.places.numbered
    of_people = gathered.kinds.of_people
    numbers, signs = 0, outcome.values
    no_mark = gathered.mark(Cell(""), file)
    base = packed(file, 0, 0)
    batch: list[Value] = []
    for reading in readings:
        if isinstance(reading, Refused):
            outcome.refuse(reading.row, reading.column, problem_text(reading))
            continue
        row, column, region, time, kind, cell = reading
        raw, value, sign, quality = cell
        if value is not None:
            numbers += 1
        elif sign:
            signs[sign] = signs.get(sign, 0) + 1
        else:
            continue
        place = places.get((region, time))
        if place is None:
            place = _place(gathered, places, reading)
        if place is None:
            _leave_out(gathered, outcome, reading)
            continue
        what = kinds.get(kind)
        if what is None:
            what = kinds[kind] = _what(gathered, kind)
        if candidates and value is not None and place in candidates:
            numbered.add(place)
        key, spot = what | place << KIND_BITS, base | row << COLUMN_BITS | column
        if value is None:
            batch.append((key, None, raw[:60], gathered.mark(cell, file), spot))
        elif value < 0 and what in of_people:
            numbers -= 1
            refused = Refused(row, column, Problem.LESS_THAN_NONE, raw[:80])
            outcome.refuse(row, column, problem_text(refused))
        elif quality or not raw.isdecimal() or (raw[0] == "0" and raw != "0"):
            batch.append((key, str(value), raw[:60], gathered.mark(cell, file), spot))
        else:
            batch.append((key, raw, None, no_mark, spot))
        if len(batch) >= BATCH:
            yield batch
            batch = []
    yield batch
    if numbers:
        outcome.values = {"number": numbers, **signs}


def _place(
    gathered: Gathered, places: dict[tuple[object, object], int], reading: Reading
) -> int | None:
    found = gathered.places.place(reading.region, reading.time)
    if isinstance(found, Nowhere):
        return None
    places[reading.region, reading.time] = found
    return found


def _leave_out(gathered: Gathered, outcome: FileOutcome, reading: Reading) -> None:
    """Count a value without a place: a number is refused with its reason, a sign left out."""
    found = gathered.places.place(reading.region, reading.time)
    if not isinstance(found, Nowhere):
        return
    if found.reason and (reading.cell.value is not None or not found.skipped):
        outcome.refuse(reading.row, reading.column, found.reason)
    else:
        outcome.skip(found.skipped or "no_number")


def _what(gathered: Gathered, kind: Kind) -> int:
    number = gathered.kinds.number(kind)
    if number >= 1 << KIND_BITS:
        raise ImportRefusedError(_("There are too many kinds of values at once."))
    return number
