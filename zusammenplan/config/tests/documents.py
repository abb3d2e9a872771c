"""The documents, and the commands that stand in them."""

import re
from collections.abc import Iterator
from pathlib import Path

from zusammenplan.config.program import COMMANDS

ROOT = Path(__file__).parents[3]
PAGES = [
    *ROOT.glob("*.md"),
    *ROOT.glob("changes.d/*.md"),
    *ROOT.glob("docs/**/*.md"),
    *ROOT.glob("examples/**/*.md"),
]
DEPLOYED = sorted(ROOT.glob("deploy/*"))
BLOCK = re.compile(r"^(?:```.*?^```|(?: {4}\S.*\n)+)", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
PROGRAM = re.compile(r"(?:.*[\s/]|^)zusammenplan +(?=[a-z])(.*)")
OTHER_PROGRAMS = re.compile(
    r"\b(?:sudo|useradd|systemctl|createuser|createdb|pip|podman|apt-get|python3)\b"
)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(page: Path) -> str:
    """Give the text without its blocks of code."""
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


def lines_of_blocks(page: Path) -> Iterator[str]:
    """Give the lines that somebody is to type, or that a unit of systemd starts."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    if page.suffix != ".md":
        yield from re.findall(r"^(?:ExecStart=|# (?:[\w ]+: )?(?=podman))(.+)$", text, re.MULTILINE)
        return
    for block in BLOCK.findall(text):
        yield from block.splitlines()


def lines_of_code(page: Path) -> Iterator[str]:
    yield from lines_of_blocks(page)
    if page.suffix == ".md":
        yield from INLINE.findall(prose(page))


def commands_in(page: Path) -> Iterator[tuple[str, str]]:
    """Give each command of ours that the page names, with the words after it."""
    for line in lines_of_code(page):
        if OTHER_PROGRAMS.search(line) or not (found := PROGRAM.search(line)):
            continue
        words = found[1].split()
        length = 2 if tuple(words[:2]) in COMMANDS else 1
        name = COMMANDS.get(tuple(words[:length]), "")
        rest = " ".join(words[length:]) if name else found[1]
        yield name, rest
