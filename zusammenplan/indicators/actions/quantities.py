"""Add and change quantities and their names in sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.models import Quantity, QuantityAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.contrib.auth.base_user import AbstractBaseUser

# What changes sums and secrecy.
RECKONED = {"is_additive", "is_confidential", "code"}
AliasKey = tuple[str, str, str]


class QuantityCodeTakenError(Exception):
    """Another quantity has this short name."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _("There is already a quantity “%(code)s”. Choose another short name.") % {"code": code}
        )


class AliasTakenError(Exception):
    """The name in a source means another quantity."""

    def __init__(self, alias: QuantityAlias) -> None:
        super().__init__(
            _("“%(alias)s” already means “%(quantity)s”.")
            % {"alias": alias, "quantity": alias.quantity}
        )


@transaction.atomic
def add_quantity(
    values: Mapping[str, Any], aliases: Sequence[AliasKey], *, by: AbstractBaseUser | None
) -> Quantity:
    """
    Add a quantity with its names in sources.

    :raises QuantityCodeTakenError: if another quantity has the short name
    :raises AliasTakenError: if a name in a source means another quantity
    """
    quantity = Quantity(**values)
    try:
        with transaction.atomic():
            keep(quantity, by=by, deed=_("Quantity added"))
    except IntegrityError as clash:
        raise QuantityCodeTakenError(quantity.code) from clash
    _set_aliases(quantity, aliases)
    return quantity


@transaction.atomic
def change_quantity(
    quantity: Quantity,
    values: Mapping[str, Any],
    aliases: Sequence[AliasKey],
    *,
    seen_version: int,
    by: AbstractBaseUser | None,
) -> Quantity:
    """
    Change a quantity and its names in sources; sums, secrecy and figures follow.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises QuantityCodeTakenError: if another quantity has the short name
    :raises AliasTakenError: if a name in a source means another quantity
    """
    quantity = Quantity.objects.select_for_update().get(pk=quantity.pk)
    changed = [name for name, value in values.items() if getattr(quantity, name) != value]
    for name in changed:
        setattr(quantity, name, values[name])
    is_other_name = _set_aliases(quantity, aliases)
    if not changed and not is_other_name:
        return quantity
    try:
        with transaction.atomic():
            keep_unless_changed(
                quantity,
                seen_version=seen_version,
                by=by,
                deed=_("Quantity changed") if changed else _("Names in sources changed"),
                fields=changed,
            )
    except IntegrityError as clash:
        raise QuantityCodeTakenError(quantity.code) from clash
    if RECKONED & set(changed):
        recompute(quantities=None if "code" in changed else [quantity.pk])
    return quantity


def _set_aliases(quantity: Quantity, aliases: Sequence[AliasKey]) -> bool:
    """Let exactly these names in sources mean the quantity; tell whether any changed."""
    wanted = set(aliases)
    kept = {
        (alias.statistics, alias.measure, alias.other): alias for alias in quantity.aliases.all()
    }
    for key in wanted - kept.keys():
        statistics, measure, other = key
        taken = (
            QuantityAlias.objects.filter(statistics=statistics, measure=measure, other=other)
            .exclude(quantity=quantity)
            .select_related("quantity")
            .first()
        )
        if taken is not None:
            raise AliasTakenError(taken)
    gone = [alias.pk for key, alias in kept.items() if key not in wanted]
    QuantityAlias.objects.filter(pk__in=gone).delete()
    QuantityAlias.objects.bulk_create(
        QuantityAlias(quantity=quantity, statistics=statistics, measure=measure, other=other)
        for statistics, measure, other in sorted(wanted - kept.keys())
    )
    return wanted != kept.keys()
