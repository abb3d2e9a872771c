"""Add, change and delete plans."""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from zusammenplan.core.public import raise_version
from zusammenplan.people.actions import revoke_invitation
from zusammenplan.people.models import User
from zusammenplan.plans.actions.citations import demand_publishable
from zusammenplan.plans.actions.records import Values, keep_changes, keep_new, lock
from zusammenplan.plans.actions.refusals import (
    PlanContinuedError,
    PlanFrozenError,
    PlanInUseError,
    SlugTakenError,
    demand_reason,
)
from zusammenplan.plans.actions.removal import remove_whole
from zusammenplan.plans.domain.goal_tree import NodeT, in_tree_order
from zusammenplan.plans.models import Plan, Rating, RatingRequest
from zusammenplan.plans.queries.plans import slug_stem

RESERVED_SLUGS = frozenset({"neu", "import", "importieren", "tabelle", "begriffe", "beleg"})


@transaction.atomic
def create_plan(values: Values, *, by: User | None) -> Plan:
    """
    Add a plan; without an address it gets one from its title.

    :raises SlugTakenError: if another plan has the address
    """
    plan = Plan(**values)
    plan.slug = plan.slug or free_slug(plan.title_de)
    keep_new(plan, by=by, deed=_("Plan added"), taken=lambda: _slug_refusal(plan))
    if plan.is_public:
        raise_version()
    return plan


@transaction.atomic
def change_plan(plan: Plan, values: Values, *, seen_version: int, by: User | None) -> Plan:
    """
    Change a plan's texts, period, or whether it is published; ``take_step`` changes its status.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises SlugTakenError: if another plan has the address
    :raises HiddenValueError: if it is to be published and cites a value that is secret
    """
    if "status" in values:
        raise ValueError("The status moves step by step; see actions.life.")
    was_public = plan.is_public
    if values.get("is_public") and not was_public:
        demand_publishable(plan)
    changed = keep_changes(
        plan,
        values,
        seen_version=seen_version,
        by=by,
        deed=_plan_deed(values),
        taken=lambda: _slug_refusal(plan),
    )
    if changed and (was_public or plan.is_public):
        raise_version()
    return plan


@transaction.atomic
def delete_plan(plan: Plan, *, reason: str, by: User | None) -> None:
    """
    Delete a plan with all that stands in it; all or nothing.

    :raises ReasonMissingError: if no reason is given
    :raises PlanFrozenError: if a version of it is frozen
    :raises PlanContinuedError: if another plan continues it
    :raises PlanInUseError: if it has a round of prioritisation, or an evaluation with ratings
    """
    demand_reason(reason)
    plan = lock(plan)
    if plan.versions.exists():
        raise PlanFrozenError
    if successor := plan.successors.first():
        raise PlanContinuedError(successor)
    if Rating.objects.filter(evaluation__plan=plan).exists():
        raise PlanInUseError
    requests = RatingRequest.objects.filter(evaluation__plan=plan, invitation__isnull=False)
    try:
        with transaction.atomic():
            for request in requests.select_related("invitation"):
                if request.invitation is not None:
                    revoke_invitation(request.invitation, by=by, now=timezone.now())
            for record in _parts_of(plan):
                remove_whole(record, by=by, reason=reason)
            remove_whole(plan, by=by, reason=reason)
    except ProtectedError as refusal:
        raise PlanInUseError from refusal
    if plan.is_public:
        raise_version()


def _parts_of(plan: Plan) -> Iterator[Model]:
    """Give all that stands in the plan, each before what it leans on."""
    yield from plan.evaluations.all()
    yield from plan.measures.all()
    yield from _deepest_first(plan.goals.in_order())
    yield from plan.levels.all()
    for need in plan.needs.all():
        yield from need.evidence.all()
        yield need
    for chapter in _deepest_first(plan.chapters.all()):
        yield from chapter.blocks.all()
        yield chapter
    yield from plan.abbreviations.all()
    yield from plan.resolutions.all()
    yield from plan.fields.all()


def _deepest_first(records: Iterable[NodeT]) -> list[NodeT]:
    return [record for record, _depth in in_tree_order(records)][::-1]


def _slug_refusal(plan: Plan) -> Exception | None:
    taken = Plan.objects.filter(slug=plan.slug).exclude(pk=plan.pk).exists()
    return SlugTakenError(plan.slug) if taken else None


def _plan_deed(values: Values) -> str:
    if set(values) == {"is_public"}:
        return _("Plan published") if values["is_public"] else _("Publication withdrawn")
    return _("Plan changed")


def free_slug(title: str) -> str:
    stem = slug_stem(title)
    slug, number = stem, 1
    while slug in RESERVED_SLUGS or Plan.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug
