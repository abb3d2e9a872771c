"""Load the catalogue: what is not there yet is added, what somebody changed stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.actions.locks import figures_alone
from zusammenplan.indicators.domain.catalogue import INDICATORS, QUANTITIES
from zusammenplan.indicators.models import Indicator, Quantity, QuantityAlias

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

STEP = 10


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much of the catalogue was added."""

    quantities: int
    indicators: int

    @property
    def total(self) -> int:
        return self.quantities + self.indicators


@transaction.atomic
def load_catalogue(*, by: AbstractBaseUser | None = None) -> Loaded:
    """
    Add what the catalogue has and this installation has not.

    What is there stays as it is, whoever changed it, and what was deleted on purpose stays deleted.
    """
    figures_alone()
    quantities = _load_quantities(by)
    _load_aliases(quantities)
    indicators = _load_indicators(by)
    _load_parts({quantity.code: quantity for quantity in quantities}, by)
    if quantities or indicators:
        recompute()
    return Loaded(len(quantities), indicators)


def _load_quantities(by: AbstractBaseUser | None) -> list[Quantity]:
    there = set(Quantity.history.values_list("code", flat=True))
    there |= set(Quantity.objects.values_list("code", flat=True))
    # Only such counts have parts, whatever somebody made of them here.
    totals = {it.code: it for it in Quantity.objects.filter(is_additive=True, is_confidential=True)}
    added = []
    for one in QUANTITIES:
        if one.code in there:
            continue
        quantity = Quantity(
            code=one.code,
            name_de=one.name_de,
            name_en=one.name_en,
            unit_de=one.unit_de,
            unit_en=one.unit_en,
            is_additive=one.is_additive,
            is_confidential=one.is_confidential,
            part_of=totals.get(one.part_of),
            is_subtracted=one.part_of in totals and one.is_subtracted,
            change_of=totals.get(one.change_of),
        )
        totals[quantity.code] = quantity
        added.append(keep(quantity, by=by, deed=_("Taken from the catalogue")))
    return added


def _load_parts(added: dict[str, Quantity], by: AbstractBaseUser | None) -> None:
    """Let what is there be part of a total that is new, where it is part of nothing yet."""
    catalogue = {it.code: it for it in QUANTITIES if it.part_of in added and it.code not in added}
    parts = Quantity.objects.filter(
        code__in=catalogue, part_of=None, is_additive=True, is_confidential=True
    )
    for part in parts.order_by("pk"):
        part.part_of = added[catalogue[part.code].part_of]
        part.is_subtracted = catalogue[part.code].is_subtracted
        keep(part, by=by, deed=_("Part of a balance, as the catalogue has it"))


def _load_aliases(quantities: list[Quantity]) -> None:
    """Add the names in sources of new quantities; a name that means something here keeps it."""
    keys = {quantity.code: quantity for quantity in quantities}
    there = set(QuantityAlias.objects.values_list("statistics", "measure", "other"))
    QuantityAlias.objects.bulk_create(
        QuantityAlias(
            quantity=keys[one.code],
            statistics=alias.statistics,
            measure=alias.measure,
            other=alias.other,
        )
        for one in QUANTITIES
        if one.code in keys
        for alias in one.aliases
        if (alias.statistics, alias.measure, alias.other) not in there
    )


def _load_indicators(by: AbstractBaseUser | None) -> int:
    there = set(Indicator.history.values_list("code", flat=True))
    there |= set(Indicator.objects.values_list("code", flat=True))
    added = [(at, one) for at, one in enumerate(INDICATORS, start=1) if one.code not in there]
    for at, one in added:
        indicator = Indicator(
            code=one.code,
            name_de=one.name_de,
            name_en=one.name_en,
            definition_de=one.definition_de,
            definition_en=one.definition_en,
            form=one.form,
            formula=one.formula,
            parameters=one.parameters,
            unit_de=one.unit[0],
            unit_en=one.unit[1],
            decimals=one.decimals,
            direction=one.direction,
            life_situation=one.life_situation,
            state_field=one.state_field,
            source_de=one.source[0],
            source_en=one.source[1],
            is_key=one.is_key,
            position=at * STEP,
        )
        keep(indicator, by=by, deed=_("Taken from the catalogue"))
    return len(added)
