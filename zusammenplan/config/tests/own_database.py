"""A database of its own for a program that a test starts, of the kind of this run."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql


@contextmanager
def own_database(environment: dict[str, str], name: str, template: str = "") -> Iterator[None]:
    """
    Lead the programs of this environment to a new PostgreSQL database, a copy of the template.

    In a run on SQLite the database is a file in the program's own data folder already.
    """
    address = environment.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        environment.pop("DATABASE_URL", None)
        yield
        return
    with psycopg.connect(address, autocommit=True) as administration:
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template or "template1")
        )
        administration.execute(make)
        environment["DATABASE_URL"] = urlsplit(address)._replace(path=f"/{name}").geturl()
        try:
            yield
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            administration.execute(drop)
