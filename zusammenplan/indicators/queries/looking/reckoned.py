"""
Figures that are kept nowhere, for they are reckoned while somebody looks.

The values of a recalculated series, and the shares of people of an age. Each has an address below
that of the kept values, and a page that tells where it comes from.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _, pgettext

from zusammenplan.indicators.choices import IndicatorForm
from zusammenplan.indicators.domain.formula import (
    OF_PARTS,
    functions_of,
    quantities_of,
    read_formula,
)
from zusammenplan.indicators.domain.reckoning import reckon
from zusammenplan.indicators.domain.sides import ALL_AGES
from zusammenplan.indicators.models import Figure, Indicator, Quantity
from zusammenplan.indicators.queries.counts import counts_by_version
from zusammenplan.indicators.queries.series import territories_of
from zusammenplan.indicators.queries.tree import AreaTree
from zusammenplan.indicators.queries.words import age_label, period_address

if TYPE_CHECKING:
    from zusammenplan.indicators.domain.formula import Node
    from zusammenplan.indicators.domain.reckoning import Group
    from zusammenplan.indicators.domain.shelf import Counts, Period
    from zusammenplan.indicators.queries.series import Territory
    from zusammenplan.places.models import AreaVersion

POPULATION = "population"
AGES = re.compile(r"(?:([mf])-)?([0-9]{1,3})(?:-([0-9]{1,3}))?", re.ASCII)


def recalculated_address(version: int, code: str, period: Period) -> str:
    """Write below which address the page of a recalculated value is."""
    return f"umgerechnet/{version}/{code}/{period_address(*period)}"


def ages_address(version: int, period: Period, sex: str, ages: Group) -> str:
    """Write below which address the page of a share of an age is: …/m-65-70, …/90."""
    age_from, age_to = ages
    limits = [sex, str(age_from), "" if age_to == ALL_AGES else str(age_to)]
    return f"alter/{version}/{period_address(*period)}/{'-'.join(filter(None, limits))}"


def recalculated_figures(
    indicator: Indicator, version: AreaVersion
) -> tuple[Territory, dict[str, Figure]]:
    """Reckon an indicator for a territory; the figures by how an address writes their period."""
    formula = read_formula(indicator.formula, frozenset(indicator.parameters))
    quantities = list(Quantity.objects.filter(code__in=quantities_of(formula)))
    territory = next(iter(territories_of([version], quantities, AreaTree.load())))
    if functions_of(formula) & OF_PARTS and territory.is_merged:
        return territory, {}
    return territory, _figures(indicator, formula, version, territory.merged)


def age_figures(version: AreaVersion, asked: str) -> dict[str, Figure]:
    """Reckon the share of an age as an address writes it, by the period."""
    found = AGES.fullmatch(asked)
    quantity = Quantity.objects.filter(code=POPULATION).first()
    if found is None or quantity is None:
        return {}
    sex, age_from, age_to = found[1] or "", int(found[2]), int(found[3] or ALL_AGES)
    if not age_from < age_to <= ALL_AGES:
        return {}
    indicator = _share_of(sex, (age_from, age_to))
    counts = dict(counts_by_version([quantity.pk], AreaTree.load(), versions=[version.pk]))
    if version.pk not in counts:
        return {}
    formula = read_formula(indicator.formula, frozenset())
    return _figures(indicator, formula, version, counts[version.pk])


def _share_of(sex: str, ages: Group) -> Indicator:
    """Make the indicator that the charts by age show; it stands in no catalogue."""
    words = {"m": pgettext("counts of people", "male"), "f": pgettext("counts of people", "female")}
    name = ", ".join(filter(None, [_("Population by age"), words.get(sex), age_label(ages)]))
    limits = f"{ages[0]}:{'' if ages[1] == ALL_AGES else ages[1]}"
    definition = _("People of this age as a share of all people.")
    return Indicator(
        code=POPULATION,
        name_de=name,
        name_en=name,
        definition_de=definition,
        definition_en=definition,
        form=IndicatorForm.SHARE,
        formula=f"100 * population[{f'{sex}, ' if sex else ''}{limits}] / population",
        unit_de="%",
    )


def _figures(
    indicator: Indicator, formula: Node, version: AreaVersion, counts: Counts
) -> dict[str, Figure]:
    found = {}
    for period in sorted(counts.periods.get(quantities_of(formula)[0], ()), key=itemgetter(1, 0)):
        outcome = reckon(formula, counts.at(period), indicator.parameters).outcome
        if outcome.value is not None or outcome.sign:
            found[period_address(*period)] = Figure(
                indicator=indicator,
                area=version.area,
                area_version=version,
                starts_on=period[0],
                ends_on=period[1],
                value=outcome.value,
                sign=outcome.sign,
                quality=outcome.quality,
                secrecy=outcome.secrecy,
                method_version=indicator.method_version,
            )
    return found
