"""
The geometry of the pictures of attainment: a bar of shares, and a track with now and before.

Plain Python; every function takes numbers and gives finished coordinates as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zusammenplan.core.charts.axis import short

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

BAR_WIDTH = 240
NARROWEST_NUMERAL = 16  # pixels that a number inside a part needs
TRACK_WIDTH, TRACK_EDGE = 140, 8
# What stays out of the average, after the steps.
APART = ("not-assessable", "dropped", "unrated")
DARK = {"step-5", "step-4", "green", "red"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: its look, where it stands, and the number in it."""

    look: str
    x: str
    width: str
    middle: str
    text: str
    is_dark: bool


@dataclass(frozen=True, slots=True)
class Track:
    """A line from 0 to 100 percent with the places of now and before."""

    now: str
    before: str


def looks(kind: str, count: int) -> list[str]:
    """
    Name the looks of a scale's steps, from the best to the worst.

    A traffic light has its colours, each with a pattern of its own; the others go from dark to
    light, so that the order can be seen without any colour.
    """
    if kind == "traffic_light":
        return ["green", "amber", "red"]
    return [f"step-{_tone(place, count)}" for place in range(count)]


def _tone(place: int, count: int) -> int:
    """Spread the steps over five tones."""
    return 5 if count == 1 else 5 - round(4 * place / (count - 1))


def bar(counts: Sequence[int], apart: Sequence[int], kind: str) -> tuple[Part, ...]:
    """Draw how many of all lie on each step; what stays out of the average comes last."""
    total = sum(counts) + sum(apart)
    parts = []
    done = 0
    for look, count in zip([*looks(kind, len(counts)), *APART], [*counts, *apart], strict=True):
        if not count:
            continue
        x, width = BAR_WIDTH * done / total, BAR_WIDTH * count / total
        done += count
        room = NARROWEST_NUMERAL + 8 * (len(str(count)) - 1)
        parts.append(
            Part(
                look=look,
                x=short(x),
                width=short(width),
                middle=short(x + width / 2),
                text=str(count) if width >= room else "",
                is_dark=look in DARK,
            )
        )
    return tuple(parts)


def track(now: Fraction, before: Fraction) -> Track:
    """Place the averages of now and before on a line from 0 to 100 percent."""

    def place(share: Fraction) -> str:
        return short(TRACK_EDGE + float(share) * (TRACK_WIDTH - 2 * TRACK_EDGE))

    return Track(place(now), place(before))
