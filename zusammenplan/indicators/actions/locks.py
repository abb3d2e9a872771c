"""
Who may write values and figures: one at a time, and not while areas change.

The database does not check the links of observations (docs/decisions/0030), so whoever writes
some keeps what they are linked to from being deleted. Areas come first, for whoever changes areas
holds them already when the figures follow.
"""

from __future__ import annotations

from zusammenplan.core.locks import alone, hold_all
from zusammenplan.indicators.models import StatisticsImport
from zusammenplan.places.models import Area


def figures_alone() -> None:
    """
    Let nobody else take values over or compute figures, nor change areas, until the end.

    Areas and their versions are deleted only by who holds all areas alone (``lock_areas``),
    quantities only by who undoes an import, and imports by nobody.
    """
    hold_all(Area)
    alone(StatisticsImport)
