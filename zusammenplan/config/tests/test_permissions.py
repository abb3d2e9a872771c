"""
Who may see and do what: every address for every role, written down in ``docs/permissions.md``.

After an intended change run ``UPDATE_PERMISSIONS=1 make test ARGS="-k permissions"`` and read the
difference before you commit it.
"""

import os
from dataclasses import dataclass, field
from fcntl import LOCK_EX, LOCK_SH, flock
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from zusammenplan.ballots.actions import close_group, release
from zusammenplan.ballots.choices import Way
from zusammenplan.ballots.models import Round
from zusammenplan.ballots.tests.factories import (
    make_group,
    make_item,
    make_link,
    make_marks,
    make_open_group,
    make_proposal,
    make_round,
    make_voter,
)
from zusammenplan.core.models import BarrierReport
from zusammenplan.core.tests.shared import shared
from zusammenplan.indicators.models import DataView, SocialIndex
from zusammenplan.indicators.tests import factories as data
from zusammenplan.meetings.choices import SeatRole
from zusammenplan.meetings.tests.factories import make_body, make_seat
from zusammenplan.people.actions.comments import add_comment
from zusammenplan.people.actions.tasks import add_task
from zusammenplan.people.choices import Role
from zusammenplan.people.models import Affiliation, User
from zusammenplan.people.tests.factories import NOW, make_organisation, make_user
from zusammenplan.places.tests.eisenach import make_eisenach
from zusammenplan.places.tests.factories import make_area, make_area_version
from zusammenplan.plans.actions.life import add_resolution
from zusammenplan.plans.actions.saved_views import add_view
from zusammenplan.plans.actions.updates import begin_update
from zusammenplan.plans.choices import (
    EvaluationStatus,
)
from zusammenplan.plans.domain.content import (
    to_json,
)
from zusammenplan.plans.models import (
    Need,
    Plan,
    PlanVersion,
)
from zusammenplan.plans.queries.content import (
    plan_content,
)
from zusammenplan.plans.tests.factories import (
    make_block,
    make_chapter,
    make_cost,
    make_evaluation,
    make_evaluation_item,
    make_evidence,
    make_field,
    make_goal,
    make_indicator,
    make_level,
    make_measure,
    make_milestone,
    make_need,
    make_numeric_indicator,
    make_plan,
    make_rating_request,
    make_relation,
    make_term,
    make_value,
)
from zusammenplan.plans.tests.full_plan import make_file

PAGE = Path(__file__).parents[3] / "docs" / "permissions.md"
ROLES = [
    "anonymous",
    "invited voter",
    "member",
    "chair",
    "provider",
    "reader",
    "reviewer",
    "finance",
    "administrator",
    "planner",
]
# The rights of these are told by the words of one row, which each database gives back alike; a
# provider's row gives none, and whoever is anonymous may do less than an invited voter.
ONE_DATABASE = {"reader", "reviewer", "finance", "administrator", "provider", "anonymous"}
# So many tests share the addresses, so that they can run side by side.
PARTS = 6
WORKSPACE_ROLES = {"reader", "reviewer", "finance", "administrator", "planner"}
# Addresses that only the library's own tests can fill with a meaningful key.
LIBRARY_KEYS = {
    "account_confirm_email",
    "account_reset_password_from_key",
    "openid_connect_login",
    "openid_connect_callback",
}

# Whoever reads plans keeps own views of their lists; what is public or shared stays as it is.
OWN_THINGS = {"plans:view-add"}


@dataclass
class World:
    """A small county in which every address has something to show."""

    values: dict[str, Any] = field(default_factory=dict)
    users: dict[str, User | AnonymousUser] = field(default_factory=dict)
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    handler: ClientHandler = field(default_factory=lambda: Client().handler)

    def sign_in(self, token: str) -> None:
        for role in ROLES:
            client = Client()
            if role == "invited voter":
                client.get(reverse("room:enter", args=[token]))
            elif isinstance(user := self.users.get(role), User):
                client.force_login(user)
            self.cookies[role] = client.cookies

    def client(self, role: str) -> Client:
        """Give a fresh browser of somebody who has come in already."""
        client = Client()
        client.handler = self.handler  # with the middleware loaded already
        client.cookies = SimpleCookie(self.cookies[role].output(header="", sep=";"))
        return client


def make_world() -> World:
    """Make a plan, a released round, an open one, people of every role."""
    world = World()
    people: dict[str, User | AnonymousUser] = {
        role: make_user(role) for role in Role.values if role in WORKSPACE_ROLES
    }
    people["member"] = make_user(name="Renate Osswald")
    people["chair"] = make_user(name="Matthis Kehr")
    people["provider"] = make_user(name="Dörte Langguth")
    planner = people["planner"]
    assert isinstance(planner, User)
    organisation = make_organisation(name="Lebenshof Lauterland gGmbH")
    provider = people["provider"]
    assert isinstance(provider, User)
    affiliation = Affiliation.objects.create(user=provider, organisation=organisation)
    body = make_body(name_de="Externe Steuerungsgruppe")
    seat = make_seat(body, user=people["member"])
    make_seat(body, user=people["chair"], role=SeatRole.CHAIR)

    plan = make_plan(slug="sozialplan", predecessor=make_plan(slug="vorgaenger", is_public=False))
    plan_field = make_field(plan)
    measure = make_measure(plan, field=plan_field, text_easy="Hilfe bei Fragen zur Pflege.")
    need, goal = make_need(plan), make_goal(plan)
    chapter = make_chapter(plan)
    block = make_block(chapter)
    version = PlanVersion.objects.create(
        plan=plan,
        number=1,
        label_de="Beschluss",
        content=to_json(plan_content(plan)),
        checksum="x",
        frozen_at=NOW,
    )
    areas = make_eisenach()
    released = _released_round(plan, measure)
    round_ = make_round(plan, slug="laufend", wall_key="wand")
    item = make_item(round_, measure)
    group = make_open_group(round_, body=body)
    make_voter(group, user=people["member"])
    guest = make_voter(group, name="Gast")
    world.users = people
    world.sign_in(make_link(guest, by=planner))
    begin_update(plan, {"title_de": "Folgeplan"}, by=planner, now=NOW)
    resolution = add_resolution(plan, {"body": "Kreistag", "decided_on": NOW.date()}, by=planner)
    report = BarrierReport.objects.create(message="Kontrast zu schwach", sent_at=NOW)
    values: dict[str, Any] = {
        "plan": plan.slug,
        "field": plan_field.pk,
        "measure": measure.pk,
        "chapter": chapter.pk,
        "block": block.pk,
        "chapter_address": chapter.address,
        "picture": 4711,
        "abbreviation": plan.abbreviations.create(short="HF", long_de="Handlungsfeld").pk,
        "version": version.number,
        "number": measure.number,
        "need": need.pk,
        "goal": goal.pk,
        "need identity": need.identity,
        "goal identity": goal.identity,
        "level": make_level(plan).pk,
        "term": make_term().pk,
        "area": areas.municipality.area_id,
        "area_version": areas.municipality.pk,
        "area_transition": areas.municipality.came_from.get().pk,
        "county": areas.county.area_id,
        "released": released.slug,
        "round": round_.slug,
        "item": item.pk,
        "group": group.pk,
        "waiting": make_group(round_, way=Way.HANDS).pk,
        "voter": make_voter(group).pk,
        "proposal": make_proposal(round_, group=group).pk,
        "body": body.pk,
        "seat": seat.pk,
        "user": people["member"].pk,
        "organisation": organisation.pk,
        "affiliation": affiliation.pk,
        "report": report.pk,
        "resolution": resolution.pk,
        "import": data.make_import().pk,
        "wall_key": round_.wall_key,
        "comment": add_comment(measure, "Gut so", by=planner, now=NOW).pk,
        "task": add_task(measure, {"title": "Anrufen"}, by=planner, now=NOW).pk,
        "view": add_view(
            plan, {"name": "Alle", "query": "", "is_shared": True}, by=planner, now=NOW
        ).pk,
    }
    evidence = {"evidence": make_evidence(Need.objects.get(pk=values["need"])).pk}
    world.values = values | evidence | _data() | _parts_of(measure)
    world.values |= _evaluations(plan, measure)
    return world


world = shared(make_world)


def _parts_of(measure: Any) -> dict[str, Any]:
    """Give the measure something of everything that belongs to one."""
    numeric = make_numeric_indicator(measure)
    return {
        "cost": make_cost(measure).pk,
        "milestone": make_milestone(measure).pk,
        "indicator": make_indicator(measure).pk,
        "numeric": numeric.pk,
        "value": make_value(numeric).pk,
        "relation": make_relation(measure).pk,
        "file": make_file(measure, is_public=True).pk,
    }


def _data() -> dict[str, Any]:
    """Give an indicator with a figure, what was counted for it, and a social index."""
    quantity = data.make_quantity(code="population")
    indicator = data.make_indicator(code="bevoelkerung")
    neuwerk = make_area_version(make_area(name="Neuwerk"))
    for age_to, people in ((18, 3), (999, 17)):
        data.make_observation(quantity, neuwerk, people, age_to=age_to)
    kept = DataView.objects.create(
        slug="ansicht", name="Ansicht", target="", is_public=True, saved_at=NOW
    )
    return {
        "quantity code": quantity.code,
        "indicator code": indicator.code,
        "figure": data.make_figure(indicator, neuwerk.area, 17).pk,
        "counted version": neuwerk.pk,
        "social index": SocialIndex.objects.create(
            slug="lage", name_de="Soziale Lage", is_public=True
        ).slug,
        "kept view": kept.pk,
        "kept view code": kept.slug,
    }


def _evaluations(plan: Any, measure: Any) -> dict[str, Any]:
    evaluation = make_evaluation(plan, slug="auswertung-laufend")
    item = make_evaluation_item(evaluation, measure)
    closed = make_evaluation(
        plan, slug="auswertung-fertig", status=EvaluationStatus.CLOSED, closed_at=NOW
    )
    return {
        "evaluation": evaluation.slug,
        "closed_evaluation": closed.slug,
        "evaluation_item": item.pk,
        "person": make_rating_request(evaluation, item).pk,
    }


def _released_round(plan: Any, measure: Any) -> Round:
    released = make_round(plan, slug="freigegeben")
    item = make_item(released, measure)
    group = make_open_group(released)
    make_marks(make_voter(group), {item: 1})
    by = make_user(Role.PLANNER)
    close_group(group, by=by, now=NOW)
    release(released, by=by, now=NOW)
    return Round.objects.get(pk=released.pk)


def addresses() -> dict[str, URLPattern]:
    """Name every address of the project: ``plans:measure-change``."""
    found: dict[str, URLPattern] = {}

    def walk(resolver: URLResolver, namespace: str) -> None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern, pattern.namespace or namespace)
            elif pattern.name not in LIBRARY_KEYS:
                found[f"{namespace}:{pattern.name}".lstrip(":")] = pattern

    walk(get_resolver(), "")
    return found


def slug(app: str, view: str, values: dict[str, Any]) -> Any:
    if "result" in view and (app in {"website", "api"} or view == "public-result"):
        return values["released"]
    if "social" in view:
        return values["social index"]
    is_plans = app in {"plans", "website", "api"} or view.startswith(("plan-", "version-"))
    return values["plan" if is_plans else "round"]


def argument(name: str, parameter: str, values: dict[str, Any]) -> Any:
    """Choose what stands in an address for this parameter."""
    app, _, view = name.rpartition(":")
    if parameter == "slug":
        return slug(app, view, values)
    if parameter == "evaluation":
        return values["closed_evaluation" if app in {"website", "api"} else "evaluation"]
    if parameter == "number" and view.startswith(("plan-version", "version-")):
        return values["version"]
    if parameter == "pk":
        noun = next(
            (word for word in BY_NOUN if view.startswith(word)), app if app in values else ""
        )
        return values[BY_NOUN.get(noun, noun)]
    return {
        "identity": values.get(f"{view} identity"),
        "code": values[next((BY_CODE[word] for word in BY_CODE if word in view), "indicator code")],
        "of": values["area" if view.startswith("data-area") else "indicator code"],
        "chart": "alle-werte",
        "version": values["counted version" if view.startswith("data-") else "version"],
        "period": "2024-12-31",
        "ages": "0-18",
        "file": values["file"],
        "kind": {"measure-indicator-add": "in-worten", "data-profile": "pdf"}.get(view, "csv"),
        "value": values["value"],
        "cell": "title",
        "table": "plans.measure",
        "word": "meilenstein",
        "item": values["evaluation_item"],
        "person": values["person"],
        "part": next((values[BY_PART[word]] for word in BY_PART if view.startswith(word)), 1),
        "anchor": f"k-{values['chapter_address']}",
        "block_kind": "text",
        "file_kind": "csv" if view.startswith("data-") else "pdf",
        "group": values["group"],
        "wall_key": values["wall_key"],
        "number": values["number"],
        "rest": "gibt-es-nicht",
        "token": "erraten",
        "retention": "votes",
        "name": "erraten",
        "to": "participation",
        "key": "erraten",
        "keys": "erraten",
    }[parameter]


BY_PART = {
    "evidence": "evidence",
    "measure-cost": "cost",
    "measure-milestone": "milestone",
    "measure-indicator": "indicator",
    "measure-value": "numeric",
    "measure-relation": "relation",
    "measure-file": "file",
    "area-version": "area_version",
    "area-transition": "area_transition",
}
BY_CODE = {
    "quantity": "quantity code",
    "data-view": "kept view code",
    "social": "social index",
}
BY_NOUN = {
    "data-area": "area",
    "data-profile": "area",
    "data-value": "figure",
    "data-view": "kept view",
    "need": "need",
    "evidence": "need",
    "goal": "goal",
    "level": "level",
    "term": "term",
    "area-cut-county": "county",
    "area": "area",
    "comment-add": "measure",
    "comment": "comment",
    "task-add": "measure",
    "task": "task",
    "part-notes": "milestone",
    "view": "view",
    "plan-field": "field",
    "plan-goal": "goal",
    "plan-need": "need",
    "field": "field",
    "measure": "measure",
    "chapter": "chapter",
    "block-add": "chapter",
    "block": "block",
    "abbreviation": "abbreviation",
    "plan-picture": "picture",
    "body": "body",
    "seat-add": "body",
    "seat": "seat",
    "group": "group",
    "voter-remove": "voter",
    "voter": "group",
    "voters": "group",
    "tally": "group",
    "proposal": "proposal",
    "chair-decision": "item",
    "user": "user",
    "organisation": "organisation",
    "affiliation": "affiliation",
    "barrier": "report",
    "resolution": "resolution",
    "import": "import",
    "mfa": "user",
}


def outcome(client: Client, method: str, url: str) -> str:
    """Say in a word what the address answered; whatever it changed is taken back."""
    with transaction.atomic():
        response = getattr(client, method)(url, {"sprache": "de"} if method == "get" else {})
        if response.streaming:
            # Read to its end, which closes the file behind it; the client guards the database's
            # connection meanwhile, which a close of our own would end amid the test.
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    if response.status_code in {301, 302}:
        return "sign in" if reverse("account_login") in response["Location"] else "done"
    return {
        200: "yes",
        204: "yes",
        304: "yes",
        400: "refused",
        401: "no",
        403: "no",
        404: "hidden",
        405: "–",
        409: "refused",
        410: "hidden",
        422: "refused",
        429: "refused",
    }[response.status_code]


def matrix(world: World, part: int, roles: list[str]) -> dict[tuple[str, str], dict[str, str]]:
    """Ask a part of the addresses as each of the roles, to read and to write."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for name, pattern in sorted(addresses().items())[part::PARTS]:
        arguments = {
            parameter: argument(name, parameter, world.values)
            for parameter in pattern.pattern.converters
        }
        url = reverse(name, kwargs=arguments)
        for method in ("get", "post"):
            row = {}
            for role in roles:
                row[role] = outcome(world.client(role), method, url)
            if set(row.values()) != {"–"}:
                rows[name, method] = row
    return rows


HEAD = [
    "# Who may see and do what",
    "",
    "Made and checked by `zusammenplan/config/tests/test_permissions.py`: every address, asked",
    "as every role. *yes*: shown; *done*: carried out or led on; *refused*: not possible",
    "as it was sent; *sign in*: led to the sign-in page; *no*: not allowed;",
    "*hidden*: as if it did not exist. The invited voter holds a personal link, the member and",
    "the chair have an account and a seat in the voting body, the provider has an account for",
    "an organisation.",
    "",
    f"| address | | {' | '.join(ROLES)} |",
    f"|---|---|{'---|' * len(ROLES)}",
]


def lines(rows: dict[tuple[str, str], dict[str, str]]) -> list[str]:
    """Write rows of the matrix as docs/permissions.md shows them."""
    return [
        f"| `{name}` | {'see' if method == 'get' else 'do'} | {' | '.join(row.values())} |"
        for (name, method), row in rows.items()
    ]


def address_of(line: str) -> str:
    return line.split("`")[1]


def of_roles(line: str, roles: list[str]) -> str:
    """Leave out what a line tells of others."""
    _, address, method, *words, _ = line.split("|")
    told = (word for role, word in zip(ROLES, words, strict=True) if role in roles)
    return "|".join(["", address, method, *told, ""])


def written() -> list[str]:
    with PAGE.open(encoding="utf-8") as page:
        flock(page, LOCK_SH)
        return page.read().splitlines()[len(HEAD) :]


def write(found: list[str], names: set[str]) -> None:
    """Replace the rows of these addresses; other parts may do the same at once."""
    with PAGE.open("r+", encoding="utf-8") as page:
        flock(page, LOCK_EX)
        kept = [
            line
            for line in page.read().splitlines()[len(HEAD) :]
            if address_of(line) in addresses().keys() - names
        ]
        rows = sorted([*kept, *found], key=address_of)
        page.seek(0)
        page.truncate()
        page.write("\n".join([*HEAD, *rows]) + "\n")


def test_page_of_permissions_is_in_order_and_names_no_address_that_is_gone() -> None:
    page = PAGE.read_text(encoding="utf-8").splitlines()
    names = [address_of(line) for line in written()]

    assert page[: len(HEAD)] == HEAD
    assert names == sorted(names)
    assert set(names) <= set(addresses())


def told(row: dict[str, str], *roles: str) -> set[str]:
    """Give what these roles are answered, of those that were asked."""
    return {row[role] for role in roles if role in row}


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_permissions_of_every_address_for_every_role(
    world: World, part: int, pytestconfig: pytest.Config
) -> None:
    is_second = pytestconfig.getoption("--asking-a-database")
    roles = [role for role in ROLES if not (is_second and role in ONE_DATABASE)]
    names = set(sorted(addresses())[part::PARTS])
    rows = matrix(world, part, roles)

    if os.getenv("UPDATE_PERMISSIONS") and not is_second:
        write(lines(rows), names)
    expected = [of_roles(line, roles) for line in written() if address_of(line) in names]
    assert lines(rows) == expected
    for (name, method), row in rows.items():
        app = name.partition(":")[0]
        works_on = app in {"plans", "places", "meetings", "ballots", "tables", "indicators"}
        if works_on or app in {"people", "notes"}:
            assert told(row, "anonymous", "invited voter") <= {"sign in", "–"}, name
        if works_on or app == "people":
            assert told(row, "provider") <= {"no", "hidden", "–"}, name
        if app == "notes" and "draft" not in name:
            assert told(row, "provider") <= {"no", "–"}, name
        if works_on and method == "post" and name not in OWN_THINGS:
            assert told(row, "reader", "reviewer", "finance", "member") <= {"no", "hidden", "–"}, (
                name
            )
        if app in {"website", "api"} and method == "get":
            assert len(set(row.values())) == 1, name


# Parameters that name a record by itself.
KEYS = {"pk", "part", "value", "item", "person", "number", "anchor", "evaluation", "identity"}
KEYS |= {"version", "file"}


@pytest.mark.django_db
def test_nothing_is_reached_under_the_address_of_something_else(world: World) -> None:
    """A cost of another measure, a goal of another plan, an item of another round: not found."""
    values = world.values
    plan = Plan.objects.get(slug=values["plan"])
    stranger = make_plan(slug="anderer-plan")
    other = make_measure(plan)
    swaps = {
        "slug": (values["plan"], stranger.slug),
        "pk": (values["measure"], other.pk),
        "part": (values["numeric"], make_numeric_indicator(other).pk),
        "evaluation": (values["evaluation"], values["closed_evaluation"]),
    }
    planner = world.client("planner")
    asked = set()
    for name, pattern in sorted(addresses().items()):
        parameters = list(pattern.pattern.converters)
        right = {one: argument(name, one, values) for one in parameters}
        for place, parameter in enumerate(parameters):
            here, there = swaps.get(parameter, (None, None))
            if right[parameter] != here or not KEYS & set(parameters[place + 1 :]):
                continue
            url = reverse(name, kwargs=right | {parameter: there})
            for method in ("get", "post"):
                assert outcome(planner, method, url) in {"hidden", "–"}, (method, url)
            asked.add(name)
    assert len(asked) > 80
