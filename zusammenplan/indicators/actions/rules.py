"""Change the rules that hold for all data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.actions.locks import figures_alone
from zusammenplan.indicators.models.rules import LEAST_MINIMUM
from zusammenplan.indicators.queries.secrecy import data_rules

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from zusammenplan.indicators.models import DataRules


class MinimumTooLowError(Exception):
    """The smallest number of cases would be lower than the law's usual one."""

    def __init__(self) -> None:
        super().__init__(
            _("The smallest number of cases cannot be lower than %(least)s.")
            % {"least": LEAST_MINIMUM}
        )


@transaction.atomic
def change_minimum(minimum: int, *, seen_version: int, by: AbstractBaseUser | None) -> DataRules:
    """
    Set the smallest number of cases that the public sees, and hide anew.

    :raises MinimumTooLowError: if it is below three
    :raises ChangedMeanwhileError: if somebody else changed the rules meanwhile
    """
    if minimum < LEAST_MINIMUM:
        raise MinimumTooLowError
    figures_alone()
    rules = data_rules()
    if rules.minimum_cases == minimum:
        return rules
    rules.minimum_cases = minimum
    deed = _("Smallest number of cases changed")
    if rules._state.adding:
        keep(rules, by=by, deed=deed)
    else:
        keep_unless_changed(
            rules, seen_version=seen_version, by=by, deed=deed, fields=["minimum_cases"]
        )
    recompute()
    return rules
