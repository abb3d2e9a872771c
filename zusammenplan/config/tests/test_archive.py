"""Backup and restore bring everything back, and refuse what is damaged."""

import gzip
import io
import itertools
import random
import shutil
import tarfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from threading import Event

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from zusammenplan.config.archive import ArchiveError, make_backup, restore_backup
from zusammenplan.people.actions import LinkRevokedError, invite, invite_user, open_invitation
from zusammenplan.people.choices import InvitationPurpose
from zusammenplan.people.models import Session, User
from zusammenplan.people.tests.factories import NOW, make_administrator, make_planner
from zusammenplan.privacy.actions.persons import erase_person

GZIP_HEAD = 10  # bytes that say when and where it was packed; nothing depends on them
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        django_settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
        and not shutil.which("pg_dump"),
        reason="pg_dump is not installed",
    ),
]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: SettingsWrapper) -> Path:
    settings.DATA = tmp_path / "data"
    settings.MEDIA_ROOT = settings.DATA / "files"
    settings.MEDIA_ROOT.mkdir(parents=True)
    (settings.DATA / "secret_key").write_text("geheim")
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"]
    return tmp_path


def test_restore_brings_back_rows_files_and_key(tmp_path: Path, settings: SettingsWrapper) -> None:
    make_planner(email="planung@rennsteiggrund.example")
    picture = Path(settings.MEDIA_ROOT, "wappen.svg")
    picture.write_text("<svg/>")
    archive = tmp_path / "sicherung.tar.gz"
    make_backup(archive, now=NOW)
    User.objects.all().delete()
    picture.unlink()

    restore_backup(archive, replace=True)

    assert User.objects.get().email == "planung@rennsteiggrund.example"
    assert picture.read_text() == "<svg/>"
    assert Path(settings.DATA, "secret_key").read_text() == "geheim"


def test_what_let_somebody_in_at_the_time_of_the_backup_lets_nobody_in_after_it(
    tmp_path: Path, client: Client
) -> None:
    planner = make_planner()
    client.force_login(planner)
    soon = timezone.now() + timedelta(days=7)
    account, key = invite_user(planner, expires_at=soon, by=None, now=timezone.now())
    vote, ballot = invite(
        purpose=InvitationPurpose.VOTE, expires_at=soon, by=None, now=timezone.now()
    )
    archive = tmp_path / "sicherung.tar.gz"
    make_backup(archive, now=NOW)
    assert client.get(reverse("desk:overview")).status_code == HTTPStatus.OK

    restore_backup(archive, replace=True)

    assert client.get(reverse("desk:overview")).status_code == HTTPStatus.FOUND
    with pytest.raises(LinkRevokedError):
        open_invitation(key, purpose=account.purpose, now=timezone.now())
    assert open_invitation(ballot, purpose=vote.purpose, now=timezone.now()) == vote


def test_whoever_was_erased_since_the_backup_does_not_come_back_with_it(tmp_path: Path) -> None:
    planner, administrator = make_planner(), make_administrator()
    archive = tmp_path / "sicherung.tar.gz"
    make_backup(archive, now=NOW)
    erase_person([f"user-{planner.pk}"], by=administrator, now=timezone.now())

    call_command("restore", str(archive), replace=True, stdout=StringIO())

    assert User.objects.get(pk=administrator.pk).is_active
    erased = User.objects.get(pk=planner.pk)
    assert (erased.name, erased.email) == ("", f"konto-{planner.pk}@geloescht.invalid")


def test_a_backup_from_before_there_was_a_table_of_sessions_comes_back(tmp_path: Path) -> None:
    make_planner()
    with connection.schema_editor() as editor:
        editor.delete_model(Session)
    archive = tmp_path / "sicherung.tar.gz"
    make_backup(archive, now=NOW)
    with connection.schema_editor() as editor:
        editor.create_model(Session)

    restore_backup(archive, replace=True)

    assert User.objects.count() == 1
    with connection.schema_editor() as editor:
        editor.create_model(Session)


def test_restore_leaves_existing_data_alone_unless_told(tmp_path: Path) -> None:
    archive = tmp_path / "sicherung.tar.gz"
    make_backup(archive, now=NOW)
    planner = make_planner()

    with pytest.raises(ArchiveError, match="--replace"):
        restore_backup(archive, replace=False)

    assert User.objects.get() == planner


@pytest.mark.parametrize("damage", ["cut", "changed", "foreign"])
def test_a_damaged_archive_is_refused_before_anything_is_touched(
    tmp_path: Path, damage: str
) -> None:
    make_planner()
    archive = tmp_path / "sicherung.tar.gz"
    make_backup(archive, now=NOW)
    content = archive.read_bytes()
    if damage == "cut":
        archive.write_bytes(content[: len(content) // 2])
    elif damage == "changed":
        archive.write_bytes(gzip.compress(gzip.decompress(content).replace(b"geheim", b"gEheim")))
    else:
        archive.write_bytes(gzip.compress(b"something else"))

    with pytest.raises(ArchiveError):
        restore_backup(archive, replace=True)

    assert User.objects.count() == 1


def test_a_restore_needs_nothing_that_the_python_of_debian_12_lacks(
    tmp_path: Path, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_planner()
    archive = tmp_path / "sicherung.tar.gz"
    make_backup(archive, now=NOW)

    # Python 3.11.2 has it without filters: it would write wherever an archive says.
    monkeypatch.delattr(tarfile.TarFile, "extractall")
    restore_backup(archive, replace=True)

    assert User.objects.count() == 1
    assert (Path(settings.DATA, "secret_key").stat().st_mode & 0o777) == 0o600


@pytest.mark.parametrize("name", ["../fremd", "/fremd", "files/../../fremd", "link"])
def test_an_archive_puts_nothing_elsewhere(tmp_path: Path, name: str) -> None:
    archive, foreign = tmp_path / "sicherung.tar.gz", tarfile.TarInfo(name)
    if name == "link":
        foreign.type, foreign.linkname = tarfile.SYMTYPE, "/etc"
    with tarfile.open(archive, "w:gz") as writable:
        writable.addfile(foreign, io.BytesIO())

    with pytest.raises(ArchiveError, match=name):
        restore_backup(archive, replace=True)

    assert not list(tmp_path.rglob("fremd"))


def unpacked(archive: bytes) -> bytes | None:
    try:
        return gzip.decompress(archive)
    except (OSError, EOFError, zlib.error):
        return None


def test_no_byte_of_an_archive_can_be_another_unseen(tmp_path: Path) -> None:
    archive = tmp_path / "sicherung.tar.gz"
    make_backup(archive, now=NOW)
    content, chance = archive.read_bytes(), random.Random(0)
    end = range(len(content) - 8, len(content))  # checksum and length of the whole
    for place in (*end, *(chance.randrange(GZIP_HEAD, len(content)) for _ in range(52))):
        other = bytes([content[place] ^ 1 << chance.randrange(8)])
        archive.write_bytes(content[:place] + other + content[place + 1 :])
        if unpacked(archive.read_bytes()) == unpacked(content):
            continue  # a bit that fills up the last byte of packed content says nothing

        with pytest.raises(ArchiveError) as refusal:
            restore_backup(archive, replace=False)

        assert "Datenbank" not in str(refusal.value), place


def test_files_that_grow_or_go_during_a_backup_do_it_no_harm(
    tmp_path: Path, settings: SettingsWrapper
) -> None:
    root, is_over = Path(settings.MEDIA_ROOT), Event()

    def write() -> None:
        for number in itertools.cycle(range(50)):
            if is_over.is_set():
                return
            path = root / f"{number}.csv"
            if number % 3:
                path.unlink(missing_ok=True)
            with path.open("a") as growing:
                growing.write("1;2;3\n" * 1000)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        for number in range(5):
            make_backup(tmp_path / f"{number}.tar.gz", now=NOW)
        is_over.set()
        writing.result()

    for number in range(5):
        with pytest.raises(ArchiveError, match="Datenbank"):
            restore_backup(tmp_path / f"{number}.tar.gz", replace=False)


def test_an_older_backup_replaces_a_database_that_has_more_tables(tmp_path: Path) -> None:
    make_planner()
    archive = tmp_path / "sicherung.tar.gz"
    make_backup(archive, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE newer (person bigint REFERENCES people_user (id))")

    restore_backup(archive, replace=True)

    assert User.objects.count() == 1
    assert "newer" not in connection.introspection.table_names()


def test_in_a_folder_a_backup_gets_a_name_of_its_own(tmp_path: Path) -> None:
    said = StringIO()

    call_command("backup", str(tmp_path), stdout=said)

    (written,) = tmp_path.glob("zusammenplan-20??-??-??-??????.tar.gz")
    assert str(written) in said.getvalue()


def test_a_backup_never_overwrites_a_file(tmp_path: Path) -> None:
    archive = tmp_path / "sicherung.tar.gz"
    archive.write_text("wichtig")

    with pytest.raises(ArchiveError):
        make_backup(archive, now=NOW)

    assert archive.read_text() == "wichtig"
