"""
Killed amid all that people do, the server has lost nothing and done nothing by half.

``make crash`` does it a hundred times, and kills the database too.
"""

import os
from pathlib import Path

import pytest

from zusammenplan.config.tests.crash_backup import backing_up, must_come_back
from zusammenplan.config.tests.crash_server import Server
from zusammenplan.config.tests.crash_storm import Storm, killing_the_server
from zusammenplan.config.tests.own_database import own_database

pytestmark = pytest.mark.own_database


def test_what_was_acknowledged_outlives_kills_and_comes_back_from_a_backup(
    environment: dict[str, str], server: Server, tmp_path: Path
) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    killers = {"server": killing_the_server(server), "backup": backing_up(environment, backups)}
    storm = Storm(environment, server, times=4)

    seen = storm.blow(["server", "backup", "server", "server"], killers)

    assert seen["amid a deed"], seen
    assert seen["marks acknowledged"], seen
    assert seen["edits acknowledged"], seen
    server.stop()
    elsewhere = environment | {"ZUSAMMENPLAN_DATA": str(tmp_path / "elsewhere")}
    elsewhere |= {"DATABASE_URL": os.environ.get("DATABASE_URL", "")}
    with own_database(elsewhere, f"zusammenplan_elsewhere_{os.getpid()}"):
        assert must_come_back(environment, elsewhere, backups)
