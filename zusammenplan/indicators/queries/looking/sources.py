"""From which files the values came that a page, a picture or a file shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from zusammenplan.indicators.domain.formula import (
    OF_ANOTHER_TIME,
    OF_PARTS,
    FormulaError,
    functions_of,
    quantities_of,
    read_formula,
)
from zusammenplan.indicators.domain.shelf import LONGEST_BACK, answering_period
from zusammenplan.indicators.models import Figure, Indicator, Observation
from zusammenplan.indicators.queries.looking.reckoned import POPULATION
from zusammenplan.indicators.queries.provenance import sources_of_files, within
from zusammenplan.indicators.queries.tree import AreaTree
from zusammenplan.places.queries.territory import TerritoryMap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from zusammenplan.indicators.domain.shelf import Period
    from zusammenplan.indicators.queries.looking.audience import Audience
    from zusammenplan.indicators.queries.looking.rows import DataChart, DataRow
    from zusammenplan.indicators.queries.provenance import Source

# Of more values the newest tell; older ones come from other states of the same tables.
MOST_FIGURES = 400
FILES_IN_A_LINE = 5


@dataclass(frozen=True, slots=True)
class Use:
    """A quantity behind a value: of which version of an area, and when."""

    quantity: str
    version: int
    period: Period
    at_any_time: bool = False
    looks_within: bool = False


def origins_of(
    audience: Audience, charts: Iterable[DataChart | None], pages: Iterable[str] = ()
) -> list[str]:
    """Give where the values of charts come from, and those whose pages a page links to."""
    found = [origin for one in charts if one for row in one.figure.table.origins for origin in row]
    found += [url.removeprefix(audience.origins).rstrip("/") for url in pages]
    return list(dict.fromkeys(filter(None, found)))


def sources_of(origins: Iterable[str]) -> list[Source]:
    """
    Give the files from which values came, told by the addresses of their pages.

    The number of queries does not depend on the number of values.
    """
    uses = set(_uses(origins))
    if not uses:
        return []
    files, summed = _files(uses)
    if summed:
        tree = AreaTree.load()
        inner = {
            Use(one.quantity, version, one.period, one.at_any_time)
            for one in summed
            for version in within(tree, [one.version], one.period[1])
        }
        files |= _files(inner - uses)[0]
    return sources_of_files(files)


def licences_of(rows: Sequence[DataRow]) -> str:
    """Name the licences of the files from which the values of a file came."""
    found = {one.licence for one in sources_of(row.origin for row in rows) if one.licence}
    return "; ".join(sorted(found))


def sources_text(sources: Iterable[Source]) -> str:
    return "; ".join(sources_lines(sources))


def sources_lines(sources: Iterable[Source]) -> list[str]:
    """Write for each table: publisher, table, files, when they were retrieved, licence."""
    told = []
    order = sorted(sources, key=lambda one: (one.publisher, one.table, one.licence, one.file))
    for (publisher, table, licence), some in groupby(
        order, lambda one: (one.publisher, one.table, one.licence)
    ):
        files = list(some)
        days = sorted({one.retrieved_on for one in files})
        parts = [
            publisher,
            _("table %(table)s") % {"table": table} if table else "",
            _files_words(list(dict.fromkeys(one.file for one in files))),
            _("retrieved on %(day)s")
            % {
                "day": "\N{EN DASH}".join(
                    date_format(day, "SHORT_DATE_FORMAT")
                    for day in dict.fromkeys([days[0], days[-1]])
                )
            },
            licence,
        ]
        told.append(", ".join(filter(None, parts)))
    return told


def _files_words(names: list[str]) -> str:
    more = len(names) - FILES_IN_A_LINE
    told = ngettext("file %(names)s", "files %(names)s", len(names)) % {
        "names": ", ".join(names[:FILES_IN_A_LINE])
    }
    return _("%(files)s and %(more)d more") % {"files": told, "more": more} if more > 0 else told


# --- which counts ------------------------------------------------------------------------


def _uses(origins: Iterable[str]) -> Iterator[Use]:
    kept: set[int] = set()
    recalculated: defaultdict[str, set[tuple[int, Period]]] = defaultdict(set)
    for origin in set(origins):
        match origin.split("/"):
            case [key] if key.isdecimal():
                kept.add(int(key))
            case ["umgerechnet", version, code, days]:
                recalculated[code].add((int(version), _period(days)))
            case ["alter", version, days, _ages]:
                yield Use(POPULATION, int(version), _period(days))
    rows = Figure.objects.filter(pk__in=kept).order_by("-ends_on", "-pk")
    for formula, limits, version_id, start, end in rows.values_list(
        "indicator__formula", "indicator__parameters", "area_version_id", "starts_on", "ends_on"
    )[:MOST_FIGURES]:
        yield from _uses_of(formula, limits, version_id, (start, end))
    if recalculated:
        yield from _uses_of_others(recalculated)


def _uses_of_others(wanted: dict[str, set[tuple[int, Period]]]) -> Iterator[Use]:
    """Give the counts of all areas that became part of a territory."""
    territories = TerritoryMap.load()
    formulas = {
        code: (formula, limits)
        for code, formula, limits in Indicator.objects.filter(code__in=wanted).values_list(
            "code", "formula", "parameters"
        )
    }
    for code, places in wanted.items():
        for version, period in places:
            known = territories.version(version)
            if known is None or code not in formulas:
                continue
            for other in territories.shares_into(known):
                yield from _uses_of(*formulas[code], other, period)


def _uses_of(written: str, limits: dict[str, int], version: int, period: Period) -> Iterator[Use]:
    try:
        formula = read_formula(written, frozenset(limits))
    except FormulaError:
        return
    functions = functions_of(formula)
    for code in quantities_of(formula):
        yield Use(
            code,
            version,
            period,
            at_any_time=bool(functions & OF_ANOTHER_TIME),
            looks_within=bool(functions & OF_PARTS),
        )


def _files(uses: set[Use]) -> tuple[set[int], set[Use]]:
    """Give the files of counts, and those counts that are sums over parts or look into them."""
    if not uses:
        return set(), set()
    days = [one.period[1] for one in uses]
    rows = Observation.objects.filter(
        quantity__code__in={one.quantity for one in uses},
        area_version__in={one.version for one in uses},
        ends_on__lte=max(days),
    ).order_by()
    if not any(one.at_any_time for one in uses):
        rows = rows.filter(ends_on__gte=min(days) - LONGEST_BACK)
    known: defaultdict[tuple[str, int], dict[Period, set[int | None]]] = defaultdict(dict)
    for code, version, start, end, source in rows.values_list(
        "quantity__code", "area_version_id", "starts_on", "ends_on", "source_id"
    ).distinct():
        known[code, version].setdefault((start, end), set()).add(source)
    files: set[int] = set()
    inner: set[Use] = set()
    for one in uses:
        periods = known[one.quantity, one.version]
        answering = answering_period(tuple(periods), one.period)
        found: set[int | None] = set()
        for period, sources in periods.items():
            if period == answering or (one.at_any_time and period[1] <= one.period[1]):
                found |= sources
        files |= {source for source in found if source}
        if None in found or one.looks_within:
            inner.add(one)
    return files, inner


def _period(written: str) -> Period:
    first, _dashes, last = written.partition("--")
    return date.fromisoformat(first), date.fromisoformat(last or first)
