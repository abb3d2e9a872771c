"""
How a prioritisation is evaluated: from the groups' marks to the degree of each measure.

Plain Python, so that a planner can be shown it. ``docs/rules/prioritisation.md`` says the same
in German prose with worked figures; the numbers of the rules in this file are its headings. The
procedure is the one that Landkreis Hildburghausen printed on its handout of 31.01.2025: each
steering group votes on grades from 1 to 6, the groups' results are put together by the median,
and the median fixes the final degree. What the handout leaves open is a setting here.

Values are fractions throughout, so that nothing is ever rounded unseen.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import ceil, comb, floor
from statistics import median as middle_of
from typing import Any

SECRET_MINIMUM = 5
"""So many must have voted before the result of a secret vote is shown to anybody (rule 10)."""

Tally = Mapping[int, int]
"""How many marks each grade got."""

ChairGrade = int | Decimal | Fraction
"""What the chair can name: a whole grade, or the half step between two."""


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


class GradeOutsideScaleError(ValueError):
    """A mark names a grade that the round's scale does not have."""

    def __init__(self, grade: int, scale: "Scale") -> None:
        super().__init__(f"{grade} is not between {scale.lowest} and {scale.highest}")
        self.grade = grade
        self.scale = scale


class UnknownGroupError(LookupError):
    """Marks were handed in for a group that the rule does not know."""


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


@dataclass(frozen=True, slots=True)
class GroupResult:
    """
    What one group made of one item.

    ``majority`` is empty without marks and in a tie; ``tied`` then holds the grades that tie,
    ascending. ``value`` is what the group brings into the final median, by its own rule.
    """

    key: int
    tally: dict[int, int]
    marks: int
    majority: int | None
    tied: tuple[int, ...]
    median: Fraction | None
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """
    What became of one item.

    ``raw`` is the median before the half-step rule, ``degree`` the one after it. Without a degree
    an item either ``waits_for_chair``, or is held up by ``open_ties`` (its groups have marks, but
    each of them is tied and leaves the tie open), or is simply not rated.
    ``halfstep_moved`` tells that degree and raw median differ.
    ``marks`` counts all marks; the grade of a group that only names one counts as one.
    """

    key: int
    degree: Decimal | None
    raw: Fraction | None
    waits_for_chair: bool
    decided_by_chair: bool
    open_ties: bool
    halfstep_moved: bool
    marks: int
    agreement: float | None
    difference: Fraction | None
    groups: tuple[GroupResult, ...]
    rank: int | None = None
    shares_rank_with: int = 0

    @property
    def place(self) -> Fraction | None:
        """The value that puts the item in order: its degree, or what it waits with."""
        return self.raw if self.degree is None else Fraction(self.degree)


def median(tally: Tally) -> Fraction | None:
    """
    Find the value in the middle when all marks lie in a row (rule 3); none without marks.

    With an even number of marks it is halfway between the two in the middle.
    """
    marks = sum(tally.values())
    if not marks:
        return None
    return Fraction(_mark_at(tally, (marks - 1) // 2) + _mark_at(tally, marks // 2), 2)


def majority(tally: Tally) -> tuple[int, ...]:
    """Find the grade with the most marks (rule 3); several, ascending, if they tie."""
    most = max(tally.values(), default=0)
    return tuple(sorted(grade for grade, marks in tally.items() if marks == most > 0))


def agreement(tally: Tally, scale: Scale) -> float | None:
    """
    Measure how far the marks agree: van der Eijk's A (rule 8); none without marks.

    1 is all on one grade, 0 is evenly spread, -1 is half at either end of the scale. The tally is
    taken apart into layers: each is as high as its least grade that has marks at all, so within
    a layer a grade either has marks or not. A is the mean of the layers' agreements, weighted by
    the marks in them. Source: Cees van der Eijk, Measuring Agreement in Ordered Rating Scales,
    Quality and Quantity 35 (2001), pages 325 to 341.

    :raises GradeOutsideScaleError: if a mark is not on the scale
    """
    left = list(_fill(tally, scale).values())
    marks = sum(left)
    if not marks:
        return None
    total = Fraction(0)
    while any(left):
        height = min(count for count in left if count)
        layer = tuple(count > 0 for count in left)
        total += height * sum(layer) * _layer_agreement(layer)
        left = [count - height if count else 0 for count in left]
    return float(total / marks)


def evaluate(
    rule: Rule,
    tallies: Mapping[int, Mapping[int, Tally]],
    *,
    chair: Mapping[int, ChairGrade] | None = None,
) -> list[ItemResult]:
    """
    Evaluate a round: most urgent first, items of one degree in the order given, unrated last.

    ``tallies`` holds for each item each group's tally. ``chair`` holds what the chair decided for
    items that wait. A decision counts as long as it is one of ``chair_choices``: if marks change
    afterwards so that it no longer fits, the item waits again; if nothing is left to decide, the
    decision is idle.

    :raises GradeOutsideScaleError: if a mark is not on the scale
    :raises UnknownGroupError: if there are marks of a group that the rule does not know
    """
    decided = chair or {}
    return _in_order(
        (_evaluate_item(rule, key, given, decided.get(key)) for key, given in tallies.items()),
        rule.scale,
    )


def chair_choices(raw: Fraction, scale: Scale) -> tuple[Decimal, ...]:
    """
    List what the chair can decide for this median, most urgent first (rule 6).

    The two whole grades beside it and the half step between them; nothing for a whole grade.
    """
    if raw.denominator == 1:
        return ()
    below = Fraction(floor(raw))
    choices = (below, below + Fraction(1, 2), below + 1)
    return tuple(_decimal(choice) for choice in sorted(choices, key=scale.urgency))


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


def _mark_at(tally: Tally, position: int) -> int:
    """Give the mark at this position, from 0, when all marks lie in ascending order."""
    grades = iter(sorted(tally))
    grade = next(grades)
    passed = tally[grade]
    while passed <= position:
        grade = next(grades)
        passed += tally[grade]
    return grade


def _fill(tally: Tally, scale: Scale) -> dict[int, int]:
    """Give every grade of the scale its number of marks, ascending."""
    for grade in tally:
        if grade not in scale:
            raise GradeOutsideScaleError(grade, scale)
    return {grade: tally.get(grade, 0) for grade in range(scale.lowest, scale.highest + 1)}


@lru_cache(maxsize=4096)
def _layer_agreement(layer: tuple[bool, ...]) -> Fraction:
    """
    Measure the agreement of a layer whose grades either have marks or not.

    Of all triples of grades with one empty grade, the empty one lies outside (one peak) or
    between the two others (two peaks). The fewer grades are filled, the more the shape counts.
    """
    grades, filled = len(layer), sum(layer)
    one_peak = two_peaks = before = 0
    for is_filled in layer:
        if is_filled:
            before += 1
        else:
            one_peak += comb(before, 2) + comb(filled - before, 2)
            two_peaks += before * (filled - before)
    concentration = 1 - Fraction(filled - 1, grades - 1)
    if not two_peaks:
        return concentration
    triples = one_peak + two_peaks
    shape = Fraction(
        (grades - 2) * one_peak - (grades - 1) * two_peaks,
        (grades - 2) * triples,
    )
    return shape * concentration


def _evaluate_item(
    rule: Rule, key: int, given: Mapping[int, Tally], decision: ChairGrade | None
) -> ItemResult:
    """Evaluate one item; its rank is not known before all the others'."""
    if unknown := given.keys() - {group.key for group in rule.groups}:
        raise UnknownGroupError(f"no group {sorted(unknown)} in the rule")
    groups = tuple(
        _evaluate_group(group, _fill(given.get(group.key, {}), rule.scale)) for group in rule.groups
    )
    values = [group.value for group in groups if group.value is not None]
    if rule.pooling == Pooling.PERSONS:
        raw = median(_pool(groups))
    else:
        raw = middle_of(values) if values else None
    degree = None if raw is None else _settle(raw, rule, decision)
    marks = sum(group.marks for group in groups)
    return ItemResult(
        key=key,
        degree=None if degree is None else _decimal(degree),
        raw=raw,
        waits_for_chair=raw is not None and degree is None,
        decided_by_chair=(
            raw is not None
            and raw.denominator > 1
            and degree is not None
            and rule.half_step == HalfStep.CHAIR
        ),
        open_ties=raw is None and marks > 0,
        halfstep_moved=degree is not None and degree != raw,
        marks=marks,
        agreement=_pooled_agreement(rule, groups),
        difference=max(values) - min(values) if len(values) > 1 else None,
        groups=groups,
    )


def _evaluate_group(group: GroupRule, tally: dict[int, int]) -> GroupResult:
    """Find the group's own value (rules 3 and 4)."""
    most = majority(tally)
    if group.own_result == OwnResult.MEDIAN:
        value = median(tally)
    elif len(most) > 1 and group.tie_rule == TieRule.OPEN:
        value = None
    else:
        value = median(dict.fromkeys(most, 1))
    return GroupResult(
        key=group.key,
        tally=tally,
        marks=sum(tally.values()),
        majority=most[0] if len(most) == 1 else None,
        tied=most if len(most) > 1 else (),
        median=median(tally),
        value=value,
    )


def _pool(groups: Iterable[GroupResult]) -> Counter[int]:
    """Put the marks of the groups into one tally."""
    pooled: Counter[int] = Counter()
    for group in groups:
        pooled.update(group.tally)
    return pooled


def _pooled_agreement(rule: Rule, groups: tuple[GroupResult, ...]) -> float | None:
    """
    Measure the agreement of the marks that were counted, or else of the grades groups named.

    A single named grade says nothing about agreement: behind it stands a majority of any size.
    """
    counting = {group.key for group in rule.groups if group.counts_marks}
    if counting:
        return agreement(_pool(group for group in groups if group.key in counting), rule.scale)
    if sum(group.marks > 0 for group in groups) > 1:
        return agreement(_pool(groups), rule.scale)
    return None


def _settle(raw: Fraction, rule: Rule, decision: ChairGrade | None) -> Fraction | None:
    """Apply the half-step rule (rule 6); none if the chair has still to decide."""
    if raw.denominator == 1:
        return raw
    if rule.half_step == HalfStep.CHAIR:
        choices = chair_choices(raw, rule.scale)
        return next((Fraction(choice) for choice in choices if choice == decision), None)
    if rule.half_step == HalfStep.KEEP:
        return Fraction(_whole(raw * 2, rule.scale, more_urgent=True), 2)
    more_urgent = rule.half_step == HalfStep.MORE_URGENT
    return Fraction(_whole(raw, rule.scale, more_urgent=more_urgent))


def _whole(value: Fraction, scale: Scale, *, more_urgent: bool) -> int:
    """Go to the whole number beside the value, on the more or on the less urgent side."""
    downwards = (scale.direction == Direction.LOW_FIRST) == more_urgent
    return floor(value) if downwards else ceil(value)


def _decimal(value: Fraction) -> Decimal:
    """Write a whole or half value as a decimal; both are exact."""
    return Decimal(value.numerator) / value.denominator


def _in_order(results: Iterable[ItemResult], scale: Scale) -> list[ItemResult]:
    """Rank the items (rule 7): equal ones share a rank, and the next is skipped (1, 1, 3)."""
    unrated: list[ItemResult] = []
    places: dict[Fraction, list[ItemResult]] = {}
    for result in results:
        if result.place is None:
            unrated.append(result)
        else:
            places.setdefault(result.place, []).append(result)
    ranked: list[ItemResult] = []
    for place in sorted(places, key=scale.urgency):
        rank, others = len(ranked) + 1, len(places[place]) - 1
        ranked += [replace(item, rank=rank, shares_rank_with=others) for item in places[place]]
    return ranked + unrated


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


def to_record(item: ItemResult) -> dict[str, object]:
    """Write a result as plain values, so that it can be kept for ever beside its rule."""
    plain = asdict(item)
    plain["degree"] = _plain(item.degree)
    plain["raw"] = _plain(item.raw)
    plain["difference"] = _plain(item.difference)
    plain["groups"] = [
        {
            **asdict(group),
            "tally": {str(grade): count for grade, count in group.tally.items()},
            "tied": list(group.tied),
            "median": _plain(group.median),
            "value": _plain(group.value),
        }
        for group in item.groups
    ]
    return plain


def from_record(record: Mapping[str, Any]) -> ItemResult:
    """Read a result as :func:`to_record` wrote it."""
    groups = tuple(
        GroupResult(
            **{
                **group,
                "tally": {int(grade): count for grade, count in group["tally"].items()},
                "tied": tuple(group["tied"]),
                "median": _fraction(group["median"]),
                "value": _fraction(group["value"]),
            }
        )
        for group in record["groups"]
    )
    degree = record["degree"]
    return ItemResult(
        **{
            **record,
            "degree": None if degree is None else Decimal(degree),
            "raw": _fraction(record["raw"]),
            "difference": _fraction(record["difference"]),
            "groups": groups,
        }
    )


def rule_to_record(rule: Rule) -> dict[str, object]:
    """Write a rule as plain values."""
    return {**asdict(rule), "groups": [asdict(group) for group in rule.groups]}


def rule_from_record(record: Mapping[str, Any]) -> Rule:
    """Read a rule as :func:`rule_to_record` wrote it."""
    return Rule(
        scale=Scale(**record["scale"]),
        pooling=Pooling(record["pooling"]),
        half_step=HalfStep(record["half_step"]),
        groups=tuple(GroupRule(**group) for group in record["groups"]),
    )


def _plain(value: Decimal | Fraction | None) -> str | None:
    return None if value is None else str(value)


def _fraction(value: str | None) -> Fraction | None:
    return None if value is None else Fraction(value)
