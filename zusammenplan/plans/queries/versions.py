"""Frozen versions of a plan, and the two states that somebody wants to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from zusammenplan.core.german import like
from zusammenplan.plans.domain.content import from_json
from zusammenplan.plans.domain.life import AGEING, begins_to_age, first_year_too_old
from zusammenplan.plans.models import Plan, PlanVersion, Resolution
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.data_blocks import with_drawings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from zusammenplan.plans.domain.content import PlanContent

TODAY = "heute"


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A frozen version as the list shows it."""

    pk: int
    number: int
    label: str
    day: str
    who: str
    resolution: str
    checksum: str
    key: str
    before_key: str


@dataclass(frozen=True, slots=True)
class State:
    """One state of one plan that can be compared: frozen, or as it stands today."""

    key: str
    label: str
    plan: Plan
    number: int | None


def versions_of(plan: Plan) -> list[VersionLine]:
    """List the plan's frozen versions, newest first; their content stays in the database."""
    versions = list(
        plan.versions.select_related("resolution", "frozen_by").defer("content").order_by("-number")
    )
    older = [*versions[1:], None] if versions else []
    return [
        VersionLine(
            pk=one.pk,
            number=one.number,
            label=one.label,
            day=date_format(localtime(one.frozen_at), "DATE_FORMAT"),
            who=str(one.frozen_by) if one.frozen_by else "",
            resolution=resolution_text(one.resolution) if one.resolution else "",
            checksum=one.checksum,
            key=state_key(plan, one.number),
            before_key=state_key(plan, before.number) if before else "",
        )
        for one, before in zip(versions, older, strict=True)
    ]


def resolution_text(one: Resolution) -> str:
    """Say a resolution in one line, its number as written."""
    words = {
        "body": one.body,
        "number": one.number,
        "day": date_format(one.decided_on, "SHORT_DATE_FORMAT"),
    }
    if one.number:
        return _("%(body)s, no. %(number)s of %(day)s") % words
    return _("%(body)s, %(day)s") % words


def state_key(plan: Plan, number: int | None) -> str:
    return f"{plan.slug}@{TODAY if number is None else number}"


def states_for(plan: Plan) -> list[State]:
    """Give all states that this plan can be compared with: its own, and its neighbours'."""
    plans = Plan.objects.filter(
        Q(pk=plan.pk) | Q(pk=plan.predecessor_id) | Q(predecessor=plan)
    ).order_by(F("starts_on").asc(nulls_last=True), "pk")
    ordered = sorted(plans, key=lambda one: one.pk != plan.pk)
    frozen: dict[int, list[PlanVersion]] = {}
    versions = PlanVersion.objects.filter(plan__in=ordered).defer("content")
    for version in versions.order_by("-number"):
        frozen.setdefault(version.plan_id, []).append(version)
    return [
        state
        for one in ordered
        for state in _states(one, frozen.get(one.pk, []), is_own=one.pk == plan.pk)
    ]


def content_of(state: State) -> PlanContent:
    """Read a state, in a number of queries that grows with nothing but its looks at the data."""
    if state.number is None:
        return with_drawings(plan_content(state.plan))
    return from_json(state.plan.versions.get(number=state.number).content)


def default_states(states: Sequence[State]) -> tuple[State, State] | None:
    """Choose what is compared first: the newest frozen version with today."""
    if len(states) < 2:  # noqa: PLR2004 - it takes two to compare
        return None
    today, other = states[0], states[1]
    return other, today


def age_warnings(plans: Iterable[Plan], today: date) -> list[tuple[Plan, str]]:
    """Warn of each plan that is too old for this funding year or the next; see ``domain.life``."""
    plans = list(plans)
    adopted: dict[int, list[date]] = {}
    resolutions = Resolution.objects.filter(plan__in=plans, is_adoption=True)
    for plan_id, day in resolutions.values_list("plan", "decided_on"):
        adopted.setdefault(plan_id, []).append(day)
    found = []
    for plan in plans:
        since = begins_to_age(plan.starts_on, adopted.get(plan.pk, []))
        year = first_year_too_old(since, plan.status, today)
        if year is not None:
            found.append((plan, _age_text(year, today)))
    return found


def plans_that_count() -> list[Plan]:
    """Give the plans that can become too old: they are adopted, in force or evaluated."""
    return list(
        Plan.objects.filter(status__in=AGEING).order_by(F("starts_on").asc(nulls_last=True), "pk")
    )


def _age_text(year: int, today: date) -> str:
    words = {"year": year}
    if year > today.year:
        return (
            _(
                "On 1 January %(year)s this plan will be more than five years old. For the "
                "funding year %(year)s the Land expects a plan that is at most five years old."
            )
            % words
        )
    return (
        _(
            "On 1 January %(year)s this plan was more than five years old. The Land expects a "
            "plan that is at most five years old. You can go on working with it."
        )
        % words
    )


def _states(plan: Plan, versions: Sequence[PlanVersion], *, is_own: bool) -> list[State]:
    """Name the states of a plan; those of the plan at hand need not say its title."""

    def named(label: str) -> str:
        return label if is_own else like(plan.title, f"{plan.title}: {label}")

    return [
        State(state_key(plan, None), named(_("as it stands today")), plan, None),
        *(
            State(
                state_key(plan, one.number),
                named(
                    _("version %(number)s, %(label)s, %(day)s")
                    % {
                        "number": one.number,
                        "label": one.label,
                        "day": date_format(localtime(one.frozen_at), "SHORT_DATE_FORMAT"),
                    }
                ),
                plan,
                one.number,
            )
            for one in versions
        ),
    ]
