"""Phones and browsers of people who go on while the server or the database is killed."""

import random
import re
import time
from collections.abc import Callable
from http.client import HTTPException
from threading import Event
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

import lxml.html  # type: ignore[import-untyped]

from zusammenplan.config.tests.crash_room import Seat
from zusammenplan.config.tests.crash_server import PATIENCE, Server

CSRF_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
GRADES = range(1, 7)
TOKEN = "k" * 32
MOMENTARY = 503
A_THOUGHT = 0.05  # seconds between two marks of one phone
Form = tuple[str, dict[str, str]]


def is_answered(ask: Callable[[], object]) -> bool:
    """Tell whether it was acknowledged; a refusal that is not for a moment may not happen."""
    try:
        ask()
    except HTTPError as refusal:
        if refusal.code != MOMENTARY:
            raise
        return False
    except (OSError, HTTPException):  # the server is not there, or was killed meanwhile
        return False
    return True


class Phone:
    """A voter's phone: sends one mark after the other, each until it is acknowledged."""

    def __init__(self, seat: Seat, server: Server, seed: int) -> None:
        self.seat, self.server = seat, server
        self.chance = random.Random(seed)
        self.kept: dict[int, int] = {}
        self.on_the_way: dict[int, int] = {}
        self.acknowledged = 0
        self.browser = build_opener(ProxyHandler({}), HTTPCookieProcessor())
        self.token = ""

    def go_on_until(self, end: Event) -> None:
        while not end.is_set():
            measure = self.chance.choice(self.seat.measures)
            grade = self.chance.choice([it for it in GRADES if it != self.kept.get(measure)])
            self.on_the_way = {measure: grade}
            while not is_answered(lambda: self.send(self.on_the_way)):
                if end.is_set():
                    return
                time.sleep(0.05)
            self.kept |= self.on_the_way
            self.on_the_way = {}
            self.acknowledged += 1
            time.sleep(A_THOUGHT)

    def send(self, marks: dict[int, int]) -> None:
        if not self.token:
            found = CSRF_TOKEN.search(self.answer(self.seat.link))
            assert found is not None
            self.token = found[1]
        values = {f"m{measure}": str(grade) for measure, grade in marks.items()}
        self.answer(self.seat.ballot, values)

    def answer(self, path: str, values: dict[str, str] | None = None) -> str:
        """Give the whole answer; with values they are sent as the ballot's script does."""
        request = Request(self.server.url + path)
        if values is not None:
            request.data = urlencode(values).encode()
            request.add_header("X-CSRFToken", self.token)
            request.add_header("HX-Request", "true")
        with self.browser.open(request, timeout=PATIENCE) as answer:
            return str(answer.read().decode())


class Browser:
    """A planner's browser: opens the page of a deed and sends its form."""

    def __init__(self, server: Server, prepared: dict[str, Any]) -> None:
        self.server = server
        self.cookie = f"{prepared['session']}; {prepared['csrf']}={TOKEN}"
        self.opener = build_opener(ProxyHandler({}))

    def ask(self, url: str, values: dict[str, str] | None = None) -> tuple[str, str]:
        """Give the address that answered at last, and the page."""
        request = Request(urljoin(self.server.url, url))
        request.add_header("Cookie", self.cookie)
        request.add_header("X-CSRFToken", TOKEN)
        if values is not None:
            request.data = urlencode(values).encode()
        with self.opener.open(request, timeout=PATIENCE) as answer:
            return answer.url, str(answer.read().decode())

    def opened(self, page: str) -> Any:
        """Open the page; wait for a server or a database that starts."""
        found: list[str] = []
        end = time.monotonic() + PATIENCE
        while not is_answered(lambda: found.append(self.ask(page)[1])):
            assert time.monotonic() < end, self.server.log.read_text()
            time.sleep(0.05)
        return lxml.html.fromstring(found[0])

    def form(self, page: str, *, field: str, target: str = "") -> Form:
        """Give where the page's form with this field is sent, and with what."""
        forms = self.opened(page).xpath("//main//form")
        form = next(it for it in forms if it.method == "POST" and field in it.fields)
        return target or form.action or page, dict(form.form_values())

    def is_sent(self, form: Form) -> bool:
        return is_answered(lambda: self.ask(*form))


class Editor:
    """A planner who gives one measure one title after the other, each until it is kept."""

    def __init__(self, browser: Browser, page: str, seed: int) -> None:
        self.browser, self.page = browser, page
        self.chance = random.Random(seed)
        self.kept = self.on_the_way = ""
        self.acknowledged = 0

    def go_on_until(self, end: Event) -> None:
        while not end.is_set():
            target, values = self.browser.form(self.page, field="title_de")
            self.must_be_one_of_mine(values["title_de"])
            self.on_the_way = f"Beratung {self.chance.randrange(10**8, 10**9)}"
            if self.browser.is_sent((target, values | {"title_de": self.on_the_way})):
                self.kept = self.on_the_way
                self.acknowledged += 1
            else:
                time.sleep(0.05)

    def must_be_one_of_mine(self, found: str) -> None:
        """See that what was acknowledged is there, or what was sent and not yet acknowledged."""
        assert not self.kept or found in {self.kept, self.on_the_way}, (found, self.kept)
        self.kept = found
