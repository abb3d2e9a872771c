"""Charts in templates: the picture alone, or with heading, source and table."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from zusammenplan.core.charts.drawing import Chart, Figure, svg
from zusammenplan.core.charts.strip import Strip

register = template.Library()


@register.simple_tag
def chart(drawn: Chart, key: str, title: str, told: str) -> SafeString:
    """Draw a chart; ``title`` and ``told`` say it to those who do not see it."""
    return svg(drawn, key=key, title=title, told=told)


@register.inclusion_tag("components/charts/figure.html", takes_context=True)
def chart_figure(context: Context, figure: Figure) -> dict[str, Any]:
    """Show a chart with its heading, source and table; each number leads to its page, if any."""
    return {"figure": figure, "origins": getattr(context.get("audience"), "origins", "")}


@register.inclusion_tag("components/charts/strip.svg")
def strip(drawn: Strip) -> dict[str, Any]:
    """Draw the strip below a key figure; the words beside it tell the same."""
    return {"strip": drawn}
