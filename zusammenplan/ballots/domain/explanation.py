"""How a degree came about, as data from which a sentence in any language is made."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from zusammenplan.ballots.domain.evaluation import GroupResult, ItemResult, chair_choices
from zusammenplan.ballots.domain.rule import GroupRule, HalfStep, OwnResult, Pooling, Rule


class GroupReason(StrEnum):
    """Where a group's value comes from."""

    NO_MARKS = "no_marks"
    MAJORITY = "majority"
    TIE_MEDIAN = "tie_median"
    TIE_OPEN = "tie_open"
    MEDIAN = "median"


class DegreeReason(StrEnum):
    """Where the raw median comes from, or why there is none."""

    NOT_RATED = "not_rated"
    OPEN_TIES = "open_ties"
    ONE_BODY = "one_body"
    BODIES = "bodies"
    PERSONS = "persons"


class StepReason(StrEnum):
    """What the half-step rule did to the raw median."""

    NOTHING = "nothing"
    KEPT = "kept"
    TO_HALF_STEP = "to_half_step"
    MORE_URGENT = "more_urgent"
    LESS_URGENT = "less_urgent"
    WAITS_FOR_CHAIR = "waits_for_chair"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class GroupExplanation:
    """Why one group has its value; ``tied`` are the grades that tie, if that matters."""

    key: int
    reason: GroupReason
    value: Fraction | None
    tied: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    How a degree came about, as data: a sentence in any language can be made from it.

    ``choices`` is filled while the item waits for the chair.
    """

    reason: DegreeReason
    step: StepReason
    raw: Fraction | None
    degree: Decimal | None
    marks: int
    groups: tuple[GroupExplanation, ...]
    choices: tuple[Decimal, ...]


def explain(item: ItemResult, rule: Rule) -> Explanation:
    """Tell how the item came to its degree by this rule, or why it has none."""
    open_between = item.raw if item.waits_for_chair else None
    return Explanation(
        reason=_degree_reason(item, rule),
        step=_step_reason(item, rule),
        raw=item.raw,
        degree=item.degree,
        marks=item.marks,
        groups=tuple(
            _explain_group(result, group)
            for result, group in zip(item.groups, rule.groups, strict=True)
        ),
        choices=() if open_between is None else chair_choices(open_between, rule.scale),
    )


def _degree_reason(item: ItemResult, rule: Rule) -> DegreeReason:
    if item.open_ties:
        return DegreeReason.OPEN_TIES
    if item.raw is None:
        return DegreeReason.NOT_RATED
    if rule.pooling == Pooling.PERSONS:
        return DegreeReason.PERSONS
    bodies = sum(group.value is not None for group in item.groups)
    return DegreeReason.BODIES if bodies > 1 else DegreeReason.ONE_BODY


def _step_reason(item: ItemResult, rule: Rule) -> StepReason:
    if item.waits_for_chair:
        return StepReason.WAITS_FOR_CHAIR
    if item.decided_by_chair:
        return StepReason.CHAIR
    if item.raw is None or item.raw.denominator == 1:
        return StepReason.NOTHING
    if not item.halfstep_moved:
        return StepReason.KEPT
    if rule.half_step == HalfStep.KEEP:
        return StepReason.TO_HALF_STEP
    return StepReason(rule.half_step)


def _explain_group(result: GroupResult, group: GroupRule) -> GroupExplanation:
    by_majority = group.own_result == OwnResult.MAJORITY
    if not result.marks:
        reason = GroupReason.NO_MARKS
    elif not by_majority:
        reason = GroupReason.MEDIAN
    elif not result.tied:
        reason = GroupReason.MAJORITY
    elif result.value is None:
        reason = GroupReason.TIE_OPEN
    else:
        reason = GroupReason.TIE_MEDIAN
    return GroupExplanation(
        key=result.key,
        reason=reason,
        value=result.value,
        tied=result.tied if by_majority else (),
    )
