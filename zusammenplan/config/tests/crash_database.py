"""The database of a server that will be killed, looked at from beside it."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg

from zusammenplan.config.tests.crash_server import PATIENCE

# Where the great deeds write, and what others write there meanwhile: how often somebody tried to
# sign in, drafts of forms, the history of the measures that the editors change. How many figures
# follow from an import depends on its year; they are computed anew at the end.
OURS = ("plans_", "people_", "core_", "indicators_", "ballots_standing")
BESIDE = {"core_attempt", "people_draft", "indicators_figure"}
EDITED = (
    "SELECT plans_measure.id FROM plans_measure "
    "JOIN plans_plan ON plan_id = plans_plan.id AND slug = 'bearbeitet'"
)
ONLY = {
    "plans_historicalmeasure": f"WHERE id NOT IN ({EDITED})",
    "core_searchword": f"WHERE kind <> 'plans.measure' OR record NOT IN ({EDITED})",
}
Counts = dict[str, int]


class Database:
    """Counts rows, and tells whether somebody is writing."""

    def __init__(self, address: str, file: str) -> None:
        self.address, self.file = address, file

    @contextmanager
    def opened(self) -> Iterator[Any]:
        if self.address:
            with psycopg.connect(self.address, autocommit=True) as connection:
                yield connection
        else:
            with closing(sqlite3.connect(self.file, timeout=5, isolation_level=None)) as connection:
                yield connection

    def counts(self) -> Counts:
        """Count the rows of every table in which deeds write; wait for a database that starts."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with self.opened() as connection:
                    return _counts(connection, is_postgres=bool(self.address))
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def damage(self) -> list[str]:
        """Tell what the database itself finds wrong with its tables, indexes and references."""
        with self.opened() as connection:
            if self.address:
                return _damage_in_postgres(connection)
            found = connection.execute("PRAGMA integrity_check").fetchall()
            found += connection.execute("PRAGMA foreign_key_check").fetchall()
        return [str(row) for row in found if row != ("ok",)]


def _damage_in_postgres(connection: Any) -> list[str]:
    """Compare every table with its indexes, if PostgreSQL's own means are installed."""
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
    except psycopg.Error:
        return []
    try:
        connection.execute(
            "SELECT bt_index_check(c.oid, true) FROM pg_index i JOIN pg_class c "
            "ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam "
            "WHERE a.amname = 'btree' AND c.relpersistence = 'p' AND i.indisvalid"
        )
    except psycopg.Error as damage:
        return [str(damage)]
    return []


def _counts(connection: Any, *, is_postgres: bool) -> Counts:
    listed = (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        if is_postgres
        else "SELECT name FROM sqlite_master WHERE type = 'table'"
    )
    names = {name for (name,) in connection.execute(listed).fetchall() if name.startswith(OURS)}
    connection.execute("BEGIN")
    if is_postgres:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    found = {}
    for name in sorted(names - BESIDE):
        asked = f'SELECT count(*) FROM "{name}" {ONLY.get(name, "")}'  # noqa: S608 - our tables
        found[name] = connection.execute(asked).fetchone()[0]
    connection.execute("COMMIT")
    return found


def more(before: Counts, after: Counts) -> Counts:
    return {name: after[name] - number for name, number in before.items() if after[name] != number}
