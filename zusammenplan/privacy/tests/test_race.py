"""Several let data of people go at the same moment, or work with what goes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from zusammenplan.ballots.models import Voter
from zusammenplan.ballots.tests.factories import make_closed_group, make_round, make_voter
from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.tests.races import Race
from zusammenplan.meetings.actions import change_seat, end_seat
from zusammenplan.meetings.models import Seat
from zusammenplan.meetings.tests.factories import make_seat
from zusammenplan.people.actions import (
    AccountErasedError,
    change_roles,
    change_user,
    deactivate_user,
    reactivate_user,
    remove_second_factor,
)
from zusammenplan.people.choices import Role
from zusammenplan.people.models import User
from zusammenplan.people.tests.factories import make_administrator, make_user
from zusammenplan.privacy.actions.persons import erase_person
from zusammenplan.privacy.actions.retention import change_rule, let_go
from zusammenplan.privacy.choices import Retention
from zusammenplan.privacy.models import Erasure

pytestmark = pytest.mark.django_db(transaction=True)
race = Race(AccountErasedError, ChangedMeanwhileError)


def make_left_account() -> User:
    left_at = timezone.now() - timedelta(days=2000)
    return make_user(name="Wendelin Querfurth", is_active=False, deactivated_at=left_at)


def test_of_two_who_erase_somebody_one_does() -> None:
    user, now = make_user(), timezone.now()
    one, other = make_administrator(), make_administrator(email="zweite@rennsteiggrund.example")

    race.overlapping(
        lambda: erase_person([f"user-{user.pk}"], by=one, now=now),
        lambda: erase_person([f"user-{user.pk}"], by=other, now=now),
    )

    assert Erasure.objects.get().count == 1
    assert User.history.filter(id=user.pk, history_change_reason="Konto gelöscht").count() == 1


def test_what_two_let_go_at_once_is_counted_once() -> None:
    group, now = make_closed_group(make_round(released_at=timezone.now())), timezone.now()
    for _number in range(3):
        make_voter(group)
    later = now + timedelta(days=3000)

    race.overlapping(lambda: let_go(now=later), lambda: let_go(now=later))

    assert Erasure.objects.get().count == 3
    assert Voter.objects.filter(anonymised_at=None).count() == 0


def test_who_is_let_in_again_while_the_nightly_run_waits_is_not_erased() -> None:
    user, by = make_left_account(), make_administrator()

    race.overlapping(lambda: reactivate_user(user, by=by), lambda: let_go(now=timezone.now()))

    user.refresh_from_db()
    assert (user.is_active, user.anonymised_at, user.name) == (True, None, "Wendelin Querfurth")


def test_who_is_let_in_again_while_being_erased_is_told() -> None:
    user, by = make_left_account(), make_administrator()

    outcomes = race.overlapping(
        lambda: let_go(now=timezone.now()), lambda: reactivate_user(user, by=by)
    )

    user.refresh_from_db()
    assert outcomes[1] is AccountErasedError
    assert (user.is_active, user.name) == (False, "")


def change_name(user: User) -> None:
    change_user(user, name="Wendelin Querfurth", language="de", by=None)


def lose_factor(user: User) -> None:
    remove_second_factor(user, by=None)


def get_roles(user: User) -> None:
    change_roles(user, [Role.READER], by=None)


def be_deactivated(user: User) -> None:
    deactivate_user(user, by=None, now=timezone.now())


@pytest.mark.parametrize("deed", [change_name, lose_factor, get_roles, be_deactivated])
def test_who_is_erased_while_somebody_changes_the_account_gets_no_name_back(
    deed: Callable[[User], None],
) -> None:
    user, by, now = make_user(name="Wendelin Querfurth"), make_administrator(), timezone.now()

    outcomes = race.overlapping(
        lambda: erase_person([f"user-{user.pk}"], by=by, now=now), lambda: deed(user)
    )

    assert outcomes[1] is AccountErasedError
    assert User.objects.get(pk=user.pk).name == ""
    assert not User.history.filter(name="Wendelin Querfurth").exists()
    assert not user.roles.exists()


def test_a_seat_that_is_ended_while_its_name_goes_keeps_none_in_its_history() -> None:
    now = timezone.now()
    seat = make_seat(name="Wendelin Querfurth", valid_to=now.date() - timedelta(days=4000))

    race.overlapping(
        lambda: let_go(now=now),
        lambda: end_seat(seat, on=now.date() - timedelta(days=4100), by=None),
    )

    assert Seat.objects.get().name == "Ehemaliges Mitglied"
    assert not Seat.history.filter(name="Wendelin Querfurth").exists()


def test_a_seat_that_is_changed_while_its_name_goes_gets_none_back() -> None:
    now = timezone.now()
    seat = make_seat(name="Wendelin Querfurth", valid_to=now.date() - timedelta(days=4000))
    planner = make_user()

    outcomes = race.overlapping(
        lambda: let_go(now=now),
        lambda: change_seat(
            seat, {"name": "Wendelin Querfurth"}, seen_version=seat.version, by=planner
        ),
    )

    assert outcomes[1] is ChangedMeanwhileError
    assert Seat.objects.get().name == "Ehemaliges Mitglied"


def test_what_is_put_on_hold_while_the_nightly_run_waits_stays() -> None:
    user, by = make_left_account(), make_administrator()
    values = {"months": 36, "is_held": True, "hold_reason": "Klage 3 K 12/27"}

    race.overlapping(
        lambda: change_rule(Retention.ACCOUNTS, values, seen_version=1, by=by),
        lambda: let_go(now=timezone.now()),
    )

    user.refresh_from_db()
    assert user.name == "Wendelin Querfurth"
