"""The databases to measure on: SQLite in a folder, and a throw-away PostgreSQL that syncs."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

Environment = Mapping[str, str]
Fresh = Callable[[str], Environment]
"""Gives a process's environment with an empty database of its own."""


@contextmanager
def sqlite(folder: Path) -> Iterator[Fresh]:
    """Copy one database with empty tables for each that wants its own."""
    template = folder / "template"
    _migrate(_environment(template))

    def fresh(name: str) -> Environment:
        shutil.copytree(template, folder / name)
        return _environment(folder / name)

    yield fresh


class Cluster:
    """A throw-away PostgreSQL with its usual settings, fsync included."""

    def __init__(self, folder: Path) -> None:
        programs = postgresql_programs()
        if programs is None:
            raise RuntimeError("The server programs of PostgreSQL were not found.")
        self.programs, self.folder = programs, folder / "cluster"
        self.folder.mkdir(mode=0o700)
        _as_owner(self.folder)
        self.address = "postgres://zusammenplan@" + str(self.folder).replace("/", "%2F")
        words = ["-U", "zusammenplan", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        _run([str(programs / "initdb"), "-D", str(self.folder), *words])

    def start(self) -> None:
        self.folder.chmod(0o700)  # it refuses any other
        place = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}'"
        self._control("-l", str(self.folder / "log"), "-o", place, "start")
        self.folder.chmod(0o711)

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def create(self, name: str, template: str = "template1") -> str:
        """Make a database; give its address."""
        connect = ["-h", str(self.folder), "-U", "zusammenplan"]
        _run([str(self.programs / "createdb"), *connect, "-T", template, name])
        return f"{self.address}/{name}"

    def process(self) -> int:
        """Give the first process; all others are its children."""
        return int((self.folder / "postmaster.pid").read_text("utf-8").split()[0])

    def _control(self, *words: str) -> None:
        _run([str(self.programs / "pg_ctl"), "-D", str(self.folder), "-w", *words])


@contextmanager
def postgresql(folder: Path) -> Iterator[Fresh]:
    """Run a cluster, and copy one database with empty tables for each that wants its own."""
    cluster = Cluster(folder)
    cluster.start()
    try:
        _migrate(_environment(folder / "template", cluster.create("template")))

        def fresh(name: str) -> Environment:
            address = cluster.create(name.replace("-", "_"), "template")
            return _environment(folder / name, address)

        yield fresh
    finally:
        cluster.stop()


DATABASES = {"sqlite": sqlite, "postgresql": postgresql}


def postgresql_programs() -> Path | None:
    """Give the folder of the newest server programs, if there are any."""
    found = Path("/usr/lib/postgresql").glob("*/bin")
    return max(found, key=lambda path: float(path.parent.name), default=None)


def postmaster() -> int | None:
    """Give the first process of the PostgreSQL that the environment names, if there is one."""
    _, _, cluster = os.getenv("DATABASE_URL", "").partition("@")
    file = Path(cluster.partition("/")[0].replace("%2F", "/"), "postmaster.pid")
    return int(file.read_text("ascii").split()[0]) if cluster and file.exists() else None


def _environment(data: Path, address: str = "") -> Environment:
    given = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "ZUSAMMENPLAN_DATA": str(data),
        # Looking for pages meets many refusals; they are no news.
        "ZUSAMMENPLAN_LOG_LEVEL": "ERROR",
    }
    for name in ("DATABASE_URL", "ZUSAMMENPLAN_DEBUG", "ZUSAMMENPLAN_URL"):
        given.pop(name, None)
    return {**given, "DATABASE_URL": address} if address else given


def _migrate(environment: Environment) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True)


def _as_owner(cluster: Path) -> None:
    # PostgreSQL refuses to run as root.
    if os.geteuid() == 0:
        for above in (cluster.parent, cluster.parent.parent):
            above.chmod(0o711)
        shutil.chown(cluster, "postgres")


def _run(command: list[str]) -> None:
    user = pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else None
    subprocess.run(command, user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)
