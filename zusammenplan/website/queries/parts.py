"""What belongs to a measure, a goal or a need, each as one line of a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from zusammenplan.core.charts.drawing import Table
from zusammenplan.core.charts.line import LineChart
from zusammenplan.core.german import german_alone, like, within
from zusammenplan.core.models import Attachment
from zusammenplan.core.money import amount_text
from zusammenplan.core.numbers import decimal_text
from zusammenplan.plans.choices import (
    EvaluationStatus,
    IndicatorKind,
    RatingState,
    RelationKind,
)
from zusammenplan.plans.domain.attainment import Said, from_record
from zusammenplan.plans.models import (
    Cost,
    Goal,
    IndicatorValue,
    Measure,
    MeasureIndicator,
    MeasureRelation,
    Milestone,
    Need,
    NeedEvidence,
    NeedQuerySet,
    Plan,
    Rating,
)
from zusammenplan.plans.queries.actual_values import values_of
from zusammenplan.plans.queries.attainment_words import said_text
from zusammenplan.plans.queries.indicator_values import (
    told_values,
    value_chart,
    value_rows,
    value_table,
)
from zusammenplan.plans.queries.measure_page import tie_text
from zusammenplan.website.queries.words import (
    day,
    file_kind,
    file_size,
    month,
)


@dataclass(frozen=True, slots=True)
class Named:
    """Something that is named, with the way to it and a note."""

    text: str
    url: str = ""
    note: str = ""
    over: str = ""


# --- needs and goals ---------------------------------------------------------------------


def needs_with_evidence(needs: NeedQuerySet) -> list[Need]:
    evidence = NeedEvidence.objects.order_by("position", "pk")
    return list(needs.in_order().prefetch_related(Prefetch("evidence", evidence)))


def need_name(need: Need, plan: Plan) -> Named:
    return Named(
        need.title,
        reverse("website:plan-need", args=[plan.slug, need.pk]),
        note=_("strength: %(strength)s") % {"strength": need.get_strength_display()},
        over=need.number,
    )


def goal_name(goal: Goal, plan: Plan) -> Named:
    return Named(
        goal.title, reverse("website:plan-goal", args=[plan.slug, goal.pk]), over=goal_over(goal)
    )


def goal_over(goal: Goal) -> str:
    """Name the level and the number of a goal, as they stand above its title."""
    level = goal.level.name if goal.level else _("Goal")
    return like(level, f"{level} {goal.number}".strip())


# --- milestones --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    title: str
    sign: str
    state: str
    when: str
    note: str


def milestone_line(one: Milestone) -> MilestoneLine:
    moved = one.first_due_on and one.due_on and one.first_due_on != one.due_on
    note = _("first planned for %(month)s") % {"month": month(one.first_due_on)} if moved else ""  # type: ignore[arg-type] # moved says that there is one
    if moved and one.moved_reason:
        reason = german_alone(one.moved_reason, get_language() or "de")
        note = within("%(moved)s: %(reason)s", moved=note, reason=reason)
    if one.done_on:
        return MilestoneLine(one.title, "done", _("reached"), month(one.done_on), note)
    when = _("planned: %(month)s") % {"month": month(one.due_on)} if one.due_on else ""
    return MilestoneLine(one.title, "planned", _("open"), when, note)


# --- indicators --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IndicatorChart:
    """A numeric indicator as picture and as table."""

    key: str
    title: str
    unit: str
    chart: LineChart | None
    told: str
    source: str
    table: Table
    files: list[Named]
    # Where the values of the data stand that it is tied to.
    data: Named | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """An indicator in words."""

    title: str
    sign: str
    state: str
    when: str
    evidence: str
    files: list[Named]


def indicators_of(
    measure: Measure, files: Sequence[Attachment]
) -> tuple[list[IndicatorChart], list[Statement]]:
    """Give the numeric indicators as charts and those in words as lines."""
    values = IndicatorValue.objects.order_by("on")
    indicators = list(
        measure.indicators.order_by("position", "pk")
        .select_related("tied_indicator", "tied_area")
        .prefetch_related(Prefetch("values", values))
    )
    actual = values_of(indicators)
    charts, statements = [], []
    for one in indicators:
        own = [
            file_name(file, measure)
            for file in files
            if file.content_type.model == "measureindicator" and file.object_id == one.pk
        ]
        if one.kind == IndicatorKind.NUMERIC:
            charts.append(indicator_chart(one, actual[one.pk], own))
        else:
            statements.append(_statement(one, own))
    return charts, statements


def indicator_chart(
    one: MeasureIndicator, values: Sequence[IndicatorValue], files: list[Named]
) -> IndicatorChart:
    """Draw a numeric indicator, and write the same values as a table."""
    return IndicatorChart(
        key=f"indikator-{one.pk}",
        title=one.text,
        unit=one.unit_said,
        chart=value_chart(one, values),
        told=told_values(one, values),
        source=one.source,
        table=value_table(one, list(value_rows(one, values))),
        files=files,
        data=Named(tie_text(one), reverse("website:data-indicator", args=[one.tied_indicator.code]))
        if one.tied_indicator
        else None,
    )


def _statement(one: MeasureIndicator, files: list[Named]) -> Statement:
    if one.reached_on:
        state = _("reached")
        when = _("reached: %(month)s") % {"month": month(one.reached_on)}
    else:
        state = _("open")
        when = _("until %(year)s") % {"year": one.target_on.year} if one.target_on else ""
    sign = "done" if one.reached_on else "planned"
    return Statement(one.text, sign, state, when, one.evidence, files)


# --- money -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CostYear:
    """What a measure costs in a year, and from where it comes."""

    head: str
    total: str
    lines: list[str]


def cost_years(costs: Iterable[Cost]) -> list[CostYear]:
    """Add up the costs by year; one that has no year stands last."""
    years_: dict[int | None, list[Cost]] = {}
    for one in costs:
        years_.setdefault(one.year, []).append(one)
    ordered = sorted(years_.items(), key=lambda item: (item[0] is None, item[0] or 0))
    return [_cost_year(year, lines) for year, lines in ordered]


def _cost_year(year: int | None, costs: Sequence[Cost]) -> CostYear:
    total = sum((one.amount for one in costs), Decimal(0))
    named = [one for one in costs if one.source or one.note]
    return CostYear(
        head=_("Costs in %(year)s") % {"year": year} if year else _("Costs"),
        total=amount_text(total),
        lines=[_cost_line(one, total, alone=len(costs) == 1) for one in named],
    )


def _cost_line(one: Cost, total: Decimal, *, alone: bool) -> str:
    note = f", {one.note}" if one.source and one.note else one.note
    if alone:
        return f"{one.source}{note}"
    share = (one.amount / total * 100).quantize(Decimal(1), ROUND_HALF_UP) if total else Decimal(0)
    return _("%(source)s: %(amount)s (%(share)s%%)") % {
        "source": f"{one.source}{note}",
        "amount": amount_text(one.amount),
        "share": share,
    }


# --- relations ---------------------------------------------------------------------------


def relations_of(measure: Measure) -> list[Named]:
    """Name the measures that this one has to do with, as far as their plans are published."""
    related = MeasureRelation.objects.filter(
        Q(measure=measure, other__plan__is_public=True)
        | Q(other=measure, measure__plan__is_public=True)
    ).select_related("measure__plan", "other__plan")
    from_the_other_side = {
        RelationKind.CONTINUES: _("is continued by"),
        RelationKind.REPLACES: _("is replaced by"),
        RelationKind.BELONGS: _("belongs together with"),
        RelationKind.BLOCKS: _("is blocked by"),
    }
    found = []
    for one in related.order_by("kind", "pk"):
        is_own = one.measure_id == measure.pk
        over = (
            str(one.get_kind_display()) if is_own else from_the_other_side[RelationKind(one.kind)]
        )
        other = one.other if is_own else one.measure
        found.append(_measure_name(other, measure.plan, over, one.note))
    known = {one.url for one in found}
    others = Measure.objects.filter(identity=measure.identity, plan__is_public=True)
    in_time = others.order_by(F("plan__starts_on").asc(nulls_last=True), "pk")
    for other in in_time.exclude(pk=measure.pk).select_related("plan"):
        name = _measure_name(other, measure.plan, _("the same measure in another plan"))
        if name.url not in known:
            found.append(name)
    return found


def _measure_name(other: Measure, plan: Plan, over: str, note: str = "") -> Named:
    where = "" if other.plan_id == plan.pk else other.plan.title
    note = german_alone(note, get_language() or "de")
    if where and note:
        note = within("%(where)s, %(note)s", where=where, note=note)
    return Named(
        like(other.title, f"{other.number} {other.title}"),
        reverse("website:measure", args=[other.plan.slug, other.pk]),
        note=note or where,
        over=over,
    )


# --- files -------------------------------------------------------------------------------


def measure_files(measure: Measure) -> list[Attachment]:
    """Give the files of a measure and of its indicators that everybody may have."""
    indicators = measure.indicators.values("pk")
    return list(
        Attachment.objects.filter(is_public=True, removed_at__isnull=True)
        .filter(
            Q(content_type__model="measure", object_id=measure.pk)
            | Q(content_type__model="measureindicator", object_id__in=indicators),
            content_type__app_label="plans",
        )
        .select_related("content_type")
        .order_by("added_at", "pk")
    )


def file_name(one: Attachment, measure: Measure) -> Named:
    parts = (file_kind(one.kind, one.name), file_size(one.size), month(one.added_at))
    return Named(
        one.description or one.name,
        reverse("website:measure-file", args=[measure.plan.slug, measure.pk, one.pk]),
        note=", ".join(parts),
    )


# --- evaluation --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RatingLine:
    """What a closed evaluation says; who said it, and why, stays inside."""

    text: str
    evaluation: str
    when: str


def ratings_of(ratings: Any) -> list[RatingLine]:
    """Give the ratings of closed evaluations, the newest first."""
    closed = ratings.filter(evaluation__status=EvaluationStatus.CLOSED)
    ordered = closed.select_related("evaluation").order_by("-evaluation__closed_at", "-pk")
    return [_rating_line(one) for one in ordered]


def _rating_line(one: Rating) -> RatingLine:
    closed = one.evaluation.closed_at
    return RatingLine(
        text=_said(one),
        evaluation=one.evaluation.title,
        when=day(closed) if closed else "",
    )


def _said(one: Rating) -> str:
    """Say in the words of the evaluation's scale how far something was attained."""
    scale = from_record(one.evaluation.scale)
    if one.state == RatingState.RATED and one.share is not None and scale.is_percentage:
        return _("attained to %(share)s%%") % {"share": decimal_text(one.share * 100, places=0)}
    share = None if one.share is None else scale.exact(one.share)
    return said_text(Said(one.state, share), scale)
