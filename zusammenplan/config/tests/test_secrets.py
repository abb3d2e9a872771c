"""What opens something stands in one place: not in errors, not in the log, not in a history."""

from __future__ import annotations

import json
import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from gunicorn.config import Config

from zusammenplan.ballots.tests.factories import make_item, make_link, make_open_group, make_voter
from zusammenplan.config.server import DiscreetLogger
from zusammenplan.core.links import token_hash
from zusammenplan.core.logs import FieldsFormatter
from zusammenplan.people.actions import create_user, invite_user, set_password
from zusammenplan.people.choices import Role
from zusammenplan.people.models import User
from zusammenplan.people.tests.test_signing_in import code_for
from zusammenplan.plans.tests.factories import (
    make_evaluation,
    make_evaluation_item,
    make_rating_link,
    make_rating_request,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

EMAIL = "ines.froebel@rennsteiggrund.example"
PASSWORD = "drei Amseln auf dem Dach"
NEXT_PASSWORD = "vier Finken im Garten"
SECRET = re.compile(r"password|token|(?<!is_)secret|(?<!is_)key$|last_login")

pytestmark = pytest.mark.django_db


def lines(caplog: pytest.LogCaptureFixture) -> str:
    """Give what the log's own handler would write."""
    root = logging.getLogger()
    (formatter,) = {it.formatter for it in root.handlers if type(it) is logging.StreamHandler}
    assert formatter is not None
    return "\n".join(formatter.format(record) for record in caplog.records)


def objects(caplog: pytest.LogCaptureFixture) -> str:
    """Give what it would write for programs."""
    return "\n".join(FieldsFormatter().format(record) for record in caplog.records)


@dataclass
class Secrets:
    """What somebody has that opens something, and the browser in which it is used."""

    client: Client
    held: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def secrets() -> Secrets:
    """Give somebody a password, a second step, recovery codes and a link of each kind."""
    now = timezone.now()
    user = create_user(EMAIL, name="Ines Fröbel", roles=[Role.PLANNER], by=None)
    set_password(user, password=PASSWORD, by=None, now=now)
    client = Client(raise_request_exception=False)
    client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    seed = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(seed)})
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    invited = create_user("jost@rennsteiggrund.example", name="Jost", roles=[], by=None)
    _invitation, invitation = invite_user(
        invited, expires_at=now + timedelta(days=7), by=user, now=now
    )
    group = make_open_group()
    make_item(group.round)
    evaluation = make_evaluation()
    vote = make_link(make_voter(group), by=user)
    rating = make_rating_link(make_rating_request(evaluation, make_evaluation_item(evaluation)))
    user.refresh_from_db()
    reset = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return Secrets(
        client,
        {
            "password": PASSWORD,
            "next password": NEXT_PASSWORD,
            "hash of the password": user.password,
            "session": str(client.session.session_key),
            "seed": seed,
            "recovery code": codes[0],
            "invitation": invitation,
            "vote": vote,
            "rating": rating,
            "new password": reset,
        },
    )


# Errors


@contextmanager
def broken(table: str) -> Iterator[None]:
    """Let every statement about the table fail with an error that is nobody's fault but ours."""

    def fail(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if table in sql:
            raise RuntimeError(f"Defect in {table}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


def failing(found: Secrets) -> Iterator[tuple[str, Any]]:
    """Give pages on which secrets are opened or typed while the database fails."""
    held, stranger = found.held, Client(raise_request_exception=False)
    twice = {"password1": NEXT_PASSWORD, "password2": NEXT_PASSWORD}
    reset = reverse("account_reset_password_from_key", args=held["new password"].split("-", 1))
    stranger.get(reset)
    half_way = Client(raise_request_exception=False)
    half_way.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    pages = [
        ("people_invitation", stranger, "room:enter", [held["vote"]], None),
        ("people_invitation", stranger, "rating:enter", [held["rating"]], None),
        ("UPDATE", stranger, "account_invitation", [held["invitation"]], twice),
        ("people_user", stranger, "account_login", [], {"login": EMAIL, "password": PASSWORD}),
        ("mfa_auth", half_way, "mfa_authenticate", [], {"code": held["recovery code"]}),
        ("UPDATE", found.client, "account_change_password", [], {"oldpassword": PASSWORD} | twice),
        ("mfa_auth", found.client, "mfa_view_recovery_codes", [], None),
        ("core_attempt", stranger, "room:enter", ["erraten"], None),
    ]
    for table, client, name, arguments, sent in pages:
        address = reverse(name, args=arguments)
        with broken(table):
            yield name, client.get(address) if sent is None else client.post(address, sent)
    with broken("people_user"):
        set_new = reset.replace(held["new password"].split("-", 1)[1], "set-password")
        yield "account_reset_password_from_key", stranger.post(set_new, twice)


def test_an_error_tells_nothing_that_opens_something(
    secrets: Secrets, caplog: pytest.LogCaptureFixture
) -> None:
    answers = list(failing(secrets))

    assert {(name, answer.status_code) for name, answer in answers} == {
        (name, 500) for name, _answer in answers
    }
    told = "\n".join(answer.content.decode() + str(answer.headers) for _name, answer in answers)
    for what, secret in secrets.held.items():
        assert secret not in told, what
        assert secret not in lines(caplog), what
        assert secret not in objects(caplog), what
    assert lines(caplog).count("RuntimeError: Defect in") >= len(answers)
    # No second way out: Django would mail the whole request to those named here.
    assert settings.ADMINS == []


def test_a_refusal_tells_nothing_that_opens_something(
    secrets: Secrets, caplog: pytest.LogCaptureFixture
) -> None:
    held, careful = secrets.held, Client(enforce_csrf_checks=True)
    careful.cookies = secrets.client.cookies
    careful.get(reverse("account_home"))
    token = careful.cookies["zp_csrf"].value
    sent = {"password": PASSWORD, "code": held["recovery code"], "csrfmiddlewaretoken": "x" * 64}
    here = f"http://testserver{reverse('room:enter', args=[held['vote']])}"
    answers = [
        careful.post(reverse(name), sent, headers={"Referer": here, "Origin": origin})
        for name in ("account_login", "account_reauthenticate", "account_change_password")
        for origin in ("http://testserver", "https://boese.example")
    ]
    answers.append(
        careful.get(f"{reverse('account_home')}gibt-es-nicht/", headers={"Referer": here})
    )

    assert {answer.status_code for answer in answers} == {403, 404}
    told = "\n".join(answer.content.decode() for answer in answers)
    for what, secret in {**held, "secret of the forms": token}.items():
        assert secret not in told, what
        assert secret not in lines(caplog), what
        assert secret not in objects(caplog), what


# The log


def test_no_address_that_opens_something_comes_into_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = "GEHEIM-" + "a" * 25
    client = Client(enforce_csrf_checks=True)
    opening = [
        reverse("room:enter", args=[secret]),
        reverse("rating:enter", args=[secret]),
        reverse("room:wall", args=[secret]),
        reverse("account_invitation", args=[secret]),
        reverse("account_reset_password_from_key", args=["1", secret]),
        reverse("account_confirm_email", args=[secret]),
    ]
    for address in opening:
        for prefix in ("", "/en"):
            client.get(prefix + address)
            client.post(prefix + address)

    assert secret in caplog.text
    assert "/…" in lines(caplog)
    assert secret not in lines(caplog)


def test_what_the_server_itself_logs_is_as_discreet(caplog: pytest.LogCaptureFixture) -> None:
    server = DiscreetLogger(Config())

    server.warning("Invalid request from ip=192.0.2.1: GET /abstimmung/GEHEIM-1 HTTP/x")

    assert "GET /abstimmung/… HTTP/x" in lines(caplog)


@pytest.mark.parametrize("written", [lines, objects])
def test_the_log_does_not_show_the_row_that_a_database_refused(
    secrets: Secrets, caplog: pytest.LogCaptureFixture, written: Any
) -> None:
    user = User.objects.get(email=EMAIL)
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(name=None)
    except IntegrityError:
        logging.getLogger("zusammenplan").exception("Not saved")

    assert "constraint" in written(caplog)
    assert "IntegrityError" in written(caplog)
    for secret in (secrets.held["hash of the password"], EMAIL):
        assert secret not in written(caplog)


# The database


def rows() -> Iterator[tuple[str, str]]:
    """Give each value of each row of each table, with the name of its field."""
    for model in apps.get_models():
        for row in model._default_manager.values():
            for name, value in row.items():
                text = json.dumps(value, default=str, ensure_ascii=False)
                yield f"{model.__name__}.{name}", text


def test_a_secret_stands_in_its_own_place_alone(secrets: Secrets) -> None:
    held = secrets.held
    user = User.objects.get(email=EMAIL)
    set_password(user, password=NEXT_PASSWORD, by=None, now=timezone.now())
    user.refresh_from_db()
    hashed = {held["hash of the password"], user.password} | {
        token_hash(held[kind]) for kind in ("invitation", "vote", "rating")
    }
    raw = {secret for name, secret in held.items() if name not in {"session", "new password"}}

    found = {(name, secret) for name, text in rows() for secret in raw | hashed if secret in text}

    assert {name for name, _secret in found} == {"User.password", "Invitation.token_hash"}
    assert held["hash of the password"] not in {secret for _name, secret in found}


def test_no_history_keeps_what_opens_something() -> None:
    """Passwords, hashes of links and keys stand in one place each, and go with it."""
    kept = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__name__.startswith("Historical")
        for field in model._meta.fields
        if SECRET.search(field.name)
    }

    assert kept == {"HistoricalRound.wall_key"}  # shown on a wall to everybody in the room


def test_a_form_that_waits_for_a_proof_keeps_no_cookies(secrets: Secrets) -> None:
    client = secrets.client
    client.post(reverse("account_logout"))
    user = User.objects.get(email=EMAIL)
    Authenticator.objects.filter(user=user).delete()
    client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    client.get(reverse("room:enter", args=[secrets.held["vote"]]))
    client.get(reverse("account_home"))
    token = client.cookies["zp_csrf"].value

    answer = client.post(reverse("account_devices"), {"device": "others"})

    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    kept = json.dumps(dict(client.session.items()))
    assert reverse("account_devices") in kept
    assert secrets.held["vote"] not in kept
    assert token not in kept
    # It is done as soon as the proof is there.
    client.post(answer["Location"], {"password": PASSWORD})
    assert "account_reauthentication_state" not in client.session
