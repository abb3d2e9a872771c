"""Change the order in which the outline shows measures."""

from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep
from zusammenplan.people.models import User
from zusammenplan.plans.actions.records import lock, raise_version_of, set_positions
from zusammenplan.plans.models import Measure


@transaction.atomic
def move_measure_past(
    measure: Measure, other: Measure, side: Literal["before", "after"], *, by: User | None
) -> bool:
    """
    Put the measure right before or after another one of its field; tell whether that was possible.

    Under a goal not all measures of a field stand, so the neighbour there may be some places away.
    """
    plan = lock(measure.plan)
    siblings = list(plan.measures.filter(field=measure.field_id).order_by("position", "pk"))
    keys = [sibling.pk for sibling in siblings]
    if measure.pk == other.pk or not {measure.pk, other.pk} <= set(keys):
        return False
    moved = siblings.pop(keys.index(measure.pk))
    there = [sibling.pk for sibling in siblings].index(other.pk)
    siblings.insert(there if side == "before" else there + 1, moved)
    set_positions(siblings)
    deed = _("Moved up") if side == "before" else _("Moved down")
    keep(moved, by=by, deed=deed, fields=["position"])
    raise_version_of(plan)
    return True
