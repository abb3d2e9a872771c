"""Rate limits count every attempt, also of several at once, and forget them after the span."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from zusammenplan.core.limits import TooOftenError, count_attempt
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
