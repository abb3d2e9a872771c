"""The values of an indicator in numbers: as picture, as table, and read out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zusammenplan.core.charts.drawing import Column, Table
from zusammenplan.core.charts.line import LineChart, Point, Series, Target, line_chart
from zusammenplan.core.money import number_text
from zusammenplan.plans.models import IndicatorValue, MeasureIndicator
from zusammenplan.plans.queries.days import due_label

# So many values are read out one by one; of more only the first, the last and the reach.
VALUES_READ_OUT = 12


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value of the table beside the chart; ``pk`` is None for baseline and target."""

    pk: int | None
    day: str
    value: str
    note: str


def told_values(indicator: MeasureIndicator, values: Sequence[IndicatorValue]) -> str:
    """Tell the picture to those who do not see it."""
    if not values:
        return ""
    if len(values) <= VALUES_READ_OUT:
        told = "; ".join(f"{due_label(one.on)}: {number_text(one.value)}" for one in values)
    else:
        amounts = [one.value for one in values]
        told = _(
            "%(number)d values from %(first)s (%(first_day)s) to %(last)s (%(last_day)s), "
            "the lowest %(low)s, the highest %(high)s"
        ) % {
            "number": len(values),
            "first": number_text(values[0].value),
            "first_day": due_label(values[0].on),
            "last": number_text(values[-1].value),
            "last_day": due_label(values[-1].on),
            "low": number_text(min(amounts)),
            "high": number_text(max(amounts)),
        }
    if indicator.target is None:
        return f"{told}."
    target = _("Target") + (f" {due_label(indicator.target_on)}" if indicator.target_on else "")
    return f"{told}. {target}: {number_text(indicator.target)}."


def value_chart(indicator: MeasureIndicator, values: Sequence[IndicatorValue]) -> LineChart | None:
    """Draw the values, after the baseline and before the target."""
    if not values:
        return None
    points: list[Point] = [(one.on, one.value) for one in values]
    began = indicator.baseline_on
    if indicator.baseline is not None and began and all(one.on != began for one in values):
        points.append((began, indicator.baseline))
    target = None
    if indicator.target is not None:
        target = Target(indicator.target, indicator.target_on, _("Target"))
    return line_chart(
        [Series(indicator.text, points)],
        target=target,
        number=number_text,
        day=lambda day: date_format(day, "m.Y"),
    )


def value_rows(indicator: MeasureIndicator, values: Sequence[IndicatorValue]) -> Iterable[ValueRow]:
    """Give exactly the numbers that the picture shows."""
    days = {one.on for one in values}
    if indicator.baseline is not None and indicator.baseline_on not in days:
        day = due_label(indicator.baseline_on)
        yield ValueRow(
            None,
            _("%(day)s (baseline)") % {"day": day} if day else _("Baseline"),
            number_text(indicator.baseline),
            "",
        )
    for one in values:
        yield ValueRow(one.pk, due_label(one.on), number_text(one.value), one.note)
    if indicator.target is not None:
        day = due_label(indicator.target_on)
        yield ValueRow(
            None,
            _("%(day)s (target)") % {"day": day} if day else _("Target"),
            number_text(indicator.target),
            "",
        )


def value_table(indicator: MeasureIndicator, rows: Sequence[ValueRow]) -> Table:
    """Put the numbers beside the picture; a column of notes only if there are any."""
    columns = [Column(_("Day")), Column(indicator.unit_said or _("Value"))]
    if not any(row.note for row in rows):
        return Table(columns, [(row.day, row.value) for row in rows])
    columns.append(Column(_("Note"), is_number=False))
    return Table(columns, [(row.day, row.value, row.note) for row in rows])
