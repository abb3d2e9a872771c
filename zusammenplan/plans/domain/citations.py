"""
When a cited value is told to be out of date.

A value is newer if its period ends later, and changed if it stands for the same period but reads
otherwise with the indicator's decimals. Nothing is told of a value that somebody has declined.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

News = Literal["newer", "changed"]


@dataclass(frozen=True, slots=True)
class Cited:
    """A value and the last day of its period."""

    ends_on: date
    value: Decimal


def news(cited: Cited, newest: Cited | None, declined: Cited | None, decimals: int) -> News | None:
    """Tell whether the newest value says something else than the cited one."""
    if newest is None or newest.ends_on < cited.ends_on:
        return None
    if declined is not None and _reads_alike(newest, declined, decimals):
        return None
    if newest.ends_on > cited.ends_on:
        return "newer"
    return None if _reads_alike(newest, cited, decimals) else "changed"


def _reads_alike(one: Cited, other: Cited, decimals: int) -> bool:
    places = Decimal(1).scaleb(-decimals)
    return one.ends_on == other.ends_on and one.value.quantize(places) == other.value.quantize(
        places
    )
