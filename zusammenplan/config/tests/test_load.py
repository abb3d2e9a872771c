"""A small crowd comes to the real server: no error, and what it acknowledged is there."""

import os
from urllib.parse import urlsplit

import pytest
from django.db import connection

from bench.load import desk, room
from bench.load.__main__ import allow_connections, complaints
from bench.load.inside import scene
from bench.load.size import Size
from bench.server import Client, get, serving
from zusammenplan.ballots.tests.factories import (
    make_marks,
    make_open_group,
    make_round,
    make_voter,
)
from zusammenplan.plans.tests.factories import make_measure

SMALL = Size(
    minutes=0.05,
    voters=5,
    walls=4,
    visitors=2,
    editors=4,
    editing_minutes=0.05,
    pause_seconds=0.15,
    measures=12,
)


@pytest.fixture
def _server_asks_this_database(
    transactional_db: None,  # noqa: ARG001 - what the other process asks must be committed
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Lead the servers that the load starts to the database of this test."""
    name = connection.settings_dict["NAME"]
    address = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "bench.settings")


@pytest.mark.usefixtures("_server_asks_this_database")
def test_a_small_room_meets_no_error_and_loses_no_mark() -> None:
    there = room.fill(SMALL)

    told = scene("room", SMALL, there, lambda journal: room.people(there, journal, SMALL))

    assert complaints(told) == []
    counts = {line["kind"]: line["count"] for line in told["lines"]}
    assert counts["mark"] == 5 * (room.MEASURES + 2)
    assert counts["projector's page"] == 4
    assert len(there.marks) + len(there.secret) == 5 * room.MEASURES


@pytest.mark.usefixtures("_server_asks_this_database")
def test_a_few_editors_meet_no_error_and_lose_no_edit() -> None:
    there = desk.fill(SMALL)

    told = scene("desk", SMALL, there, lambda journal: desk.people(there, journal, SMALL))

    assert complaints(told) == []
    assert len(there.edits) >= 4
    assert len(there.drafts) == 4
    assert len(there.comments) >= 1


@pytest.mark.django_db
def test_a_lost_or_changed_mark_is_told() -> None:
    round_ = make_round(measures=2)
    voter = make_voter(make_open_group(round_))
    first, second = round_.items.order_by("pk")
    make_marks(voter, {first: 1})
    there = room.Room({}, {}, [], [], [round_], marks={(voter.pk, first.pk): 1})

    assert list(there.faults()) == []
    there.marks[voter.pk, second.pk] = 3
    assert list(there.faults()) == ["2 marks were acknowledged, 1 are kept or differ"]
    there.marks = {(voter.pk, first.pk): 2}
    assert list(there.faults()) == ["1 marks were acknowledged, 1 are kept or differ"]


@pytest.mark.django_db
def test_a_lost_edit_comment_or_draft_is_told() -> None:
    measure = make_measure()
    there = desk.Desk(measure.plan, [], [measure.pk], {measure.pk: measure.version})

    assert list(there.faults()) == []
    there.edits["Geändert von 1: x"] = there.comments["Dazu: x"] = measure.pk
    there.drafts.add((1, "/"))
    assert len(list(there.faults())) == 4


@pytest.mark.usefixtures("_server_asks_this_database")
def test_a_thousand_projectors_keep_their_connections_and_nobody_out() -> None:
    allow_connections()
    with serving() as server, Client(server.port, connections=1_010) as crowd:
        for _ in range(2):
            crowd.run([get("/floor/")], count=1_010)
        with Client(server.port) as late:
            late.run([get("/floor/")], count=1)
