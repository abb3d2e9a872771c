"""All that an installation holds, read past the program: the rows of all tables, and the files."""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

Rows = dict[str, list[dict[str, Any]]]
# What the database keeps for itself.
NOT_OURS = {"sqlite_sequence", "sqlite_stat1", "sqlite_stat4"}


def rows_of(environment: Mapping[str, str]) -> Rows:
    """Give for each table its rows, in the order of their content."""
    with _opened(environment) as (connection, listed, is_postgres):
        names = sorted({name for (name,) in connection.execute(listed).fetchall()} - NOT_OURS)
        found = {}
        for name in names:
            cursor = connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - a table's own name
            columns = [told.name if is_postgres else told[0] for told in cursor.description]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
            found[name] = sorted(rows, key=repr)
    return found


def files_of(environment: Mapping[str, str]) -> dict[str, str]:
    """Give the checksum of every file but databases and what can be made again."""
    folder = Path(environment["ZUSAMMENPLAN_DATA"])
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".sqlite3" not in path.name and "made" not in path.parts
    }


@contextmanager
def _opened(environment: Mapping[str, str]) -> Iterator[tuple[Any, str, bool]]:
    if address := environment.get("DATABASE_URL", ""):
        listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        with psycopg.connect(address) as connection:
            yield connection, listed, True
        return
    file = Path(environment["ZUSAMMENPLAN_DATA"], "zusammenplan.sqlite3")
    listed = "SELECT name FROM sqlite_master WHERE type = 'table'"
    with closing(sqlite3.connect(file)) as connection:
        yield connection, listed, False
