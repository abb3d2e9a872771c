"""The doctor finds what is to be mended, and nothing that was decided on purpose."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings as SettingsWrapper

from zusammenplan.people.tests.factories import make_administrator
from zusammenplan.plans.models import Measure
from zusammenplan.plans.tests.factories import make_plan

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

    assert "Alles in Ordnung." in said.getvalue()


def findings() -> list[str]:
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", stdout=said)
    return [line for line in said.getvalue().splitlines() if line.startswith("-")]


def test_an_installation_without_anybody_says_how_to_go_on() -> None:
    assert findings() == ["- Niemand verwaltet das Programm. Abhilfe: zusammenplan create-user"]


def test_what_is_to_be_mended_is_named_with_what_to_do(
    settings: SettingsWrapper, tmp_path: Path
) -> None:
    make_administrator()
    key = tmp_path / "secret_key"
    key.touch(mode=0o640)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    Measure.objects.bulk_create([Measure(plan=make_plan(), title_de="Ohne Eintrag")])

    open_key, mail, search = findings()

    assert open_key.endswith(f"Abhilfe: chmod 600 {key}")
    assert "127.0.0.1 antwortet nicht" in mail
    assert search.endswith("Abhilfe: zusammenplan rebuild-search")
