"""
People vote, edit and do great deeds while somebody kills what serves them, again and again.

After each kill everything goes on by itself; what was acknowledged is there, what was not is
there whole or not at all, and is done when it is asked for again.
"""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import cycle
from threading import Event
from typing import Any

from zusammenplan.config.tests.crash_clients import Browser, Editor, Form, Phone
from zusammenplan.config.tests.crash_database import Counts, Database, more
from zusammenplan.config.tests.crash_room import Seat
from zusammenplan.config.tests.crash_server import PATIENCE, Server

MODULES = "zusammenplan.config.tests"
UNDISTURBED = 2  # of each deed, to see what it makes; the first may make more than the next ones
LONGEST_PAUSE = 1.0
Killer = Callable[[random.Random], None]


def told(module: str, *words: str, environment: Mapping[str, str], given: str = "") -> Any:
    done = subprocess.run(
        [sys.executable, "-m", f"{MODULES}.{module}", *words],
        env=dict(environment),
        input=given,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@dataclass
class Deeds:
    """A planner who does one great deed after the other, each until it is done."""

    browser: Browser
    database: Database
    pages: dict[str, list[str]]
    full: dict[str, Counts] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    is_amid: bool = False

    def do_undisturbed(self) -> None:
        for kind, pages in self.pages.items():
            for _ in range(UNDISTURBED):
                form, before = self.form(kind, pages.pop()), self.database.counts()
                assert self.browser.is_sent(form), kind
                self.full[kind] = more(before, self.database.counts())
                assert self.full[kind], kind

    def go_on_until(self, end: Event) -> None:
        for kind in cycle(self.pages):
            if end.is_set() or not any(self.pages.values()):
                return
            if self.pages[kind]:
                self.do(kind, self.pages[kind].pop())

    def do(self, kind: str, page: str) -> None:
        while True:
            form, before = self.form(kind, page), self.database.counts()
            self.is_amid = True
            was_answered = self.browser.is_sent(form)
            self.is_amid = False
            if not was_answered:
                self.browser.opened("/intern/")  # what was under way has ended when it is back
            found = more(before, self.database.counts())
            assert found in ({}, self.full[kind]), (kind, found, self.full[kind])
            assert found or not was_answered, kind
            self.seen["deeds done"] += bool(found)
            self.seen["done, but not acknowledged"] += bool(found and not was_answered)
            self.seen["killed, undone and done again"] += not found
            if found:
                return

    def form(self, kind: str, page: str) -> Form:
        """Give where the page's deed is sent, and with what."""
        if kind in {"table", "workbook", "statistics"}:
            target = page.partition("?")[0] + "uebernehmen/"
            return self.browser.form(page, field="seen", target=target)
        field = "label_de" if kind == "freeze" else "csrfmiddlewaretoken"
        target, values = self.browser.form(page, field=field, target=page)
        return target, values | ({"label_de": "Beschluss"} if kind == "freeze" else {})


class Storm:
    """All of them at once, and who kills."""

    def __init__(
        self, environment: Mapping[str, str], server: Server, *, times: int, seed: int = 0
    ) -> None:
        self.environment, self.server = environment, server
        self.chance = random.Random(seed)
        number = str(times + UNDISTURBED)
        prepared = told("crash_plans", "fill", number, environment=environment)
        seats = [Seat(**seat) for seat in prepared["seats"]]
        self.database = Database(environment.get("DATABASE_URL", ""), prepared["file"])
        self.phones = [Phone(seat, server, at) for at, seat in enumerate(seats)]
        self.editors = [
            Editor(Browser(server, prepared), page, at)
            for at, page in enumerate(prepared["edited"])
        ]
        self.deeds = Deeds(Browser(server, prepared), self.database, prepared["deeds"])
        self.browser = Browser(server, prepared)
        self.slowest = 0.0

    def blow(
        self,
        kills: Sequence[str],
        killers: Mapping[str, Killer],
        tell: Callable[[int, str], None] = lambda *_: None,
    ) -> dict[str, Any]:
        """Kill so often what is named, and tell what was seen."""
        self.server.start()
        self.deeds.do_undisturbed()
        end = Event()
        going: list[Phone | Editor | Deeds] = [*self.phones, *self.editors, self.deeds]
        with ThreadPoolExecutor(len(going)) as pool:
            people = [pool.submit(one.go_on_until, end) for one in going]
            try:
                for number, kind in enumerate(kills, start=1):
                    tell(number, kind)
                    self._go_on_for_a_while(people)
                    self.deeds.seen["amid a deed"] += self.deeds.is_amid
                    self.deeds.seen[kind] += 1
                    killers[kind](self.chance)
                    start = time.monotonic()
                    self.browser.opened("/intern/")
                    self.slowest = max(self.slowest, time.monotonic() - start)
                self._go_on_for_a_while(people)
            finally:
                end.set()
            for one in people:
                one.result()
        self._must_be_whole()
        return dict(self.deeds.seen) | {
            "marks acknowledged": sum(phone.acknowledged for phone in self.phones),
            "edits acknowledged": sum(editor.acknowledged for editor in self.editors),
            "longest wait for the next page (s)": round(self.slowest, 1),
        }

    def _go_on_for_a_while(self, people: "list[Future[None]]") -> None:
        """Wait until something more was acknowledged, and a moment that nobody can foresee."""
        going: list[Phone | Editor] = [*self.phones, *self.editors]
        goal = sum(one.acknowledged for one in going) + self.chance.randint(5, 40)
        end = time.monotonic() + PATIENCE
        while sum(one.acknowledged for one in going) < goal:
            for one in people:
                if one.done():
                    one.result()
            assert time.monotonic() < end, self.server.log.read_text()
            time.sleep(0.005)
        time.sleep(self.chance.uniform(0, LONGEST_PAUSE))

    def _must_be_whole(self) -> None:
        for editor in self.editors:
            _target, values = self.browser.form(editor.page, field="title_de")
            editor.must_be_one_of_mine(values["title_de"])
        assert self.database.damage() == []
        given = json.dumps([asdict(phone.seat) for phone in self.phones])
        found = told("crash_plans", "read", environment=self.environment, given=given)
        for phone in self.phones:
            kept = {int(at): grade for at, grade in found[str(phone.seat.voter)].items()}
            # The last mark may be there although nobody was told so.
            assert kept in (phone.kept, phone.kept | phone.on_the_way)


def killing_the_server(server: Server) -> Killer:
    def kill(chance: random.Random) -> None:
        server.kill()
        time.sleep(chance.uniform(0, 0.3))
        server.start()

    return kill
