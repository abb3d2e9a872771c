"""Which address each page has in a county, and what it costs to show it."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bench.databases import postmaster
from bench.growth.fill import County
from bench.server import cpu_seconds_of
from zusammenplan.ballots.models import Group
from zusammenplan.indicators.models import Figure, Indicator, Quantity
from zusammenplan.people.actions import create_user
from zusammenplan.people.choices import Role
from zusammenplan.people.models import Organisation, Task, User
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.models import Term

PUBLIC = ("website", "api", "room")
# A whole plan or all data as a file is read whole; documents have a benchmark of their own.
FILES = ("-pdf", "-docx", "profiles", "package")
LIBRARY = ("account_", "mfa_", "openid_connect", "socialaccount", "redirect")
ASKED = (
    ("plans:measure-list", "?q=Quartier"),
    ("plans:measure-list", "?page=2"),
    ("website:plan", "?q=Quartier"),
    ("website:plan", "?sort=priority"),
    ("desk:search", "?q=Beratung"),
    ("desk:search", "?q=Gemeinde"),
    ("ballots:result", "?page=2"),
)
TRIES = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page asks and takes."""

    name: str
    queries: int
    milliseconds: float
    kilobytes: float


def costs(county: County) -> Iterator[Cost]:
    """Look at every page that is one; the public ones as a visitor, the others as a planner."""
    roles = [Role.PLANNER, Role.ADMINISTRATOR]
    by = create_user("planung@bench.example", name="Planung", roles=roles, by=None)
    planner, visitor = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
    planner.force_login(by)
    records = _records(county)
    patterns = dict(_patterns(get_resolver(), ""))
    wanted = [(name, "") for name in sorted(patterns) if not name.endswith(FILES)]
    for name, asked in sorted([*wanted, *ASKED]):
        parts = patterns[name].pattern.converters
        found = {part: _part(name, part, county, records) for part in parts}
        if None not in found.values():
            client = visitor if name.partition(":")[0] in PUBLIC else planner
            cost = _cost(client, name + asked, reverse(name, kwargs=found) + asked)
            if cost:
                yield cost


def _patterns(resolver: URLResolver, space: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, pattern.namespace or space)
        elif pattern.name and not pattern.name.startswith(LIBRARY):
            yield f"{space}:{pattern.name}".lstrip(":"), pattern


def _cost(client: Client, name: str, url: str) -> Cost | None:
    """Give the least of some tries, made anew each time; nothing if this is no page."""
    caches["pages"].clear()
    size = _shown(client, url)
    if size is None:
        return None
    with CaptureQueriesContext(connection) as asked:
        _shown(client, url)
        # Counted here, because the next request begins a new count.
        queries = len(asked)
    taken = []
    for _ in range(TRIES):
        began = _spent()
        _shown(client, url)
        taken.append((_spent() - began) * 1000)
    return Cost(name, queries, min(taken), size / 1000)


def _spent() -> float:
    """Give the processor time of this process and its database, whatever else the machine does."""
    database = postmaster()
    return time.process_time() + (cpu_seconds_of(database) if database else 0.0)


def _shown(client: Client, url: str) -> int | None:
    """Make the page anew; outlines of areas are kept for as long as no data change."""
    if "/daten/" not in url:
        caches["pages"].clear()
    sign = "&" if "?" in url else "?"
    response = client.get(f"{url}{sign}anew={time.monotonic_ns()}")
    content = b"".join(response)
    return len(content) if response.status_code == 200 else None


def _records(county: County) -> Mapping[str, Any]:
    """Give one record of each kind, by the beginning of the names of its pages."""
    plan = county.plan
    measure = plan.measures.order_by("position")[plan.measures.count() // 2]
    indicator = measure.indicators.get()
    need = plan.needs.in_order()[0]
    goal = plan.goals.filter(children__isnull=True).order_by("position", "pk")[0]
    field = plan.fields.order_by("position")[0]
    text = plan.chapters.get(address="bench1")
    group = Group.objects.filter(round=county.running, closed_at__isnull=True)[0]
    user = User.objects.order_by("pk")[0]
    return {
        "measure-cost": measure.costs.all()[0],
        "measure-milestone": measure.milestones.all()[0],
        "measure-indicator": indicator,
        "measure-value": indicator,
        "value": indicator.values.all()[0],
        "measure": measure,
        **dict.fromkeys(("need", "evidence", "plan-need"), need),
        **dict.fromkeys(("goal", "plan-goal"), goal),
        "level": plan.levels.order_by("depth")[0],
        **dict.fromkeys(("field", "plan-field"), field),
        "chapter": plan.chapters.order_by("position")[0],
        "block-add": text,
        "block": text.blocks.first(),
        "term": Term.objects.first(),
        **dict.fromkeys(("group", "tally", "voter"), group),
        "user": user,
        "organisation": Organisation.objects.order_by("pk")[0],
        **dict.fromkeys(("area", "data-area"), county.area),
        "data-value": Figure.objects.filter(area=county.area).order_by("-pk")[0],
        "task": Task.objects.order_by("pk")[0],
        "open": plan.evaluations.get(status=EvaluationStatus.OPEN),
        "closed": plan.evaluations.get(status=EvaluationStatus.CLOSED),
        "quantity": Quantity.objects.get(code="growth-0"),
        "indicator": Indicator.objects.get(code="kennzahl-0"),
    }


def _part(name: str, part: str, county: County, records: Mapping[str, Any]) -> Any:
    """Choose what stands in the address; None where there is nothing of the kind."""
    app, _, view = name.partition(":")
    of = next((start for start in records if view.startswith(start)), "")
    if part == "slug":
        return _slug(app, view, county)
    if part == "pk":
        of = "measure" if of.startswith("measure-") or part == "table" else of
        of = "measure" if app == "notes" and view.endswith("-add") else of
        return records[of].pk if of and records[of] else None
    if part == "part":
        is_document = app in {"website", "reports"}
        return 1 if is_document else records[of].pk if of in records and app == "plans" else None
    if part == "evaluation":
        return records["open" if app == "plans" else "closed"].slug
    if part == "code":
        return county.index.slug if "social" in view else records[_with_code(view)].code
    known = {
        "identity": records["need" if view == "need" else "goal"].identity,
        "number": 1 if "version" in view else records["measure"].number,
        "item": records["open"].items.order_by("pk")[0].pk,
        "value": records["value"].pk,
        "wall_key": county.running.wall_key,
        "group": records["group"].pk,
        "version": 1,
        "cell": "title",
        "block_kind": "text",
        "table": "plans.measure",
    }
    return known.get(part)


def _with_code(view: str) -> str:
    return "quantity" if view.startswith("quantity") else "indicator"


def _slug(app: str, view: str, county: County) -> str:
    if "social" in view:
        return county.index.slug
    if app == "api" and view == "result":
        return county.released.slug
    is_of_round = app == "ballots" or view in {"result", "public-result", "ballot"}
    is_of_round |= view.startswith(("round-", "paper"))
    return county.running.slug if is_of_round else county.plan.slug
