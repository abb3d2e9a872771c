"""A server of its own for tests that kill it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from zusammenplan.config.tests.crash_server import Server
from zusammenplan.config.tests.own_database import own_database


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Give our server a data folder and a database of its own, of the kind of this run."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ZUSAMMENPLAN_")}
    kept["ZUSAMMENPLAN_DATA"] = str(tmp_path / "data")
    with own_database(kept, f"zusammenplan_crash_{os.getpid()}"):
        yield kept


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    server = Server(environment, tmp_path / "server.log")
    yield server
    server.stop()
