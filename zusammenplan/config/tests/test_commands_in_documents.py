"""Every command that stands in a document is run as it stands there."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from io import StringIO
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from zusammenplan.config.tests.documents import (
    DEPLOYED,
    OTHER_PROGRAMS,
    PAGES,
    PROGRAM,
    ROOT,
    commands_in,
    lines_of_blocks,
    named,
)
from zusammenplan.indicators.tests import files
from zusammenplan.indicators.tests.files import Value
from zusammenplan.people.tests.factories import make_user
from zusammenplan.plans.actions.versions import freeze
from zusammenplan.plans.choices import ChapterKind
from zusammenplan.plans.tests.factories import make_chapter
from zusammenplan.reports.tests.factories import make_voted_round

NOT_RUN_HERE = {
    "serve": "runs until it is ended: the tests of crashes and the browser tests start it",
    "demo": "the browser tests fill it and serve it",
    "fetch_statistics": "asks the online service: indicators/tests/test_service.py plays it",
}
ARCHIVES = {"backup", "restore"}
SAID_ALONE = {"doctor", "digest", "rebuild_search"}
# What else stands in blocks of code for administrators, and why no test runs it.
NOT_OURS = {
    "sudo": "changes the machine: packages, users, databases",
    "pip": "fetches packages; `make setup`, with which every run begins, does the same",
    "pip-audit": "asks a service on the internet",
    "systemctl": "needs systemd",
    "podman": "needs containers and the network",
    "podman-compose": "likewise",
    "/bin/sh": "the line of the daily unit: test_safety.py runs it",
    "cd": "goes home and reads the settings; tests have theirs",
    "make": "its targets are looked for by test_documentation.py; `make test` is this run",
}
FOR_ADMINISTRATORS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "docs/operations.md")),
    *DEPLOYED,
]
# A line of the file with the settings.
SETTING = re.compile(r"[A-Z_]+=\S+$")
KEPT = "kept.tar.gz"
ANALYZE = shutil.which("systemd-analyze") or ""
INSTALLED = "/srv/zusammenplan/venv/bin/zusammenplan"
PLAN, ROUND = "sozialplan-2027-2031", "was-soll-zuerst-kommen-erste-abstimmung"
GIVEN = {
    "SLUG": PLAN,
    "ROUND": ROUND,
    "TITLE": "Sozialplan 2032",
    "GROUP": "Externe Steuerungsgruppe",
    "NAME": "Erika Muster",
    "ROLE": "planner",
    "DATE": "2018-12-31",
    "KEY": "16099",
    "N": "1",
    "P": "Landesamt",
    "L": "dl-de/by-2-0",
    "U": "https://statistik.example",
}
READ = {
    "import_plan": "examples/hildburghausen-2025/prioritaeten.tsv",
    "import_areas": "areas.geojson",
    "import_statistics": "12411-01-01-4_de_flat.csv",
    "restore": KEPT,
}
NUMBERS = count(1)


def ways_to_say(words: str) -> Iterator[str]:
    """Give a line as it is; of one with brackets, the shortest and one with each bracket."""
    words = words.replace(r"\|", "|").partition(" #")[0]
    shortest = re.sub(r" *\[[^]]*\]", "", words)
    yield from choices(shortest)
    *_, last = choices(shortest)
    for bracket in re.findall(r"\[([^]]*)\]", words):
        for one in bracket.split(" | "):
            yield from (f"{last} {said}" for said in choices(one))


def choices(words: str) -> list[str]:
    """Give a line for each word of `a|b`."""
    if not (found := re.search(r"\S+\|\S+", words)):
        return [words.strip()]
    return [words.replace(found[0], one).strip() for one in found[0].split("|")]


def filled_in(command: str, words: str, folder: Path) -> list[str]:
    """Give the words with a value for each that stands for one, and folders that may be used."""
    said = words.replace("$(date +%F)", "2027-03-02").replace("…", "")
    number = next(NUMBERS)
    own = {
        "FILE": READ.get(command, f"backup-{number}.tar.gz"),
        "EMAIL": f"person-{number}@landkreis.example",
    }
    return [
        re.sub(r"^/srv(?=/)", str(folder), own.get(word) or GIVEN.get(word) or word)
        for word in shlex.split(said)
    ]


def run(command: str, words: list[str]) -> None:
    try:
        call_command(command, *words, stdout=StringIO())
    except CommandError as refusal:
        # A test has neither a mail server nor an administrator, and what is there stays there.
        if command == "doctor" and "zu beheben" in str(refusal):
            return
        if command == "restore" and "--replace" not in words and "--replace" in str(refusal):
            return
        raise AssertionError(f"zusammenplan {command} {' '.join(words)}: {refusal}") from refusal


def runs_of(page: Path) -> list[tuple[str, str]]:
    """Give what is run for a page, each once, in the order of the page."""
    found = [
        (command, way)
        for command, words in commands_in(page)
        # Within a sentence a command that needs words may stand by its name alone.
        if command not in NOT_RUN_HERE and (words or command in SAID_ALONE)
        for way in ways_to_say(words)
    ]
    return list(dict.fromkeys(found))


def runs_of_all() -> list[tuple[str, str]]:
    """Give what is run for all pages, each once."""
    return list(dict.fromkeys(one for page in (*PAGES, *DEPLOYED) for one in runs_of(page)))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with the files that the commands read; what they write stays in it."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    shutil.copy(ROOT / "zusammenplan/config/demo/areas-2018.geojson", tmp_path / "areas.geojson")
    files.source(
        tmp_path,
        files.flat([Value("16099", "Rennsteiggrund", 2024, "", "61406")]),
        READ["import_statistics"],
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.django_db
@pytest.mark.one_database
def test_commands_of_all_pages_run_as_written(folder: Path, settings: SettingsWrapper) -> None:
    settings.DATA = folder
    round_ = make_voted_round(slug=ROUND)
    round_.plan.slug = PLAN
    round_.plan.save()
    make_chapter(round_.plan, kind=ChapterKind.MEASURES)
    freeze(round_.plan, label_de="Entwurf", by=make_user(), now=timezone.now())

    said = [(command, words) for command, words in runs_of_all() if command not in ARCHIVES]
    assert len(said) > 20
    for command, words in said:
        run(command, filled_in(command, words, folder))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    django_settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    and not shutil.which("pg_dump"),
    reason="pg_dump is not installed",
)
def test_archives_are_written_and_put_back_as_written(
    folder: Path, settings: SettingsWrapper
) -> None:
    settings.DATA = folder / "data"
    settings.MEDIA_ROOT = settings.DATA / "files"
    settings.MEDIA_ROOT.mkdir(parents=True)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"]
    (folder / "backup").mkdir()
    call_command("backup", KEPT, stdout=StringIO())
    shutil.copy(KEPT, folder / "backup/2027-03-01.tar.gz")

    for command, words in runs_of_all():
        if command in ARCHIVES:
            run(command, filled_in(command, words, folder))


@pytest.mark.parametrize("page", FOR_ADMINISTRATORS, ids=named)
def test_what_no_test_runs_is_listed_with_its_reason(page: Path) -> None:
    unknown = [line for line in lines_of_blocks(page) if not _is_accounted_for(line)]

    assert unknown == []


def _is_accounted_for(line: str) -> bool:
    if not line or line.startswith(("```", "#")):
        return True
    if PROGRAM.search(line) and not OTHER_PROGRAMS.search(line):
        return True
    return line.split(maxsplit=1)[0] in NOT_OURS or SETTING.match(line) is not None


@pytest.mark.skipif(not ANALYZE, reason="systemd is not installed")
def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    units = [unit for unit in DEPLOYED if unit.suffix in {".service", ".timer"}]
    for unit in units:
        # The program lies elsewhere on the machine of a test.
        text = unit.read_text(encoding="utf-8")
        (tmp_path / unit.name).write_text(text.replace(INSTALLED, "true"), encoding="utf-8")

    verify = [ANALYZE, "verify", "--man=no", *(str(tmp_path / unit.name) for unit in units)]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)

    # Of foreign units on this machine it may say what it likes.
    assert [line for line in done.stderr.splitlines() if "zusammenplan" in line] == []


def test_files_that_the_container_takes_are_there() -> None:
    text = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")

    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    wanted = [name for words in copied for name in words.split()]
    assert "zusammenplan" in wanted
    assert [name for name in wanted if not (ROOT / name).exists()] == []
