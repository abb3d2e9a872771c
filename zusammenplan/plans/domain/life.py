"""
The life of a plan: which step may follow which, and from when on a plan is called old.

A plan that is more than five years old at the start of a funding year (1 January) is warned about
and never locked: counties do work with older plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DRAFT, PARTICIPATION, VOTE, COMMITTEE = "draft", "participation", "vote", "committee"
ADOPTED, IN_FORCE, EVALUATED, SUPERSEDED = "adopted", "in_force", "evaluated", "superseded"
ORDER = (DRAFT, PARTICIPATION, VOTE, COMMITTEE, ADOPTED, IN_FORCE, EVALUATED, SUPERSEDED)

STEPS: dict[str, tuple[str, ...]] = {
    DRAFT: (PARTICIPATION, VOTE, COMMITTEE, ADOPTED),
    PARTICIPATION: (VOTE, COMMITTEE, ADOPTED, DRAFT),
    VOTE: (COMMITTEE, ADOPTED, PARTICIPATION, DRAFT),
    COMMITTEE: (ADOPTED, VOTE, PARTICIPATION, DRAFT),
    ADOPTED: (IN_FORCE, COMMITTEE),
    IN_FORCE: (EVALUATED, SUPERSEDED, ADOPTED),
    EVALUATED: (SUPERSEDED, IN_FORCE),
    SUPERSEDED: (EVALUATED, IN_FORCE),
}
"""From each status the ones that may follow: first those ahead, then those back."""

PLANNING, VOTING, DECIDING, ACTING, JUDGING, OVER = range(6)
STATIONS: dict[str, int] = {
    DRAFT: PLANNING,
    PARTICIPATION: PLANNING,
    VOTE: VOTING,
    COMMITTEE: DECIDING,
    # Once the resolution is taken, the plan is to be carried out.
    ADOPTED: ACTING,
    IN_FORCE: ACTING,
    EVALUATED: JUDGING,
    SUPERSEDED: OVER,
}
"""Where a plan stands in the cycle that start pages draw, inside and in public."""

LARGEST_AGE = 5
"""A plan may be so many years old at the start of a funding year."""
AGEING = (ADOPTED, IN_FORCE, EVALUATED)
"""Only a plan that counts can become too old; a draft has not begun to age."""


ENDED = (EVALUATED, SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan as far as it matters for which one a start page shows."""

    key: int
    status: str
    starts_on: date | None
    is_voted_on: bool = False
    is_rated: bool = False


def in_focus(plans: Iterable[Candidate]) -> int | None:
    """
    Tell which plan a start page shows.

    First the one on which people vote, then one that people rate, then one that has not ended; of
    several the one that begins last.
    """
    first = max(
        plans,
        key=lambda one: (
            one.is_voted_on,
            one.is_rated,
            one.status not in ENDED,
            one.starts_on or date.min,
            one.key,
        ),
        default=None,
    )
    return first.key if first else None


def steps_from(status: str) -> tuple[str, ...]:
    """Give the statuses that may follow this one."""
    return STEPS[status]


def may_step(status: str, to: str) -> bool:
    """Tell whether a plan may go from one status to the other."""
    return to in STEPS[status]


def is_back(status: str, to: str) -> bool:
    """Tell whether the step leads back; whoever takes it says why."""
    return ORDER.index(to) < ORDER.index(status)


def may_be_superseded(status: str) -> bool:
    """Tell whether a plan can end because its successor comes into force."""
    return may_step(status, SUPERSEDED)


def begins_to_age(starts_on: date | None, adopted_on: list[date]) -> date | None:
    """Give the day from which the plan's age counts: its last adoption, else its begin."""
    return max(adopted_on) if adopted_on else starts_on


def is_too_old(since: date, funding_year: int) -> bool:
    """Tell whether a plan is more than five years old on 1 January of the funding year (R17)."""
    return _years_later(since, LARGEST_AGE) < date(funding_year, 1, 1)


def first_year_too_old(since: date | None, status: str, today: date) -> int | None:
    """
    Give the funding year, this one or the next, for which the plan is first too old.

    The next one is told in time, because writing a plan anew takes about a year.
    """
    if since is None or status not in AGEING:
        return None
    years = (today.year, today.year + 1)
    return next((year for year in years if is_too_old(since, year)), None)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
