"""Add and change quantities and their names in sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.actions.locks import figures_alone
from zusammenplan.indicators.domain.families import families, lies_within
from zusammenplan.indicators.models import Quantity, QuantityAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.contrib.auth.base_user import AbstractBaseUser

# What changes sums and secrecy.
RECKONED = {"is_additive", "is_confidential", "code", "part_of", "is_subtracted", "change_of"}
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


class NotAPartError(Exception):
    """The quantity cannot be a part of the other one, or no longer."""


@transaction.atomic
def add_quantity(
    values: Mapping[str, Any], aliases: Sequence[AliasKey], *, by: AbstractBaseUser | None
) -> Quantity:
    """
    Add a quantity with its names in sources.

    :raises NotAPartError: if it cannot be a part of the other quantity, or its change
    :raises QuantityCodeTakenError: if another quantity has the short name
    :raises AliasTakenError: if a name in a source means another quantity
    """
    quantity = Quantity(**values)
    if quantity.part_of_id or quantity.change_of_id or quantity.is_subtracted:
        figures_alone()
        _check_part(quantity)
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

    :raises NotAPartError: if it cannot be a part of the other quantity, or have parts any longer
    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises QuantityCodeTakenError: if another quantity has the short name
    :raises AliasTakenError: if a name in a source means another quantity
    """
    # Before the quantity is held, as whoever undoes an import does.
    figures_alone()
    quantity = Quantity.objects.select_for_update().get(pk=quantity.pk)
    totals = {quantity.part_of_id, quantity.change_of_id}
    changed = [name for name, value in values.items() if getattr(quantity, name) != value]
    for name in changed:
        setattr(quantity, name, values[name])
    totals |= {quantity.part_of_id, quantity.change_of_id}
    if RECKONED & set(changed):
        _check_part(quantity)
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
        related = [quantity.pk, *(total for total in totals if total)]
        recompute(quantities=None if "code" in changed else related)
    return quantity


def _check_part(quantity: Quantity) -> None:
    """Refuse what would let the families of quantities say something wrong about counts."""
    # As it stands now, whatever it was when somebody chose it.
    total = Quantity.objects.filter(pk__in=[quantity.part_of_id or 0]).first()
    part_of = dict(Quantity.objects.values_list("pk", "part_of"))
    if total and quantity.pk and lies_within(part_of, total.pk, quantity.pk):
        if total.pk == quantity.pk:
            raise NotAPartError(_("“%(part)s” cannot be a part of itself.") % {"part": quantity})
        raise NotAPartError(
            _("“%(part)s” cannot be a part of “%(total)s”, which is a part of it.")
            % {"part": quantity, "total": total}
        )
    stock = Quantity.objects.filter(pk__in=[quantity.change_of_id or 0]).first()
    _check_change(quantity, stock, {**part_of, quantity.pk or 0: quantity.part_of_id})
    linked = {*part_of.values(), *Quantity.objects.values_list("change_of", flat=True)}
    counts = [one for one in (total, stock) if one]
    if counts or quantity.pk in linked:
        counts.append(quantity)
    for one in counts:
        if not (one.is_additive and one.is_confidential):
            raise NotAPartError(
                _(
                    "Parts and what they make up are counts that can be summed and whose small "
                    "numbers are secret; “%(quantity)s” is not."
                )
                % {"quantity": one}
            )


def _check_change(
    quantity: Quantity, stock: Quantity | None, part_of: Mapping[int, int | None]
) -> None:
    """Refuse that a quantity is a change of what it is a part of, or what is a part of it."""
    families_of = families(part_of)
    if quantity.is_subtracted and not quantity.part_of_id:
        raise NotAPartError(_("Say what “%(part)s” is subtracted in.") % {"part": quantity})
    changes = dict(Quantity.objects.exclude(change_of=None).values_list("pk", "change_of"))
    if stock:
        changes[quantity.pk or 0] = stock.pk
    else:
        changes.pop(quantity.pk or 0, None)
    for change, one in changes.items():
        if one and families_of.get(change) == families_of.get(one):
            raise NotAPartError(
                _("“%(change)s” cannot be the change of “%(stock)s”: one is a part of the other.")
                % {"change": quantity, "stock": stock or quantity.part_of}
            )


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
