"""What numbers an indicator can have, how far it has come, what changing its kind would lose."""

import re
from collections.abc import Collection
from decimal import Decimal
from typing import Literal

from zusammenplan.indicators.domain.quantities import CHANGES

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


# What is counted or lasts: there is never less than none of it.
COUNTED = re.compile(
    r"(?:an)?zahl|stück|person|mensch|leute|einwohn|bewohn|kind|jugendl|senior|famil|haushalt"
    r"|teilnehm|teilnahme|besuch|nutz|gäste|mitglied|ehrenamt|fachkr|beratung|gespräch|termin"
    r"|veranstaltung|kurs|angebot|einricht|pl[aä]tz|stelle|wohnung|f[aä]ll|tag|woche|monat|stunde"
    r"|minute|jahr|number|piece|people|child|youth|household|participant|visit|user|guest|member"
    r"|volunteer|consultation|appointment|event|course|offer|place|post|flat|case|day|week|month"
    r"|hour|year",
    re.IGNORECASE,
)


def may_be_negative(text: str, unit: str) -> bool:
    """Tell whether there can be less than none of what is measured in this unit; of people not."""
    return not COUNTED.match(unit.strip()) or CHANGES.search(f"{text} {unit}") is not None


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
