"""Take a plan from one status to the next, and write down what was resolved on it."""

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _, override

from zusammenplan.core.history import keep
from zusammenplan.core.locks import in_one_snapshot
from zusammenplan.people.models import User
from zusammenplan.plans.actions.records import Values, keep_changes, lock, raise_version_of
from zusammenplan.plans.actions.refusals import ReasonMissingError, demand_reason
from zusammenplan.plans.actions.removal import remove_whole
from zusammenplan.plans.actions.versions import freeze
from zusammenplan.plans.choices import PlanStatus
from zusammenplan.plans.domain.life import is_back, may_be_superseded, may_step
from zusammenplan.plans.models import Plan, Resolution


class StepNotAllowedError(Exception):
    """The plan cannot go to that status from where it is."""

    def __init__(self, current: PlanStatus, to: PlanStatus) -> None:
        super().__init__(
            _("A plan with the status “%(current)s” cannot become “%(to)s”.")
            % {"current": current.label, "to": to.label}
        )


class StatusMovedError(Exception):
    """Somebody else took a step after the page was opened."""

    def __init__(self, current: PlanStatus) -> None:
        super().__init__(
            _("Somebody else has set the status to “%(current)s” meanwhile. Nothing was changed.")
            % {"current": current.label}
        )


class ResolutionMissingError(Exception):
    """A plan is adopted by a resolution, and none is named."""

    def __init__(self) -> None:
        super().__init__(_("Write down the resolution by which the plan is adopted."))


class ResolutionInUseError(Exception):
    """A frozen version cites the resolution."""

    def __init__(self) -> None:
        super().__init__(
            _("A frozen version cites this resolution. Correct it instead of deleting it.")
        )


@in_one_snapshot
def take_step(
    plan: Plan,
    to: PlanStatus,
    *,
    seen_status: str,
    by: User | None,
    now: datetime,
    reason: str = "",
    resolution: Resolution | Values | None = None,
    supersedes: bool = False,
) -> Plan:
    """
    Take the plan to another status; adopting writes down the resolution and freezes a version.

    ``supersedes`` ends the plan before, when this one comes into force.

    :raises StatusMovedError: if somebody else took a step meanwhile
    :raises StepNotAllowedError: if the step is not in the table of steps
    :raises ReasonMissingError: if a step back has no reason
    :raises ResolutionMissingError: if the plan is adopted without a resolution
    """
    plan = lock(plan)
    current = PlanStatus(plan.status)
    if current != seen_status:
        raise StatusMovedError(current)
    if not may_step(current, to):
        raise StepNotAllowedError(current, to)
    if is_back(current, to) and not reason.strip():
        raise ReasonMissingError
    _set_status(plan, to, by=by, reason=reason)
    if to == PlanStatus.ADOPTED and not is_back(current, to):
        _adopt(plan, resolution, by=by, now=now)
    if to == PlanStatus.IN_FORCE and supersedes and plan.predecessor:
        _supersede(plan.predecessor, plan, by=by)
    raise_version_of(plan)
    return plan


@transaction.atomic
def add_resolution(plan: Plan, values: Values, *, by: User | None) -> Resolution:
    """Write down a resolution on the plan."""
    plan = lock(plan)
    resolution = keep(Resolution(plan=plan, **values), by=by, deed=_("Resolution added"))
    raise_version_of(plan)
    return resolution


@transaction.atomic
def change_resolution(
    resolution: Resolution, values: Values, *, seen_version: int, by: User | None
) -> Resolution:
    """
    Correct a resolution; frozen versions keep what stood in them.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    """
    changed = keep_changes(
        resolution, values, seen_version=seen_version, by=by, deed=_("Resolution changed")
    )
    if changed:
        raise_version_of(resolution.plan)
    return resolution


@transaction.atomic
def delete_resolution(resolution: Resolution, *, reason: str, by: User | None) -> None:
    """
    Delete a resolution that was written down by mistake.

    :raises ReasonMissingError: if no reason is given
    :raises ResolutionInUseError: if a frozen version cites it
    """
    demand_reason(reason)
    plan = lock(resolution.plan)
    try:
        with transaction.atomic():
            remove_whole(resolution, by=by, reason=reason)
    except ProtectedError as refusal:
        raise ResolutionInUseError from refusal
    raise_version_of(plan)


def _set_status(plan: Plan, to: PlanStatus, *, by: User | None, reason: str) -> None:
    plan.status = to
    plan.version += 1
    deed = _("Status set to “%(status)s”") % {"status": to.label}
    if reason.strip():
        deed = f"{deed}: {reason.strip()}"
    keep(plan, by=by, deed=deed, fields=["status", "version"])


def _adopt(
    plan: Plan, resolution: Resolution | Values | None, *, by: User | None, now: datetime
) -> None:
    if resolution is None:
        raise ResolutionMissingError
    if not isinstance(resolution, Resolution):
        resolution = keep(Resolution(plan=plan, **resolution), by=by, deed=_("Resolution added"))
    labels = {}
    for language in ("de", "en"):
        with override(language):
            labels[f"label_{language}"] = _("As adopted")
    freeze(plan, **labels, resolution=resolution, by=by, now=now)


def _supersede(before: Plan, plan: Plan, *, by: User | None) -> None:
    before = lock(before)
    if not may_be_superseded(before.status):
        return
    _set_status(before, PlanStatus.SUPERSEDED, by=by, reason=plan.title_de)
    raise_version_of(before)
