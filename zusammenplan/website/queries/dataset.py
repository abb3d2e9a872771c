"""Descriptions of data pages for search engines and catalogues (schema.org Dataset)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zusammenplan.core.context import municipality
from zusammenplan.indicators.models import StatisticsImport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from zusammenplan.core.charts.drawing import Figure
    from zusammenplan.indicators.models import Figure as Kept
    from zusammenplan.indicators.queries.provenance import Source

KINDS = {
    "CSV": "text/csv",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "JSON": "application/json",
    "ZIP": "application/zip",
}
# As Django's own json_script: nothing in it can end the script or begin a comment.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def dataset(
    path: str,
    *,
    name: str,
    description: str,
    areas: Sequence[str] = (),
    figures: Sequence[Figure] = (),
    measured: Sequence[str] = (),
    kept: QuerySet[Kept] | None = None,
    period: str = "",
    sources: Sequence[Source] = (),
    files: Sequence[tuple[str, str, str]] = (),
) -> SafeString:
    """
    Describe what a page shows; its files are the distributions.

    :param areas: what it is about, unless it is the whole municipality
    :param kept: the kept figures that tell its time, unless ``period`` does
    :param sources: the files from which the values shown came
    :param files: further distributions, with all there is: name, kind and address
    """
    url = f"{settings.SITE_URL}{path}"
    data = f"{settings.SITE_URL}{reverse('website:data-overview')}"
    owner = municipality().name
    licences, based_on = _of_files(sources)
    everything = _licences_of_all() if files else []
    offered = [
        *((figure.heading, *one, []) for figure in figures for one in figure.downloads),
        *((*one, everything) for one in files),
    ]
    content = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": name,
        "description": description or name,
        "url": url,
        "isPartOf": {"@type": "Dataset", "name": _("Data"), "url": data} if url != data else "",
        "isAccessibleForFree": True,
        "creator": {"@type": "GovernmentOrganization", "name": owner},
        "variableMeasured": list(measured),
        "spatialCoverage": list(areas) or [owner],
        "temporalCoverage": period or (_time_of(kept) if kept is not None else ""),
        "license": licences,
        "isBasedOn": based_on,
        "distribution": [
            {
                "@type": "DataDownload",
                "name": heading,
                "encodingFormat": KINDS[kind],
                "contentUrl": f"{url}{address}",
            }
            | ({"license": terms} if terms else {})
            for heading, kind, address, terms in offered
            if kind in KINDS
        ],
    }
    told = {key: value for key, value in content.items() if value not in ("", [])}
    return SafeString(json.dumps(told, ensure_ascii=False).translate(ESCAPES))


def _time_of(figures: QuerySet[Kept]) -> str:
    """Write from when until when figures are; each end is found in an index."""
    days = figures.values_list("starts_on", "ends_on")
    first, last = days.order_by("ends_on").first(), days.order_by("-ends_on").first()
    return f"{first[0]}/{last[1]}" if first and last else ""


def _of_files(sources: Sequence[Source]) -> tuple[list[str], list[str]]:
    licences = {one.licence for one in sources if one.licence}
    return sorted(licences), [one.url or one.title or one.file for one in sources]


def _licences_of_all() -> list[str]:
    rows = StatisticsImport.objects.filter(undone_at=None).exclude(licence="").order_by("licence")
    return list(rows.values_list("licence", flat=True).distinct())
