"""Row locks, snapshots and what is taken already, which Django does not name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Model

# What PostgreSQL says if somebody else changed the row after the snapshot was taken, or added one
# that the snapshot does not show, or waits for what this transaction holds and holds what it needs.
CLASH, TAKEN_MEANWHILE, DEADLOCK = "40001", "23505", "40P01"
ATTEMPTS = 5
P = ParamSpec("P")
R = TypeVar("R")


def hold(record: Model) -> None:
    """
    Keep the row from being changed until the transaction ends, together with others who hold it.

    PostgreSQL's FOR SHARE: many voters hold their group at once, and closing it waits for them.
    SQLite needs none: a write transaction is alone.
    """
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(record._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR SHARE", [record.pk])  # noqa: S608 - the model's own table


def hold_all(model: type[Model]) -> None:
    """Keep all rows of a table from being changed or deleted, as ``hold`` does for one."""
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM (SELECT 1 FROM {table} ORDER BY id FOR SHARE) t")  # noqa: S608 - the model's own table


def in_one_snapshot(action: Callable[P, R]) -> Callable[P, R]:
    """
    Run the action in one transaction whose queries all see the same moment.

    PostgreSQL shows every query the newest state unless it is told otherwise first, so that a plan
    read by thirty queries could be one that never was. If somebody else changes a row that the
    action changes too, or adds one that it adds too, PostgreSQL refuses it as a whole, and it is
    run anew. Within a transaction that has begun already, the action takes part in that one, which
    then has to be a snapshot. SQLite shows one moment by itself.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.vendor != "postgresql" or connection.in_atomic_block:
            with transaction.atomic():
                return action(*args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                    return action(*args, **kwargs)
            except (OperationalError, IntegrityError) as failure:
                state = getattr(failure.__cause__, "sqlstate", "")
                if state not in {CLASH, TAKEN_MEANWHILE, DEADLOCK} or attempt == ATTEMPTS:
                    raise
        raise AssertionError("The last attempt returns or raises.")

    return run


@contextmanager
def unless_taken(refusal: Exception) -> Iterator[None]:
    """
    Save what must be unique; the database alone knows what others take at the same moment.

    :raises refusal: if there is one already
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as taken:
        raise refusal from taken


def alone(model: type[Model]) -> None:
    """
    Let nobody else who asks the same write to the model's table until the transaction ends.

    Whoever reads goes on. SQLite needs none: a write transaction is alone.
    """
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


@contextmanager
def without_waiting() -> Iterator[None]:
    """
    Do what is not worth waiting for; SQLite refuses it while somebody else writes.

    PostgreSQL needs none: who else writes holds other rows.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
