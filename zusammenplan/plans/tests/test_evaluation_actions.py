"""Deeds on rounds of rating: prepare, open, rate, check, close, ask."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core import mail
from django.utils import timezone

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.public import current_version
from zusammenplan.people.actions import LinkError, open_invitation
from zusammenplan.people.choices import InvitationPurpose
from zusammenplan.people.tests.factories import NOW, make_planner, make_user
from zusammenplan.plans.actions import MeasureInUseError, PlanInUseError, ReasonMissingError
from zusammenplan.plans.actions.evaluations import (
    HasRatingsError,
    NotCheckedError,
    NothingToRateError,
    RatedAlreadyError,
    RoundClosedError,
    RoundNotOpenError,
    WrongStepError,
    begin_check,
    change_evaluation,
    choose_items,
    close_evaluation,
    delete_evaluation,
    open_evaluation,
    prepare_evaluation,
    reopen_evaluation,
    set_scale,
)
from zusammenplan.plans.actions.measures import delete_measure
from zusammenplan.plans.actions.plans import delete_plan
from zusammenplan.plans.actions.rating_requests import (
    AskedAlreadyError,
    RatingLink,
    ask,
    ask_contacts,
    assign_items,
    mail_links,
    make_links,
    revoke_links,
    stop_asking,
)
from zusammenplan.plans.actions.ratings import (
    NotOnScaleError,
    ReasonNeededError,
    Verdict,
    accept_ratings,
    rate_as_planner,
    rate_by_link,
)
from zusammenplan.plans.choices import EvaluationStatus, RatingState, ScaleKind
from zusammenplan.plans.domain.attainment import ScaleError
from zusammenplan.plans.models import Evaluation, EvaluationItem, Plan, Rating, RatingRequest
from zusammenplan.plans.tests.factories import (
    make_evaluation,
    make_evaluation_item,
    make_goal,
    make_measure,
    make_plan,
    make_rating,
    make_rating_request,
    measure_of,
)

pytestmark = pytest.mark.django_db
FULLY = Verdict(RatingState.RATED, Fraction(1), "Steht und läuft.", "Bericht")
PARTLY = Verdict(RatingState.RATED, Fraction(1, 3), "Erst begonnen.")


def make_prepared(plan: Plan | None = None) -> Evaluation:
    plan = plan or make_plan()
    return prepare_evaluation(
        plan, {"title_de": "Zwischenstand"}, measures=[make_measure(plan)], goals=[], by=None
    )


def make_open_item() -> tuple[RatingRequest, EvaluationItem]:
    item = make_evaluation_item()
    return make_rating_request(item.evaluation, item), item


def make_link(request: RatingRequest) -> RatingLink:
    (link,) = make_links([request], expires_at=NOW + timedelta(days=9), by=None, now=NOW)
    return link


# Scale


def test_a_scale_is_set_with_its_history() -> None:
    plan = make_plan()

    set_scale(plan, kind=ScaleKind.OWN, own_scale="gut\nschlecht", seen_version=1, by=None)

    plan.refresh_from_db()
    assert (plan.scale_kind, plan.own_scale, plan.version) == ("own", "gut\nschlecht", 2)
    assert plan.history.first().history_change_reason == "Skala der Zielerreichung festgelegt"


def test_an_own_scale_that_cannot_be_read_is_not_saved() -> None:
    plan = make_plan()

    with pytest.raises(ScaleError):
        set_scale(plan, kind=ScaleKind.OWN, own_scale="nur eine", seen_version=1, by=None)

    assert Plan.objects.get().scale_kind == ScaleKind.FOUR_STEPS


def test_a_round_takes_the_scale_of_the_moment_at_which_it_opens_and_keeps_it() -> None:
    plan = make_plan()
    evaluation = make_prepared(plan)
    set_scale(plan, kind=ScaleKind.TRAFFIC_LIGHT, own_scale="", seen_version=1, by=None)

    open_evaluation(evaluation, by=None)
    set_scale(plan, kind=ScaleKind.PERCENTAGE, own_scale="", seen_version=2, by=None)

    assert Evaluation.objects.get().scale["kind"] == "traffic_light"


def test_a_prepared_round_follows_the_scale_and_an_open_one_does_not() -> None:
    plan = make_plan()
    prepared = make_prepared(plan)
    opened = make_evaluation(plan)

    set_scale(plan, kind=ScaleKind.TRAFFIC_LIGHT, own_scale="", seen_version=1, by=None)

    scales = dict(Evaluation.objects.values_list("pk", "scale__kind"))
    assert scales == {prepared.pk: "traffic_light", opened.pk: "four_steps"}


# Rounds


def test_a_round_is_prepared_with_what_is_rated_in_it() -> None:
    plan = make_plan()
    measure, goal = make_measure(plan), make_goal(plan)

    evaluation = prepare_evaluation(
        plan, {"title_de": "Neu"}, measures=[measure], goals=[goal], by=make_planner()
    )

    assert evaluation.slug == "neu-2"  # "neu" is a word of the program's own addresses
    assert {str(item) for item in evaluation.items.all()} == {str(measure), str(goal)}


def test_a_round_without_anything_is_not_prepared() -> None:
    with pytest.raises(NothingToRateError):
        prepare_evaluation(make_plan(), {"title_de": "Leer"}, measures=[], goals=[], by=None)

    assert not Evaluation.objects.exists()


def test_two_rounds_of_the_same_title_have_their_own_addresses() -> None:
    assert [make_prepared().slug, make_prepared().slug] == ["zwischenstand", "zwischenstand-2"]


def test_a_round_goes_through_its_steps_and_no_other_way() -> None:
    evaluation = make_prepared()
    with pytest.raises(WrongStepError):
        begin_check(evaluation, by=None)

    open_evaluation(evaluation, by=None)
    with pytest.raises(WrongStepError):
        open_evaluation(evaluation, by=None)
    with pytest.raises(WrongStepError):
        close_evaluation(evaluation, by=None, now=NOW)
    begin_check(evaluation, by=None)
    reopen_evaluation(evaluation, by=None)
    begin_check(evaluation, by=None)
    close_evaluation(evaluation, by=None, now=NOW)

    evaluation.refresh_from_db()
    assert (evaluation.status, evaluation.closed_at) == (EvaluationStatus.CLOSED, NOW)
    with pytest.raises(RoundClosedError):
        close_evaluation(evaluation, by=None, now=NOW)
    with pytest.raises(WrongStepError):
        reopen_evaluation(evaluation, by=None)


def test_a_round_with_unchecked_ratings_is_not_closed() -> None:
    item = make_evaluation_item(make_evaluation(status=EvaluationStatus.CHECK))
    make_rating(item, checked_at=None)

    with pytest.raises(NotCheckedError):
        close_evaluation(item.evaluation, by=None, now=NOW)


def test_closing_makes_public_pages_fresh_and_a_hidden_plan_does_not() -> None:
    evaluation = make_evaluation(status=EvaluationStatus.CHECK)
    hidden = make_evaluation(make_plan(is_public=False), status=EvaluationStatus.CHECK)
    before = current_version()

    close_evaluation(hidden, by=None, now=NOW)
    unchanged = current_version()
    close_evaluation(evaluation, by=None, now=NOW)

    assert unchanged == before
    assert current_version() > before


def test_a_measure_added_later_is_taken_in_while_the_round_is_open() -> None:
    item = make_evaluation_item()
    later = make_measure(item.evaluation.plan)

    counts = choose_items(item.evaluation, measures=[measure_of(item), later], goals=[], by=None)

    assert counts == (1, 0)
    assert item.evaluation.items.count() == 2


def test_what_is_rated_is_not_taken_out() -> None:
    item = make_evaluation_item()
    other = make_evaluation_item(item.evaluation)
    make_rating(item)

    with pytest.raises(RatedAlreadyError, match=measure_of(item).number):
        choose_items(item.evaluation, measures=[measure_of(other)], goals=[], by=None)

    assert choose_items(item.evaluation, measures=[measure_of(item)], goals=[], by=None) == (0, 1)


def test_a_closed_round_is_changed_in_nothing() -> None:
    evaluation = make_evaluation(status=EvaluationStatus.CLOSED, closed_at=NOW)
    item = make_evaluation_item(evaluation)
    request = make_rating_request(evaluation, item)

    with pytest.raises(RoundClosedError):
        change_evaluation(evaluation, {"title_de": "Anders"}, seen_version=1, by=None)
    with pytest.raises(RoundClosedError):
        choose_items(evaluation, measures=[measure_of(item)], goals=[], by=None)
    with pytest.raises(RoundClosedError):
        ask(evaluation, name="Torben Escher", email="", user=None)
    with pytest.raises(RoundClosedError):
        stop_asking(request, by=None, now=NOW)
    with pytest.raises(RoundClosedError):
        delete_evaluation(evaluation, reason="Irrtum", by=None, now=NOW)


def test_a_second_editor_of_the_title_is_told() -> None:
    evaluation = make_evaluation()
    change_evaluation(evaluation, {"title_de": "Eins"}, seen_version=1, by=None)

    with pytest.raises(ChangedMeanwhileError):
        change_evaluation(evaluation, {"title_de": "Zwei"}, seen_version=1, by=None)


def test_a_correction_takes_over_the_ratings_with_author_date_and_reason() -> None:
    closed = make_evaluation(status=EvaluationStatus.CLOSED, closed_at=NOW)
    item = make_evaluation_item(closed)
    make_rating(item)

    correction = prepare_evaluation(
        closed.plan,
        {"title_de": "Korrektur"},
        measures=[measure_of(item)],
        goals=[],
        by=make_planner(),
        copy_of=closed,
    )
    set_scale(closed.plan, kind=ScaleKind.PERCENTAGE, own_scale="", seen_version=1, by=None)
    open_evaluation(correction, by=None)

    copy = correction.ratings.get()
    assert (copy.share, copy.author_name, copy.rated_at) == (
        Decimal("0.6667"),
        "Ulrike Bachmann",
        NOW,
    )
    assert copy.checked_at is None
    assert Evaluation.objects.get(pk=correction.pk).scale["kind"] == "four_steps"
    assert closed.ratings.count() == 1


def test_deleting_a_round_needs_a_reason_and_no_ratings_and_ends_its_links() -> None:
    request, item = make_open_item()
    (link,) = make_links([request], expires_at=NOW + timedelta(days=9), by=None, now=NOW)
    with pytest.raises(ReasonMissingError):
        delete_evaluation(item.evaluation, reason=" ", by=None, now=NOW)

    delete_evaluation(item.evaluation, reason="Doppelt", by=None, now=NOW)

    assert not Evaluation.objects.exists()
    with pytest.raises(LinkError):
        open_invitation(link.token, purpose=InvitationPurpose.RATING, now=NOW)


def test_a_round_with_ratings_is_not_deleted() -> None:
    item = make_evaluation_item()
    make_rating(item)

    with pytest.raises(HasRatingsError):
        delete_evaluation(item.evaluation, reason="Irrtum", by=None, now=NOW)


def test_what_is_in_a_round_cannot_be_deleted_from_the_plan() -> None:
    item = make_evaluation_item()

    make_rating(item)

    with pytest.raises(MeasureInUseError):
        delete_measure(measure_of(item), reason="Weg", by=None)
    with pytest.raises(PlanInUseError):
        delete_plan(item.evaluation.plan, reason="Weg", by=None)


# Rate


def test_a_rating_has_author_date_and_reason() -> None:
    request, item = make_open_item()

    rate_by_link(request, item, FULLY, seen_version=0, now=NOW)

    rating = Rating.objects.get()
    assert (rating.share, rating.author_name, rating.rated_at) == (
        Decimal(1),
        "Ulrike Bachmann",
        NOW,
    )
    assert (rating.reason, rating.evidence) == ("Steht und läuft.", "Bericht")
    assert rating.checked_at is None


def test_without_a_reason_nothing_is_rated() -> None:
    request, item = make_open_item()

    with pytest.raises(ReasonNeededError):
        rate_by_link(
            request, item, Verdict(RatingState.RATED, Fraction(1), "  "), seen_version=0, now=NOW
        )


@pytest.mark.parametrize(
    ("state", "share"),
    [
        (RatingState.RATED, Fraction(1, 2)),
        (RatingState.RATED, None),
        (RatingState.DROPPED, Fraction(1)),
        ("anything", None),
    ],
)
def test_what_is_not_on_the_scale_is_refused(state: str, share: Fraction | None) -> None:
    request, item = make_open_item()

    with pytest.raises(NotOnScaleError):
        rate_by_link(request, item, Verdict(state, share, "Weil"), seen_version=0, now=NOW)


def test_a_percentage_takes_every_share_up_to_the_whole() -> None:
    request, item = make_open_item()
    Evaluation.objects.update(scale={"kind": "percentage", "steps": []})

    rate_by_link(
        request, item, Verdict("rated", Fraction(625, 1000), "Weil"), seen_version=0, now=NOW
    )
    with pytest.raises(NotOnScaleError):
        rate_by_link(
            request, item, Verdict("rated", Fraction(3, 2), "Weil"), seen_version=1, now=NOW
        )

    assert Rating.objects.get().share == Decimal("0.6250")


def test_a_changed_rating_waits_for_the_check_once_more_and_the_history_keeps_both() -> None:
    request, item = make_open_item()
    planner = make_planner()
    rating = rate_by_link(request, item, FULLY, seen_version=0, now=NOW)
    accept_ratings(item.evaluation, {rating.pk: rating.version}, by=planner, now=NOW)

    rate_by_link(request, item, PARTLY, seen_version=rating.version, now=NOW)

    rating = Rating.objects.get()
    assert (rating.checked_at, rating.version) == (None, 2)
    assert [one.share for one in rating.history.order_by("history_id")] == [
        1,
        1,
        Decimal("0.3333"),
    ]


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (EvaluationStatus.PREPARED, RoundNotOpenError),
        (EvaluationStatus.CHECK, RoundNotOpenError),
        (EvaluationStatus.CLOSED, RoundClosedError),
    ],
)
def test_who_was_asked_rates_only_while_the_round_is_open(
    status: EvaluationStatus, refusal: type[Exception]
) -> None:
    request, item = make_open_item()
    closed_at = NOW if status == EvaluationStatus.CLOSED else None
    Evaluation.objects.update(status=status, closed_at=closed_at)

    with pytest.raises(refusal):
        rate_by_link(request, item, FULLY, seen_version=0, now=NOW)


def test_the_planner_still_rates_during_the_check_and_needs_no_second_look() -> None:
    _request, item = make_open_item()
    Evaluation.objects.update(status=EvaluationStatus.CHECK)
    planner = make_planner()

    rate_as_planner(item, FULLY, seen_version=0, now=NOW, by=planner, why="Fehlte")

    rating = Rating.objects.get()
    assert (rating.author, rating.checked_by) == (planner, planner)


def test_a_change_at_the_check_says_why_in_the_history() -> None:
    request, item = make_open_item()
    rating = rate_by_link(request, item, FULLY, seen_version=0, now=NOW)

    rate_as_planner(item, PARTLY, seen_version=1, now=NOW, by=make_planner(), why="Zu hoch")

    entry = rating.history.first()
    assert entry.history_change_reason == "Bei der Prüfung geändert: Zu hoch"
    assert entry.prev_record.author_name == "Ulrike Bachmann"


def test_what_was_changed_since_the_planner_looked_is_not_accepted() -> None:
    request, item = make_open_item()
    rating = rate_by_link(request, item, FULLY, seen_version=0, now=NOW)
    seen = {rating.pk: rating.version}
    rate_by_link(request, item, PARTLY, seen_version=1, now=NOW)

    assert accept_ratings(item.evaluation, seen, by=make_planner(), now=NOW) == 0


def test_ratings_of_another_round_are_not_accepted_with_this_one() -> None:
    rating = make_rating(make_evaluation_item(), checked_at=None)

    number = accept_ratings(make_evaluation(), {rating.pk: 1}, by=make_planner(), now=NOW)

    assert number == 0


def test_a_closed_round_accepts_nothing_more() -> None:
    evaluation = make_evaluation(status=EvaluationStatus.CLOSED, closed_at=NOW)

    with pytest.raises(RoundClosedError):
        accept_ratings(evaluation, {}, by=make_planner(), now=NOW)


# Ask


def test_the_contacts_of_the_measures_are_asked_once_each() -> None:
    plan = make_plan()
    contact = make_user(name="Torben Escher")
    gone = make_user(is_active=False)
    evaluation = prepare_evaluation(
        plan,
        {"title_de": "Runde"},
        measures=[
            make_measure(plan, contact=contact),
            make_measure(plan, contact=contact),
            make_measure(plan, contact=gone),
            make_measure(plan),
        ],
        goals=[],
        by=None,
    )

    assert ask_contacts(evaluation) == 2
    assert ask_contacts(evaluation) == 0
    assert [person.name for person in evaluation.requests.all()] == ["Torben Escher"]


def test_nobody_is_asked_twice() -> None:
    request, item = make_open_item()

    with pytest.raises(AskedAlreadyError):
        ask(item.evaluation, name=request.name, email=request.email, user=None)


def test_things_are_asked_of_somebody_else_or_of_nobody() -> None:
    request, item = make_open_item()
    other = ask(item.evaluation, name="Gerda Wohlfahrt", email="", user=None)

    assert assign_items(item.evaluation, [item.pk], request=other) == 1
    assert assign_items(item.evaluation, [item.pk], request=other) == 0
    assert assign_items(item.evaluation, [item.pk], request=None) == 1
    assert not request.items.exists()


def test_a_new_link_ends_the_earlier_one() -> None:
    request, _item = make_open_item()
    first = make_link(request)
    second = make_link(request)

    with pytest.raises(LinkError):
        open_invitation(first.token, purpose=InvitationPurpose.RATING, now=NOW)
    opened = open_invitation(second.token, purpose=InvitationPurpose.RATING, now=NOW)
    assert opened == second.request.invitation
    assert opened.token_hash != second.token


def test_links_are_not_made_after_the_round_has_ended() -> None:
    request, _item = make_open_item()
    Evaluation.objects.update(status=EvaluationStatus.CHECK)
    request = RatingRequest.objects.select_related("evaluation").get()

    with pytest.raises(RoundNotOpenError):
        make_links([request], expires_at=NOW + timedelta(days=9), by=None, now=NOW)


def test_links_are_withdrawn_and_whoever_is_taken_off_the_list_loses_theirs() -> None:
    request, item = make_open_item()
    make_link(request)
    assert revoke_links([request], by=None, now=NOW) == 1
    assert revoke_links([request], by=None, now=NOW) == 0
    link = make_link(request)

    stop_asking(request, by=None, now=NOW)

    with pytest.raises(LinkError):
        open_invitation(link.token, purpose=InvitationPurpose.RATING, now=NOW)
    assert EvaluationItem.objects.get(pk=item.pk).request is None


def test_a_reminder_is_mailed_and_noted_and_who_has_no_address_is_told_back() -> None:
    request, item = make_open_item()
    without = make_rating_request(item.evaluation, name="Gerda Wohlfahrt", email="")
    now = timezone.now()
    links = make_links([request, without], expires_at=now + timedelta(days=9), by=None, now=now)

    unsent = mail_links(links, address=lambda token: f"https://x/{token}", now=now, reminds=True)

    assert [link.request for link in unsent] == [without]
    (message,) = mail.outbox
    assert message.subject == f"Erinnerung: Bitte bewerten Sie: {item.evaluation.title}"
    assert f"https://x/{links[0].token}" in message.body
    assert RatingRequest.objects.get(pk=request.pk).reminded_at == now
