"""No file comes in unsearched where the settings name a virus scanner."""

from __future__ import annotations

import re
import socketserver
import struct
import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from zusammenplan.config.tests.test_hostile_files import WAYS, written
from zusammenplan.core.models import Attachment
from zusammenplan.core.tests.test_house_rules import PACKAGE, SOURCES
from zusammenplan.people.choices import Role
from zusammenplan.people.tests.factories import make_user
from zusammenplan.plans.tests.factories import make_measure, make_plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.test import Client
    from pytest_django import Settings as SettingsWrapper

SIGN = b"ERKANNTER-SCHAEDLING"
MOST = 1_000_000


class Scanner(socketserver.StreamRequestHandler):
    """Speaks as clamd does: a command, a file in pieces, one answer."""

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        content = b""
        while length := struct.unpack(">L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > MOST:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        found = SIGN in content
        self.wfile.write(b"stream: Test.Schaedling FOUND\0" if found else b"stream: OK\0")


@pytest.fixture(params=["host and port", "socket"])
def scanner(
    request: pytest.FixtureRequest, settings: SettingsWrapper, tmp_path: Path
) -> Iterator[None]:
    kind: Any = socketserver.ThreadingTCPServer
    place: Any = ("127.0.0.1", 0)
    if request.param == "socket":
        kind, place = socketserver.ThreadingUnixStreamServer, str(tmp_path / "clamd")
    with kind(place, Scanner) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        at = server.server_address
        settings.CLAMD = at if isinstance(at, str) else f"127.0.0.1:{at[1]}"
        yield
        server.shutdown()


def attach(client: Client, content: bytes, **more: str) -> Any:
    measure = make_measure(make_plan())
    address = reverse("plans:measure-files", args=[measure.plan.slug, measure.pk])
    return client.post(address, {"file": SimpleUploadedFile("Notiz.txt", content), **more})


@pytest.fixture
def planner(client: Client) -> Client:
    client.force_login(make_user(Role.PLANNER, Role.ADMINISTRATOR))
    return client


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize("scanner", ["host and port"], indirect=True)
@pytest.mark.usefixtures("scanner")
@pytest.mark.parametrize("way", WAYS)
def test_what_the_scanner_knows_comes_in_nowhere(planner: Client, way: str) -> None:
    address, field, more = WAYS[way]
    place, before = address(), written()
    file = SimpleUploadedFile("Tabelle.csv", b"Name;Wert\nA;" + SIGN)

    answer = planner.post(place, {field: file, **more}, follow=True)

    assert "hat in dieser Datei etwas Gefährliches gefunden" in answer.content.decode()
    made_for_it = {label for label, rows in written().items() if rows != before[label]}
    assert made_for_it == set()


@pytest.mark.django_db
@pytest.mark.usefixtures("scanner")
def test_what_the_scanner_does_not_know_is_taken(planner: Client) -> None:
    assert attach(planner, b"Ein Vermerk.").status_code == 302

    with Attachment.objects.get().file.open("rb") as kept:
        assert kept.read() == b"Ein Vermerk."


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.usefixtures("scanner")
def test_what_is_larger_than_the_scanner_takes_is_refused(planner: Client) -> None:
    answer = attach(planner, b"x" * (3 * MOST))

    assert "größer, als der Virenscanner" in answer.content.decode()


@pytest.mark.django_db
def test_while_the_scanner_is_away_nothing_comes_in_and_what_was_typed_stays(
    planner: Client, settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.CLAMD = str(tmp_path / "gone")

    page = attach(planner, b"Ein Vermerk.", description="Vermerk vom März").content.decode()

    assert "nicht auf Viren untersucht werden" in page
    assert "Vermerk vom März" in page
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_the_doctor_says_that_the_scanner_is_away(
    settings: SettingsWrapper, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.CLAMD = str(tmp_path / "gone")

    with pytest.raises(CommandError):
        call_command("doctor")

    assert "Der Virenscanner" in capsys.readouterr().out


def test_every_form_takes_files_by_the_field_that_lets_them_be_searched() -> None:
    """Use ``core.inputs.UploadField``."""
    others = [
        str(path.relative_to(PACKAGE))
        for path in SOURCES
        if re.search(r"forms\.(?:File|Image)Field", path.read_text(encoding="utf-8"))
    ]

    assert others == ["core/samples.py", "core/inputs.py"]
