"""
Tables of one's own: a person says once what each column means, and the next file is known by it.

Wide tables have several columns of values, each with its quantity; long ones name in a column what
is counted. Time, sex and age may also stand in the heading of a column of values.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Any

from zusammenplan.indicators.domain.classic import REGION, YEAR
from zusammenplan.indicators.domain.named import is_value, read_note
from zusammenplan.indicators.domain.shapes import (
    FOOTER,
    Attribute,
    Kind,
    Measure,
    Problem,
    Provenance,
    Reading,
    Refused,
    Region,
    Row,
    demand_end,
)
from zusammenplan.indicators.domain.sides import age_of, beginnings_of, sex_of
from zusammenplan.indicators.domain.signs import UnreadableCellError, read_cell
from zusammenplan.indicators.domain.times import read_time
from zusammenplan.indicators.domain.towers import understand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from zusammenplan.indicators.domain.times import Time

SAMPLES = 3
LOOKED_AT = 50
MOST_COLUMNS = 200
# Spreadsheets take the first zero away from keys such as 01001.
FULL_LENGTHS = {4: 5, 7: 8, 11: 12}


class Meaning(StrEnum):
    """What a column of an own table means."""

    IGNORED = "ignored"
    KEY = "key"
    NAME = "name"
    WITHIN = "within"
    TIME = "time"
    SEX = "sex"
    AGE = "age"
    SIDE = "side"
    MEASURE = "measure"
    VALUE = "value"


WORDS = {
    Meaning.KEY: r"ags|ars|rs|schlüssel|.*gemeindeschl.*|.*regionalschl.*|kreisschlüssel|.* key",
    Meaning.NAME: (
        r"gebiet.*|gemeinde.*|(?:land)?kreis.*|region.*|ort.*|planungsr.*|stadtteil.*|area|name"
    ),
    Meaning.TIME: r"jahr.*|stichtag.*|datum|zeit.*|berichts.*|monat|quartal|year|date|period",
    Meaning.SEX: r"geschlecht.*|sex|gender",
    Meaning.AGE: r"alter.*|age.*",
    Meaning.MEASURE: r"merkmal|kennzahl|indikator|zählgröße|measure",
}
# Beside a column of municipalities, one of counties tells those of the same name apart.
SMALL = re.compile(r"gemeinde(?!schl).*|ort.*|stadt.*|municipality", re.IGNORECASE)
COUNTY = re.compile(r"(?:land)?kreis(?!schl).*|county", re.IGNORECASE)
IS_WORD = {meaning: re.compile(words, re.IGNORECASE) for meaning, words in WORDS.items()}


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """What a person said of a column; a column of values counts ``quantity`` or a new one."""

    meaning: Meaning = Meaning.IGNORED
    quantity: str = ""
    name: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class OwnMapping:
    """What all columns mean, and the time of the whole table if no column tells it."""

    columns: tuple[OwnColumn, ...]
    time: str = ""
    is_english: bool = False

    def places(self, meaning: Meaning) -> list[int]:
        return [at for at, column in enumerate(self.columns) if column.meaning is meaning]

    def place(self, meaning: Meaning) -> int:
        """Give the only column of this meaning; -1 if there is none."""
        return next(iter(self.places(meaning)), -1)

    def faults(self, headings: Sequence[str]) -> list[str]:
        """Name what is missing or said twice: "area", "time", "value", "counted", or a meaning."""
        found = []
        if self.place(Meaning.KEY) < 0 and self.place(Meaning.NAME) < 0:
            found.append("area")
        values = self.places(Meaning.VALUE)
        if not values:
            found.append("value")
        has_time = self.place(Meaning.TIME) >= 0 or read_time(self.time)
        said = [understand([headings[at]]) for at in values]
        if not has_time and not all(one.time for one in said):
            found.append("time")
        is_counted = (
            self.columns[at].quantity
            or self.columns[at].name
            or one.label
            or not (one.time or one.sides)
            for at, one in zip(values, said, strict=True)
        )
        if self.place(Meaning.MEASURE) < 0 and not all(is_counted):
            found.append("counted")
        twice = set(Meaning) - {Meaning.IGNORED, Meaning.SIDE, Meaning.VALUE}
        return found + [meaning.value for meaning in Meaning if meaning in twice
                        and len(self.places(meaning)) > 1]  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        return {
            "time": self.time,
            "english": self.is_english,
            "columns": [
                [column.meaning.value, column.quantity, column.name, column.unit]
                for column in self.columns
            ],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> OwnMapping:
        columns = tuple(
            OwnColumn(Meaning(meaning), quantity, name, unit)
            for meaning, quantity, name, unit in kept.get("columns", [])
        )
        return cls(columns, str(kept.get("time", "")), bool(kept.get("english", False)))


@dataclass(frozen=True, slots=True)
class OwnTable:
    """The headings of an own table, examples of what stands below them, and where rows begin."""

    headings: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    begins_at: int

    @property
    def least(self) -> int:
        """Give how many cells a row has at least that is one of values and no note."""
        return max(2, len([heading for heading in self.headings if heading]) // 2 + 1)

    @property
    def digest(self) -> str:
        """Give what the next file with the same headings is known by."""
        folded = "\n".join(" ".join(heading.casefold().split()) for heading in self.headings)
        return hashlib.sha256(folded.encode()).hexdigest()


def own_table(rows: Sequence[Row]) -> OwnTable | None:
    """Find the headings of an own table among its first rows; None if nothing is one."""
    for number, (_row, cells) in enumerate(rows):
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) < 2 or len(cells) > MOST_COLUMNS or any(map(_is_plain_number, filled)):  # noqa: PLR2004 - an area and a value
            continue
        below = [it for _row, it in rows[number + 1 : number + 1 + LOOKED_AT] if any(it)]
        if not below:
            return None
        width = max(len(cells), *map(len, below))
        if width > MOST_COLUMNS:
            return None
        samples = tuple(
            tuple(dict.fromkeys(it[at].strip() for it in below if at < len(it) and it[at].strip()))
            for at in range(width)
        )
        headings = (*(" ".join(cell.split()) for cell in cells), *[""] * (width - len(cells)))
        return OwnTable(headings, samples, number + 1)
    return None


def _is_plain_number(cell: str) -> bool:
    try:
        return read_cell(cell).value is not None and read_time(cell) is None
    except UnreadableCellError:
        return False


def propose(table: OwnTable) -> OwnMapping:
    """Propose what the columns mean, by their headings and what stands below."""
    columns: list[OwnColumn] = []
    taken: set[Meaning] = set()
    has_small = any(map(SMALL.fullmatch, table.headings))
    for heading, samples in zip(table.headings, table.samples, strict=True):
        meaning = _meaning(heading, samples, taken)
        is_county = meaning is Meaning.NAME and COUNTY.fullmatch(heading)
        if is_county and has_small:
            meaning = Meaning.WITHIN
        taken.add(meaning)
        if meaning is Meaning.VALUE:
            said = understand([heading])
            # A heading that is only a time or an age does not say what is counted.
            name = said.label or ("" if said.time or said.sides else heading)
            columns.append(OwnColumn(meaning, name=name, unit=said.unit))
        else:
            columns.append(OwnColumn(meaning))
    return OwnMapping(tuple(columns))


def _meaning(heading: str, samples: tuple[str, ...], taken: set[Meaning]) -> Meaning:
    if not samples:
        return Meaning.IGNORED
    for meaning, word in IS_WORD.items():
        if meaning not in taken and word.fullmatch(heading.strip()):
            is_key = meaning is Meaning.NAME and all(_is_key(sample) for sample in samples)
            return Meaning.KEY if is_key else meaning
    if Meaning.KEY not in taken and all(_is_key(sample) for sample in samples):
        return Meaning.KEY
    if all(map(is_value, samples)):
        return Meaning.VALUE
    return Meaning.IGNORED


def _is_key(text: str) -> bool:
    return REGION.fullmatch(text) is not None and YEAR.fullmatch(text) is None and len(text) > 4  # noqa: PLR2004 - a county has five


def read_own(
    table: OwnTable, mapping: OwnMapping, first: list[Row], rest: Iterator[Row], about: Provenance
) -> Iterator[Reading | Refused]:
    """Read an own table as the mapping says; ``first`` are the rows that were looked at."""
    body = _Body(table, mapping, [cells for _row, cells in first[table.begins_at :]])
    body_rows = chain(first[table.begins_at :], rest)
    for row, cells in body_rows:
        if cells and cells[0].startswith(FOOTER):
            for _row, below in demand_end(body_rows, most=table.least):
                read_note(" ".join(" ".join(below).split()), about)
            return
        if any(cell.strip() for cell in cells):
            about.rows += 1
            yield from body.read_row(row, cells)


class _Body:
    """Reads the rows of an own table under its mapping."""

    def __init__(
        self, table: OwnTable, mapping: OwnMapping, first: Sequence[Sequence[str]]
    ) -> None:
        self.mapping = mapping
        self.width = len(table.headings)
        self.headings = table.headings
        self.fixed = read_time(mapping.time)
        self.at = {meaning: mapping.place(meaning) for meaning in Meaning}
        self.values = [
            (at, mapping.columns[at], understand([table.headings[at]]))
            for at in mapping.places(Meaning.VALUE)
        ]
        age_at = self.at[Meaning.AGE]
        self.beginnings = (
            beginnings_of({_cell(cells, age_at) for cells in first}) if age_at >= 0 else set()
        )
        self.regions: dict[tuple[str, str, str], Region] = {}
        self.times: dict[str, Time | None] = {}
        self.kinds: dict[tuple[int, tuple[Attribute, ...], str], Kind] = {}

    def read_row(self, row: int, cells: Sequence[str]) -> Iterator[Reading | Refused]:
        said = ";".join(cells)[:80]
        if any(cell.strip() for cell in cells[self.width :]):
            yield Refused(row, self.width + 1, Problem.ROW_TOO_LONG, said)
            return
        key, name = self._of(cells, Meaning.KEY), self._of(cells, Meaning.NAME)
        key = key.replace(" ", "")
        if key.isdecimal():
            key = key.zfill(FULL_LENGTHS.get(len(key), len(key)))
        if (key and not REGION.fullmatch(key)) or not (key or name):
            yield Refused(row, max(self.at[Meaning.KEY], 0) + 1, Problem.REGION_MISSING, said)
            return
        named = key, name, self._of(cells, Meaning.WITHIN)
        region = self.regions.setdefault(named, Region("", *named))
        sides = self._sides(row, cells)
        if isinstance(sides, Refused):
            yield sides
            return
        for at, column, heading in self.values:
            raw = _cell(cells, at)
            if raw:
                yield self._value(row, cells, at, column, heading.time, region, sides, raw)

    def _value(
        self,
        row: int,
        cells: Sequence[str],
        at: int,
        column: OwnColumn,
        time: Time | None,
        region: Region,
        sides: tuple[Attribute, ...],
        raw: str,
    ) -> Reading | Refused:
        time = time or self._time(self._of(cells, Meaning.TIME)) or self.fixed
        if time is None or (self.at[Meaning.TIME] >= 0 and not self._of(cells, Meaning.TIME)):
            text = self._of(cells, Meaning.TIME)
            return Refused(row, self.at[Meaning.TIME] + 1, Problem.UNREADABLE_TIME, text[:80])
        label = self._of(cells, Meaning.MEASURE)
        if self.at[Meaning.MEASURE] >= 0 and not label:
            return Refused(row, self.at[Meaning.MEASURE] + 1, Problem.MEASURE_MISSING, "")
        try:
            cell = read_cell(raw, english=self.mapping.is_english)
        except UnreadableCellError:
            return Refused(row, at + 1, Problem.UNREADABLE_CELL, raw[:80])
        return Reading(row, at + 1, region, time, self._kind(at, column, sides, label), cell)

    def _kind(self, at: int, column: OwnColumn, sides: tuple[Attribute, ...], label: str) -> Kind:
        place = at, sides, label
        if place not in self.kinds:
            own = understand([self.headings[at]])
            name = label or column.name or own.label or self.headings[at]
            measure = Measure("", name, column.unit or own.unit, "" if label else column.quantity)
            self.kinds[place] = Kind("", measure, sides + own.sides)
        return self.kinds[place]

    def _sides(self, row: int, cells: Sequence[str]) -> tuple[Attribute, ...] | Refused:
        sides = []
        if self.at[Meaning.SEX] >= 0:
            text = self._of(cells, Meaning.SEX)
            sex = sex_of(text)
            if sex is None:
                return Refused(row, self.at[Meaning.SEX] + 1, Problem.UNREADABLE_SEX, text[:80])
            if sex:
                code = {"m": "GESM", "f": "GESW", "d": "GESD"}[sex]
                sides.append(Attribute("GES", "Geschlecht", code, text))
        if self.at[Meaning.AGE] >= 0:
            text = self._of(cells, Meaning.AGE)
            ages = age_of(text, beginnings=self.beginnings)
            if ages is None:
                return Refused(row, self.at[Meaning.AGE] + 1, Problem.UNREADABLE_AGE, text[:80])
            if text:
                sides.append(Attribute("ALT", "Alter", "-", f"{ages.first} bis unter {ages.under}"))
        sides += [
            Attribute("", self.headings[at], "", _cell(cells, at))
            for at in self.mapping.places(Meaning.SIDE)
            if _cell(cells, at)
        ]
        return tuple(sides)

    def _of(self, cells: Sequence[str], meaning: Meaning) -> str:
        return _cell(cells, self.at[meaning])

    def _time(self, text: str) -> Time | None:
        if text not in self.times:
            self.times[text] = read_time(text)
        return self.times[text]


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if 0 <= at < len(cells) else ""
