"""What a measure costs, line by line and added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.core.money import amount_text
from zusammenplan.plans.domain.costs import CostLine, cost_table
from zusammenplan.plans.models import Cost, Measure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CostRow:
    """One amount as the page that changes them shows it."""

    pk: int
    year: str
    source: str
    amount: str
    note: str


@dataclass(frozen=True, slots=True)
class CostTableRow:
    source: str
    # Each with its year.
    amounts: tuple[tuple[str, str], ...]
    total: str


@dataclass(frozen=True, slots=True)
class CostSums:
    """The costs by source and year, in words."""

    years: tuple[str, ...]
    rows: tuple[CostTableRow, ...]
    sums: tuple[tuple[str, str], ...]
    total: str

    @property
    def has_years(self) -> bool:
        """Tell whether the sum of all years says more than the only column."""
        return len(self.years) > 1


@dataclass(frozen=True, slots=True)
class Costs:
    rows: tuple[CostRow, ...]
    sums: CostSums | None


def costs_of(measure: Measure) -> Costs:
    """Give the costs line by line, and added up by source and year."""
    costs = list(measure.costs.order_by("year", "pk"))
    rows = tuple(
        CostRow(
            cost.pk,
            _year_label(cost.year),
            cost.source or _("source not named"),
            amount_text(cost.amount),
            cost.note,
        )
        for cost in sorted(costs, key=lambda cost: (cost.year is None, cost.year or 0, cost.pk))
    )
    if not costs:
        return Costs(rows, None)
    table = cost_table(CostLine(cost.year, cost.source, cost.amount) for cost in costs)
    years = tuple(_year_label(year) for year in table.years)
    return Costs(
        rows,
        CostSums(
            years=years,
            rows=tuple(
                CostTableRow(
                    row.source or _("source not named"),
                    _in_years(years, row.amounts),
                    amount_text(row.total),
                )
                for row in table.rows
            ),
            sums=_in_years(years, table.sums),
            total=amount_text(table.total),
        ),
    )


def _in_years(
    years: Sequence[str], amounts: Sequence[Decimal | None]
) -> tuple[tuple[str, str], ...]:
    told = ("" if one is None else amount_text(one) for one in amounts)
    return tuple(zip(years, told, strict=True))


def cost_sources(plan: int) -> list[str]:
    """Give where the money of the plan's measures comes from, as far as it is said."""
    named = Cost.objects.filter(measure__plan=plan).exclude(source="")
    return list(named.order_by("source").values_list("source", flat=True).distinct())


def _year_label(year: int | None) -> str:
    return _("without a year") if year is None else str(year)
