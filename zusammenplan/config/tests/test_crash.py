"""Killed amid votes or great deeds, nothing acknowledged is lost and nothing is done by half."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from http.client import HTTPException
from pathlib import Path
from threading import Event
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, Request, build_opener

import pytest

from zusammenplan.config.tests.crash_room import SEATS, Seat
from zusammenplan.config.tests.own_database import own_database

PROGRAM = Path(sys.executable).with_name("zusammenplan")
DEEDS = [sys.executable, "-m", "zusammenplan.config.tests.crash_deeds"]
ROOM = [sys.executable, "-m", "zusammenplan.config.tests.crash_room"]
CSRF_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
GRADES = range(1, 7)
KILLS = 4
PATIENCE = 30  # seconds for a start, on a machine that does much else


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Give our server a data folder and a database of its own, of the kind of this run."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ZUSAMMENPLAN_")}
    kept["ZUSAMMENPLAN_DATA"] = str(tmp_path / "data")
    with own_database(kept, f"zusammenplan_crash_{os.getpid()}"):
        yield kept


class Server:
    """The real server, as an administrator starts it."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment | {"ZUSAMMENPLAN_URL": self.url}
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--port", str(self.port)],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End every process of the server between two instructions."""
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=PATIENCE)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=PATIENCE)


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    server = Server(environment, tmp_path / "server.log")
    yield server
    server.stop()


class Phone:
    """A voter's phone: sends one mark after the other, each until it is acknowledged."""

    def __init__(self, seat: Seat, server: Server, seed: int) -> None:
        self.seat, self.server = seat, server
        self.chance = random.Random(seed)
        self.kept: dict[int, int] = {}
        self.on_the_way: dict[int, int] = {}
        self.acknowledged = 0
        self.browser: OpenerDirector = build_opener(ProxyHandler({}), HTTPCookieProcessor())
        self.token = ""

    def vote_until(self, end: Event) -> None:
        while not end.is_set():
            measure = self.chance.choice(self.seat.measures)
            grade = self.chance.choice([it for it in GRADES if it != self.kept.get(measure)])
            self.on_the_way = {measure: grade}
            while not self.sends(measure, grade):
                if end.is_set():
                    return
                time.sleep(0.05)
            self.kept |= self.on_the_way
            self.on_the_way = {}
            self.acknowledged += 1

    def sends(self, measure: int, grade: int) -> bool:
        """Tell whether the mark was acknowledged; a refusal is nothing that may happen."""
        try:
            if not self.token:
                found = CSRF_TOKEN.search(self.answer(self.seat.link))
                assert found is not None
                self.token = found[1]
            self.answer(self.seat.ballot, {f"m{measure}": str(grade)})
        except HTTPError:
            raise
        except (OSError, HTTPException):  # the server is not there, or was killed meanwhile
            return False
        return True

    def answer(self, path: str, values: dict[str, str] | None = None) -> str:
        """Give the whole answer; with values they are sent as the ballot's script does."""
        request = Request(self.server.url + path)
        if values is not None:
            request.data = urlencode(values).encode()
            request.add_header("X-CSRFToken", self.token)
            request.add_header("HX-Request", "true")
        with self.browser.open(request, timeout=PATIENCE) as answer:
            return str(answer.read().decode())


def in_room(what: str, environment: dict[str, str], given: str = "") -> str:
    done = subprocess.run(
        [*ROOM, what], env=environment, input=given, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_for_more(phones: list[Phone], more: int, log: Path) -> None:
    """Wait until so many more marks were acknowledged."""
    goal = sum(phone.acknowledged for phone in phones) + more
    end = time.monotonic() + PATIENCE
    while sum(phone.acknowledged for phone in phones) < goal:
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.005)


def test_a_killed_server_has_kept_every_mark_it_acknowledged(
    environment: dict[str, str], server: Server
) -> None:
    seats = [Seat(**seat) for seat in json.loads(in_room("fill", environment))]
    phones = [Phone(seat, server, seed) for seed, seat in enumerate(seats, start=1)]
    chance, end = random.Random(0), Event()

    with ThreadPoolExecutor(SEATS) as pool:
        votes = [pool.submit(phone.vote_until, end) for phone in phones]
        try:
            for _ in range(KILLS):
                server.start()
                wait_for_more(phones, chance.randint(20, 60), server.log)
                time.sleep(chance.uniform(0, 0.05))
                server.kill()
            server.start()
            wait_for_more(phones, 10, server.log)
        finally:
            end.set()
        for vote in votes:
            vote.result()
    server.stop()

    given = json.dumps([asdict(seat) for seat in seats])
    found = json.loads(in_room("read", environment, given))
    assert sum(phone.acknowledged for phone in phones) >= KILLS * 20
    for phone in phones:
        stored = {int(measure): grade for measure, grade in found[str(phone.seat.voter)].items()}
        # The last mark may be there although the server was killed before it said so.
        assert stored in (phone.kept, phone.kept | phone.on_the_way)


def test_a_deed_on_a_plan_that_is_killed_half_way_is_done_whole_or_not_at_all(
    environment: dict[str, str],
) -> None:
    done = subprocess.run(DEEDS, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)

    assert set(told) == {"freeze", "succeed", "table", "workbook"}
    for deed, found in told.items():
        assert found["full"], deed
        for rows in found["after"]:
            assert rows in ({}, found["full"]), deed
