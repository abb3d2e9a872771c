"""The timeline of a plan: each measure as a bar over the years, its milestones on it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Max, Min
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zusammenplan.core.templatetags.zp import status_sign
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.models import Measure, MeasureQuerySet, Milestone, Plan
from zusammenplan.website.queries.words import Hrefs, day, in_language, period_of, progress, sign_of

ROWS_A_PAGE = 100
WIDTH = 1000
YEARS_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Axis:
    """The years that the picture shows, and where a day lies among them."""

    first: int
    last: int

    def place(self, on: date) -> float:
        """Give a day's place from 0 to the width; what lies outside stands at the edge."""
        start, end = date(self.first, 1, 1).toordinal(), date(self.last + 1, 1, 1).toordinal()
        return WIDTH * min(max((on.toordinal() - start) / (end - start), 0), 1)

    @property
    def years(self) -> list["Year"]:
        every = -(-(self.last - self.first + 1) // YEARS_AT_MOST)
        return [
            Year(str(year), f"{self.place(date(year, 1, 1)):.0f}", (year - self.first) % every == 0)
            for year in range(self.first, self.last + 1)
        ]

    @property
    def grid(self) -> str:
        """Give the lines between the years as one path."""
        return "".join(f"M{year.x} 0v24" for year in self.years[1:])


class Year(NamedTuple):
    name: str
    x: str
    is_named: bool


class Bar(NamedTuple):
    """Where the bar of a measure lies; an end that is open runs to the edge."""

    x: str
    width: str
    tone: str


class TimeRow(NamedTuple):
    """A tuple, because a template unpacks it several times faster than it looks up attributes."""

    href: SafeString
    number: str
    title: str
    period: str
    status: SafeString
    bar: Bar | None
    done: str
    due: str
    progress: SafeString
    coming: str


@dataclass(frozen=True, slots=True)
class TimeField:
    code: str
    name: str
    rows: list[TimeRow]


@dataclass(frozen=True, slots=True)
class Timeline:
    axis: Axis
    fields: list[TimeField]
    part: Page[int]
    today: str


def timeline_page(
    plan: Plan, measures: MeasureQuerySet, number: str | None, *, today: date
) -> Timeline:
    """Gather one page of the timeline; the years are the same on each of them."""
    axis = _axis(plan, today)
    part = Paginator(measures.in_order().values_list("pk", flat=True), ROWS_A_PAGE).get_page(number)
    fields: dict[int | None, TimeField] = {}
    for field, code, name, row in _rows(plan, list(part), axis):
        if field not in fields:
            fields[field] = TimeField(code, name or _("Without a field of action"), [])
        fields[field].rows.append(row)
    shows_today = axis.first <= today.year <= axis.last
    return Timeline(
        axis=axis,
        fields=list(fields.values()),
        part=part,
        today=f"{axis.place(today):.0f}" if shows_today else "",
    )


def _axis(plan: Plan, today: date) -> Axis:
    ends = plan.measures.aggregate(
        first=Min("starts_on"), last=Max("ends_on"), last_start=Max("starts_on")
    )
    days = [
        one
        for one in (plan.starts_on, plan.ends_on, *ends.values())
        if one is not None and 1900 < one.year < 2200  # noqa: PLR2004 - a slip of the pen may not stretch the picture
    ]
    years = [one.year for one in days] or [today.year]
    first, last = min(years), max(years)
    if plan.starts_on:
        # A measure may run for decades already; the picture is about the plan.
        first = max(first, plan.starts_on.year - 5)
    if plan.ends_on:
        last = min(last, plan.ends_on.year + 5)
    return Axis(first, max(first, last))


def _rows(plan: Plan, pks: Sequence[int], axis: Axis) -> list[tuple[int | None, str, str, TimeRow]]:
    hrefs = Hrefs(plan)
    milestones = _milestones(pks)
    labels = {value: str(label) for value, label in MeasureStatus.choices}
    signs = {value: status_sign(sign_of(value), label) for value, label in labels.items()}
    rows = {}
    measures: Iterable[tuple[Any, ...]] = Measure.objects.filter(pk__in=pks).values_list(
        "pk",
        "field_id",
        "field__code",
        "field__name_de",
        "field__name_en",
        "number",
        "title_de",
        "title_en",
        "status",
        "period_text",
        "starts_on",
        "ends_on",
    )
    for pk, field, code, name, name_en, number, *rest in measures:
        title, title_en, status, written, starts_on, ends_on = rest
        own = milestones.get(pk, [])
        rows[pk] = (
            field,
            code or "",
            in_language(name, name_en) or "",
            TimeRow(
                href=hrefs.of(pk),
                number=number,
                title=in_language(title, title_en),
                period=period_of(written, starts_on, ends_on) or _("no period"),
                status=signs[status],
                bar=_bar(axis, status, starts_on, ends_on),
                done=_dots(axis, [done for _due, done, *_title in own if done]),
                due=_dots(axis, [due for due, done, *_title in own if due and not done]),
                progress=progress(sum(done is not None for _due, done, *_t in own), len(own)),
                coming=_coming(own),
            ),
        )
    return [rows[pk] for pk in pks if pk in rows]


MilestoneDays = tuple[date | None, date | None, str, str]


def _milestones(pks: Iterable[int]) -> dict[int, list[MilestoneDays]]:
    found: defaultdict[int, list[MilestoneDays]] = defaultdict(list)
    rows = Milestone.objects.filter(measure__in=pks).order_by("position", "pk")
    columns = ("measure_id", "due_on", "done_on", "title_de", "title_en")
    for pk, due, done, german, english in rows.values_list(*columns):
        found[pk].append((due, done, german, english))
    return found


def _coming(milestones: Sequence[MilestoneDays]) -> str:
    """Name the milestone that comes next."""
    waiting = [(due, de, en) for due, done, de, en in milestones if due and not done]
    if not waiting:
        return ""
    due, german, english = min(waiting)
    return _("%(milestone)s, %(day)s") % {
        "milestone": in_language(german, english),
        "day": day(due),
    }


TONES = {
    MeasureStatus.RUNNING: "running",
    MeasureStatus.PARTLY_DONE: "running",
    MeasureStatus.DONE: "done",
    MeasureStatus.NOT_DONE: "off",
    MeasureStatus.DROPPED: "off",
}


def _bar(axis: Axis, status: str, starts_on: date | None, ends_on: date | None) -> Bar | None:
    if starts_on is None and ends_on is None:
        return None
    left = axis.place(starts_on) if starts_on else 0.0
    right = axis.place(ends_on) if ends_on else float(WIDTH)
    width = max(right - left, 6)
    left = min(left, WIDTH - width)
    tone = TONES.get(MeasureStatus(status), "planned")
    return Bar(f"{left:.0f}", f"{width:.0f}", tone)


def _dots(axis: Axis, days: Iterable[date]) -> str:
    """Draw the milestones on these days as dots: round ends of lines that have no length."""
    return "".join(f"M{axis.place(on):.0f} 12h.01" for on in days)
