"""Backups that are made while everybody works, and what comes out of them elsewhere."""

import random
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from zusammenplan.config.tests.all_rows import files_of, rows_of
from zusammenplan.config.tests.crash_database import Database
from zusammenplan.config.tests.crash_server import PROGRAM


def run(environment: Mapping[str, str], *words: str) -> None:
    done = subprocess.run(
        [PROGRAM, *words], env=dict(environment), check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def backing_up(environment: Mapping[str, str], folder: Path) -> Callable[[random.Random], None]:
    """Give what makes one more backup in the folder."""

    def back_up(_chance: random.Random) -> None:
        number = len(list(folder.glob("*.tar.gz")))
        run(environment, "backup", str(folder / f"{number}.tar.gz"))

    return back_up


def must_come_back(
    environment: Mapping[str, str], elsewhere: Mapping[str, str], folder: Path
) -> int:
    """
    Restore each backup elsewhere, and one of now, which has to be just what is here.

    What was backed up amid the work is whole: no row refers to one that is not there. Gives how
    many rows were compared.
    """
    file = str(Path(elsewhere["ZUSAMMENPLAN_DATA"], "zusammenplan.sqlite3"))
    for archive in sorted(folder.glob("*.tar.gz")):
        run(elsewhere, "restore", str(archive), "--replace")
        assert Database(elsewhere.get("DATABASE_URL", ""), file).damage() == [], archive
    last = folder / "last.tar.gz"
    run(environment, "backup", str(last))
    run(elsewhere, "restore", str(last), "--replace")
    here, there = rows_of(environment), rows_of(elsewhere)
    assert list(here) == list(there)
    # Whoever was signed in here is not let in there.
    assert here.pop("people_session")
    assert there.pop("people_session") == []
    for table, rows in here.items():
        assert rows == there[table], table
    assert files_of(environment) == files_of(elsewhere)
    return sum(map(len, here.values()))
