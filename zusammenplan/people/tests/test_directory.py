"""Signing in through the administration's own directory (OpenID Connect)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from zusammenplan.people.actions import create_user
from zusammenplan.people.models import Session, User

EMAIL = "ines.froebel@rennsteiggrund.example"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def directory(settings: Any) -> None:
    app = {
        "provider_id": "verzeichnis",
        "name": "Dienstkonto",
        "client_id": "zusammenplan",
        "secret": "geheim",
        "settings": {"server_url": "https://verzeichnis.rennsteiggrund.example"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


def come_back(*, email: str, is_verified: object = True) -> Any:
    """Come back from the directory with what it says about a person."""
    request = RequestFactory().get("/konto/verzeichnis/verzeichnis/login/callback/")
    request.session = SessionStore()
    request.user = AnonymousUser()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined] # noqa: SLF001 - what the middleware does
    with context.request_context(request):
        provider = get_adapter().get_provider(request, "verzeichnis")
        claims = {"sub": "4711", "email": email, "email_verified": is_verified}
        login = provider.sociallogin_from_response(request, {"userinfo": claims})
        return request, complete_social_login(request, login)


def test_a_known_user_comes_in_through_the_directory() -> None:
    user = create_user(EMAIL, name="Ines Fröbel", roles=[], by=None)

    request, response = come_back(email=EMAIL)

    assert response["Location"] == reverse("desk:overview")
    assert request.user == user


def test_whoever_was_not_added_stays_outside() -> None:
    request, response = come_back(email="fremd@rennsteiggrund.example")

    assert response.status_code == 200
    assert request.user.is_anonymous
    assert not User.objects.exists()


@pytest.mark.parametrize("is_verified", [False, "false", "False", "0", "", None])
def test_an_address_that_the_directory_has_not_checked_opens_no_account(
    is_verified: object,
) -> None:
    create_user(EMAIL, name="Ines Fröbel", roles=[], by=None)

    request, _response = come_back(email=EMAIL, is_verified=is_verified)

    assert request.user.is_anonymous


def test_the_login_page_offers_the_directory_by_a_form(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()

    assert "Dienstkonto" in page
    assert reverse("openid_connect_login", args=["verzeichnis"]) in page


def test_a_session_alone_sets_no_password_but_the_mail_does(client: Client) -> None:
    user = create_user(EMAIL, name="Ines Fröbel", roles=[], by=None)
    client.force_login(user)
    page = reverse("account_set_password")
    twice = {"password1": "vier Finken im Garten", "password2": "vier Finken im Garten"}

    assert client.get(page)["Location"] == reverse("account_reset_password")
    client.post(page, twice)
    user.refresh_from_db()
    assert not user.has_usable_password()

    client.post(reverse("account_reset_password"), {"email": EMAIL})
    link = re.search(r"https?://[^/]+(/konto/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    form = client.get(link.group(1), follow=True).redirect_chain[-1][0]
    client.post(form, twice)
    user.refresh_from_db()
    assert user.has_usable_password()


@pytest.mark.parametrize("page", ["account_email", "mfa_activate_totp", "mfa_add_webauthn"])
def test_whoever_has_no_password_signs_in_anew_before_the_account_is_changed(
    client: Client, page: str
) -> None:
    client.force_login(create_user(EMAIL, name="Ines Fröbel", roles=[], by=None))
    assert client.get(reverse(page)).status_code == 200
    Session.objects.update(begun_at=timezone.now() - timedelta(minutes=16))

    sent = {"email": "a@boese.example", "action_add": "", "code": "123456"}
    answer = client.post(reverse(page), sent)

    assert answer["Location"].startswith(reverse("account_login"))
    assert client.get(reverse("account_home")).status_code == 302
    assert not EmailAddress.objects.filter(email="a@boese.example").exists()
    assert not mail.outbox
