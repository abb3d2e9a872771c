"""Mark the counts that the public does not see: those too small, and those that give them away."""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F, Max

from zusammenplan.indicators.actions.secrecy_former import FormerTerritories, Parts
from zusammenplan.indicators.actions.secrecy_tables import tables_in_question
from zusammenplan.indicators.domain.secrecy import Before, Cell, protect
from zusammenplan.indicators.models import (
    DataRules,
    Observation,
    ReplacedValue,
    StatisticsImport,
)
from zusammenplan.indicators.models.rules import LEAST_MINIMUM
from zusammenplan.indicators.queries.bulk import read_rows
from zusammenplan.indicators.queries.tree import smallest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet

    from zusammenplan.indicators.actions.sums import Summed
    from zusammenplan.indicators.domain.families import Family
    from zusammenplan.indicators.domain.secrecy import Side, Sides
    from zusammenplan.indicators.queries.tree import AreaTree

    Period = tuple[date, date]
    Kind = tuple[int, str, int, int, str, date, date]

AT_ONCE = 2000
# Databases take so many values in a query; of more areas, all are looked at.
MOST_NAMED = 10_000
# What a named tuple's own call does, without its detour by keywords.
make = tuple.__new__
kind_of = attrgetter("quantity", "sex", "age_from", "age_to", "other", "starts_on", "ends_on")
SEXES = {"m": 0, "f": 1, "d": 2}


class Row(NamedTuple):
    """A count with all that secrecy asks of it."""

    pk: int
    quantity: int
    version: int
    starts_on: date
    ends_on: date
    sex: str
    age_from: int
    age_to: int
    other: str
    value: Decimal
    secrecy: str
    source: int | None


FIELDS = (
    "pk",
    "quantity_id",
    "area_version_id",
    "starts_on",
    "ends_on",
    "sex",
    "age_from",
    "age_to",
    "other",
    "value",
    "secrecy",
    "source_id",
)


def hide_small_counts(
    tree: AreaTree,
    quantities: Collection[int] | None,
    periods: Collection[Period] | None,
    summed: Summed,
) -> set[tuple[int, Period]]:
    """
    Choose anew what is hidden of the tables in which there is something to hide.

    Gives the quantities and periods whose marks changed.
    """
    minimum = DataRules.objects.values_list("minimum_cases", flat=True).first() or LEAST_MINIMUM
    published = _Published(summed)
    former = FormerTerritories.load(tree)
    touched: set[tuple[int, Period]] = set()
    for family, spans in tables_in_question(tree, quantities, periods, minimum, former).items():
        touched |= _protect_tables(tree, family, spans, minimum, published, former)
    touched |= _show_again(quantities)
    published.note()
    return touched


def _protect_tables(
    tree: AreaTree,
    family: Family,
    spans: dict[Period, set[int]],
    minimum: int,
    published: _Published,
    former: FormerTerritories,
) -> set[tuple[int, Period]]:
    touched: set[tuple[int, Period]] = set()
    changed: defaultdict[str, list[int]] = defaultdict(list)
    for span, versions in spans.items():
        rows = Observation.objects.filter(quantity__in=dict(family), value__isnull=False)
        if len(versions) <= MOST_NAMED:
            rows = rows.filter(area_version__in=versions)
        if span[0] == span[1]:
            rows = rows.filter(starts_on=span[0], ends_on=span[1])
        else:
            rows = rows.filter(starts_on__gte=span[0], ends_on__lte=span[1]).exclude(
                starts_on=F("ends_on")
            )
        counts = [make(Row, row) for row in read_rows(rows, FIELDS)]
        published.learn(rows)
        # Many counts have sides in common: those are made once, and known again by being the same.
        kinds = _sides(family, {kind_of(row) for row in counts})
        parts = Parts(counts, kind_of, published.before)
        cells, is_recut = [], False
        for row, sides in zip(counts, _cells(tree, kinds, counts), strict=True):
            # What is made up of other areas than before is another count, which nobody knows yet.
            is_other = published.is_summed_anew(row) and parts.are_unchanged(kind_of(row), sides[0])
            is_recut = is_recut or is_other
            cells.append(
                Cell(row.pk, sides, row.value, None if is_other else published.before(row))
            )
        if is_recut:
            for day in {row.ends_on for row in counts}:
                cells += parts.former_sums(former.on(day), kinds, minimum)
        marks = protect(cells, minimum).marks
        for row in counts:
            mark = marks.get(row.pk, "")
            if mark != row.secrecy:
                changed[mark].append(row.pk)
                touched.add((row.quantity, (row.starts_on, row.ends_on)))
    for mark, keys in changed.items():
        _mark(keys, mark)
    return touched


def _cells(tree: AreaTree, sides: dict[Kind, Sides], rows: list[Row]) -> Iterator[Sides]:
    """Give the sides of counts as cells of a table: areas, sexes, ages, times, quantities, rest."""
    within: dict[tuple[int, date], Side] = {}
    for row in rows:
        place = row.version, row.ends_on
        if place not in within:
            within[place] = frozenset(smallest(tree, *place))
        yield (within[place], *sides[kind_of(row)])


def _sides(family: Family, kinds: set[Kind]) -> dict[Kind, Sides]:
    """Give for each kind of count its sides but the area; the same ones whatever the order."""
    ages = _intervals({limit for kind in kinds for limit in kind[2:4]})
    times = _intervals({day for kind in kinds for day in _days(kind)})
    everybody = frozenset({0, 1, 2} if any(kind[1] == "d" for kind in kinds) else {0, 1})
    of_family = dict(family)
    others = {
        other: dict(part.split("=", 1) for part in other.split(";") if part)
        for other in sorted({kind[4] for kind in kinds})
    }
    codes: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for parts in others.values():
        for variable, code in parts.items():
            codes[variable].setdefault(code, len(codes[variable]))
    # A single side leaves a rest; several are taken to be all there are.
    whole = {name: frozenset(range(max(len(known), 2))) for name, known in codes.items()}
    found = {}
    for kind in kinds:
        quantity, sex, age_from, age_to, other, _starts_on, _ends_on = kind
        said, (start, end) = others[other], _days(kind)
        found[kind] = (
            everybody if sex == "" else frozenset({SEXES[sex]}),
            frozenset(range(ages[age_from], ages[age_to])),
            frozenset(range(times[start], times[end])),
            of_family[quantity],
            *(
                frozenset({codes[name][said[name]]}) if name in said else whole[name]
                for name in whole
            ),
        )
    return found


def _days(kind: Kind) -> tuple[int, int]:
    """Give the first day of a kind's period and the one after its last, as numbers."""
    return kind[5].toordinal(), kind[6].toordinal() + 1


def _intervals(limits: set[int]) -> dict[int, int]:
    return {limit: at for at, limit in enumerate(sorted(limits))}


class _Published:
    """What was published last of each count: its value, and whether it was hidden."""

    def __init__(self, summed: Summed) -> None:
        self.summed = summed
        rules = DataRules.objects.filter(pk=1).values_list("published_import", flat=True)
        self.last = rules.first() or 0
        self.replaced: dict[int, Decimal | None] = {}

    def learn(self, rows: QuerySet[Observation]) -> None:
        """Read what stood in counts that were changed since."""
        values = (
            ReplacedValue.objects.filter(
                observation__in=rows.filter(source__gt=self.last), replaced_by__gt=self.last
            )
            .order_by("-pk")
            .values_list("observation_id", "value")
        )
        # The oldest comes last, and stays.
        self.replaced = dict(values.iterator(chunk_size=AT_ONCE))

    def is_summed_anew(self, row: Row) -> bool:
        return row.pk in self.summed.before or row.pk in self.summed.new

    def before(self, row: Row) -> Before | None:
        was_hidden = bool(row.secrecy)
        if row.source is None:
            if row.pk in self.summed.new:
                return None
            return Before(self.summed.before.get(row.pk, row.value), was_hidden)
        if row.source <= self.last:
            return Before(row.value, was_hidden)
        if row.pk in self.replaced:
            return Before(self.replaced[row.pk], was_hidden)
        return None

    def note(self) -> None:
        """Everything that is there now is published with the transaction."""
        last = StatisticsImport.objects.aggregate(last=Max("pk"))["last"] or 0
        if not DataRules.objects.filter(pk=1).update(published_import=last) and last:
            DataRules.objects.create(pk=1, published_import=last)


def _show_again(quantities: Collection[int] | None) -> set[tuple[int, Period]]:
    """Show the counts of quantities that are secret no longer."""
    rows = Observation.objects.filter(quantity__is_confidential=False).exclude(secrecy="")
    if quantities is not None:
        rows = rows.filter(quantity__in=quantities)
    found = list(rows.values_list("pk", "quantity_id", "starts_on", "ends_on"))
    _mark([row[0] for row in found], "")
    return {(quantity, (start, end)) for _pk, quantity, start, end in found}


def _mark(keys: list[int], mark: str) -> None:
    for start in range(0, len(keys), AT_ONCE):
        Observation.objects.filter(pk__in=keys[start : start + AT_ONCE]).update(secrecy=mark)
