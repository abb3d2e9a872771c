"""What the check of a round shows: each thing with its rating, next to the round before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from zusammenplan.core.spellings import holds
from zusammenplan.plans.domain.attainment import (
    differs,
    from_record,
)
from zusammenplan.plans.models import Evaluation, EvaluationItem, Rating
from zusammenplan.plans.queries.attainment_words import (
    said_sign,
    said_text,
)
from zusammenplan.plans.queries.evaluations import (
    NOT_RATED,
    about,
    former_plan_round,
    former_round,
    items_in_order,
    sayings_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from zusammenplan.plans.queries.evaluations import Thing


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A thing on the list of the check, in words."""

    item: int
    name: str
    kind: str
    field: str
    url: str
    sign: SafeString
    reason: str
    evidence: str
    author: str
    rated: str
    before: str
    differs: bool
    is_checked: bool
    rating: int | None
    version: int


def check_rows(evaluation: Evaluation, things: Iterable[Thing]) -> list[CheckRow]:
    """Put things into rows, each next to the round before."""
    things = list(things)
    scale = from_record(evaluation.scale)
    former = former_round(evaluation) or former_plan_round(evaluation)
    before = sayings_of(former, things)
    former_scale = from_record(former.scale) if former else scale
    kinds = {"measure": _("Measure"), "goal": _("Goal")}
    rows = []
    for thing in things:
        said_before = before.get((thing.of, thing.identity), NOT_RATED)
        given = thing.given
        rows.append(
            CheckRow(
                item=thing.item,
                name=thing.name,
                kind=kinds[thing.of],
                field=thing.field_name,
                url=reverse(f"plans:{thing.of}-detail", args=[evaluation.plan.slug, thing.pk]),
                sign=said_sign(thing.said, scale),
                reason=given.reason if given else "",
                evidence=given.evidence if given else "",
                author=given.author if given else thing.asked,
                rated=date_format(localtime(given.rated_at), "SHORT_DATE_FORMAT") if given else "",
                before=said_text(said_before, former_scale) if said_before.state else "",
                differs=differs(thing.said, said_before),
                is_checked=bool(given and given.is_checked),
                rating=given.pk if given else None,
                version=given.version if given else 0,
            )
        )
    return rows


VIEWS = ("all", "unrated", "unchecked", "differing")


def items_to_check(evaluation: Evaluation) -> dict[str, QuerySet[EvaluationItem]]:
    """Give the views of the check: all, without rating, not checked, otherwise than before."""
    items = items_in_order(evaluation)
    ratings = evaluation.ratings.all()
    former = former_round(evaluation) or former_plan_round(evaluation)
    return {
        "all": items,
        "unrated": items.exclude(about(ratings)),
        "unchecked": items.filter(about(ratings.filter(checked_at__isnull=True))),
        "differing": items.filter(about(_differing(evaluation, former)))
        if former
        else items.none(),
    }


def _differing(evaluation: Evaluation, former: Evaluation) -> QuerySet[Rating]:
    """Give the ratings that say otherwise than the round before."""
    # Only what is rated has a share, so the same state without one is the same.
    same = Q(state=OuterRef("state")) & (Q(share=OuterRef("share")) | Q(share__isnull=True))
    before = former.ratings.exclude(same)
    # In another plan a measure or goal is known by its identity, in the same one by its key.
    end = "" if former.plan_id == evaluation.plan_id else "__identity"
    about = [f"{of}{end}" for of in ("measure", "goal")]
    measure, goal = (Exists(before.filter(**{one: OuterRef(one)})) for one in about)
    return evaluation.ratings.filter(measure | goal)


def mentioning(text: str) -> Q:
    """Look for a word in the names of what is rated, in the reasons and among the persons."""
    names = ("number", "title_de", "title_en", "field__code", "field__name_de")
    columns = [f"{of}__{name}" for of in ("measure", "goal") for name in names]
    ratings = Rating.objects.filter(
        holds(("reason", "author_name"), text), evaluation=OuterRef("evaluation")
    )
    return (
        holds((*columns, "request__name"), text)
        | Exists(ratings.filter(measure=OuterRef("measure")))
        | Exists(ratings.filter(goal=OuterRef("goal")))
    )
