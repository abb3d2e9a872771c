"""A database of the release before is brought up to date without loss, and can be searched."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from zusammenplan.config.tests.own_database import own_database
from zusammenplan.config.tests.tables import tables

pytestmark = [pytest.mark.own_database, pytest.mark.django_db]
ROOM = [sys.executable, "-m", "zusammenplan.config.tests.upgrade_room"]


def test_a_database_of_the_release_before_keeps_all_and_is_found(tmp_path: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ZUSAMMENPLAN_")}
    kept["ZUSAMMENPLAN_DATA"] = str(tmp_path / "data")
    with own_database(kept, f"zusammenplan_upgrade_{os.getpid()}"):
        done = subprocess.run(ROOM, env=kept, check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    # All other tests work on tables that were made from the models.
    assert set(found.pop("tables")) ^ set(tables()) == set()
    assert found == {
        "measures": ["Mietberatung", "Wohnberatung 2", "Wohnberatung 3"],
        "identities": 3,
        "content": 3,
        "found": 3,
        "not noted": {},
    }
