"""A whole room votes at once and somebody closes in between: nothing acknowledged is lost."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zusammenplan.ballots.actions import NotOpenError, close_group, invite_voters
from zusammenplan.ballots.models import Group, Mark, Round, SecretMark, Tally, Voter
from zusammenplan.ballots.tests.factories import (
    make_link,
    make_open_group,
    make_round,
    make_voter,
)
from zusammenplan.core.tests.races import Race
from zusammenplan.people.tests.factories import make_planner

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}
VOTERS = 100
AT_ONCE = 20  # so many connections; each is used by five voters one after the other


def url(voter: Voter) -> str:
    return reverse("room:ballot", args=[voter.group.round.slug, voter.group_id])


def in_threads(*deeds: Callable[[], object]) -> None:
    """Do everything at once and give back the connections."""

    def run(deed: Callable[[], object]) -> None:
        try:
            deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(run, deed) for deed in deeds]:
            done.result()


def make_room(*, is_secret: bool) -> tuple[Round, Group, list[tuple[Voter, Client]]]:
    round_ = make_round(measures=4, is_secret=is_secret)
    group = make_open_group(round_)
    now = timezone.now()
    links = invite_voters(
        [make_voter(group) for _ in range(VOTERS)],
        expires_at=now + timedelta(days=7),
        by=make_planner(),
        now=now,
    )
    seats = []
    for link in links:
        client = Client()
        client.get(reverse("room:enter", args=[link.token]))
        seats.append((link.voter, client))
    return round_, group, seats


@pytest.mark.parametrize("is_secret", [False, True], ids=["open", "secret"])
def test_a_hundred_voters_and_a_closing_lose_no_acknowledged_vote_and_count_no_late_one(
    *, is_secret: bool
) -> None:
    round_, group, seats = make_room(is_secret=is_secret)
    fields = [f"m{pk}" for pk in round_.items.values_list("pk", flat=True)]
    answers: dict[int, int] = {}
    half_way, late = threading.Event(), threading.Event()
    planner = make_planner()

    def vote(voter: Voter, client: Client) -> Callable[[], None]:
        def deed() -> None:
            answer = client.post(url(voter), dict.fromkeys(fields, "2"), headers=HTMX)
            answers[voter.pk] = answer.status_code
            if len(answers) >= VOTERS // 3:
                half_way.set()

        return deed

    def close() -> None:
        half_way.wait(30)
        close_group(group, by=planner, now=timezone.now())
        late.set()

    in_threads(close, *[vote(voter, client) for voter, client in seats])

    kept = [pk for pk, status in answers.items() if status == 200]
    refused = [pk for pk, status in answers.items() if status == 409]
    assert late.is_set()
    assert len(kept) + len(refused) == VOTERS
    assert len(kept) >= VOTERS // 3
    assert set(Voter.objects.filter(has_voted=True).values_list("pk", flat=True)) == set(kept)
    if is_secret:
        assert not SecretMark.objects.exists()
        assert list(Tally.objects.values_list("count", flat=True)) == [len(kept)] * 4
    else:
        marks = Mark.objects.values_list("ballot_id", flat=True)
        assert sorted(marks) == sorted(pk for pk in kept for _ in fields)


@pytest.mark.parametrize("is_secret", [False, True], ids=["open", "secret"])
def test_two_tabs_of_one_voter_at_once_leave_one_mark_a_measure(*, is_secret: bool) -> None:
    round_ = make_round(measures=4, is_secret=is_secret)
    voter = make_voter(make_open_group(round_))
    token = make_link(voter)
    fields = [f"m{pk}" for pk in round_.items.values_list("pk", flat=True)]
    statuses: list[int] = []

    def tab(grade: str) -> Callable[[], None]:
        def deed() -> None:
            client = Client()
            client.get(reverse("room:enter", args=[token]))
            answer = client.post(url(voter), dict.fromkeys(fields, grade), headers=HTMX)
            statuses.append(answer.status_code)

        return deed

    in_threads(*[tab(grade) for grade in ("1", "6") * 5])

    assert statuses == [200] * 10
    marks = SecretMark.objects if is_secret else Mark.objects
    grades = list(marks.values_list("grade", flat=True))
    assert len(grades) == 4
    assert set(grades) in ({1}, {6})


def test_of_two_closings_at_once_one_closes() -> None:
    group, planner = make_open_group(make_round(measures=1, is_secret=True)), make_planner()

    def close() -> None:
        close_group(group, by=planner, now=timezone.now())

    outcomes = Race(NotOpenError).at_once(close, close)

    assert outcomes.count(None) == 1
    assert outcomes.count(NotOpenError) == 1
