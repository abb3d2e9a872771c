"""A server of its own for tests that kill it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test.utils import setup_databases, teardown_databases

from zusammenplan.config.tests.crash_server import Server
from zusammenplan.config.tests.own_database import (
    drop_template,
    is_of_tests,
    make_template,
    own_database,
    prepare_tables,
)


@pytest.fixture(scope="session")
def empty_tables(
    django_db_setup: None,  # noqa: ARG001 - makes the tables, if any test of this run asks for them
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Give a template of a database that is ready and empty."""
    folder = tmp_path_factory.mktemp("template")
    address = os.environ.get("DATABASE_URL", "")
    with django_db_blocker.unblock():
        made = None
        if not is_of_tests():
            made = setup_databases(0, interactive=False, aliases={"default": ""})
            prepare_tables()
        template = make_template(address, folder)
    yield template
    drop_template(address, template)
    if made is not None:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture
def environment(tmp_path: Path, empty_tables: str) -> Iterator[dict[str, str]]:
    """Give our server a data folder and a database of its own, of the kind of this run."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ZUSAMMENPLAN_")}
    kept["ZUSAMMENPLAN_DATA"] = str(tmp_path / "data")
    with own_database(kept, f"zusammenplan_crash_{os.getpid()}", empty_tables):
        yield kept


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    server = Server(environment, tmp_path / "server.log")
    yield server
    server.stop()
