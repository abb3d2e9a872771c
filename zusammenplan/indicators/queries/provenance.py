"""Where a figure comes from: files and tables, the formula with its numbers, limits, method."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zusammenplan.indicators.choices import IndicatorForm, Secrecy
from zusammenplan.indicators.domain.formula import (
    OF_ANOTHER_TIME,
    OF_PARTS,
    Count,
    FormulaError,
    functions_of,
    quantities_of,
    read_formula,
)
from zusammenplan.indicators.domain.reckoning import evaluate
from zusammenplan.indicators.domain.shelf import Counts
from zusammenplan.indicators.domain.wording import describe, with_numbers
from zusammenplan.indicators.models import Observation, Quantity, StatisticsImport
from zusammenplan.indicators.queries.counts import counts_by_version
from zusammenplan.indicators.queries.territory import areas_at, made_of_words, sums_of
from zusammenplan.indicators.queries.tree import AreaTree
from zusammenplan.indicators.queries.words import (
    formula_words,
    missing_sentence,
    number_text,
    period_text,
    quality_meaning,
    sign_meaning,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from django.db.models import QuerySet

    from zusammenplan.indicators.domain.formula import Node
    from zusammenplan.indicators.domain.shelf import Period, Shelf
    from zusammenplan.indicators.models import Figure, Indicator
    from zusammenplan.indicators.queries.series import Territory

MOST_FILES = 50
MOST_IN_A_LINE = 3


@dataclass(frozen=True, slots=True)
class Source:
    """A file from which counts came."""

    pk: int
    file: str
    table: str
    title: str
    as_of: str
    retrieved_on: date
    publisher: str
    licence: str
    url: str


@dataclass(frozen=True, slots=True)
class UsedCount:
    """A quantity in the formula, and of when its value is."""

    name: str
    period: str
    # The period is another one than that of the figure (R34).
    is_other_period: bool
    # The value is a sum over the areas within.
    is_sum: bool


@dataclass(slots=True)
class Provenance:
    """All that must be known of a figure."""

    indicator: Indicator
    area: str
    period: str
    value: str
    # A sign, or an "x" for what is hidden, is measured in nothing.
    is_number: bool
    unit: str
    # As people write it, as it is computed, and with the numbers put in ("" if one is hidden).
    formula: str
    code: str
    with_numbers: str
    limits: list[tuple[str, int]]
    method_version: int
    counts: list[UsedCount] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    # Why there is no value, or what its flags mean.
    remarks: list[str] = field(default_factory=list)
    is_hidden: bool = False
    # The areas that were added up, and each count of the formula as the sum of theirs.
    made_of: list[str] = field(default_factory=list)
    sums: list[tuple[str, str]] = field(default_factory=list)


def provenance(
    figure: Figure, *, see_hidden: bool = False, territory: Territory | None = None
) -> Provenance:
    """
    Tell where a figure comes from; the number of queries does not depend on the data.

    Whoever may not see hidden counts gets neither the value nor the numbers. ``territory`` is the
    one for which the figure was recalculated, if it was.
    """
    indicator = figure.indicator
    hides = bool(figure.secrecy) and not see_hidden
    found = Provenance(
        indicator=indicator,
        area=figure.area_version.name,
        period=period_text(figure.starts_on, figure.ends_on),
        value=value_text(figure, see_hidden=see_hidden),
        is_number=figure.value is not None and not hides,
        unit=indicator.unit,
        formula="",
        code=indicator.formula,
        with_numbers="",
        limits=sorted(indicator.parameters.items(), key=lambda limit: limit[1]),
        method_version=figure.method_version,
        is_hidden=bool(figure.secrecy),
    )
    found.remarks += _remarks(figure, hides=hides)
    try:
        formula = read_formula(indicator.formula, frozenset(indicator.parameters))
    except FormulaError:
        return found
    quantities = list(Quantity.objects.filter(code__in=quantities_of(formula)))
    words = formula_words({one.code: one.name for one in quantities})
    found.formula = describe(
        formula, words, indicator.parameters, is_percent=indicator.form == IndicatorForm.SHARE
    )
    tree = AreaTree.load()
    period = figure.starts_on, figure.ends_on
    here = areas_at(formula, territory, period) if territory else {figure.area_version_id}
    versions = within(tree, here, figure.ends_on)
    if territory:
        shelf = territory.merged.at(period)
        found.made_of = made_of_words(territory, here)
    else:
        looks_within = bool(functions_of(formula) & OF_PARTS)
        shelf = _counts(quantities, tree, figure, versions if looks_within else {}).at(period)
    if not hides:
        if not isinstance(formula, Count):
            found.with_numbers = with_numbers(formula, words, indicator.parameters, shelf)
        missing = evaluate(formula, shelf, indicator.parameters).missing
        if missing is not None:
            found.remarks.append(missing_sentence(missing, words))
        if territory:
            found.sums = sums_of(
                formula, words, indicator.parameters, territory, shelf, see_hidden=see_hidden
            )
    found.counts, found.sources = _used(formula, quantities, shelf, here, versions)
    return found


def value_text(figure: Figure, *, see_hidden: bool = False) -> str:
    """Write a figure's value with the indicator's decimals; its sign where there is none."""
    if figure.secrecy and not see_hidden:
        return "x"
    if figure.value is None:
        return figure.sign or "\N{EN DASH}"
    return number_text(figure.value, figure.indicator.decimals)


def secrecy_words(secrecy: str) -> str:
    """Say why a value is not shown to the public."""
    return {
        Secrecy.PRIMARY: _("Hidden from the public: too few cases."),
        Secrecy.SECONDARY: _("Hidden from the public: it would give another small count away."),
    }.get(Secrecy(secrecy), "")


def _remarks(figure: Figure, *, hides: bool) -> Iterable[str]:
    if figure.secrecy:
        yield (
            _("Blocked: too few cases, or it would give another small count away.")
            if hides
            else secrecy_words(figure.secrecy)
        )
    if figure.value is None and figure.sign:
        yield _("“%(sign)s” means: %(meaning)s.") % {
            "sign": figure.sign,
            "meaning": sign_meaning(figure.sign),
        }
    if figure.quality:
        yield _("This value is: %(flags)s.") % {"flags": quality_meaning(figure.quality)}


def within(tree: AreaTree, versions: Collection[int], day: date) -> dict[int, list[int]]:
    """Give for versions, and all that lay in them on the day, what lay directly in each."""
    found: dict[int, list[int]] = {}
    waiting = list(versions)
    while waiting:
        here = waiting.pop()
        if here not in found:
            parts = tree.parts(tree.places[here].area, day)
            found[here] = [place.pk for place in parts]
            waiting += found[here]
    return found


def _counts(
    quantities: list[Quantity], tree: AreaTree, figure: Figure, within: dict[int, list[int]]
) -> Counts:
    version = figure.area_version_id
    known = dict(
        counts_by_version(
            [one.pk for one in quantities], tree, versions={version, *within.get(version, ())}
        )
    )
    own = known.get(version) or Counts(size=tree.places[version].size)

    def parts(_period: Period) -> list[Counts]:
        return [
            known.get(part) or Counts(size=tree.places[part].size)
            for part in within.get(version, ())
        ]

    own.parts = parts
    return own


def _used(
    formula: Node,
    quantities: list[Quantity],
    shelf: Shelf,
    here: Collection[int],
    within: dict[int, list[int]],
) -> tuple[list[UsedCount], list[Source]]:
    """Give the counts behind a figure, and the files from which they came."""
    own = shelf.period
    periods = {one.code: shelf.answering(one.code) or own for one in quantities}
    at_any_time = functions_of(formula) & OF_ANOTHER_TIME
    rows = [
        (code, version, source)
        for code, version, start, end, source in Observation.objects.filter(
            quantity__in=quantities, area_version__in=within, ends_on__lte=own[1]
        )
        .order_by()
        .values_list("quantity__code", "area_version_id", "starts_on", "ends_on", "source_id")
        .distinct()
        if at_any_time or (start, end) == periods[code]
    ]
    summed = {code for code, version, source in rows if version in here and not source}
    looks_within = functions_of(formula) & OF_PARTS
    files = {
        source
        for code, version, source in rows
        if source and (version in here or code in summed or looks_within)
    }
    names = {one.code: one.name for one in quantities}
    used = [
        UsedCount(names[code], period_text(*periods[code]), periods[code] != own, code in summed)
        for code in quantities_of(formula)
        if code in names
    ]
    return used, sources_of_files(files)


def files_text(files: Collection[int] | QuerySet[Any]) -> str:
    """Write in a line from which files counts came: publisher, table, file, when, licence."""
    rows = StatisticsImport.objects.filter(pk__in=files).order_by("-retrieved_on", "-pk")
    told = []
    for row in rows[:MOST_IN_A_LINE]:
        parts = [
            row.publisher,
            _("table %(table)s") % {"table": row.table} if row.table else "",
            _("file %(file)s") % {"file": row.file_name},
            _("retrieved on %(day)s") % {"day": date_format(row.retrieved_on, "SHORT_DATE_FORMAT")},
            row.licence,
        ]
        told.append(", ".join(filter(None, parts)))
    return "; ".join(told)


def sources_of_files(files: set[int]) -> list[Source]:
    """Give files by their keys, those that were retrieved last first."""
    rows = StatisticsImport.objects.filter(pk__in=files).order_by("-retrieved_on", "-pk")
    return [
        Source(
            row.pk,
            row.file_name,
            row.table,
            row.title,
            row.as_of,
            row.retrieved_on,
            row.publisher,
            row.licence,
            row.url,
        )
        for row in rows[:MOST_FILES]
    ]
