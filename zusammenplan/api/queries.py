"""What the interface answers, read from published plans and released results alone."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import override

from zusammenplan.api import schemas
from zusammenplan.ballots.models import Round
from zusammenplan.ballots.queries import (
    GroupInfo,
    ItemStanding,
    RoundResult,
    group_infos,
    result_of,
    rule_words,
    sentence,
)
from zusammenplan.plans.models import FieldOfAction, Measure, MeasureQuerySet, Plan


def plans(page: int, size: int) -> schemas.PlanList:
    found = Plan.objects.published().order_by("-starts_on", "-pk")
    part = Paginator(found, size).get_page(page)
    shown = [plan.pk for plan in part]
    fields = _counts(FieldOfAction.objects.filter(plan__in=shown))
    measures = _counts(Measure.objects.filter(plan__in=shown))
    return schemas.PlanList(
        count=part.paginator.count,
        page=part.number,
        pages=part.paginator.num_pages,
        items=[_plan(plan, fields.get(plan.pk, 0), measures.get(plan.pk, 0)) for plan in part],
    )


def plan(slug: str) -> schemas.Plan:
    found = published_plan(slug)
    return _plan(found, found.fields.count(), found.measures.count())


def published_plan(slug: str) -> Plan:
    return get_object_or_404(Plan.objects.published(), slug=slug)


def fields(slug: str, page: int, size: int) -> schemas.FieldOfActionList:
    plan_ = published_plan(slug)
    part = Paginator(plan_.fields.order_by("position", "pk"), size).get_page(page)
    sizes = _counts(plan_.measures.all(), "field")
    return schemas.FieldOfActionList(
        count=part.paginator.count,
        page=part.number,
        pages=part.paginator.num_pages,
        items=[
            schemas.FieldOfAction(
                code=one.code,
                name=_text(one.name_de, one.name_en),
                text=_text(one.text_de, one.text_en),
                measures=sizes.get(one.pk, 0),
            )
            for one in part
        ],
    )


def measures(slug: str, page: int, size: int) -> schemas.MeasureList:
    plan_ = published_plan(slug)
    part = Paginator(_measures(plan_), size).get_page(page)
    return schemas.MeasureList(
        count=part.paginator.count,
        page=part.number,
        pages=part.paginator.num_pages,
        items=[_measure(one, plan_) for one in part],
    )


def measure(slug: str, number: str) -> schemas.Measure:
    plan_ = published_plan(slug)
    return _measure(get_object_or_404(_measures(plan_), number=number), plan_)


def results(page: int, size: int) -> schemas.ResultList:
    part = Paginator(_released().order_by("-released_at"), size).get_page(page)
    sizes = dict(
        Round.objects.filter(pk__in=[one.pk for one in part])
        .annotate(size=Count("items"))
        .values_list("pk", "size")
    )
    return schemas.ResultList(
        count=part.paginator.count,
        page=part.number,
        pages=part.paginator.num_pages,
        items=[schemas.Result(**_result(one, sizes[one.pk])) for one in part],
    )


def result(slug: str) -> schemas.ResultDetail:
    """Give a released result with all marks; its words in both languages."""
    round_ = get_object_or_404(_released(), slug=slug)
    with override("de"):
        german = result_of(round_)
        words_de = rule_words(german.rule)
    with override("en"):
        groups_en = group_infos(round_)
        words_en = rule_words(german.rule)
        told = [sentence(one.result, german.rule, groups_en) for one in german.items]
    scale = german.rule.scale
    return schemas.ResultDetail(
        **_result(round_, len(german.items)),
        scale=schemas.Scale(first=scale.most_urgent, last=scale.least_urgent),
        rule=schemas.Rule(
            pooling=german.rule.pooling,
            half_step=german.rule.half_step,
            words=_text(words_de, words_en),
        ),
        groups=[_group(one, en) for one, en in zip(german.groups, groups_en, strict=True)],
        standings=[
            _standing(one, english, german) for one, english in zip(german.items, told, strict=True)
        ],
    )


def _plan(one: Plan, fields_: int, measures_: int) -> schemas.Plan:
    return schemas.Plan(
        slug=one.slug,
        title=_text(one.title_de, one.title_en),
        summary=_text(one.summary_de, one.summary_en),
        status=one.status,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        fields=fields_,
        measures=measures_,
        url=_page("website:plan", one.slug),
    )


def _measures(plan_: Plan) -> MeasureQuerySet:
    return Measure.objects.filter(plan=plan_).in_order().select_related("field", "responsible")


def _measure(one: Measure, plan_: Plan) -> schemas.Measure:
    return schemas.Measure(
        number=one.number,
        identity=one.identity,
        title=_text(one.title_de, one.title_en),
        text=_text(one.text_de, one.text_en),
        field=one.field.code if one.field else None,
        responsible=one.responsible.name if one.responsible else None,
        period=schemas.Period(
            text=one.period_text or None, starts_on=one.starts_on, ends_on=one.ends_on
        ),
        status=one.status,
        source=one.source or None,
        is_additional=one.is_additional,
        priority=None
        if one.priority_degree is None
        else schemas.Priority(
            degree=float(one.priority_degree),
            round=one.priority_round,
            set_on=one.priority_on,
        ),
        url=_page("website:measure", plan_.slug, one.pk),
    )


def _released() -> QuerySet[Round]:
    released = Round.objects.public().filter(released_at__isnull=False)
    return released.select_related("plan", "corrects")


def _result(one: Round, size: int) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "title": _text(one.title_de, one.title_en),
        "plan": one.plan.slug,
        "stage": one.stage,
        "is_secret": one.is_secret,
        "released_at": one.released_at,
        "corrects": one.corrects.slug if one.corrects else None,
        "measures": size,
        "url": _page("website:result", one.slug),
    }


def _group(one: GroupInfo, english: GroupInfo) -> schemas.Group:
    return schemas.Group(
        name=_text(one.name, english.name if english.name != one.name else ""),
        mark=one.mark,
        way=one.way,
        voters=one.voters,
        voted=one.voted,
        closed_at=one.closed_at,
    )


def _standing(one: ItemStanding, english: str, whole: RoundResult) -> schemas.Standing:
    groups = {group.key: group for group in whole.groups}
    return schemas.Standing(
        number=one.item.number,
        title=_text(one.item.title_de, one.item.title_en),
        is_additional=one.item.is_additional,
        degree=_number(one.result.degree),
        rank=one.result.rank,
        shares_rank_with=one.result.shares_rank_with,
        agreement=None if one.result.agreement is None else round(one.result.agreement, 4),
        difference=_number(one.result.difference),
        sentence=_text(one.sentence, english),
        groups=[
            schemas.GroupMarks(
                group=groups[told.key].name,
                marks={str(grade): count for grade, count in told.tally.items()}
                if groups[told.key].counts_marks
                else None,
                majority=told.majority,
                median=_number(told.median),
                value=_number(told.value),
            )
            for told in one.result.groups
        ],
    )


def _text(german: str, english: str) -> schemas.Text:
    return schemas.Text(de=german, en=english or None)


def _number(value: Decimal | Fraction | None) -> float | None:
    return None if value is None else float(value)


def _counts(found: QuerySet[Any], by: str = "plan") -> dict[int, int]:
    return dict(found.order_by().values_list(by).annotate(Count("pk")))


def _page(name: str, *args: object) -> str:
    with override("de"):
        return f"{settings.SITE_URL}{reverse(name, args=args)}"
