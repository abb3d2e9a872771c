"""The costs of a measure by year and by source, with their sums."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class CostLine:
    """An amount of one year, or of none in particular, from one source, or an unnamed one."""

    year: int | None
    source: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What one source pays: an amount for each year of the table, and their sum."""

    source: str
    amounts: tuple[Decimal | None, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class CostTable:
    """Sources as rows, years as columns; the amounts without a year come last."""

    years: tuple[int | None, ...]
    rows: tuple[SourceRow, ...]
    sums: tuple[Decimal, ...]
    total: Decimal


def cost_table(lines: Iterable[CostLine]) -> CostTable:
    """Add up the lines; sources keep the order in which they first appear."""
    cells: dict[tuple[str, int | None], Decimal] = {}
    sources: dict[str, str] = {}
    for line in lines:
        # The same source may be typed with other capitals.
        source = sources.setdefault(line.source.strip().casefold(), line.source.strip())
        key = (source, line.year)
        cells[key] = cells.get(key, NOTHING) + line.amount
    years = tuple(sorted({year for _, year in cells}, key=lambda year: (year is None, year or 0)))
    rows = tuple(
        SourceRow(
            source,
            tuple(cells.get((source, year)) for year in years),
            sum((amount for (of, _), amount in cells.items() if of == source), NOTHING),
        )
        for source in sources.values()
    )
    sums = tuple(
        sum((amount for (_, of), amount in cells.items() if of == year), NOTHING) for year in years
    )
    return CostTable(years, rows, sums, sum(sums, NOTHING))
