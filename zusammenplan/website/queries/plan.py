"""The page of a plan: all measures by field."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db.models.functions import Left
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zusammenplan.ballots.models import Round
from zusammenplan.ballots.queries import evaluate, group_infos, hidden_because, rule_of
from zusammenplan.core.templatetags.zp import priority_mark, status_sign
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.models import Plan
from zusammenplan.website.forms import MeasureFilter
from zusammenplan.website.queries.words import (
    Hrefs,
    Label,
    anchor_of,
    ends_of,
    in_language,
    label_of,
    leading,
    opening,
    scale_words,
    sign_of,
    years,
)


class MeasureRow(NamedTuple):
    """A tuple, because a template unpacks it several times faster than it looks up attributes."""

    mark: SafeString
    href: SafeString
    number: str
    title: str
    goal: str
    status: SafeString


@dataclass(frozen=True, slots=True)
class PlanField:
    anchor: str
    code: str
    name: str
    rows: list[MeasureRow]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """All measures of a plan by field, with priority and status."""

    plan: Plan
    lead: str
    period: str
    fields: list[PlanField]
    shown: int
    total: int
    label: Label | None
    scale_note: str
    other_results: list[Label]


def plan_page(plan: Plan, narrowed: MeasureFilter) -> PlanPage:
    """Gather the page in a number of queries that does not grow with the measures."""
    rounds = list(Round.objects.public().filter(plan=plan))
    round_ = leading(rounds)
    marks = _Marks(round_)
    hrefs = Hrefs(plan)
    fields: dict[int | None, PlanField] = {}
    measures = narrowed.apply(plan.measures.in_order()).values_list(
        "pk",
        "field_id",
        "field__code",
        "field__name_de",
        "field__name_en",
        "number",
        "title_de",
        "title_en",
        Left("text_de", 400),
        Left("text_en", 400),
        "status",
        "priority_degree",
        "priority_first",
        "priority_last",
    )
    labels = {value: str(label) for value, label in MeasureStatus.choices}
    signs = {value: status_sign(sign_of(value), label) for value, label in labels.items()}
    shown = 0
    for pk, field_pk, code, name, name_en, number, *rest in measures:
        title, title_en, text, text_en, status, degree, *ends = rest
        shown += 1
        if field_pk not in fields:
            fields[field_pk] = _field(field_pk, code, in_language(name, name_en))
        fields[field_pk].rows.append(
            MeasureRow(
                mark=marks.of(pk, degree, ends),
                href=hrefs.of(pk),
                number=number,
                title=in_language(title, title_en),
                goal=opening(in_language(text, text_en)),
                status=signs[status],
            )
        )
    return PlanPage(
        plan=plan,
        lead=plan.summary.strip(),
        period=years(plan.starts_on, plan.ends_on),
        fields=list(fields.values()),
        shown=shown,
        total=plan.measures.count() if narrowed.is_narrowing else shown,
        label=label_of(round_) if round_ else None,
        scale_note=scale_words(round_) if round_ else "",
        other_results=[label_of(one) for one in rounds if one != round_],
    )


def _field(pk: int | None, code: str | None, name: str | None) -> PlanField:
    if pk is None:
        return PlanField("weitere", "", _("Without a field of action"), [])
    return PlanField(anchor_of(pk), code or "", name or "", [])


class _Marks:
    """
    The priority marks of a plan's measures.

    A released degree stands on the measure, with the ends of its scale. As long as nothing is
    released, an interim result that everybody may see is read from its round.
    """

    def __init__(self, round_: Round | None) -> None:
        self.ends = ends_of(round_) if round_ else (1, 6)
        self.interim: dict[int, Decimal | None] = {}
        self.is_interim = round_ is not None and not round_.is_released
        self.known: dict[tuple[Decimal | None, int, int], SafeString] = {}
        if round_ and self.is_interim:
            self.interim = _interim_degrees(round_)

    def of(self, pk: int, degree: Decimal | None, ends: Sequence[int]) -> SafeString:
        first, last = self.ends if self.is_interim or degree is None else ends
        if self.is_interim:
            degree = self.interim.get(pk)
        if (degree, first, last) not in self.known:
            self.known[degree, first, last] = priority_mark(degree, first, last)
        return self.known[degree, first, last]


def _interim_degrees(round_: Round) -> dict[int, Decimal | None]:
    """Evaluate a round that is not released; this page needs no sentences."""
    if hidden_because(round_, group_infos(round_)):
        return {}
    items = list(round_.items.all())
    measures = {item.pk: item.measure_id for item in items}
    results = evaluate(round_, rule_of(round_), items)
    return {measures[one.key]: one.degree for one in results}
