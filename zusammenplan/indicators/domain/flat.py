"""
Flat files of GENESIS: one value a line (since 2025), or one line with a column per measure (before).

The columns are found by their names; a region is found by the code of its variable.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from zusammenplan.indicators.domain.shapes import (
    Attribute,
    Layout,
    Measure,
    NotOfficial,
    NotOfficialError,
    Problem,
    Provenance,
    Reading,
    Refused,
)
from zusammenplan.indicators.domain.signs import UnreadableCellError, read_cell
from zusammenplan.indicators.domain.times import read_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zusammenplan.indicators.domain.times import Time

REGIONS = frozenset(
    {"KREISE", "GEMEIN", "DLAND", "DLANDU", "DINSG", "REGBEZ", "GEODL1", "GEODL3", "GEOBL1"}
    | {"GEOBL3", "GEORB1", "GEOLK1", "GEOLK4", "GEOGM1", "GEOGM3", "GEOGM4", "GEOVB4"}
)
NEW_FIRST, OLD_FIRST = "statistics_code", "statistik_code"
OLD_MEASURE = re.compile(r"(?P<code>[A-Z0-9]{3,})__(?P<label>.*)__(?P<unit>[^_]*)")
FOOTER = "____"
GROUP = ("code", "label", "attribute_code", "attribute_label")
OLD_GROUP = ("merkmal_code", "merkmal_label", "auspraegung_code", "auspraegung_label")


def is_flat(header: Sequence[str]) -> bool:
    """Tell whether the first row is the header of a flat file."""
    return bool(header) and header[0].strip().casefold() in {NEW_FIRST, OLD_FIRST}


def read_flat(
    header: Sequence[str], rows: Iterator[tuple[int, Sequence[str]]], about: Provenance
) -> Iterator[Reading | Refused]:
    """
    Read a flat file row by row; ``about`` learns whence it comes.

    :raises NotOfficialError: if columns that every flat file has are missing
    """
    names = [name.strip() for name in header]
    is_old = names[0].casefold() == OLD_FIRST
    about.layout = Layout.FLAT_OLD if is_old else Layout.FLAT
    return (_read_old if is_old else _read_new)(names, rows, about)


def _read_new(
    names: list[str], rows: Iterator[tuple[int, Sequence[str]]], about: Provenance
) -> Iterator[Reading | Refused]:
    at = {name: index for index, name in enumerate(names)}
    try:
        time_at, value_at, unit_at = at["time"], at["value"], at["value_unit"]
        code_at, label_at = at["value_variable_code"], at["value_variable_label"]
        statistics_at, statistics_label_at = at[NEW_FIRST], at["statistics_label"]
    except KeyError as missing:
        raise NotOfficialError(NotOfficial.UNKNOWN_LAYOUT, str(missing.args[0])) from missing
    quality_at = at.get("value_q")
    groups = [
        tuple(at[f"{number}_variable_{part}"] for part in GROUP)
        for number in range(1, 20)
        if all(f"{number}_variable_{part}" in at for part in GROUP)
    ]
    times: dict[str, Time | None] = {}
    measures: dict[tuple[str, str], Measure] = {}
    attributes: dict[tuple[str, str], Attribute] = {}
    for row, cells in rows:
        if _is_end(cells):
            break
        if len(cells) < len(names):
            yield Refused(row, len(cells), Problem.ROW_TOO_SHORT, ";".join(cells)[:80])
            continue
        about.rows += 1
        if not about.statistics:
            about.statistics = cells[statistics_at]
            about.title = cells[statistics_label_at]
        text = cells[time_at]
        if text not in times:
            times[text] = read_time(text)
        time = times[text]
        if time is None:
            yield Refused(row, time_at + 1, Problem.UNREADABLE_TIME, text)
            continue
        region: tuple[str, str, str] | None = None
        breakdown = []
        for variable_at, variable_label_at, attribute_at, attribute_label_at in groups:
            variable, code = cells[variable_at], cells[attribute_at]
            if not variable:
                continue
            if region is None and variable in REGIONS:
                region = variable, code, cells[attribute_label_at].strip()
                continue
            key = variable, code
            if key not in attributes:
                attributes[key] = Attribute(
                    variable, cells[variable_label_at], code, cells[attribute_label_at].strip()
                )
            breakdown.append(attributes[key])
        if region is None or not region[1]:
            yield Refused(row, 1, Problem.REGION_MISSING, ";".join(cells)[:80])
            continue
        measured = cells[code_at], cells[unit_at]
        if measured not in measures:
            measures[measured] = Measure(cells[code_at], cells[label_at], cells[unit_at])
        quality = cells[quality_at] if quality_at is not None else ""
        yield reading(
            row,
            value_at,
            region,
            time,
            measures[measured],
            tuple(breakdown),
            cells[value_at],
            quality,
        )


def _read_old(
    names: list[str], rows: Iterator[tuple[int, Sequence[str]]], about: Provenance
) -> Iterator[Reading | Refused]:
    at = {name.casefold(): index for index, name in enumerate(names)}
    columns = {
        index: Measure(found["code"], found["label"].strip(), found["unit"].strip())
        for index, name in enumerate(names)
        if (found := OLD_MEASURE.fullmatch(name))
    }
    if "zeit" not in at or not columns:
        raise NotOfficialError(NotOfficial.UNKNOWN_LAYOUT, "Zeit")
    groups = [
        tuple(at[f"{number}_{part}"] for part in OLD_GROUP)
        for number in range(1, 20)
        if all(f"{number}_{part}" in at for part in OLD_GROUP)
    ]
    for row, cells in rows:
        if _is_end(cells):
            break
        if len(cells) < len(names):
            yield Refused(row, len(cells), Problem.ROW_TOO_SHORT, ";".join(cells)[:80])
            continue
        about.rows += 1
        if not about.statistics:
            about.statistics, about.title = cells[0], cells[at.get("statistik_label", 0)]
        time = read_time(cells[at["zeit"]])
        if time is None:
            yield Refused(row, at["zeit"] + 1, Problem.UNREADABLE_TIME, cells[at["zeit"]])
            continue
        parts = [tuple(cells[index].strip() for index in group) for group in groups]
        region = next(
            ((variable, code, label) for variable, _, code, label in parts if variable in REGIONS),
            None,
        )
        if region is None or not region[1]:
            yield Refused(row, 1, Problem.REGION_MISSING, ";".join(cells)[:80])
            continue
        breakdown = tuple(
            Attribute(variable, label, code, attribute)
            for variable, label, code, attribute in parts
            if variable and variable not in REGIONS
        )
        for index, measure in columns.items():
            yield reading(row, index, region, time, measure, breakdown, cells[index])


def reading(
    row: int,
    index: int,
    region: tuple[str, str, str],
    time: Time,
    measure: Measure,
    breakdown: tuple[Attribute, ...],
    raw: str,
    quality: str = "",
) -> Reading | Refused:
    """Read the value in a cell, or say that it cannot be read."""
    try:
        cell = read_cell(raw)
    except UnreadableCellError:
        return Refused(row, index + 1, Problem.UNREADABLE_CELL, raw[:80])
    if quality:
        cell = replace(cell, quality=cell.quality + quality)
    return Reading(row, index + 1, *region, time, measure, breakdown, cell)


def _is_end(cells: Sequence[str]) -> bool:
    return bool(cells) and cells[0].startswith(FOOTER)
