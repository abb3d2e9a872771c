"""The rewriting of a plan: what is decided, what is not, and what is still to be adapted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.plans.choices import CarryChoice, CarryKind
from zusammenplan.plans.domain.carrying import suggestion
from zusammenplan.plans.domain.goal_tree import in_tree_order
from zusammenplan.plans.models import CarryDecision, Goal, Measure, Need, Plan, PlanUpdate
from zusammenplan.plans.queries.goals import goals_in_tree_order, placed_goals, way_up
from zusammenplan.plans.queries.plans import period_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import Promise

KIND_LABELS: dict[CarryKind, str | Promise] = {
    CarryKind.MEASURE: gettext_lazy("Measures"),
    CarryKind.GOAL: gettext_lazy("Goals"),
    CarryKind.NEED: gettext_lazy("Needs"),
}
UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the decisions on one kind of record have come."""

    kind: CarryKind
    label: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class CarryLine:
    """A record with its decision, as a row of the working list."""

    key: str
    kind: CarryKind
    pk: int
    number: str
    title: str
    depth: int
    field: str
    period: str
    status: str
    status_label: str
    choice: str
    reason: str
    version: int
    suggested: str
    suggested_label: str
    told: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class ToAdapt:
    """A record of the new plan that somebody wanted to adapt and nobody has touched yet."""

    kind: CarryKind
    pk: int
    name: str
    reason: str


def open_update_of(plan: Plan) -> PlanUpdate | None:
    return plan.updates.filter(finished_at__isnull=True).first()


def finished_update_of(plan: Plan) -> PlanUpdate | None:
    """Give the rewriting whose new plan is still there."""
    done = plan.updates.filter(finished_at__isnull=False, successor__isnull=False)
    return done.select_related("successor").order_by("-finished_at").first()


def records_of(plan: Plan, kind: CarryKind) -> list[tuple[Any, int]]:
    """Give all records of the kind in the plan's order, each with its depth in the tree."""
    match kind:
        case CarryKind.NEED:
            return [(one, 0) for one in plan.needs.select_related("field").in_order()]
        case CarryKind.GOAL:
            goals = plan.goals.select_related("field", "level").in_order()
            return list(in_tree_order(goals))
        case _:
            return [(one, 0) for one in plan.measures.select_related("field").in_order()]


def record_of(plan: Plan, kind: CarryKind, pk: int) -> tuple[Any, int] | None:
    """Give one record of the kind with its depth in the tree, without reading all others."""
    record = _records(plan, kind).filter(pk=pk).first()
    if record is None:
        return None
    return record, len(way_up(record, placed_goals(plan))) if kind == CarryKind.GOAL else 0


def decision_of(update: PlanUpdate, kind: CarryKind, pk: int) -> CarryDecision | None:
    return update.decisions.filter(**{kind: pk}).select_related("decided_by").first()


def decisions_of(update: PlanUpdate, kind: CarryKind) -> dict[int, CarryDecision]:
    decisions = update.decisions.filter(kind=kind).select_related("decided_by")
    return {getattr(one, f"{kind}_id"): one for one in decisions}


def progress_of(update: PlanUpdate) -> list[Progress]:
    """Tell how many records are decided, for each kind that the plan has."""
    counted = update.decisions.order_by().values_list("kind").annotate(Count("pk"))
    decided = dict.fromkeys(CarryKind, 0) | {CarryKind(kind): count for kind, count in counted}
    totals = {
        CarryKind.MEASURE: update.plan.measures.count(),
        CarryKind.GOAL: update.plan.goals.count(),
        CarryKind.NEED: update.plan.needs.count(),
    }
    return [
        Progress(kind, str(label), decided[kind], totals[kind])
        for kind, label in KIND_LABELS.items()
        if totals[kind] or kind == CarryKind.MEASURE
    ]


def carry_keys(update: PlanUpdate, kind: CarryKind, *, show: str = "") -> list[tuple[int, int]]:
    """Give key and depth of the records of a kind in the plan's order; ``show`` narrows them."""
    plan = update.plan
    if kind == CarryKind.GOAL:
        keys = goals_in_tree_order(placed_goals(plan))
    else:
        records = plan.needs if kind == CarryKind.NEED else plan.measures
        keys = [(pk, 0) for pk in records.in_order().values_list("pk", flat=True)]
    if not show:
        return keys
    choices = dict(update.decisions.filter(kind=kind).values_list(f"{kind}_id", "choice"))
    wanted = None if show == UNDECIDED else show
    return [(pk, depth) for pk, depth in keys if choices.get(pk) == wanted]


def carry_records(
    update: PlanUpdate, kind: CarryKind, keys: Sequence[tuple[int, int]]
) -> list[tuple[Any, int, CarryDecision | None]]:
    """Give these records, known by key and depth, each with its decision."""
    pks = [pk for pk, _depth in keys]
    records = _records(update.plan, kind).in_bulk(pks)
    found = update.decisions.filter(**{f"{kind}__in": pks}).select_related("decided_by")
    decisions = {getattr(one, f"{kind}_id"): one for one in found}
    return [(records[pk], depth, decisions.get(pk)) for pk, depth in keys if pk in records]


def _records(plan: Plan, kind: CarryKind) -> Any:
    return {
        CarryKind.NEED: plan.needs.select_related("field"),
        CarryKind.GOAL: plan.goals.select_related("field", "level"),
        CarryKind.MEASURE: plan.measures.select_related("field"),
    }[kind]


def carry_line(
    record: Need | Goal | Measure,
    depth: int,
    decision: CarryDecision | None,
    *,
    typed: Mapping[str, str] | None = None,
    error: str = "",
) -> CarryLine:
    """Put a record and its decision into words; ``typed`` is what was refused."""
    kind = CarryKind(type(record).__name__.lower())
    standing = record.status if isinstance(record, Measure) else record.state
    reason = record.status_reason if isinstance(record, Measure) else record.state_reason
    suggested = CarryChoice(suggestion(kind, standing, reason))
    label = (
        record.get_status_display() if isinstance(record, Measure) else record.get_state_display()
    )
    shown = typed or {
        "choice": decision.choice if decision else "",
        "reason": decision.reason if decision else "",
    }
    return CarryLine(
        key=f"{kind}-{record.pk}",
        kind=kind,
        pk=record.pk,
        number=record.number,
        title=record.title,
        depth=min(depth, 8),
        field=record.field.name if record.field else "",
        period=""
        if isinstance(record, Need)
        else period_label(record.period_text, record.starts_on, record.ends_on),
        status=standing if isinstance(record, Measure) else "",
        status_label=label,
        choice=shown["choice"],
        reason=shown["reason"],
        version=decision.version if decision else 0,
        suggested=suggested,
        suggested_label=str(suggested.label),
        told=_told(decision) if decision else "",
        error=error,
    )


def to_adapt(plan: Plan) -> list[ToAdapt]:
    """Give what was to be adapted in this new plan and is still as it was in the old one."""
    decisions = list(
        CarryDecision.objects.filter(update__successor=plan, choice=CarryChoice.ADAPT)
        .select_related("measure", "goal", "need")
        .order_by("kind", "pk")
    )
    reasons = {
        (CarryKind(one.kind), str(getattr(one, one.kind).identity)): one.reason for one in decisions
    }
    if not reasons:
        return []
    found = []
    everything: Sequence[tuple[CarryKind, Any]] = (
        (CarryKind.MEASURE, plan.measures),
        (CarryKind.GOAL, plan.goals),
        (CarryKind.NEED, plan.needs),
    )
    for kind, records in everything:
        identities = [identity for of, identity in reasons if of == kind]
        untouched = records.filter(identity__in=identities, version=1).in_order()
        found += [
            ToAdapt(kind, one.pk, str(one), reasons[kind, str(one.identity)]) for one in untouched
        ]
    return found


def _told(decision: CarryDecision) -> str:
    words = {
        "who": str(decision.decided_by or _("somebody")),
        "day": date_format(localtime(decision.decided_at), "SHORT_DATE_FORMAT"),
    }
    return _("decided by %(who)s on %(day)s") % words
