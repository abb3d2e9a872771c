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
from zusammenplan.indicators.models import Figure, Indicator, StatisticsImport
from zusammenplan.indicators.queries.looking.values import HIDDEN
from zusammenplan.places.models import AreaVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

AT_ONCE = 2000
STEM = "datenpaket-"
_one_at_a_time = threading.Lock()

STRING, DAY, NUMBER, WHOLE, FLAG = "string", "date", "number", "integer", "boolean"


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
            _write(fresh)
            fresh.replace(file)
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
    if name == "figures":
        schema["foreignKeys"] = [
            {"fields": "area_version", "reference": {"resource": "areas", "fields": "version"}},
            {"fields": "indicator", "reference": {"resource": "indicators", "fields": "code"}},
        ]
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
        "profile": "tabular-data-package",
        "name": "zusammenplan-daten",
        "title": f"{owner.name}: {owner.site_name}".strip(": "),
        "description": "Alle veröffentlichten Kennzahlen. „x“ mit hidden = true heißt: gesperrt, "
        "weil der Wert Rückschlüsse auf einzelne Personen zuließe.",
        "homepage": f"{settings.SITE_URL}/daten/",
        "created": timezone.now().isoformat(timespec="seconds"),
        "sources": list(sources.values()),
        "licenses": [{"name": "other-at", "title": one} for one in licences],
        "resources": resources,
    }


def _areas() -> Iterator[Sequence[object]]:
    rows = AreaVersion.objects.order_by("area__position", "area_id", "valid_from", "pk")
    return rows.values_list(
        "pk", "area_id", "name", "kind", "ags", "ars", "parent_id", "valid_from", "valid_to"
    ).iterator(chunk_size=AT_ONCE)


def _indicators() -> Iterator[Sequence[object]]:
    rows = Indicator.objects.filter(is_public=True).in_order()
    return rows.values_list(
        "code",
        "name_de",
        "name_en",
        "definition_de",
        "form",
        "formula",
        "unit_de",
        "unit_en",
        "decimals",
        "direction",
        "life_situation",
        "state_field",
        "source_de",
        "method_version",
    ).iterator(chunk_size=AT_ONCE)


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
}
