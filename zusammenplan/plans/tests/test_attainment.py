"""The rules of attainment, with figures, and against an independent calculation."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from zusammenplan.plans.domain.attainment import (
    DROPPED,
    FOUR_STEPS,
    NOT_ASSESSABLE,
    OWN,
    PERCENTAGE,
    RATED,
    TRAFFIC_LIGHT,
    Said,
    Scale,
    ScaleError,
    compare,
    differs,
    from_record,
    parse_steps,
    percent,
    scale_of,
    summarise,
    to_record,
    to_stored,
    with_goals_above,
)
from zusammenplan.plans.domain.attainment_pictures import (
    BAR_WIDTH,
    Track,
    bar,
    looks,
    track,
)

FOUR = scale_of(FOUR_STEPS)
STATES = st.sampled_from([RATED, NOT_ASSESSABLE, DROPPED, None])


def rated(share: str) -> Said:
    return Said(RATED, Fraction(share))


def sayings(scale: Scale) -> st.SearchStrategy[list[Said]]:
    """Give lists of what could be said on a scale."""
    shares = (
        st.sampled_from([step.share for step in scale.steps])
        if scale.steps
        else st.integers(0, 10_000).map(lambda number: Fraction(number, 10_000))
    )
    apart = st.sampled_from([Said(NOT_ASSESSABLE), Said(DROPPED), Said()])
    return st.lists(st.one_of(shares.map(lambda share: Said(RATED, share)), apart), max_size=40)


SCALES = st.sampled_from(
    [
        FOUR,
        scale_of(TRAFFIC_LIGHT),
        scale_of(PERCENTAGE),
        scale_of(OWN, "super\ngut = 80 %\nmittel = 33,33 %\nschlecht"),
    ]
)


# Scales


def test_the_four_steps_stand_for_thirds() -> None:
    assert [step.share for step in FOUR.steps] == [1, Fraction(2, 3), Fraction(1, 3), 0]


def test_steps_of_an_own_scale_lie_equally_far_apart() -> None:
    steps = parse_steps("sehr gut\ngut\nmäßig\nschwach\ngar nicht")

    assert [step.share for step in steps] == [1, Fraction(3, 4), Fraction(1, 2), Fraction(1, 4), 0]


def test_a_share_counts_with_and_without_its_sign() -> None:
    assert parse_steps("gut = 100\nmäßig = 40\nschlecht = 0") == parse_steps(
        "gut = 100 %\nmäßig = 40%\nschlecht = 0 %"
    )


def test_a_line_may_name_its_share() -> None:
    steps = parse_steps("erreicht\nauf gutem Weg = 75 %\nbegonnen = 12,5 %\nnicht begonnen")

    assert [step.label for step in steps][1:3] == ["auf gutem Weg", "begonnen"]
    assert [step.share for step in steps] == [1, Fraction(3, 4), Fraction(1, 8), 0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "few"),
        ("nur eine", "few"),
        ("\n".join(f"Stufe {number}" for number in range(11)), "many"),
        ("gut\n = 50 %\nschlecht", "empty"),
        (f"{'x' * 61}\nschlecht", "long"),
        ("gut\nGUT\nschlecht", "twice"),
        ("gut = 101 %\nschlecht", "large"),
        ("gut = 50 %\nbesser = 60 %\nschlecht", "order"),
        ("gut = 50 %\nebenso = 50 %", "order"),
    ],
)
def test_an_own_scale_that_cannot_be_read_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ScaleError) as refusal:
        parse_steps(text)

    assert refusal.value.reason == reason


@given(st.sets(st.integers(0, 99).map(lambda number: f"Stufe {number}"), min_size=2, max_size=10))
def test_every_readable_scale_falls_from_the_whole_to_nothing(labels: set[str]) -> None:
    steps = parse_steps("\n".join(labels))

    assert steps[0].share == 1
    assert steps[-1].share == 0
    assert all(above.share > below.share for above, below in pairwise(steps))


@given(SCALES)
def test_a_kept_scale_reads_as_it_was(scale: Scale) -> None:
    assert from_record(to_record(scale)) == scale


@given(st.integers(2, 10), st.data())
def test_a_stored_share_is_read_as_the_step_that_was_meant(count: int, data: st.DataObject) -> None:
    scale = Scale(OWN, parse_steps("\n".join(f"Stufe {number}" for number in range(count))))
    step = data.draw(st.sampled_from(scale.steps))

    assert scale.exact(to_stored(step.share)) == step.share


def test_two_thirds_are_stored_with_four_decimals() -> None:
    assert to_stored(Fraction(2, 3)) == Decimal("0.6667")


# Averages and distributions


def test_three_thirds_of_a_way_make_an_exact_average() -> None:
    summary = summarise([rated("1"), rated("2/3"), rated("1/3"), rated("0")], FOUR)

    assert summary.average == Fraction(1, 2)
    assert summary.distribution == (1, 1, 1, 1)


def test_what_is_not_rated_stays_out_of_the_average_and_is_counted_apart() -> None:
    summary = summarise([rated("1"), Said(NOT_ASSESSABLE), Said(DROPPED), Said()], FOUR)

    assert summary.average == 1
    assert (summary.not_assessable, summary.dropped, summary.unrated) == (1, 1, 1)
    assert summary.share_rated == Fraction(1, 4)


def test_nothing_rated_has_no_average_and_never_nought() -> None:
    summary = summarise([Said(), Said(DROPPED)], FOUR)

    assert summary.average is None
    assert summary.share_rated == 0


def test_nothing_at_all_has_no_share() -> None:
    assert summarise([], FOUR).share_rated is None


@given(SCALES, st.data())
def test_a_summary_is_what_a_second_calculation_gives(scale: Scale, data: st.DataObject) -> None:
    said = data.draw(sayings(scale))
    summary = summarise(said, scale)

    shares = [one.share for one in said if one.state == RATED and one.share is not None]
    assert summary.rated == len(shares)
    assert summary.total == len(said)
    if shares:
        by_hand = shares[0]
        for number, share in enumerate(shares[1:], start=2):
            # The running mean, which adds nothing up.
            by_hand += (share - by_hand) / number
        assert summary.average == by_hand
        assert min(shares) <= by_hand <= max(shares)
    else:
        assert summary.average is None
    for place, band in enumerate(scale.bands):
        if scale.steps:
            assert summary.distribution[place] == shares.count(band.share)
        else:
            above = scale.bands[place - 1].share if place else Fraction(2)
            within = [one for one in shares if band.share <= one < above]
            assert summary.distribution[place] == len(within)


@given(SCALES, st.data())
def test_the_order_of_ratings_does_not_matter(scale: Scale, data: st.DataObject) -> None:
    said = data.draw(sayings(scale))

    assert summarise(said, scale) == summarise(list(reversed(said)), scale)


def test_a_measure_under_two_goals_counts_once_with_the_goal_above_both() -> None:
    parents = {1: None, 2: 1, 3: 1, 4: 3}

    assert with_goals_above([2, 4], parents) == {1, 2, 3, 4}


def test_a_ring_in_the_tree_does_not_hang() -> None:
    assert with_goals_above([1], {1: 2, 2: 1}) == {1, 2}


# Comparisons


def test_only_what_both_rounds_rated_is_compared() -> None:
    pairs = [
        (rated("1"), rated("1/3")),
        (rated("0"), Said()),
        (Said(DROPPED), rated("1")),
        (rated("1/3"), rated("1/3")),
    ]
    comparison = compare(pairs)

    assert comparison is not None
    assert comparison.both == 2
    assert comparison.change == Fraction(1, 3)


def test_without_anything_in_common_there_is_no_comparison() -> None:
    assert compare([(rated("1"), Said()), (Said(), rated("1"))]) is None


def test_becoming_dropped_differs_and_staying_unrated_does_not() -> None:
    assert differs(Said(DROPPED), rated("1"))
    assert not differs(Said(), rated("1"))
    assert not differs(rated("1"), rated("1"))


# Shown numbers


@pytest.mark.parametrize(
    ("share", "shown"),
    [("0", 0), ("1/1000", 1), ("1/8", 13), ("2/3", 67), ("999/1000", 99), ("1", 100)],
)
def test_shares_round_half_up_and_only_the_whole_is_a_hundred(share: str, shown: int) -> None:
    assert percent(Fraction(share)) == shown


@given(st.fractions(0, 1))
def test_rounding_agrees_with_decimals(share: Fraction) -> None:
    exact = Decimal(share.numerator) * 100 / Decimal(share.denominator)
    by_hand = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))

    assert percent(share) == (min(max(by_hand, 1), 99) if 0 < share < 1 else by_hand)


# Pictures


@given(st.lists(st.integers(0, 50), min_size=2, max_size=10), st.tuples(*[st.integers(0, 50)] * 3))
def test_the_parts_of_a_bar_fill_it_without_a_gap(
    counts: list[int], apart: tuple[int, int, int]
) -> None:
    parts = bar(counts, apart, "own")

    assert len(parts) == sum(count > 0 for count in [*counts, *apart])
    end = 0.0
    for part in parts:
        assert float(part.x) == pytest.approx(end, abs=0.02)
        end = float(part.x) + float(part.width)
    assert not parts or end == pytest.approx(BAR_WIDTH, abs=0.02)


def test_looks_run_from_dark_to_light_and_a_light_has_its_own() -> None:
    assert looks("four_steps", 4) == ["step-5", "step-4", "step-2", "step-1"]
    assert looks("traffic_light", 3) == ["green", "amber", "red"]


def test_a_track_places_nothing_at_its_beginning_and_the_whole_at_its_end() -> None:
    assert track(Fraction(0), Fraction(1)) == Track("8", "132")
