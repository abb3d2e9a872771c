"""What the documentation says is there: links lead somewhere, commands and files exist."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
from django.core.management import get_commands, load_command_class

from zusammenplan.config.program import COMMANDS, DEVELOPERS_OPTIONS
from zusammenplan.config.tests.documents import (
    INLINE,
    PAGES,
    ROOT,
    commands_in,
    lines_of_code,
    named,
    prose,
)

PICTURES = ROOT / "docs/pictures"
LARGEST_PICTURE, LARGEST_ALBUM = 150_000, 5_000_000
LINK = re.compile(r"\]\(([^)\s]+)\)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
TARGET = re.compile(r"(?:^|\s)make ([a-z]+)\b")
# A path, or the name of a file of a kind that stands in the repository.
NAME_OF_FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?|[\w-]+\.(?:py|md|toml|sh|service|timer|yaml)")
NOT_OURS = {"reports/models.py", "actions/management/commands/"}  # of Kausal Watch
NOT_OURS |= {"ZUSAMMENPLAN_DATA/made", "ZUSAMMENPLAN_DATA/erased"}
MANUAL = sorted(ROOT.glob("docs/manual/*.md"))
CATALOGUE = ROOT / "zusammenplan/locale/de/LC_MESSAGES/django.po"
# Bold words are what stands on a page, unless they open a paragraph: with a colon or as a sentence.
BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
UNTRANSLATED = {"CSV", "PDF", "Word", "Excel (XLSX)", "Word (DOCX)", "⋯"}
UNTRANSLATED |= {"fetter Schrift", "Externe Steuerungsgruppe"}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")


@cache
def anchors(page: Path) -> set[str]:
    """Give the anchors that the headings get on the usual hosts of repositories."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings
    }


@cache
def options_of(command: str) -> set[str]:
    parser = load_command_class(get_commands()[command], command).create_parser("", command)
    return set(re.findall(r"(?<=[\s\[(])--?[a-z][a-z-]*", parser.format_help()))


def links_inside(page: Path) -> Iterator[str]:
    for target in LINK.findall(prose(page)):
        if "://" not in target and not target.startswith("mailto:"):
            yield target


def test_every_link_leads_to_a_file_and_its_heading() -> None:
    links = [(page, target) for page in PAGES for target in links_inside(page)]
    assert len(links) > len(PAGES)

    for page, target in links:
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{named(page)} links to {target}, which is not there"
        if anchor:
            assert anchor in anchors(file), f"{named(page)} links to {target}: no such heading"


def test_pictures_are_all_shown_and_stay_small() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if target.endswith(".png")
    }
    pictures = set(PICTURES.glob("*.png"))
    assert pictures == shown
    assert [it.name for it in pictures if it.stat().st_size > LARGEST_PICTURE] == []
    assert sum(it.stat().st_size for it in pictures) < LARGEST_ALBUM


def test_every_command_named_exists_with_its_options() -> None:
    commands = [(page, *found) for page in PAGES for found in commands_in(page)]
    assert commands

    for page, command, words in commands:
        assert command, f"{named(page)}: there is no command “zusammenplan {words}”"
        unknown = set(OPTION.findall(words)) - options_of(command)
        assert not unknown, f"{named(page)}: “zusammenplan {words}” has no {unknown}"


@cache
def labels() -> tuple[frozenset[str], list[re.Pattern[str]]]:
    """Give the German texts of the pages: those without a placeholder, and those with one."""
    texts = set()
    for entry in polib.pofile(str(CATALOGUE)):
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            shown = re.sub(r"<[^>]+>", "", text).strip().rstrip(".:")
            texts |= {shown, shown[:1].upper() + shown[1:]}  # as Django writes a field's label
    patterns = [
        re.compile(".+".join(map(re.escape, PLACEHOLDER.split(text))))
        for text in texts
        if PLACEHOLDER.search(text) and re.search(r"\w{3}", PLACEHOLDER.sub("", text))
    ]
    return frozenset(texts), patterns


def test_every_test_named_on_the_page_of_security_exists() -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    tests = "\n".join(
        path.read_text(encoding="utf-8") for path in ROOT.glob("zusammenplan/**/test_*.py")
    )
    named_there = set(re.findall(r"`(test_\w+)`", page))
    assert named_there - set(re.findall(r"def (test_\w+)", tests)) == set()
    assert len(named_there) > 50


def test_bold_words_of_the_manual_stand_on_the_pages() -> None:
    plain, patterns = labels()
    unknown = [
        f"{named(page)}: {words}"
        for page in MANUAL
        for words in sorted(set(BOLD.findall(prose(page))) - plain - UNTRANSLATED)
        if words[-1] not in ".:?"
        if not any(pattern.fullmatch(words) for pattern in patterns)
    ]
    assert unknown == [], "no page says so"


def test_every_file_named_is_there() -> None:
    package = ROOT / "zusammenplan"
    apps = [it for it in package.iterdir() if it.is_dir()]
    places = [ROOT, package, *apps, *(it / "templates" for it in apps)]
    missing = [
        f"{named(page)}: {words}"
        for page in PAGES
        for words in INLINE.findall(prose(page))
        if NAME_OF_FILE.fullmatch(words) and words not in NOT_OURS
        if not any((place / words).exists() for place in (page.parent, *places))
    ]
    assert missing == []


def test_every_target_of_make_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    there = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    missing = [
        f"{named(page)}: make {target}"
        for page in PAGES
        for line in lines_of_code(page)
        for target in TARGET.findall(line)
        if target not in there
    ]
    assert missing == []


def test_page_of_commands_names_every_command_and_option() -> None:
    said: dict[str, set[str]] = {}
    for command, words in commands_in(ROOT / "docs/commands.md"):
        said.setdefault(command, set()).update(OPTION.findall(words))
    assert set(said) == set(COMMANDS.values())
    for command, options in said.items():
        there = {it for it in options_of(command) if it.startswith("--")}
        assert options == there - DEVELOPERS_OPTIONS - {"--help"}, command


def test_page_of_operations_names_every_variable() -> None:
    name = re.compile(r"\b(?:ZUSAMMENPLAN_[A-Z]+(?:_[A-Z]+)*|DATABASE_URL)\b")
    settings = (ROOT / "zusammenplan/config/settings.py").read_text(encoding="utf-8")
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    page = re.sub(r"`(_[A-Z]+)`", r"ZUSAMMENPLAN_SMTP\1", page)
    assert set(name.findall(settings)) == set(name.findall(page))
