"""Imports of figures as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from zusammenplan.core.money import number_text
from zusammenplan.indicators.choices import Sex
from zusammenplan.indicators.domain.sides import ALL_AGES
from zusammenplan.indicators.models import ReplacedValue, StatisticsImport
from zusammenplan.indicators.queries.import_words import SKIPPED
from zusammenplan.indicators.queries.words import period_text


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what belongs to it, for ``components/facts.html``."""

    label: str
    value: str
    url: str = ""


def whom_text(sex: str, age_from: int, age_to: int, other: str) -> str:
    """Write whom a value counts; empty for everybody."""
    parts = [str(Sex(sex).label)] if sex else []
    if age_to != ALL_AGES:
        parts.append(_("%(first)s to under %(last)s years") % {"first": age_from, "last": age_to})
    elif age_from:
        parts.append(_("%(first)s years and older") % {"first": age_from})
    return ", ".join([*parts, *([other.replace(";", ", ")] if other else [])])


def count_text(count: int) -> str:
    return number_text(Decimal(count))


def value_text(value: Decimal | None, sign: str, quality: str) -> str:
    """Write a value as the source does: the number, or the sign in its place."""
    if value is None or sign:
        text = sign or "–"
        return f"{text} (0)" if value is not None else text
    text = number_text(value)
    return f"({text}){quality.replace('()', '')}" if "()" in quality else f"{text}{quality}"


def skipped_texts(skipped: Mapping[str, int]) -> list[Fact]:
    return [Fact(str(SKIPPED[why]), count_text(count)) for why, count in skipped.items()]


def values_text(values: Mapping[str, int]) -> str:
    """Write how many numbers and signs of each kind there were."""
    parts = []
    for sign, count in values.items():
        if sign == "number":
            parts.append(
                ngettext("%(count)s number", "%(count)s numbers", count)
                % {"count": count_text(count)}
            )
        else:
            parts.append(f"{count_text(count)} × {sign}")
    return ", ".join(parts)


def import_facts(record: StatisticsImport) -> list[Fact]:
    """Give the provenance of an import."""
    imported_at = timezone.localtime(record.imported_at)
    facts = [
        (_("Table"), record.table),
        (_("Layout"), str(record.get_layout_display())),
        (_("Encoding"), record.encoding),
        (_("As of"), record.as_of),
        (_("Published by"), record.publisher),
        (_("Licence"), record.licence),
        (_("Web address"), record.url),
        (_("Retrieved on"), date_format(record.retrieved_on, "SHORT_DATE_FORMAT")),
        (_("Taken over on"), date_format(imported_at, "SHORT_DATETIME_FORMAT")),
        (_("Taken over by"), str(record.imported_by or _("the command line"))),
        (_("Checksum (SHA-256)"), record.checksum),
        (_("Rows read"), count_text(record.rows)),
        (_("In the file"), values_text(record.values)),
        (_("New"), count_text(record.new)),
        (_("Changed"), count_text(record.changed)),
        (_("Unchanged"), count_text(record.unchanged)),
        (_("Refused"), count_text(record.refused)),
        (_("Left out"), count_text(record.skipped)),
    ]
    return [
        Fact(label, value, record.url if value and value == record.url else "")
        for label, value in facts
        if value
    ]


def replaced_lines(record: StatisticsImport, *, limit: int = 50) -> list[dict[str, str]]:
    """Give values that the import replaced, old and new."""
    rows = ReplacedValue.objects.filter(replaced_by=record).select_related(
        "observation__quantity", "observation__area_version"
    )
    return [
        {
            "quantity": row.observation.quantity.name,
            "area": row.observation.area_version.name,
            "time": period_text(row.observation.starts_on, row.observation.ends_on),
            "whom": whom_text(
                row.observation.sex,
                row.observation.age_from,
                row.observation.age_to,
                row.observation.other,
            ),
            "old": value_text(_plain(row.value), row.sign, row.quality),
            "new": value_text(
                _plain(row.observation.value), row.observation.sign, row.observation.quality
            ),
        }
        for row in rows.order_by("pk")[:limit]
    ]


def _plain(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.normalize()
