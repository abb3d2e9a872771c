"""A whole plan of 2,000 measures against smaller ones: pages, content, and export."""

import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.data import make_whole_plan
from bench.measure import Goal, Row, in_turn
from bench.votes import make_round
from zusammenplan.people.actions import create_user
from zusammenplan.people.choices import Role
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.exports.workbook import workbook_file
from zusammenplan.plans.forms.workbook import read_workbook
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.workbook import compared

TINY, FEW, MANY = 20, 200, 2000
PAGES_A_BATCH = 3
FLAT = Goal("ratio", "<=", 1.2)
# Pages for everybody, and lists of the workspace; all are shown in pages of a fixed length.
PAGES = (
    ("public plan page", "website:plan"),
    ("public goals", "website:plan-goal-list"),
    ("public needs", "website:plan-need-list"),
    ("public timeline", "website:plan-timeline"),
    ("list of measures in the workspace", "plans:measure-list"),
    ("list of needs in the workspace", "plans:need-list"),
    ("list of goals in the workspace", "plans:goal-list"),
    ("closed outline", "plans:outline"),
    ("decisions for the next plan", "plans:plan-update"),
    ("form of a new evaluation", "plans:evaluation-add"),
    ("form of a new measure", "plans:measure-add"),
    ("form of a new goal", "plans:goal-add"),
    ("new numbers of measures", "plans:plan-renumber"),
)
# Pages of an evaluation that is open.
EVALUATION_PAGES = (
    ("ratings of an evaluation", "plans:evaluation-check"),
    ("persons of an evaluation", "plans:evaluation-people"),
    ("scope of an evaluation", "plans:evaluation-items"),
    ("results of an evaluation", "plans:evaluation-detail"),
)


def scale() -> list[Row]:
    tiny, few, many = (_plan(measures) for measures in (TINY, FEW, MANY))
    client = _planner()
    rows = []
    for said, address in _addresses():
        smallest, small, large = (address(plan) for plan in (tiny, few, many))
        value, floor = in_turn(_cpu_of(client, large), _cpu_of(client, small), batches=9, warm_up=2)
        rows.append(Row(f"{said}, 2,000 measures against 200 [ms of CPU]", value, floor, FLAT))
        # A small plan may ask more, where only it shows everything at once.
        asked = _queries(client, large), _queries(client, smallest)
        rows.append(Row(f"queries of it against 20 ({said})", *asked, Goal("ratio", "<=", 1)))
    value, floor = in_turn(
        lambda: _milliseconds(lambda: plan_content(many)),
        lambda: _milliseconds(lambda: plan_content(few)),
        batches=3,
        warm_up=1,
    )
    # Everything is read here, so this grows with the plan; the ratio is told, the time is judged.
    said = "content of a plan, 2,000 measures against 200 [ms of CPU]"
    rows.append(Row(said, value, floor, Goal("value", "<", 3000)))
    exports = (
        ("workspace", reverse("plans:plan-export", args=[many.slug, "xlsx"])),
        ("for editing", reverse("plans:workbook-download", args=[many.slug])),
        ("public", reverse("website:plan-xlsx", args=[many.slug])),
    )
    for said, url in exports:
        value, floor = in_turn(
            lambda url=url: _milliseconds(lambda: _fetch(client, url)),  # type: ignore[misc] # a lambda's default
            lambda: _milliseconds(lambda: plan_content(many)),
            batches=3,
            warm_up=1,
        )
        name = f"XLSX of 2,000 measures, {said}, against reading them [ms of CPU]"
        rows.append(Row(name, value, floor, Goal("value", "<", 3000)))
    value, floor = in_turn(
        lambda: _milliseconds(lambda: _preview(many)),
        lambda: _milliseconds(lambda: plan_content(many)),
        batches=3,
        warm_up=1,
    )
    name = "preview of an edited workbook of 2,000 measures [ms of CPU]"
    rows.append(Row(name, value, floor, Goal("value", "<", 10_000)))
    return rows


def _preview(plan: Plan) -> None:
    """Write the workbook once, then read it and compare it with the plan each time."""
    difference = compared(plan_content(plan), read_workbook("a.xlsx", _book(plan), plan=plan).book)
    assert difference.is_empty


@cache
def _book(plan: Plan) -> bytes:
    with workbook_file(plan_content(plan), now=timezone.now()) as file:
        return file.read()


def _plan(measures: int) -> Plan:
    plan = make_whole_plan(measures)
    make_round(plan, [], is_released=True)
    with connection.cursor() as cursor:
        # What autovacuum does by itself within minutes.
        cursor.execute("ANALYZE")
    return plan


def _addresses() -> Iterator[tuple[str, Callable[[Plan], str]]]:
    """Give what each page is called, and how its address is made for a plan."""
    for said, name in PAGES:
        yield said, lambda plan, name=name: reverse(name, args=[plan.slug])  # type: ignore[misc] # a lambda's default
    for said, name in EVALUATION_PAGES:
        yield said, lambda plan, name=name: reverse(name, args=[plan.slug, _open(plan)])  # type: ignore[misc] # as above
    yield (
        "public results of an evaluation",
        lambda plan: reverse("website:evaluation", args=[plan.slug, _closed(plan)]),
    )
    yield (
        "form of a measure",
        lambda plan: reverse("plans:measure-change", args=[plan.slug, _middle(plan.measures)]),
    )
    yield (
        "form of a goal",
        lambda plan: reverse("plans:goal-change", args=[plan.slug, _middle(plan.goals)]),
    )
    yield (
        "gaps",
        # The same kind in each plan, and one of which even the small one fills a page.
        lambda plan: reverse("plans:gaps", args=[plan.slug]) + "?luecke=verantwortlich",
    )
    yield (
        "list of measures with all its filters",
        lambda plan: reverse("plans:measure-list", args=[plan.slug]) + "?mehr=1",
    )


def _open(plan: Plan) -> str:
    return str(plan.evaluations.get(status=EvaluationStatus.OPEN).slug)


def _closed(plan: Plan) -> str:
    return str(plan.evaluations.get(status=EvaluationStatus.CLOSED).slug)


def _middle(records: Any) -> int:
    keys = list(records.order_by("pk").values_list("pk", flat=True))
    return int(keys[len(keys) // 2])


def _planner() -> Client:
    user = create_user("planung@bench.example", name="Planung", roles=[Role.PLANNER], by=None)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def _cpu_of(client: Client, url: str) -> Callable[[], float]:
    def batch() -> float:
        began = time.process_time()
        for _ in range(PAGES_A_BATCH):
            _fetch(client, url)
        return (time.process_time() - began) * 1000 / PAGES_A_BATCH

    return batch


def _fetch(client: Client, url: str) -> None:
    # Somebody who is signed in gets a fresh page; the cookie of the session says so.
    assert settings.SESSION_COOKIE_NAME in client.cookies
    caches["pages"].clear()
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    b"".join(response)


def _queries(client: Client, url: str) -> int:
    _fetch(client, url)
    with CaptureQueriesContext(connection) as asked:
        _fetch(client, url)
    return len(asked)


def _milliseconds(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return (time.process_time() - began) * 1000
