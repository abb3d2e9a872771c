"""What came of published plans: closed evaluations, frozen versions, changes."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Avg, Count, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from zusammenplan.api import schemas
from zusammenplan.api.queries.plans import resolution
from zusammenplan.api.queries.words import listed, page_url, published_plan, text, text_of
from zusammenplan.plans.choices import EvaluationStatus, RatingState
from zusammenplan.plans.domain.content import from_json, to_json
from zusammenplan.plans.models import Evaluation, Plan, PlanVersion, Rating
from zusammenplan.plans.queries import public


def closed_ratings() -> "Prefetch[Any, Any, Any]":
    """Fetch the ratings of closed evaluations alone, along with goals or measures."""
    closed = Rating.objects.filter(evaluation__status=EvaluationStatus.CLOSED)
    return Prefetch(
        "ratings", closed.select_related("evaluation").order_by("-evaluation__closed_at", "-pk")
    )


def ratings(found: Iterable[Rating]) -> list[schemas.Rating]:
    return [
        schemas.Rating(
            evaluation=one.evaluation.slug,
            state=one.state,
            share=one.share,
        )
        for one in found
    ]


def evaluations(slug: str, page: int, size: int) -> schemas.EvaluationList:
    plan = published_plan(slug)
    found = _closed(plan).order_by("-closed_at", "-pk")
    return listed(
        schemas.EvaluationList,
        found,
        page,
        size,
        lambda shown: [schemas.Evaluation(**_numbers(one)) for one in shown],
    )


def evaluation(slug: str, evaluation: str) -> schemas.EvaluationDetail:
    found = get_object_or_404(_closed(published_plan(slug)), slug=evaluation)
    rows = found.ratings.select_related("measure", "goal").order_by("pk")
    return schemas.EvaluationDetail(
        **_numbers(found),
        scale=dict(found.scale),
        ratings=[_rated(one) for one in rows],
    )


def _closed(plan: Plan) -> "QuerySet[Evaluation]":
    def number(state: RatingState) -> Count:
        return Count("ratings", filter=Q(ratings__state=state))

    return plan.evaluations.filter(status=EvaluationStatus.CLOSED).annotate(
        rated=number(RatingState.RATED),
        not_assessable=number(RatingState.NOT_ASSESSABLE),
        dropped=number(RatingState.DROPPED),
        average=Avg("ratings__share"),
    )


def _numbers(one: Any) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "title": text_of(one, "title"),
        "closed_at": one.closed_at,
        "rated": one.rated,
        "not_assessable": one.not_assessable,
        "dropped": one.dropped,
        "average": None if one.average is None else round(float(one.average), 4),
    }


def _rated(one: Rating) -> schemas.RatedThing:
    thing = one.measure or one.goal
    if thing is None:
        raise ValueError("A rating is of a measure or of a goal.")
    return schemas.RatedThing(
        of="measure" if one.measure else "goal",
        identity=thing.identity,
        number=thing.number or None,
        title=text_of(thing, "title"),
        state=one.state,
        share=one.share,
    )


def versions(slug: str, page: int, size: int) -> schemas.VersionList:
    plan = published_plan(slug)
    found = plan.versions.select_related("resolution").defer("content").order_by("-number")
    return listed(
        schemas.VersionList,
        found,
        page,
        size,
        lambda shown: [schemas.Version(**_version(one, plan)) for one in shown],
    )


def version(slug: str, number: int) -> schemas.VersionDetail:
    """Give a frozen version as it was, but for what is not for everybody."""
    plan = published_plan(slug)
    found = get_object_or_404(plan.versions.select_related("resolution"), number=number)
    content = public.without_inner_things(from_json(found.content))
    return schemas.VersionDetail(**_version(found, plan), content=json.loads(to_json(content)))


def _version(one: PlanVersion, plan: Plan) -> dict[str, Any]:
    return {
        "number": one.number,
        "label": text_of(one, "label"),
        "frozen_at": one.frozen_at,
        "resolution": resolution(one.resolution) if one.resolution else None,
        "url": page_url("website:plan-version", plan.slug, one.number)
        or page_url("website:plan-version-list", plan.slug),
    }


def changes(slug: str, page: int, size: int) -> schemas.ChangeList:
    plan = published_plan(slug)
    found = public.changes(plan, now=timezone.now())
    return listed(
        schemas.ChangeList,
        found,
        page,
        size,
        lambda shown: [_change(one) for one in shown],
    )


def _change(one: public.Change) -> schemas.Change:
    return schemas.Change(
        at=one.at,
        kind=one.kind,
        title=text(one.title_de, one.title_en),
        measure=one.number if one.measure else None,
        old=one.old or None,
        new=one.new or None,
        reason=one.reason or None,
    )
