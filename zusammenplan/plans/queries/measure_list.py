"""What the list of measures shows: rows, bars of the timeline, the tabs above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Max, Min, Sum
from django.template.loader import render_to_string
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _

from zusammenplan.core.pictures import steps_bar
from zusammenplan.people.models import User
from zusammenplan.plans.domain.timeline import Axis, axis_for, bar, mark
from zusammenplan.plans.models import (
    Cost,
    Measure,
    MeasureQuerySet,
    Milestone,
    Plan,
    SavedView,
)
from zusammenplan.plans.queries.plans import MeasureLine, measure_line

SHOWN = (
    "identity",
    "plan",
    "field",
    "number",
    "title_de",
    "title_en",
    "responsible",
    "period_text",
    "starts_on",
    "ends_on",
    "status",
    "status_reason",
    "is_additional",
    "priority_degree",
    "priority_first",
    "priority_last",
    "version",
)


def year_of_interest(plan: Plan, today: date) -> int:
    """Give the year whose costs people ask for: this one, or the first one that the plan is for."""
    if plan.starts_on:
        return max(today.year, plan.starts_on.year)
    costs = Cost.objects.filter(measure__plan=plan, year__gte=today.year)
    first: int | None = costs.aggregate(first=Min("year"))["first"]
    return first or today.year


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure as a row, a card or a bar; every value already in words."""

    line: MeasureLine
    version: int
    reason: str
    steps_done: int = 0
    steps: int = 0
    next_step: str = ""
    cost: str = ""
    begin: str = ""
    end: str = ""
    milestones: tuple[str, ...] = ()

    @property
    def steps_bar(self) -> SafeString:
        return _steps_bar(self.steps_done, self.steps, get_language() or "de")


def measure_rows(keys: Sequence[int], *, year: int, today: date) -> list[MeasureRow]:
    """Give the rows of these measures in the given order: three queries, however many they are."""
    measures = (
        Measure.objects.filter(pk__in=keys)
        .select_related("field", "responsible")
        .only(*SHOWN, "field__code", "field__name_de", "field__name_en", "responsible__name")
        .in_bulk()
    )
    costs = dict(
        Cost.objects.filter(measure__in=keys, year=year)
        .order_by()
        .values_list("measure")
        .annotate(sum=Sum("amount"))
    )
    steps = milestones_of(keys)
    return [
        _row(measures[key], costs.get(key), steps.get(key, []), today)
        for key in keys
        if key in measures
    ]


@lru_cache(maxsize=512)
def _steps_bar(done: int, total: int, language: str) -> SafeString:  # noqa: ARG001 - one a language
    """Draw the milestones of a row; kept, because a page shows the same few again and again."""
    if not total:
        return SafeString("–")
    context = {"bar": steps_bar(done, total), "unit": _("milestones done")}
    return SafeString(" ".join(render_to_string("components/steps_bar.html", context).split()))


def milestones_of(keys: Sequence[int]) -> dict[int, list[Milestone]]:
    found: dict[int, list[Milestone]] = {}
    for step in Milestone.objects.filter(measure__in=keys).order_by("position", "pk"):
        found.setdefault(step.measure_id, []).append(step)
    return found


def _row(
    measure: Measure, cost: Decimal | None, steps: Sequence[Milestone], today: date
) -> MeasureRow:
    waiting = [step for step in steps if step.done_on is None]
    dated = sorted((step for step in waiting if step.due_on), key=lambda step: step.due_on or today)
    return MeasureRow(
        line=measure_line(measure),
        version=measure.version,
        reason=measure.status_reason,
        steps_done=len(steps) - len(waiting),
        steps=len(steps),
        next_step=_step(dated[0], today) if dated else "",
        cost=euros(cost),
        begin=_day(measure.starts_on),
        end=_day(measure.ends_on),
        milestones=tuple(_step(step, today) for step in steps),
    )


def euros(amount: Decimal | None) -> str:
    """Write whole euros as such, others to the cent."""
    if amount is None:
        return ""
    cents = 0 if amount == int(amount) else 2
    return number_format(amount, decimal_pos=cents, use_l10n=True, force_grouping=True)


def _step(step: Milestone, today: date) -> str:
    words = {"step": step.title}
    if step.done_on:
        return _("%(step)s: done on %(day)s") % {**words, "day": _day(step.done_on)}
    if step.due_on is None:
        return step.title
    if step.due_on < today:
        return _("%(step)s: overdue since %(day)s") % {**words, "day": _day(step.due_on)}
    return _("%(step)s: until %(day)s") % {**words, "day": _day(step.due_on)}


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


# --- the timeline ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Year:
    """A year on the axis of the timeline, placed in percent."""

    label: str
    place: str
    is_told: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The axis above the bars, with today."""

    axis: Axis
    years: tuple[Year, ...]
    today: str


def timeline_of(measures: MeasureQuerySet, today: date) -> Timeline:
    """Make one axis for all measures of the list, so that its pages can be compared."""
    days = measures.order_by().aggregate(
        first=Min("starts_on"), last=Max("ends_on"), begun=Max("starts_on"), over=Min("ends_on")
    )
    axis = axis_for(days.values(), today)
    # Of many years only every second is told, the others have their line alone.
    step = 1 if len(axis.years) <= 8 else 2  # noqa: PLR2004 - as many as fit next to each other
    years = tuple(
        Year(str(year), _percent(axis.place(date(year, 1, 1))), (year - axis.first) % step == 0)
        for year in axis.years
    )
    return Timeline(axis, years, _percent(axis.place(today)))


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar in percent, as the template writes it."""

    start: str
    width: str
    end: str
    is_open_start: bool
    is_open_end: bool


def with_bars(
    rows: Sequence[MeasureRow], keys: Sequence[int], axis: Axis, today: date
) -> list[dict[str, Any]]:
    """Add to each row its bar and its milestones, placed on the axis."""
    days = {
        pk: (starts_on, ends_on)
        for pk, starts_on, ends_on in Measure.objects.filter(pk__in=keys).values_list(
            "pk", "starts_on", "ends_on"
        )
    }
    steps = milestones_of(keys)
    drawn = []
    for row in rows:
        starts_on, ends_on = days[row.line.pk]
        found = bar(starts_on, ends_on, axis)
        marks = (
            mark(step.due_on, step.done_on, axis, today) for step in steps.get(row.line.pk, [])
        )
        drawn.append(
            {
                "row": row,
                "bar": found
                and DrawnBar(
                    _percent(found.start),
                    _percent(max(found.width, 0.4)),
                    _percent(found.start + found.width),
                    found.is_open_start,
                    found.is_open_end,
                ),
                "marks": [(_percent(one.place), one.state) for one in marks if one],
            }
        )
    return drawn


def _percent(share: float) -> str:
    # With a point in every language: the picture's language knows no comma.
    return f"{share:.2f}%"


# --- the tabs ----------------------------------------------------------------------------------


def saved_views(plan: Plan, user: User) -> list[SavedView]:
    """Give the views of the plan that the user sees, the own ones first."""
    views = SavedView.objects.visible_to(user).filter(plan=plan)
    return sorted(views, key=lambda view: (view.owner_id != user.pk, view.name.lower(), view.pk))
