"""What a status must explain, also that of a need or a goal, and since when a status holds."""

from datetime import date

# What ended otherwise than planned is explained to those who read the plan.
EXPLAINED = frozenset({"partly_done", "not_done", "dropped", "carried_over"})
# A need and a goal that still stand explain themselves; all else is explained.
STANDING = frozenset({"", "open", "pursued"})


def demands_reason(status: str) -> bool:
    """Tell whether the status needs a reason beside it."""
    return status in EXPLAINED


def lacks_reason(status: str, reason: str) -> bool:
    """Tell whether the reason that the status needs is missing."""
    return demands_reason(status) and not reason.strip()


def state_lacks_reason(state: str, reason: str) -> bool:
    """Tell whether the reason is missing that the state of a need or a goal needs."""
    return state not in STANDING and not reason.strip()


def since_when(
    before: str | None, status: str, *, said: date | None, stored: date | None, today: date
) -> date | None:
    """
    Tell since when the status holds: as somebody said, else today if it changes.

    A new measure (``before`` is None) may have its status since nobody knows when.
    """
    if said is not None:
        return said
    return today if before is not None and status != before else stored
