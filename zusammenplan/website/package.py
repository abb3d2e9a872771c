"""
All public data in one file: a data package (Frictionless) with its schema, sources and licences.

It is written row by row into a file beside the database, once a public version; whoever asks next
gets the same file.
"""

from __future__ import annotations

import csv
import io
import json
import os
import threading
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from zusammenplan.core.context import municipality
from zusammenplan.core.public import current_version
from zusammenplan.core.spreadsheets import harmless
from zusammenplan.indicators.models import (
    ALL_AGES,
    Figure,
    Indicator,
    Observation,
    SocialIndex,
    StatisticsImport,
)
from zusammenplan.indicators.queries.looking.values import HIDDEN
from zusammenplan.indicators.queries.social_index import index_table
from zusammenplan.places.models import AreaVersion
from zusammenplan.website.package_outlines import write_outlines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

AT_ONCE = 2000
STEM = "datenpaket-"
_one_at_a_time = threading.Lock()

STRING, DAY, NUMBER, WHOLE, FLAG = "string", "date", "number", "integer", "boolean"
OBJECT = "object"
POPULATION = "population"
# By what a row of a table is known, and which columns name rows of another table.
KEYS = {"areas": "version", "indicators": "code"}
LINKS = {"area_version": ("areas", "version"), "indicator": ("indicators", "code")}


def data_package() -> Path:
    """Give the file of the present public version."""
    folder = Path(settings.DATA) / "made"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{STEM}{current_version()}.zip"
    if file.exists():
        return file
    with _one_at_a_time:
        if not file.exists():
            fresh = file.with_name(f"{file.name}.{os.getpid()}")
            try:
                _write(fresh)
                fresh.replace(file)
            finally:
                fresh.unlink(missing_ok=True)
            for old in folder.glob(f"{STEM}*.zip"):
                if old != file:
                    old.unlink(missing_ok=True)
    return file


TABLES: dict[str, tuple[str, dict[str, str], Callable[[], Iterator[Sequence[object]]]]]


def _write(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        resources = []
        for name, (title, fields, rows) in TABLES.items():
            with archive.open(f"{name}.csv", "w") as raw:
                text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
                writer = csv.writer(text, lineterminator="\r\n")
                writer.writerow(fields)
                for row in rows():
                    writer.writerow([_cell(cell) for cell in row])
                text.flush()
                text.detach()
            resources.append(_resource(name, title, fields))
        resources.append(write_outlines(archive))
        archive.writestr(
            "datapackage.json", json.dumps(_described(resources), ensure_ascii=False, indent=1)
        )


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return harmless(cell) if isinstance(cell, str) else str(cell)


def _resource(name: str, title: str, fields: dict[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [{"name": field, "type": kind} for field, kind in fields.items()],
        "missingValues": [""],
    }
    if name in KEYS:
        schema["primaryKey"] = KEYS[name]
    links = [
        {"fields": field, "reference": {"resource": resource, "fields": key}}
        for field, (resource, key) in LINKS.items()
        if field in fields
    ]
    if links:
        schema["foreignKeys"] = links
    return {
        "name": name,
        "title": title,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _described(resources: list[dict[str, Any]]) -> dict[str, Any]:
    owner = municipality()
    files = (
        StatisticsImport.objects.filter(undone_at=None).order_by("publisher", "title").iterator()
    )
    sources: dict[str, dict[str, str]] = {}
    licences: dict[str, None] = {}
    for one in files:
        title = " ".join(filter(None, [one.publisher, one.table, one.title])) or one.file_name
        sources[title] = {"title": title} | ({"path": one.url} if one.url else {})
        if one.licence:
            licences[one.licence] = None
    return {
        # Outlines are no table.
        "profile": "data-package",
        "name": "zusammenplan-daten",
        "title": f"{owner.name}: {owner.site_name}".strip(": "),
        "description": "Alle veröffentlichten Kennzahlen mit den Umrissen der Gebiete. "
        "„x“ mit hidden = true heißt: gesperrt, weil der Wert Rückschlüsse auf einzelne "
        "Personen zuließe.",
        "homepage": f"{settings.SITE_URL}/daten/",
        "created": timezone.now().isoformat(timespec="seconds"),
        "resources": resources,
    } | {
        # The specification wants none of them rather than an empty list.
        name: told
        for name, told in (
            ("sources", list(sources.values())),
            ("licenses", [{"name": "other-at", "title": one} for one in licences]),
        )
        if told
    }


def _areas() -> Iterator[Sequence[object]]:
    rows = AreaVersion.objects.order_by("area__position", "area_id", "valid_from", "pk")
    return rows.values_list(
        "pk",
        "area_id",
        "name",
        "kind",
        "ags",
        "ars",
        "association",
        "parent_id",
        "valid_from",
        "valid_to",
    ).iterator(chunk_size=AT_ONCE)


def _indicators() -> Iterator[Sequence[object]]:
    rows = Indicator.objects.filter(is_public=True).in_order()
    fields = rows.values_list(
        "code",
        "name_de",
        "name_en",
        "definition_de",
        "form",
        "formula",
        "parameters",
        "unit_de",
        "unit_en",
        "decimals",
        "direction",
        "life_situation",
        "state_field",
        "source_de",
        "method_version",
    ).iterator(chunk_size=AT_ONCE)
    for *names, parameters, a, b, c, d, e, f, g, h in fields:
        yield *names, json.dumps(parameters), a, b, c, d, e, f, g, h


def _population() -> Iterator[Sequence[object]]:
    """Give the people by sex and age, as the pyramids show them; what is secret is "x"."""
    rows = (
        Observation.objects.filter(quantity__code=POPULATION, other="")
        .order_by("area_version", "ends_on", "sex", "age_from", "age_to", "pk")
        .values_list(
            "area_version_id",
            "ends_on",
            "sex",
            "age_from",
            "age_to",
            "value",
            "sign",
            "quality",
            "secrecy",
        )
    )
    for version, day, sex, first, under, value, sign, quality, secrecy in rows.iterator(
        chunk_size=AT_ONCE
    ):
        where = version, day, sex, first, None if under == ALL_AGES else under
        if secrecy:
            yield *where, None, HIDDEN, "", True
        else:
            yield *where, value, sign, quality, False


def _social_indices() -> Iterator[Sequence[object]]:
    """Give each area of each public index: class, z-score, and the raw value beside it."""
    for index in SocialIndex.objects.public().order_by("slug"):
        table = index_table(index)
        for one in table.results:
            for part in table.parts:
                yield (
                    index.slug,
                    index.method_version,
                    one.area,
                    table.areas[int(str(one.area))].name,
                    one.rank,
                    one.burden_class,
                    one.index,
                    one.left_out,
                    part.indicator.code,
                    part.weight,
                    part.high_is_burden,
                    one.values.get(part.indicator_id),
                    one.scores.get(part.indicator_id),
                )


def _figures() -> Iterator[Sequence[object]]:
    rows = (
        Figure.objects.filter(indicator__is_public=True)
        .order_by("indicator", "area", "ends_on", "pk")
        .values_list(
            "indicator__code",
            "area_version_id",
            "area_version__ags",
            "area_version__name",
            "starts_on",
            "ends_on",
            "value",
            "sign",
            "quality",
            "secrecy",
            "method_version",
            "pk",
        )
    )
    for *names, value, sign, quality, secrecy, method, pk in rows.iterator(chunk_size=AT_ONCE):
        address = f"{settings.SITE_URL}/daten/wert/{pk}/"
        if secrecy:
            yield *names, None, HIDDEN, "", True, method, address
        else:
            yield *names, value, sign, quality, False, method, address


TABLES = {
    "areas": (
        "Gebiete mit ihren Gebietsständen",
        {
            "version": WHOLE,
            "area": WHOLE,
            "name": STRING,
            "kind": STRING,
            "ags": STRING,
            "ars": STRING,
            "association": STRING,
            "lies_in": WHOLE,
            "valid_from": DAY,
            "valid_to": DAY,
        },
        _areas,
    ),
    "indicators": (
        "Indikatoren mit Definition und Formel",
        {
            "code": STRING,
            "name_de": STRING,
            "name_en": STRING,
            "definition_de": STRING,
            "form": STRING,
            "formula": STRING,
            "limits_of_age": OBJECT,
            "unit_de": STRING,
            "unit_en": STRING,
            "decimals": WHOLE,
            "direction": STRING,
            "life_situation": STRING,
            "field_of_action": STRING,
            "source": STRING,
            "method_version": WHOLE,
        },
        _indicators,
    ),
    "figures": (
        "Kennzahlen mit Zeichen und Herkunft",
        {
            "indicator": STRING,
            "area_version": WHOLE,
            "ags": STRING,
            "area": STRING,
            "from": DAY,
            "to": DAY,
            "value": NUMBER,
            "sign": STRING,
            "quality": STRING,
            "hidden": FLAG,
            "method_version": WHOLE,
            "provenance": STRING,
        },
        _figures,
    ),
    "population": (
        "Bevölkerung nach Geschlecht und Alter (age_under: erstes Alter, das nicht mehr zählt)",
        {
            "area_version": WHOLE,
            "on": DAY,
            "sex": STRING,
            "age_from": WHOLE,
            "age_under": WHOLE,
            "value": NUMBER,
            "sign": STRING,
            "quality": STRING,
            "hidden": FLAG,
        },
        _population,
    ),
    "social_indices": (
        "Sozialindizes: je Gebiet und Indikator Klasse, z-Wert und Rohwert",
        {
            "index": STRING,
            "method_version": WHOLE,
            "area": WHOLE,
            "area_name": STRING,
            "rank": WHOLE,
            "class": WHOLE,
            "index_value": NUMBER,
            "left_out": STRING,
            "indicator": STRING,
            "weight": NUMBER,
            "high_is_burden": FLAG,
            "value": NUMBER,
            "z_score": NUMBER,
        },
        _social_indices,
    ),
}
