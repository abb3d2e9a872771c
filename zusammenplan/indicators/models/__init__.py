"""The tables of official statistics."""

from zusammenplan.indicators.domain.sides import ALL_AGES
from zusammenplan.indicators.models.imports import (
    ColumnMapping,
    ReplacedValue,
    StatisticsImport,
)
from zusammenplan.indicators.models.indicators import DataView, Figure, Indicator
from zusammenplan.indicators.models.observations import (
    Observation,
    Quantity,
    QuantityAlias,
)
from zusammenplan.indicators.models.rules import DataRules
from zusammenplan.indicators.models.social_index import IndexPart, SocialIndex

__all__ = [
    "ALL_AGES",
    "ColumnMapping",
    "DataRules",
    "DataView",
    "Figure",
    "IndexPart",
    "Indicator",
    "Observation",
    "Quantity",
    "QuantityAlias",
    "ReplacedValue",
    "SocialIndex",
    "StatisticsImport",
]
