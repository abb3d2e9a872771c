"""
The counts of an area, by time: which period answers for which.

A figure is for a period of the first count in its formula. Another count answers with the same
period; else with one that ends on the same day; else with the last reference day of the year
before that end, as the employment agency takes the population of the year before.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from zusammenplan.indicators.domain.reckoning import EVERYBODY, Datum, Group, Missing, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

Period = tuple[date, date]
LONGEST_BACK = timedelta(days=366)
# The size of an area is known from its outline where no table gives it.
SIZE = "area_km2"


class Counts:
    """All counts of one version of an area."""

    __slots__ = ("parts", "periods", "shelves", "size", "tables")

    def __init__(
        self,
        *,
        size: Decimal | None = None,
        parts: Callable[[Period], Sequence[Counts]] | None = None,
    ) -> None:
        self.tables: defaultdict[tuple[str, str, Period], Table] = defaultdict(Table)
        self.periods: defaultdict[str, set[Period]] = defaultdict(set)
        self.size = size
        self.parts = parts
        self.shelves: dict[tuple[Period, bool], Shelf] = {}

    def put(self, name: str, sex: str, period: Period, group: Group, datum: Datum) -> None:
        """Take in one count."""
        self.tables[name, sex, period][group] = datum
        self.periods[name].add(period)
        self.shelves.clear()

    def at(self, period: Period) -> Shelf:
        """Give the counts that answer for a period."""
        return self.shelf(period, is_exact=False)

    def shelf(self, period: Period, *, is_exact: bool) -> Shelf:
        """Give the same shelf again, with all that was put together on it."""
        key = period, is_exact
        if key not in self.shelves:
            self.shelves[key] = Shelf(self, period, is_exact=is_exact)
        return self.shelves[key]


class Shelf:
    """The counts of an area that answer for a period; what formulas look into."""

    __slots__ = ("_answers", "counts", "is_exact", "memo", "period")

    def __init__(self, counts: Counts, period: Period, *, is_exact: bool = False) -> None:
        self.counts = counts
        self.period = period
        # Another time is that time, and not the year before it.
        self.is_exact = is_exact
        self._answers: dict[str, Period | None] = {}
        self.memo: dict[tuple[str, str, Group], Datum | Missing] = {}

    def answering(self, name: str) -> Period | None:
        """Give the period with which a quantity answers."""
        if name not in self._answers:
            self._answers[name] = answering_period(
                self.counts.periods.get(name, ()), self.period, is_exact=self.is_exact
            )
        return self._answers[name]

    def table(self, name: str, sex: str) -> Table | None:
        """Give a quantity's values of a sex by age group; None if there are none."""
        period = self.answering(name)
        found = None if period is None else self.counts.tables.get((name, sex, period))
        if found is None and name == SIZE and not sex and self.counts.size is not None:
            return Table({EVERYBODY: Datum(self.counts.size)})
        return found

    def earlier(self, years: int) -> Shelf | None:
        """Give the same area so many years before."""
        start, end = (years_before(day, years) for day in self.period)
        return self.counts.shelf((start, end), is_exact=True)

    def in_year(self, year: int) -> Shelf | None:
        """Give the same area in a year."""
        return self.earlier(self.period[1].year - year)

    def parts(self) -> Sequence[Shelf]:
        """Give the areas that lie in this one, at the same time."""
        if self.counts.parts is None:
            return ()
        return [part.at(self.period) for part in self.counts.parts(self.period)]


def answering_period(
    known: set[Period] | Sequence[Period] | tuple[()], wanted: Period, *, is_exact: bool = False
) -> Period | None:
    """Choose the period that answers for the wanted one; None if none does."""
    if wanted in known:
        return wanted
    end = wanted[1]
    if same_end := [period for period in known if period[1] == end]:
        return max(same_end)
    if is_exact:
        return None
    days = [
        period
        for period in known
        if period[0] == period[1] and end - LONGEST_BACK <= period[1] < end
    ]
    return max(days, default=None)


def years_before(day: date, years: int) -> date:
    """Give the same day so many years before; the 28th of February for the 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
