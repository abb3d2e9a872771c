"""The catalogue as its pages show it: grouped by life situation or by field of action."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext as _

from zusammenplan.indicators.choices import LifeSituation, StateField
from zusammenplan.indicators.domain.families import lies_within
from zusammenplan.indicators.domain.formula import FormulaError, quantities_of, read_formula
from zusammenplan.indicators.domain.wording import describe
from zusammenplan.indicators.models import Figure, Indicator, Observation, Quantity
from zusammenplan.indicators.queries.words import formula_words, limits_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from zusammenplan.indicators.domain.wording import Words
    from zusammenplan.people.models import User


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator in a list."""

    code: str
    name: str
    formula: str
    unit: str
    limits: str
    direction: str
    figures: int
    is_key: bool
    is_own: bool
    is_public: bool


@dataclass(frozen=True, slots=True)
class IndicatorGroup:
    """A life situation, or a field of action, with its indicators."""

    key: str
    name: str
    lines: list[IndicatorLine]


@dataclass(frozen=True, slots=True)
class QuantityLine:
    """A quantity in a list, with its names in sources and how often it was counted."""

    code: str
    name: str
    unit: str
    aliases: list[str]
    observations: int
    indicators: int
    is_additive: bool
    is_confidential: bool
    part_of: str
    is_subtracted: bool
    change_of: str


def indicator_groups(user: User, *, by_field: bool = False) -> list[IndicatorGroup]:
    """Give the catalogue in groups; three queries."""
    indicators = list(Indicator.objects.visible_to(user).in_order())
    figures = Counter(
        dict(Figure.objects.order_by().values_list("indicator").annotate(number=Count("pk")))
    )
    words = formula_words({one.code: one.name for one in Quantity.objects.all()})
    groups: defaultdict[str, list[IndicatorLine]] = defaultdict(list)
    for indicator in indicators:
        key = indicator.state_field if by_field else indicator.life_situation
        groups[key].append(_line(indicator, words, figures[indicator.pk]))
    names = {str(key): str(name) for key, name in LifeSituation.choices}
    if by_field:
        names = {str(key): str(name) for key, name in StateField.choices}
        names[""] = _("No field of action")
    return [
        IndicatorGroup(key or "none", name, groups[key])
        for key, name in names.items()
        if groups[key]
    ]


def formula_told(indicator: Indicator, words: Words) -> str:
    """Write an indicator's formula as people do."""
    try:
        tree = read_formula(indicator.formula, frozenset(indicator.parameters))
    except FormulaError:
        return indicator.formula
    return describe(tree, words, indicator.parameters, is_percent=indicator.unit_de == "%")


def quantities_in(indicators: Iterable[Indicator]) -> dict[str, list[Indicator]]:
    """Tell for each quantity in which indicators it occurs."""
    found: defaultdict[str, list[Indicator]] = defaultdict(list)
    for indicator in indicators:
        try:
            tree = read_formula(indicator.formula, frozenset(indicator.parameters))
        except FormulaError:
            continue
        for code in quantities_of(tree):
            found[code].append(indicator)
    return dict(found)


def quantity_lines() -> list[QuantityLine]:
    """Give all quantities by name; four queries."""
    numbers = Counter(
        dict(Observation.objects.order_by().values_list("quantity").annotate(number=Count("pk")))
    )
    uses = quantities_in(Indicator.objects.all())
    return [
        QuantityLine(
            quantity.code,
            quantity.name,
            quantity.unit,
            [str(alias) for alias in quantity.aliases.all()],
            numbers[quantity.pk],
            len(uses.get(quantity.code, ())),
            quantity.is_additive,
            quantity.is_confidential,
            quantity.part_of.name if quantity.part_of else "",
            quantity.is_subtracted,
            quantity.change_of.name if quantity.change_of else "",
        )
        for quantity in Quantity.objects.select_related("part_of", "change_of")
        .prefetch_related("aliases")
        .order_by("name_de", "pk")
    ]


def possible_totals(quantity: Quantity | None) -> QuerySet[Quantity]:
    """Give what a quantity can be a part of: counts that lie outside of it."""
    counts = Quantity.objects.filter(is_additive=True, is_confidential=True)
    if quantity is not None:
        part_of = dict(Quantity.objects.values_list("pk", "part_of"))
        counts = counts.exclude(
            pk__in=[one for one in part_of if lies_within(part_of, one, quantity.pk)]
        )
    return counts.order_by("name_de", "pk")


def _line(indicator: Indicator, words: Words, figures: int) -> IndicatorLine:
    return IndicatorLine(
        indicator.code,
        indicator.name,
        formula_told(indicator, words),
        indicator.unit,
        limits_text(indicator.parameters) if indicator.parameters else "",
        indicator.get_direction_display(),
        figures,
        indicator.is_key,
        indicator.is_own,
        indicator.is_public,
    )
