"""A database of its own for a program that a test starts, of the kind of this run."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from zusammenplan.indicators.actions.catalogue import load_catalogue

KEYS_FROM_1234 = {
    "sqlite": (
        "DELETE FROM sqlite_sequence",
        """
        INSERT INTO sqlite_sequence (name, seq) SELECT name, 1233 FROM sqlite_master
        WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'
        """,
    ),
    "postgresql": (
        """
        SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1233)
        FROM pg_sequences WHERE schemaname = 'public'
        """,
    ),
}


@contextmanager
def own_database(environment: dict[str, str], name: str, template: str = "") -> Iterator[None]:
    """
    Lead the programs of this environment to a new database, a copy of the template.

    In a run on SQLite the database is a file in the program's own data folder.
    """
    address = environment.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        environment.pop("DATABASE_URL", None)
        if template:
            folder = Path(environment["ZUSAMMENPLAN_DATA"])
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(template, folder / "zusammenplan.sqlite3")
        yield
        return
    with psycopg.connect(address, autocommit=True) as administration:
        _copy(administration, template or "template1", name)
        environment["DATABASE_URL"] = urlsplit(address)._replace(path=f"/{name}").geturl()
        try:
            yield
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            administration.execute(drop)


def is_of_tests() -> bool:
    """Tell whether the database is one that Django made for tests, and not somebody's own."""
    return Path(str(connection.settings_dict["NAME"])).name.startswith("test")


def prepare_tables() -> None:
    """Note that all migrations were done, so that programs do not try them on finished tables."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    recorder.Migration.objects.bulk_create(
        recorder.Migration(app=app, name=name)
        for app, name in MigrationLoader(connection).disk_migrations
    )
    begin_keys_late()


def begin_keys_late() -> None:
    """Give new records keys of four digits: a page that writes one as a number leads to nothing."""
    with connection.cursor() as cursor:
        for statement in KEYS_FROM_1234[connection.vendor]:
            cursor.execute(statement)


def make_template(address: str, folder: Path) -> str:
    """
    Give a template with today's tables and the catalogue: a copy of this run's own test database.

    To make the tables takes more than ten seconds of processor time.
    """
    # With keys from 1, as in every installation.
    call_command("flush", interactive=False, verbosity=0)
    load_catalogue()
    database = str(connection.settings_dict["NAME"])
    connection.close()
    if connection.vendor == "sqlite":
        template = str(folder / "template.sqlite3")
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(template)) as it:
            source.backup(it)
    else:
        template = f"{database}_template"
        with psycopg.connect(address, autocommit=True) as administration:
            _copy(administration, database, template)
    call_command("flush", interactive=False, verbosity=0)
    begin_keys_late()
    connection.close()
    return template


def drop_template(address: str, template: str) -> None:
    if connection.vendor != "sqlite":
        with psycopg.connect(address, autocommit=True) as administration:
            administration.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(template)))


def _copy(administration: "psycopg.Connection[Any]", template: str, name: str) -> None:
    # A database that somebody is connected to cannot be copied, and threads of tests that ran
    # before may have left connections open.
    administration.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND pid <> pg_backend_pid()",
        [template],
    )
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    administration.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
