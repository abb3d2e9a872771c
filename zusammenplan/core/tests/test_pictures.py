"""The geometry of the small pictures, on scales in either direction."""

import pytest
from hypothesis import given, strategies as st

from zusammenplan.core.pictures import (
    DOTS_AT_MOST,
    GroupMarks,
    ThreadStep,
    mirror_histogram,
    plain_number,
    priority_mark,
    rows_needed,
    steps_bar,
    thread,
)

SCHOOL = range(1, 7)


def fields_on(degree: float | None, first: int, last: int) -> list[int]:
    mark = priority_mark(degree, first=first, last=last)
    return [place for place, box in enumerate(mark.boxes) if box.is_on]


@pytest.mark.parametrize(
    ("value", "text"), [(1, "1"), (1.5, "1,5"), (1.75, "1,75"), (10, "10"), (2.0, "2"), (0, "0")]
)
def test_plain_number_writes_no_needless_zeros(value: float, text: str) -> None:
    assert plain_number(value) == text


def test_plain_number_writes_an_english_point() -> None:
    assert plain_number(1.5, comma=".") == "1.5"


@pytest.mark.parametrize(
    ("degree", "fields"), [(1, [0]), (1.5, [0, 1]), (6, [5]), (5.5, [4, 5]), (1.75, [1])]
)
def test_priority_mark_shows_the_place_on_the_school_scale(
    degree: float, fields: list[int]
) -> None:
    assert fields_on(degree, 1, 6) == fields


def test_priority_mark_turns_with_the_scale() -> None:
    assert fields_on(10, 10, 0) == [0]
    assert fields_on(10, 0, 10) == [10]
    assert priority_mark(10, first=10, last=0).ramp == "10"
    assert priority_mark(10, first=0, last=10).ramp == "60"


def test_priority_mark_has_as_many_fields_as_the_scale_has_grades() -> None:
    assert len(priority_mark(2, first=1, last=4).boxes) == 4
    assert len(priority_mark(2, first=10, last=0).boxes) == 11


def test_priority_mark_of_a_long_scale_is_a_slider() -> None:
    track, knob = priority_mark(50, first=100, last=0).boxes

    assert (track.is_on, knob.is_on) == (False, True)
    assert float(knob.x) + float(knob.width) / 2 == pytest.approx(22, abs=0.01)


def test_priority_mark_of_a_long_scale_without_a_degree_has_no_knob() -> None:
    assert len(priority_mark(None, first=100, last=0).boxes) == 1


def test_priority_mark_without_a_degree_marks_no_field() -> None:
    mark = priority_mark(None, first=1, last=6)

    assert (mark.ramp, mark.text) == ("none", "\N{EN DASH}")
    assert fields_on(None, 1, 6) == []


def test_priority_mark_samples_the_ramp_in_half_steps() -> None:
    ramps = [priority_mark(1 + half / 2, first=1, last=6).ramp for half in range(11)]

    assert ramps == ["10", "15", "20", "25", "30", "35", "40", "45", "50", "55", "60"]


@given(
    st.integers(-20, 120), st.integers(-20, 120), st.floats(-50, 150), st.sampled_from([36, 44, 72])
)
def test_priority_mark_stays_inside_its_picture(
    first: int, last: int, degree: float, width: int
) -> None:
    size = {36: "small", 44: "normal", 72: "large"}[width]

    mark = priority_mark(degree, first=first, last=last, size=size)  # type: ignore[arg-type]  # a str

    assert mark.ramp in {str(ramp) for ramp in range(10, 61, 5)}
    assert all(float(b.x) >= 0 and float(b.x) + float(b.width) <= width + 0.02 for b in mark.boxes)


def test_steps_bar_has_one_segment_per_step() -> None:
    bar = steps_bar(2, 5)

    assert [box.is_on for box in bar.boxes] == [True, True, False, False, False]
    assert bar.width == 82


def test_steps_bar_of_many_steps_stands_for_shares() -> None:
    bar = steps_bar(30, 40)

    assert [box.is_on for box in bar.boxes].count(True) == 9
    assert len(bar.boxes) == 12


def test_steps_bar_without_steps_is_empty() -> None:
    assert steps_bar(0, 0).boxes == ()


def test_thread_turns_dotted_before_the_first_open_station() -> None:
    steps = thread(
        [ThreadStep("Bedarf", "done"), ThreadStep("Maßnahme", "now"), ThreadStep("Geld", "open")]
    )

    assert [step.is_last for step in steps] == [False, True, False]


def dots(path: str) -> int:
    return path.count("M")


def test_mirror_histogram_draws_one_sign_per_mark() -> None:
    groups = [GroupMarks("extern", {1: 10, 2: 4, 3: 2}, 1), GroupMarks("intern", {1: 2, 2: 5}, 2)]

    picture = mirror_histogram(SCHOOL, groups, 1.5)

    (panel,) = picture.panels
    assert [dots(series.marks) for series in panel.series] == [16, 7]
    assert [series.tone for series in panel.series] == ["one", "two"]
    assert not picture.as_bars


def test_mirror_histogram_puts_the_band_between_two_grades_for_a_half_step() -> None:
    def middle(degree: float) -> float:
        (panel,) = mirror_histogram(SCHOOL, [GroupMarks("extern", {1: 1})], degree).panels
        return float(panel.band_x or "nan") + float(panel.band_width) / 2

    assert middle(1.5) == pytest.approx((middle(1) + middle(2)) / 2)


def test_mirror_histogram_draws_bars_above_sixty_marks() -> None:
    few = mirror_histogram(SCHOOL, [GroupMarks("extern", {1: DOTS_AT_MOST})], 1)
    many = mirror_histogram(SCHOOL, [GroupMarks("extern", {1: DOTS_AT_MOST + 1})], 1)

    assert (few.as_bars, many.as_bars) == (False, True)
    assert many.panels[0].series[0].marks == ""
    assert dots(many.panels[0].series[0].bars) == 1


def test_mirror_histogram_gives_bars_the_heights_of_their_shares() -> None:
    picture = mirror_histogram(SCHOOL, [GroupMarks("a", {1: 75, 2: 25}, 1)], 1, as_bars=True)

    heights = [
        part.split("v")[1].split("h")[0] for part in picture.panels[0].series[0].bars.split("M")[1:]
    ]

    assert heights == ["-36", "-12"]


def test_mirror_histogram_gives_three_groups_a_panel_each() -> None:
    groups = [GroupMarks(name, {2: 1}, 2) for name in ("extern", "intern", "jung")]

    picture = mirror_histogram(SCHOOL, groups, 2)

    assert [panel.caption for panel in picture.panels] == ["extern", "intern", "jung"]
    assert all(len(panel.series) == 1 for panel in picture.panels)


def test_mirror_histogram_draws_a_told_majority_as_a_rhombus() -> None:
    told = GroupMarks("intern", {}, 3, majority_only=True)

    picture = mirror_histogram(SCHOOL, [GroupMarks("extern", {1: 1}, 1), told], 2)

    assert picture.panels[0].series[1].majority
    assert not picture.is_empty


def test_mirror_histogram_without_marks_is_empty() -> None:
    picture = mirror_histogram(SCHOOL, [GroupMarks("extern", {}), GroupMarks("intern", {})], None)

    assert picture.is_empty
    assert picture.panels[0].band_x is None


def test_mirror_histogram_without_groups_shows_the_scale_alone() -> None:
    picture = mirror_histogram(SCHOOL, [], None)

    assert [label.text for label in picture.panels[0].labels] == ["1", "2", "3", "4", "5", "6"]


def test_mirror_histogram_runs_from_the_grade_that_comes_first() -> None:
    (panel,) = mirror_histogram(range(10, -1, -1), [GroupMarks("a", {10: 1}, 10)], 10).panels

    assert [label.text for label in panel.labels][:2] == ["10", "9"]
    assert panel.labels[0].is_strong


def test_mirror_histogram_of_a_long_scale_labels_some_grades_and_draws_bars() -> None:
    picture = mirror_histogram(range(101), [GroupMarks("a", {50: 3}, 50)], 50)

    assert picture.as_bars
    assert float(picture.width) <= 400
    assert 5 <= len(picture.panels[0].labels) <= 20


def test_pictures_of_one_page_can_have_the_same_height() -> None:
    full = [GroupMarks("extern", {1: 12}), GroupMarks("intern", {1: 7})]
    sparse = [GroupMarks("extern", {1: 1}), GroupMarks("intern", {1: 1})]

    rows = rows_needed(SCHOOL, [full, sparse])

    heights = {mirror_histogram(SCHOOL, g, 1, rows=rows).panels[0].height for g in (full, sparse)}
    assert rows == (4, 3)
    assert len(heights) == 1


@given(
    st.lists(st.dictionaries(st.integers(1, 6), st.integers(0, 60)), min_size=1, max_size=4),
    st.booleans(),
)
def test_mirror_histogram_loses_no_mark(
    tallies: list[dict[int, int]],
    downwards: bool,
) -> None:
    groups = [GroupMarks(str(i), tally) for i, tally in enumerate(tallies)]
    grades = range(6, 0, -1) if downwards else SCHOOL

    picture = mirror_histogram(grades, groups, None, as_bars=False)

    drawn = [dots(series.marks) for panel in picture.panels for series in panel.series]
    assert drawn == [group.count for group in groups]
