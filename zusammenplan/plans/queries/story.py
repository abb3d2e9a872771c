"""Ten years of one measure as one story: through all plans and frozen versions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.urls import reverse
from django.utils.formats import date_format, localize
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext as _

from zusammenplan.core.money import number_text
from zusammenplan.plans.choices import EvaluationStatus, MeasureStatus
from zusammenplan.plans.domain.comparison import Kind, differing_fields
from zusammenplan.plans.domain.content import from_json
from zusammenplan.plans.models import (
    IndicatorValue,
    Measure,
    MeasureIndicator,
    Milestone,
    PlanVersion,
    Rating,
)
from zusammenplan.plans.queries.actual_values import tied_values
from zusammenplan.plans.queries.comparison import Difference, Speaker, rating_text
from zusammenplan.plans.queries.plans import period_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from zusammenplan.plans.domain.content import MeasureContent, PlanContent


# Priority, status and values of indicators have events of their own, with their days.
TOLD_ELSEWHERE = {"priority", "status_on", "status_reason"}


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """Something that happened to the measure on a day."""

    on: date
    when: str
    what: str
    text: str = ""
    url: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryYear:
    """What happened in a year, in order."""

    year: int
    events: tuple[StoryEvent, ...]


@dataclass(frozen=True, slots=True)
class StoryPlan:
    """The measure as it stands in one plan."""

    title: str
    url: str
    number: str
    name: str
    period: str
    status: str
    status_label: str
    degree: Any
    first: int
    last: int
    rating: str


@dataclass(frozen=True, slots=True)
class Story:
    """The measure in all plans, and year by year what happened."""

    plans: tuple[StoryPlan, ...]
    years: tuple[StoryYear, ...]


def story_of(measure: Measure) -> Story:
    """Gather what is known of the measure's identity; the number of queries never grows."""
    measures = list(
        Measure.objects.filter(identity=measure.identity)
        .select_related("plan", "field", "responsible")
        .order_by(F("plan__starts_on").asc(nulls_last=True), "plan_id")
    )
    ratings = list(
        Rating.objects.filter(measure__in=measures, evaluation__status=EvaluationStatus.CLOSED)
        .select_related("evaluation", "measure")
        .order_by("evaluation__closed_at", "pk")
    )
    events = [
        *_beginnings(measures),
        *_status_changes(measures),
        *_versions(measures, str(measure.identity)),
        *_ratings(ratings),
        *_priorities(measures),
        *_milestones(measures),
        *_values(measures),
    ]
    by_year: defaultdict[int, list[StoryEvent]] = defaultdict(list)
    for event in sorted(events, key=lambda one: one.on):
        by_year[event.on.year].append(event)
    return Story(
        plans=tuple(_plan(one, ratings) for one in measures),
        years=tuple(StoryYear(year, tuple(found)) for year, found in by_year.items()),
    )


def _plan(measure: Measure, ratings: Sequence[Rating]) -> StoryPlan:
    theirs = [rating_text(one.state, one.share) for one in ratings if one.measure_id == measure.pk]
    return StoryPlan(
        title=measure.plan.title,
        url=reverse("plans:measure-detail", args=[measure.plan.slug, measure.pk]),
        number=measure.number,
        name=measure.title,
        period=period_label(measure.period_text, measure.starts_on, measure.ends_on),
        status=measure.status,
        status_label=measure.get_status_display(),
        degree=measure.priority_degree,
        first=measure.priority_first,
        last=measure.priority_last,
        rating=theirs[-1] if theirs else "",
    )


def _event(on: date, what: str, text: str = "", **more: Any) -> StoryEvent:
    return StoryEvent(on, date_format(on, "DATE_FORMAT"), what, text, **more)


def _beginnings(measures: Sequence[Measure]) -> Iterator[StoryEvent]:
    for measure in measures:
        if measure.plan.starts_on is None:
            continue
        words = {"number": measure.number, "plan": measure.plan.title}
        parts = [
            measure.title,
            period_label(measure.period_text, measure.starts_on, measure.ends_on),
            measure.responsible.name if measure.responsible else "",
        ]
        yield _event(
            measure.plan.starts_on,
            _("“%(plan)s” begins; the measure is number %(number)s") % words,
            ", ".join(part for part in parts if part),
            url=reverse("plans:measure-detail", args=[measure.plan.slug, measure.pk]),
        )


def _status_changes(measures: Sequence[Measure]) -> Iterator[StoryEvent]:
    titles = {one.pk: one.plan.title for one in measures}
    rows: defaultdict[int, list[Any]] = defaultdict(list)
    history = Measure.history.filter(id__in=titles).order_by("history_id")
    for row in history.only("id", "status", "status_reason", "status_on", "history_date"):
        rows[row.id].append(row)
    labels = dict(MeasureStatus.choices)
    for pk, found in rows.items():
        for before, row in pairwise(found):
            if before.status == row.status:
                continue
            yield _event(
                row.status_on or localtime(row.history_date).date(),
                _("Status in “%(plan)s”: %(status)s")
                % {"plan": titles[pk], "status": labels.get(row.status, row.status)},
                row.status_reason,
            )


def _versions(measures: Sequence[Measure], identity: str) -> Iterator[StoryEvent]:
    plans = [one.plan_id for one in measures]
    versions = PlanVersion.objects.filter(plan__in=plans, content__contains=identity)
    before: tuple[PlanContent, MeasureContent] | None = None
    for version in versions.select_related("plan").order_by("frozen_at", "pk"):
        content = from_json(version.content)
        found = next((one for one in content.measures if one.identity == identity), None)
        if found is None:
            continue
        on = localtime(version.frozen_at).date()
        what = _("Frozen in “%(plan)s”, version %(number)s: %(label)s") % {
            "plan": version.plan.title,
            "number": version.number,
            "label": version.label,
        }
        if before is None:
            status = dict(MeasureStatus.choices).get(found.status, found.status)
            yield _event(
                on, what, f"{found.number} {found.title.say(get_language() or 'de')}, {status}"
            )
        else:
            changes = [
                one for one in differing_fields(before[1], found) if one.name not in TOLD_ELSEWHERE
            ]
            told = Speaker(before[0], content).differences(Kind.MEASURE, changes)
            yield _event(on, what, "" if told else _("unchanged"), differences=told)
        before = (content, found)


def _ratings(ratings: Sequence[Rating]) -> Iterator[StoryEvent]:
    for rating in ratings:
        if rating.evaluation.closed_at is None:
            continue
        yield _event(
            localtime(rating.evaluation.closed_at).date(),
            _("Rated in “%(evaluation)s”: %(rating)s")
            % {
                "evaluation": rating.evaluation.title,
                "rating": rating_text(rating.state, rating.share),
            },
            rating.reason,
        )


def _priorities(measures: Sequence[Measure]) -> Iterator[StoryEvent]:
    for measure in measures:
        if measure.priority_degree is None or measure.priority_on is None:
            continue
        yield _event(
            measure.priority_on,
            _("Priority %(degree)s") % {"degree": localize(measure.priority_degree.normalize())},
            measure.priority_round_said,
        )


def _milestones(measures: Sequence[Measure]) -> Iterator[StoryEvent]:
    done = Milestone.objects.filter(measure__in=measures, done_on__isnull=False)
    for one in done.order_by("done_on", "pk"):
        if one.done_on is not None:
            yield _event(one.done_on, _("Milestone reached"), one.title)


def _values(measures: Sequence[Measure]) -> Iterator[StoryEvent]:
    typed = IndicatorValue.objects.filter(indicator__measure__in=measures)
    typed = typed.select_related("indicator").order_by("on", "pk")
    for one in [*typed, *_values_of_data(measures)]:
        yield _event(
            one.on,
            f"{one.indicator.text}: {number_text(one.value)} {one.indicator.unit_said}".strip(),
            one.note,
        )


def _values_of_data(measures: Sequence[Measure]) -> Iterator[IndicatorValue]:
    """Give those of tied indicators since the first plan, and the one from which it set out."""
    tied = MeasureIndicator.objects.filter(measure__in=measures, tied_indicator__isnull=False)
    begin = min((one.plan.starts_on for one in measures if one.plan.starts_on), default=None)
    told = set()
    for values in tied_values(tied.order_by("pk")).values():
        before = [one for one in values if begin and one.on < begin]
        for one in [*before[-1:], *values[len(before) :]]:
            # The same years stand in every plan that the measure is in.
            about = one.indicator.tied_indicator_id, one.indicator.tied_area_id, one.on
            if about not in told:
                told.add(about)
                yield one
