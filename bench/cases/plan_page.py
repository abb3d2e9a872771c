"""
The public page of a plan, made anew each time, against a bare view with as many rows.

Header, footer and the municipality's name are the same on all public pages; they are kept for each
public version, as the server keeps them.
"""

import time
from collections.abc import Callable

from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from bench.data import make_plan
from bench.measure import Goal, Row, in_turn
from bench.votes import make_round
from zusammenplan.plans.models import Plan

PAGES_A_BATCH = 5


def plan_page() -> list[Row]:
    few, hundred, many = (_plan(measures) for measures in (10, 100, 1000))
    value, floor = in_turn(_cpu_of(_address(hundred)), _cpu_of(f"/floor/rows/{hundred.pk}/"))
    queries = {plan.pk: _queries(plan) for plan in (few, many)}
    said = "plan page with 100 measures, uncached [ms of CPU]"
    return [
        Row(said, value, floor, Goal("ratio", "<=", 3)),
        Row(said, value, floor, Goal("value", "<", 20)),
        Row(
            "queries of the plan page with 1,000 measures against 10",
            queries[many.pk],
            queries[few.pk],
            Goal("ratio", "=", 1),
        ),
    ]


def _plan(measures: int) -> Plan:
    plan = make_plan(measures)
    make_round(plan, [], is_released=True)
    return plan


def _address(plan: Plan) -> str:
    return f"/plan/{plan.slug}/"


def _cpu_of(path: str) -> Callable[[], float]:
    handler = WSGIHandler()
    requests = RequestFactory(SERVER_NAME="127.0.0.1")

    def batch() -> float:
        began = time.process_time()
        for _ in range(PAGES_A_BATCH):
            caches["pages"].clear()
            response = handler.get_response(requests.get(path))
            assert response.status_code == 200, response.status_code
        return (time.process_time() - began) * 1000 / PAGES_A_BATCH

    return batch


def _queries(plan: Plan) -> int:
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as asked:
        WSGIHandler().get_response(RequestFactory(SERVER_NAME="127.0.0.1").get(_address(plan)))
    return len(asked)
