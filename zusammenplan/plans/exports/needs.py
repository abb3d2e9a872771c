"""A plan's needs as XLSX and CSV."""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from zusammenplan.plans.exports.sheets import (
    add_sheet,
    csv_table,
    finished,
    new_workbook,
    shown_day,
)
from zusammenplan.plans.models import Goal, Measure, Need, NeedEvidence, NeedQuerySet
from zusammenplan.plans.queries.citations import Citation, citations

WIDTHS = (8, 60, 40, 60, 10, 12, 30, 30, 30, 30, 60, 40, 40)


def need_csv_lines(needs: NeedQuerySet) -> Iterator[str]:
    """Write the needs as CSV, line by line."""
    return csv_table(_need_heads(), _rows(needs))


def need_xlsx_file(needs: NeedQuerySet, *, title: str) -> IO[bytes]:
    """Write the needs as a workbook."""
    file, book = new_workbook(title)
    add_sheet(book, _("Needs"), _need_heads(), _rows(needs), WIDTHS)
    return finished(file, book)


def _rows(needs: NeedQuerySet) -> Iterator[list[str]]:
    found = list(_needs_with_links(needs))
    cited = citations(one for need in found for one in need.evidence.all())
    yield from (_need_cells(need, cited) for need in found)


def _needs_with_links(needs: NeedQuerySet) -> Iterable[Need]:
    # Not in portions: each would ask for all links anew, and a plan's needs are not too many.
    # Prefetches of different records stand in calls of their own, so that their types hold.
    return (
        needs.select_related("field")
        .prefetch_related("areas", "target_groups", "life_situations")
        .prefetch_related(Prefetch("goals", Goal.objects.only("number", "title_de", "title_en")))
        .prefetch_related(
            Prefetch("measures", Measure.objects.only("number", "title_de", "title_en"))
        )
        .prefetch_related(Prefetch("evidence", NeedEvidence.objects.order_by("position", "pk")))
    )


def _need_heads() -> list[str]:
    return [
        _("No."),
        _("Need"),
        _("Field of action"),
        _("Explanation"),
        _("Strength"),
        _("State"),
        _("Reason of the state"),
        _("Planning areas"),
        _("Target groups"),
        _("Life situations"),
        _("Evidence"),
        _("Goals"),
        _("Measures"),
    ]


def _need_cells(need: Need, cited: Mapping[int, Citation]) -> list[str]:
    return [
        need.number,
        need.title,
        str(need.field or ""),
        need.text,
        need.get_strength_display(),
        need.get_state_display(),
        need.state_reason,
        _listed(need.areas.all()),
        _listed(need.target_groups.all()),
        _listed(need.life_situations.all()),
        "\n".join(_evidence_line(one, cited.get(one.pk)) for one in need.evidence.all()),
        _listed(need.goals.all()),
        _listed(need.measures.all()),
    ]


def _listed(records: Iterable[object]) -> str:
    return "\n".join(sorted(str(record) for record in records))


def _evidence_line(one: NeedEvidence, cited: Citation | None) -> str:
    parts = (cited.text if cited else "", one.source, shown_day(one.dated_on), one.url)
    source = ", ".join(part for part in parts if part)
    return f"{one.text} ({source})" if source else one.text
