"""Compute what follows from the counts: sums over parts, secrecy, figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from zusammenplan.core.public import raise_version
from zusammenplan.indicators.actions.locks import figures_alone
from zusammenplan.indicators.actions.secrecy import hide_small_counts
from zusammenplan.indicators.actions.sums import sum_over_parts
from zusammenplan.indicators.domain.formula import (
    OF_ANOTHER_TIME,
    OF_PARTS,
    FormulaError,
    Node,
    functions_of,
    quantities_of,
    read_formula,
)
from zusammenplan.indicators.domain.reckoning import reckon
from zusammenplan.indicators.domain.shelf import LONGEST_BACK, SIZE
from zusammenplan.indicators.models import Figure, Indicator, Observation, Quantity
from zusammenplan.indicators.queries.counts import counts_by_version, counts_with_parts
from zusammenplan.indicators.queries.tree import AreaTree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from django.db.models import QuerySet

    from zusammenplan.indicators.domain.shelf import Counts

AT_ONCE = 2000
# So many areas are compared with what is kept at once.
AREAS_AT_ONCE = 40
PLACES = Decimal("0.000001")
LARGEST = Decimal(10) ** 14
KEPT = (
    "area_id",
    "value",
    "sign",
    "quality",
    "numerator",
    "denominator",
    "secrecy",
    "method_version",
)
Key = tuple[int, "date", "date"]


@dataclass(frozen=True, slots=True)
class Method:
    """An indicator, ready to be computed."""

    pk: int
    tree: Node
    quantities: tuple[str, ...]
    parameters: Mapping[str, int]
    version: int

    @property
    def first(self) -> str:
        """Give the quantity whose periods the figures are for."""
        return self.quantities[0]


@transaction.atomic
def recompute(
    *,
    quantities: Collection[int] | None = None,
    periods: Collection[tuple[date, date]] | None = None,
) -> None:
    """
    Compute anew what follows from observations that changed; None is everything.

    Runs inside the transaction of whoever changed them.
    """
    figures_alone()
    tree = AreaTree.load()
    summed = sum_over_parts(tree, quantities, periods)
    touched = hide_small_counts(tree, quantities, periods, summed)
    if quantities is not None:
        quantities = {*quantities, *(quantity for quantity, _period in touched)}
    if periods is not None:
        periods = {*periods, *(period for _quantity, period in touched)}
    _compute_figures(methods_of(quantities=quantities), tree, periods)
    raise_version()


@transaction.atomic
def recompute_indicator(indicator: Indicator) -> None:
    """Compute an indicator's figures anew, because its formula changed."""
    figures_alone()
    _compute_figures(methods_of(indicators=[indicator.pk]), AreaTree.load(), None)
    raise_version()


def methods_of(
    *, quantities: Collection[int] | None = None, indicators: Collection[int] | None = None
) -> list[Method]:
    """Read the formulas of the indicators in which one of the quantities occurs."""
    names = (
        None
        if quantities is None
        else set(Quantity.objects.filter(pk__in=quantities).values_list("code", flat=True))
    )
    rows = Indicator.objects.order_by("pk")
    if indicators is not None:
        rows = rows.filter(pk__in=indicators)
    found = []
    for pk, formula, parameters, version in rows.values_list(
        "pk", "formula", "parameters", "method_version"
    ):
        try:
            tree = read_formula(formula, frozenset(parameters))
        except FormulaError:
            # A formula that the form would refuse today has no figures.
            Figure.objects.filter(indicator=pk).delete()
            continue
        used = quantities_of(tree)
        if names is None or names & set(used):
            found.append(Method(pk, tree, used, parameters, version))
    return found


def _compute_figures(
    methods: list[Method], tree: AreaTree, periods: Collection[tuple[date, date]] | None
) -> None:
    """Compute the figures; those that look into another time or into parts for all periods."""
    for_all: list[Method] = []
    for_some: list[Method] = []
    with_parts: list[Method] = []
    counted = {SIZE, *_counted({name for method in methods for name in method.quantities})}
    idle = [method.pk for method in methods if not counted.issuperset(method.quantities)]
    Figure.objects.filter(indicator__in=idle).delete()
    for method in methods:
        if method.pk in idle:
            continue
        functions = functions_of(method.tree)
        if functions & OF_PARTS:
            with_parts.append(method)
        elif periods is None or functions & OF_ANOTHER_TIME:
            for_all.append(method)
        else:
            for_some.append(method)
    window = None
    if periods:
        # A reference day answers for figures of up to a year later.
        last = max(end for _start, end in periods) + LONGEST_BACK
        window = min(end for _start, end in periods), last
    for some, span in ((for_all, None), (for_some, window)):
        if some:
            wanted = _ids({name for method in some for name in method.quantities})
            back = None if span is None else (span[0] - LONGEST_BACK - timedelta(1), span[1])
            _keep_figures(some, counts_by_version(wanted, tree, window=back), tree, span)
    if with_parts:
        wanted = _ids({name for method in with_parts for name in method.quantities})
        counts = counts_with_parts(wanted, tree)
        _keep_figures(with_parts, counts.items(), tree, None)


def _counted(names: Collection[str]) -> set[str]:
    """Give the quantities of which anything was counted."""
    of_it = Observation.objects.filter(quantity=OuterRef("pk"))
    return set(
        Quantity.objects.filter(Exists(of_it), code__in=names).values_list("code", flat=True)
    )


def _ids(names: Collection[str]) -> list[int]:
    return list(Quantity.objects.filter(code__in=names).values_list("pk", flat=True))


def _keep_figures(
    methods: list[Method],
    counts: Iterable[tuple[int, Counts]],
    tree: AreaTree,
    window: tuple[date, date] | None,
) -> None:
    """Compute area by area, and write what differs from what is kept."""
    keeper = _Keeper(methods, window)
    seen: set[int] = set()
    for version, one in counts:
        place = tree.places.get(version)
        if place is None:
            continue
        seen.add(version)
        keeper.wanted[version] = {}
        for method in methods:
            for figure in _figures_of(method, one, version, place.area, window):
                keeper.wanted[version][method.pk, figure.starts_on, figure.ends_on] = figure
        if len(keeper.wanted) >= AREAS_AT_ONCE:
            keeper.compare()
    keeper.compare()
    keeper.forget_others(seen)


def _figures_of(
    method: Method, counts: Counts, version: int, area: int, window: tuple[date, date] | None
) -> Iterable[Figure]:
    periods = counts.periods.get(method.first)
    if not periods and counts.parts is not None:
        periods = _periods_of_others(method, counts)
    for start, end in periods or ():
        if window is not None and not window[0] <= end <= window[1]:
            continue
        found = reckon(method.tree, counts.at((start, end)), method.parameters)
        outcome = found.outcome
        if outcome.value is None and not outcome.sign:
            # Where nothing was counted there is no figure either.
            continue
        if outcome.value is not None and abs(outcome.value) >= LARGEST:
            continue
        yield Figure(
            indicator_id=method.pk,
            area_id=area,
            area_version_id=version,
            starts_on=start,
            ends_on=end,
            value=_rounded(outcome.value),
            sign=outcome.sign,
            quality=outcome.quality,
            numerator=_rounded(found.numerator),
            denominator=_rounded(found.denominator),
            secrecy=outcome.secrecy,
            method_version=method.version,
        )


def _periods_of_others(method: Method, counts: Counts) -> set[tuple[date, date]]:
    """Give the periods of the formula's other counts: a mean has no sum, only the parts have it."""
    return {period for name in method.quantities for period in counts.periods.get(name, ())}


def _rounded(value: Decimal | None) -> Decimal | None:
    """Round a number as it is kept; nothing is kept of one that is larger than the columns."""
    if value is None or abs(value) >= LARGEST:
        return None
    with localcontext() as context:
        context.prec = 40
        return value.quantize(PLACES, rounding=ROUND_HALF_EVEN)


class _Keeper:
    """Compares computed figures with the kept ones, and writes the differences in bulk."""

    def __init__(self, methods: list[Method], window: tuple[date, date] | None) -> None:
        self.indicators = [method.pk for method in methods]
        self.window = window
        self.wanted: dict[int, dict[Key, Figure]] = {}

    def rows(self) -> QuerySet[Figure]:
        rows = Figure.objects.filter(indicator__in=self.indicators)
        if self.window is not None:
            rows = rows.filter(ends_on__gte=self.window[0], ends_on__lte=self.window[1])
        return rows

    def compare(self) -> None:
        if not self.wanted:
            return
        kept = self.rows().filter(area_version__in=self.wanted)
        gone: list[int] = []
        differing: list[Figure] = []
        for row in kept.values_list(
            "pk", "indicator_id", "area_version_id", "starts_on", "ends_on", *KEPT
        ).iterator(chunk_size=AT_ONCE):
            pk, indicator, version, start, end, *values = row
            figure = self.wanted[version].pop((indicator, start, end), None)
            if figure is None:
                gone.append(pk)
            elif [getattr(figure, name) for name in KEPT] != values:
                differing.append(figure)
        for figures in self.wanted.values():
            differing += figures.values()
        for start in range(0, len(gone), AT_ONCE):
            Figure.objects.filter(pk__in=gone[start : start + AT_ONCE]).delete()
        # The row of a figure stays the same row, for its page has a lasting address.
        Figure.objects.bulk_create(
            differing,
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["indicator", "area_version", "ends_on", "starts_on"],
            update_fields=list(KEPT),
        )
        self.wanted = {}

    def forget_others(self, seen: set[int]) -> None:
        """Delete the figures of areas that have none of the counts any more."""
        left = self.rows().order_by().values_list("area_version_id", flat=True).distinct()
        for version in set(left) - seen:
            self.rows().filter(area_version=version).delete()
