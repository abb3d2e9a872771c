"""Released results of prioritisation, with all marks."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import override

from zusammenplan.api import schemas
from zusammenplan.api.queries.words import counts, listed, page_url, text
from zusammenplan.ballots.models import Item, Round
from zusammenplan.ballots.queries import (
    GroupInfo,
    ItemStanding,
    RoundResult,
    group_infos,
    result_of,
    rule_words,
    sentence,
)


def results(page: int, size: int) -> schemas.ResultList:
    return listed(
        schemas.ResultList, _released().order_by("-released_at", "-pk"), page, size, _items
    )


def _items(shown: list[Round]) -> list[schemas.Result]:
    sizes = counts(Item.objects.filter(round__in=shown), "round")
    return [schemas.Result(**_result(one, sizes.get(one.pk, 0))) for one in shown]


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
            words=text(words_de, words_en),
        ),
        groups=[_group(one, en) for one, en in zip(german.groups, groups_en, strict=True)],
        standings=[
            _standing(one, english, german) for one, english in zip(german.items, told, strict=True)
        ],
    )


def _released() -> QuerySet[Round]:
    released = Round.objects.public().filter(released_at__isnull=False)
    return released.select_related("plan", "corrects")


def _result(one: Round, size: int) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "title": text(one.title_de, one.title_en),
        "plan": one.plan.slug,
        "stage": one.stage,
        "is_secret": one.is_secret,
        "released_at": one.released_at,
        "corrects": one.corrects.slug if one.corrects else None,
        "measures": size,
        "url": page_url("website:result", one.slug),
    }


def _group(one: GroupInfo, english: GroupInfo) -> schemas.Group:
    return schemas.Group(
        name=text(one.name, english.name if english.name != one.name else ""),
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
        title=text(one.item.title_de, one.item.title_en),
        is_additional=one.item.is_additional,
        degree=_number(one.result.degree),
        rank=one.result.rank,
        shares_rank_with=one.result.shares_rank_with,
        agreement=None if one.result.agreement is None else round(one.result.agreement, 4),
        difference=_number(one.result.difference),
        sentence=text(one.sentence, english),
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


def _number(value: Decimal | Fraction | None) -> float | None:
    return None if value is None else float(value)
