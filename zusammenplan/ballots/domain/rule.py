"""The settings of a round that decide about its result: scale, groups, rules."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

SECRET_MINIMUM = 5
"""So many must have voted before the result of a secret vote is shown to anybody (rule 10)."""


class Direction(StrEnum):
    """Which end of the scale is most urgent."""

    LOW_FIRST = "low_first"
    HIGH_FIRST = "high_first"


class OwnResult(StrEnum):
    """How a group's marks become the group's own value (rule 3)."""

    MAJORITY = "majority"
    MEDIAN = "median"


class TieRule(StrEnum):
    """What happens if several grades have most marks: median of them, or no value (rule 4)."""

    MEDIAN = "median"
    OPEN = "open"


class Pooling(StrEnum):
    """Whether the final median runs over one value a body or over everybody's marks (rule 5)."""

    BODIES = "bodies"
    PERSONS = "persons"


class HalfStep(StrEnum):
    """What becomes of a median that falls between two grades (rule 6)."""

    KEEP = "keep"
    MORE_URGENT = "more_urgent"
    LESS_URGENT = "less_urgent"
    CHAIR = "chair"


class RuleProblem(StrEnum):
    """A setting that cannot give a meaningful result."""

    NO_GROUP = "no_group"
    SAME_GROUP_TWICE = "same_group_twice"
    PERSONS_NOT_COUNTED = "persons_not_counted"
    MEDIAN_NOT_COUNTED = "median_not_counted"


class ScaleError(ValueError):
    """A scale needs at least two grades, and its lowest below its highest."""


@dataclass(frozen=True, slots=True)
class Scale:
    """
    The grades of a round and which end comes first (rule 1).

    :raises ScaleError: if there are fewer than two grades
    """

    lowest: int
    highest: int
    direction: Direction

    def __post_init__(self) -> None:
        if self.highest <= self.lowest:
            raise ScaleError(f"no scale from {self.lowest} to {self.highest}")

    def __contains__(self, grade: object) -> bool:
        return isinstance(grade, int) and self.lowest <= grade <= self.highest

    @property
    def grades(self) -> tuple[int, ...]:
        """All grades, most urgent first."""
        return tuple(sorted(range(self.lowest, self.highest + 1), key=self.urgency))

    @property
    def steps(self) -> int:
        """The number of grades."""
        return self.highest - self.lowest + 1

    @property
    def most_urgent(self) -> int:
        return self.lowest if self.direction == Direction.LOW_FIRST else self.highest

    @property
    def least_urgent(self) -> int:
        return self.highest if self.direction == Direction.LOW_FIRST else self.lowest

    def urgency(self, value: Fraction | int) -> Fraction | int:
        """Turn a value of the scale into a sorting key: the smaller, the more urgent."""
        return value if self.direction == Direction.LOW_FIRST else -value


@dataclass(frozen=True, slots=True)
class GroupRule:
    """
    How one group comes to its own value.

    ``counts_marks`` is false for a group that only names the grade with the most hands, as on the
    handout of 31.01.2025 (one x a measure). Its grade stands in the tally as one mark.
    """

    key: int
    own_result: OwnResult
    tie_rule: TieRule
    counts_marks: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """All settings of a round that decide about its result."""

    scale: Scale
    pooling: Pooling
    half_step: HalfStep
    groups: tuple[GroupRule, ...]


def check_rule(rule: Rule) -> list[RuleProblem]:
    """Tell which settings cannot give a meaningful result; empty if all is well."""
    keys = [group.key for group in rule.groups]
    uncounted = [group for group in rule.groups if not group.counts_marks]
    found = {
        RuleProblem.NO_GROUP: not keys,
        RuleProblem.SAME_GROUP_TWICE: len(set(keys)) < len(keys),
        RuleProblem.PERSONS_NOT_COUNTED: rule.pooling == Pooling.PERSONS and bool(uncounted),
        RuleProblem.MEDIAN_NOT_COUNTED: any(
            group.own_result == OwnResult.MEDIAN for group in uncounted
        ),
    }
    return [problem for problem, is_there in found.items() if is_there]


def may_show_result(secret: bool, voters: int) -> bool:  # noqa: FBT001 - two facts of one round
    """Tell whether the result may be seen: a secret one only from five voters on (rule 10)."""
    return not secret or voters >= SECRET_MINIMUM
