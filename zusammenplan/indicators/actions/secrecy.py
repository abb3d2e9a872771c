"""Mark the counts that the public does not see: those too small, and those that give them away."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F

from zusammenplan.indicators.actions.secrecy_counts import (
    AT_ONCE,
    FIELDS,
    Published,
    Row,
    kind_of,
)
from zusammenplan.indicators.actions.secrecy_former import Parts
from zusammenplan.indicators.actions.secrecy_tables import Tables
from zusammenplan.indicators.domain.secrecy import Cell, Role, Signs, protect
from zusammenplan.indicators.models import (
    DataRules,
    Observation,
)
from zusammenplan.indicators.models.rules import LEAST_MINIMUM
from zusammenplan.indicators.queries.bulk import read_rows
from zusammenplan.indicators.queries.tree import smallest

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator
    from datetime import date

    from zusammenplan.indicators.actions.secrecy_counts import Kind, Period
    from zusammenplan.indicators.actions.sums import Summed
    from zusammenplan.indicators.domain.families import Family
    from zusammenplan.indicators.domain.secrecy import Side, Sides
    from zusammenplan.indicators.queries.tree import AreaTree

# Databases take so many values in a query; of more areas, all are looked at.
MOST_NAMED = 10_000
# What a named tuple's own call does, without its detour by keywords.
make = tuple.__new__
SEXES = {"m": 0, "f": 1, "d": 2}
# Which of the sides of a cell says of what it is.
QUANTITIES = 4


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
    published = Published(summed)
    tables = Tables.load(tree, quantities, periods, minimum)
    touched: set[tuple[int, Period]] = set()
    for family in tables.families():
        touched |= _protect_tables(tables, family, minimum, published)
    touched |= _show_again(quantities)
    published.note()
    return touched


def _protect_tables(
    tables: Tables, family: Family, minimum: int, published: Published
) -> set[tuple[int, Period]]:
    touched: set[tuple[int, Period]] = set()
    changed: defaultdict[str, list[int]] = defaultdict(list)
    for span, versions in tables.spans(family).items():
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
        published.learn(rows, of_all=bool(tables.former.before))
        marks = _marks(tables, family, counts, minimum, published)
        for row in counts:
            mark = marks.get(row.pk, "")
            if mark != row.secrecy:
                changed[mark].append(row.pk)
                touched.add((row.quantity, (row.starts_on, row.ends_on)))
    for mark, keys in changed.items():
        _mark(keys, mark)
    return touched


def _marks(
    tables: Tables, family: Family, counts: list[Row], minimum: int, published: Published
) -> dict[Hashable, str]:
    """Give the marks of the counts of a table."""
    balances = tables.balances
    told = balances.told(family, counts)
    # Many counts have sides in common: those are made once, and known again by being the same.
    kinds = _sides(family, {*map(kind_of, counts), *(one.kind for one in told)})
    parts = Parts(counts, kind_of)
    cells = []
    for row, sides in zip(counts, _cells(tables.tree, kinds, counts), strict=True):
        # What is made up of other areas than before is another count, which nobody knows yet.
        is_other = published.is_summed_anew(row) and parts.are_all(
            kind_of(row), sides[0], published.is_same
        )
        before = None if is_other else published.before(row)
        role = Role.LOST if balances.is_lost(family, row, sides[0]) else Role.COUNT
        cells.append(Cell(row.pk, sides, row.value, before, role))
    for day in {row.ends_on for row in counts}:
        former = tables.former.on(day)
        cells += parts.former_sums(former, kinds, minimum, tables.quantities.mixed, published)
    fixed = {one: (one.places, *kinds[one.kind]) for one in told}
    cells += [Cell(one, sides, Decimal(0), role=Role.FIXED) for one, sides in fixed.items()]
    negative = tables.quantities.negative & family[0][1]
    protection = protect(cells, minimum, Signs(QUANTITIES, negative))
    balances.cut(
        family, [(one.kind[-1], fixed[one][0]) for one in fixed.keys() & protection.broken]
    )
    return protection.marks


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
