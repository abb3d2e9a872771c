"""What everybody may read of a plan: its content, and what changed in it lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from django.db.models import F, OuterRef, Q, Subquery

from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.domain.public import public_content
from zusammenplan.plans.models import Measure, Milestone, Plan
from zusammenplan.plans.queries.content import plan_content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zusammenplan.plans.domain.content import PlanContent, RelationContent

ChangeKind = Literal[
    "plan_status",
    "measure_added",
    "measure_status",
    "milestone_done",
    "milestone_moved",
    "version_frozen",
    "evaluation_closed",
]
SPAN = timedelta(days=365)
# Of each kind of record; a plan in which more happens in a year is read in its versions.
AT_MOST = 300


@dataclass(frozen=True, slots=True)
class Change:
    """
    Something that everybody may know to have changed.

    ``pk`` is the key of what changed, ``measure`` that of the measure it belongs to. ``old`` and
    ``new`` are statuses or days as ISO text.
    """

    at: datetime
    kind: ChangeKind
    pk: int
    title_de: str
    title_en: str = ""
    number: str = ""
    measure: int | None = None
    measure_title_de: str = ""
    measure_title_en: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""

    @property
    def key(self) -> str:
        """Name the change for ever, as feeds want it."""
        return f"{self.kind}-{self.pk}-{self.at:%Y%m%dT%H%M%S%f}"


def published_content(plan: Plan) -> PlanContent:
    """Read the plan as everybody may read it."""
    return without_inner_things(plan_content(plan))


def without_inner_things(content: PlanContent) -> PlanContent:
    """Leave out of a content, perhaps a frozen one, what is not for everybody."""
    named = {one.identity for measure in content.measures for one in measure.relations}
    public = set(
        Measure.objects.filter(plan__is_public=True, identity__in=named).values_list(
            "identity", "plan__title_de"
        )
        if len(named) < AT_MOST
        else Measure.objects.filter(plan__is_public=True).values_list("identity", "plan__title_de")
    )
    known = {(str(identity), title) for identity, title in public}

    def shows(relation: RelationContent) -> bool:
        return (relation.identity, relation.plan.de) in known

    return public_content(content, shows=shows)


def changes(plan: Plan, *, now: datetime) -> list[Change]:
    """
    Tell what changed in a published plan within a year, newest first.

    What happened before the plan was published stays inside: drafts go to and fro.
    """
    since = _since(plan, now=now)
    if since is None:
        return []
    found = [
        *_plan_statuses(plan, since),
        *_measures(plan, since),
        *_milestones(plan, since),
        *_versions(plan, since),
        *_evaluations(plan, since),
    ]
    return sorted(found, key=lambda one: (one.at, one.kind, one.pk), reverse=True)


def _since(plan: Plan, *, now: datetime) -> datetime | None:
    """Give the moment from which on changes are told: a year ago, or the publication."""
    published: datetime | None = None
    rows = plan.history.order_by("-history_id").values_list("is_public", "history_date")
    for is_public, at in rows:
        if not is_public:
            break
        published = at
    return None if published is None else max(published, now - SPAN)


def _before(model: type[Plan | Measure | Milestone], name: str) -> Subquery:
    """Give the value that the record had in the entry of its history before this one."""
    earlier = model.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    return Subquery(earlier.order_by("-history_id").values(name)[:1])


def _plan_statuses(plan: Plan, since: datetime) -> Iterator[Change]:
    rows = (
        Plan.history.filter(id=plan.pk, history_date__gt=since)
        .annotate(before=_before(Plan, "status"))
        .filter(before__isnull=False)
        .exclude(before=F("status"))
        .order_by("-history_id")
        .values_list("history_date", "before", "status")[:AT_MOST]
    )
    for at, old, new in rows:
        yield Change(at, "plan_status", plan.pk, plan.title_de, plan.title_en, old=old, new=new)


def _measures(plan: Plan, since: datetime) -> Iterator[Change]:
    rows = list(
        Measure.history.filter(plan_id=plan.pk, history_date__gt=since)
        .exclude(history_type="-")
        .annotate(before=_before(Measure, "status"))
        .filter(Q(before__isnull=True) | ~Q(before=F("status")))
        .order_by("-history_id")
        .values_list("id", "history_date", "before", "status", "status_reason")[:AT_MOST]
    )
    # The names of now: what a draft was called then is nobody's business.
    names = _measure_names(plan, [row[0] for row in rows])
    for pk, at, old, new, reason in rows:
        if pk not in names:
            continue
        number, title_de, title_en = names[pk]
        yield Change(
            at,
            "measure_added" if old is None else "measure_status",
            pk,
            title_de,
            title_en,
            number=number,
            measure=pk,
            measure_title_de=title_de,
            measure_title_en=title_en,
            old=old or "",
            new=new,
            reason=reason if old else "",
        )


def _measure_names(plan: Plan, pks: list[int]) -> dict[int, tuple[str, str, str]]:
    rows = plan.measures.filter(pk__in=pks).values_list("pk", "number", "title_de", "title_en")
    return {pk: (number, title_de, title_en) for pk, number, title_de, title_en in rows}


def _milestones(plan: Plan, since: datetime) -> Iterator[Change]:
    rows = list(
        Milestone.history.filter(measure__plan=plan, history_date__gt=since, history_type="~")
        .annotate(
            before_due=_before(Milestone, "due_on"), before_done=_before(Milestone, "done_on")
        )
        .filter(
            Q(done_on__isnull=False, before_done__isnull=True)
            | Q(due_on__isnull=False, before_due__isnull=False) & ~Q(before_due=F("due_on"))
        )
        .order_by("-history_id")
        .values_list(
            "id", "history_date", "before_due", "due_on", "before_done", "done_on", "moved_reason"
        )[:AT_MOST]
    )
    known = Milestone.objects.filter(pk__in=[row[0] for row in rows]).select_related("measure")
    milestones = {one.pk: one for one in known}
    for pk, at, old_due, due, old_done, done, reason in rows:
        milestone = milestones.get(pk)
        if milestone is None:
            continue
        if done and not old_done:
            yield _of_milestone(milestone, at, "milestone_done", None, done, "")
        else:
            yield _of_milestone(milestone, at, "milestone_moved", old_due, due, reason)


def _of_milestone(
    milestone: Milestone,
    at: datetime,
    kind: ChangeKind,
    old: date | None,
    new: date,
    reason: str,
) -> Change:
    measure = milestone.measure
    return Change(
        at,
        kind,
        milestone.pk,
        milestone.title_de,
        milestone.title_en,
        number=measure.number,
        measure=measure.pk,
        measure_title_de=measure.title_de,
        measure_title_en=measure.title_en,
        old=old.isoformat() if old else "",
        new=new.isoformat(),
        reason=reason,
    )


def _versions(plan: Plan, since: datetime) -> Iterator[Change]:
    rows = plan.versions.filter(frozen_at__gt=since).order_by("-number")
    for pk, at, number, label_de, label_en in rows.values_list(
        "pk", "frozen_at", "number", "label_de", "label_en"
    )[:AT_MOST]:
        yield Change(at, "version_frozen", pk, label_de, label_en, number=str(number))


def _evaluations(plan: Plan, since: datetime) -> Iterator[Change]:
    rows = plan.evaluations.filter(status=EvaluationStatus.CLOSED, closed_at__gt=since)
    for pk, at, title_de, title_en in rows.order_by("-closed_at").values_list(
        "pk", "closed_at", "title_de", "title_en"
    )[:AT_MOST]:
        if at:
            yield Change(at, "evaluation_closed", pk, title_de, title_en)
