"""How rows of a table are ordered and counted."""

from hypothesis import given, strategies as st

from zusammenplan.plans.domain.rows import Comparison, Counts, counts, placed, twice

keys = st.lists(st.sampled_from("abcdefgh"), unique=True)


def test_a_new_row_stands_after_the_one_before_it() -> None:
    assert placed(["1.1", "1.3"], ["1.1", "1.2", "1.3", "1.4"]) == ["1.1", "1.2", "1.3", "1.4"]


def test_a_new_first_row_stands_before_the_one_after_it() -> None:
    assert placed(["1.2", "1.3"], ["1.1", "1.2"]) == ["1.1", "1.2", "1.3"]


def test_new_rows_that_have_no_known_neighbour_stand_at_the_end() -> None:
    assert placed(["1.1"], ["7.1", "7.2"]) == ["1.1", "7.1", "7.2"]


@given(keys, keys)
def test_nothing_is_lost_or_doubled_and_what_was_there_keeps_its_order(
    present: list[str], wanted: list[str]
) -> None:
    order = placed(present, wanted)

    assert sorted(order) == sorted({*present, *wanted})
    assert [key for key in order if key in present] == present


def test_rows_are_counted_by_kind() -> None:
    rows = [
        Comparison("1", "A", "new"),
        Comparison("2", "B", "new"),
        Comparison("3", "C", "changed"),
    ]

    assert counts(rows) == Counts(new=2, changed=1, unchanged=0)


def test_a_key_that_stands_there_twice_is_found() -> None:
    assert twice(["1", "2", "1"]) == "1"
    assert twice(["1", "2"]) is None
