"""One paper for all formats, before and after the vote."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from zusammenplan.ballots.choices import Audience, Direction, Way
from zusammenplan.ballots.models import Group, Round
from zusammenplan.ballots.queries import result_of, result_rows
from zusammenplan.ballots.tests.factories import (
    make_closed_group,
    make_item,
    make_marks,
    make_open_group,
    make_proposal,
    make_round,
    make_tally,
    make_voter,
)
from zusammenplan.plans.tests.factories import make_measure
from zusammenplan.reports.exports.separated import csv_table
from zusammenplan.reports.queries.paper import Kind, shown_address
from zusammenplan.reports.queries.rounds import paper_of, votes_of
from zusammenplan.reports.tests.factories import TITLES, make_voted_round, make_waiting_round

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)


def test_handout_and_result_list_the_same_measures_in_the_order_of_the_ballot() -> None:
    round_ = make_voted_round()

    before = paper_of(round_, Kind.HANDOUT, now=NOW)
    after = paper_of(round_, Kind.RESULT, now=NOW)

    told = [(row.number, row.title, row.field) for row in before.rows]
    assert [title for _number, title, _field in told] == list(TITLES)
    assert told == [(row.number, row.title, row.field) for row in after.rows]
    assert before.groups == after.groups
    assert before.rule == after.rule
    assert before.scale == after.scale


def test_handout_carries_no_mark() -> None:
    paper = paper_of(make_voted_round(), Kind.HANDOUT, now=NOW)

    assert all(not row.cells and not row.groups and row.degree is None for row in paper.rows)
    assert paper.ranking == ()


def test_result_says_what_the_evaluation_says() -> None:
    round_ = make_voted_round()

    paper = paper_of(round_, Kind.RESULT, now=NOW)

    assert [(row.number, row.degree, row.rank, row.sentence) for row in paper.ranking] == [
        (one.item.number, one.result.degree, one.result.rank, one.sentence)
        for one in result_of(round_).items
    ]


def test_sign_of_a_group_stands_with_its_marks_in_the_cell_of_the_grade() -> None:
    row = paper_of(make_voted_round(), Kind.RESULT, now=NOW).rows[0]

    cells = [[(sign.text, sign.is_result) for sign in signs] for signs in row.cells]
    assert cells == [[("x\xa07", True)], [("x\xa03", False), ("-\xa04", True)], [], [], [], []]


def test_group_without_counted_marks_puts_its_bare_sign() -> None:
    round_ = make_voted_round()
    Group.objects.filter(mark="-").update(counts_marks=False, own_result="majority")

    row = paper_of(round_, Kind.RESULT, now=NOW).rows[0]

    assert row.cells[1][1].text == "-"


def test_groups_with_the_same_sign_are_numbered() -> None:
    round_ = make_waiting_round()
    Group.objects.update(mark="x")

    paper = paper_of(round_, Kind.HANDOUT, now=NOW)

    assert [group.sign for group in paper.groups] == ["x1", "x2"]


def test_unrated_measure_has_neither_rank_nor_degree_and_comes_last() -> None:
    last = paper_of(make_voted_round(), Kind.RESULT, now=NOW).ranking[-1]

    assert (last.title, last.rank, last.degree, last.degree_text) == (TITLES[-1], None, None, "–")
    assert last.place is None


def test_grades_run_from_the_most_urgent_one() -> None:
    round_ = make_round(measures=1, lowest=0, highest=10, direction=Direction.HIGH_FIRST)

    paper = paper_of(round_, Kind.HANDOUT, now=NOW)

    assert paper.grades[0] == 10
    assert paper.grades[-1] == 0
    assert paper.has_grade_columns


def test_long_scale_gets_one_column_to_write_into() -> None:
    round_ = make_round(measures=1, lowest=0, highest=100)

    assert not paper_of(round_, Kind.HANDOUT, now=NOW).has_grade_columns


def test_scale_is_told_in_the_rounds_own_words_and_else_in_ours() -> None:
    own = make_round(measures=1, words={"1": {"de": "sofort anfangen"}})

    with override("de"):
        scale = paper_of(own, Kind.HANDOUT, now=NOW).scale

    assert "1 = sofort anfangen" in scale
    assert "6 = " in scale


def test_measures_without_a_field_come_last() -> None:
    round_ = make_round()
    measure = make_measure(round_.plan)
    measure.field = None
    measure.save()
    make_item(round_, measure, position=0)
    make_item(round_, make_measure(round_.plan), position=1)

    fields = paper_of(round_, Kind.HANDOUT, now=NOW).fields

    assert fields[-1].rows[0].number == measure.number


def test_provisional_paper_says_that_it_is_not_final() -> None:
    with override("en"):
        paper = paper_of(make_voted_round(), Kind.RESULT, now=NOW)

    assert paper.label == "First vote, not final"
    assert not paper.is_final
    assert any("provisional" in line for line in paper.next_steps)


def test_released_paper_tells_the_day_and_what_it_corrects() -> None:
    first = make_voted_round(title_de="Erste Abstimmung")
    round_ = make_voted_round(released_at=NOW, corrects=first)

    with override("en"):
        paper = paper_of(round_, Kind.HANDOUT, now=NOW)

    assert paper.label == "Released result of 1 March 2027"
    assert "It corrects: Erste Abstimmung." in paper.next_steps


def test_groups_still_to_vote_and_waiting_proposals_are_next_steps() -> None:
    round_ = make_waiting_round()
    make_proposal(round_)

    with override("en"):
        steps = paper_of(round_, Kind.HANDOUT, now=round_.created_at).next_steps

    assert steps[0].startswith("Still to vote: Externe Steuerungsgruppe")
    assert "1 additional measure is proposed and waits for a decision." in steps


def test_hidden_secret_result_gives_the_sentence_and_no_mark() -> None:
    round_ = make_waiting_round(is_secret=True)

    paper = paper_of(round_, Kind.RESULT, now=NOW)

    assert paper.hidden_because
    assert paper.lead == (paper.hidden_because,)
    assert not any(row.groups for row in paper.rows)
    assert len(paper.rows) == len(TITLES)


def test_address_is_told_only_where_the_public_sees_the_result() -> None:
    public = make_voted_round(audience=Audience.PUBLIC)
    private = make_voted_round()

    assert paper_of(private, Kind.RESULT, now=NOW).address == ""
    address = paper_of(public, Kind.RESULT, now=NOW).address
    assert address.endswith(f"/ergebnis/{public.slug}/")
    assert shown_address("https://sozialplanung.example/ergebnis/eins/") == (
        "sozialplanung.example/ergebnis/eins"
    )


def test_what_cannot_be_printed_is_left_out_of_titles() -> None:
    round_ = make_voted_round(titles=("Büro\x01 \u202eder\u2066 Mitte\n\tam Markt\ufeff",))

    assert paper_of(round_, Kind.HANDOUT, now=NOW).rows[0].title == "Büro der Mitte am Markt"


def test_votes_tell_who_voted_what_in_an_open_round_only() -> None:
    assert [(vote.voter, vote.grade) for vote in votes_of(make_personal_round())] == [
        ("Greta Amlong", 2)
    ]
    assert votes_of(make_personal_round(is_secret=True)) == []


@pytest.mark.one_database
def test_paper_needs_the_same_queries_for_any_length() -> None:
    def queries(titles: tuple[str, ...]) -> int:
        round_ = Round.objects.select_related("plan", "corrects").get(
            pk=make_voted_round(titles=titles).pk
        )
        with CaptureQueriesContext(
            connection,
        ) as caught:
            paper_of(round_, Kind.RESULT, now=NOW)
        return len(caught)

    assert queries(TITLES) == queries(TITLES * 4)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"opens_at": None, "closes_at": None}, "date still open"),
        ({"opens_at": NOW, "closes_at": None}, "from 1 March 2027"),
        ({"opens_at": None, "closes_at": NOW}, "until 1 March 2027"),
        (
            {"opens_at": NOW, "closes_at": NOW.replace(hour=20)},
            "on 1 March 2027, 19:00 to 21:00",
        ),
        ({"opens_at": NOW, "closes_at": NOW.replace(day=5)}, "1 March 2027 to 5 March 2027"),
        ({"opens_at": None, "closes_at": None, "closed_at": NOW}, "voted on 1 March 2027"),
    ],
)
def test_group_tells_when_it_votes(fields: dict[str, object], told: str) -> None:
    round_ = make_round(measures=1)
    make_open_group(round_, **fields)

    with override("en"):
        (group,) = paper_of(round_, Kind.HANDOUT, now=NOW).groups

    assert group.when == told


def test_difference_of_the_groups_is_told_in_steps() -> None:
    row = paper_of(make_voted_round(), Kind.RESULT, now=NOW).rows[0]

    assert row.difference == Fraction(1)
    assert row.difference_text.startswith("1 ")


def test_agreement_is_told_in_the_words_of_the_result_page() -> None:
    round_ = make_round(measures=1)
    make_tally(make_closed_group(round_), round_.items.get(), {1: 1, 2: 1, 4: 3, 5: 3, 6: 3})

    [row] = paper_of(round_, Kind.RESULT, now=NOW).ranking
    [shown] = result_rows(result := result_of(round_), result.items)

    assert row.agreement == pytest.approx(0.2955, abs=5e-5)
    assert row.agreement_text == shown.agreement


def test_one_group_alone_differs_from_nobody() -> None:
    round_ = make_round(measures=1)
    make_tally(make_closed_group(round_, way=Way.HANDS), round_.items.get(), {1: 3})

    paper = paper_of(round_, Kind.RESULT, now=NOW)

    assert paper.rows[0].difference_text == ""
    assert "Unterschied" not in csv_table(paper).decode()


def make_personal_round(**fields: Any) -> Round:
    round_ = make_round(measures=1, **fields)
    group = make_open_group(round_)
    voter = make_voter(group, name="Greta Amlong")
    if not round_.is_secret:
        make_marks(voter, {round_.items.get(): 2})
    make_closed_group(round_)
    return round_
