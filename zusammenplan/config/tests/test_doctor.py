"""The doctor finds what is to be mended, and nothing that was decided on purpose."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings as SettingsWrapper

from zusammenplan.people.tests.factories import make_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def behind_https(
    settings: SettingsWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)
    settings.DATA = tmp_path
    settings.SECRET_KEY = "0123456789abcdefghijklmnopqrstuvwxyz" * 2
    settings.DEBUG = False
    settings.IS_HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000


def test_a_sound_installation_behind_https_is_well() -> None:
    make_administrator()
    said = StringIO()

    call_command("doctor", stdout=said)

    assert "All is well." in said.getvalue()


def test_an_installation_without_anybody_says_how_to_go_on() -> None:
    said = StringIO()

    with pytest.raises(CommandError):
        call_command("doctor", stdout=said)

    assert [line for line in said.getvalue().splitlines() if line.startswith("-")] == [
        "- Nobody is administrator; run: zusammenplan create-user"
    ]
