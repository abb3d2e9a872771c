"""The start page: what waits, where the plan stands, what happened last."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from zusammenplan.ballots.actions import release
from zusammenplan.ballots.choices import HalfStep, Way
from zusammenplan.ballots.tests.factories import (
    make_closed_group,
    make_group,
    make_link,
    make_open_group,
    make_proposal,
    make_round,
    make_tally,
    make_voter,
)
from zusammenplan.core.actions import report_barrier
from zusammenplan.core.history import keep
from zusammenplan.core.models import Municipality
from zusammenplan.core.tests.clients import signed_in
from zusammenplan.desk.queries.members import OwnMeasure
from zusammenplan.desk.queries.waits import Task
from zusammenplan.meetings.choices import SeatRole
from zusammenplan.meetings.tests.factories import make_body, make_seat
from zusammenplan.people.models import Affiliation, Organisation, User
from zusammenplan.people.tests.factories import (
    make_administrator,
    make_organisation,
    make_planner,
    make_reader,
    make_user,
)
from zusammenplan.plans.choices import EvaluationStatus, PlanStatus
from zusammenplan.plans.tests.factories import (
    make_evaluation,
    make_evaluation_item,
    make_measure,
    make_milestone,
    make_plan,
    make_rating,
    make_rating_request,
)

pytestmark = pytest.mark.django_db
OVERVIEW = reverse("desk:overview")


@pytest.fixture(autouse=True)
def municipality(db: None) -> Municipality:  # noqa: ARG001 - the database is needed
    """Give the municipality whose name somebody has entered."""
    return Municipality.objects.create(pk=1)


def tasks_of(user: User) -> list[Task]:
    page = signed_in(user).get(OVERVIEW)
    assert page.status_code == 200
    return list(page.context["tasks"])


def addresses(tasks: list[Task]) -> list[str]:
    return [task.url for task in tasks]


def count_queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(OVERVIEW).status_code == 200
    return len(queries)


def test_whoever_is_not_signed_in_is_asked_to() -> None:
    answer = Client().get(OVERVIEW)

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("make", [make_planner, make_administrator, make_reader, make_user])
def test_an_empty_installation_has_a_start_page_for_everybody(make: object) -> None:
    user = make()  # type: ignore[operator] # one of the factories

    assert tasks_of(user) == []


@pytest.mark.parametrize("make", [make_planner, make_administrator])
def test_whoever_may_name_the_municipality_is_asked_to(
    make: Callable[[], User], municipality: Municipality
) -> None:
    municipality.delete()

    assert addresses(tasks_of(make())) == [reverse("people:settings")]
    assert tasks_of(make_reader()) == []


def test_a_vote_that_is_open_for_me_comes_first() -> None:
    round_ = make_round(measures=1)
    group = make_open_group(round_)
    user = make_user()
    make_voter(group, user=user)

    tasks = tasks_of(user)

    assert addresses(tasks) == [reverse("room:ballot", args=[round_.slug, group.pk])]
    assert tasks[0].due
    assert tasks[0].is_soon


def test_a_planner_sees_what_a_round_needs_at_each_step() -> None:
    planner = make_planner()
    round_ = make_round(measures=1)
    group = make_group(round_, way=Way.HANDS)
    now = timezone.now()
    round_.plan.measures.update(responsible=make_organisation())

    assert addresses(tasks_of(planner)) == [reverse("ballots:round-detail", args=[round_.slug])]
    group.opens_at = now - timedelta(hours=2)
    group.save()
    assert addresses(tasks_of(planner)) == [reverse("ballots:tally", args=[group.pk])]
    group.closes_at = now - timedelta(hours=1)
    group.save()
    assert addresses(tasks_of(planner)) == [reverse("ballots:group-close", args=[group.pk])]
    group.closed_at = now
    group.save()
    assert addresses(tasks_of(planner)) == [reverse("ballots:result", args=[round_.slug])]
    release(round_, by=planner, now=now)
    assert tasks_of(planner) == []


def test_a_chair_sees_only_what_concerns_the_own_group() -> None:
    round_ = make_round(measures=1, half_step=HalfStep.CHAIR)
    body, user = make_body(), make_user()
    make_seat(body, user=user, name="Vorsitz", role=SeatRole.CHAIR)
    group = make_group(round_, way=Way.HANDS, body=body)
    other = make_open_group(round_, way=Way.HANDS)

    assert addresses(tasks_of(user)) == [reverse("ballots:group-open", args=[group.pk])]
    for one in (group, other):
        one.opens_at = one.opens_at or timezone.now() - timedelta(hours=1)
        one.closed_at = timezone.now()
        one.save()
    make_tally(group, round_.items.get(), {1: 1, 2: 1})
    assert addresses(tasks_of(user)) == [reverse("ballots:result", args=[round_.slug])]


def test_a_chair_finds_the_own_group_at_any_time_of_the_vote() -> None:
    round_ = make_round(measures=1)
    body, chair, member = make_body(), make_user(), make_user()
    make_seat(body, user=chair, name="Vorsitz", role=SeatRole.CHAIR)
    make_seat(body, user=member, name="Mitglied")
    make_open_group(round_, body=body, closes_at=timezone.now() + timedelta(days=5))

    page = signed_in(chair).get(OVERVIEW)

    assert [link.url for link in page.context["led"]] == [
        reverse("ballots:round-detail", args=[round_.slug])
    ]
    assert signed_in(chair).get(page.context["led"][0].url).status_code == 200
    assert not signed_in(member).get(OVERVIEW).context["led"]


def test_a_secret_result_that_is_hidden_waits_for_nobody() -> None:
    round_ = make_round(measures=1, is_secret=True)
    make_closed_group(round_)
    round_.plan.measures.update(responsible=make_organisation())

    assert tasks_of(make_planner()) == []


def test_proposals_links_measures_and_reports_wait_for_the_planner() -> None:
    round_ = make_round(measures=1)
    group = make_open_group(round_, closes_at=None)
    make_link(make_voter(group), days=2)
    make_link(make_voter(group), days=9)
    make_proposal(round_)
    report_barrier(page="/", message="Kontrast", email="", now=timezone.now())

    waits = addresses(tasks_of(make_planner()))

    assert waits == [
        reverse("ballots:voter-list", args=[group.pk]),
        reverse("ballots:proposal-list", args=[round_.slug]),
        reverse("plans:measure-list", args=[round_.plan.slug]),
        reverse("people:barrier-list"),
    ]
    assert addresses(tasks_of(make_administrator())) == [reverse("people:barrier-list")]
    assert tasks_of(make_reader()) == []


def test_links_that_end_are_told_in_the_language_of_the_page() -> None:
    round_ = make_round(measures=1, title_en="First vote")
    make_link(make_voter(make_open_group(round_, closes_at=None, name_en="Outside")), days=2)
    client = signed_in(make_planner())

    assert "Outside, First vote:" in client.get(f"/en{OVERVIEW}").content.decode()


def test_measures_without_a_field_are_named() -> None:
    measure = make_measure(responsible=make_organisation())
    measure.field = None
    measure.save()

    assert len(tasks_of(make_planner())) == 1


def test_the_plan_stands_where_its_status_and_round_say() -> None:
    plan = make_plan(status=PlanStatus.DRAFT)
    reader = signed_in(make_reader())

    assert reader.get(OVERVIEW).context["steps"][0].kind == "now"
    round_ = make_round(plan, measures=1)
    make_closed_group(round_, way=Way.HANDS)
    assert reader.get(OVERVIEW).context["steps"][1].kind == "now"
    release(round_, by=make_planner(), now=timezone.now())
    assert reader.get(OVERVIEW).context["steps"][1].kind == "now"
    plan.status = PlanStatus.ADOPTED
    plan.save()
    kinds = [step.kind for step in reader.get(OVERVIEW).context["steps"]]
    assert kinds == ["done", "done", "done", "now", "open"]


def test_a_plan_without_a_beginning_comes_after_one_that_has_begun() -> None:
    begun = make_plan(starts_on=date(2027, 1, 1))
    make_plan(starts_on=None)

    assert signed_in(make_reader()).get(OVERVIEW).context["plan"] == begun


def test_the_plan_whose_vote_runs_is_shown_and_not_the_newest_draft() -> None:
    voted_on, other = make_plan(starts_on=date(2022, 1, 1)), make_plan(starts_on=date(2032, 1, 1))
    client = signed_in(make_planner())
    make_measure(other, responsible=None)

    assert client.get(OVERVIEW).context["plan"] == other
    make_open_group(make_round(voted_on, measures=1))
    page = client.get(OVERVIEW)
    assert page.context["plan"] == voted_on
    assert reverse("plans:measure-list", args=[other.slug]) not in addresses(page.context["tasks"])


def test_evaluations_that_run_are_shown_of_all_plans_those_due_first_on_top() -> None:
    later = make_evaluation(due_on=date(2027, 9, 1))
    first = make_evaluation(due_on=date(2027, 3, 1))
    make_evaluation_item(first)
    make_evaluation(status=EvaluationStatus.PREPARED)
    client = signed_in(make_reader())

    page = client.get(OVERVIEW)

    assert [line.evaluation for line in page.context["evaluations"]] == [first, later]
    text = " ".join(page.content.decode().split())
    assert first.get_absolute_url() in text
    assert "0 von 1 bewertet, bis 1. März 2027" in text
    queries = count_queries(client)
    make_evaluation_item(make_evaluation())
    assert count_queries(client) == queries


def test_what_happened_last_names_who_what_and_where() -> None:
    planner = make_planner(name="Ines Fröbel")
    measure = make_measure()
    keep(measure, by=planner, deed="Maßnahme geändert")

    event = signed_in(make_reader()).get(OVERVIEW).context["events"][0]

    assert (event.who, event.what) == ("Ines Fröbel", "Maßnahme geändert")
    assert event.url == reverse("plans:measure-detail", args=[measure.plan.slug, measure.pk])


def test_the_same_deed_to_many_records_is_told_once() -> None:
    planner = make_planner()
    plan = make_plan()
    for measure in [make_measure(plan) for _number in range(3)]:
        keep(measure, by=planner, deed="Priorität gesetzt")

    event = signed_in(planner).get(OVERVIEW).context["events"][0]

    assert event.more == 2
    assert event.others


def test_a_deed_done_to_one_record_in_many_steps_names_it_alone() -> None:
    planner, plan = make_planner(), make_plan()
    measure, other = make_measure(plan), make_measure(plan)
    for record in (other, measure, measure, other, measure):
        keep(record, by=planner, deed="Handzeichen gezählt")

    event = signed_in(planner).get(OVERVIEW).context["events"][0]

    assert event.more == 1


def test_what_is_deleted_is_told_without_a_link() -> None:
    measure = make_measure()
    measure.delete()

    events = signed_in(make_reader()).get(OVERVIEW).context["events"]

    assert events[0].url == ""


def test_a_member_sees_released_results_and_a_provider_the_own_organisation() -> None:
    round_ = make_round(measures=1)
    group = make_closed_group(round_, way=Way.HANDS)
    member, provider = make_user(), make_user()
    make_voter(group, user=member)
    Affiliation.objects.create(user=provider, organisation=make_organisation(name="Ilsewerk"))
    release(round_, by=make_planner(), now=timezone.now())

    for_member = signed_in(member).get(OVERVIEW)
    for_provider = signed_in(provider).get(OVERVIEW)

    result = reverse("website:result", args=[round_.slug])
    assert [one.url for one in for_member.context["results"]] == [result]
    assert for_provider.context["results"] == []
    assert [one.name for one in for_provider.context["organisations"]] == ["Ilsewerk"]
    assert [one.url for one in for_provider.context["plans"]] == [
        reverse("website:plan", args=[round_.plan.slug])
    ]
    assert "events" not in for_provider.context


def test_the_start_page_asks_as_often_for_three_rounds_as_for_one() -> None:
    planner = signed_in(make_planner())
    make_link(make_voter(make_open_group(make_round(measures=2), closes_at=None)), days=2)
    count_queries(planner)
    queries = count_queries(planner)
    for _number in range(2):
        make_link(make_voter(make_open_group(make_round(measures=2), closes_at=None)), days=2)

    assert count_queries(planner) == queries


def make_provider(**organisation: object) -> tuple[User, Organisation]:
    """Make somebody who acts for an organisation and holds no role of the municipality."""
    user, of = make_user(), make_organisation(**organisation)
    Affiliation.objects.create(user=user, organisation=of)
    return user, of


def measures_on_page(user: User, prefix: str = "") -> list[OwnMeasure]:
    page = signed_in(user).get(f"{prefix}{OVERVIEW}")
    assert page.status_code == 200
    return list(page.context["measures"])


def test_a_provider_sees_the_measures_with_a_part_of_the_own_organisation() -> None:
    user, mine = make_provider(name="Ilsewerk")
    plan = make_plan()
    led, shared = make_measure(plan, responsible=mine), make_measure(plan)
    shared.partners.add(mine, make_organisation(name="Talhof"))
    make_measure(plan, responsible=make_organisation(name="Berghof"))
    make_milestone(led, title_de="Spät", due_on=date(2027, 9, 1))
    make_milestone(led, title_de="Früh", due_on=date(2027, 3, 1))
    make_milestone(led, title_de="Fertig", due_on=date(2027, 1, 1), done_on=date(2027, 1, 1))

    first, second = measures_on_page(user)

    assert first.url == reverse("website:measure", args=[plan.slug, led.pk])
    assert Client().get(first.url).status_code == 200
    assert first.status_label == led.get_status_display()
    assert "Früh" in first.next
    assert first.part == "Verantwortlich: Ilsewerk"
    assert second.part == "Partner: Ilsewerk"
    assert not second.next


def test_a_provider_sees_nothing_of_drafts_of_old_plans_and_of_former_organisations() -> None:
    user, mine = make_provider()
    make_measure(make_plan(is_public=False), responsible=mine)
    make_measure(make_plan(status=PlanStatus.SUPERSEDED), responsible=mine)
    former = make_organisation(name="Früher")
    Affiliation.objects.create(user=user, organisation=former, valid_to=date(2020, 1, 1))
    make_measure(responsible=former)

    assert measures_on_page(user) == []


def test_who_is_asked_to_rate_by_account_finds_the_page_until_all_is_rated() -> None:
    user, mine = make_provider()
    evaluation = make_evaluation(due_on=timezone.localdate())
    measure = make_measure(evaluation.plan, responsible=mine)
    items = [make_evaluation_item(evaluation, measure), make_evaluation_item(evaluation)]
    person = make_rating_request(evaluation, *items, user=user)
    make_rating_request(evaluation, make_evaluation_item(evaluation), user=make_user())
    make_rating(items[1])
    paper = reverse("rating:paper", args=[person.pk])

    (task,) = tasks_of(user)

    assert (task.url, task.why, task.is_soon) == (paper, "1 von 2 bewertet.", True)
    assert [one.rating_url for one in measures_on_page(user)] == [paper]
    assert signed_in(user).get(paper).status_code == 200
    make_rating(items[0])
    assert tasks_of(user) == []
    evaluation.status = EvaluationStatus.CHECK
    evaluation.save()
    assert [one.rating_url for one in measures_on_page(user)] == [""]


def test_the_start_page_asks_as_often_for_three_measures_of_a_provider_as_for_one() -> None:
    user, mine = make_provider()
    client = signed_in(user)
    evaluation = make_evaluation()

    def add_measure() -> None:
        measure = make_measure(evaluation.plan, responsible=mine)
        make_milestone(measure)
        measure.partners.add(mine)
        make_rating_request(
            make_evaluation(evaluation.plan), make_evaluation_item(evaluation, measure), user=user
        )

    add_measure()
    count_queries(client)
    queries = count_queries(client)
    add_measure()
    add_measure()

    assert count_queries(client) == queries
