"""The indicators of measures in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext as _

from zusammenplan.core.german import like, together
from zusammenplan.core.money import number_text
from zusammenplan.core.numbers import NONE
from zusammenplan.reports.queries.generated.wording import day_text, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zusammenplan.plans.domain.content import IndicatorContent, MeasureContent


def indicator_texts(measure: MeasureContent) -> list[str]:
    return [indicator_text(one) for one in measure.indicators]


def indicator_text(one: IndicatorContent) -> str:
    text = told = say(one.text)
    if one.kind == "numeric":
        parts = [part for part in (_way(one), _last_value(one)) if part]
        told = f"{text}: {', '.join(parts)}" if parts else text
    elif one.reached_on:
        told = f"{text} ({_('reached on %(day)s') % {'day': day_text(one.reached_on)}})"
    return like(text, told)


def _way(one: IndicatorContent) -> str:
    """Tell from where to where an indicator goes, its unit once: from 0 to 100 trips by 2030."""
    before, after = (
        None if value is None else number_text(value) for value in (one.baseline, one.target)
    )
    if after is None:
        way = "" if before is None else _("from %(value)s") % {"value": before}
    elif before is None:
        way = _("to %(value)s") % {"value": after}
    else:
        way = _("from %(before)s to %(after)s") % {"before": before, "after": after}
    if way and (unit := one.unit_said(get_language() or "de")):
        way = f"{way} {unit}"
    if after is not None and one.target_on:
        way = f"{way} {_('by %(day)s') % {'day': day_text(one.target_on)}}"
    return way


def _last_value(one: IndicatorContent) -> str:
    if not one.values:
        return ""
    last = one.values[-1]
    return _("last %(value)s on %(day)s") % {
        "value": number_text(last.value),
        "day": day_text(last.on),
    }


def indicator_lines(measure: MeasureContent) -> str:
    return lines_text(indicator_texts(measure))


def lines_text(lines: Sequence[str]) -> str:
    if len(lines) > 1:
        lines = [like(line, f"– {line}") for line in lines]
    return together("\n", lines) or NONE
