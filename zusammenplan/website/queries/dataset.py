"""Descriptions of data pages for search engines and catalogues (schema.org Dataset)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.safestring import SafeString

from zusammenplan.core.context import municipality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zusammenplan.core.charts.drawing import Figure

KINDS = {
    "CSV": "text/csv",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "JSON": "application/json",
}
# As Django's own json_script: nothing in it can end the script or begin a comment.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def dataset(
    path: str,
    *,
    name: str,
    description: str,
    figures: Sequence[Figure] = (),
    measured: Sequence[str] = (),
    area: str = "",
    period: str = "",
    licences: Sequence[str] = (),
    based_on: Sequence[str] = (),
) -> SafeString:
    """Describe what a page shows; its files are the distributions."""
    url = f"{settings.SITE_URL}{path}"
    content = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": name,
        "description": description or name,
        "url": url,
        "isAccessibleForFree": True,
        "creator": {"@type": "GovernmentOrganization", "name": municipality().name},
        "variableMeasured": list(measured),
        "spatialCoverage": area,
        "temporalCoverage": period,
        "license": list(licences),
        "isBasedOn": list(based_on),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": figure.heading,
                "encodingFormat": KINDS[kind],
                "contentUrl": f"{url}{address}",
            }
            for figure in figures
            for kind, address in figure.downloads
            if kind in KINDS
        ],
    }
    told = {key: value for key, value in content.items() if value not in ("", [])}
    return SafeString(json.dumps(told, ensure_ascii=False).translate(ESCAPES))
