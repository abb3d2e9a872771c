"""A large plan asks the database as often as a small one, on every page that shows lists."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from bench.data import make_round, make_whole_plan
from zusammenplan.core.public import raise_version
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.models import Plan

SMALL, LARGE = 20, 200
# Every page and list of a plan: by its name alone, a new one is covered by a line here.
OF_A_PLAN = [
    "website:plan",
    "website:plan-goal-list",
    "website:plan-need-list",
    "website:plan-timeline",
    "website:plan-change-list",
    "website:plan-version-list",
    "website:plan-feed",
    "website:plan-json",
    "website:plan-xlsx",
    "website:plan-document",
    "plans:plan-detail",
    "plans:measure-list",
    "plans:need-list",
    "plans:goal-list",
    "plans:gaps",
    "plans:evaluation-list",
    "plans:document",
    "plans:version-list",
    "api:plan",
    "api:field_list",
    "api:need_list",
    "api:goal_list",
    "api:measure_list",
    "api:evaluation_list",
    "api:version_list",
    "api:change_list",
]
# Pages of one record of the plan, and where its key comes from.
OF_A_RECORD = {
    "website:plan-field": "fields",
    "website:plan-goal": "goals",
    "website:plan-need": "needs",
    "website:measure": "measures",
    "plans:measure-detail": "measures",
}


@pytest.fixture
def plans() -> tuple[Plan, Plan]:
    made = []
    for measures in (SMALL, LARGE):
        plan = make_whole_plan(measures, versions=2)
        make_round(plan, [], is_released=True)
        made.append(plan)
    return made[0], made[1]


def queries(client: Client, url: str) -> int:
    raise_version()
    client.get(url)
    raise_version()
    with CaptureQueriesContext(connection) as asked:
        response: Any = client.get(url)
        assert response.status_code == 200, url
        b"".join(response)
    return len(asked)


@pytest.mark.django_db
def test_large_plan_asks_as_often_as_a_small_one(plans: tuple[Plan, Plan]) -> None:
    client = Client()
    client.force_login(make_planner())
    grown = {}

    for name in [*OF_A_PLAN, *OF_A_RECORD]:
        asked = []
        for plan in plans:
            key = [getattr(plan, OF_A_RECORD[name]).first().pk] if name in OF_A_RECORD else []
            try:
                asked.append(queries(client, reverse(name, args=[plan.slug, *key])))
            except NoReverseMatch:
                break  # a page that is not there asks nothing
        if len(set(asked)) > 1:
            grown[name] = asked

    assert grown == {}
