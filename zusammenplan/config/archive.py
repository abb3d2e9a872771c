"""
Backup and restore: one archive with the database, the files and the secret key.

The archive is a compressed tar. Its first member, ``manifest.json``, names every other one with
its checksum, so that a damaged archive is refused before anything is touched.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from zusammenplan import __version__

MANIFEST = "manifest.json"
SQLITE, POSTGRES = "database.sqlite3", "database.dump"


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
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        members = {_database_name(): _dump(Path(folder))}
        members["secret_key"] = settings.DATA / "secret_key"
        root = Path(settings.MEDIA_ROOT)
        members |= {f"files/{p.relative_to(root)}": p for p in root.rglob("*") if p.is_file()}
        members = {name: path for name, path in members.items() if path.exists()}
        made_at = now.isoformat()
        manifest = {
            "product": "zusammenplan",
            "version": __version__,
            "made_at": made_at,
            "members": {name: _checksum(path) for name, path in members.items()},
        }
        part = Path(folder, "archive")
        with tarfile.open(part, "w:gz") as archive:
            _add_text(archive, MANIFEST, json.dumps(manifest, indent=1))
            for name, path in members.items():
                archive.add(path, arcname=name, recursive=False)
        part.chmod(0o600)
        os.link(part, target)
    return Summary(len(members), made_at, __version__)


def restore_backup(source: Path, *, replace: bool) -> Summary:
    """
    Put database, files and secret key back from an archive.

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
            shutil.rmtree(files)
        if (folder / "files").exists():
            shutil.move(folder / "files", files)
        if (folder / "secret_key").exists():
            (folder / "secret_key").replace(settings.DATA / "secret_key")
    return summary


def _database_name() -> str:
    return SQLITE if connection.vendor == "sqlite" else POSTGRES


def _dump(folder: Path) -> Path:
    target = folder / _database_name()
    if connection.vendor == "sqlite":
        source = settings.DATABASES["default"]["NAME"]
        with closing(sqlite3.connect(source)) as running, closing(sqlite3.connect(target)) as copy:
            running.backup(copy)
        return target
    _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={target}")
    return target


def _load(dump: Path) -> None:
    if connection.vendor != "sqlite":
        _postgres(
            "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(dump)
        )
        return
    connection.close()
    target = Path(settings.DATABASES["default"]["NAME"])
    for leftover in (f"{target}-wal", f"{target}-shm"):
        Path(leftover).unlink(missing_ok=True)
    dump.replace(target)


def _postgres(program: str, *words: str) -> None:
    if not shutil.which(program):
        raise ArchiveError(
            _("%(program)s was not found. Please install the client programs of PostgreSQL.")
            % {"program": program}
        )
    chosen = settings.DATABASES["default"]
    given = {"host": chosen["HOST"], "port": chosen["PORT"], "username": chosen["USER"]}
    words = (*words, *(f"--{name}={value}" for name, value in given.items() if value))
    database = [f"--dbname={chosen['NAME']}"]
    done = subprocess.run(  # noqa: S603 - fixed programs, words from the settings
        [program, *database, *words],
        env={**os.environ, "PGPASSWORD": str(chosen["PASSWORD"] or "")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ArchiveError(f"{program}: {done.stderr.strip()}")


def _has_data() -> bool:
    return "people_user" in connection.introspection.table_names()


def _unpack(source: Path, folder: Path) -> Summary:
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
    except (OSError, EOFError, tarfile.TarError) as damage:
        raise ArchiveError(_("The archive cannot be read: %(why)s") % {"why": damage}) from damage
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        members = dict(manifest["members"])
        is_ours = manifest["product"] == "zusammenplan"
    except (OSError, ValueError, KeyError) as damage:
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


def _checksum(path: Path) -> str:
    with path.open("rb") as readable:
        return hashlib.file_digest(readable, "sha256").hexdigest()


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    info = tarfile.TarInfo(name)
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))
