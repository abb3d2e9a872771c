"""
Which territory lies in which, by way of merges, splits and new keys.

The parts that go from one version of an area to another are shares of the one before. All that
came before is followed forwards. What came after lies in a version only if all that it was made
of does, for how much of a merged area is an older one is not told by any transition.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WHOLE = Decimal(1)


class Share(NamedTuple):
    """How much of a version's territory lies in another; less than all of it is an estimate."""

    factor: Decimal

    @property
    def is_estimate(self) -> bool:
        """Tell whether counts multiplied by the factor are estimated."""
        return self.factor != WHOLE


class Step(NamedTuple):
    """The share of a version's territory that became part of another one."""

    before: int
    after: int
    share: Decimal


class Territories:
    """All transitions, followed in both directions."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._went_to: defaultdict[int, list[Step]] = defaultdict(list)
        self._came_from: defaultdict[int, list[Step]] = defaultdict(list)
        for step in steps:
            self._went_to[step.before].append(step)
            self._came_from[step.after].append(step)

    def shares_into(self, version: int) -> dict[int, Share]:
        """Give all versions that lie in this one wholly or in part, itself among them."""
        shares = {version: Share(WHOLE)}
        for other in self._reached(version, self._came_from, "before"):
            factor = self._forward(other, version, {})
            if factor > 0:
                shares[other] = Share(factor)
        shares.update(self._after(version, shares))
        return shares

    def _forward(self, here: int, target: int, known: dict[int, Decimal]) -> Decimal:
        """Sum the shares of all ways from an older version; never more than all of it."""
        if here == target:
            return WHOLE
        if here not in known:
            known[here] = Decimal(0)  # a circle would end here
            total = sum(
                (step.share * self._forward(step.after, target, known))
                for step in self._went_to[here]
            )
            known[here] = min(WHOLE, Decimal(total))
        return known[here]

    def _after(self, version: int, before: Mapping[int, Share]) -> dict[int, Share]:
        """Give the later versions that are made only of what lies in this one."""
        inside = {one for one, share in before.items() if not share.is_estimate}
        later = self._reached(version, self._went_to, "after")
        found: dict[int, Share] = {}
        grew = True
        while grew:
            grew = False
            for other in later - inside:
                if all(step.before in inside for step in self._came_from[other]):
                    inside.add(other)
                    found[other] = Share(WHOLE)
                    grew = True
        return found

    @staticmethod
    def _reached(start: int, steps: Mapping[int, list[Step]], end: str) -> set[int]:
        found: set[int] = set()
        waiting = [start]
        while waiting:
            for step in steps.get(waiting.pop(), []):
                other: int = getattr(step, end)
                if other not in found and other != start:
                    found.add(other)
                    waiting.append(other)
        return found
