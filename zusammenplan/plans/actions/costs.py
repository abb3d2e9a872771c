"""Add, change and remove what a measure costs."""

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.people.models import User
from zusammenplan.plans.actions.parts import change_part, keep_part, remove_part
from zusammenplan.plans.actions.records import Values
from zusammenplan.plans.models import Cost, Measure


@transaction.atomic
def add_cost(measure: Measure, values: Values, *, by: User | None) -> Cost:
    """Add an amount, of a year or of none, from a source or an unnamed one."""
    cost = Cost(measure=measure, **values)
    keep_part(cost, measure, by=by, deed=_("Costs added"))
    return cost


@transaction.atomic
def change_cost(cost: Cost, values: Values, *, seen_version: int, by: User | None) -> Cost:
    """
    Change an amount.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    """
    change_part(
        cost, values, cost.measure, seen_version=seen_version, by=by, deed=_("Costs changed")
    )
    return cost


@transaction.atomic
def remove_cost(cost: Cost, *, reason: str, by: User | None) -> None:
    """
    Remove an amount.

    :raises ReasonMissingError: if no reason is given
    """
    remove_part(cost, cost.measure, reason=reason, by=by)
