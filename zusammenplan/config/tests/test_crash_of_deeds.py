"""A server that is killed amid a great deed has done it whole or not at all, and goes on alone."""

import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import ProxyHandler, Request, build_opener

import lxml.html  # type: ignore[import-untyped]
import psycopg
import pytest

from zusammenplan.config.tests.crash_server import PATIENCE, Server

pytestmark = pytest.mark.own_database
PREPARE = [sys.executable, "-m", "zusammenplan.config.tests.crash_plans"]
KILLS = 2
TOKEN = "k" * 32
# A field by which the form of the deed is known, and what is typed into it.
ASKED = {"freeze": "label_de", "rewrite": "csrfmiddlewaretoken", "import": "seen"}
TYPED = {"freeze": {"label_de": "Beschluss"}, "rewrite": {}, "import": {}}
# Not part of a deed: how often somebody tried to sign in, and drafts of forms.
BESIDE = {"core_attempt", "people_draft"}
Counts = dict[str, int]


class Database:
    """The server's database, looked at from beside it."""

    def __init__(self, address: str, file: str) -> None:
        self.address, self.file = address, file

    @contextmanager
    def opened(self) -> Iterator[Any]:
        if self.address:
            with psycopg.connect(self.address, autocommit=True) as connection:
                yield connection
        else:
            with closing(sqlite3.connect(self.file, timeout=0, isolation_level=None)) as connection:
                yield connection

    def counts(self) -> Counts:
        """Count the rows of every table of plans, people and the core, history included."""
        with self.opened() as connection:
            listed = (
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                if self.address
                else "SELECT name FROM sqlite_master WHERE type = 'table'"
            )
            names = [name for (name,) in connection.execute(listed).fetchall()]
            ours = [it for it in names if it.startswith(("plans_", "people_", "core_"))]
            return {
                name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - our tables
                for name in sorted(set(ours) - BESIDE)
            }

    def is_written(self, connection: Any) -> bool:
        """Tell whether a transaction that writes is open."""
        if self.address:
            asked = (
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND backend_xid IS NOT NULL"
            )
            return bool(connection.execute(asked).fetchone()[0])
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
        return False


class Browser:
    """A planner's browser: opens the page of a deed and sends its form."""

    def __init__(self, server: Server, prepared: dict[str, Any]) -> None:
        self.server = server
        self.cookie = f"{prepared['session']}; {prepared['csrf']}={TOKEN}"
        self.opener = build_opener(ProxyHandler({}))

    def ask(self, url: str, values: dict[str, str] | None = None) -> str:
        request = Request(urljoin(self.server.url, url))
        request.add_header("Cookie", self.cookie)
        request.add_header("X-CSRFToken", TOKEN)
        if values is not None:
            request.data = urlencode(values).encode()
        with self.opener.open(request, timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    def opened(self, page: str) -> Any:
        """Open the page; wait for a server that starts."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return lxml.html.fromstring(self.ask(page))
            except HTTPError:
                raise
            except (OSError, HTTPException):
                assert time.monotonic() < end, self.server.log.read_text()
                time.sleep(0.05)

    def form_of(self, page: str, kind: str) -> tuple[str, dict[str, str]]:
        """Give where the page's deed is sent, and with what."""
        forms = self.opened(page).xpath("//main//form")
        form = next(it for it in forms if it.method == "POST" and ASKED[kind] in it.fields)
        address = page.partition("?")[0] + ("uebernehmen/" if kind == "import" else "")
        return address, dict(form.form_values()) | TYPED[kind]

    def do(self, form: tuple[str, dict[str, str]]) -> bool:
        """Tell whether the deed was answered; a refusal is nothing that may happen."""
        try:
            self.ask(*form)
        except HTTPError:
            raise
        except (OSError, HTTPException):  # the server was killed meanwhile
            return False
        return True


def more(before: Counts, after: Counts) -> Counts:
    return {name: after[name] - number for name, number in before.items() if after[name] != number}


def kill_amid(server: Server, database: Database, deed: "Future[bool]", *, after: float) -> None:
    """Kill the server so long after the deed began to write."""
    end = time.monotonic() + PATIENCE
    with database.opened() as connection:
        while not database.is_written(connection) and not deed.done():
            assert time.monotonic() < end, server.log.read_text()
            time.sleep(0.002)
    time.sleep(after)
    server.kill()


def test_a_server_killed_amid_a_deed_did_it_whole_or_not_and_does_it_when_asked_again(
    environment: dict[str, str], server: Server
) -> None:
    done = subprocess.run(
        [*PREPARE, str(KILLS + 1)], env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    prepared = json.loads(done.stdout)
    database = Database(environment.get("DATABASE_URL", ""), prepared["file"])
    browser, chance, undone = Browser(server, prepared), random.Random(0), 0
    server.start()
    with ThreadPoolExecutor(1) as pool:
        for kind, (first, *others) in prepared["pages"].items():
            form = browser.form_of(first, kind)
            before, start = database.counts(), time.monotonic()
            assert browser.do(form)
            whole, full = time.monotonic() - start, more(before, database.counts())
            assert full, kind
            for place, page in enumerate(others):
                form = browser.form_of(page, kind)
                before = database.counts()
                deed = pool.submit(browser.do, form)
                kill_amid(server, database, deed, after=place * chance.uniform(0, whole))
                was_answered = deed.result()
                server.start()
                browser.opened("/")
                found = more(before, database.counts())
                assert found in ({}, full), kind
                assert found == full or not was_answered, kind
                if not found:
                    undone += 1
                    assert browser.do(browser.form_of(page, kind)), kind
                    assert more(before, database.counts()) == full, kind
    assert undone, "No deed was met amid its writing."
