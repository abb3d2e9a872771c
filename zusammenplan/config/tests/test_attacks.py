"""What an attacker tries from outside: foreign hosts, slow and huge requests, guesses."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zusammenplan.core.models import BarrierReport
from zusammenplan.people.actions import create_user, invite_user, set_password
from zusammenplan.people.choices import Role
from zusammenplan.people.models import Session, User
from zusammenplan.people.tests.factories import NOW, make_user

if TYPE_CHECKING:
    from collections.abc import Iterator

EVIL = "boese.example"
PASSWORD = "drei Amseln auf dem Dach"
EMAIL = "ines.froebel@rennsteiggrund.example"
ELSEWHERE = [
    f"https://{EVIL}/",
    f"//{EVIL}/",
    rf"/\{EVIL}/",
    f"https:{EVIL}",
    "javascript:alert(1)",
    "http://testserver:8443/",
    "https://localhost:9999/",
    "http://127.0.0.1/",
    f"\t//{EVIL}",
]


@pytest.fixture
def planner() -> User:
    user = create_user(EMAIL, name="Ines Fröbel", roles=[Role.PLANNER], by=None)
    return set_password(user, password=PASSWORD, by=None, now=NOW)


def sign_in(client: Client, *, email: str = EMAIL, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


# Passkeys


@pytest.mark.django_db
@pytest.mark.parametrize(
    "credential",
    ["[" * 5_000, "9" * 5000, "[]", "null", "{}", '{"id": 1}', '{"id": "a", "response": 5}', "x"],
)
def test_a_passkey_that_is_none_is_refused(client: Client, credential: str) -> None:
    client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})

    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})

    assert answer.status_code in {200, 302}
    assert client.get(reverse("desk:overview")).status_code == 302


@pytest.mark.django_db
def test_nobody_fills_the_database_with_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    answers = [
        Client(headers={"Accept": "application/json"}).get(reverse("mfa_login_webauthn"))
        for _number in range(125)
    ]

    assert [answer.status_code for answer in answers] == [200] * 120 + [429] * 5
    assert Session.objects.count() == 120


# Sessions


@pytest.mark.django_db
@pytest.mark.usefixtures("planner")
def test_the_cookie_of_a_session_opens_nothing_after_signing_out(client: Client) -> None:
    sign_in(client)
    thief = Client()
    thief.cookies["zp_session"] = client.cookies["zp_session"].value
    assert thief.get(reverse("desk:overview")).status_code == 200

    client.post(reverse("account_logout"))

    assert thief.get(reverse("desk:overview")).status_code == 302


@pytest.mark.django_db
@pytest.mark.usefixtures("planner")
def test_a_session_that_somebody_put_into_the_browser_is_not_used(client: Client) -> None:
    client.cookies["zp_session"] = "von-der-angreiferin-gesetzt-0001"

    sign_in(client)

    cookie = client.cookies["zp_session"]
    assert cookie.value != "von-der-angreiferin-gesetzt-0001"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.django_db
@pytest.mark.usefixtures("planner")
@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_link_leads_elsewhere_after_signing_in_or_out(client: Client, target: str) -> None:
    inside = sign_in(client, next=target)
    asked = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": target})
    outside = client.post(reverse("account_logout"), {"next": target})

    for answer in (inside, asked, outside):
        assert EVIL not in answer["Location"]
        assert answer["Location"].startswith("/")


# Hosts


@pytest.mark.django_db
@pytest.mark.usefixtures("planner")
def test_mails_lead_to_the_host_of_the_settings_alone(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://sozialplanung.example"
    sent = {"email": EMAIL}
    foreign = client.post(reverse("account_reset_password"), sent, headers={"Host": EVIL})
    assert (foreign.status_code, mail.outbox) == (400, [])

    for forged in ({"X-Forwarded-Host": EVIL}, {"Host": "testserver:8443"}, {"Host": "localhost"}):
        client.post(reverse("account_reset_password"), sent, headers=forged)

    assert len(mail.outbox) == 3
    for one in mail.outbox:
        (link,) = re.findall(r"\S+/konto/\S+", str(one.body))
        assert link.startswith("https://sozialplanung.example/konto/passwort/neu/")
    assert EVIL not in client.get("/", headers={"X-Forwarded-Host": EVIL}).content.decode()


# Guessing


@pytest.mark.django_db
@pytest.mark.usefixtures("planner")
def test_no_port_and_no_language_gives_more_guesses() -> None:
    for number in range(8):
        guesser = Client(headers={"Host": f"testserver:{number + 1}"})
        address = reverse("account_login")
        sent = {"login": EMAIL.upper(), "password": "falsch geraten heute"}
        guesser.post(f"/en{address}" if number % 2 else address, sent)

    assert sign_in(Client()).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("planner")
def test_guesses_at_many_others_do_not_make_the_site_forget_those_at_one() -> None:
    for _number in range(6):
        sign_in(Client(), password="falsch geraten heute")

    for number in range(400):
        cache.set(f"z:somebody-else:{number}", [0.0], timeout=300)

    assert sign_in(Client()).status_code == 200


@pytest.mark.django_db
def test_counts_that_are_over_do_not_stay() -> None:
    cache.clear()
    cache.set("over", [0.0], timeout=-1)
    cache.set("still-counted", [0.0], timeout=300)

    cache.add("new", [0.0], timeout=300)

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM zusammenplan_cache ORDER BY 1")
        assert cursor.fetchall() == [(":1:new",), (":1:still-counted",)]


@pytest.mark.django_db
@pytest.mark.usefixtures("planner")
def test_whoever_sets_a_new_password_is_in_even_while_a_stranger_goes_on_guessing(
    client: Client,
) -> None:
    client.post(reverse("account_reset_password"), {"email": EMAIL})
    link = re.search(r"https?://[^/]+(/konto/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    form = client.get(link.group(1), follow=True).redirect_chain[-1][0]
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _number in range(6):
        sign_in(stranger, password="falsch geraten heute")

    client.post(form, {"password1": "vier Finken im Garten", "password2": "vier Finken im Garten"})

    assert client.get(reverse("desk:overview")).status_code == 200


@pytest.mark.django_db
def test_a_whole_room_signs_in_from_one_address() -> None:
    for number in range(40):
        email = f"person{number}@rennsteiggrund.example"
        user = create_user(email, name=f"Person {number}", roles=[], by=None)
        set_password(user, password=PASSWORD, by=None, now=NOW)
        client = Client()
        sign_in(client, email=email, password="verschrieben") if number < 20 else None
        assert sign_in(client, email=email).status_code == 302


@pytest.mark.django_db
@pytest.mark.usefixtures("planner")
def test_whoever_is_locked_out_by_a_stranger_comes_in_with_a_new_password(client: Client) -> None:
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _number in range(6):
        sign_in(stranger, password="falsch geraten heute")
    assert sign_in(client).status_code == 200

    client.post(reverse("account_reset_password"), {"email": EMAIL})
    link = re.search(r"https?://[^/]+(/konto/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    form = client.get(link.group(1), follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "vier Finken im Garten", "password2": "vier Finken im Garten"})

    assert sign_in(client, password="vier Finken im Garten").status_code == 302


@pytest.mark.django_db
@pytest.mark.usefixtures("planner")
def test_a_failed_sign_in_comes_into_the_log_without_what_was_typed(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(client, password="falsch geraten heute")

    assert "Signing in failed, from 127.0.0.1" in caplog.text
    assert "falsch" not in caplog.text
    assert EMAIL not in caplog.text


# More than a form asks for


@pytest.mark.django_db
def test_fields_that_a_form_does_not_have_change_nothing(client: Client) -> None:
    user = make_user(name="Renate Osswald")
    client.force_login(user)
    more = {
        "is_active": "",
        "is_superuser": "on",
        "email": f"a@{EVIL}",
        "password": "x",
        "roles": ["planner", "administrator"],
        "id": "1",
    }

    client.post(reverse("account_home"), {"name": "Renate O.", "language": "de", **more})

    changed = User.objects.get(pk=user.pk)
    assert (changed.name, changed.email, changed.password) == (
        "Renate O.",
        user.email,
        user.password,
    )
    assert changed.is_active
    assert not changed.roles.exists()


# Secrets


@pytest.mark.django_db
def test_an_invitation_tells_its_address_to_nobody(client: Client) -> None:
    user = create_user(EMAIL, name="Ines Fröbel", roles=[], by=None)
    week = timezone.now() + timedelta(days=7)
    _invitation, token = invite_user(user, expires_at=week, by=None, now=timezone.now())

    page = client.get(reverse("account_invitation", args=[token]))

    assert page.status_code == 200
    assert page["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page["Cache-Control"]
    assert 'name="referrer"' not in page.content.decode()  # it would win against the header


@pytest.mark.django_db
def test_a_whole_office_opens_its_invitations_from_one_address(client: Client) -> None:
    user = create_user(EMAIL, name="Ines Fröbel", roles=[], by=None)
    week = timezone.now() + timedelta(days=7)
    _invitation, token = invite_user(user, expires_at=week, by=None, now=timezone.now())
    address = reverse("account_invitation", args=[token])

    assert {client.get(address).status_code for _one in range(40)} == {200}


# Huge and slow requests


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["text", "file"])
def test_more_than_a_page_takes_is_refused_before_it_is_read(kind: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("website:barrier-report"))
    text = "x" * (2 * 1024 * 1024 + 1)
    sent: Any = SimpleUploadedFile("a.txt", text.encode()) if kind == "file" else text

    answer = client.post(reverse("website:barrier-report"), {"message": "Kontrast", "more": sent})

    assert answer.status_code == 413
    assert "zu groß" in answer.content.decode()
    assert not BarrierReport.objects.exists()


@pytest.mark.django_db
def test_a_million_fields_are_refused(client: Client) -> None:
    body = "&".join(f"f{number}=1" for number in range(6000))

    answer = client.post(
        reverse("website:barrier-report"), body, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 400


SLOW_PROGRAM = """
import sys
from gunicorn.app.base import BaseApplication
from zusammenplan.config import server

server.SECONDS_FOR_HEAD, server.SECONDS_FOR_BODY = 1, 1


class Program(BaseApplication):
    def load_config(self):
        worker = "zusammenplan.config.server.PatientWorker"
        chosen = {"bind": "127.0.0.1:" + sys.argv[1], "worker_class": worker, "threads": 2}
        for name, value in (chosen | {"control_socket_disable": True}).items():
            self.cfg.set(name, value)

    def load(self):
        def answer(environ, start_response):
            body = environ["wsgi.input"].read()
            start_response("200 OK", [("Content-Length", str(len(body) + 2))])
            return [b"ok" + body]

        return answer


program = Program()
sys.argv = sys.argv[:1]
program.run()
"""


@pytest.fixture
def port() -> Iterator[int]:
    """Run a server of two threads, made as ours, that waits a second for head and body."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    with subprocess.Popen([sys.executable, "-c", SLOW_PROGRAM, str(number)]) as process:
        try:
            yield number
        finally:
            process.terminate()


def asked(port: int, request: bytes) -> socket.socket:
    """Connect, as soon as the server is there, and send something."""
    until = time.monotonic() + 30
    while True:
        try:
            there = socket.create_connection(("127.0.0.1", port), timeout=30)
        except ConnectionRefusedError:
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            there.sendall(request)
            return there


def test_clients_that_never_come_to_an_end_do_not_hold_up_the_others(port: int) -> None:
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
    slow = [asked(port, head + b"X-Slow: ") for _number in range(4)]
    slow += [asked(port, head + b"Content-Length: 9\r\n\r\nhalf") for _number in range(2)]

    with asked(port, head + b"Connection: close\r\n\r\n") as quick:
        answer = quick.recv(4096)

    assert answer.startswith(b"HTTP/1.1 200")
    for one in slow:
        one.close()
