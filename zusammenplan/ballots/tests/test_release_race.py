"""Two people act at the same moment: one deed holds, the other is told, nothing is half done."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from zusammenplan.ballots.actions import (
    AlreadyReleasedError,
    FrozenError,
    NotOpenError,
    NotReadyError,
    NoVoterError,
    RefusedError,
    add_group,
    admit_proposal,
    change_round,
    choose_items,
    close_group,
    decide_half_step,
    open_group,
    propose,
    release,
    remove_voter,
    reopen_group,
    save_marks,
    take_marks,
)
from zusammenplan.ballots.choices import HalfStep, TieRule, Way
from zusammenplan.ballots.models import (
    Ballot,
    ChairDecision,
    Group,
    Item,
    Mark,
    Round,
    Standing,
    Tally,
    Voter,
)
from zusammenplan.ballots.tests.factories import (
    make_closed_group,
    make_group,
    make_marks,
    make_open_group,
    make_proposal,
    make_round,
    make_tally,
    make_voter,
)
from zusammenplan.core.locks import hold
from zusammenplan.core.tests.races import Deed, Race
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.actions import change_measure
from zusammenplan.plans.models import Measure

pytestmark = pytest.mark.django_db(transaction=True)
race = Race(RefusedError)


def make_finished_round() -> tuple[Round, Group]:
    """Make a round of three measures, with one closed group that gave each the grade 2."""
    round_ = make_round(measures=3)
    group = make_closed_group(round_)
    for item in round_.items.all():
        make_tally(group, item, {2: 7})
    return round_, group


def make_round_that_waits_for_the_chair() -> tuple[Round, Item]:
    round_ = make_round(measures=1, half_step=HalfStep.CHAIR)
    item = round_.items.get()
    for grade in (2, 3):
        make_tally(make_closed_group(round_), item, {grade: 5})
    return round_, item


def release_now(round_: Round) -> Deed:
    planner, now = make_planner(), timezone.now()
    return lambda: release(round_, by=planner, now=now)


# Releases


def test_of_eight_releases_at_once_one_releases_and_the_others_are_told() -> None:
    round_, _ = make_finished_round()

    outcomes = race.at_once(*[release_now(round_) for _ in range(8)])

    assert outcomes.count(None) == 1
    assert outcomes.count(AlreadyReleasedError) == 7
    assert Standing.objects.filter(round=round_).count() == 3
    assert round_.history.filter(released_at__isnull=False).count() == 1
    assert set(Measure.objects.values_list("priority_degree", flat=True)) == {Decimal(2)}


def test_a_release_waits_for_the_one_that_has_begun_and_is_told() -> None:
    round_, _ = make_finished_round()

    outcomes = race.overlapping(release_now(round_), release_now(round_))

    assert outcomes == (None, AlreadyReleasedError)
    assert Standing.objects.count() == 3


def test_a_failed_release_leaves_the_way_to_the_one_that_waits() -> None:
    round_, _ = make_finished_round()
    releases = release_now(round_)

    def break_off() -> None:
        releases()
        transaction.set_rollback(True)

    assert race.overlapping(break_off, releases) == (None, None)
    assert Standing.objects.count() == 3


# A release and the voters


def make_round_over_by_the_clock() -> tuple[Round, Voter, dict[int, int | None]]:
    """Make a round whose group ended a moment ago; its one voter's mark may be on the way."""
    round_ = make_round(measures=1)
    group = make_open_group(round_, closes_at=timezone.now() + timedelta(hours=1))
    voter = make_voter(group)
    make_marks(voter, {round_.items.get(): 5})
    Group.objects.update(closes_at=timezone.now())
    return round_, voter, {round_.items.get().pk: 1}


def test_a_release_counts_the_mark_that_is_being_kept() -> None:
    round_, voter, grades = make_round_over_by_the_clock()
    in_time = timezone.now() - timedelta(minutes=1)

    outcomes = race.overlapping(lambda: save_marks(voter, grades, now=in_time), release_now(round_))

    assert outcomes == (None, None)
    assert Mark.objects.get().grade == 1
    assert Standing.objects.get().degree == 1


def test_a_mark_that_comes_during_the_release_is_refused() -> None:
    round_, voter, grades = make_round_over_by_the_clock()
    in_time = timezone.now() - timedelta(minutes=1)

    outcomes = race.overlapping(release_now(round_), lambda: save_marks(voter, grades, now=in_time))

    assert outcomes == (None, NotOpenError)
    assert Mark.objects.get().grade == 5
    assert Standing.objects.get().degree == 5


def test_somebody_who_is_taken_off_the_list_while_voting_stays_on_it() -> None:
    round_ = make_round(measures=1)
    voter = make_voter(make_open_group(round_))
    planner, now = make_planner(), timezone.now()

    outcomes = race.overlapping(
        lambda: save_marks(voter, {round_.items.get().pk: 1}, now=now),
        lambda: remove_voter(Voter.objects.get(), by=planner, now=now),
    )

    assert outcomes == (None, FrozenError)
    assert Mark.objects.get().grade == 1


def test_whoever_was_just_taken_off_the_list_cannot_vote() -> None:
    round_ = make_round(measures=1)
    voter = make_voter(make_open_group(round_))
    planner, now = make_planner(), timezone.now()

    outcomes = race.overlapping(
        lambda: remove_voter(Voter.objects.get(), by=planner, now=now),
        lambda: save_marks(voter, {round_.items.get().pk: 1}, now=now),
    )

    assert outcomes == (None, NoVoterError)
    assert not Ballot.objects.exists()


def test_taking_somebody_off_the_list_waits_for_the_vote_and_not_the_other_way_round() -> None:
    round_ = make_round(measures=1)
    voter = make_voter(make_open_group(round_))
    planner, now = make_planner(), timezone.now()

    outcomes = race.overlapping(
        lambda: hold(voter.group),
        lambda: remove_voter(Voter.objects.get(), by=planner, now=now),
        then=lambda: save_marks(voter, {round_.items.get().pk: 1}, now=now),
    )

    assert outcomes == (None, FrozenError)


def test_a_closing_waits_for_a_proposal_and_not_the_other_way_round() -> None:
    round_ = make_round(measures=1)
    group = make_open_group(round_)
    planner, now = make_planner(), timezone.now()

    outcomes = race.overlapping(
        lambda: hold(group),
        lambda: close_group(group, by=planner, now=now),
        then=lambda: propose(
            round_, title="Rufbus", text="", proposed_by="Mitglied", group=group, now=now
        ),
    )

    assert outcomes == (None, None)
    assert round_.proposals.count() == 1


# A release and what changes the round


def test_a_release_waits_for_a_closing() -> None:
    round_ = make_round(measures=1)
    group = make_open_group(round_)
    make_marks(make_voter(group), {round_.items.get(): 3})
    planner, now = make_planner(), timezone.now()

    outcomes = race.overlapping(
        lambda: close_group(group, by=planner, now=now), release_now(round_)
    )

    assert outcomes == (None, None)
    assert Standing.objects.get().degree == 3


def test_a_closing_during_the_release_is_refused_because_the_release_closed() -> None:
    round_, voter, _ = make_round_over_by_the_clock()
    planner, now = make_planner(), timezone.now()

    outcomes = race.overlapping(
        release_now(round_), lambda: close_group(voter.group, by=planner, now=now)
    )

    assert outcomes == (None, NotOpenError)
    assert voter.group.history.filter(closed_at__isnull=False).count() == 1


def reopen(group: Group) -> Deed:
    planner = make_planner()
    return lambda: reopen_group(group, by=planner, reason="Das Jugendamt fehlte noch.")


def test_a_group_that_is_being_opened_again_holds_up_the_release() -> None:
    round_, group = make_finished_round()

    assert race.overlapping(reopen(group), release_now(round_)) == (None, NotReadyError)
    assert not Standing.objects.exists()
    assert not Round.objects.get().is_released


def test_a_group_cannot_be_opened_again_during_the_release() -> None:
    round_, group = make_finished_round()

    assert race.overlapping(release_now(round_), reopen(group)) == (None, AlreadyReleasedError)
    assert Group.objects.get().closed_at is not None


def test_a_table_that_comes_during_the_release_changes_nothing() -> None:
    round_ = make_round(measures=1)
    group, item = make_closed_group(round_, way=Way.TABLE), round_.items.get()
    make_tally(group, item, {2: 7})
    planner, now = make_planner(), timezone.now()

    outcomes = race.overlapping(
        release_now(round_),
        lambda: take_marks(group, {item.pk: {6: 7}}, by=planner, now=now),
    )

    assert outcomes == (None, AlreadyReleasedError)
    assert Tally.objects.get().grade == 2


def test_a_proposal_cannot_be_admitted_during_the_release() -> None:
    round_, _ = make_finished_round()
    proposal, planner, now = make_proposal(round_), make_planner(), timezone.now()

    outcomes = race.overlapping(
        release_now(round_),
        lambda: admit_proposal(proposal, field=None, number="9", reason="", by=planner, now=now),
    )

    assert outcomes == (None, AlreadyReleasedError)
    assert round_.items.count() == Standing.objects.count() == 3


def test_a_group_cannot_be_added_during_the_release() -> None:
    round_, _ = make_finished_round()
    planner = make_planner()
    values = {"name_de": "Zweite Gruppe", "way": Way.HANDS}

    outcomes = race.overlapping(release_now(round_), lambda: add_group(round_, values, by=planner))

    assert outcomes == (None, AlreadyReleasedError)
    assert Group.objects.count() == 1


def test_a_release_and_an_edit_of_its_measures_wait_for_each_other() -> None:
    round_, _ = make_finished_round()
    last = Measure.objects.order_by("pk").last()
    assert last is not None
    releases, planner = release_now(round_), make_planner()

    outcomes = race.overlapping(
        lambda: Measure.objects.select_for_update().get(pk=last.pk),
        releases,
        then=lambda: change_measure(last, {"title_de": "Neuer Titel"}, seen_version=1, by=planner),
    )

    assert outcomes == (None, None)
    last.refresh_from_db()
    assert (last.title_de, last.priority_degree) == ("Neuer Titel", Decimal(2))


# Opening and the ballot


def make_ready_group() -> Group:
    group = make_group(make_round(measures=2))
    make_voter(group)
    return group


def test_the_ballot_cannot_change_while_the_group_is_being_opened() -> None:
    group, planner, now = make_ready_group(), make_planner(), timezone.now()
    measures = list(Measure.objects.all()[:1])

    outcomes = race.overlapping(
        lambda: open_group(group, by=planner, now=now),
        lambda: choose_items(group.round, measures, by=planner),
    )

    assert outcomes == (None, FrozenError)
    assert Item.objects.count() == 2


def test_the_scale_cannot_change_while_the_group_is_being_opened() -> None:
    group, planner, now = make_ready_group(), make_planner(), timezone.now()

    outcomes = race.overlapping(
        lambda: open_group(group, by=planner, now=now),
        lambda: change_round(group.round, {"highest": 9}, seen_version=1, by=planner),
    )

    assert outcomes == (None, FrozenError)
    assert Round.objects.get().highest == 6


def test_of_two_openings_at_once_one_opens() -> None:
    group, planner, now = make_ready_group(), make_planner(), timezone.now()

    def open_it() -> None:
        open_group(group, by=planner, now=now)

    assert race.overlapping(open_it, open_it) == (None, FrozenError)
    assert group.history.filter(opens_at__isnull=False).count() == 1


# The chair


def decide(item: Item, grade: int) -> Deed:
    planner, now = make_planner(), timezone.now()
    return lambda: decide_half_step(item, Decimal(grade), reason="", by=planner, now=now)


def test_two_decisions_of_the_chair_at_once_leave_the_later_one_and_the_trace_of_both() -> None:
    _, item = make_round_that_waits_for_the_chair()

    assert race.overlapping(decide(item, 2), decide(item, 3)) == (None, None)
    decision = ChairDecision.objects.get()
    assert decision.grade == 3
    assert [entry.grade for entry in decision.history.order_by("history_id")] == [2, 3]


def test_a_release_waits_for_the_decision_of_the_chair() -> None:
    round_, item = make_round_that_waits_for_the_chair()

    assert race.overlapping(decide(item, 2), release_now(round_)) == (None, None)
    assert Standing.objects.get().degree == 2


def test_the_chair_cannot_decide_otherwise_during_the_release() -> None:
    round_, item = make_round_that_waits_for_the_chair()
    decide(item, 2)()

    outcomes = race.overlapping(release_now(round_), decide(item, 3))

    assert outcomes == (None, AlreadyReleasedError)
    assert ChairDecision.objects.get().grade == Standing.objects.get().degree == 2


# Tables


def make_table_group() -> Group:
    return make_group(make_round(measures=3), way=Way.TABLE, tie_rule=TieRule.OPEN)


def test_the_same_table_twice_at_once_is_taken_once() -> None:
    group, planner, now = make_table_group(), make_planner(), timezone.now()
    counts = {item.pk: {1: 3, 2: 4} for item in group.round.items.all()}
    changed: list[bool] = []

    def take() -> None:
        changed.append(take_marks(group, counts, by=planner, now=now))

    assert race.overlapping(take, take) == (None, None)
    assert changed == [True, False]
    assert Tally.objects.count() == 6
    assert group.history.filter(closed_at__isnull=False).count() == 1


def test_two_different_tables_at_once_do_not_mix() -> None:
    group, planner, now = make_table_group(), make_planner(), timezone.now()
    items = list(group.round.items.values_list("pk", flat=True))

    def take(grade: int) -> Deed:
        counts = {item: {grade: 5} for item in items}
        return lambda: take_marks(group, counts, by=planner, now=now)

    outcomes = race.at_once(*[take(grade) for grade in (1, 2, 3, 4)])

    assert outcomes == [None] * 4
    assert Tally.objects.count() == 3
    assert Tally.objects.values("grade").distinct().count() == 1
