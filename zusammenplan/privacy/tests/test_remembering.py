"""Tests of what comes back with a backup, and goes again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zusammenplan.core.history import keep
from zusammenplan.core.tests.shared import shared
from zusammenplan.people.actions import change_organisation, change_user
from zusammenplan.people.models import User
from zusammenplan.privacy.actions.persons import erase_again, erase_person
from zusammenplan.privacy.actions.remembering import lines_about, remember
from zusammenplan.privacy.queries.traces import traces_at
from zusammenplan.privacy.tests.people import EMAIL, NAME, World, again, make_world

pytestmark = pytest.mark.django_db

world = shared(lambda: make_world(timezone.now() - timedelta(days=30)))


@contextmanager
def taken_back() -> Iterator[None]:
    """Do something that the database knows nothing of afterwards, as after a restore."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_whoever_comes_back_with_a_backup_goes_again(world: World, tmp_path: Path) -> None:
    marks = [f"user-{world.user.pk}", f"seat-{world.seat.pk}", f"rating-{world.rating.pk}"]
    with taken_back():
        erase_person(marks, by=world.administrator, now=timezone.now())

    assert NAME not in (tmp_path / "erased").read_text()
    assert (tmp_path / "erased").stat().st_mode & 0o777 == 0o600
    assert erase_again(now=timezone.now()) == 2

    assert again(world.user).anonymised_at is not None
    assert again(world.seat).email == ""
    assert erase_again(now=timezone.now()) == 0


def test_the_log_tells_of_no_period_where_somebody_came_back(world: World, client: Client) -> None:
    remember(lines_about(traces_at([f"user-{world.user.pk}"]), now=timezone.now()))
    erase_again(now=timezone.now())
    client.force_login(world.administrator)

    (entry,) = client.get(reverse("privacy:protection")).context["log"]

    assert entry["why"] == "von selbst"


def test_whoever_was_called_otherwise_in_the_backup_goes_again(world: World) -> None:
    with taken_back():
        user = change_user(world.user, name="Wenzel Neu", language="de", by=world.user)
        user.email = "neu@querfurth.example"
        keep(user, by=user, deed="Adresse geändert", fields=["email"])
        erase_person([f"user-{user.pk}"], by=world.administrator, now=timezone.now())

    assert erase_again(now=timezone.now()) == 1
    assert again(world.user).anonymised_at is not None


def test_a_line_that_was_cut_off_spoils_no_other(world: World, tmp_path: Path) -> None:
    (tmp_path / "erased").write_bytes(f"seat-{world.seat.pk} 3f".encode() + b"\0\xff")
    with taken_back():
        erase_person([f"user-{world.user.pk}"], by=world.administrator, now=timezone.now())

    assert erase_again(now=timezone.now()) == 1


def test_the_last_administrator_who_comes_back_stays_and_the_others_go(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    marks = [f"user-{world.administrator.pk}", f"user-{world.user.pk}"]
    remember(lines_about(traces_at(marks), now=timezone.now()))

    call_command("retention")

    assert again(world.user).anonymised_at is not None
    assert again(world.administrator).anonymised_at is None
    assert "Ein Konto bleibt" in capsys.readouterr().err


def test_what_cannot_be_remembered_does_not_go(world: World, tmp_path: Path) -> None:
    (tmp_path / "erased").mkdir()

    with pytest.raises(OSError, match="erased"):
        erase_person([f"user-{world.user.pk}"], by=world.administrator, now=timezone.now())

    assert again(world.user).anonymised_at is None


def test_somebody_new_under_an_old_number_is_not_erased(world: World) -> None:
    remember(lines_about(traces_at([f"user-{world.user.pk}"]), now=timezone.now()))
    User.objects.filter(pk=world.user.pk).update(email="neu@querfurth.example", name="Nele Neu")

    assert erase_again(now=timezone.now()) == 0


def test_an_address_that_is_entered_again_afterwards_stays(world: World) -> None:
    mark = f"contact-{world.provider.pk}"
    with taken_back():
        erase_person([mark], by=world.administrator, now=timezone.now())
    assert erase_again(now=timezone.now()) == 1

    provider = again(world.provider)
    assert provider.email == ""
    change_organisation(
        provider, {"email": EMAIL}, seen_version=provider.version, by=world.administrator
    )

    assert erase_again(now=timezone.now()) == 0
    assert again(world.provider).email == EMAIL
