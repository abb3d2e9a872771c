"""
Backup and restore: one archive with the database, the files and the secret key.

The archive is a compressed tar. Its last member, ``manifest.json``, names every other one with its
checksum, so that an archive that is damaged or was cut off is refused before anything is touched.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from zusammenplan import __version__

MANIFEST = "manifest.json"
SQLITE, POSTGRES = "database.sqlite3", "database.dump"
AT_ONCE = 1024 * 1024


class ArchiveError(Exception):
    """The backup or the restore is not possible; the text says why."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an archive holds."""

    files: int
    made_at: str
    version: str


def make_backup(target: Path, *, now: datetime) -> Summary:
    """
    Write database, files and secret key into one archive, while the server may be running.

    :raises ArchiveError: if the target exists, or PostgreSQL's pg_dump is not found or fails
    """
    if target.exists():
        raise ArchiveError(
            _("%(path)s already exists. Nothing was overwritten.") % {"path": target}
        )
    made_at = now.isoformat()
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        part = Path(folder, "archive")
        part.touch(mode=0o600)
        with tarfile.open(part, "w:gz") as archive:
            # The database first: the files that it names are there already.
            members = {_database_name(): _add(archive, _database_name(), _dump(Path(folder)))}
            for name, path in _files():
                # One that went meanwhile is none that the database names.
                with suppress(FileNotFoundError):
                    members[name] = _add(archive, name, path)
            manifest = {
                "product": "zusammenplan",
                "version": __version__,
                "made_at": made_at,
                "members": members,
            }
            _add_text(archive, MANIFEST, json.dumps(manifest, indent=1))
        _put(part, target)
    return Summary(len(members), made_at, __version__)


def restore_backup(source: Path, *, replace: bool) -> Summary:
    """
    Put database, files and secret key back from an archive; nobody is signed in afterwards.

    :raises ArchiveError: if the archive is damaged or foreign, or there is data and it may not be
        replaced
    """
    with tempfile.TemporaryDirectory(dir=settings.DATA) as name:
        folder = Path(name)
        summary = _unpack(source, folder)
        dump = folder / _database_name()
        if not dump.exists():
            raise ArchiveError(
                _("The archive was made with another kind of database than this one.")
            )
        if _has_data() and not replace:
            raise ArchiveError(_("There is already a database here. Use --replace to replace it."))
        _load(dump)
        files = Path(settings.MEDIA_ROOT)
        if files.exists():
            shutil.move(files, folder / "files before")
        if (folder / "files").exists():
            shutil.move(folder / "files", files)
        if (folder / "secret_key").exists():
            (folder / "secret_key").replace(settings.DATA / "secret_key")
    return summary


def _files() -> Iterator[tuple[str, Path]]:
    yield "secret_key", settings.DATA / "secret_key"
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield f"files/{path.relative_to(root)}", path


def _database_name() -> str:
    return SQLITE if connection.vendor == "sqlite" else POSTGRES


def _dump(folder: Path) -> Path:
    target = folder / _database_name()
    if connection.vendor == "sqlite":
        source = settings.DATABASES["default"]["NAME"]
        try:
            with (
                closing(sqlite3.connect(source)) as running,
                closing(sqlite3.connect(target)) as copy,
            ):
                running.backup(copy)
        except sqlite3.Error as refusal:
            raise ArchiveError(
                _("The database cannot be used: %(why)s") % {"why": refusal}
            ) from refusal
        return target
    _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={target}")
    return target


def _load(dump: Path) -> None:
    if connection.vendor != "sqlite":
        # All tables go, also those that a newer version has made, in one transaction with the
        # filling, so that a refusal leaves everything as it was.
        script, emptying = dump.with_name("fill.sql"), dump.with_name("empty.sql")
        _run("pg_restore", "--no-owner", f"--file={script}", str(dump))
        emptying.write_text(DROP_TABLES, encoding="utf-8")
        closing_doors = dump.with_name("close.sql")
        closing_doors.write_text(CLOSE_ON_POSTGRES, encoding="utf-8")
        steps = (f"--file={step}" for step in (emptying, script, closing_doors))
        _postgres("psql", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", *steps)
        return
    with closing(sqlite3.connect(dump)) as restored, restored:
        tables = {name for (name,) in restored.execute("SELECT name FROM sqlite_master")}
        for statement in (CLOSE[table] for table in CLOSE if table in tables):
            restored.execute(statement)
    connection.close()
    target = Path(settings.DATABASES["default"]["NAME"])
    fresh = target.with_name(f"{target.name}.restored")
    shutil.move(dump, fresh)
    for leftover in (f"{target}-wal", f"{target}-shm"):
        Path(leftover).unlink(missing_ok=True)
    fresh.replace(target)


# What opened the workspace when the backup was made may have been ended since: by signing out, for
# a lost device, by withdrawing a link. It ends before anybody can use it, whatever comes after.
# Links to vote and to rate stay: they are printed on cards, and open nothing but that.
CLOSE = {
    "people_session": "DELETE FROM people_session",  # not in the oldest backups
    "people_invitation": (
        "UPDATE people_invitation SET revoked_at = CURRENT_TIMESTAMP"
        " WHERE purpose = 'account' AND used_at IS NULL AND revoked_at IS NULL"
    ),
}
CLOSE_ON_POSTGRES = "RESET search_path;\n" + "\n".join(
    f"DO $$ BEGIN IF to_regclass('{table}') IS NOT NULL THEN {statement}; END IF; END $$;"
    for table, statement in CLOSE.items()
)
DROP_TABLES = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE format('DROP TABLE %I CASCADE', name);
    END LOOP;
END
$$;
"""


def _postgres(program: str, *words: str) -> None:
    chosen = settings.DATABASES["default"]
    given = {
        "dbname": chosen["NAME"],
        "host": chosen["HOST"],
        "port": chosen["PORT"],
        "username": chosen["USER"],
    }
    connect = (f"--{name}={value}" for name, value in given.items() if value)
    _run(program, *connect, *words)


def _run(program: str, *words: str) -> None:
    if not shutil.which(program):
        raise ArchiveError(
            _("%(program)s was not found. Please install the client programs of PostgreSQL.")
            % {"program": program}
        )
    done = subprocess.run(  # noqa: S603 - fixed programs, words from the settings
        [program, *words],
        env={**os.environ, "PGPASSWORD": str(settings.DATABASES["default"]["PASSWORD"] or "")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ArchiveError(f"{program}: {done.stderr.strip()}")


def _has_data() -> bool:
    try:
        return "people_user" in connection.introspection.table_names()
    except DatabaseError as refusal:
        if connection.vendor == "sqlite":  # a damaged file may not be replaced unasked either
            return True
        raise ArchiveError(
            _("The database cannot be used: %(why)s") % {"why": str(refusal).strip()}
        ) from refusal


def _unpack(source: Path, folder: Path) -> Summary:
    try:
        with gzip.open(source) as packed, tarfile.open(fileobj=packed, mode="r:") as archive:
            _extract(archive, folder)
            while packed.read(AT_ONCE):  # to its end, where the checksum of the whole stands
                pass
    except (OSError, EOFError, ValueError, tarfile.TarError, zlib.error) as damage:
        raise ArchiveError(_("The archive cannot be read: %(why)s") % {"why": damage}) from damage
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        members = dict(manifest["members"])
        is_ours = manifest["product"] == "zusammenplan"
    except (OSError, ValueError, KeyError, TypeError) as damage:
        raise ArchiveError(_("This is not a backup of Zusammenplan.")) from damage
    damaged = [
        name
        for name, checksum in members.items()
        if not (folder / name).is_file() or _checksum(folder / name) != checksum
    ]
    if damaged or not is_ours:
        raise ArchiveError(
            _("The archive is damaged: %(names)s.") % {"names": ", ".join(damaged) or MANIFEST}
        )
    return Summary(len(members), str(manifest["made_at"]), str(manifest["version"]))


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Take out what a backup holds: files below the folder, readable by their owner alone."""
    # By hand, because the Python 3.11 of Debian 12 does not know tarfile's filters.
    folder = folder.resolve()
    for member in archive:
        target = (folder / member.name).resolve()
        packed = archive.extractfile(member) if member.isfile() else None
        if packed is None or not target.is_relative_to(folder):
            raise tarfile.ExtractError(member.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(mode=0o600)
        with packed, target.open("wb") as writable:
            shutil.copyfileobj(packed, writable)


def _checksum(path: Path) -> str:
    with path.open("rb") as readable:
        return hashlib.file_digest(readable, "sha256").hexdigest()


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """Add the file as it is now, though others may write to it; give its checksum."""
    digest = hashlib.sha256()

    class Told(io.BufferedReader):
        def read(self, size: int | None = -1, /) -> bytes:
            part = super().read(size)
            digest.update(part)
            return part

    with Told(io.FileIO(path)) as file:
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), file)
    return digest.hexdigest()


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    info = tarfile.TarInfo(name)
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))


def _put(part: Path, target: Path) -> None:
    """Let the archive appear whole, on the disk, and in nothing's place."""
    with part.open("rb") as written:
        os.fsync(written.fileno())
    try:
        target.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise ArchiveError(
            _("%(path)s already exists. Nothing was overwritten.") % {"path": target}
        ) from None
    part.replace(target)
