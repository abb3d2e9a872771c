"""Nobody learns by words, by status or by the work done who has an account, a link or a vote."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from fido2.utils import websafe_encode

from zusammenplan.ballots.tests.factories import make_open_group, make_voter
from zusammenplan.people.actions import (
    create_user,
    deactivate_user,
    invite,
    set_password,
)
from zusammenplan.people.choices import InvitationPurpose
from zusammenplan.people.models import User
from zusammenplan.people.tests.factories import NOW, make_administrator
from zusammenplan.people.tests.test_directory import (  # noqa: F401 - the fixture is asked for by name
    come_back,
    directory,
)
from zusammenplan.plans.tests.factories import make_rating_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.django_db

EMAIL = "ines.froebel@rennsteiggrund.example"
NOBODY = "niemand@rennsteiggrund.example"
PASSWORD = "drei Amseln auf dem Dach"
GUESS = "falsch geraten heute"
# A look-up more or less, of some thousandths of a second, drowns in what the network takes.
QUERIES_APART = 3


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password was reckoned, which is what takes time."""

    algorithm = "counting"
    times = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.times += 1
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def counting(settings: Any) -> Iterator[None]:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    yield
    CountingHasher.times = 0


@pytest.fixture
def known() -> User:
    user = create_user(EMAIL, name="Ines Fröbel", roles=[], by=None)
    return set_password(user, password=PASSWORD, by=None, now=NOW)


def told(answer: Any, *names: str) -> tuple[Any, ...]:
    """Give what somebody reads in an answer, without what differs each time or was typed."""
    page = re.sub(r"\b\w{64}\b", "", answer.content.decode())
    for name in names:
        page = page.replace(name, "…")
    headers = {
        key: value
        for key, value in answer.headers.items()
        if key not in {"Content-Length", "Set-Cookie", "Expires", "Last-Modified"}
    }
    return answer.status_code, headers, sorted(answer.cookies), page


def work(deed: Callable[[], Any]) -> tuple[Any, int, int, int]:
    """Do it; tell the answer, how many passwords were reckoned, queries asked and mails sent."""
    hashed, sent = CountingHasher.times, len(mail.outbox)
    with CaptureQueriesContext(connection) as asked:
        answer = deed()
    return answer, CountingHasher.times - hashed, len(asked), len(mail.outbox) - sent


def must_be_alike(here: Callable[[], Any], there: Callable[[], Any], *names: str) -> None:
    """Do both; whoever looks at the answers and at the clock cannot tell them apart."""
    one, hashed, queries, sent = work(here)
    other, other_hashed, other_queries, other_sent = work(there)

    assert told(one, *names) == told(other, *names)
    assert (hashed, sent) == (other_hashed, other_sent)
    assert abs(queries - other_queries) <= QUERIES_APART


def sign_in(email: str, password: str = GUESS) -> Any:
    return Client().post(reverse("account_login"), {"login": email, "password": password})


# Signing in


def invited() -> None:
    create_user(EMAIL, name="Ines Fröbel", roles=[], by=None)


def active() -> None:
    user = create_user(EMAIL, name="Ines Fröbel", roles=[], by=None)
    set_password(user, password=PASSWORD, by=None, now=NOW)


def deactivated() -> None:
    active()
    make_administrator()
    deactivate_user(User.objects.get(email=EMAIL), by=None, now=NOW)


@pytest.mark.parametrize("make", [active, invited, deactivated])
def test_signing_in_takes_as_long_whoever_has_an_account(make: Callable[[], None]) -> None:
    make()

    must_be_alike(lambda: sign_in(EMAIL), lambda: sign_in(NOBODY), EMAIL, NOBODY)
    assert work(lambda: sign_in(EMAIL))[1] == 1


@pytest.mark.usefixtures("known")
def test_after_many_guesses_it_is_refused_alike_whoever_has_an_account() -> None:
    for email in (EMAIL, NOBODY):
        for _number in range(5):
            sign_in(email)

    must_be_alike(lambda: sign_in(EMAIL), lambda: sign_in(NOBODY), EMAIL, NOBODY)
    assert "Zu viele Versuche" in sign_in(EMAIL).content.decode()


def passkey_answer(user: int) -> Any:
    client = Client()
    client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    handle = websafe_encode(str(user).encode())
    authenticator = websafe_encode(bytes(32) + b"\x05" + bytes(4))
    credential = {
        "id": websafe_encode(b"k" * 16),
        "rawId": websafe_encode(b"k" * 16),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps({"type": "webauthn.get"}).encode()),
            "authenticatorData": authenticator,
            "signature": websafe_encode(b"s"),
            "userHandle": handle,
        },
    }
    address = reverse("mfa_login_webauthn")
    return client.post(address, {"credential": json.dumps(credential)}, follow=True)


def test_a_passkey_of_nobody_is_refused_as_one_of_somebody_is(known: User) -> None:
    must_be_alike(lambda: passkey_answer(known.pk), lambda: passkey_answer(known.pk + 4711))


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("make", [active, deactivated])
def test_the_directory_tells_no_address_that_it_has_not_checked(make: Callable[[], None]) -> None:
    make()

    def back(email: str) -> Any:
        return come_back(email=email, is_verified=False)[1]

    must_be_alike(lambda: back(EMAIL), lambda: back(NOBODY))


# A new password


def forgotten(email: str) -> Any:
    return Client().post(reverse("account_reset_password"), {"email": email}, follow=True)


@pytest.mark.parametrize("make", [active, invited, deactivated])
def test_who_has_forgotten_a_password_is_answered_alike(make: Callable[[], None]) -> None:
    make()

    must_be_alike(lambda: forgotten(EMAIL), lambda: forgotten(NOBODY))


@pytest.mark.usefixtures("known")
def test_who_forgets_too_often_is_answered_alike() -> None:
    for email in (EMAIL, NOBODY):
        for _number in range(3):
            forgotten(email)

    must_be_alike(lambda: forgotten(EMAIL), lambda: forgotten(NOBODY))
    assert forgotten(EMAIL).status_code == 429


def test_a_link_for_a_new_password_tells_no_number_of_an_account(known: User) -> None:
    page = "account_reset_password_from_key"
    here = reverse(page, args=[user_pk_to_url_str(known), "abc-erraten"])
    there = reverse(page, args=["zzz", "abc-erraten"])

    must_be_alike(lambda: Client().get(here), lambda: Client().get(there), here, there)


@pytest.mark.usefixtures("known")
def test_the_page_for_those_without_an_account_tells_nothing() -> None:
    def signed_up(email: str) -> Any:
        sent = {"email": email, "password1": PASSWORD}
        return Client().post(reverse("account_signup"), sent)

    must_be_alike(lambda: signed_up(EMAIL), lambda: signed_up(NOBODY))


# A new address


@pytest.mark.usefixtures("known")
def test_a_new_address_is_answered_alike_whoever_has_it() -> None:
    client = Client()
    user = create_user("jost@rennsteiggrund.example", name="Jost Amthor", roles=[], by=None)
    set_password(user, password=PASSWORD, by=None, now=NOW)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})

    def changed(email: str) -> Any:
        sent = {"email": email, "action_add": ""}
        return client.post(reverse("account_email"), sent, follow=True)

    changed("erste@rennsteiggrund.example")  # which the next ones replace
    must_be_alike(lambda: changed(EMAIL), lambda: changed(NOBODY), EMAIL, NOBODY)


# Links


LINKS = {
    "account_invitation": InvitationPurpose.ACCOUNT,
    "room:enter": InvitationPurpose.VOTE,
    "rating:enter": InvitationPurpose.RATING,
}


@pytest.mark.parametrize("page", LINKS)
def test_a_link_for_something_else_is_as_unknown_as_a_guessed_one(page: str, known: User) -> None:
    now = timezone.now()
    week = now + timedelta(days=7)
    tokens = [
        invite(purpose=purpose, expires_at=week, by=None, now=now, user=known)[1]
        for purpose in LINKS.values()
        if purpose != LINKS[page]
    ]
    for token in tokens:
        must_be_alike(
            lambda token=token: Client().get(reverse(page, args=[token])),  # type: ignore[misc] # kept as it is now
            lambda: Client().get(reverse(page, args=["x" * 32])),
            token,
            "x" * 32,
        )


def test_without_a_link_nobody_learns_which_votes_and_ratings_there_are() -> None:
    group = make_voter(make_open_group()).group
    person = make_rating_request()

    def page(name: str, *values: object) -> Any:
        return Client().get(reverse(name, args=values))

    slug = group.round.slug
    for ballot in ("room:ballot", "room:review", "room:thanks", "room:proposal"):
        must_be_alike(
            lambda ballot=ballot: page(ballot, slug, group.pk),  # type: ignore[misc] # as above
            lambda ballot=ballot: page(ballot, "gibt-es-nicht", group.pk + 4711),  # type: ignore[misc] # as above
            reverse(ballot, args=[slug, group.pk]),
            reverse(ballot, args=["gibt-es-nicht", group.pk + 4711]),
        )
    must_be_alike(
        lambda: page("rating:paper", person.pk),
        lambda: page("rating:paper", person.pk + 4711),
        reverse("rating:paper", args=[person.pk]),
        reverse("rating:paper", args=[person.pk + 4711]),
    )


# Proving again who it is


@pytest.mark.usefixtures("known")
def test_who_proves_again_learns_nothing_of_others_and_locks_nobody_else_out() -> None:
    other = create_user(NOBODY, name="Jost Amthor", roles=[], by=None)
    set_password(other, password="vier Finken im Garten", by=None, now=NOW)
    client = Client()
    client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})

    for _number in range(6):
        answer = client.post(
            reverse("account_reauthenticate"),
            {"password": GUESS, "login": other.email, "email": other.email, "user": other.pk},
        )
        assert other.name not in answer.content.decode()

    assert sign_in(NOBODY, "vier Finken im Garten").status_code == 302
