"""A secret vote: every column of every table is looked at, and nothing joins a person to marks."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zusammenplan.ballots.actions import close_group
from zusammenplan.ballots.choices import Audience
from zusammenplan.ballots.models import Ballot, Group, Item, Mark, SecretMark, Tally, Voter
from zusammenplan.ballots.tests.factories import (
    make_link,
    make_open_group,
    make_round,
    make_voter,
)
from zusammenplan.people.tests.factories import make_planner, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NOW = datetime(2027, 3, 1, 18, tzinfo=UTC)
Rows = dict[str, set[tuple[Any, ...]]]


def url(voter: Voter, page: str = "ballot") -> str:
    return reverse(f"room:{page}", args=[voter.group.round.slug, voter.group_id])


def make_secret_voter(**fields: Any) -> Voter:
    group = make_open_group(make_round(measures=3, is_secret=True, audience=Audience.VOTERS))
    return make_voter(group, **fields)


def items(voter: Voter) -> list[Item]:
    return list(voter.group.round.items.order_by("position"))


def by_link(voter: Voter) -> Client:
    client = Client()
    client.get(reverse("room:enter", args=[make_link(voter)]))
    return client


def by_account(voter: Voter) -> Client:
    client = Client()
    assert voter.user
    client.force_login(voter.user)
    client.get(url(voter))
    return client


def vote(client: Client, voter: Voter, *grades: str) -> None:
    for item, grade in zip(items(voter), grades, strict=False):
        answer = client.post(url(voter), {f"m{item.pk}": grade}, headers=HTMX)
        assert answer.status_code == 200, answer.content.decode()


def everything() -> Rows:
    """Read every row of every table as it lies in the database, whatever the models say."""
    with connection.cursor() as cursor:
        rows: Rows = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - own tables
            rows[table] = {tuple(map(str, row)) for row in cursor.fetchall()}
        return rows


def columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [c.name for c in connection.introspection.get_table_description(cursor, table)]


@pytest.mark.parametrize("way", ["link", "account"])
def test_a_secret_vote_changes_nothing_but_marks_and_that_somebody_voted(way: str) -> None:
    voter = make_secret_voter(user=make_user())
    client = by_link(voter) if way == "link" else by_account(voter)
    before = everything()

    vote(client, voter, "1", "none", "3")
    client.post(url(voter, "review"))

    after = everything()
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {"ballots_secretmark", "ballots_voter"}
    fields = {"id", "ballot_key", "group_id", "item_id", "grade"}
    assert set(columns("ballots_secretmark")) == fields
    (old,) = before["ballots_voter"] - after["ballots_voter"]
    (new,) = after["ballots_voter"] - before["ballots_voter"]
    differing = [
        name
        for name, was, is_ in zip(columns("ballots_voter"), old, new, strict=True)
        if was != is_
    ]
    assert differing == ["has_voted"]


@pytest.mark.parametrize("way", ["link", "account"])
def test_no_value_of_a_secret_mark_stands_anywhere_else(way: str) -> None:
    voter = make_secret_voter(user=make_user())
    client = by_link(voter) if way == "link" else by_account(voter)
    vote(client, voter, "1", "2", "3")

    keys = {mark.ballot_key for mark in SecretMark.objects.all()}
    numbers = {form for mark in SecretMark.objects.all() for form in (str(mark.pk), mark.pk.hex)}
    elsewhere = [
        value
        for table, rows in everything().items()
        if table != "ballots_secretmark"
        for row in rows
        for value in row
    ]
    assert len(keys) == 1
    assert not [value for value in elsewhere for secret in keys | numbers if secret in value]
    # Nor can the key be made from what is stored: not from any value in the database.
    made = {hashlib.sha256(value.encode()).hexdigest() for value in elsewhere}
    assert not keys & made


def test_the_keys_of_secret_marks_carry_no_order_and_no_time() -> None:
    voter = make_secret_voter()
    vote(by_link(voter), voter, "1", "2", "3")

    numbers = [mark.pk for mark in SecretMark.objects.order_by("item__position")]
    assert {number.version for number in numbers} == {4}
    kinds = {
        field.get_internal_type()
        for model in (SecretMark, Tally)
        for field in model._meta.get_fields()
    }
    assert not kinds & {"DateTimeField", "DateField", "TimeField"}
    names = {model.__name__ for model in apps.get_models()}
    assert not names & {"HistoricalVoter", "HistoricalSecretMark", "HistoricalTally"}


def test_open_papers_stay_empty_in_a_secret_vote() -> None:
    voter = make_secret_voter()
    vote(by_link(voter), voter, "1", "2", "3")

    assert not Ballot.objects.exists()
    assert not Mark.objects.exists()


def test_the_cookie_of_an_account_does_not_stand_in_the_database_either() -> None:
    voter = make_secret_voter(user=make_user())
    client = by_account(voter)
    vote(client, voter, "1")

    secret = client.cookies[f"zp_paper_{voter.pk}"].value.split(":")[0]
    assert len(secret) == 32
    stored = [v for rows in everything().values() for row in rows for v in row]
    assert not [value for value in stored if secret in value]


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"closes_at": NOW + timedelta(days=3)}, 4),
        ({}, 30),
        ({"closed_at": NOW - timedelta(hours=12)}, 0.5),
        ({"closed_at": NOW - timedelta(days=2)}, 0),
    ],
    ids=["with an end", "without an end", "just closed", "long closed"],
)
def test_the_cookie_of_an_account_goes_soon_after_the_vote(
    fields: dict[str, datetime], days: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    voter = make_secret_voter(user=make_user())
    Group.objects.filter(pk=voter.group_id).update(
        opens_at=NOW - timedelta(days=9), **({"closes_at": None} | fields)
    )
    monkeypatch.setattr(timezone, "now", lambda: NOW)

    client = by_account(voter)

    cookie = client.cookies[f"zp_paper_{voter.pk}"]
    assert int(cookie["max-age"] or 0) == days * 24 * 60 * 60


def test_each_page_prolongs_the_cookie_and_keeps_its_key() -> None:
    voter = make_secret_voter(user=make_user())
    client = by_account(voter)
    name = f"zp_paper_{voter.pk}"
    first = client.cookies[name].value.split(":")[0]
    client.cookies[name]["max-age"] = ""

    client.get(url(voter))

    assert client.cookies[name]["max-age"]
    assert client.cookies[name].value.split(":")[0] == first


def test_the_voter_sees_their_own_marks_again() -> None:
    voter = make_secret_voter()
    client = by_link(voter)
    vote(client, voter, "4", "none")

    page = " ".join(client.get(url(voter)).content.decode().split())
    assert f'name="m{items(voter)[0].pk}" value="4" checked' in page
    assert f'name="m{items(voter)[1].pk}" value="none" checked' in page


@pytest.mark.parametrize("way", ["link", "account"])
def test_a_mark_can_be_changed_and_counts_once(way: str) -> None:
    voter = make_secret_voter(user=make_user())
    client = by_link(voter) if way == "link" else by_account(voter)

    vote(client, voter, "4", "5")
    vote(client, voter, "1")

    marks = dict(SecretMark.objects.values_list("item__position", "grade"))
    assert marks == {0: 1, 1: 5}


def test_two_people_at_one_device_have_two_papers() -> None:
    one = make_secret_voter(user=make_user())
    other = make_voter(one.group, user=make_user())
    client = by_account(one)
    vote(client, one, "1")

    assert other.user
    client.force_login(other.user)
    assert "checked" not in client.get(url(other)).content.decode()
    vote(client, other, "6")

    assert set(SecretMark.objects.values_list("grade", flat=True)) == {1, 6}


def test_another_device_says_where_the_marks_can_be_changed_and_takes_none() -> None:
    voter = make_secret_voter(user=make_user())
    vote(by_link(voter), voter, "1")

    other = by_account(voter)
    page = other.get(url(voter)).content.decode()
    answer = other.post(url(voter), {f"m{items(voter)[0].pk}": "6"}, headers=HTMX)

    assert 'type="radio"' not in page
    assert answer.status_code == 409
    assert other.post(url(voter), {f"m{items(voter)[0].pk}": "6"}).status_code == 302
    assert list(SecretMark.objects.values_list("grade", flat=True)) == [1]


def test_closing_leaves_only_the_tally() -> None:
    voter = make_secret_voter()
    client = by_link(voter)
    vote(client, voter, "1", "2")

    close_group(voter.group, by=make_planner(), now=timezone.now())

    assert not SecretMark.objects.exists()
    assert list(
        Tally.objects.order_by("item__position").values_list("grade", "count", "is_sealed")
    ) == [(1, 1, True), (2, 1, True)]
    page = client.get(url(voter)).content.decode()
    assert "zp-mine__grade" not in page


def test_the_result_of_fewer_than_five_stays_hidden_from_the_voters() -> None:
    voter = make_secret_voter()
    client = by_link(voter)
    vote(client, voter, "1", "2")
    close_group(voter.group, by=make_planner(), now=timezone.now())

    assert "zp-prio__tile" not in client.get(url(voter)).content.decode()
