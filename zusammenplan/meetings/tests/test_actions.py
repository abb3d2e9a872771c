"""Tests of what writes bodies and seats."""

from datetime import date
from typing import Any

import pytest

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.models import PublicVersion
from zusammenplan.core.validity import EndsBeforeItBeginsError
from zusammenplan.meetings.actions import (
    BodyNameTakenError,
    SeatTwiceError,
    add_seat,
    change_body,
    change_seat,
    create_body,
    end_seat,
)
from zusammenplan.meetings.choices import BodyKind
from zusammenplan.meetings.models import Body, Seat
from zusammenplan.meetings.queries import bodies_with_counts, body_changes
from zusammenplan.meetings.tests.factories import make_body, make_seat
from zusammenplan.people.tests.factories import make_organisation, make_planner, make_user

pytestmark = pytest.mark.django_db

MARCH, APRIL = date(2027, 3, 1), date(2027, 4, 1)


def test_create_body_refuses_a_name_twice() -> None:
    create_body("Beirat für Soziales", kind=BodyKind.ADVISORY_BOARD, by=None)

    with pytest.raises(BodyNameTakenError):
        create_body(" Beirat  für Soziales", kind=BodyKind.COUNCIL, by=None)


def test_change_body_reaches_the_public_pages() -> None:
    body = make_body(name_de="Externe Gruppe")

    change_body(body, {"name_de": "Externe Steuerungsgruppe"}, seen_version=1, by=None)

    assert Body.objects.get().name_de == "Externe Steuerungsgruppe"
    assert PublicVersion.objects.exists()


def test_change_body_refuses_the_name_of_another_and_the_second_editor() -> None:
    make_body(name_de="Beirat")
    body = make_body(name_de="Externe Gruppe")

    with pytest.raises(BodyNameTakenError):
        change_body(body, {"name_de": "Beirat"}, seen_version=1, by=None)
    with pytest.raises(ChangedMeanwhileError):
        change_body(body, {"name_de": "Gruppe"}, seen_version=7, by=None)


def test_a_seat_carries_person_organisation_and_vote() -> None:
    planner = make_planner()
    seat = add_seat(
        make_body(),
        name="Wilma Anger",
        email="w.anger@rennsteiggrund.example",
        organisation=make_organisation(),
        has_vote=False,
        by=planner,
    )

    assert (Seat.objects.get().name, seat.has_vote) == ("Wilma Anger", False)
    assert body_changes(seat.body)[0].who == "Ines Fröbel"
    assert body_changes(seat.body)[0].what.endswith("Wilma Anger")


def test_a_seat_ends_not_before_it_starts() -> None:
    body = make_body()
    with pytest.raises(EndsBeforeItBeginsError):
        add_seat(body, name="Wilma Anger", valid_from=APRIL, valid_to=MARCH, by=None)
    seat = add_seat(body, name="Wilma Anger", valid_from=APRIL, by=None)
    with pytest.raises(EndsBeforeItBeginsError):
        change_seat(seat, {"valid_to": MARCH}, seen_version=1, by=None)
    with pytest.raises(EndsBeforeItBeginsError):
        end_seat(seat, on=MARCH, by=None)


def test_nobody_sits_twice_in_a_body_at_a_time() -> None:
    body, account = make_body(), make_user()
    add_seat(body, name="Wilma Anger", email="wilma@beispiel.example", valid_to=MARCH, by=None)
    add_seat(body, name="Karl Beyer", user=account, by=None)

    with pytest.raises(SeatTwiceError):
        add_seat(body, name="Wilma  Anger", email="Wilma@beispiel.example", by=None)
    with pytest.raises(SeatTwiceError):
        add_seat(body, name="Dr. Karl Beyer", user=account, by=None)

    add_seat(body, name="Wilma Anger", email="anger@beispiel.example", by=None)
    add_seat(make_body(), name="Karl Beyer", user=account, by=None)
    add_seat(body, name="Wilma Anger", email="wilma@beispiel.example", valid_from=APRIL, by=None)
    assert body.seats.count() == 4


def test_change_seat_tells_the_second_editor() -> None:
    seat = make_seat(name="Wilma Anger")
    change_seat(seat, {"name": "Wilma Thal"}, seen_version=1, by=None)

    with pytest.raises(ChangedMeanwhileError):
        change_seat(Seat.objects.get(), {"name": "Wilma Berg"}, seen_version=1, by=None)


def test_an_ended_seat_counts_until_its_last_day() -> None:
    body = make_body()
    seat = make_seat(body, valid_from=MARCH)
    make_seat(body, has_vote=False)

    end_seat(seat, on=date(2027, 3, 31), by=None)

    def counts(day: date) -> tuple[int, int]:
        found: Any = bodies_with_counts(day).get()
        return found.members, found.voters

    assert counts(date(2027, 3, 31)) == (2, 1)
    assert counts(APRIL) == (1, 0)
