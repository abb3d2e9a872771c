"""Rate limits count every attempt, also of several at once, and forget them after the span."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import Settings

from zusammenplan.core.limits import (
    TooOftenError,
    client_address,
    client_network,
    count_attempt,
)
from zusammenplan.core.models import Attempt

HOUR = timedelta(hours=1)
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def attempt(who: str = "192.0.2.1", what: str = "link") -> None:
    count_attempt(what, who, limit=2, span=HOUR)


@pytest.mark.django_db
def test_more_than_the_limit_is_refused_for_this_one_alone() -> None:
    attempt()
    attempt()

    with pytest.raises(TooOftenError):
        attempt()
    attempt(who="192.0.2.2")
    attempt(what="report")


@pytest.mark.django_db
def test_after_the_span_it_begins_anew_and_the_old_counts_are_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    attempt()
    attempt()
    monkeypatch.setattr(timezone, "now", lambda: NOON + HOUR + timedelta(seconds=1))

    attempt()

    assert [kept.count for kept in Attempt.objects.all()] == [1]


@pytest.mark.django_db
@pytest.mark.parametrize(("left", "told"), [(90, "2 Minuten"), (30, "1 Minute ")])
def test_somebody_is_told_to_wait_no_longer_than_until_the_span_ends(
    monkeypatch: pytest.MonkeyPatch, left: int, told: str
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON + HOUR - timedelta(seconds=left))
    attempt()
    attempt()

    with pytest.raises(TooOftenError, match=told) as refusal:
        attempt()

    assert refusal.value.wait == timedelta(seconds=left)


@pytest.mark.django_db
def test_nobody_can_be_read_from_what_is_kept() -> None:
    attempt()

    assert "192.0.2" not in Attempt.objects.get().key


@pytest.mark.django_db(transaction=True)
def test_of_many_attempts_at_once_each_counts() -> None:
    start, count = Barrier(8), 5

    def work() -> None:
        try:
            start.wait()
            for _ in range(count):
                count_attempt("link", "192.0.2.1", limit=1000, span=timedelta(days=365))
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(start.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Attempt.objects.get().count == start.parties * count


# Whose attempts they are


def request_from(address: str, **headers: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


def test_without_a_proxy_nobody_says_who_they_are(settings: Settings) -> None:
    settings.PROXIES = 0

    request = request_from("192.0.2.1", **{"X-Forwarded-For": "198.51.100.7"})

    assert client_network(request) == "192.0.2.1"


@pytest.mark.parametrize(
    "forged", ["", "198.51.100.7, ", "198.51.100.7, 198.51.100.8, ", "unknown, ", ", , "]
)
def test_what_stands_before_the_own_proxy_s_word_counts_for_nothing(
    settings: Settings, forged: str
) -> None:
    settings.PROXIES = 1

    request = request_from("127.0.0.1", **{"X-Forwarded-For": f"{forged}203.0.113.5"})

    assert client_network(request) == "203.0.113.5"


def test_whoever_comes_past_the_proxy_is_counted_by_the_own_address(settings: Settings) -> None:
    settings.PROXIES = 1

    assert client_network(request_from("203.0.113.5")) == "203.0.113.5"


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("203.0.113.5:50123", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("[2001:db8:1:2::3]:50123", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::4", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("unbekannt", "unbekannt"),
    ],
)
def test_a_port_or_another_end_of_an_address_gives_no_new_attempts(
    settings: Settings, told: str, meant: str
) -> None:
    settings.PROXIES = 1

    assert client_network(request_from("127.0.0.1", **{"X-Forwarded-For": told})) == meant


def test_the_log_names_the_whole_address() -> None:
    assert client_address(request_from("2001:db8:1:2::3")) == "2001:db8:1:2::3"
