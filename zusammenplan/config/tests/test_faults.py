"""What people see, and what is kept, while the disk or the database fails; and after it."""

import itertools
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

import psycopg
import pytest
from django.core.cache import caches
from django.core.management import CommandError
from django.db import (
    DatabaseError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from psycopg import sql
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from zusammenplan.config.database import make_ready
from zusammenplan.config.tests.all_rows import rows_of
from zusammenplan.config.tests.crash_server import PATIENCE, PROGRAM, Server
from zusammenplan.core.errors import is_momentary
from zusammenplan.core.public import keep_for_a_moment
from zusammenplan.people.actions.drafts import DRAFTS_AT_MOST, keep_draft
from zusammenplan.people.models import Draft, User
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.models import Plan

HOUR = timedelta(hours=1)
FORM = "/intern/plan/neu/"
PLAN = {"title_de": "Sozialplan", "status": "draft", "summary_de": "Beratung " * 1000}


@contextmanager
def full_disk() -> Iterator[None]:
    """Let the database refuse to become larger, as it does when its disk is full."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute("CREATE TABLE other (content)")
        cursor.execute(f"PRAGMA max_page_count = {pages + 1}")
        try:
            for size in (1_000_000, 100_000, 10_000, 1_000):
                while has_room_for(size):
                    pass
            yield
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
            cursor.execute("DROP TABLE other")


def has_room_for(size: int) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO other VALUES (zeroblob(%s))", [size])
    except OperationalError as refusal:
        assert "full" in str(refusal)  # noqa: PT017 - it is what is waited for
        return False
    return True


@contextmanager
def read_only() -> Iterator[None]:
    """Let the database refuse to write, as it does when its folder cannot be written."""
    asked = (
        ("PRAGMA query_only = 1", "PRAGMA query_only = 0")
        if connection.vendor == "sqlite"
        else ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    )
    with connection.cursor() as cursor:
        cursor.execute(asked[0])
        try:
            yield
        finally:
            cursor.execute(asked[1])


def planner_client(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def must_say_later(answer: Any) -> None:
    page = answer.content.decode()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Gerade nicht möglich" in page
    assert "Not possible just now" in page
    assert "Was Sie eben gesendet haben" in page
    assert "zusammenplan.css" in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's disk is not ours to fill")
def test_on_a_full_disk_people_are_told_and_nothing_is_lost() -> None:
    client = planner_client(make_planner())
    with full_disk():
        must_say_later(client.post(FORM, PLAN))
        assert client.get(FORM).status_code == 200
    assert not Plan.objects.exists()

    assert client.post(FORM, PLAN).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_while_nothing_can_be_written_people_read_and_are_told() -> None:
    client = planner_client(make_planner())
    with read_only():
        must_say_later(client.post(FORM, PLAN))
        assert client.get(FORM).status_code == 200

    assert client.post(FORM, PLAN).status_code == 302
    assert Plan.objects.count() == 1


@pytest.mark.django_db
def test_a_fault_of_ours_is_no_matter_of_waiting() -> None:
    with (
        pytest.raises(DatabaseError) as fault,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT nothing FROM nowhere")

    assert not is_momentary(fault.value)
    assert not is_momentary(FileNotFoundError(2, "No such file"))


def test_what_fails_because_the_connection_was_lost_passes() -> None:
    def tidy_up_after_a_loss() -> None:
        try:
            raise OperationalError("the connection is lost")
        finally:
            raise ProgrammingError("can't change 'autocommit' now")

    with pytest.raises(ProgrammingError) as fault:
        tidy_up_after_a_loss()

    assert is_momentary(fault.value)


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no connection to lose")
def test_what_fails_because_an_answer_was_cut_off_passes() -> None:
    connection.ensure_connection()
    cut_off = connection.connection.pgconn.make_empty_result(ExecStatus.FATAL_ERROR)

    with pytest.raises(DatabaseError) as fault, connection.wrap_database_errors:
        raise error_from_result(cut_off)

    assert is_momentary(fault.value)
    # As the closing of a cursor of the server's own gives it.
    assert is_momentary(error_from_result(cut_off))


@pytest.mark.django_db
def test_a_database_that_a_newer_version_has_worked_with_is_left_alone() -> None:
    MigrationRecorder.Migration.objects.create(app="plans", name="9999_of_tomorrow")

    with pytest.raises(CommandError, match="9999_of_tomorrow"):
        make_ready()


@pytest.mark.own_database
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no file of ours")
def test_a_damaged_database_is_said_to_be_so_and_replaced_by_a_backup(
    environment: dict[str, str], tmp_path: Path
) -> None:
    archive = str(tmp_path / "sicherung.tar.gz")
    told(environment, "backup", archive)
    before = rows_of(environment)
    Path(environment["ZUSAMMENPLAN_DATA"], "zusammenplan.sqlite3").write_bytes(b"x" * 100_000)

    assert "kann nicht benutzt werden" in told(environment, "digest", refused=True)
    told(environment, "restore", archive, "--replace")
    assert rows_of(environment) == before


def told(environment: dict[str, str], *words: str, refused: bool = False) -> str:
    done = subprocess.run(
        [PROGRAM, *words], env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == int(refused), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


# A clock that was set back


def test_no_page_stands_longer_because_the_clock_was_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = time.time()
    values = itertools.count()
    assert keep_for_a_moment("uhr", lambda: next(values), seconds=0.05) == 0
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    time.sleep(0.06)

    assert keep_for_a_moment("uhr", lambda: next(values), seconds=0.05) == 1


@pytest.mark.django_db
def test_attempts_of_a_time_to_come_keep_nobody_from_signing_in() -> None:
    caches["default"].set("versuche", [time.time()], timeout=7200)
    caches["default"].set("gleich", [time.time()], timeout=300)

    assert caches["default"].get("versuche") is None
    assert caches["default"].get("gleich") is not None
    caches["default"].set("sperre", 1, timeout=7200)
    assert caches["default"].add("sperre", 1, timeout=5)


@pytest.mark.django_db
def test_the_draft_just_typed_stays_though_others_seem_newer() -> None:
    planner, now = make_planner(), timezone.now()
    for number in range(DRAFTS_AT_MOST):
        keep_draft(planner, f"/{number}/", {"title": ["Alt"]}, now=now + HOUR)

    keep_draft(planner, "/neu/", {"title": ["Neu"]}, now=now)

    assert Draft.objects.get(key="/neu/").data == {"title": ["Neu"]}
    assert Draft.objects.count() == DRAFTS_AT_MOST


# A database that goes and comes back


class Visitor:
    """Asks the running server for pages."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.opener = build_opener(ProxyHandler({}))
        self.kind = ""

    def status(self, path: str) -> int:
        try:
            with self.opener.open(self.server.url + path, timeout=PATIENCE) as answer:
                return int(answer.status)
        except HTTPError as refusal:
            self.kind = refusal.headers.get_content_type()
            return refusal.code

    def wait_for(self, path: str) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            with suppress(OSError):
                if self.status(path) == 200:
                    return
            assert time.monotonic() < end, self.server.log.read_text()
            time.sleep(0.05)


@contextmanager
def database_away(address: str) -> Iterator[None]:
    """Let the database end all its connections and take no more."""
    name = urlsplit(address).path.removeprefix("/")
    may_connect = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    elsewhere = urlsplit(address)._replace(path="/postgres").geturl()
    with psycopg.connect(elsewhere, autocommit=True) as administration:
        administration.execute(may_connect.format(sql.Identifier(name), sql.SQL("false")))
        administration.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            administration.execute(may_connect.format(sql.Identifier(name), sql.SQL("true")))


@pytest.mark.own_database
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite is part of the server")
def test_the_server_outlives_its_database_and_shows_what_it_kept(
    environment: dict[str, str], server: Server
) -> None:
    server.start()
    visitor = Visitor(server)
    visitor.wait_for("/")
    with database_away(environment["DATABASE_URL"]):
        time.sleep(1.1)  # until the version of the public pages is asked for again
        assert visitor.status("/") == 200
        assert visitor.status("/plan/") == 503
        assert visitor.status("/api/v1/plans") == 503
        assert visitor.kind == "application/json"

    assert visitor.status("/plan/") == 200
