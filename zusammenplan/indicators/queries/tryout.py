"""What a formula says, and what it gives for one area: while somebody is writing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.indicators.choices import IndicatorForm
from zusammenplan.indicators.domain.formula import (
    OF_PARTS,
    FormulaError,
    functions_of,
    quantities_of,
    read_formula,
)
from zusammenplan.indicators.domain.reckoning import evaluate
from zusammenplan.indicators.domain.wording import describe, with_numbers
from zusammenplan.indicators.models import Quantity
from zusammenplan.indicators.queries.counts import counts_by_version, counts_with_parts
from zusammenplan.indicators.queries.tree import AreaTree
from zusammenplan.indicators.queries.words import (
    formula_sentence,
    formula_words,
    missing_sentence,
    number_text,
    period_text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zusammenplan.indicators.domain.formula import Node
    from zusammenplan.indicators.domain.shelf import Counts
    from zusammenplan.places.models import Area


@dataclass(frozen=True, slots=True)
class Explanation:
    """A formula in words, with what is wrong with it, and its value for an area."""

    problem: str = ""
    words: str = ""
    period: str = ""
    numbers: str = ""
    value: str = ""
    remark: str = ""


def formula_problem(formula: str, parameters: Mapping[str, int]) -> str:
    """Say what is wrong with a formula; nothing if it can be computed."""
    try:
        tree = read_formula(formula, frozenset(parameters))
    except FormulaError as refusal:
        return formula_sentence(refusal)
    used = quantities_of(tree)
    known = set(Quantity.objects.filter(code__in=used).values_list("code", flat=True))
    if unknown := [name for name in used if name not in known]:
        return _(
            "There is no quantity “%(name)s”. The short names stand on the page of quantities."
        ) % {"name": unknown[0]}
    return ""


def explain(
    formula: str,
    parameters: Mapping[str, int],
    *,
    form: str,
    decimals: int = 1,
    area: Area | None = None,
) -> Explanation:
    """Tell a formula as people write it, and try it out for an area's latest period."""
    if problem := formula_problem(formula, parameters):
        return Explanation(problem)
    tree = read_formula(formula, frozenset(parameters))
    quantities = list(Quantity.objects.filter(code__in=quantities_of(tree)))
    words = formula_words({one.code: one.name for one in quantities})
    told = describe(tree, words, parameters, is_percent=form == IndicatorForm.SHARE)
    if area is None:
        return Explanation(words=told)
    counts = _latest(tree, quantities, area)
    if counts is None:
        return Explanation(
            words=told, remark=_("There are no counts of “%(area)s” for it.") % {"area": area}
        )
    period = max(
        counts.periods.get(quantities_of(tree)[0]) or set().union(*counts.periods.values()),
        key=lambda one: (one[1], one[0]),
    )
    shelf = counts.at(period)
    outcome = evaluate(tree, shelf, parameters)
    return Explanation(
        words=told,
        period=period_text(*period),
        numbers=with_numbers(tree, words, parameters, shelf),
        value="" if outcome.value is None else number_text(outcome.value, decimals),
        remark=missing_sentence(outcome.missing, words) if outcome.missing else "",
    )


def _latest(tree: Node, quantities: list[Quantity], area: Area) -> Counts | None:
    """Give the counts of the area's last version that has any."""
    places = AreaTree.load()
    keys = [one.pk for one in quantities]
    versions = [place.pk for place in reversed(places.of_area[area.pk])]
    if functions_of(tree) & OF_PARTS:
        known = counts_with_parts(keys, places)
        return next((known[one] for one in versions if one in known and known[one].periods), None)
    known = dict(counts_by_version(keys, places, versions=versions))
    return next((known[one] for one in versions if one in known), None)
