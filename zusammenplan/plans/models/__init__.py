"""Plans and all that stands in them."""

from zusammenplan.plans.models.chapters import Abbreviation, Block, Chapter
from zusammenplan.plans.models.evaluations import (
    Evaluation,
    EvaluationItem,
    Rating,
    RatingRequest,
)
from zusammenplan.plans.models.goals import Goal, GoalLevel, GoalQuerySet
from zusammenplan.plans.models.measures import (
    Cost,
    IndicatorValue,
    Measure,
    MeasureIndicator,
    MeasureQuerySet,
    MeasureRelation,
    Milestone,
)
from zusammenplan.plans.models.needs import Need, NeedEvidence, NeedQuerySet
from zusammenplan.plans.models.plans import FieldOfAction, Plan, PlanQuerySet, Resolution, Term
from zusammenplan.plans.models.saved_views import SavedView
from zusammenplan.plans.models.tables import ColumnMapping
from zusammenplan.plans.models.updates import CarryDecision, PlanUpdate
from zusammenplan.plans.models.versions import FrozenError, PlanVersion

__all__ = [
    "Abbreviation",
    "Block",
    "CarryDecision",
    "Chapter",
    "ColumnMapping",
    "Cost",
    "Evaluation",
    "EvaluationItem",
    "FieldOfAction",
    "FrozenError",
    "Goal",
    "GoalLevel",
    "GoalQuerySet",
    "IndicatorValue",
    "Measure",
    "MeasureIndicator",
    "MeasureQuerySet",
    "MeasureRelation",
    "Milestone",
    "Need",
    "NeedEvidence",
    "NeedQuerySet",
    "Plan",
    "PlanQuerySet",
    "PlanUpdate",
    "PlanVersion",
    "Rating",
    "RatingRequest",
    "Resolution",
    "SavedView",
    "Term",
]
