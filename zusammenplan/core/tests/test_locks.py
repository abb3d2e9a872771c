"""Actions whose queries all see the same moment."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, OperationalError, connection

from zusammenplan.core.locks import ATTEMPTS, CLASH, in_one_snapshot


class ClashError(Exception):
    sqlstate = CLASH


def clash() -> OperationalError:
    error = OperationalError("could not serialize access due to concurrent update")
    error.__cause__ = ClashError()
    return error


@pytest.mark.django_db
def test_within_a_transaction_it_takes_part_in_that_one_and_is_all_or_nothing() -> None:
    @in_one_snapshot
    def action() -> None:
        ContentType.objects.create(app_label="moment", model="eins")
        ContentType.objects.create(app_label="moment", model="eins")

    with pytest.raises(IntegrityError):
        action()

    assert not ContentType.objects.filter(app_label="moment").exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite shows one moment by itself")
@pytest.mark.django_db(transaction=True)
def test_every_query_sees_the_moment_of_the_first_one() -> None:
    @in_one_snapshot
    def level() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            return cursor.fetchone()[0]

    assert level() == "repeatable read"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite shows one moment by itself")
@pytest.mark.django_db(transaction=True)
def test_a_clash_runs_the_action_anew_but_not_for_ever() -> None:
    runs = []

    @in_one_snapshot
    def action(*, works_in: int) -> int:
        runs.append(works_in)
        if len(runs) < works_in:
            raise clash()
        return len(runs)

    assert action(works_in=2) == 2
    runs.clear()
    with pytest.raises(OperationalError):
        action(works_in=ATTEMPTS + 1)
    assert len(runs) == ATTEMPTS
