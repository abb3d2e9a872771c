"""Every page of a plan asks the database as often for 100 measures as for 10."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.data import make_whole_plan
from bench.votes import make_round
from zusammenplan.config.tests.test_permissions import addresses
from zusammenplan.core.public import raise_version
from zusammenplan.people.choices import Role
from zusammenplan.people.tests.factories import make_user
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.models import Plan
from zusammenplan.plans.tests.factories import make_relation
from zusammenplan.plans.tests.full_plan import make_file

FEW, MANY = 10, 100
# Answers to a plan's address that are no page: what they do has tests of its own.
NO_PAGE = {
    "plans:block-picture": "a picture",
    "plans:measure-file-download": "a file",
    "plans:evaluation-person-remove": "of a person; tested with those who are asked",
    "plans:measure-cell": "a part of the list",
    "plans:plan-step": "a step that the plan of the benchmarks cannot take",
    "plans:view-open": "leads on to the list",
    "plans:workbook-check": "what somebody uploaded",
    "plans:workbook-take": "what somebody uploaded",
    "reports:plan-changes": "what changed since the plan before; this one has none",
    "reports:plan-job": "how far a file is made",
    "reports:plan-made": "a file that was made",
    "reports:plan-picture": "a picture",
    "reports:plan-place": "leads on to a paragraph",
    "reports:version-place": "leads on to a paragraph",
    "tables:done": "what somebody imported",
    "website:measure-file": "a file",
    "website:plan-document-place": "leads on to a paragraph",
    "website:plan-picture": "a picture",
    "website:plan-version-place": "leads on to a paragraph",
}
# Documents are set from the content of a plan alone, which is read for other pages too.
SET_FROM_CONTENT = ("-pdf", "-docx")
# Of records that a plan has few of, whatever its size; their pages are tested where they are made.
FEW_OF_THEM = ("abbreviation", "saved", "view-change", "view-delete", "resolution", "term")
# What is not of a plan, though its address has a slug too.
OF_DATA = ("social", "data-")
# A small plan is shown open at first, a large one closed: here both are.
ASKED = {"plans:outline": "?auf=alles"}


def names() -> list[str]:
    """Name every page of a plan, in the workspace, on the public site and of the interface."""
    return [
        name
        for name, pattern in sorted(addresses().items())
        if "slug" in pattern.pattern.converters
        and is_of_a_plan(name)
        and name not in NO_PAGE
        and not name.endswith(SET_FROM_CONTENT)
    ]


def is_of_a_plan(name: str) -> bool:
    app, _, view = name.partition(":")
    if view == "result" or view.startswith((*FEW_OF_THEM, *OF_DATA)):
        return False
    if app == "reports":
        return view.startswith(("plan-", "version-"))
    return app in {"plans", "website", "api", "tables"}


def records(plan: Plan) -> Mapping[str, Any]:
    """Give one record of each kind in the plan, by the beginning of the addresses' names."""
    measure = plan.measures.order_by("position")[0]
    measure.text_easy = "Hilfe bei Fragen zur Pflege."
    measure.save()
    indicator = measure.indicators.get()
    chapter = plan.chapters.order_by("position")[0]
    text = plan.chapters.get(address="bench1")
    return {
        "measure-cost": measure.costs.all()[0],
        "part-notes": measure.milestones.all()[0],
        "measure-milestone": measure.milestones.all()[0],
        "measure-indicator": indicator,
        "measure-value": indicator,
        "measure-relation": make_relation(measure, other=plan.measures.order_by("position")[1]),
        "measure-file": make_file(measure),
        "value": indicator.values.all()[0],
        "measure": measure,
        "need": plan.needs.in_order()[0],
        "evidence": plan.needs.in_order()[0],
        "plan-need": plan.needs.in_order()[0],
        "goal": plan.goals.filter(children__isnull=True).order_by("position", "pk")[0],
        "plan-goal": plan.goals.filter(children__isnull=True).order_by("position", "pk")[0],
        "level": plan.levels.order_by("depth")[0],
        "field": plan.fields.order_by("position")[0],
        "plan-field": plan.fields.order_by("position")[0],
        "chapter": chapter,
        "block-add": text,
        "block": text.blocks.all()[0] if text.blocks.exists() else None,
        "closed": plan.evaluations.get(status=EvaluationStatus.CLOSED),
        "open": plan.evaluations.get(status=EvaluationStatus.OPEN),
    }


def argument(name: str, parameter: str, plan: Plan, found: Mapping[str, Any]) -> Any:
    """Choose what stands in the address for this parameter."""
    app, _, view = name.partition(":")
    of = next((start for start in found if view.startswith(start)), "measure")
    if parameter == "pk":
        return found["measure" if of.startswith("measure-") else of].pk
    if parameter == "part":
        return found[of].pk if of in found and app == "plans" else 1
    if parameter == "evaluation":
        return found["open" if app == "plans" else "closed"].slug
    if parameter == "number":
        return 1 if "version" in view else found["measure"].number
    return {
        "slug": plan.slug,
        "version": 1,
        "identity": found["need" if view == "need" else "goal"].identity,
        "kind": "xlsx" if "export" in view else "in-worten",
        "value": found["value"].pk,
        "cell": "title",
        "word": "meilenstein",
        "item": found["open"].items.order_by("pk")[0].pk,
        "block_kind": "text",
    }.get(parameter, 1)


@pytest.mark.django_db
@pytest.mark.one_database
def test_every_page_of_a_plan_asks_as_often_for_100_measures_as_for_10(
    client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    plans = [make_whole_plan(size, versions=2) for size in (FEW, MANY)]
    for plan in plans:
        make_round(plan, [], is_released=True)
    of_plans = [records(plan) for plan in plans]
    client.force_login(make_user(Role.PLANNER))
    patterns = addresses()
    # The first plan's pages are asked for twice, for what the process keeps from then on.
    asked: dict[str, list[int | str]] = {}

    for name in names():
        for plan, found in zip(plans, of_plans, strict=True):
            parameters = patterns[name].pattern.converters
            arguments = {one: argument(name, one, plan, found) for one in parameters}
            url = reverse(name, kwargs=arguments) + ASKED.get(name, "")
            if plan == plans[0] and fetch(client, url) == 405:
                break
            with CaptureQueriesContext(connection) as queries:
                status = fetch(client, url)
            asked.setdefault(name, []).append(len(queries) if status == 200 else f"{status} {url}")

    assert len(asked) > 100
    assert [found for found in asked.values() if any(isinstance(one, str) for one in found)] == []
    # What a large plan pages away it asks for less often; never more often.
    assert {
        name: found for name, found in asked.items() if found != sorted(found, key=int)[::-1]
    } == {}


def fetch(client: Client, url: str) -> int:
    """Get the page anew and to its end, which closes the file behind it."""
    caches["pages"].clear()
    raise_version()
    response = client.get(url)
    b"".join(response)
    return response.status_code
