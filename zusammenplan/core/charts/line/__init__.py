"""Lines over time: one or several series with gaps, breaks, and a target."""

from zusammenplan.core.charts.line.chart import line_chart
from zusammenplan.core.charts.line.parts import (
    Break,
    Line,
    LineChart,
    Point,
    Series,
    Target,
)

__all__ = ["Break", "Line", "LineChart", "Point", "Series", "Target", "line_chart"]
