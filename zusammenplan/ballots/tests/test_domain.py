"""The rules of prioritisation, with the figures worked through in docs/rules/prioritisation.md."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

from zusammenplan.ballots.domain import (
    ChairGrade,
    DegreeReason,
    Direction,
    GradeOutsideScaleError,
    GroupExplanation,
    GroupReason,
    GroupRule,
    HalfStep,
    ItemResult,
    OwnResult,
    Pooling,
    Rule,
    RuleProblem,
    Scale,
    ScaleError,
    StepReason,
    Tally,
    TieRule,
    UnknownGroupError,
    agreement,
    chair_choices,
    check_rule,
    evaluate,
    explain,
    majority,
    may_show_result,
    median,
)

SCALE = Scale(1, 6, Direction.LOW_FIRST)
POINTS = Scale(0, 10, Direction.HIGH_FIRST)
EXTERNAL, INTERNAL, COUNCIL = 1, 2, 3

# The external steering group's crosses of 31.01.2025, by the number of the measure.
CROSSES: dict[str, dict[int, int]] = {
    "1.1": {3: 1}, "1.2": {}, "1.3": {3: 1},
    "2.1": {1: 1}, "2.2": {1: 1}, "2.3": {1: 1},
    "3.1": {2: 1}, "3.2": {2: 1},
    "4.1": {3: 1}, "4.2": {2: 1},
    "5.1": {1: 1}, "5.2": {2: 1},
    "6.1": {3: 1}, "6.2": {2: 1}, "6.3": {1: 1}, "6.4": {1: 1},
}  # fmt: skip

# The second group is invented; it shows medians, ties and half steps.
COUNTED: dict[str, dict[int, int]] = {
    "1.1": {1: 4, 3: 1, 6: 4},
    "1.2": {2: 5, 3: 3, 4: 1},
    "2.2": {1: 2, 2: 5, 3: 2},
    "2.3": {1: 6, 2: 2, 3: 1},
    "3.1": {2: 4, 3: 4, 4: 1},
    "6.4": {3: 2, 4: 5, 5: 2},
}


def make_group(
    key: int = EXTERNAL,
    *,
    own_result: OwnResult = OwnResult.MAJORITY,
    tie_rule: TieRule = TieRule.MEDIAN,
    counts_marks: bool = True,
) -> GroupRule:
    return GroupRule(key, own_result, tie_rule, counts_marks)


def make_rule(
    *groups: GroupRule,
    scale: Scale = SCALE,
    pooling: Pooling = Pooling.BODIES,
    half_step: HalfStep = HalfStep.KEEP,
) -> Rule:
    return Rule(scale, pooling, half_step, groups)


def evaluate_one(
    rule: Rule, given: Mapping[int, Tally], *, chair: ChairGrade | None = None
) -> ItemResult:
    [item] = evaluate(rule, {1: given}, chair=None if chair is None else {1: chair})
    return item


def evaluate_hildburghausen(
    *, half_step: HalfStep = HalfStep.KEEP, tie_rule: TieRule = TieRule.MEDIAN
) -> dict[str, ItemResult]:
    rule = make_rule(
        make_group(EXTERNAL, counts_marks=False),
        make_group(INTERNAL, tie_rule=tie_rule),
        half_step=half_step,
    )
    numbers = list(COUNTED)
    items = evaluate(
        rule,
        {
            position: {EXTERNAL: CROSSES[number], INTERNAL: COUNTED[number]}
            for position, number in enumerate(numbers)
        },
    )
    return {numbers[item.key]: item for item in items}


# The scale


@pytest.mark.parametrize(("lowest", "highest"), [(3, 3), (6, 1)])
def test_scale_with_fewer_than_two_grades_is_refused(lowest: int, highest: int) -> None:
    with pytest.raises(ScaleError):
        Scale(lowest, highest, Direction.LOW_FIRST)


def test_scale_lists_its_grades_most_urgent_first() -> None:
    assert SCALE.grades == (1, 2, 3, 4, 5, 6)
    assert Scale(1, 3, Direction.HIGH_FIRST).grades == (3, 2, 1)


def test_scale_knows_its_ends_and_its_number_of_grades() -> None:
    assert (SCALE.most_urgent, SCALE.least_urgent, SCALE.steps) == (1, 6, 6)
    assert (POINTS.most_urgent, POINTS.least_urgent, POINTS.steps) == (10, 0, 11)


def test_scale_contains_whole_grades_between_its_ends_only() -> None:
    assert 1 in SCALE
    assert 6 in SCALE
    assert 0 not in SCALE
    assert 7 not in SCALE
    assert Fraction(3, 2) not in SCALE


def test_scale_compares_in_its_direction() -> None:
    assert SCALE.urgency(1) < SCALE.urgency(2)
    assert POINTS.urgency(Fraction(15, 2)) < POINTS.urgency(7)


# Median, majority, agreement


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        ({}, None),
        ({1: 0, 2: 0}, None),
        ({4: 1}, 4),
        ({1: 2, 2: 5, 3: 2}, 2),
        ({2: 1, 1: 1}, Fraction(3, 2)),
        ({1: 2, 6: 2}, Fraction(7, 2)),
        ({1: 1, 2: 0, 3: 1}, 2),
    ],
)
def test_median_is_the_value_in_the_middle(tally: Tally, expected: Fraction | None) -> None:
    assert median(tally) == expected


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        ({}, ()),
        ({1: 0, 2: 0}, ()),
        ({1: 6, 2: 2, 3: 1}, (1,)),
        ({3: 4, 2: 4, 4: 1}, (2, 3)),
    ],
)
def test_majority_is_every_grade_with_most_marks(tally: Tally, expected: tuple[int, ...]) -> None:
    assert majority(tally) == expected


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        ({}, None),
        ({4: 1}, 1),
        ({4: 19}, 1),
        ({1: 3, 2: 3, 3: 3, 4: 3, 5: 3, 6: 3}, 0),
        ({1: 9, 6: 9}, -1),
        ({1: 2, 2: 5, 3: 2}, 0.7333),
        ({1: 4, 3: 1, 6: 4}, -0.7667),
    ],
)
def test_agreement_runs_from_one_grade_for_all_to_two_camps(
    tally: Tally, expected: float | None
) -> None:
    assert agreement(tally, SCALE) == (expected and pytest.approx(expected, abs=5e-5))


def test_agreement_gives_the_figure_of_the_published_reference_calculation() -> None:
    counts = (30, 40, 210, 130, 530, 50, 10)

    measured = agreement(dict(enumerate(counts, 1)), Scale(1, 7, Direction.LOW_FIRST))

    assert measured == pytest.approx(0.6113333, abs=5e-8)


def test_agreement_on_two_grades_is_the_lead_of_the_larger_side() -> None:
    assert agreement({0: 3, 1: 1}, Scale(0, 1, Direction.HIGH_FIRST)) == 0.5


def test_agreement_refuses_a_grade_outside_the_scale() -> None:
    with pytest.raises(GradeOutsideScaleError):
        agreement({7: 1}, SCALE)


# A group's own result


@pytest.mark.parametrize(
    ("own_result", "tie_rule", "tally", "expected"),
    [
        (OwnResult.MAJORITY, TieRule.MEDIAN, {1: 3, 5: 2, 6: 2}, 1),
        (OwnResult.MEDIAN, TieRule.MEDIAN, {1: 3, 5: 2, 6: 2}, 5),
        (OwnResult.MAJORITY, TieRule.MEDIAN, {2: 4, 3: 4, 4: 1}, Fraction(5, 2)),
        (OwnResult.MAJORITY, TieRule.MEDIAN, {1: 2, 2: 2, 6: 2}, 2),
        (OwnResult.MAJORITY, TieRule.OPEN, {2: 4, 3: 4, 4: 1}, None),
        (OwnResult.MEDIAN, TieRule.OPEN, {2: 4, 3: 4, 4: 1}, 3),
        (OwnResult.MAJORITY, TieRule.MEDIAN, {}, None),
        (OwnResult.MEDIAN, TieRule.MEDIAN, {}, None),
    ],
)
def test_group_comes_to_its_value_by_its_own_rule(
    own_result: OwnResult, tie_rule: TieRule, tally: Tally, expected: Fraction | None
) -> None:
    rule = make_rule(make_group(own_result=own_result, tie_rule=tie_rule))

    [group] = evaluate_one(rule, {EXTERNAL: tally}).groups

    assert group.value == expected


def test_group_shows_every_grade_of_the_scale_with_its_marks() -> None:
    [group] = evaluate_one(make_rule(make_group()), {EXTERNAL: {2: 5, 1: 2}}).groups

    assert group.tally == {1: 2, 2: 5, 3: 0, 4: 0, 5: 0, 6: 0}
    assert (group.marks, group.majority, group.tied, group.median) == (7, 2, (), Fraction(2))


def test_group_shows_a_tie_as_a_tie() -> None:
    [group] = evaluate_one(make_rule(make_group()), {EXTERNAL: {2: 4, 3: 4, 4: 1}}).groups

    assert (group.majority, group.tied, group.median) == (None, (2, 3), Fraction(3))


# The Hildburghausen figures


def test_first_vote_of_31_january_2025_ranks_15_measures_and_leaves_1_2_unrated() -> None:
    rule = make_rule(make_group(EXTERNAL, counts_marks=False), make_group(INTERNAL))
    numbers = list(CROSSES)

    items = evaluate(
        rule, {position: {EXTERNAL: cross} for position, cross in enumerate(CROSSES.values())}
    )

    assert [(item.rank, item.degree, numbers[item.key]) for item in items] == [
        *[(1, 1, number) for number in ("2.1", "2.2", "2.3", "5.1", "6.3", "6.4")],
        *[(7, 2, number) for number in ("3.1", "3.2", "4.2", "5.2", "6.2")],
        *[(12, 3, number) for number in ("1.1", "1.3", "4.1", "6.1")],
        (None, None, "1.2"),
    ]
    assert {item.shares_rank_with for item in items} == {5, 4, 3, 0}
    assert {item.agreement for item in items} == {None}


@pytest.mark.parametrize(
    ("number", "raw", "degree", "difference", "rank"),
    [
        ("2.3", 1, "1", 0, 1),
        ("2.2", Fraction(3, 2), "1.5", 1, 2),
        ("1.2", 2, "2", None, 3),
        ("3.1", Fraction(9, 4), "2", Fraction(1, 2), 3),
        ("6.4", Fraction(5, 2), "2.5", 3, 5),
        ("1.1", Fraction(13, 4), "3", Fraction(1, 2), 6),
    ],
)
def test_worked_example_of_two_groups(
    number: str, raw: Fraction, degree: str, difference: Fraction | None, rank: int
) -> None:
    item = evaluate_hildburghausen()[number]

    assert item.raw == raw
    assert item.degree == Decimal(degree)
    assert item.difference == difference
    assert item.rank == rank


@pytest.mark.parametrize(
    ("half_step", "expected"),
    [
        (HalfStep.KEEP, {"2.2": "1.5", "3.1": "2", "6.4": "2.5", "1.1": "3"}),
        (HalfStep.MORE_URGENT, {"2.2": "1", "3.1": "2", "6.4": "2", "1.1": "3"}),
        (HalfStep.LESS_URGENT, {"2.2": "2", "3.1": "3", "6.4": "3", "1.1": "4"}),
        (HalfStep.CHAIR, {"2.2": None, "3.1": None, "6.4": None, "1.1": None}),
    ],
)
def test_worked_example_by_each_half_step_rule(
    half_step: HalfStep, expected: dict[str, str | None]
) -> None:
    items = evaluate_hildburghausen(half_step=half_step)

    degrees = {number: items[number].degree for number in expected}

    assert degrees == {number: text and Decimal(text) for number, text in expected.items()}


def test_worked_example_with_open_ties_counts_the_other_group_alone() -> None:
    items = evaluate_hildburghausen(tie_rule=TieRule.OPEN)

    assert (items["3.1"].degree, items["3.1"].difference) == (Decimal(2), None)
    assert not items["3.1"].open_ties


def test_worked_example_measures_agreement_of_the_counted_marks_alone() -> None:
    measured = {number: item.agreement for number, item in evaluate_hildburghausen().items()}

    assert measured == pytest.approx(
        {"2.3": 0.82, "2.2": 0.73, "1.2": 0.78, "3.1": 0.73, "6.4": 0.73, "1.1": -0.77}, abs=5e-3
    )


# Bodies or persons


def test_pooling_decides_whether_a_small_body_weighs_as_much_as_a_large_one() -> None:
    given = {EXTERNAL: {1: 3}, INTERNAL: {3: 9}}
    groups = make_group(EXTERNAL), make_group(INTERNAL)

    by_bodies = evaluate_one(make_rule(*groups, pooling=Pooling.BODIES), given)
    by_persons = evaluate_one(make_rule(*groups, pooling=Pooling.PERSONS), given)

    assert (by_bodies.degree, by_persons.degree) == (Decimal(2), Decimal(3))
    assert by_bodies.difference == by_persons.difference == 2
    assert by_bodies.marks == by_persons.marks == 12


def test_pooling_of_persons_is_not_held_up_by_an_open_tie() -> None:
    rule = make_rule(make_group(tie_rule=TieRule.OPEN), pooling=Pooling.PERSONS)

    item = evaluate_one(rule, {EXTERNAL: {2: 4, 3: 4}})

    assert (item.degree, item.open_ties) == (Decimal("2.5"), False)


def test_three_bodies_have_a_value_in_the_middle() -> None:
    rule = make_rule(make_group(EXTERNAL), make_group(INTERNAL), make_group(COUNCIL))

    item = evaluate_one(rule, {EXTERNAL: {1: 1}, INTERNAL: {2: 1}, COUNCIL: {6: 1}})

    assert (item.degree, item.difference) == (Decimal(2), Fraction(5))


# Nothing said is never the worst grade


def test_item_without_marks_is_unrated_and_last() -> None:
    items = evaluate(make_rule(make_group()), {1: {}, 2: {EXTERNAL: {6: 1}}, 3: {EXTERNAL: {}}})

    assert [(item.key, item.rank) for item in items] == [(2, 1), (1, None), (3, None)]
    unrated = items[1]
    assert (unrated.degree, unrated.raw, unrated.place, unrated.agreement) == (None,) * 4
    assert (unrated.marks, unrated.shares_rank_with) == (0, 0)
    assert not unrated.open_ties
    assert not unrated.waits_for_chair


def test_item_whose_groups_are_all_tied_open_has_no_degree_but_is_not_unrated() -> None:
    rule = make_rule(make_group(tie_rule=TieRule.OPEN))

    item = evaluate_one(rule, {EXTERNAL: {2: 4, 3: 4}})

    assert (item.degree, item.rank, item.marks) == (None, None, 8)
    assert item.open_ties


def test_rule_without_groups_leaves_everything_unrated() -> None:
    item = evaluate_one(make_rule(), {})

    assert (item.degree, item.groups) == (None, ())


def test_one_voter_decides_alone() -> None:
    item = evaluate_one(make_rule(make_group()), {EXTERNAL: {4: 1}})

    assert (item.degree, item.rank, item.agreement) == (Decimal(4), 1, 1.0)


# Half steps


@pytest.mark.parametrize(
    ("direction", "half_step", "degree"),
    [
        (Direction.LOW_FIRST, HalfStep.KEEP, "1.5"),
        (Direction.LOW_FIRST, HalfStep.MORE_URGENT, "1"),
        (Direction.LOW_FIRST, HalfStep.LESS_URGENT, "2"),
        (Direction.HIGH_FIRST, HalfStep.KEEP, "2"),
        (Direction.HIGH_FIRST, HalfStep.MORE_URGENT, "2"),
        (Direction.HIGH_FIRST, HalfStep.LESS_URGENT, "1"),
    ],
)
def test_quarter_step_goes_to_the_more_urgent_side_of_the_direction(
    direction: Direction, half_step: HalfStep, degree: str
) -> None:
    rule = make_rule(
        make_group(EXTERNAL),
        make_group(INTERNAL),
        scale=Scale(1, 6, direction),
        half_step=half_step,
    )

    item = evaluate_one(rule, {EXTERNAL: {1: 4, 2: 4}, INTERNAL: {2: 4}})

    assert item.raw == Fraction(7, 4)
    assert item.degree == Decimal(degree)
    assert item.halfstep_moved


def test_half_step_that_is_kept_has_not_moved() -> None:
    item = evaluate_one(make_rule(make_group()), {EXTERNAL: {1: 4, 2: 4}})

    assert (item.degree, item.halfstep_moved) == (Decimal("1.5"), False)


def test_half_step_rule_moves_the_final_degree_and_no_group_value() -> None:
    rule = make_rule(make_group(EXTERNAL), make_group(INTERNAL), half_step=HalfStep.LESS_URGENT)

    item = evaluate_one(rule, {EXTERNAL: {1: 4, 2: 4}, INTERNAL: {1: 4, 2: 4}})

    assert [group.value for group in item.groups] == [Fraction(3, 2)] * 2
    assert item.degree == 2


# The chair


CHAIR_RULE = make_rule(make_group(), half_step=HalfStep.CHAIR)
ONE_AND_A_HALF = {EXTERNAL: {1: 4, 2: 4}}


def test_item_that_waits_for_the_chair_keeps_its_place_in_the_order() -> None:
    items = evaluate(CHAIR_RULE, {1: {EXTERNAL: {2: 1}}, 2: ONE_AND_A_HALF, 3: {EXTERNAL: {1: 1}}})

    assert [(item.key, item.rank, item.degree) for item in items] == [
        (3, 1, 1),
        (2, 2, None),
        (1, 3, 2),
    ]
    assert [item.waits_for_chair for item in items] == [False, True, False]
    assert not items[1].halfstep_moved


@pytest.mark.parametrize(
    ("decision", "moved"),
    [(1, True), (2, True), (Decimal("1.5"), False), (Fraction(3, 2), False)],
)
def test_chair_may_name_a_neighbouring_grade_or_the_half_step(
    decision: ChairGrade, *, moved: bool
) -> None:
    item = evaluate_one(CHAIR_RULE, ONE_AND_A_HALF, chair=decision)

    assert item.degree == decision
    assert item.decided_by_chair
    assert item.halfstep_moved is moved
    assert not item.waits_for_chair


def test_item_waits_again_if_the_decision_no_longer_fits_its_marks() -> None:
    item = evaluate_one(CHAIR_RULE, ONE_AND_A_HALF, chair=3)

    assert item.waits_for_chair
    assert not item.decided_by_chair


def test_decision_is_idle_where_nothing_is_to_be_decided() -> None:
    whole = evaluate_one(CHAIR_RULE, {EXTERNAL: {3: 1}}, chair=2)
    unrated = evaluate_one(CHAIR_RULE, {}, chair=2)

    assert (whole.degree, whole.decided_by_chair) == (Decimal(3), False)
    assert (unrated.degree, unrated.decided_by_chair) == (None, False)


def test_decision_is_idle_under_another_half_step_rule() -> None:
    item = evaluate_one(make_rule(make_group()), ONE_AND_A_HALF, chair=2)

    assert (item.degree, item.decided_by_chair) == (Decimal("1.5"), False)


def test_chair_choices_are_listed_most_urgent_first() -> None:
    assert chair_choices(Fraction(7, 4), SCALE) == (Decimal(1), Decimal("1.5"), Decimal(2))
    assert chair_choices(Fraction(15, 2), POINTS) == (Decimal(8), Decimal("7.5"), Decimal(7))
    assert chair_choices(Fraction(3), SCALE) == ()


# Ranks


def test_equal_degrees_share_a_rank_in_the_given_order_and_the_next_is_skipped() -> None:
    items = evaluate(
        make_rule(make_group()),
        {9: {EXTERNAL: {2: 1}}, 5: {EXTERNAL: {1: 1}}, 3: {EXTERNAL: {1: 5}}},
    )

    assert [(item.key, item.rank, item.shares_rank_with) for item in items] == [
        (5, 1, 1),
        (3, 1, 1),
        (9, 3, 0),
    ]


def test_ranks_follow_the_direction_of_the_scale() -> None:
    items = evaluate(
        make_rule(make_group(), scale=POINTS), {1: {EXTERNAL: {0: 1}}, 2: {EXTERNAL: {10: 1}}}
    )

    assert [(item.key, item.rank) for item in items] == [(2, 1), (1, 2)]


# Agreement of an item


def test_agreement_of_bodies_that_only_name_a_grade_is_that_between_the_bodies() -> None:
    rule = make_rule(
        make_group(EXTERNAL, counts_marks=False), make_group(INTERNAL, counts_marks=False)
    )

    item = evaluate_one(rule, {EXTERNAL: {1: 1}, INTERNAL: {6: 1}})

    assert item.agreement == -1


def test_one_named_grade_says_nothing_about_agreement() -> None:
    rule = make_rule(
        make_group(EXTERNAL, counts_marks=False), make_group(INTERNAL, counts_marks=False)
    )

    item = evaluate_one(rule, {EXTERNAL: {1: 1}})

    assert (item.degree, item.agreement) == (Decimal(1), None)


# Wrong input


def test_mark_outside_the_scale_is_refused() -> None:
    with pytest.raises(GradeOutsideScaleError) as refusal:
        evaluate_one(make_rule(make_group()), {EXTERNAL: {7: 1}})

    assert (refusal.value.grade, refusal.value.scale) == (7, SCALE)


def test_marks_of_an_unknown_group_are_refused() -> None:
    with pytest.raises(UnknownGroupError):
        evaluate_one(make_rule(make_group(EXTERNAL)), {INTERNAL: {1: 1}})


def test_settings_read_from_a_table_as_plain_text_mean_the_same() -> None:
    plain = Rule(
        Scale(1, 6, "low_first"),  # type: ignore[arg-type]  # as a database hands it out
        "bodies",  # type: ignore[arg-type]  # as a database hands it out
        "less_urgent",  # type: ignore[arg-type]  # as a database hands it out
        (GroupRule(EXTERNAL, "majority", "open"), GroupRule(INTERNAL, "median", "open")),  # type: ignore[arg-type]  # as a database hands it out
    )

    item = evaluate_one(plain, {EXTERNAL: {1: 1}, INTERNAL: {2: 1}})

    assert item.degree == 2
    assert explain(item, plain).step == StepReason.LESS_URGENT


# Settings


@pytest.mark.parametrize(
    ("rule", "problems"),
    [
        (make_rule(make_group()), []),
        (make_rule(make_group(counts_marks=False)), []),
        (make_rule(make_group(), pooling=Pooling.PERSONS), []),
        (make_rule(), [RuleProblem.NO_GROUP]),
        (make_rule(make_group(), make_group()), [RuleProblem.SAME_GROUP_TWICE]),
        (
            make_rule(make_group(counts_marks=False), pooling=Pooling.PERSONS),
            [RuleProblem.PERSONS_NOT_COUNTED],
        ),
        (
            make_rule(make_group(counts_marks=False, own_result=OwnResult.MEDIAN)),
            [RuleProblem.MEDIAN_NOT_COUNTED],
        ),
    ],
)
def test_check_rule_finds_settings_without_a_meaningful_result(
    rule: Rule, problems: list[RuleProblem]
) -> None:
    assert check_rule(rule) == problems


# Secret votes


@pytest.mark.parametrize(
    ("secret", "voters", "expected"),
    [(True, 4, False), (True, 5, True), (False, 0, True)],
)
def test_secret_result_is_hidden_below_five_voters(
    *, secret: bool, voters: int, expected: bool
) -> None:
    assert may_show_result(secret, voters) is expected


# The explanation


def test_explanation_of_two_bodies_names_both_values_and_the_half_step() -> None:
    rule = make_rule(make_group(EXTERNAL), make_group(INTERNAL))

    told = explain(evaluate_one(rule, {EXTERNAL: {1: 1}, INTERNAL: {2: 5, 1: 2}}), rule)

    assert (told.reason, told.step) == (DegreeReason.BODIES, StepReason.KEPT)
    assert (told.raw, told.degree, told.marks) == (Fraction(3, 2), Decimal("1.5"), 8)
    assert told.groups == (
        GroupExplanation(EXTERNAL, GroupReason.MAJORITY, Fraction(1), ()),
        GroupExplanation(INTERNAL, GroupReason.MAJORITY, Fraction(2), ()),
    )
    assert told.choices == ()


@pytest.mark.parametrize(
    ("group", "tally", "reason", "tied"),
    [
        (make_group(), {}, GroupReason.NO_MARKS, ()),
        (make_group(), {1: 2, 2: 1}, GroupReason.MAJORITY, ()),
        (make_group(), {1: 2, 2: 2}, GroupReason.TIE_MEDIAN, (1, 2)),
        (make_group(tie_rule=TieRule.OPEN), {1: 2, 2: 2}, GroupReason.TIE_OPEN, (1, 2)),
        (make_group(own_result=OwnResult.MEDIAN), {1: 2, 2: 2}, GroupReason.MEDIAN, ()),
    ],
)
def test_explanation_tells_where_the_group_value_comes_from(
    group: GroupRule, tally: Tally, reason: GroupReason, tied: tuple[int, ...]
) -> None:
    rule = make_rule(group)

    [told] = explain(evaluate_one(rule, {EXTERNAL: tally}), rule).groups

    assert (told.reason, told.tied) == (reason, tied)


@pytest.mark.parametrize(
    ("pooling", "tie_rule", "given", "reason"),
    [
        (Pooling.BODIES, TieRule.OPEN, {}, DegreeReason.NOT_RATED),
        (Pooling.PERSONS, TieRule.OPEN, {}, DegreeReason.NOT_RATED),
        (Pooling.BODIES, TieRule.OPEN, {EXTERNAL: {1: 1, 2: 1}}, DegreeReason.OPEN_TIES),
        (Pooling.BODIES, TieRule.OPEN, {EXTERNAL: {1: 1}}, DegreeReason.ONE_BODY),
        (
            Pooling.BODIES,
            TieRule.MEDIAN,
            {EXTERNAL: {1: 1}, INTERNAL: {1: 1, 2: 1}},
            DegreeReason.BODIES,
        ),
        (Pooling.PERSONS, TieRule.OPEN, {EXTERNAL: {1: 1}}, DegreeReason.PERSONS),
    ],
)
def test_explanation_tells_where_the_degree_comes_from(
    pooling: Pooling, tie_rule: TieRule, given: Mapping[int, Tally], reason: DegreeReason
) -> None:
    rule = make_rule(
        make_group(EXTERNAL, tie_rule=tie_rule),
        make_group(INTERNAL, tie_rule=tie_rule),
        pooling=pooling,
    )

    assert explain(evaluate_one(rule, given), rule).reason == reason


@pytest.mark.parametrize(
    ("half_step", "given", "chair", "step"),
    [
        (HalfStep.KEEP, {}, None, StepReason.NOTHING),
        (HalfStep.KEEP, {EXTERNAL: {2: 1}}, None, StepReason.NOTHING),
        (HalfStep.KEEP, {EXTERNAL: {1: 1, 2: 1}}, None, StepReason.KEPT),
        (
            HalfStep.KEEP,
            {EXTERNAL: {1: 1, 2: 1}, INTERNAL: {2: 1}},
            None,
            StepReason.TO_HALF_STEP,
        ),
        (HalfStep.MORE_URGENT, {EXTERNAL: {1: 1, 2: 1}}, None, StepReason.MORE_URGENT),
        (HalfStep.LESS_URGENT, {EXTERNAL: {1: 1, 2: 1}}, None, StepReason.LESS_URGENT),
        (HalfStep.CHAIR, {EXTERNAL: {1: 1, 2: 1}}, None, StepReason.WAITS_FOR_CHAIR),
        (HalfStep.CHAIR, {EXTERNAL: {1: 1, 2: 1}}, Decimal("1.5"), StepReason.CHAIR),
        (HalfStep.CHAIR, {EXTERNAL: {1: 1, 2: 1}}, 2, StepReason.CHAIR),
    ],
)
def test_explanation_tells_what_the_half_step_rule_did(
    half_step: HalfStep, given: Mapping[int, Tally], chair: ChairGrade | None, step: StepReason
) -> None:
    rule = make_rule(make_group(EXTERNAL), make_group(INTERNAL), half_step=half_step)

    assert explain(evaluate_one(rule, given, chair=chair), rule).step == step


def test_explanation_of_a_waiting_item_lists_what_the_chair_can_decide() -> None:
    told = explain(evaluate_one(CHAIR_RULE, ONE_AND_A_HALF), CHAIR_RULE)

    assert told.choices == (Decimal(1), Decimal("1.5"), Decimal(2))
