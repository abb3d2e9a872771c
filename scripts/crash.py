"""
Kill the server and the database a hundred times while people vote, edit, import and freeze.

Backups are made meanwhile and restored elsewhere at the end, with one that has to be just alike.

Tells what was seen; ends with an error at the first thing that was lost or done by half. PostgreSQL
runs with its usual settings, fsync included. What is shown is that no process's end loses anything;
what a machine loses that loses its power depends on its disks.
"""

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.databases import Cluster, postgresql_programs
from zusammenplan.config.tests.crash_backup import backing_up, must_come_back
from zusammenplan.config.tests.crash_server import PATIENCE, Server
from zusammenplan.config.tests.crash_storm import Killer, Storm, killing_the_server

KILLS_PER_DEED = 4
LAST_WORDS = 20_000  # of the server
A_FAULT = "Internal Server Error"
NEW_ENTRY = re.compile(r"\n(?=\d{4}-\d\d-\d\d \d\d:)")
A_BACKUP, BACKUPS = "a backup", 5


def main() -> None:
    parser = ArgumentParser(prog="crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only on this one")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    for database in [chosen.database] if chosen.database else ["sqlite", "postgresql"]:
        if database == "postgresql" and postgresql_programs() is None:
            print("PostgreSQL: its server programs were not found; nothing was killed there.")
            continue
        with tempfile.TemporaryDirectory(prefix="zusammenplan-crash.") as name:
            began, folder = time.monotonic(), Path(name)
            with served(folder, database) as (environment, elsewhere, server, killers):
                backups = folder / "backups"
                backups.mkdir()
                storm = Storm(
                    environment, server, times=chosen.kills // KILLS_PER_DEED + 1, seed=chosen.seed
                )
                kinds = [storm.chance.choice(list(killers)) for _ in range(chosen.kills)]
                for number in range(BACKUPS):
                    kinds.insert(number * (chosen.kills // BACKUPS + 1), A_BACKUP)
                seen = storm.blow(
                    kinds, killers | {A_BACKUP: backing_up(environment, backups)}, tell=told
                )
                server.stop()
                rows = must_come_back(environment, elsewhere, backups)
            print(f"\n{database}, {time.monotonic() - began:.0f} s")
            for what, number in seen.items():
                print(f"  {what:<40} {number:>8}")
            print("  Nothing acknowledged was lost, nothing was done by half.")
            print(f"  All backups came back; of the last, {rows} rows are just alike.", flush=True)


def told(number: int, kind: str) -> None:
    print(f"\r{number:>4} {kind:<40}", end="", file=sys.stderr, flush=True)


@contextmanager
def served(
    folder: Path, database: str
) -> Iterator[tuple[dict[str, str], dict[str, str], Server, dict[str, Killer]]]:
    """Give an empty installation, another one, and how what serves the first is killed."""
    environment = {key: value for key, value in os.environ.items() if "ZUSAMMENPLAN" not in key}
    environment.pop("DATABASE_URL", None)
    environment["ZUSAMMENPLAN_DATA"] = str(folder / "data")
    cluster = Cluster(folder) if database == "postgresql" else None
    if cluster:
        cluster.start()
        environment["DATABASE_URL"] = cluster.create("crash")
    elsewhere = environment | {"ZUSAMMENPLAN_DATA": str(folder / "elsewhere")}
    if cluster:
        elsewhere["DATABASE_URL"] = cluster.create("elsewhere")
    server = Server(environment, folder / "server.log")
    killers: dict[str, Killer] = {"the server": killing_the_server(server)}
    if cluster:
        killers |= killing(cluster, server)
    try:
        yield environment, elsewhere, server, killers
    except BaseException:
        log = server.log.read_text(encoding="utf-8")
        print(faults_in(log) or log[-LAST_WORDS:], file=sys.stderr)
        raise
    finally:
        server.stop()
        if cluster:
            cluster.stop()


def faults_in(log: str) -> str:
    """Give what the server wrote down of answers that were no refusal for a moment."""
    return "\n".join(it for it in NEW_ENTRY.split(log) if A_FAULT in it)[-LAST_WORDS:]


def killing(cluster: Cluster, server: Server) -> dict[str, Killer]:
    """Tell how PostgreSQL is killed: one of its processes, all, or all and the server."""

    def one_process(chance: random.Random) -> None:
        os.kill(chance.choice(children(cluster.process())), signal.SIGKILL)

    def all_processes(chance: random.Random) -> None:
        end_all(cluster)
        time.sleep(chance.uniform(0, 1))
        start_again(cluster)

    def everything(chance: random.Random) -> None:
        end_all(cluster)
        server.kill()
        time.sleep(chance.uniform(0, 0.3))
        server.start()  # waits for the database, or ends and is started anew, as systemd does
        start_again(cluster)
        end = time.monotonic() + PATIENCE
        while not server.answers():
            if time.monotonic() > end:
                raise TimeoutError(server.log.read_text(encoding="utf-8"))
            if not server.is_running():
                server.start()
            time.sleep(0.2)

    return {
        "a process of the database": one_process,
        "the database": all_processes,
        "the database and the server": everything,
    }


def children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
    return [int(one) for one in found.split()]


def end_all(cluster: Cluster) -> None:
    """End all processes at once, so that none can put anything in order."""
    first = cluster.process()
    os.kill(first, signal.SIGSTOP)  # it makes no more children
    for one in (*children(first), first):
        os.kill(one, signal.SIGKILL)


def start_again(cluster: Cluster) -> None:
    """Start it as systemd does: again, if the killed one's memory is not free yet."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            cluster.start()
        except subprocess.CalledProcessError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


if __name__ == "__main__":
    main()
