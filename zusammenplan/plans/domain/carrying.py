"""
What becomes of the records of a plan in the next one (Fortschreibung).

The rules are told to planners in ``docs/rules/fortschreibung.md``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Decision(StrEnum):
    """What shall become of a record."""

    CARRY = "carry"
    ADAPT = "adapt"
    FINISHED = "finished"
    DROP = "drop"
    POSTPONE = "postpone"


GOES_ALONG = frozenset({Decision.CARRY, Decision.ADAPT})
NEEDS_REASON = frozenset({Decision.DROP})

OLD_MEASURE_STATUS = {
    Decision.CARRY: "carried_over",
    Decision.ADAPT: "carried_over",
    Decision.FINISHED: "done",
    Decision.DROP: "dropped",
    Decision.POSTPONE: "idea",
}
"""What the measure's status becomes in the plan that ends."""
OLD_GOAL_STATE = {
    Decision.FINISHED: "reached",
    Decision.DROP: "dropped",
    Decision.POSTPONE: "postponed",
}
OLD_NEED_STATE = {
    Decision.FINISHED: "met",
    Decision.DROP: "dropped",
    Decision.POSTPONE: "postponed",
}
NEW_MEASURE_STATUS = {
    "idea": "idea",
    "planned": "planned",
    "running": "running",
    "partly_done": "running",
    "done": "running",
    "not_done": "planned",
    "dropped": "planned",
    "carried_over": "planned",
}
"""With which status a measure begins in the new plan."""

SUGGESTIONS = {
    "measure": {"done": Decision.FINISHED, "dropped": Decision.DROP, "idea": Decision.POSTPONE},
    "goal": {
        "reached": Decision.FINISHED,
        "dropped": Decision.DROP,
        "postponed": Decision.POSTPONE,
    },
    "need": {"met": Decision.FINISHED, "dropped": Decision.DROP, "postponed": Decision.POSTPONE},
}


def suggestion(kind: str, standing: str, reason: str = "") -> Decision:
    """Suggest what shall become of a record from where it stands; somebody has to agree."""
    suggested = SUGGESTIONS[kind].get(standing, Decision.CARRY)
    # Dropping without a reason cannot be agreed to with one click.
    return Decision.CARRY if suggested in NEEDS_REASON and not reason else suggested


def demands_reason(decision: Decision, reason: str) -> bool:
    """Tell whether the decision still lacks its reason."""
    return decision in NEEDS_REASON and not reason.strip()


KeyT = TypeVar("KeyT")


def nearest_kept(
    node: KeyT, parents: Mapping[KeyT, KeyT | None], kept: frozenset[KeyT] | set[KeyT]
) -> KeyT | None:
    """Give the next node above that goes along, or None if there is none up to the top."""
    seen = {node}
    above = parents.get(node)
    while above is not None and above not in kept:
        if above in seen:
            return None
        seen.add(above)
        above = parents.get(above)
    return above


def is_over_before(ends_on: date | None, new_start: date | None) -> bool:
    """Tell whether a period lies wholly before the new plan and so says nothing in it."""
    return bool(ends_on and new_start and ends_on < new_start)


def cost_goes_along(year: int | None, start: date | None, end: date | None) -> bool:
    """Tell whether a cost belongs to the new plan; one without a year is not bound to any."""
    if year is None:
        return True
    return (start is None or year >= start.year) and (end is None or year <= end.year)
