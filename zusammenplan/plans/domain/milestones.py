"""When a milestone is due, late or done, and when moving it must be explained."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, TypeVar

MilestoneState = Literal["done", "overdue", "next", "open"]


@dataclass(frozen=True, slots=True)
class Due:
    """When a milestone is due and when it was done, in the order of the milestones."""

    due_on: date | None
    done_on: date | None = None


class HasDays(Protocol):
    """A milestone as far as it matters here: the days it is due and was done."""

    @property
    def due_on(self) -> date | None: ...
    @property
    def done_on(self) -> date | None: ...


M = TypeVar("M", bound=HasDays)


@dataclass(frozen=True, slots=True)
class Move:
    """What moved: the day that was set first, the day that holds now, and by how many days."""

    first: date
    now: date | None

    @property
    def days(self) -> int | None:
        """Tell by how many days; a positive number is later, nothing when no day holds now."""
        return None if self.now is None else (self.now - self.first).days


def demands_reason(old: date | None, new: date | None) -> bool:
    """Tell whether a change of the day must be explained: whenever one was set before."""
    return old is not None and new != old


def first_due(known: date | None, new: date | None) -> date | None:
    """Give the day that stays as the first one: what is known already, else the new one."""
    return known or new


def move_of(first: date | None, now: date | None) -> Move | None:
    """Tell what moved since the first day, or nothing."""
    return Move(first, now) if first is not None and first != now else None


def states(milestones: Sequence[Due], *, today: date) -> list[MilestoneState]:
    """Tell of each milestone whether it is done, late, the next one or simply open."""
    found: list[MilestoneState] = []
    has_next = False
    for one in milestones:
        if one.done_on is not None:
            found.append("done")
        elif one.due_on is not None and one.due_on < today:
            found.append("overdue")
            has_next = True
        else:
            found.append("open" if has_next else "next")
            has_next = True
    return found


def coming(milestones: Sequence[M]) -> M | None:
    """Give the milestone to be reached next, of those in order: the one due first, late or not."""
    waiting = [one for one in milestones if one.done_on is None]
    return min(waiting, key=lambda one: one.due_on or date.max, default=None)
