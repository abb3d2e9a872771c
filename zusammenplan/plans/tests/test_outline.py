"""The outline numbers its chapters, and refuses circles and a fourth level."""

from dataclasses import dataclass

import pytest
from hypothesis import given, strategies as st

from zusammenplan.plans.domain.goal_tree import in_tree_order
from zusammenplan.plans.domain.outline import (
    DEEPEST,
    Step,
    depths_of,
    fits_below,
    numbers,
    place_after,
)


@dataclass(frozen=True)
class Chapter:
    pk: int
    parent_id: int | None


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (1, ["1", "1.1", "1.2", "2", "2.1", "2.1.1", "3"]),
        (0, ["0", "0.1", "0.2", "1", "1.1", "1.1.1", "2"]),
    ],
)
def test_numbering_begins_at_nought_or_one(first: int, expected: list[str]) -> None:
    assert numbers([0, 1, 1, 0, 1, 2, 0], first) == expected


@given(st.lists(st.integers(0, 2), max_size=30), st.integers(0, 1))
def test_numbers_are_unique_ascending_and_as_deep_as_the_chapter(
    wanted: list[int], first: int
) -> None:
    given_numbers = numbers(wanted, first)

    as_tuples = [tuple(map(int, number.split("."))) for number in given_numbers]
    assert len(set(as_tuples)) == len(as_tuples)
    assert as_tuples == sorted(as_tuples)
    assert all(len(one) <= depth + 1 for one, depth in zip(as_tuples, wanted, strict=True))


@st.composite
def outlines(draw: st.DrawFn) -> list[Chapter]:
    chapters: list[Chapter] = []
    depths: dict[int, int] = {}
    for pk in range(1, draw(st.integers(1, 12)) + 1):
        above = [one.pk for one in chapters if depths[one.pk] + 1 < DEEPEST]
        parent = draw(st.sampled_from([None, *above]))
        depths[pk] = 0 if parent is None else depths[parent] + 1
        chapters.append(Chapter(pk, parent))
    return chapters


@given(outlines(), st.data())
def test_every_step_keeps_the_chapters_and_at_most_three_levels(
    chapters: list[Chapter], data: st.DataObject
) -> None:
    moved = data.draw(st.sampled_from(chapters)).pk
    steps: tuple[Step, ...] = ("up", "down", "in", "out")
    step = data.draw(st.sampled_from(steps))

    place = place_after(chapters, moved, step)

    if place is None:
        return
    parent, position = place
    rest = [one for one in chapters if one.pk != moved]
    siblings = [one.pk for one in rest if one.parent_id == parent]
    assert 0 <= position <= len(siblings)
    siblings.insert(position, moved)
    after = [one for one in rest if one.parent_id != parent]
    after += [Chapter(pk, parent) for pk in siblings]
    ordered = list(in_tree_order(after))
    assert sorted(one.pk for one, _ in ordered) == sorted(one.pk for one in chapters)
    assert max(depth for _, depth in ordered) < DEEPEST
    assert depths_of([(one.pk, one.parent_id) for one, _ in ordered]) == [
        depth for _, depth in ordered
    ]


def test_a_chapter_never_stands_below_itself() -> None:
    chapters = [Chapter(1, None), Chapter(2, 1), Chapter(3, None)]

    assert not fits_below(chapters, 1, 1)
    assert not fits_below(chapters, 1, 2)
    assert fits_below(chapters, 3, 2)
    assert not fits_below(chapters, 1, 99)


def test_a_chapter_with_chapters_below_it_needs_room_for_them() -> None:
    chapters = [Chapter(1, None), Chapter(2, 1), Chapter(3, 2), Chapter(4, None)]

    assert not fits_below(chapters, 1, 4)
    assert place_after(chapters, 4, "in") == (1, 1)
    assert not fits_below(chapters, None, 3)
