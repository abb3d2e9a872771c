"""The page of a plan: where it stands, and its measures by field."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.urls import reverse
from django.utils.translation import gettext as _

from zusammenplan.ballots.models import Round
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.models import (
    Chapter,
    Evaluation,
    Measure,
    MeasureQuerySet,
    Plan,
    Resolution,
)
from zusammenplan.website.forms import MeasureFilter
from zusammenplan.website.queries.parts import Named
from zusammenplan.website.queries.rows import (
    ROWS_A_PAGE,
    FieldName,
    MeasureRow,
    interim_degrees,
    measure_rows,
)
from zusammenplan.website.queries.words import (
    Label,
    anchor_of,
    built_once,
    day,
    ends_of,
    label_of,
    leading,
    said,
    scale_words,
    years,
)

if TYPE_CHECKING:
    from datetime import date

LAST = Decimal(10**6)


@dataclass(frozen=True, slots=True)
class Download:
    url: str
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What stands on top of the plan: where it stands, who decided it, what was before."""

    status: str
    period: str
    label: Label | None
    other_results: list[Label]
    resolution: Named | None
    before: list[Named]
    after: list[Named]
    downloads: list[Download]


@dataclass(frozen=True, slots=True)
class PlanField:
    """Rows of one field of action; of the others only the name and the way there is told."""

    anchor: str
    code: str
    name: str
    url: str
    rows: list[MeasureRow]


@dataclass(frozen=True, slots=True)
class FieldLink:
    url: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The measures of a plan by field, with priority, status and progress."""

    plan: Plan
    lead: str
    facts: PlanFacts
    fields: list[PlanField]
    links: list[FieldLink]
    part: Page[int]
    shown: int
    total: int
    scale_note: str


def plan_page(plan: Plan, narrowed: MeasureFilter, number: str | None) -> PlanPage:
    """Gather the page in a number of queries and a time that do not grow with the plan."""
    rounds = list(_rounds().filter(plan=plan))
    round_ = leading(rounds)
    paginator = Paginator(_ordered(plan, narrowed, round_), ROWS_A_PAGE)
    if not narrowed.is_narrowing:
        paginator.count = _measures_of(plan)
    part = paginator.get_page(number)
    rows = measure_rows(plan, _keys(part, narrowed), round_)
    fields = _by_field(plan, rows, in_fields=narrowed.wanted_order == "")
    is_whole = part.paginator.num_pages == 1 and not narrowed.is_narrowing
    return PlanPage(
        plan=plan,
        lead=plan.summary,
        facts=_facts(plan, round_, rounds),
        fields=fields,
        links=_links(plan, narrowed, {one.anchor for one in fields} if is_whole else set()),
        part=part,
        shown=part.paginator.count,
        total=_measures_of(plan),
        scale_note=scale_words(round_) if round_ else "",
    )


@built_once
def _rounds() -> "QuerySet[Round]":
    return Round.objects.public()


def _measures_of(plan: Plan) -> int:
    """Count the plan's measures; ``published_plans`` brings the number along."""
    return plan.known_measures or 0  # type: ignore[attr-defined] # annotated


def _keys(part: Page[int], narrowed: MeasureFilter) -> "QuerySet[Any, int] | Sequence[int]":
    """Leave the keys to the database where the measures come in the plan's own order."""
    keys: Any = part.object_list
    return list(part) if narrowed.wanted_order else keys


def _ordered(
    plan: Plan, narrowed: MeasureFilter, round_: Round | None
) -> "QuerySet[Any, Any] | list[int]":
    """Give the keys of the wanted measures in the wanted order, read from narrow columns."""
    measures = narrowed.apply(plan.measures.all())
    if narrowed.wanted_order == "progress":
        return _by_progress(measures).values_list("pk", flat=True)
    if narrowed.wanted_order != "priority":
        return measures.in_order().values_list("pk", flat=True)
    if round_ is None or round_.is_released:
        place = Case(
            When(priority_first__lte=F("priority_last"), then=F("priority_degree")),
            default=-F("priority_degree"),
        )
        ordered = measures.order_by(
            place.asc(nulls_last=True), F("field__position").asc(nulls_last=True), "position", "pk"
        )
        return ordered.values_list("pk", flat=True)
    degrees = interim_degrees(round_, round_.items.all())
    first, last = ends_of(round_)
    sign = 1 if first <= last else -1

    def place_of(pk: int) -> Decimal:
        degree = degrees.get(pk)
        return LAST if degree is None else degree * sign

    return sorted(measures.in_order().values_list("pk", flat=True), key=place_of)


def _by_progress(measures: MeasureQuerySet) -> "QuerySet[Any, Any]":
    """Put those first that have reached the largest share of their milestones."""
    counted = measures.annotate(steps=Count("milestones"), done=Count("milestones__done_on"))
    share = Case(When(steps__gt=0, then=F("done") * 1000 / F("steps")))
    return counted.order_by(
        share.desc(nulls_last=True), F("field__position").asc(nulls_last=True), "position", "pk"
    )


def _by_field(
    plan: Plan, rows: list[tuple[FieldName, MeasureRow]], *, in_fields: bool
) -> list[PlanField]:
    """Put the rows under their fields, or all under one heading where another order is wanted."""
    if not in_fields:
        return [PlanField("alle", "", _("All fields of action"), "", [row for _f, row in rows])]
    fields: dict[int | None, PlanField] = {}
    for field, row in rows:
        if field.pk not in fields:
            fields[field.pk] = _field(plan, field)
        fields[field.pk].rows.append(row)
    return list(fields.values())


def _field(plan: Plan, field: FieldName) -> PlanField:
    if field.pk is None:
        return PlanField("weitere", "", _("Without a field of action"), "", [])
    url = reverse("website:plan-field", args=[plan.slug, field.pk])
    return PlanField(anchor_of(field.pk), field.code, field.name, url, [])


def _links(plan: Plan, narrowed: MeasureFilter, here: Container[str]) -> list[FieldLink]:
    """Lead to each field: down this page if all of it is here, else to the field's own page."""
    stem = reverse("website:plan-field", args=[plan.slug, 0])[:-2]
    return [
        FieldLink(f"#{anchor_of(pk)}" if anchor_of(pk) in here else f"{stem}{pk}/", code, name)
        for pk, code, name in narrowed.plan_fields
    ]


def _facts(plan: Plan, round_: Round | None, rounds: list[Round]) -> PlanFacts:
    before: list[Named] = []
    after: list[Named] = []
    neighbours = _published().filter(Q(predecessor=plan) | Q(pk=plan.predecessor_id or 0))
    for pk, slug, title in neighbours:
        named = Named(title, reverse("website:plan", args=[slug]))
        (before if pk == plan.predecessor_id else after).append(named)
    return PlanFacts(
        status=str(plan.get_status_display()),
        period=years(plan.starts_on, plan.ends_on),
        label=label_of(round_) if round_ else None,
        other_results=[label_of(one) for one in rounds if one != round_],
        resolution=_resolution(_resolutions().filter(plan=plan)[:1]),
        before=before,
        after=after,
        downloads=downloads(plan),
    )


@built_once
def _published() -> "QuerySet[Plan, tuple[int, str, str]]":
    return Plan.objects.published().order_by("pk").values_list("pk", "slug", said("title"))


@built_once
def _resolutions() -> "QuerySet[Resolution, tuple[str, str, date, str]]":
    """Give the resolution that adopted a plan before later ones on it."""
    ordered = Resolution.objects.order_by("-is_adoption", "-decided_on", "-pk")
    return ordered.values_list("body", "number", "decided_on", "note")


def _resolution(rows: "Iterable[tuple[str, str, date, str]]") -> Named | None:
    """Name the resolution that adopted the plan, else the last one on it."""
    for body, number, decided_on, note in rows:
        said_number = _("No. %(number)s") % {"number": number} if number else ""
        words = ", ".join(part for part in (body, said_number, day(decided_on)) if part)
        return Named(words, note=note)
    return None


@built_once
def published_plans() -> "QuerySet[Plan]":
    """Give plans with their number of measures, and which of their pages there are."""
    closed = Evaluation.objects.filter(plan=OuterRef("pk"), status=EvaluationStatus.CLOSED)
    measures = Measure.objects.filter(plan=OuterRef("pk")).order_by().values("plan")
    return Plan.objects.published().annotate(
        known_document=Exists(Chapter.objects.filter(plan=OuterRef("pk"))),
        known_evaluation=Subquery(closed.order_by("-closed_at", "-pk").values("slug")[:1]),
        known_measures=Subquery(measures.annotate(found=Count("pk")).values("found")),
    )


def has_document(plan: Plan) -> bool:
    """Tell whether somebody laid out the plan's document."""
    known: bool | None = getattr(plan, "known_document", None)
    return plan.has_document if known is None else known


def newest_evaluation(plan: Plan) -> str:
    """Name the evaluation that was closed last; nothing where there is none."""
    known: str | None = getattr(plan, "known_evaluation", "")
    if known != "":
        return known or ""
    closed = plan.evaluations.filter(status=EvaluationStatus.CLOSED).order_by("-closed_at", "-pk")
    return closed.values_list("slug", flat=True).first() or ""


def downloads(plan: Plan) -> list[Download]:
    """Name the files of a plan; those of the document only where there is one."""
    document, slug = "website:plan-document", plan.slug
    kinds = [("pdf", _("PDF, accessible")), ("docx", _("Word document (DOCX)"))]
    wanted = [
        *(
            (label, kind, reverse(f"{document}-{kind}", args=[slug]))
            for kind, label in (kinds if has_document(plan) else [])
        ),
        (_("Table (XLSX)"), "xlsx", reverse("website:plan-xlsx", args=[slug])),
        (_("Open data (JSON)"), "json", reverse("website:plan-json", args=[slug])),
    ]
    return [Download(url, label, f"{plan.slug}.{kind}") for label, kind, url in wanted]
