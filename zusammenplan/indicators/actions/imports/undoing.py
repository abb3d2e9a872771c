"""Undo an import: what it added goes, what it replaced comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F, ProtectedError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, remove
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.actions.imports.shapes import ImportRefusedError
from zusammenplan.indicators.actions.locks import figures_alone
from zusammenplan.indicators.models import Observation, Quantity, StatisticsImport
from zusammenplan.places.actions.areas import lock_areas
from zusammenplan.places.models import Area, AreaVersion

if TYPE_CHECKING:
    from datetime import datetime

    from zusammenplan.people.models import User


def undo_import(record: StatisticsImport, *, by: User | None, now: datetime) -> StatisticsImport:
    """
    Undo an import as if it had never been, also where later ones replaced its values.

    :raises ImportRefusedError: if it is undone already, or a later one relies on its values
    """
    with transaction.atomic():
        # Areas that came with it alone go, too.
        lock_areas()
        figures_alone()
        record = StatisticsImport.objects.get(pk=record.pk)
        _demand_undoable(record)
        touched = Observation.objects.filter(source=record)
        quantities = list(touched.values_list("quantity", flat=True).distinct())
        periods = list(touched.values_list("starts_on", "ends_on").distinct())
        _mend_later(record)
        _bring_back(record)
        record.undone_at, record.undone_by = now, by
        record.version += 1
        keep(
            record,
            by=by,
            deed=_("Import undone"),
            fields=["undone_at", "undone_by", "version"],
        )
        kept = _forget_made(record, quantities, by=by)
        recompute(quantities=kept, periods=periods)
    return record


def relying_on(record: StatisticsImport) -> StatisticsImport | None:
    """Give a later import that found values of this one unchanged, and so did not keep its own."""
    later = StatisticsImport.objects.filter(pk__gt=record.pk, undone_at=None, unchanged__gt=0)
    later = later.filter(statistics=record.statistics, table=record.table)
    return later.order_by("-pk").first()


def _demand_undoable(record: StatisticsImport) -> None:
    if record.undone_at:
        raise ImportRefusedError(_("This import is undone already."))
    if later := relying_on(record):
        raise ImportRefusedError(
            _(
                "“%(later)s” was taken over on %(day)s and relies on values of this import that it "
                "found unchanged. Undo that import first."
            )
            % {
                "later": later.file_name,
                "day": date_format(later.imported_at, "SHORT_DATE_FORMAT"),
            }
        )


def _run(sql: str, parameters: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _mend_later(record: StatisticsImport) -> None:
    """Where a later import replaced a value of this one, let it replace the one before instead."""
    _run(
        """
        UPDATE indicators_replacedvalue SET value = e.value, sign = e.sign, quality = e.quality,
            raw = e.raw, source_id = e.source_id
        FROM indicators_replacedvalue e
        WHERE e.replaced_by_id = %s AND e.observation_id = indicators_replacedvalue.observation_id
            AND indicators_replacedvalue.source_id = %s
        """,
        [record.pk, record.pk],
    )
    # What is left had nothing before it: the later import's value becomes a new one.
    _run("DELETE FROM indicators_replacedvalue WHERE source_id = %s", [record.pk])
    _run(
        """
        DELETE FROM indicators_replacedvalue WHERE replaced_by_id = %s AND observation_id IN
            (SELECT id FROM indicators_observation WHERE source_id <> %s)
        """,
        [record.pk, record.pk],
    )


def _bring_back(record: StatisticsImport) -> None:
    _run(
        """
        UPDATE indicators_observation SET value = e.value, sign = e.sign, quality = e.quality,
            raw = e.raw, source_id = e.source_id, secrecy = ''
        FROM indicators_replacedvalue e
        WHERE e.replaced_by_id = %s AND e.observation_id = indicators_observation.id
            AND indicators_observation.source_id = %s
        """,
        [record.pk, record.pk],
    )
    _run("DELETE FROM indicators_replacedvalue WHERE replaced_by_id = %s", [record.pk])
    _run("DELETE FROM indicators_observation WHERE source_id = %s", [record.pk])


def _forget_made(record: StatisticsImport, quantities: list[int], *, by: User | None) -> list[int]:
    """Take away areas and quantities that came with this import alone; give what stays."""
    deed = _("Import %(number)s") % {"number": record.pk}
    reason = _("Import undone")
    versions = AreaVersion.objects.filter(source=deed, area__is_reference=True, observations=None)
    for area in Area.objects.filter(pk__in=versions.values("area")):
        try:
            with transaction.atomic():
                remove(area, by=by, reason=reason)
        except ProtectedError:
            continue
    made = Quantity.objects.filter(pk__in=quantities, observations=None)
    # Parts go first; what others are still a part of stays.
    gone: set[int] = set()
    for quantity in made.order_by(F("part_of").desc(nulls_last=True)):
        if not quantity.history.filter(
            history_type="+", history_change_reason__endswith=deed
        ).exists():
            continue
        pk = quantity.pk
        try:
            with transaction.atomic():
                remove(quantity, by=by, reason=reason)
        except ProtectedError:
            continue
        gone.add(pk)
    return [quantity for quantity in quantities if quantity not in gone]
