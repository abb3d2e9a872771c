"""The measures of published plans, with all that belongs to them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from zusammenplan.api import schemas
from zusammenplan.api.queries.evaluations import closed_ratings, ratings
from zusammenplan.api.queries.words import listed, page_stem, published_plan, terms, text_of
from zusammenplan.core.models import Attachment
from zusammenplan.plans.models import (
    Cost,
    IndicatorValue,
    Measure,
    MeasureIndicator,
    MeasureQuerySet,
    MeasureRelation,
    Milestone,
    Plan,
)
from zusammenplan.plans.queries.actual_values import values_of


def measures(slug: str, page: int, size: int) -> schemas.MeasureList:
    plan = published_plan(slug)
    return listed(schemas.MeasureList, _measures(plan), page, size, lambda it: _items(it, plan))


def measure(slug: str, number: str) -> schemas.Measure:
    plan = published_plan(slug)
    return _items([get_object_or_404(_measures(plan), number=number)], plan)[0]


def _measures(plan: Plan) -> MeasureQuerySet:
    """Only what is published goes along: no person to ask, and no way into a plan that is not."""
    indicators = (
        MeasureIndicator.objects.order_by("position", "pk")
        .select_related("tied_indicator", "tied_area")
        .prefetch_related(Prefetch("values", IndicatorValue.objects.order_by("on")))
    )
    relations = MeasureRelation.objects.filter(other__plan__is_public=True)
    return (
        plan.measures.in_order()
        .select_related("field", "responsible")
        .prefetch_related(
            "partners",
            "goals",
            "needs",
            "areas",
            "target_groups",
            "life_situations",
            Prefetch("costs", Cost.objects.order_by("year", "source", "pk")),
            Prefetch("milestones", Milestone.objects.order_by("position", "pk")),
            Prefetch("indicators", indicators),
            Prefetch("relations", relations.select_related("other__plan").order_by("kind", "pk")),
            closed_ratings(),
        )
    )


@dataclass(frozen=True, slots=True)
class _Around:
    """What all measures of an answer share."""

    stem: str
    files: Mapping[tuple[str, int], Sequence[Attachment]]
    values: Mapping[int, Sequence[IndicatorValue]]


def _items(shown: list[Measure], plan: Plan) -> list[schemas.Measure]:
    around = _Around(
        page_stem("website:measure", plan.slug),
        _public_files(shown),
        values_of(it for one in shown for it in one.indicators.all()),
    )
    return [_measure(one, around) for one in shown]


def _public_files(shown: list[Measure]) -> dict[tuple[str, int], list[Attachment]]:
    owners = {
        "measure": [one.pk for one in shown],
        "measureindicator": [it.pk for one in shown for it in one.indicators.all()],
    }
    found: defaultdict[tuple[str, int], list[Attachment]] = defaultdict(list)
    files = Attachment.objects.filter(
        is_public=True, removed_at__isnull=True, content_type__app_label="plans"
    ).select_related("content_type")
    chosen = files.none()
    for model, keys in owners.items():
        chosen |= files.filter(content_type__model=model, object_id__in=keys)
    for one in chosen.order_by("added_at", "pk"):
        found[one.content_type.model, one.object_id].append(one)
    return found


def _measure(one: Measure, around: _Around) -> schemas.Measure:
    url = f"{around.stem}{one.pk}/"
    return schemas.Measure(
        number=one.number,
        identity=one.identity,
        title=text_of(one, "title"),
        text=text_of(one, "text"),
        title_easy=one.title_easy or None,
        text_easy=one.text_easy or None,
        field=one.field.code if one.field else None,
        responsible=one.responsible.name if one.responsible else None,
        partners=sorted(it.name for it in one.partners.all()),
        period=schemas.Period(
            text=one.period_text or None, starts_on=one.starts_on, ends_on=one.ends_on
        ),
        status=one.status,
        status_on=one.status_on,
        status_reason=one.status_reason or None,
        goals=sorted(it.identity for it in one.goals.all()),
        needs=sorted(it.identity for it in one.needs.all()),
        areas=[it.name for it in sorted(one.areas.all(), key=lambda it: (it.position, it.name))],
        target_groups=terms(one.target_groups.all()),
        life_situations=terms(one.life_situations.all()),
        costs=[
            schemas.Cost(
                year=it.year, amount=it.amount, source=it.source or None, note=it.note or None
            )
            for it in one.costs.all()
        ],
        milestones=[
            schemas.Milestone(
                title=text_of(it, "title"),
                due_on=it.due_on,
                first_due_on=it.first_due_on,
                moved_reason=it.moved_reason or None,
                done_on=it.done_on,
            )
            for it in one.milestones.all()
        ],
        indicators=[_indicator(it, url, around) for it in one.indicators.all()],
        relations=[
            schemas.Relation(
                kind=it.kind,
                identity=it.other.identity,
                plan=it.other.plan.slug,
                number=it.other.number,
                title=text_of(it.other, "title"),
                note=it.note or None,
            )
            for it in one.relations.all()
        ],
        files=_files(around.files.get(("measure", one.pk), []), url),
        ratings=ratings(one.ratings.all()),
        source=one.source or None,
        is_additional=one.is_additional,
        priority=None
        if one.priority_degree is None
        else schemas.Priority(
            degree=float(one.priority_degree),
            round=one.priority_round,
            round_en=one.priority_round_en or None,
            set_on=one.priority_on,
        ),
        url=url,
    )


def _indicator(one: MeasureIndicator, url: str, around: _Around) -> schemas.Indicator:
    return schemas.Indicator(
        kind=one.kind,
        text=text_of(one, "text"),
        unit=one.unit or None,
        unit_en=one.unit_en or None,
        baseline=one.baseline,
        baseline_on=one.baseline_on,
        target=one.target,
        target_on=one.target_on,
        reached_on=one.reached_on,
        evidence=one.evidence or None,
        source=one.source or None,
        values=[
            schemas.IndicatorValue(on=it.on, value=it.value, note=it.note or None)
            for it in around.values[one.pk]
        ],
        tie=schemas.Tie(indicator=one.tied_indicator.code, area=one.tied_area.name)
        if one.tied_indicator and one.tied_area
        else None,
        files=_files(around.files.get(("measureindicator", one.pk), []), url),
    )


def _files(found: Sequence[Attachment], url: str) -> list[schemas.File]:
    return [
        schemas.File(
            name=one.name,
            description=one.description or None,
            kind=one.kind,
            size=one.size,
            checksum=one.checksum,
            url=f"{url}datei/{one.pk}/",
        )
        for one in found
    ]
