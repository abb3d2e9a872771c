"""Tests of signing in, of the own account, and of personal links for accounts."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache.backends import db
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zusammenplan.people.actions import create_user, invite_user, revoke_invitation, set_password
from zusammenplan.people.choices import Role
from zusammenplan.people.models import User

EMAIL = "ines.froebel@rennsteiggrund.example"
PASSWORD = "drei Amseln auf dem Dach"

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner() -> User:
    user = create_user(EMAIL, name="Ines Fröbel", roles=[Role.PLANNER], by=None)
    return set_password(user, password=PASSWORD, by=None, now=timezone.now())


def sign_in(client: Client, password: str = PASSWORD, email: str = EMAIL) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def prove(client: Client) -> None:
    """Enter the password again, as pages ask that concern the safety of the account."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("account_home")).status_code == 200


@pytest.mark.usefixtures("planner")
def test_signing_in_leads_to_the_workspace_with_a_new_session(client: Client) -> None:
    client.get(reverse("account_login"))
    session = client.session
    session["kept"] = "before"
    session.save()
    before = session.session_key

    response = sign_in(client)

    assert response["Location"] == reverse("desk:overview")
    assert client.session.session_key != before
    assert is_signed_in(client)


def test_whoever_reads_english_is_led_to_english_pages(client: Client, planner: User) -> None:
    User.objects.filter(pk=planner.pk).update(language="en")

    assert sign_in(client)["Location"].startswith("/en/")


@pytest.mark.usefixtures("planner")
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client) -> None:
    known = sign_in(client, password="falsch geraten heute")
    unknown = sign_in(client, email="niemand@rennsteiggrund.example")

    answers = [
        re.sub(r'value="[^"]*"', "", response.content.decode()) for response in (known, unknown)
    ]
    assert answers[0] == answers[1]
    assert "gehören nicht zusammen" in answers[0]


@pytest.mark.usefixtures("planner")
def test_signing_in_is_slowed_down_after_five_wrong_passwords(client: Client) -> None:
    for _number in range(5):
        sign_in(client, password="falsch geraten heute")

    sign_in(client)

    assert not is_signed_in(client)


def test_the_login_page_asks_to_wait_after_too_many_requests(client: Client) -> None:
    answers = [
        sign_in(client, email=f"wer{number}@rennsteiggrund.example", password="")
        for number in range(121)
    ]

    assert answers[-1].status_code == 429
    assert "Zu viele Versuche" in answers[-1].content.decode()
    assert "zp-lost" in answers[-1].content.decode()


def test_many_wrong_passwords_from_one_address_are_slowed_down_whoever_they_are_for(
    client: Client,
) -> None:
    answers = [
        sign_in(client, email=f"wer{number}@rennsteiggrund.example").content.decode()
        for number in range(31)
    ]

    assert "gehören nicht zusammen" in answers[-2]
    assert "Zu viele Versuche" in answers[-1]


def test_a_deactivated_user_does_not_come_in(client: Client, planner: User) -> None:
    User.objects.filter(pk=planner.pk).update(is_active=False)

    sign_in(client)

    assert not is_signed_in(client)


def test_nobody_signs_up_alone(client: Client) -> None:
    response = client.post(
        reverse("account_signup"),
        {"email": "neu@rennsteiggrund.example", "password1": PASSWORD},
    )

    assert not User.objects.exists()
    assert response.status_code == 200


@pytest.mark.usefixtures("planner")
def test_signing_out_needs_a_form(client: Client) -> None:
    sign_in(client)

    client.get(reverse("account_logout"))
    assert is_signed_in(client)
    response = client.post(reverse("account_logout"))

    assert response["Location"] == reverse("website:start")
    assert not is_signed_in(client)


# --- the password ------------------------------------------------------------------------


@pytest.mark.usefixtures("planner")
def test_the_answer_to_a_reset_does_not_tell_who_has_an_account(client: Client) -> None:
    answers = [
        client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        for email in (EMAIL, "niemand@rennsteiggrund.example")
    ]

    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert answers[0].content == answers[1].content
    assert [message.to for message in mail.outbox] == [
        [EMAIL],
        ["niemand@rennsteiggrund.example"],
    ]


@pytest.mark.usefixtures("planner")
def test_a_reset_link_sets_a_password_once(client: Client) -> None:
    client.post(reverse("account_reset_password"), {"email": EMAIL})
    path = re.search(r"https?://[^/]+(/konto/\S+)", str(mail.outbox[0].body))
    assert path is not None
    form = client.get(path.group(1), follow=True).redirect_chain[-1][0]

    client.post(form, {"password1": "vier Finken im Garten", "password2": "vier Finken im Garten"})

    assert sign_in(client, password="vier Finken im Garten").status_code == 302
    again = Client().get(path.group(1), follow=True)
    assert b'name="password1"' not in again.content


@pytest.mark.usefixtures("planner")
def test_a_new_password_by_mail_does_not_spare_the_second_step(client: Client) -> None:
    sign_in(client)
    prove(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    stranger = Client()
    stranger.post(reverse("account_reset_password"), {"email": EMAIL})
    path = re.search(r"https?://[^/]+(/konto/\S+)", str(mail.outbox[-1].body))
    assert path is not None
    form = stranger.get(path.group(1), follow=True).redirect_chain[-1][0]

    twice = {"password1": "vier Finken im Garten", "password2": "vier Finken im Garten"}
    answer = stranger.post(form, twice)

    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(stranger)
    assert not is_signed_in(client)


@pytest.mark.usefixtures("planner")
def test_resets_are_limited(client: Client) -> None:
    for _number in range(6):
        client.post(reverse("account_reset_password"), {"email": EMAIL})

    assert len(mail.outbox) == 3


@pytest.mark.usefixtures("planner")
def test_a_new_password_signs_out_everywhere_else(client: Client) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    prove(client)

    client.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "vier Finken im Garten",
            "password2": "vier Finken im Garten",
        },
    )

    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert "Ines Fröbel" in str(mail.outbox[-1].body)


# --- the address -------------------------------------------------------------------------


def test_a_new_address_counts_once_its_link_was_opened(client: Client, planner: User) -> None:
    sign_in(client)
    prove(client)
    new = "i.froebel@rennsteiggrund.example"
    client.post(reverse("account_email"), {"email": new, "action_add": ""})
    planner.refresh_from_db()
    assert planner.email == EMAIL
    path = re.search(r"https?://[^/]+(/konto/\S+)", str(mail.outbox[-1].body))
    assert path is not None

    client.post(path.group(1))

    planner.refresh_from_db()
    assert planner.email == new
    assert list(EmailAddress.objects.values_list("email", "verified")) == [(new, True)]
    again = Client().get(path.group(1))
    assert b"<form" not in again.content.split(b"<main")[1]


def test_a_new_address_does_not_tell_that_somebody_else_has_it(
    client: Client, planner: User
) -> None:
    other = create_user("jost@rennsteiggrund.example", name="Jost Amthor", roles=[], by=None)
    sign_in(client)
    prove(client)

    told = []
    for email in (other.email, "frei@rennsteiggrund.example"):
        sent = {"email": email, "action_add": ""}
        page = client.post(reverse("account_email"), sent, follow=True).content.decode()
        told.append(re.sub(r"\b\w{64}\b", "", page).replace(email, "…"))

    assert told[0] == told[1]
    planner.refresh_from_db()
    assert planner.email == EMAIL


# --- name and language -------------------------------------------------------------------


@pytest.mark.usefixtures("planner")
def test_the_language_is_chosen_in_the_account(client: Client) -> None:
    sign_in(client)

    response = client.post(reverse("account_home"), {"name": "Ines Fröbel", "language": "en"})

    assert response["Location"] == "/en/konto/"


def test_the_account_needs_a_login(client: Client) -> None:
    assert client.get(reverse("account_home")).status_code == 302


# --- the second step ---------------------------------------------------------------------


def code_for(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06}"


@pytest.mark.usefixtures("planner")
def test_a_code_from_the_app_is_asked_for_once_it_is_set_up(client: Client) -> None:
    sign_in(client)
    prove(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(response["Location"]).status_code == 200
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    client.post(reverse("account_logout"))

    response = sign_in(client)

    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert is_signed_in(client)


@pytest.mark.usefixtures("planner")
@pytest.mark.parametrize("later", [0, 31])
def test_a_code_signs_in_once(
    client: Client, monkeypatch: pytest.MonkeyPatch, later: float
) -> None:
    sign_in(client)
    prove(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    # One that is taken for the longest: a clock that is fast shows it half a minute early.
    *_, newest = yield_hotp_counters_from_time()
    for code in (f"{hotp_value(secret, newest):06}", recovery):
        browsers = [Client(), Client()]
        sign_in(browsers[0])
        browsers[0].post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(browsers[0])

        with monkeypatch.context() as clock:
            clock.setattr(time, "time", lambda now=time.time: now() + later)
            clock.setattr(db, "tz_now", lambda: timezone.now() + timedelta(seconds=later))
            sign_in(browsers[1])
            browsers[1].post(reverse("mfa_authenticate"), {"code": code})

        assert not is_signed_in(browsers[1])


@pytest.mark.usefixtures("planner")
def test_a_second_step_sealed_with_another_key_fits_no_code(client: Client, settings: Any) -> None:
    sign_in(client)
    prove(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    client.post(reverse("account_logout"))
    settings.SECRET_KEY = "ein anderer Schlüssel"
    sign_in(client)

    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

    assert not is_signed_in(client)


@pytest.mark.usefixtures("planner")
def test_every_page_of_the_account_shows(client: Client) -> None:
    sign_in(client)
    prove(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    pages = [
        "account_home",
        "account_change_password",
        "account_email",
        "mfa_deactivate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
    ]

    for page in pages:
        response = client.get(reverse(page))
        assert response.status_code == 200, page
        assert b" style=" not in response.content, page
        assert b"<script>" not in response.content, page


def test_every_page_before_signing_in_shows(client: Client) -> None:
    pages = [
        "account_login",
        "account_signup",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_email_verification_sent",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
    ]

    for page in pages:
        response = client.get(reverse(page))
        assert response.status_code in {200, 401}, page
        assert b"<h1" in response.content, page
    broken = client.get(reverse("account_confirm_email", args=["erraten"]))
    assert broken.status_code == 200


def test_deep_changes_ask_again_who_it_is(client: Client, planner: User) -> None:
    client.force_login(planner)

    response = client.get(reverse("mfa_activate_totp"))

    assert response["Location"].startswith(reverse("account_reauthenticate"))


def test_a_passkey_login_gives_the_browser_a_challenge(client: Client) -> None:
    response = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})

    assert "challenge" in response.json()["request_options"]["publicKey"]


# --- personal links ----------------------------------------------------------------------


def test_an_invitation_sets_the_password_and_works_once(client: Client) -> None:
    now = timezone.now()
    user = create_user(EMAIL, name="Ines Fröbel", roles=[Role.PLANNER], by=None)
    _invitation, token = invite_user(user, expires_at=now + timedelta(days=7), by=None, now=now)
    url = reverse("account_invitation", args=[token])
    assert "Ines Fröbel" in client.get(url).content.decode()

    different = client.post(url, {"password1": PASSWORD, "password2": "anders als vorher"})
    assert different.status_code == 200
    assert client.post(url, {"password1": "kurz", "password2": "kurz"}).status_code == 200
    client.post(url, {"password1": PASSWORD, "password2": PASSWORD})

    assert client.get(url).status_code == 410
    assert sign_in(client)["Location"] == reverse("desk:overview")


@pytest.mark.parametrize("flaw", ["expired", "revoked", "guessed"])
def test_an_invitation_that_does_not_open_says_why(client: Client, flaw: str) -> None:
    now = timezone.now()
    user = create_user(EMAIL, name="Ines Fröbel", roles=[], by=None)
    days = -1 if flaw == "expired" else 7
    invitation, token = invite_user(user, expires_at=now + timedelta(days=days), by=None, now=now)
    if flaw == "revoked":
        revoke_invitation(invitation, by=None, now=now)
    if flaw == "guessed":
        token = "erraten"

    response = client.get(reverse("account_invitation", args=[token]))

    assert response.status_code == 410
    assert response.context["refusal"].args[0] in response.content.decode()


def test_guessing_links_is_limited(client: Client) -> None:
    url = reverse("account_invitation", args=["erraten"])

    statuses = [client.get(url).status_code for _number in range(31)]

    assert statuses[-2:] == [410, 429]
