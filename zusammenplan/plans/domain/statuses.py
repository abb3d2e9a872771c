"""Which statuses of a measure must be explained."""

# What ended otherwise than planned is explained to those who read the plan.
EXPLAINED = frozenset({"partly_done", "not_done", "dropped", "carried_over"})


def demands_reason(status: str) -> bool:
    """Tell whether the status needs a reason beside it."""
    return status in EXPLAINED
