"""The online service is asked only when somebody asks, and what it answers is understood."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from zusammenplan.indicators.actions.imports import ImportRefusedError, service
from zusammenplan.indicators.models import Observation
from zusammenplan.indicators.tests import files
from zusammenplan.indicators.tests.files import Value
from zusammenplan.people.choices import Role
from zusammenplan.people.tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "Geheim-4711"
FLAT = files.flat([Value("16069", "Hildburghausen", 2024, "", "59987")])
RECORDED = Path(__file__).parents[4] / "shared" / "data" / "genesis" / "api_json"


def answer(code: int, words: str) -> bytes:
    return json.dumps({"Ident": {}, "Status": {"Code": code, "Content": words}}).encode()


ANSWERS = {
    "12411-01-01-4": (200, "application/zip", files.zipped(FLAT)),
    "12531-0043": (200, "application/json", answer(98, "Die Tabelle ist zu gross")),
    "12531-0044": (200, "application/json", answer(99, "Der Auftrag wurde erstellt")),
    "63121-0001": (200, "application/json", answer(104, "Es gibt keine Objekte")),
    "61111-0021": (200, "application/json", answer(-1, "kein Datenquader")),
    "kaputt": (500, "text/html", b"<html>Fehler</html>"),
    "leer": (200, "application/zip", b""),
    # A piece is announced that never comes.
    "abgerissen": (200, "application/zip", b"400\r\nPK"),
    "woanders": (302, "text/html", b""),
}


class Service(HTTPServer):
    """Plays recorded answers, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked: list[dict[str, list[str]]] = []


class Answers(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:  # the server's own name for it
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = parse_qs(body)
        self.server.asked.append(fields)
        name = fields["name"][0]
        status, kind, content = ANSWERS[name]
        if recorded := sorted(RECORDED.glob(f"{name}_*_data_tablefile.json")):
            content = recorded[0].read_bytes()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Type", kind)
        if name == "abgerissen":
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def genesis(settings: Any) -> Iterator[Service]:
    server = Service()
    settings.GENESIS_URL = f"http://127.0.0.1:{server.server_port}/rest/2020"
    settings.GENESIS_USER, settings.GENESIS_PASSWORD = "landkreis", PASSWORD
    # It looks so often, in seconds, whether it shall end.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_table_is_fetched_and_checked_like_a_file(client: Client, genesis: Service) -> None:
    client.force_login(make_user(Role.PLANNER))
    assert client.get("/intern/daten/import/abruf/").status_code == 200
    assert genesis.asked == []

    response = client.post(
        "/intern/daten/import/abruf/", {"table": "12411-01-01-4", "start_year": "2024"}
    )
    page = client.get(response.headers["Location"]).content.decode()

    (asked,) = genesis.asked
    assert (asked["name"], asked["startyear"]) == (["12411-01-01-4"], ["2024"])
    assert "Bevölkerungsstand" in page
    assert PASSWORD not in page
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("12531-0043", "zu groß"),
        ("12531-0044", "Auftrag"),
        ("63121-0001", "nichts"),
        ("61111-0021", "eigenen Fehler"),
        ("kaputt", "HTTP 500"),
        ("leer", "nichts gesendet"),
        ("woanders", "HTTP 302"),
        ("abgerissen", "nicht erreichbar"),
    ],
)
@pytest.mark.usefixtures("genesis")
def test_what_is_no_table_is_explained(
    client: Client,
    caplog: pytest.LogCaptureFixture,
    table: str,
    words: str,
) -> None:
    client.force_login(make_user(Role.PLANNER))

    with caplog.at_level(logging.DEBUG):
        response = client.post("/intern/daten/import/abruf/", {"table": table})

    assert response.status_code == 422
    assert words in response.content.decode()
    assert PASSWORD not in response.content.decode() + caplog.text


@pytest.mark.usefixtures("genesis")
def test_too_large_a_table_is_refused_with_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "LARGEST", 10)

    with pytest.raises(ImportRefusedError, match="weniger Jahre"):
        list(service.fetch_table("12411-01-01-4"))


def test_service_that_is_not_there_is_told(settings: Any) -> None:
    settings.GENESIS_URL, settings.GENESIS_USER = "http://127.0.0.1:1/rest", "landkreis"

    with pytest.raises(ImportRefusedError, match="nicht erreichbar"):
        list(service.fetch_table("12411-01-01-4"))


@pytest.mark.parametrize("address", ["", "file:///etc/passwd"])
def test_no_other_place_is_asked(settings: Any, address: str) -> None:
    settings.GENESIS_URL, settings.GENESIS_USER = address, "landkreis"

    with pytest.raises(ImportRefusedError):
        list(service.fetch_table("12411-01-01-4"))


def test_page_says_how_to_go_on_without_a_service(client: Client) -> None:
    client.force_login(make_user(Role.PLANNER))

    assert "Kein Online-Dienst" in client.get("/intern/daten/import/abruf/").content.decode()


@pytest.mark.usefixtures("genesis")
def test_command_writes_the_table_into_a_file(tmp_path: Path) -> None:
    target = tmp_path / "bevoelkerung.zip"

    call_command("fetch_statistics", "12411-01-01-4", f"--output={target}", stdout=StringIO())

    assert target.read_bytes() == ANSWERS["12411-01-01-4"][2]


@pytest.mark.usefixtures("genesis")
def test_command_leaves_nothing_behind_when_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nichts"):
        call_command("fetch_statistics", "63121-0001", f"--output={tmp_path / 'x.zip'}")

    assert list(tmp_path.glob("x.zip*")) == []
