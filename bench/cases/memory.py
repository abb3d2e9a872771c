"""A worker's memory after it has served every HTML page once to everybody who may see it."""

from collections.abc import Iterable, Iterator
from itertools import product

from django.conf import settings
from django.test import Client as Browser
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from bench.measure import Goal, Row
from bench.server import Client, get, serving
from bench.votes import vote_cookie
from zusammenplan.ballots.models import Round, Voter
from zusammenplan.config.demo.fill import DOMAIN, VotingLink, fill
from zusammenplan.people.models import User
from zusammenplan.plans.models import Plan

ROLES = ("planung", "technik", "lesen", "mitglied")
KEYS = range(1, 9)
TRIES = 200
PAGES_AT_LEAST = 30


def memory() -> list[Row]:
    links = fill(now=timezone.now())
    with serving() as server:
        # A server of its own finds out which addresses give a page; it also makes downloads.
        pages = list(_pages(server.port, _visitors(links), _candidates(links)))
    assert len(pages) >= PAGES_AT_LEAST, pages
    with serving() as server:
        floor = server.megabytes()
        with Client(server.port) as client:
            client.run(pages, count=len(pages))
        value = server.megabytes()
    said = "a worker's memory after every HTML page, against its start [MB]"
    return [Row(said, value, floor, Goal("value", "<", 100))]


def _visitors(links: list[VotingLink]) -> list[str]:
    """Give the cookies of somebody in each role, of a voter, and none."""
    is_open = {"group__closed_at__isnull": True, "group__name_de": links[0].group}
    voter = Voter.objects.get(name=links[0].name, **is_open)
    return [
        *(_session(User.objects.get(email=f"{name}@{DOMAIN}")) for name in ROLES),
        vote_cookie(voter.group_id, links[0].token),
        "",
    ]


def _session(user: User) -> str:
    browser = Browser()
    browser.force_login(user)
    session = browser.session
    # Pages about one's own account ask for the password again unless it was given just now.
    session["account_authentication_methods"] = [
        {"method": "password", "at": timezone.now().timestamp(), "email": user.email}
    ]
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _candidates(links: list[VotingLink]) -> dict[str, list[object]]:
    """Give what may stand in an address, by the name of its part."""
    return {
        "slug": [
            *Plan.objects.values_list("slug", flat=True),
            *Round.objects.values_list("slug", flat=True),
        ],
        "wall_key": list(Round.objects.values_list("wall_key", flat=True)),
        "token": [link.token for link in links[:1]],
        "pk": list(KEYS),
        "group": list(KEYS),
        "file": list(KEYS),
    }


def _pages(port: int, visitors: list[str], candidates: dict[str, list[object]]) -> Iterator[bytes]:
    """Give each request that is answered with a page: one per address' name and visitor."""
    kinds: list[bool] = []

    def note(status: int, answer: bytes) -> None:
        head = answer.partition(b"\r\n\r\n")[0]
        kinds.append(status == 200 and b"\r\nContent-Type: text/html" in head)

    with Client(port) as client:
        for addresses in _addresses("", get_resolver().url_patterns, candidates):
            for cookie in visitors:
                for address in addresses:
                    request = get(address, **({"Cookie": cookie} if cookie else {}))
                    client.run([request], count=1, status=None, answered=note)
                    if kinds[-1]:
                        yield request
                        break


def _addresses(
    space: str,
    patterns: Iterable[URLPattern | URLResolver],
    candidates: dict[str, list[object]],
) -> Iterator[list[str]]:
    """Give for each named address of the product what it may be with the candidates."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _addresses(inner, pattern.url_patterns, candidates)
        elif pattern.name:
            parts = pattern.pattern.converters
            choices = product(*(candidates.get(part, []) for part in parts))
            found = (
                _reverse(f"{space}{pattern.name}", dict(zip(parts, choice, strict=True)))
                for choice in choices
            )
            yield [address for address in found if address][:TRIES]


def _reverse(name: str, parts: dict[str, object]) -> str:
    try:
        return reverse(name, kwargs=parts)
    except NoReverseMatch:
        return ""
