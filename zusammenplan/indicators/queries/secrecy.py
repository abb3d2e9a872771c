"""What is hidden, and why: for the planner alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from zusammenplan.indicators.choices import Secrecy
from zusammenplan.indicators.domain.wording import age_words
from zusammenplan.indicators.models import ALL_AGES, DataRules, Figure, Observation, Quantity
from zusammenplan.indicators.queries.words import (
    formula_words,
    number_text,
    period_text,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class HiddenCount:
    """A count that the public does not see."""

    area: str
    quantity: str
    whom: str
    period: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class HiddenTotals:
    """How much is hidden."""

    small: int
    protecting: int
    figures: int


def data_rules() -> DataRules:
    """Give the rules of the data, which may not have been written down yet."""
    return DataRules.objects.filter(pk=1).first() or DataRules(pk=1)


def hidden_totals() -> HiddenTotals:
    """Count what is hidden; two queries."""
    counts = Observation.objects.exclude(secrecy="").aggregate(
        small=Count("pk", filter=Q(secrecy=Secrecy.PRIMARY)),
        protecting=Count("pk", filter=Q(secrecy=Secrecy.SECONDARY)),
    )
    figures = Figure.objects.exclude(secrecy="").count()
    return HiddenTotals(counts["small"], counts["protecting"], figures)


def hidden_rows(quantity: str = "", year: int | None = None) -> QuerySet[Observation]:
    """Give the hidden counts, the newest first."""
    rows = (
        Observation.objects.exclude(secrecy="")
        .select_related("quantity", "area_version")
        .defer("area_version__geometry")
        .order_by("-ends_on", "quantity", "area_version__name", "sex", "age_from", "age_to", "pk")
    )
    if quantity:
        rows = rows.filter(quantity__code=quantity)
    if year:
        rows = rows.filter(ends_on__year=year)
    return rows


def hidden_lines(rows: QuerySet[Observation] | list[Observation]) -> list[HiddenCount]:
    """Write hidden counts for people."""
    words = formula_words({})
    return [
        HiddenCount(
            row.area_version.name,
            row.quantity.name,
            " ".join(
                filter(
                    None,
                    [
                        words.sexes.get(row.sex),
                        age_words((row.age_from, min(row.age_to, ALL_AGES)), words),
                        row.other,
                    ],
                )
            ),
            period_text(row.starts_on, row.ends_on),
            "" if row.value is None else number_text(row.value),
            row.get_secrecy_display(),
        )
        for row in rows
    ]


def hidden_choices() -> tuple[list[tuple[str, str]], list[int]]:
    """Give the quantities and years of which something is hidden."""
    hidden = Observation.objects.exclude(secrecy="")
    quantities = Quantity.objects.filter(pk__in=hidden.order_by().values("quantity").distinct())
    years = hidden.dates("ends_on", "year", order="DESC")
    names = sorted(((one.code, one.name) for one in quantities), key=lambda one: one[1].casefold())
    return names, [day.year for day in years]
