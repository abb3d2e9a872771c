"""What the settings make safer: cookies behind HTTPS, a second step, logs for programs."""

from __future__ import annotations

import json
import logging
import re
import runpy
import shlex
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from django.contrib.messages import constants
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from zusammenplan.config import settings as settings_file
from zusammenplan.config.tests.documents import ROOT
from zusammenplan.core.cookies import MessageStorage, cookie_of, cookies_named
from zusammenplan.core.logs import FieldsFormatter
from zusammenplan.people.tests.factories import make_administrator, make_planner, make_reader

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django import Settings as SettingsWrapper


DEPLOY = ROOT / "deploy"


def settings_with(monkeypatch: pytest.MonkeyPatch, folder: Path, **variables: str) -> Any:
    """Read the settings anew, in an environment with these variables."""
    monkeypatch.setenv("ZUSAMMENPLAN_DATA", str(folder))
    for name, value in variables.items():
        monkeypatch.setenv(f"ZUSAMMENPLAN_{name}", value)
    return runpy.run_path(settings_file.__file__)


# Cookies


def test_behind_https_cookies_belong_to_this_host_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read = settings_with(monkeypatch, tmp_path, URL="https://sozialplanung.example")

    assert (read["SESSION_COOKIE_NAME"], read["CSRF_COOKIE_NAME"]) == (
        "__Host-zp_session",
        "__Host-zp_csrf",
    )
    assert read["SESSION_COOKIE_SECURE"]
    assert read["CSRF_COOKIE_SECURE"]


def test_without_https_their_names_are_ones_that_browsers_take(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read = settings_with(monkeypatch, tmp_path, URL="http://127.0.0.1:8000")

    assert (read["SESSION_COOKIE_NAME"], read["CSRF_COOKIE_NAME"]) == ("zp_session", "zp_csrf")


def test_what_was_done_is_kept_in_a_cookie_of_this_host_too(settings: SettingsWrapper) -> None:
    settings.COOKIE_PREFIX, settings.SESSION_COOKIE_SECURE = "__Host-", True
    answer = HttpResponse()
    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment] # too little is said for it to be used
    storage = MessageStorage(request)
    storage.add(constants.SUCCESS, "Gespeichert.")

    storage.update(answer)

    ((name, cookie),) = answer.cookies.items()
    assert name == "__Host-zp_messages"
    assert (cookie["secure"], cookie["httponly"], cookie["path"]) == (True, True, "/")


def test_a_personal_link_that_was_opened_before_an_update_still_opens(
    settings: SettingsWrapper,
) -> None:
    def request_with(name: str, value: str) -> Any:
        answer = HttpResponse()
        answer.set_signed_cookie(name, value, salt="zp_vote_7")
        request = RequestFactory().get("/")
        request.COOKIES[name] = answer.cookies[name].value
        return request

    settings.COOKIE_PREFIX = "__Host-"
    for request in (request_with("zp_vote_7", "alt"), request_with("__Host-zp_vote_7", "neu")):
        assert cookie_of(request, "zp_vote_7") in {"alt", "neu"}
        assert cookies_named(request, "zp_vote_") == [cookie_of(request, "zp_vote_7")]


# A directory


@pytest.mark.django_db
def test_a_code_of_the_directory_is_of_use_to_the_session_alone_that_asked_for_it(
    settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read = settings_with(monkeypatch, tmp_path, OIDC_SERVER="https://verzeichnis.example")
    settings.SOCIALACCOUNT_PROVIDERS = read["SOCIALACCOUNT_PROVIDERS"]

    provider = get_adapter().get_provider(RequestFactory().get("/"), "verzeichnis")

    assert provider.get_pkce_params()["code_challenge_method"] == "S256"


def test_the_button_to_the_directory_may_be_used_and_a_form_leads_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read = settings_with(monkeypatch, tmp_path, OIDC_SERVER="https://verzeichnis.example/realm")

    allowed = read["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"]
    assert allowed == ["'self'", "https://verzeichnis.example"]


# The second step


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_planner, make_administrator])
def test_where_a_second_step_is_required_nothing_else_opens_before(
    client: Client, settings: SettingsWrapper, make: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    user = make()
    client.force_login(user)

    led = client.get(reverse("desk:overview"), follow=True)
    assert led.redirect_chain == [(reverse("account_home"), 302)]
    assert "Bitte richten Sie jetzt einen zweiten Schritt ein" in led.content.decode()
    assert client.post(reverse("plans:plan-add"), {"title_de": "Plan"}).status_code == 302
    # What is public is open to everybody, and the way to the second step too.
    assert client.get(reverse("website:start")).status_code == 200
    assert client.get(reverse("mfa_activate_totp")).status_code == 200

    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": ""})

    assert client.get(reverse("desk:overview")).status_code == 200


@pytest.mark.django_db
def test_whoever_only_reads_needs_no_second_step(client: Client, settings: SettingsWrapper) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(make_reader())

    assert client.get(reverse("desk:overview")).status_code == 200


def test_a_word_that_means_nothing_is_no_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ImproperlyConfigured, match="offered or required"):
        settings_with(monkeypatch, tmp_path, SECOND_FACTOR="ja")


# The log


def test_a_line_of_the_log_may_be_an_object_in_which_nothing_opens_anything() -> None:
    failure = ValueError("/abstimmung/GEHEIM-1\n2. Zeile")
    trace = (ValueError, failure, None)
    record = logging.LogRecord(
        "zusammenplan", logging.ERROR, "", 1, "Gone: %s\nneu", ("/en/Bewertung/GEHEIM-2/",), trace
    )

    line = FieldsFormatter().format(record)

    assert "\n" not in line
    assert "GEHEIM" not in line
    fields = json.loads(line)
    assert (fields["level"], fields["logger"]) == ("ERROR", "zusammenplan")
    assert fields["message"] == "Gone: /en/Bewertung/…/\nneu"
    assert "ValueError" in fields["trace"]


# The proxy


def test_the_proxy_of_the_example_limits_pages_and_the_interface_and_no_room() -> None:
    written = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    free = re.findall(r'"(\S+)"\s+"";', written.split("map $uri")[1].split("}")[0])
    (secret,) = re.findall(r"location ~\* (\S+) {", written)
    (network,) = re.findall(r'"~(\S+)"\s+\$four;', written)

    def is_counted(address: str) -> bool:
        patterns = [secret, *(one.removeprefix("~") for one in free)]
        return not any(re.search(pattern, address) for pattern in patterns)

    for name in ("website:start", "website:plan-list", "api:plan_list", "desk:overview"):
        assert is_counted(reverse(name)), name
    room = [
        reverse("room:ballots"),
        reverse("room:ballot", args=["runde", 1]),
        reverse("room:wall-state", args=["GEHEIM"]),
        reverse("rating:paper", args=[1]),
    ]
    for address in [*room, *(f"/en{one}" for one in room), f"{settings_file.STATIC_URL}js/vote.js"]:
        assert not is_counted(address), address
    # Python writes the name of a group otherwise.
    same = re.compile(network.replace("(?<", "(?P<"))
    own, neighbour = same.match("2001:db8:1:2::5"), same.match("2001:db8:1:2:aaaa::9")
    assert own
    assert neighbour
    assert own["four"] == neighbour["four"] == "2001:db8:1:2"
    assert not same.match("192.0.2.7")
    # The page for it is where the file says, and is copied there with the other one.
    assert re.search(r"error_page 429 /busy\.html;", written)
    assert "Zu viele Anfragen" in (DEPLOY / "busy.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["away.html", "busy.html"])
def test_the_proxy_s_own_pages_load_nothing_but_the_sheet_that_it_serves(page: str) -> None:
    written = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = (DEPLOY / page).read_text(encoding="utf-8")
    place = written.split(f"location = /{page} {{")[1].split("}")[0]

    assert re.findall(r'(?:href|src)="([^"]+)"', text) == ["/plain.css"]
    assert "location = /plain.css {" in written
    assert (DEPLOY / "plain.css").exists()
    assert "default-src 'none'; style-src 'self'" in place
    assert not re.search(r"<style|<script|style=", text)


@pytest.mark.parametrize("fails", ["retention", "digest", "neither"])
def test_what_each_morning_asks_for_runs_whatever_becomes_of_the_other(
    tmp_path: Path, fails: str
) -> None:
    program = tmp_path / "zusammenplan"
    program.write_text(f'#!/bin/sh\necho "$1" >>"{tmp_path}/ran"\ntest "$1" != {fails}\n')
    program.chmod(0o700)
    unit = (DEPLOY / "zusammenplan-digest.service").read_text(encoding="utf-8")
    # As systemd reads it: a line goes on after a backslash, and two dollars are one.
    unit = unit.replace("\\\n", " ").replace("$$", "$")
    (line,) = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)

    done = subprocess.run(
        shlex.split(line.replace("/srv/zusammenplan/venv/bin", str(tmp_path))), check=False
    )

    assert (tmp_path / "ran").read_text().split() == ["retention", "digest"]
    assert (done.returncode == 0) == (fails == "neither")


def test_the_proxy_of_the_example_knows_secret_addresses_and_who_is_signed_in() -> None:
    written = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    (secret,) = re.findall(r"location ~\* (\S+) {", written)
    (cookie,) = re.findall(r'"~\*(\S+)"\s+1;', written)
    names = [
        "room:enter",
        "rating:enter",
        "room:wall",
        "account_invitation",
        "account_confirm_email",
    ]
    addresses = [reverse(name, args=["GEHEIM"]) for name in names]
    addresses += [reverse("account_reset_password_from_key", args=["1", "GEHEIM"])]

    for address in addresses:
        assert re.search(secret, address), address
        assert re.search(secret, f"/en{address}"), address
        assert re.search(secret, address.upper(), re.IGNORECASE), address
    assert not re.search(secret, reverse("website:plan-list"))
    assert re.search(cookie, "a=b; __Host-zp_session=x")
    assert not re.search(cookie, "__Host-zp_csrf=x; __Host-zp_vote_7=y")
