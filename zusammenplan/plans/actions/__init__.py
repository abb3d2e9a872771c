"""Everything that writes plans, their fields and measures."""

from zusammenplan.plans.actions.fields import add_field, change_field, delete_field, move_field
from zusammenplan.plans.actions.measures import (
    add_measure,
    change_measure,
    delete_measure,
    move_measure,
    move_measure_to_field,
    renumber_measures,
    set_priority,
)
from zusammenplan.plans.actions.plans import RESERVED_SLUGS, change_plan, create_plan, delete_plan
from zusammenplan.plans.actions.records import Direction
from zusammenplan.plans.actions.refusals import (
    CodeTakenError,
    FieldNotEmptyError,
    MeasureInUseError,
    NumberTakenError,
    OtherPlanError,
    PlanInUseError,
    ReasonMissingError,
    RowRefusedError,
    SlugTakenError,
)
from zusammenplan.plans.actions.several import set_responsible, set_status
from zusammenplan.plans.actions.tables import apply_rows

__all__ = [
    "RESERVED_SLUGS",
    "CodeTakenError",
    "Direction",
    "FieldNotEmptyError",
    "MeasureInUseError",
    "NumberTakenError",
    "OtherPlanError",
    "PlanInUseError",
    "ReasonMissingError",
    "RowRefusedError",
    "SlugTakenError",
    "add_field",
    "add_measure",
    "apply_rows",
    "change_field",
    "change_measure",
    "change_plan",
    "create_plan",
    "delete_field",
    "delete_measure",
    "delete_plan",
    "move_field",
    "move_measure",
    "move_measure_to_field",
    "renumber_measures",
    "set_priority",
    "set_responsible",
    "set_status",
]
