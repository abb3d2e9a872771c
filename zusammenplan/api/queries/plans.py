"""Published plans and their fields of action."""

from django.db.models import F, Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from zusammenplan.api import schemas
from zusammenplan.api.queries.words import (
    counts,
    listed,
    page_stem,
    page_url,
    published_plan,
    text_of,
)
from zusammenplan.plans.models import (
    FieldOfAction,
    Goal,
    GoalLevel,
    Measure,
    Need,
    Plan,
    PlanVersion,
    Resolution,
)


def plans(page: int, size: int) -> schemas.PlanList:
    found = _plans().order_by(F("starts_on").desc(nulls_last=True), "-pk")
    return listed(schemas.PlanList, found, page, size, _items)


def plan(slug: str) -> schemas.Plan:
    return _items([get_object_or_404(_plans(), slug=slug)])[0]


def _plans() -> QuerySet[Plan]:
    return (
        Plan.objects.published()
        .select_related("predecessor")
        .prefetch_related(
            Prefetch("levels", GoalLevel.objects.order_by("depth")),
            Prefetch("resolutions", Resolution.objects.order_by("decided_on", "pk")),
        )
    )


def _items(shown: list[Plan]) -> list[schemas.Plan]:
    models = {
        "fields": FieldOfAction,
        "needs": Need,
        "goals": Goal,
        "measures": Measure,
        "versions": PlanVersion,
    }
    sizes = {
        name: counts(model._default_manager.filter(plan__in=shown))
        for name, model in models.items()
    }
    return [
        schemas.Plan(
            slug=one.slug,
            title=text_of(one, "title"),
            summary=text_of(one, "summary"),
            status=one.status,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            predecessor=one.predecessor.slug
            if one.predecessor and one.predecessor.is_public
            else None,
            levels=[
                schemas.Level(
                    depth=level.depth, name=text_of(level, "name"), is_action=level.is_action
                )
                for level in one.levels.all()
            ],
            resolutions=[resolution(decided) for decided in one.resolutions.all()],
            url=page_url("website:plan", one.slug),
            **{name: found.get(one.pk, 0) for name, found in sizes.items()},
        )
        for one in shown
    ]


def resolution(one: Resolution) -> schemas.Resolution:
    return schemas.Resolution(
        number=one.number or None,
        body=one.body,
        decided_on=one.decided_on,
        is_adoption=one.is_adoption,
        note=one.note or None,
    )


def fields(slug: str, page: int, size: int) -> schemas.FieldOfActionList:
    plan_ = published_plan(slug)
    stem = page_stem("website:plan-field", slug)
    sizes = counts(plan_.measures.all(), "field")

    def items(shown: list[FieldOfAction]) -> list[schemas.FieldOfAction]:
        return [
            schemas.FieldOfAction(
                code=one.code,
                name=text_of(one, "name"),
                text=text_of(one, "text"),
                measures=sizes.get(one.pk, 0),
                url=f"{stem}{one.pk}/",
            )
            for one in shown
        ]

    found = plan_.fields.order_by("position", "pk")
    return listed(schemas.FieldOfActionList, found, page, size, items)
