"""What happened to a measure and its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _

from zusammenplan.core.history import changes_in
from zusammenplan.core.models import Attachment
from zusammenplan.core.money import amount_text
from zusammenplan.plans.models import (
    Cost,
    IndicatorValue,
    Measure,
    MeasureIndicator,
    MeasureRelation,
    Milestone,
)
from zusammenplan.plans.queries.days import due_label

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from zusammenplan.core.history import Change


def measure_log(measure: Measure, limit: int = 10) -> list[Change]:
    """Tell what happened to the measure and to all its parts, newest first."""
    of_measure = Q(measure_id=measure.pk)
    kind = ContentType.objects.get_for_model(Measure)
    indicator_kind = ContentType.objects.get_for_model(MeasureIndicator)
    indicators = list(
        MeasureIndicator.history.filter(of_measure).values_list("id", flat=True).distinct()
    )
    related = MeasureRelation.history.filter(of_measure | Q(other_id=measure.pk))
    names = _names_of_related(related, measure)
    files = Q(content_type_id=kind.pk, object_id=measure.pk) | Q(
        content_type_id=indicator_kind.pk, object_id__in=indicators
    )
    entries = [
        *changes_in(measure.history.all(), limit),
        *changes_in(
            Cost.history.filter(of_measure),
            limit,
            lambda row: f"{row.year or ''} {row.source}".strip() or amount_text(row.amount),
        ),
        *changes_in(Milestone.history.filter(of_measure), limit, lambda row: row.title_de),
        *changes_in(
            MeasureIndicator.history.filter(of_measure),
            limit,
            lambda row: row.text_de,
        ),
        *changes_in(
            IndicatorValue.history.filter(indicator_id__in=indicators),
            limit,
            lambda row: due_label(row.on),
        ),
        *changes_in(
            related,
            limit,
            lambda row: names.get(
                row.other_id if row.measure_id == measure.pk else row.measure_id, _("deleted")
            ),
        ),
        *changes_in(Attachment.history.filter(files), limit, lambda row: row.name),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:limit]


def _names_of_related(related: QuerySet[Any], measure: Measure) -> dict[int, str]:
    keys = {key for pair in related.values_list("measure_id", "other_id") for key in pair}
    others = Measure.objects.filter(pk__in=keys - {measure.pk})
    return {other.pk: str(other) for other in others}
