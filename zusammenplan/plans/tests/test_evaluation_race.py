"""Two people act on a round at the same moment: one deed holds, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.actions.evaluations import (
    EvaluationError,
    NotCheckedError,
    RoundClosedError,
    begin_check,
    close_evaluation,
)
from zusammenplan.plans.actions.ratings import (
    Verdict,
    accept_ratings,
    rate_as_planner,
    rate_by_link,
)
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.models import Evaluation, EvaluationItem, Rating
from zusammenplan.plans.tests.factories import (
    make_evaluation,
    make_evaluation_item,
    make_rating,
    make_rating_request,
)

pytestmark = pytest.mark.django_db(transaction=True)
Deed = Callable[[], object]
LONG_ENOUGH = 0.5  # seconds in which the second deed would end if nothing kept it waiting
FULLY = Verdict("rated", Fraction(1), "Steht.")
PARTLY = Verdict("rated", Fraction(1, 3), "Begonnen.")


def outcome(deed: Deed, held: AbstractContextManager[object] | None = None) -> type | None:
    """Do it on a connection of its own; give the refusal's kind, or nothing."""
    try:
        with held or nullcontext():
            deed()
    except (EvaluationError, ChangedMeanwhileError) as refusal:
        return type(refusal)
    finally:
        connection.close()
    return None


def overlapping(first: Deed, second: Deed) -> tuple[type | None, type | None]:
    """Begin the second while the transaction of the first is still open; give both outcomes."""
    first_is_done, second_has_ended = Event(), Event()

    def first_slowly() -> None:
        first()
        first_is_done.set()
        second_has_ended.wait(LONG_ENOUGH)

    def second_meanwhile() -> None:
        assert first_is_done.wait(30)
        try:
            second()
        finally:
            second_has_ended.set()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(outcome, first_slowly, transaction.atomic())
        other = pool.submit(outcome, second_meanwhile)
        return one.result(), other.result()


def at_once(*deeds: Deed) -> list[type | None]:
    """Do all of them at the same moment; give their outcomes."""
    everybody_is_here = Barrier(len(deeds))

    def run(deed: Deed) -> type | None:
        everybody_is_here.wait(30)
        return outcome(deed)

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [done.result() for done in [pool.submit(run, deed) for deed in deeds]]


def make_item(status: EvaluationStatus = EvaluationStatus.OPEN) -> EvaluationItem:
    made = make_evaluation_item(make_evaluation(status=status))
    return EvaluationItem.objects.select_related("evaluation").get(pk=made.pk)


def link_rates(item: EvaluationItem, verdict: Verdict, *, seen_version: int = 0) -> Deed:
    request = make_rating_request(item.evaluation, item)
    now = timezone.now()
    return lambda: rate_by_link(request, item, verdict, seen_version=seen_version, now=now)


def planner_rates(item: EvaluationItem, verdict: Verdict, *, seen_version: int = 0) -> Deed:
    planner, now = make_planner(), timezone.now()
    return lambda: rate_as_planner(item, verdict, seen_version=seen_version, now=now, by=planner)


def closes(evaluation: Evaluation) -> Deed:
    planner, now = make_planner(), timezone.now()
    return lambda: close_evaluation(evaluation, by=planner, now=now)


# Two ratings


def test_of_many_who_rate_the_same_for_the_first_time_one_is_kept_and_the_others_told() -> None:
    item = make_item()

    outcomes = at_once(*[planner_rates(item, FULLY) for _ in range(6)])

    assert outcomes.count(None) == 1
    assert outcomes.count(ChangedMeanwhileError) == 5
    assert Rating.objects.count() == 1


def test_the_second_of_two_first_ratings_is_told_and_loses_nothing() -> None:
    item = make_item()

    outcomes = overlapping(link_rates(item, FULLY), planner_rates(item, PARTLY))

    assert outcomes == (None, ChangedMeanwhileError)
    assert Rating.objects.get().share == 1


def test_the_second_of_two_changes_is_told() -> None:
    item = make_item()
    rating = make_rating(item)

    outcomes = overlapping(
        link_rates(item, FULLY, seen_version=rating.version),
        planner_rates(item, PARTLY, seen_version=rating.version),
    )

    assert outcomes == (None, ChangedMeanwhileError)
    assert Rating.objects.get().share == 1


# A rating and the end of the round


def test_a_rating_during_the_closing_is_refused() -> None:
    item = make_item(EvaluationStatus.CHECK)

    outcomes = overlapping(closes(item.evaluation), planner_rates(item, FULLY))

    assert outcomes == (None, RoundClosedError)
    assert not Rating.objects.exists()


def test_the_closing_waits_for_a_rating_that_is_being_kept() -> None:
    item = make_item(EvaluationStatus.CHECK)

    outcomes = overlapping(planner_rates(item, FULLY), closes(item.evaluation))

    assert outcomes == (None, None)
    assert Rating.objects.get().share == 1


def test_the_check_waits_for_a_rating_and_the_closing_then_demands_its_check() -> None:
    item = make_item()
    planner = make_planner()

    outcomes = overlapping(
        link_rates(item, FULLY), lambda: begin_check(item.evaluation, by=planner)
    )

    assert outcomes == (None, None)
    assert outcome(closes(item.evaluation)) is NotCheckedError


# Closing twice


def test_of_six_closings_at_once_one_closes_and_the_others_are_told() -> None:
    evaluation = make_evaluation(status=EvaluationStatus.CHECK)

    outcomes = at_once(*[closes(evaluation) for _ in range(6)])

    assert outcomes.count(None) == 1
    assert outcomes.count(RoundClosedError) == 5
    assert evaluation.history.filter(status=EvaluationStatus.CLOSED).count() == 1


def test_a_closing_that_fails_leaves_the_way_to_the_one_that_waits() -> None:
    evaluation = make_evaluation(status=EvaluationStatus.CHECK)
    close = closes(evaluation)

    def break_off() -> None:
        close()
        transaction.set_rollback(True)

    assert overlapping(break_off, close) == (None, None)


# Acceptance and a change


def test_a_change_that_comes_during_the_acceptance_waits_for_another_look() -> None:
    item = make_item()
    rating = make_rating(item, checked_at=None)
    planner, now = make_planner(), timezone.now()
    seen = {rating.pk: rating.version}

    outcomes = overlapping(
        lambda: accept_ratings(item.evaluation, seen, by=planner, now=now),
        link_rates(item, FULLY, seen_version=rating.version),
    )

    assert outcomes == (None, None)
    assert Rating.objects.get().checked_at is None
    assert Rating.objects.get().share == 1
