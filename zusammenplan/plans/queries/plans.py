"""Reads that gather more than one row for a page, and words for what the rules found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Count, F, Q, Value, When, Window
from django.db.models.functions import Cast, Concat, Length, RowNumber
from django.utils.translation import get_language, gettext

from zusammenplan.core.periods import period_text
from zusammenplan.core.slugs import slug_of
from zusammenplan.plans.domain.numbers import MAX_LENGTH, next_number
from zusammenplan.plans.models import FieldOfAction, Measure, Plan
from zusammenplan.plans.queries.days import day_label

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet


# With how many digits the place of a measure in its field is written at most.
PLACE_LENGTH = 9


# Plans for their pages


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure as a list shows it, every value already in words."""

    pk: int
    number: str
    title: str
    field: str
    status: str
    status_label: str
    responsible: str
    period: str
    degree: Decimal | None
    first: int
    last: int
    is_additional: bool

    @property
    def key(self) -> str:
        """Its key as a page writes it: without a thousands separator."""
        return str(self.pk)

    @property
    def address(self) -> str:
        """The end of its page's address, below the list."""
        return f"{self.pk}/"


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of action with the number of what stands in it; the last may be without a field."""

    field: FieldOfAction | None
    needs: int
    goals: int
    measures: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many measures of a plan there are, and how many lack something."""

    total: int
    priority: int
    responsible: int
    period: int


def period_label(text: str, starts_on: date | None, ends_on: date | None) -> str:
    """Write a period: in German as somebody wrote it, else in words made from its days."""
    if text and ((get_language() or "de").startswith("de") or not (starts_on or ends_on)):
        return text
    period = period_text(starts_on, ends_on)
    words = {
        "begin": day_label(period.starts_on, period.precision),
        "end": day_label(period.ends_on, period.precision),
    }
    match period.kind:
        case "since":
            return gettext("from %(begin)s") % words
        case "until":
            return gettext("until %(end)s") % words
        case "between":
            return gettext("%(begin)s to %(end)s") % words
        case _:
            return words["begin"]


def measure_line(measure: Measure) -> MeasureLine:
    """Put the measure into words; field and responsible one must be fetched with it."""
    return MeasureLine(
        pk=measure.pk,
        number=measure.number,
        title=measure.title,
        field=str(measure.field) if measure.field else "",
        status=measure.status,
        status_label=measure.get_status_display(),
        responsible=measure.responsible.name if measure.responsible else "",
        period=period_label(measure.period_text, measure.starts_on, measure.ends_on),
        degree=measure.priority_degree,
        first=measure.priority_first,
        last=measure.priority_last,
        is_additional=measure.is_additional,
    )


def fields_with_counts(plan: Plan) -> list[FieldLine]:
    """Give all fields in order, each with what stands in it; what has no field comes last."""
    needs, goals, measures = (
        _by_field(records) for records in (plan.needs.all(), plan.goals.all(), plan.measures.all())
    )
    lines = [
        FieldLine(field, needs[field.pk], goals[field.pk], measures[field.pk])
        for field in plan.fields.order_by("position", "pk")
    ]
    if needs[None] or goals[None] or measures[None]:
        lines.append(FieldLine(None, needs[None], goals[None], measures[None]))
    return lines


def _by_field(records: QuerySet[Any]) -> Counter[int | None]:
    counted = records.order_by().values_list("field_id").annotate(number=Count("pk"))
    return Counter(dict(counted))


def slug_stem(title: str) -> str:
    """Make the address out of a title that a plan gets unless another one has it."""
    return slug_of(title) or "plan"


def plan_titled(title: str) -> Plan | None:
    """Find the plan of this title, even if it was renamed after its address was made."""
    plans = Plan.objects.order_by("-pk")
    return (
        plans.filter(title_de__iexact=title.strip()).first()
        or plans.filter(slug=slug_stem(title)).first()
    )


def plans_with_counts() -> QuerySet[Plan]:
    """Give all plans, newest first, each with the number of its fields and measures."""
    return Plan.objects.annotate(
        field_count=Count("fields", distinct=True), measure_count=Count("measures", distinct=True)
    ).order_by(F("starts_on").desc(nulls_last=True), "title_de", "pk")


def gaps(plan: Plan) -> Gaps:
    """Count the plan's measures, and those that lack priority, responsible one or period."""
    without_period = Q(period_text="", starts_on__isnull=True, ends_on__isnull=True)
    return Gaps(
        **plan.measures.aggregate(
            total=Count("pk"),
            priority=Count("pk", filter=Q(priority_degree__isnull=True)),
            responsible=Count("pk", filter=Q(responsible__isnull=True)),
            period=Count("pk", filter=without_period),
        )
    )


def with_new_numbers(plan: Plan, *, field: FieldOfAction | None = None) -> QuerySet[Any]:
    """
    Give the measures whose number is not the one that follows from their place, with that one.

    The database counts the places, so that a long plan costs no more than a short one. A number
    that would be too long is no better than the old one.
    """
    stems = {
        pk: next_number(code, ()).removesuffix("1")
        for pk, code in plan.fields.values_list("pk", "code")
    }
    measures = plan.measures.filter(field__in=[field.pk] if field else list(stems))
    place = Window(RowNumber(), partition_by=F("field"), order_by=["position", "pk"])
    stem = Case(
        *(When(field=pk, then=Value(stem)) for pk, stem in stems.items()), default=Value("")
    )
    new = Concat(stem, Cast(place, CharField()), output_field=CharField())
    changed: QuerySet[Any] = measures.in_order().annotate(new_number=new)
    # Few plans have codes so long that the database need look at the length.
    if max(map(len, stems.values()), default=0) > MAX_LENGTH - PLACE_LENGTH:
        changed = changed.annotate(new_length=Length(new)).filter(new_length__lte=MAX_LENGTH)
    return changed.exclude(number=F("new_number"))
