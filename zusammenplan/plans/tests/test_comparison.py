"""Comparing two states of a plan: what came, went, changed and moved."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, strategies as st

from zusammenplan.plans.domain.comparison import (
    NOT_COMPARED,
    SORTS,
    Kind,
    What,
    applied,
    compare,
    line_differences,
    out_of_order,
    word_differences,
)
from zusammenplan.plans.domain.content import (
    CostContent,
    EvaluationContent,
    FieldContent,
    GoalContent,
    MeasureContent,
    NeedContent,
    PlanContent,
    ResolutionContent,
    Span,
    Words,
)
from zusammenplan.plans.queries.comparison import FIELD_LABELS, Speaker

words = st.builds(Words, st.text(max_size=12), st.sampled_from(["", "text"]))
keys = st.integers(0, 6).map(str)


def measure(identity: str, **values: Any) -> MeasureContent:
    return MeasureContent(
        **{
            "identity": identity,
            "number": identity,
            "field": None,
            "title": Words(f"Maßnahme {identity}"),
            "text": Words(),
            "status": "planned",
            "period": Span(),
            **values,
        }
    )


def plan(**parts: Any) -> PlanContent:
    return PlanContent(
        **{
            "slug": "plan",
            "title": Words("Sozialplan"),
            "summary": Words(),
            "starts_on": None,
            "ends_on": None,
            "status": "draft",
            **parts,
        }
    )


@st.composite
def plans(draw: Any) -> PlanContent:
    def unique(record: Any, key: str) -> Any:
        found = draw(st.lists(record, max_size=6, unique_by=lambda one: getattr(one, key)))
        return tuple(found)

    codes = st.sampled_from([None, "1", "2"])
    return plan(
        title=draw(words),
        status=draw(st.sampled_from(["draft", "adopted"])),
        fields=unique(st.builds(FieldContent, keys, words, words, st.integers(0, 99)), "code"),
        needs=unique(
            st.builds(
                NeedContent,
                identity=keys,
                number=keys,
                field=codes,
                title=words,
                text=words,
                strength=st.sampled_from(["high", "low"]),
                state=st.just("open"),
                pk=st.integers(0, 99),
            ),
            "identity",
        ),
        goals=unique(
            st.builds(
                GoalContent,
                identity=keys,
                parent=st.one_of(st.none(), keys),
                level=st.one_of(st.none(), st.integers(1, 4)),
                field=codes,
                number=keys,
                title=words,
                text=words,
                period=st.builds(Span, st.text(max_size=4)),
                state=st.just("pursued"),
            ),
            "identity",
        ),
        measures=unique(
            st.builds(
                measure,
                keys,
                field=codes,
                title=words,
                status=st.sampled_from(["planned", "done"]),
                partners=st.lists(keys, max_size=3).map(tuple),
            ),
            "identity",
        ),
    )


@given(plans())
def test_a_plan_does_not_differ_from_itself(content: PlanContent) -> None:
    compared = compare(content, content)

    assert compared.is_empty
    assert not any(one.moved or one.fields for one in compared.records)


@given(plans(), plans())
def test_asked_the_other_way_round_the_answer_is_mirrored(
    before: PlanContent, after: PlanContent
) -> None:
    mirror = {What.ADDED: What.REMOVED, What.REMOVED: What.ADDED}
    there = {(one.kind, one.key): one for one in compare(before, after).records}
    back = {(one.kind, one.key): one for one in compare(after, before).records}

    assert set(there) == set(back)
    for key, one in there.items():
        other = back[key]
        assert other.what == mirror.get(one.what, one.what)
        assert other.moved == one.moved
        assert [(f.name, f.after, f.before) for f in other.fields] == [
            (f.name, f.before, f.after) for f in one.fields
        ]


@given(plans(), plans())
def test_what_is_told_is_enough_to_make_the_later_records_of_the_earlier_ones(
    before: PlanContent, after: PlanContent
) -> None:
    compared = compare(before, after)

    for kind, part in ((Kind.NEED, "needs"), (Kind.GOAL, "goals"), (Kind.MEASURE, "measures")):
        made = [
            one.after if one.what == What.ADDED else applied(one.before, one.fields)
            for one in compared.of(kind)
            if one.what != What.REMOVED
        ]
        assert made == list(getattr(after, part))


def test_what_vanished_stands_behind_what_stood_before_it() -> None:
    before = plan(measures=tuple(measure(key) for key in "12345"))
    after = plan(measures=tuple(measure(key) for key in "543"))

    told = [(one.key, one.what) for one in compare(before, after).of(Kind.MEASURE)]

    assert [key for key, _ in told] == ["1", "2", "5", "4", "3"]
    assert [key for key, what in told if what == What.REMOVED] == ["1", "2"]


@given(st.permutations(range(8)))
def test_what_did_not_move_keeps_its_order(places: list[int]) -> None:
    names = [str(place) for place in range(8)]
    moved = out_of_order(names, places)
    kept = [place for name, place in zip(names, places, strict=True) if name not in moved]

    assert kept == sorted(kept)


def test_one_measure_pulled_to_the_front_moved_alone() -> None:
    before = plan(measures=tuple(measure(name) for name in "abcd"))
    after = plan(measures=tuple(measure(name) for name in "dabc"))

    compared = compare(before, after)

    assert [one.key for one in compared.changes] == ["d"]
    assert compared.changes[0].moved


def test_a_new_measure_in_between_moves_no_other() -> None:
    before = plan(measures=tuple(measure(name) for name in "abc"))
    after = plan(measures=tuple(measure(name) for name in "axbc"))

    assert [(one.key, one.what) for one in compare(before, after).changes] == [("x", What.ADDED)]


def test_a_changed_measure_tells_which_fields_changed() -> None:
    before = measure("a", costs=(CostContent(2027, Decimal(100), "Land"),))
    after = replace(before, status="done", costs=())

    changed = compare(plan(measures=(before,)), plan(measures=(after,))).changes[0]

    assert [(one.name, one.after) for one in changed.fields] == [("status", "done"), ("costs", ())]


def test_the_key_of_a_database_row_is_no_difference() -> None:
    before, after = measure("a", pk=1), measure("a", pk=2)

    assert compare(plan(measures=(before,)), plan(measures=(after,))).is_empty


def test_two_resolutions_of_the_same_name_are_two() -> None:
    one = ResolutionContent("", "Kreistag", date(2026, 1, 1))
    compared = compare(plan(resolutions=(one, one)), plan(resolutions=(one,)))

    assert [change.what for change in compared.changes] == [What.REMOVED]


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_pieces_hold_both_texts(before: str, after: str) -> None:
    pieces = word_differences(before, after)

    assert "".join(one.text for one in pieces if one.kind != "added") == before
    assert "".join(one.text for one in pieces if one.kind != "removed") == after


def test_only_the_words_that_differ_are_marked() -> None:
    pieces = word_differences(
        "Beratung zu Pflege im Kreis", "Beratung zu Pflege und Alter im Kreis"
    )

    assert [(one.kind, one.text.strip()) for one in pieces] == [
        ("same", "Beratung zu Pflege"),
        ("added", "und Alter"),
        ("same", "im Kreis"),
    ]


def test_neighbouring_changes_are_read_as_one() -> None:
    pieces = word_differences("ein alter grauer Plan", "ein neuer bunter Plan")

    assert [(one.kind, one.text.strip()) for one in pieces] == [
        ("same", "ein"),
        ("removed", "alter grauer"),
        ("added", "neuer bunter"),
        ("same", "Plan"),
    ]


def test_a_very_long_text_is_compared_by_sentences() -> None:
    before = "Ein Satz über die Pflege. " * 3000
    changed = before.replace("die Pflege", "das Alter", 1)

    pieces = [(one.kind, one.text.strip()) for one in word_differences(before, changed)]

    assert ("added", "Ein Satz über das Alter.") in pieces


def test_lines_are_paired_where_one_became_another() -> None:
    assert line_differences(["a", "b", "c"], ["a", "B", "c", "d"]) == (("b", "B"), (None, "d"))


@pytest.mark.parametrize("sort", SORTS)
def test_every_field_that_is_compared_has_a_label(sort: Any) -> None:
    (record,) = get_args(get_type_hints(PlanContent)[sort.part])[:1]
    compared = {one.name for one in fields(record)} - NOT_COMPARED - set(sort.key)

    assert compared <= set(FIELD_LABELS)


def test_measures_of_a_round_are_told_by_name() -> None:
    one = replace(measure("a"), title=Words("Beratung"))
    round_ = EvaluationContent("runde", Words("Runde"), {}, datetime(2027, 3, 1, tzinfo=UTC))
    before = plan(measures=(one,), evaluations=(round_,))
    after = replace(before, evaluations=(replace(round_, measures=(one.identity,)),))
    (change,) = compare(before, after).changes

    (difference,) = Speaker(before, after).record(change).differences

    assert difference.label == "Maßnahmen"
    assert "Beratung" in str(difference.lines)
