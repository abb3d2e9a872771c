"""Measures in order: what comes first, and what runs when."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.text import Truncator
from django.utils.translation import get_language, gettext as _, ngettext

from zusammenplan.core.numbers import NONE, decimal_text
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.reports.queries.generated.building import Counts, Task, table_of
from zusammenplan.reports.queries.generated.wording import period_text, say
from zusammenplan.reports.queries.model import Figure, Paragraph, Row, Span
from zusammenplan.reports.queries.timeline import Bar, timeline_svg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zusammenplan.plans.domain.content import MeasureContent
    from zusammenplan.reports.queries.model import Block

BARS_A_FIGURE = 32


def priorities(task: Task) -> Iterator[Block]:
    content, counts = task.content, task.counts
    rated = [one for one in content.measures if one.priority]
    if not rated:
        return
    open_ones = [one for one in content.measures if not one.priority]
    language = get_language() or "de"
    said = {one.priority.round_said(language) for one in rated if one.priority}
    rounds = sorted(said - {""})
    if rounds:
        yield Paragraph(
            (Span(_("The degrees come from: %(rounds)s") % {"rounds": "; ".join(rounds)}),)
        )

    def degree(measure: MeasureContent) -> Decimal:
        mark = measure.priority
        if mark is None:
            return Decimal(0)
        return mark.degree if mark.first <= mark.last else -mark.degree

    rows = []
    place = 0
    for _degree, group in groupby(sorted(rated, key=degree), key=degree):
        same = list(group)
        rows += [
            Row((str(place + 1), one.number, say(one.title), decimal_text(one.priority.degree)))
            for one in same
            if one.priority
        ]
        place += len(same)
    rows += [Row((NONE, one.number, say(one.title), _("not rated"))) for one in open_ones]
    yield table_of(
        counts,
        _("Measures in the order of their priority"),
        (_("Rank"), _("No."), _("Measure"), _("Degree")),
        rows,
        widths=(1, 1, 7, 1.6),
        numeric=(3,),
        anchor="t-priorities",
    )


def timeline(task: Task) -> Iterator[Block]:
    """Draw when measures run, and tell it as a table, so that nobody depends on seeing it."""
    content, counts = task.content, task.counts
    timed = [one for one in content.measures if one.period]
    drawn = [one for one in timed if one.period.starts_on or one.period.ends_on]
    days = [day for one in drawn for day in (one.period.starts_on, one.period.ends_on) if day]
    days += [day for day in (content.starts_on, content.ends_on) if day]
    for part, start in enumerate(range(0, len(drawn), BARS_A_FIGURE), start=1):
        some = drawn[start : start + BARS_A_FIGURE]
        yield _drawn(some, part, min(days).year, max(days).year, counts)
    if timed:
        yield table_of(
            counts,
            _("When the measures run"),
            (_("No."), _("Measure"), _("Period"), _("Status")),
            [_timed_row(one) for one in timed],
            widths=(1, 6, 2.4, 2),
            anchor="t-timeline",
        )


def _drawn(
    measures: Sequence[MeasureContent], part: int, first: int, last: int, counts: Counts
) -> Figure:
    number, label = counts.figure()
    bars = [
        Bar(
            f"{one.number} {Truncator(say(one.title)).chars(44)}".strip(),
            one.period.starts_on,
            one.period.ends_on,
        )
        for one in measures
    ]
    told = ngettext(
        "A bar shows when the measure runs between %(first)d and %(last)d. The same stands in the "
        "table below.",
        "Bars show when each of %(number)d measures runs between %(first)d and "
        "%(last)d. The same stands in the table below.",
        len(bars),
    )
    return Figure(
        number,
        label,
        _("Timeline of measures %(first)s to %(last)s")
        % {"first": measures[0].number, "last": measures[-1].number},
        told % {"number": len(bars), "first": first, "last": last},
        svg=timeline_svg(bars, first, last),
        anchor=f"b-timeline-{part}",
    )


def _timed_row(one: MeasureContent) -> Row:
    status = str(MeasureStatus(one.status).label)
    return Row((one.number, say(one.title), period_text(one.period), status))
