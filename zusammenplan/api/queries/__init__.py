"""What the interface answers, read from what is public alone."""

from zusammenplan.api.queries.areas import area_features, areas
from zusammenplan.api.queries.data import (
    figures,
    indicator,
    indicators,
    social_index,
    social_indices,
)
from zusammenplan.api.queries.evaluations import (
    changes,
    evaluation,
    evaluations,
    version,
    versions,
)
from zusammenplan.api.queries.goals import goal, goals, need, needs
from zusammenplan.api.queries.measures import measure, measures
from zusammenplan.api.queries.plans import fields, plan, plans
from zusammenplan.api.queries.results import result, results

__all__ = [
    "area_features",
    "areas",
    "changes",
    "evaluation",
    "evaluations",
    "fields",
    "figures",
    "goal",
    "goals",
    "indicator",
    "indicators",
    "measure",
    "measures",
    "need",
    "needs",
    "plan",
    "plans",
    "result",
    "results",
    "social_index",
    "social_indices",
    "version",
    "versions",
]
