"""The rows of a plan's table that somebody takes over, and how they differ from the plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field as part
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

Kind = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of action, known by its code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class GoalRow:
    """
    A goal, known by its number, or by its title below the goal above it.

    ``key`` names it within the table; ``parent`` is the key of the one above. ``level`` is the
    name of its level. An empty cell says nothing.
    """

    key: str
    title: str
    parent: str | None = None
    level: str = ""
    number: str = ""
    text: str = ""
    field_code: str = ""
    period_text: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """
    A measure, known by its number, or by goal and title where it has none.

    An empty cell says nothing: it leaves what stands in the plan. So does the status ``None``.
    Goals, needs, partners, target groups, areas, costs and indicators are added to those in the
    plan; the amount of a year is replaced.
    """

    number: str
    title: str
    text: str = ""
    field_code: str = ""
    responsible: str = ""
    period_text: str = ""
    status: str | None = None
    goals: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    costs: tuple[tuple[int | None, Decimal], ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a record: the record's attribute, its name for people, before and after."""

    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    How one row stands to the plan; ``values`` is what the row would write.

    ``pk`` is the record that the row means, if there is one. ``left_out`` says in words what of
    the row cannot be written.
    """

    key: str
    title: str
    kind: Kind
    changes: tuple[Change, ...] = ()
    values: Mapping[str, object] = part(default_factory=dict)
    pk: int | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """All rows of a table next to the plan, in the order of the table."""

    fields: Sequence[Comparison]
    measures: Sequence[Comparison]
    goals: Sequence[Comparison] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows were new, changed something, or changed nothing."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Applied:
    """What taking over a table did; the ids are those of new and changed records."""

    fields: Counts
    measures: Counts
    field_ids: tuple[int, ...] = ()
    measure_ids: tuple[int, ...] = ()
    goals: Counts = part(default_factory=Counts)
    goal_ids: tuple[int, ...] = ()

    @property
    def written(self) -> int:
        """How many records were written."""
        return len(self.field_ids) + len(self.measure_ids) + len(self.goal_ids)


def counts(rows: Sequence[Comparison]) -> Counts:
    kinds = Counter(row.kind for row in rows)
    return Counts(kinds["new"], kinds["changed"], kinds["unchanged"])


def twice(keys: Sequence[str]) -> str | None:
    """Give the first key that stands in the table twice, if any."""
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    return None


def placed(present: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """
    Put new keys where the table has them: after the one before, else before the one after.

    What is present keeps its order, even if the table has another one.
    """
    order = list(present)
    for position, key in enumerate(wanted):
        if key in order:
            continue
        earlier = [other for other in wanted[:position] if other in order]
        later = [other for other in wanted[position + 1 :] if other in order]
        if earlier:
            order.insert(order.index(earlier[-1]) + 1, key)
        elif later:
            order.insert(order.index(later[0]), key)
        else:
            order.append(key)
    return order
