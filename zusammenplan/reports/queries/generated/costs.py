"""Costs by year and source, and by field of action."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _, ngettext

from zusammenplan.core.numbers import NONE
from zusammenplan.reports.queries.generated.building import table_of
from zusammenplan.reports.queries.generated.wording import named
from zusammenplan.reports.queries.model import Paragraph, Row, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from zusammenplan.plans.domain.content import CostContent, PlanContent
    from zusammenplan.reports.queries.generated.building import Counts, Task
    from zusammenplan.reports.queries.model import Block, Table

MOST_YEARS = 6


def cost_tables(task: Task) -> Iterator[Block]:
    content = task.content
    costs = [cost for one in content.measures for cost in one.costs]
    if not costs:
        return
    if without := sum(not one.costs for one in content.measures):
        told = ngettext(
            "%(number)d measure has no costs entered; it is not in the sums.",
            "%(number)d measures have no costs entered; they are not in the sums.",
            without,
        )
        yield Paragraph((Span(told % {"number": without}),))
    yield from _by_year_and_source(costs, task.counts)
    yield _by_field(content, task.counts)


def _by_year_and_source(costs: Sequence[CostContent], counts: Counts) -> Iterator[Table]:
    """Set as many years side by side as a page is wide; the last table has the sum of all."""
    sources = sorted({cost.source for cost in costs}, key=lambda name: (not name, name))
    years = sorted({cost.year for cost in costs}, key=lambda year: (year is None, year or 0))
    for start in range(0, len(years), MOST_YEARS):
        some = years[start : start + MOST_YEARS]
        columns = [[cost for cost in costs if cost.year == year] for year in some]
        head = [_("Source of the money"), *(str(year or _("without a year")) for year in some)]
        if start + MOST_YEARS >= len(years):
            columns.append(list(costs))
            head.append(_("Sum"))
        rows = [
            Row((source or _("not named"), *(_sum(column, source) for column in columns)))
            for source in sources
        ]
        yield table_of(
            counts,
            _("Costs by year and source in euros"),
            tuple(head),
            [*rows, Row((_("Sum"), *map(_sum, columns)), "sum")],
            widths=(3, *([1.7] * len(columns))),
            numeric=tuple(range(1, len(columns) + 1)),
            anchor=f"t-costs-{start // MOST_YEARS + 1}",
        )


def _by_field(content: PlanContent, counts: Counts) -> Table:
    fields: list[tuple[str | None, str]] = [
        *((field.code, named(field.code, field.name)) for field in content.fields),
        (None, _("Without a field of action")),
    ]
    of_field = [
        (name, [cost for one in content.measures if one.field == code for cost in one.costs])
        for code, name in fields
    ]
    every = [cost for one in content.measures for cost in one.costs]
    rows = [Row((name, told)) for name, costs in of_field if (told := _sum(costs)) != NONE]
    return table_of(
        counts,
        _("Costs by field of action in euros"),
        (_("Field of action"), _("Sum")),
        [*rows, Row((_("Sum"), _sum(every)), "sum")],
        widths=(5, 1.7),
        numeric=(1,),
        anchor="t-costs-fields",
    )


def _sum(costs: Iterable[CostContent], source: str | None = None) -> str:
    """Write the sum of all, or of those from one source."""
    amounts = (cost.amount for cost in costs if source is None or cost.source == source)
    total = sum(amounts, Decimal(0))
    return number_format(total, 2, use_l10n=True, force_grouping=True) if total else NONE
