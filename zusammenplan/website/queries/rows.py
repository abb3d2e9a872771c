"""Measures as rows of a list, the same on the pages of plan, field, goal and need."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.safestring import SafeString

from zusammenplan.ballots.models import Item, Round
from zusammenplan.ballots.queries import evaluate, group_infos, hidden_because, rule_of
from zusammenplan.core.excerpts import opening
from zusammenplan.core.templatetags.zp import priority_mark, status_sign
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.models import Measure, MeasureQuerySet, Milestone, Plan
from zusammenplan.website.queries.words import (
    Hrefs,
    built_once,
    ends_of,
    escaped,
    leading,
    progress,
    said,
    sign_of,
)

# As many as one may look through; a longer plan is shown in pages, so that it stays quick.
ROWS_A_PAGE = 100


class MeasureRow(NamedTuple):
    """What the tag ``rows`` puts into the markup of a row, in its order."""

    mark: SafeString
    href: SafeString
    number: SafeString
    title: SafeString
    goal: SafeString
    meta: SafeString


class FieldName(NamedTuple):
    """The field of action of a row; nothing at all where a measure has none."""

    pk: int | None
    code: str
    name: str


def measure_page_of(
    plan: Plan, measures: MeasureQuerySet, number: str | None
) -> tuple[Page[int], list[MeasureRow]]:
    """Give one page of the measures, in order, with its rows."""
    part = Paginator(measures.in_order().values_list("pk", flat=True), ROWS_A_PAGE).get_page(number)
    round_ = leading(Round.objects.public().filter(plan=plan))
    keys: Any = part.object_list
    return part, [row for _field, row in measure_rows(plan, keys, round_)]


def measure_rows(
    plan: Plan, pks: "QuerySet[Any, int] | Sequence[int]", round_: Round | None
) -> list[tuple[FieldName, MeasureRow]]:
    """
    Write the measures with these keys as rows, in this order.

    A query of keys is in the plan's own order; the database reads it along with the rows.
    """
    marks = Marks(round_, pks)
    hrefs = Hrefs(plan)
    labels = {value: str(label) for value, label in MeasureStatus.choices}
    signs = {value: status_sign(sign_of(value), label) for value, label in labels.items()}
    fields: dict[int | None, FieldName] = {}
    rows: dict[int, tuple[FieldName, MeasureRow]] = {}
    metas: dict[tuple[str, tuple[int, int]], SafeString] = {}
    measures = list(_measures().filter(pk__in=pks))
    goals = _goals([row[0] for row in measures if not row[6]])
    for (
        pk,
        field_pk,
        code,
        name,
        number,
        title,
        text,
        status,
        degree,
        *ends,
        done,
        total,
    ) in measures:
        if field_pk not in fields:
            fields[field_pk] = FieldName(field_pk, code or "", name or "")
        reached = done or 0, total or 0
        if (status, reached) not in metas:
            metas[status, reached] = SafeString(f"{signs[status]}{progress(*reached)}")
        rows[pk] = (
            fields[field_pk],
            MeasureRow(
                mark=marks.of(pk, degree, ends),
                href=hrefs.of(pk),
                number=escaped(number),
                title=escaped(title),
                goal=escaped(opening(text) or goals.get(pk, "")),
                meta=metas[status, reached],
            ),
        )
    return list(rows.values()) if isinstance(pks, QuerySet) else [rows[pk] for pk in pks]


@built_once
def _measures() -> "QuerySet[Measure, tuple[Any, ...]]":
    """Give what a row tells of a measure, in order."""
    return Measure.objects.in_order().values_list(
        "pk",
        "field_id",
        "field__code",
        said("field__name"),
        "number",
        said("title"),
        said("text"),
        "status",
        "priority_degree",
        "priority_first",
        "priority_last",
        _milestones(Count("done_on")),
        _milestones(Count("pk")),
    )


def _milestones(count: Count) -> Subquery:
    """Count something of a measure's milestones."""
    own = Milestone.objects.filter(measure=OuterRef("pk")).order_by().values("measure")
    return Subquery(own.annotate(found=count).values("found"))


def _goals(pks: Sequence[int]) -> dict[int, str]:
    """Give the first goal of each measure; it speaks for a measure that has no text of its own."""
    if not pks:
        return {}
    links = Measure.goals.through.objects.filter(measure__in=pks)
    named = links.order_by("-goal__position", "-goal_id").values_list(
        "measure_id", said("goal__title")
    )
    return dict(named)


class Marks:
    """
    The priority marks of a plan's measures.

    A released degree stands on the measure, with the ends of its scale. As long as nothing is
    released, an interim result that everybody may see is read from its round.
    """

    def __init__(self, round_: Round | None, pks: "QuerySet[Any, int] | Sequence[int]") -> None:
        self.ends = ends_of(round_) if round_ else (1, 6)
        self.interim: dict[int, Decimal | None] = {}
        self.is_interim = round_ is not None and not round_.is_released
        self.known: dict[tuple[Decimal | None, int, int], SafeString] = {}
        if round_ and self.is_interim:
            self.interim = interim_degrees(round_, round_.items.filter(measure__in=pks))

    def of(self, pk: int, degree: Decimal | None, ends: Sequence[int]) -> SafeString:
        first, last = self.ends if self.is_interim or degree is None else ends
        if self.is_interim:
            degree = self.interim.get(pk)
        if (degree, first, last) not in self.known:
            self.known[degree, first, last] = priority_mark(degree, first, last)
        return self.known[degree, first, last]


def interim_degrees(round_: Round, items: Iterable[Item]) -> dict[int, Decimal | None]:
    """Evaluate some items of a round that is not released; these pages need no sentences."""
    if hidden_because(round_, group_infos(round_)):
        return {}
    found = list(items)
    measures = {item.pk: item.measure_id for item in found}
    results = evaluate(round_, rule_of(round_), found)
    return {measures[one.key]: one.degree for one in results}
