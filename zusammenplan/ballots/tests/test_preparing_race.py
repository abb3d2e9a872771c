"""Two people prepare at the same moment: both get what they asked for, nothing stands twice."""

import pytest
from django.utils import timezone

from zusammenplan.ballots.actions import RefusedError, add_voters_of_body, create_round
from zusammenplan.ballots.models import Round
from zusammenplan.ballots.tests.factories import make_group
from zusammenplan.core.tests.races import Race
from zusammenplan.meetings.tests.factories import make_body, make_seat
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.tests.factories import make_plan

pytestmark = pytest.mark.django_db(transaction=True)
race = Race(RefusedError)


def test_two_rounds_of_one_title_get_an_address_each() -> None:
    plan, planner, now = make_plan(), make_planner(), timezone.now()

    def prepare() -> None:
        create_round(plan, {"title_de": "Was zuerst?"}, by=planner, now=now)

    assert race.overlapping(prepare, prepare) == (None, None)
    assert set(Round.objects.values_list("slug", flat=True)) == {"was-zuerst", "was-zuerst-2"}


def test_a_body_taken_over_twice_at_once_stands_on_the_list_once() -> None:
    body = make_body()
    make_seat(body, name="Ada Lindner")
    group, planner, day = make_group(body=body), make_planner(), timezone.localdate()

    def take_over() -> None:
        add_voters_of_body(group, day=day, by=planner)

    assert race.overlapping(take_over, take_over) == (None, None)
    assert [voter.name for voter in group.voters.all()] == ["Ada Lindner"]
