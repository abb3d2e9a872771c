"""Two people act on a round at the same moment: one deed holds, the other is told."""

from fractions import Fraction

import pytest
from django.db import transaction
from django.utils import timezone

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.tests.races import Deed, Race
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.actions.evaluations import (
    EvaluationError,
    NotCheckedError,
    RoundClosedError,
    begin_check,
    close_evaluation,
    prepare_evaluation,
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
    make_measure,
    make_rating,
    make_rating_request,
)

pytestmark = pytest.mark.django_db(transaction=True)
race = Race(EvaluationError, ChangedMeanwhileError)
FULLY = Verdict("rated", Fraction(1), "Steht.")
PARTLY = Verdict("rated", Fraction(1, 3), "Begonnen.")


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


# Two rounds


def prepares(title: str) -> Deed:
    measure = make_measure()
    values = {"title_de": title}
    return lambda: prepare_evaluation(measure.plan, values, measures=[measure], goals=[], by=None)


def test_two_rounds_of_one_title_prepared_at_once_get_an_address_each() -> None:
    outcomes = race.overlapping(prepares("Zwischenstand"), prepares("Zwischenstand"))

    assert outcomes == (None, None)
    slugs = Evaluation.objects.order_by("slug").values_list("slug", flat=True)
    assert list(slugs) == ["zwischenstand", "zwischenstand-2"]


# Two ratings


def test_of_many_who_rate_the_same_for_the_first_time_one_is_kept_and_the_others_told() -> None:
    item = make_item()

    outcomes = race.at_once(*[planner_rates(item, FULLY) for _ in range(6)])

    assert outcomes.count(None) == 1
    assert outcomes.count(ChangedMeanwhileError) == 5
    assert Rating.objects.count() == 1


def test_the_second_of_two_first_ratings_is_told_and_loses_nothing() -> None:
    item = make_item()

    outcomes = race.overlapping(link_rates(item, FULLY), planner_rates(item, PARTLY))

    assert outcomes == (None, ChangedMeanwhileError)
    assert Rating.objects.get().share == 1


def test_the_second_of_two_changes_is_told() -> None:
    item = make_item()
    rating = make_rating(item)

    outcomes = race.overlapping(
        link_rates(item, FULLY, seen_version=rating.version),
        planner_rates(item, PARTLY, seen_version=rating.version),
    )

    assert outcomes == (None, ChangedMeanwhileError)
    assert Rating.objects.get().share == 1


# A rating and the end of the round


def test_a_rating_during_the_closing_is_refused() -> None:
    item = make_item(EvaluationStatus.CHECK)

    outcomes = race.overlapping(closes(item.evaluation), planner_rates(item, FULLY))

    assert outcomes == (None, RoundClosedError)
    assert not Rating.objects.exists()


def test_the_closing_waits_for_a_rating_that_is_being_kept() -> None:
    item = make_item(EvaluationStatus.CHECK)

    outcomes = race.overlapping(planner_rates(item, FULLY), closes(item.evaluation))

    assert outcomes == (None, None)
    assert Rating.objects.get().share == 1


def test_the_check_waits_for_a_rating_and_the_closing_then_demands_its_check() -> None:
    item = make_item()
    planner = make_planner()

    outcomes = race.overlapping(
        link_rates(item, FULLY), lambda: begin_check(item.evaluation, by=planner)
    )

    assert outcomes == (None, None)
    assert race.outcome(closes(item.evaluation)) is NotCheckedError


# Closing twice


def test_of_six_closings_at_once_one_closes_and_the_others_are_told() -> None:
    evaluation = make_evaluation(status=EvaluationStatus.CHECK)

    outcomes = race.at_once(*[closes(evaluation) for _ in range(6)])

    assert outcomes.count(None) == 1
    assert outcomes.count(RoundClosedError) == 5
    assert evaluation.history.filter(status=EvaluationStatus.CLOSED).count() == 1


def test_a_closing_that_fails_leaves_the_way_to_the_one_that_waits() -> None:
    evaluation = make_evaluation(status=EvaluationStatus.CHECK)
    close = closes(evaluation)

    def break_off() -> None:
        close()
        transaction.set_rollback(True)

    assert race.overlapping(break_off, close) == (None, None)


# Acceptance and a change


def test_a_change_that_comes_during_the_acceptance_waits_for_another_look() -> None:
    item = make_item()
    rating = make_rating(item, checked_at=None)
    planner, now = make_planner(), timezone.now()
    seen = {rating.pk: rating.version}

    outcomes = race.overlapping(
        lambda: accept_ratings(item.evaluation, seen, by=planner, now=now),
        link_rates(item, FULLY, seen_version=rating.version),
    )

    assert outcomes == (None, None)
    assert Rating.objects.get().checked_at is None
    assert Rating.objects.get().share == 1
