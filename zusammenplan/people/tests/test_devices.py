"""Where somebody is signed in, how to sign out there, and when a session ends by itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.sessions.models import Session as OldSession
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from zusammenplan.people.actions import (
    create_user,
    deactivate_user,
    remove_second_factor,
    set_password,
)
from zusammenplan.people.choices import Role
from zusammenplan.people.models import Session, User
from zusammenplan.people.queries.sessions import told_browser

if TYPE_CHECKING:
    from datetime import datetime

EMAIL = "ines.froebel@rennsteiggrund.example"
PASSWORD = "drei Amseln auf dem Dach"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)
CHROME_ON_PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Mobile Safari/537.36"
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner() -> User:
    user = create_user(EMAIL, name="Ines Fröbel", roles=[Role.PLANNER], by=None)
    return set_password(user, password=PASSWORD, by=None, now=timezone.now())


def signed_in(agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("account_home")).status_code == 200


def session_of(client: Client) -> Session:
    return Session.objects.get(pk=client.session.session_key)


def let_pass(client: Client, **times: datetime) -> None:
    Session.objects.filter(pk=client.session.session_key).update(**times)


def press(client: Client, device: str) -> Any:
    """End a session; the password is asked for, and what was pressed is done then."""
    asked = client.post(reverse("account_devices"), {"device": device})
    sent = {"password": PASSWORD, "next": reverse("account_devices")}
    return client.post(asked["Location"], sent, follow=True)


@pytest.mark.parametrize(
    ("agent", "names"),
    [
        (FIREFOX, ["Firefox", "Windows"]),
        (IPHONE, ["Safari", "iPhone"]),
        (EDGE, ["Edge", "Windows"]),
        (CHROME_ON_PHONE, ["Chrome", "Android"]),
        ("curl/8", ["", ""]),
    ],
)
def test_of_what_a_browser_tells_two_names_are_kept(agent: str, names: list[str]) -> None:
    assert told_browser(agent) == names


@pytest.mark.usefixtures("planner")
def test_own_devices_are_listed_in_plain_words_and_nothing_that_opens_one() -> None:
    desk, phone = signed_in(), signed_in(IPHONE)

    page = desk.get(reverse("account_devices")).content.decode()

    assert "Firefox auf Windows" in page
    assert "Safari auf iPhone" in page
    assert page.index("Dieses benutzen Sie gerade") < page.index("Safari auf iPhone")
    for client in (desk, phone):
        assert str(client.session.session_key) not in page


@pytest.mark.usefixtures("planner")
def test_the_device_in_use_has_no_label_that_promises_a_button() -> None:
    page = signed_in().get(reverse("account_devices")).content.decode()

    assert "Dieses benutzen Sie gerade" in page
    assert 'data-label="Abmelden"' not in page


def test_a_sign_in_comes_into_the_log_of_whoever_wants_to_know(
    planner: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        signed_in()

    assert f"Signed in: user {planner.pk}, from 127.0.0.1" in caplog.text
    assert EMAIL not in caplog.text


@pytest.mark.usefixtures("planner")
def test_somebody_signs_out_on_one_other_device() -> None:
    desk, phone, tablet = signed_in(), signed_in(IPHONE), signed_in(EDGE)
    found = desk.get(reverse("account_devices")).context["devices"]
    mark = next(device.mark for device in found if "iPhone" in device.name)

    page = press(desk, mark).content.decode()

    assert "Abgemeldet: Safari auf iPhone." in page
    assert [is_signed_in(one) for one in (desk, phone, tablet)] == [True, False, True]


@pytest.mark.usefixtures("planner")
def test_somebody_signs_out_on_all_other_devices() -> None:
    desk, phone, tablet = signed_in(), signed_in(IPHONE), signed_in(EDGE)

    press(desk, "others")

    assert [is_signed_in(one) for one in (desk, phone, tablet)] == [True, False, False]


@pytest.mark.usefixtures("planner")
def test_nobody_signs_out_somebody_else() -> None:
    stranger = create_user("jost@rennsteiggrund.example", name="Jost", roles=[], by=None)
    other = Client()
    other.force_login(stranger)
    desk = signed_in()
    theirs = other.get(reverse("account_devices")).context["devices"][0].mark

    press(desk, theirs)
    press(desk, "others")

    assert is_signed_in(other)


def test_ending_a_session_asks_again_who_it_is(client: Client, planner: User) -> None:
    client.force_login(planner)
    phone = Client()
    phone.force_login(planner)
    assert client.get(reverse("account_devices")).status_code == 200

    answer = client.post(reverse("account_devices"), {"device": "others"})

    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert is_signed_in(phone)


@pytest.mark.parametrize("deed", ["deactivated", "new password", "device lost"])
def test_sessions_end_with_what_ends_them(planner: User, deed: str) -> None:
    administrator = create_user(
        "amthor@rennsteiggrund.example", name="Jost", roles=[Role.ADMINISTRATOR], by=None
    )
    signed_in()
    now = timezone.now()

    if deed == "deactivated":
        deactivate_user(planner, by=administrator, now=now)
    elif deed == "new password":
        set_password(planner, password="vier Finken im Garten", by=planner, now=now)
    else:
        remove_second_factor(planner, by=administrator)

    assert not planner.sessions.exists()


# When a session ends by itself


@pytest.mark.usefixtures("planner")
def test_a_session_ends_after_some_idleness() -> None:
    client, now = signed_in(), timezone.now()
    ends_in = session_of(client).expire_date - now
    assert timedelta(minutes=119) < ends_in <= timedelta(minutes=121)

    let_pass(client, expire_date=now - timedelta(seconds=1))

    assert not is_signed_in(client)


@pytest.mark.usefixtures("planner")
def test_a_session_that_is_used_goes_on() -> None:
    client, now = signed_in(), timezone.now()
    let_pass(client, used_at=now - timedelta(hours=1), expire_date=now + timedelta(hours=1))

    assert is_signed_in(client)

    assert session_of(client).expire_date > now + timedelta(minutes=119)


@pytest.mark.usefixtures("planner")
def test_a_session_ends_after_twelve_hours_however_it_is_used() -> None:
    client, now = signed_in(), timezone.now()
    begun = now - timedelta(hours=11, minutes=50)
    let_pass(client, begun_at=begun, used_at=now - timedelta(hours=1))

    assert is_signed_in(client)
    # What is kept in a session saves it too.
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    kept = session_of(client)
    assert kept.begun_at == begun
    assert kept.expire_date == begun + timedelta(hours=12)


@pytest.mark.usefixtures("planner")
def test_a_page_just_after_another_one_writes_nothing_about_the_session() -> None:
    client = signed_in()

    with CaptureQueriesContext(connection) as asked:
        assert is_signed_in(client)

    assert [one["sql"] for one in asked if not one["sql"].startswith("SELECT")] == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets many write at once")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("planner")
def test_a_page_does_not_wait_for_a_long_import_only_to_note_that_it_was_asked_for() -> None:
    client = signed_in()
    let_pass(client, used_at=timezone.now() - timedelta(hours=1))

    def read() -> bool:
        try:
            return is_signed_in(client)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        create_user("neu@rennsteiggrund.example", name="Neu", roles=[], by=None)
        # It stays open until the page is there: whoever waits for it is refused in the end.
        assert pool.submit(read).result()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] > 0


@pytest.mark.usefixtures("planner")
def test_sessions_that_have_ended_are_thrown_away_with_the_next_sign_in() -> None:
    gone = signed_in()
    key = gone.session.session_key
    let_pass(gone, expire_date=timezone.now() - timedelta(days=1))

    signed_in()

    assert not Session.objects.filter(pk=key).exists()
    assert not OldSession.objects.exists()


# Signing out


@pytest.mark.usefixtures("planner")
def test_signing_out_lets_the_browser_forget_what_it_kept_but_no_personal_link() -> None:
    client = signed_in()
    assert "Clear-Site-Data" not in client.get(reverse("account_logout"))

    answer = client.post(reverse("account_logout"))

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    with transaction.atomic():
        assert not Session.objects.filter(user__email=EMAIL).exists()
