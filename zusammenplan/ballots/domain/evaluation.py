"""From the groups' marks to the degree and the rank of each measure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from statistics import median as middle_of

from zusammenplan.ballots.domain.rule import (
    Direction,
    GroupRule,
    HalfStep,
    OwnResult,
    Pooling,
    Rule,
    Scale,
    TieRule,
)
from zusammenplan.ballots.domain.tallies import (
    Tally,
    agreement,
    fill,
    majority,
    median,
)

ChairGrade = int | Decimal | Fraction
"""What the chair can name: a whole grade, or the half step between two."""


class UnknownGroupError(LookupError):
    """Marks were handed in for a group that the rule does not know."""


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


def _evaluate_item(
    rule: Rule, key: int, given: Mapping[int, Tally], decision: ChairGrade | None
) -> ItemResult:
    """Evaluate one item; its rank is not known before all the others'."""
    if unknown := given.keys() - {group.key for group in rule.groups}:
        raise UnknownGroupError(f"no group {sorted(unknown)} in the rule")
    groups = tuple(
        _evaluate_group(group, fill(given.get(group.key, {}), rule.scale)) for group in rule.groups
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
