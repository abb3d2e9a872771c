"""The rules of prioritisation against calculations made another way, for any round."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import combinations, pairwise

from hypothesis import given, strategies as st

from zusammenplan.ballots.domain import (
    Direction,
    GroupRule,
    HalfStep,
    OwnResult,
    Pooling,
    Rule,
    Scale,
    Tally,
    TieRule,
    agreement,
    chair_choices,
    evaluate,
    explain,
    majority,
    median,
)

Round = tuple[Rule, dict[int, dict[int, dict[int, int]]]]

scales = st.builds(
    lambda lowest, steps, direction: Scale(lowest, lowest + steps, direction),
    st.integers(-3, 3),
    st.integers(1, 9),
    st.sampled_from(Direction),
)


def tallies_on(scale: Scale, *, most: int = 6) -> st.SearchStrategy[dict[int, int]]:
    return st.dictionaries(st.sampled_from(scale.grades), st.integers(0, most))


scales_with_tally = scales.flatmap(lambda scale: st.tuples(st.just(scale), tallies_on(scale)))


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    scale = draw(scales)
    groups = tuple(
        GroupRule(
            key,
            draw(st.sampled_from(OwnResult)),
            draw(st.sampled_from(TieRule)),
            draw(st.booleans()),
        )
        for key in range(draw(st.integers(1, 4)))
    )
    rule = Rule(scale, draw(st.sampled_from(Pooling)), draw(st.sampled_from(HalfStep)), groups)
    given_marks = st.dictionaries(
        st.sampled_from([group.key for group in groups]), tallies_on(scale, most=3)
    )
    items = draw(st.lists(st.integers(0, 99), unique=True, max_size=6))
    return rule, {item: draw(given_marks) for item in items}


def spread(tally: Tally) -> list[int]:
    """Lay out one number for each mark."""
    return [grade for grade, marks in tally.items() for _ in range(marks)]


def exact_median(values: Sequence[Fraction | int]) -> Fraction:
    """Strip the same number of values from both ends until one or two are left."""
    left = sorted(values)
    while len(left) > 2:
        left = left[1:-1]
    return Fraction(sum(left)) / len(left)


def agreement_by_triples(tally: Tally, scale: Scale) -> float:
    """Calculate van der Eijk's A as printed, with every triple of categories looked at."""
    grades = range(scale.lowest, scale.highest + 1)
    frequency = [tally.get(grade, 0) for grade in grades]
    size, count = sum(frequency), len(frequency)
    total = 0.0
    levels = sorted({marks for marks in frequency if marks})
    for below, level in zip([0, *levels], levels, strict=False):
        pattern = "".join("1" if marks >= level else "0" for marks in frequency)
        triples = Counter("".join(triple) for triple in combinations(pattern, 3))
        unimodal = triples["110"] + triples["011"]
        bimodal = triples["101"]
        filled = pattern.count("1")
        if filled in (1, count) or not bimodal:
            shape = 1.0
        else:
            shape = ((count - 2) * unimodal - (count - 1) * bimodal) / (
                (count - 2) * (unimodal + bimodal)
            )
        layer = shape * (1 - (filled - 1) / (count - 1))
        total += layer * filled * (level - below) / size
    return total


def value_of(group: GroupRule, tally: Tally) -> Fraction | None:
    marks = spread(tally)
    if not marks:
        return None
    if group.own_result is OwnResult.MEDIAN:
        return exact_median(marks)
    top = statistics.multimode(marks)
    return None if len(top) > 1 and group.tie_rule is TieRule.OPEN else exact_median(top)


def raw_of(rule: Rule, marks: Mapping[int, Tally]) -> Fraction | None:
    if rule.pooling is Pooling.PERSONS:
        values: list[Fraction | int] = [mark for tally in marks.values() for mark in spread(tally)]
    else:
        own = [value_of(group, marks.get(group.key, {})) for group in rule.groups]
        values = [value for value in own if value is not None]
    return exact_median(values) if values else None


def degree_of(rule: Rule, raw: Fraction) -> Decimal | None:
    """Round with the decimal module: quarters to halves, halves to wholes."""
    number = Decimal(raw.numerator) / raw.denominator
    low_first = rule.scale.direction is Direction.LOW_FIRST
    up, down = ROUND_CEILING, ROUND_FLOOR
    match rule.half_step:
        case HalfStep.KEEP:
            return (number * 2).quantize(Decimal(1), down if low_first else up) / 2
        case HalfStep.MORE_URGENT:
            return number.quantize(Decimal(1), down if low_first else up)
        case HalfStep.LESS_URGENT:
            return number.quantize(Decimal(1), up if low_first else down)
        case HalfStep.CHAIR:
            return number if number == int(number) else None


@given(scales_with_tally)
def test_median_is_that_of_all_marks_in_a_row(drawn: tuple[Scale, dict[int, int]]) -> None:
    _, tally = drawn
    marks = spread(tally)

    assert median(tally) == (statistics.median(marks) if marks else None)


@given(scales_with_tally)
def test_majority_is_every_mode(drawn: tuple[Scale, dict[int, int]]) -> None:
    _, tally = drawn

    assert majority(tally) == tuple(sorted(statistics.multimode(spread(tally))))


@given(scales_with_tally)
def test_agreement_is_that_of_the_printed_formula(drawn: tuple[Scale, dict[int, int]]) -> None:
    scale, tally = drawn
    measured = agreement(tally, scale)

    if not spread(tally):
        assert measured is None
    else:
        assert measured is not None
        assert abs(measured - agreement_by_triples(tally, scale)) < 1e-9


@given(scales_with_tally, st.integers(2, 1000))
def test_agreement_stays_the_same_in_the_mirror_and_in_a_larger_crowd(
    drawn: tuple[Scale, dict[int, int]], times: int
) -> None:
    scale, tally = drawn
    mirrored = {scale.lowest + scale.highest - grade: marks for grade, marks in tally.items()}
    crowd = {grade: marks * times for grade, marks in tally.items()}

    assert agreement(tally, scale) == agreement(mirrored, scale) == agreement(crowd, scale)


@given(scales_with_tally)
def test_agreement_is_one_on_one_grade_alone_and_never_leaves_its_bounds(
    drawn: tuple[Scale, dict[int, int]],
) -> None:
    scale, tally = drawn
    measured = agreement(tally, scale)

    if measured is not None:
        assert -1 <= measured <= 1
        assert (measured == 1) == (len(set(spread(tally))) == 1)


@given(scales)
def test_scale_agrees_with_a_plain_list_of_its_grades(scale: Scale) -> None:
    grades = list(range(scale.lowest, scale.highest + 1))
    if scale.direction is Direction.HIGH_FIRST:
        grades.reverse()

    assert scale.grades == tuple(grades)
    assert (scale.most_urgent, scale.least_urgent) == (grades[0], grades[-1])
    assert scale.steps == len(grades)
    for one, other in combinations(grades, 2):
        assert scale.urgency(one) < scale.urgency(other)


@given(rounds())
def test_values_and_degrees_are_those_of_a_plain_calculation(
    drawn: Round,
) -> None:
    rule, tallies = drawn

    for item in evaluate(rule, tallies):
        marks = tallies[item.key]
        raw = raw_of(rule, marks)
        values = [value_of(group, marks.get(group.key, {})) for group in rule.groups]
        known = [value for value in values if value is not None]
        assert [group.value for group in item.groups] == values
        assert item.raw == raw
        assert item.degree == (None if raw is None else degree_of(rule, raw))
        assert item.waits_for_chair == (raw is not None and item.degree is None)
        assert item.difference == (max(known) - min(known) if len(known) > 1 else None)
        assert item.marks == sum(len(spread(tally)) for tally in marks.values())
        assert item.open_ties == (raw is None and item.marks > 0)


@given(rounds())
def test_degree_is_whole_or_half_and_on_the_scale(
    drawn: Round,
) -> None:
    rule, tallies = drawn

    for item in evaluate(rule, tallies):
        if item.degree is not None:
            assert item.raw is not None
            assert item.degree * 2 == int(item.degree * 2)
            assert rule.scale.lowest <= item.degree <= rule.scale.highest
            assert abs(Fraction(item.degree) - item.raw) < 1


@given(rounds())
def test_ranks_are_those_of_counting_who_stands_before(
    drawn: Round,
) -> None:
    rule, tallies = drawn
    items = evaluate(rule, tallies)
    given_order = list(tallies)
    low_first = rule.scale.direction is Direction.LOW_FIRST

    def place(key: int) -> Fraction | None:
        raw = raw_of(rule, tallies[key])
        if raw is None:
            return None
        degree = degree_of(rule, raw)
        return raw if degree is None else Fraction(degree)

    places = {key: where for key in given_order if (where := place(key)) is not None}
    rated = sorted(
        places,
        key=lambda key: (places[key] if low_first else -places[key], given_order.index(key)),
    )
    unrated = [key for key in given_order if key not in places]
    assert [item.key for item in items] == rated + unrated
    for item in items:
        if item.key in places:
            mine = places[item.key]
            before = [other for other in places.values() if (other < mine) == low_first]
            strictly_before = [other for other in before if other != mine]
            assert item.rank == 1 + len(strictly_before)
            assert item.shares_rank_with == list(places.values()).count(mine) - 1
        else:
            assert (item.rank, item.shares_rank_with) == (None, 0)


@given(rounds())
def test_mirrored_round_gives_the_same_ranks_and_mirrored_degrees(
    drawn: Round,
) -> None:
    rule, tallies = drawn
    scale = rule.scale
    turned = Direction.HIGH_FIRST if scale.direction is Direction.LOW_FIRST else Direction.LOW_FIRST
    ends = scale.lowest + scale.highest
    mirrored_rule = Rule(
        Scale(scale.lowest, scale.highest, turned), rule.pooling, rule.half_step, rule.groups
    )
    mirrored = {
        item: {
            group: {ends - grade: marks for grade, marks in tally.items()}
            for group, tally in groups.items()
        }
        for item, groups in tallies.items()
    }

    here, there = evaluate(rule, tallies), evaluate(mirrored_rule, mirrored)

    assert [(item.key, item.rank) for item in here] == [(item.key, item.rank) for item in there]
    for item, image in zip(here, there, strict=True):
        assert item.agreement == image.agreement
        assert item.degree == (None if image.degree is None else ends - image.degree)


@given(scales, st.data())
def test_every_choice_of_the_chair_is_taken_and_nothing_else(
    scale: Scale, data: st.DataObject
) -> None:
    lower = data.draw(st.integers(scale.lowest, scale.highest - 1))
    quarters = data.draw(st.integers(1, 3))
    halfway = {lower: 1, lower + 1: 1}
    beside = {1: {lower: 1}, 2: {}, 3: {lower + 1: 1}}[quarters]
    given_marks = {1: halfway, 2: beside}
    groups = tuple(GroupRule(key, OwnResult.MEDIAN, TieRule.MEDIAN) for key in given_marks)
    rule = Rule(scale, Pooling.BODIES, HalfStep.CHAIR, groups)
    allowed = {Decimal(lower), Decimal(lower) + Decimal("0.5"), Decimal(lower + 1)}

    choices = chair_choices(lower + Fraction(quarters, 4), scale)

    assert set(choices) == allowed
    assert all(
        scale.urgency(one) < scale.urgency(other) for one, other in pairwise(map(Fraction, choices))
    )
    for tenths in range(-30, 41):
        decision = lower + Decimal(tenths) / 10
        [item] = evaluate(rule, {1: given_marks}, chair={1: decision})
        assert item.raw == lower + Fraction(quarters, 4)
        assert item.degree == (decision if decision in allowed else None)
        assert item.decided_by_chair == (decision in allowed)
        assert item.waits_for_chair == (decision not in allowed)


@given(rounds())
def test_every_result_can_explain_itself(
    drawn: Round,
) -> None:
    rule, tallies = drawn

    for item in evaluate(rule, tallies):
        told = explain(item, rule)
        assert (told.raw, told.degree, told.marks) == (item.raw, item.degree, item.marks)
        assert [group.value for group in told.groups] == [group.value for group in item.groups]
        assert bool(told.choices) == item.waits_for_chair
