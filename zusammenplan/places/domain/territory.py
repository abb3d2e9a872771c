"""
Which territory lies in which, by way of merges, splits and new keys.

The parts that go from one version of an area to another are shares of the one before. All that
came before is followed forwards. What came after lies in a version only if all that it was made
of does, for how much of a merged area is an older one is not told by any transition; and from the
day on which a part of the territory went elsewhere, what is left does not add up to it any more.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

WHOLE = Decimal(1)
# Thirds are rounded.
ALMOST_WHOLE = Decimal("0.9999")


class Share(NamedTuple):
    """How much of a version's territory lies in another; less than all of it is an estimate."""

    factor: Decimal
    # From this day on a part of the territory is elsewhere, so figures of later days do not count.
    before: date | None = None

    @property
    def is_estimate(self) -> bool:
        """Tell whether counts multiplied by the factor are estimated."""
        return self.factor != WHOLE


class Step(NamedTuple):
    """The share of a version's territory that became part of another one on a day."""

    before: int
    after: int
    share: Decimal
    on: date


class Territories:
    """All transitions, followed in both directions."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._went_to: defaultdict[int, list[Step]] = defaultdict(list)
        self._came_from: defaultdict[int, list[Step]] = defaultdict(list)
        for step in steps:
            self._went_to[step.before].append(step)
            self._came_from[step.after].append(step)

    def shares_into(self, *versions: int) -> dict[int, Share]:
        """Give all that lies in these versions together, wholly or in part, themselves first."""
        shares = {version: Share(WHOLE) for version in versions}
        known: dict[int, Decimal] = dict.fromkeys(versions, WHOLE)
        for other in sorted(self._reached(versions, self._came_from, "before")):
            factor = self._forward(other, known)
            if factor > 0:
                shares[other] = Share(factor)
        later = self._inside(versions, shares)
        limit = self._complete_before([*versions, *later])
        if limit is None:
            return shares | dict.fromkeys(later, Share(WHOLE))
        shares |= dict.fromkeys(versions, Share(WHOLE, limit))
        first = min((step.on for one in versions for step in self._went_to[one]), default=limit)
        if first < limit:
            shares |= dict.fromkeys(later, Share(WHOLE, limit))
        return shares

    def made_of(self, version: int) -> list[int]:
        """Give the versions of before out of which, or out of parts of which, it was made."""
        return [step.before for step in self._came_from.get(version, ())]

    def _forward(self, here: int, known: dict[int, Decimal]) -> Decimal:
        """Sum the shares of all ways from an older version; never more than all of it."""
        if here not in known:
            known[here] = Decimal(0)  # a circle would end here
            total = sum(
                step.share * self._forward(step.after, known) for step in self._went_to[here]
            )
            known[here] = min(WHOLE, Decimal(total))
        return known[here]

    def _inside(self, versions: Sequence[int], older: Mapping[int, Share]) -> list[int]:
        """Give the later versions that are made only of what lies in these."""
        inside = {one for one, share in older.items() if not share.is_estimate}
        waiting = self._reached(versions, self._went_to, "after") - inside
        found: list[int] = []
        while added := sorted(
            one for one in waiting if all(step.before in inside for step in self._came_from[one])
        ):
            inside.update(added)
            waiting.difference_update(added)
            found += added
        return found

    def _complete_before(self, inside: Sequence[int]) -> date | None:
        """Give the first day on which a part of the territory went elsewhere; None if none did."""
        known = set(inside)
        broken = [
            min(step.on for step in steps)
            for version in inside
            if (steps := self._went_to[version])
            and sum(step.share for step in steps if step.after in known) < ALMOST_WHOLE
        ]
        return min(broken, default=None)

    @staticmethod
    def _reached(starts: Iterable[int], steps: Mapping[int, list[Step]], end: str) -> set[int]:
        found: set[int] = set()
        waiting = list(starts)
        first = set(waiting)
        while waiting:
            for step in steps.get(waiting.pop(), []):
                other: int = getattr(step, end)
                if other not in found and other not in first:
                    found.add(other)
                    waiting.append(other)
        return found
