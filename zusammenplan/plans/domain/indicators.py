"""How far an indicator has come, and what changing its kind would lose."""

from collections.abc import Collection
from decimal import Decimal
from typing import Literal

Kind = Literal["verbal", "numeric"]
# What only an indicator of this kind can hold.
OWN_OF: dict[str, tuple[str, ...]] = {
    "verbal": ("reached_on", "evidence"),
    "numeric": (
        "unit",
        "unit_en",
        "baseline",
        "baseline_on",
        "target",
        "source",
        "tied_indicator",
        "values",
    ),
}


def progress(
    baseline: Decimal | None, target: Decimal | None, actual: Decimal | None
) -> Decimal | None:
    """
    Tell which share of the way from the baseline to the target is gone.

    Targets may rise or fall. The share is below 0 when things got worse, and above 1 beyond the
    target. It is nothing while one of the three is missing or the way has no length.
    """
    if baseline is None or target is None or actual is None or target == baseline:
        return None
    return (actual - baseline) / (target - baseline)


def is_reached(baseline: Decimal | None, target: Decimal | None, actual: Decimal | None) -> bool:
    """Tell whether the target is reached; without a baseline a target is one to rise to."""
    if target is None or actual is None:
        return False
    if baseline is not None and target < baseline:
        return actual <= target
    return actual >= target


def percent(share: Decimal) -> int:
    """Give the share in whole percent, towards nought, so that 99.6 % is not called reached."""
    return int(share * 100)


def lost_by(kind: str, filled: Collection[str]) -> list[str]:
    """Tell what of the filled parts an indicator of the other kind could not hold."""
    return [name for name in OWN_OF[kind] if name in filled]
