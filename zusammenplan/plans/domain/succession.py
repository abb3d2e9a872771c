"""
What became of a plan's records in the plan after it, for the council's paper.

The answer follows from both plans alone, so that it also holds for plans that were written or
taken over by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from zusammenplan.plans.domain.comparison import FieldChange, Kind, What, compare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zusammenplan.plans.domain.comparison import RecordChange
    from zusammenplan.plans.domain.content import PlanContent


class Fate(StrEnum):
    """What became of a record, in the order of the paper."""

    CARRIED = "carried"
    ADAPTED = "adapted"
    NEW = "new"
    FINISHED = "finished"
    DROPPED = "dropped"
    POSTPONED = "postponed"
    LEFT = "left"


KINDS = (Kind.NEED, Kind.GOAL, Kind.MEASURE)
FATES = {
    "done": Fate.FINISHED,
    "met": Fate.FINISHED,
    "reached": Fate.FINISHED,
    "dropped": Fate.DROPPED,
    "not_done": Fate.LEFT,
    "idea": Fate.POSTPONED,
    "postponed": Fate.POSTPONED,
}
# What makes a record another one. Where it stands, what came of it and what it was rated is
# the business of the plan's year, not of its being written anew.
TELLING = {
    Kind.NEED: ("title", "text", "field", "strength", "areas", "target_groups", "life_situations"),
    Kind.GOAL: ("title", "text", "field", "parent", "period"),
    Kind.MEASURE: (
        "title",
        "text",
        "field",
        "responsible",
        "partners",
        "period",
        "goals",
        "areas",
        "target_groups",
        "life_situations",
    ),
}


@dataclass(frozen=True, slots=True)
class Succeeded:
    """A record with its fate; ``fields`` tell what was adapted."""

    kind: Kind
    fate: Fate
    before: Any
    after: Any
    reason: str = ""
    fields: tuple[FieldChange, ...] = ()

    @property
    def record(self) -> Any:
        return self.before if self.after is None else self.after


@dataclass(frozen=True, slots=True)
class Succession:
    """The fates of all needs, goals and measures of two plans."""

    records: tuple[Succeeded, ...]

    def of(self, kind: Kind, fate: Fate | None = None) -> tuple[Succeeded, ...]:
        return tuple(
            one for one in self.records if one.kind == kind and (fate is None or one.fate == fate)
        )


def succession(before: PlanContent, after: PlanContent) -> Succession:
    """Tell what became of each need, goal and measure."""
    compared = compare(before, after)
    gone = {one.key for kind in KINDS for one in compared.of(kind) if one.what == What.REMOVED}
    return Succession(tuple(_succeeded(one, gone) for kind in KINDS for one in compared.of(kind)))


def _succeeded(change: RecordChange, gone: set[str]) -> Succeeded:
    if change.what == What.ADDED:
        return Succeeded(change.kind, Fate.NEW, None, change.after)
    if change.what == What.REMOVED:
        standing, reason = _standing(change.kind, change.before)
        fate = FATES.get(standing, Fate.LEFT)
        return Succeeded(change.kind, fate, change.before, None, reason)
    telling = tuple(one for one in change.fields if _is_telling(change.kind, one, gone))
    fate = Fate.ADAPTED if telling else Fate.CARRIED
    return Succeeded(change.kind, fate, change.before, change.after, "", telling)


def _standing(kind: Kind, record: Any) -> tuple[str, str]:
    if kind == Kind.MEASURE:
        return record.status, record.status_reason
    return record.state, record.state_reason


def _is_telling(kind: Kind, change: FieldChange, gone: set[str]) -> bool:
    """Leave out what follows by itself: an ended period taken away, a link to what is gone."""
    if change.name not in TELLING[kind]:
        return False
    if change.name == "period":
        return bool(change.after)
    if change.name == "goals":
        return _without(change.before, gone) != tuple(change.after)
    if change.name == "parent":
        return change.before not in gone
    return True


def _without(identities: Sequence[str], gone: set[str]) -> tuple[str, ...]:
    return tuple(one for one in identities if one not in gone)
