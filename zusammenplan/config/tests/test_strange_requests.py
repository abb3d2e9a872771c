"""Requests that no browser sends, and rights that end while somebody is at work."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zusammenplan.ballots.actions import remove_voter
from zusammenplan.ballots.tests.factories import make_link, make_open_group, make_round, make_voter
from zusammenplan.config.tests.test_permissions import (  # noqa: F401 - the fixture is asked for by name
    World,
    addresses,
    argument,
    world,
)
from zusammenplan.core.tests.clients import signed_in
from zusammenplan.people.actions import change_roles, deactivate_user, set_password
from zusammenplan.people.choices import Role
from zusammenplan.people.tests.factories import make_administrator, make_planner
from zusammenplan.plans.actions import change_plan
from zusammenplan.plans.models import Plan
from zusammenplan.plans.tests.full_plan import make_full_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from zusammenplan.people.models import User

pytestmark = pytest.mark.django_db

LIBRARY = ("account_", "mfa_", "socialaccount_")
METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "GEHEIM")
TRICKS = [
    "//boese.example/",
    "//boese.example/%2e%2e",
    "/%5cboese.example/",
    "/en//boese.example",
    "/plan/..;/intern/",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/static/../config/settings.py",
    "/static/%2e%2e/config/settings.py",
    "/static/..%2f..%2fconfig/settings.py",
    "/static//etc/passwd",
    "/files/",
    "/media/imports/",
    "/intern/%00",
    "/plan/%ff%fe/",
    "/en/%0d%0aSet-Cookie:%20a=b",
    "/plan/" + "a" * 4000,
]


# Methods, paths, sizes


@pytest.mark.one_database
def test_no_address_does_anything_for_a_method_that_it_does_not_have(
    world: World,  # noqa: F811
) -> None:
    found = set()
    for place, (name, pattern) in enumerate(sorted(addresses().items())):
        values = {one: argument(name, one, world.values) for one in pattern.pattern.converters}
        method = METHODS[place % len(METHODS)]
        answer = world.client("planner").generic(method, reverse(name, kwargs=values))
        found.add((name, answer.status_code)) if answer.status_code < 400 else None
    # The library's own pages take PUT for what it is: a form without anything in it.
    assert {name for name, _status in found if not name.startswith(LIBRARY)} == set()


@pytest.mark.parametrize("path", TRICKS)
def test_no_trick_with_a_path_leads_anywhere(path: str) -> None:
    client = Client()

    for method in ("GET", "POST"):
        # Given so, because the client takes what begins with two slashes for a host.
        answer = client.generic(method, "/", PATH_INFO=unquote_to_bytes(path).decode("latin-1"))
        to = urlsplit(answer.headers.get("Location", ""))

        assert answer.status_code in {301, 302, 400, 403, 404, 405}
        assert to.netloc in {"", "testserver"}
        assert not to.path.startswith(("//", "/\\"))
        assert "Set-Cookie" not in answer.headers


def test_many_and_long_cookies_questions_and_numbers_are_read_in_peace() -> None:
    client = Client()
    group = make_voter(make_open_group(make_round(wall_key="wand-2"))).group
    for number in range(200):
        client.cookies[f"zp_vote_{number}"] = "x" * 100
    client.cookies["zp_session"] = "y" * 5000
    client.cookies["zp_messages"] = "[[" * 2000
    long = "9" * 5000
    pages = [
        reverse("room:ballots"),
        reverse("room:ballot", args=[group.round.slug, group.pk]),
        reverse("room:wall", args=["wand-2"]),
        reverse("room:wall-state", args=["wand-2"]),
        reverse("website:start"),
        reverse("website:data-overview"),
        reverse("website:data-comparison"),
        reverse("api:plan_list"),
        f"/stimmzettel/{group.round.slug}/{long}/",
        f"/bewerten/{long}/",
        f"/daten/gebiet/{long}/",
        f"/daten/wert/{long}/",
    ]
    for page in pages:
        for name in ("seite", "page", "gebiet", "jahr", "size", "year", "x" * 5000):
            assert client.get(page, {name: long}).status_code < 500, (page, name)


def test_the_interface_reads_nothing_that_it_is_sent() -> None:
    answer = Client().post(
        reverse("api:plan_list"), "[" * 1_000_000, content_type="application/json"
    )

    assert answer.status_code == 405


# What is gone


def test_a_proxy_forgets_what_is_no_longer_public() -> None:
    full = make_full_plan()
    args = [full.plan.slug]
    pages = [
        reverse("website:plan", args=args),
        reverse("website:plan-json", args=args),
        reverse("website:plan-document-docx", args=args),
        reverse("website:measure-file", args=[*args, full.measure.pk, full.public_file.pk]),
        reverse("api:plan", args=args),
    ]
    for page in pages:
        assert len(b"".join(Client().get(page))) > 0
    seen = full.plan.version
    change_plan(full.plan, {"is_public": False}, seen_version=seen, by=make_planner())

    Client().get("/kontakt/")
    for page in pages:
        answer = Client().get(page)
        # nginx puts what it may keep into the place of what it kept; else that would stay there.
        assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (404, False), page
        assert "public" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]


def test_that_there_is_nothing_for_somebody_no_proxy_keeps() -> None:
    inside = signed_in(make_planner())
    for client, page in (
        (inside, "/intern/gibt-es-nicht/"),
        (inside, "/plan/gibt-es-nicht/"),
        (Client(), reverse("room:enter", args=["erraten"])),
        (Client(), reverse("room:wall", args=["erraten"])),
        (Client(), reverse("rating:paper", args=[4711])),
    ):
        answer = client.get(page)
        assert answer.status_code == 404
        assert "no-store" in answer["Cache-Control"], page


@pytest.mark.parametrize("name", ["room:enter", "room:wall", "account_confirm_email"])
def test_an_address_with_a_secret_is_told_to_nobody(name: str) -> None:
    answer = Client().get(reverse(name, args=["GEHEIM"]))

    assert answer["Referrer-Policy"] in {"strict-origin", "no-referrer"}


# Rights that end


def without_roles(user: User) -> None:
    change_roles(user, [], by=None)


def deactivated(user: User) -> None:
    deactivate_user(user, by=None, now=timezone.now())


def with_a_new_password(user: User) -> None:
    set_password(user, password="vier Finken im Garten", by=None, now=timezone.now())


@pytest.mark.parametrize(
    ("end", "status"), [(without_roles, 403), (deactivated, 302), (with_a_new_password, 302)]
)
def test_a_right_that_was_taken_away_is_gone_with_the_next_page(
    end: Callable[[User], None], status: int
) -> None:
    make_administrator()
    user = make_planner()
    client = signed_in(user)
    form = reverse("plans:plan-add")
    assert client.get(form).status_code == 200

    end(user)

    assert client.get(form).status_code == status
    assert client.post(form, {"title_de": "Plan", "status": "draft"}).status_code == status
    assert not Plan.objects.filter(title_de="Plan").exists()


def test_an_administrator_who_is_none_any_more_gives_no_roles() -> None:
    make_administrator()
    user = make_administrator(name="Lea Kiesewetter")
    client = signed_in(user)
    change_roles(user, [Role.READER], by=None)

    sent = {"name": "x", "language": "de", "roles": ["administrator"], "seen": []}
    answer = client.post(reverse("people:user-detail", args=[user.pk]), sent)

    assert answer.status_code == 403
    assert set(user.roles.values_list("role", flat=True)) == {Role.READER}


def test_the_link_of_somebody_who_was_taken_off_the_list_opens_nothing() -> None:
    voter = make_voter(make_open_group(make_round(measures=1)))
    token, client = make_link(voter), Client()
    client.get(reverse("room:enter", args=[token]))
    ballot = reverse("room:ballot", args=[voter.group.round.slug, voter.group_id])
    assert client.get(ballot).status_code == 200

    remove_voter(voter, by=make_planner(), now=timezone.now())

    assert client.get(ballot).status_code in {404, 410}
    item = voter.group.round.items.get()
    assert client.post(ballot, {f"m{item.pk}": "1"}).status_code in {404, 410}
    assert Client().get(reverse("room:enter", args=[token])).status_code in {404, 410}
