"""Under which licences the values behind a picture may be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zusammenplan.indicators.models import Figure
from zusammenplan.indicators.queries.provenance import provenance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from zusammenplan.indicators.queries.looking.rows import DataRow
    from zusammenplan.indicators.queries.provenance import Source


def licences_of(rows: Sequence[DataRow]) -> str:
    """
    Name the licences of the files from which the newest value came.

    Older ones and those of other areas come from other states of the same tables.
    """
    if not rows:
        return ""
    newest = max(rows, key=lambda row: (row.ends_on, bool(row.figure)))
    # A picture of people by age has counts alone; the indicator of the same day tells of them.
    wanted = (
        {"pk": newest.figure}
        if newest.figure
        else {"indicator__code": newest.code, "ends_on": newest.ends_on}
    )
    found = {one.licence for one in newest_sources(Figure.objects.filter(**wanted)) if one.licence}
    return "; ".join(sorted(found))


def newest_sources(figures: QuerySet[Figure]) -> list[Source]:
    """Give the files from which the newest of some figures came."""
    figure = (
        figures.select_related("indicator", "area_version")
        .defer("area_version__geometry")
        .order_by("-ends_on", "-pk")
        .first()
    )
    return provenance(figure).sources if figure else []
