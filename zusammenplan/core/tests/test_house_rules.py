"""Rules of the house that no linter knows. Each test names what to do instead."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

PACKAGE = Path(__file__).parents[2]
SOURCES = [
    path
    for path in PACKAGE.rglob("*.py")
    if not {"migrations", "tests", "demo"} & set(path.relative_to(PACKAGE).parts)
]
WRITES = {"save", "delete", "create", "bulk_create", "bulk_update"}
WRITES |= {"get_or_create", "update_or_create"}
# A document, an archive and a picture are saved too, but not in the database.
SAVED_ELSEWHERE = {"document", "code", "book"}
# Data for programs stand in a script that no browser runs.
INLINE = re.compile(
    r"""\sstyle=["']|<style|<script\b(?![^>]*(?:\ssrc=|\+json"|/json"))|\son[a-z]+=["']"""
)
READ_ONLY_ROOMS = {"views", "forms", "queries", "permissions", "domain", "exports"}
# Whoever has not signed in reaches these: the public site, the way in, and the room with a link.
OPEN_PLACES = (
    "zusammenplan.website",
    "zusammenplan.api",
    "zusammenplan.reports.views",
    "zusammenplan.ballots.views.room",
    "zusammenplan.ballots.views.wall",
    "zusammenplan.plans.views.rating",
    "zusammenplan.people.views",
    "zusammenplan.core.views",
    "allauth.",
    "ninja.",
    "django.",
)


def rooms(path: Path) -> set[str]:
    """Give the names of the path's folders and file: a room may be a file or a package."""
    return {part.removesuffix(".py") for part in path.relative_to(PACKAGE).parts}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def writes_in(tree: ast.Module) -> Iterator[str]:
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        name, of = call.func.attr, call.func.value
        if isinstance(of, ast.Name) and of.id in SAVED_ELSEWHERE:
            continue
        # A dictionary is updated with another one, records with fields by their names.
        if name in WRITES or (name == "update" and call.keywords):
            yield f"{call.lineno}: {name}"


def test_only_actions_write_to_the_database() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{write}"
        for path in SOURCES
        if rooms(path) & READ_ONLY_ROOMS
        for write in writes_in(parsed(path))
    ]

    assert found == [], "Move the write into actions.py."


@pytest.mark.parametrize(
    ("line", "is_write"),
    [
        ("plan.save()", True),
        ("Plan.objects.create(slug='a')", True),
        ("plan.measures.update(number='1')", True),
        ("Plan.objects.update_or_create(slug='a')", True),
        ("plan.delete()", True),
        ("document.save(file)", False),
        ("counts.update({'a': 1})", False),
    ],
)
def test_a_write_is_seen_where_it_is_one(line: str, *, is_write: bool) -> None:
    assert bool(list(writes_in(ast.parse(line)))) is is_write


def test_days_are_those_of_the_clock_on_the_wall() -> None:
    """Use ``localdate(moment)``: near midnight a moment's own day is another one than ours."""
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in [*SOURCES, *(PACKAGE / "config" / "demo").glob("*.py")]
        # Workbooks know days without a place on earth.
        if path.parent.name != "tables"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "date"
        and not node.args
        and not isinstance(node.func.value, ast.Call)
    ]

    assert found == []


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Give what runs when the file is imported: nothing within functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield child
            yield from at_import(child)


def test_no_text_is_put_together_before_the_reader_is_known() -> None:
    """Use ``format_lazy``: with ``%`` a text stays in the language in which the server started."""
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in SOURCES
        for node in at_import(parsed(path))
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mod)
        and isinstance(node.left, ast.Call)
    ]

    assert found == []


def patterns(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for pattern in resolver.url_patterns:
        found += patterns(pattern) if isinstance(pattern, URLResolver) else [pattern]
    return found


def innermost(view: Callable[..., object]) -> Callable[..., object]:
    """Give the function that was written, without its decorators and prepared arguments."""
    while True:
        if isinstance(view, partial):
            view = view.func
        elif hasattr(view, "__wrapped__"):
            view = view.__wrapped__
        else:
            return view


def test_pages_outside_the_public_places_need_a_login() -> None:
    open_pages = [
        pattern
        for pattern in patterns(get_resolver())
        if not getattr(pattern.callback, "login_required", True)
    ]

    unexpected = [
        pattern.name
        for pattern in open_pages
        if not innermost(pattern.callback).__module__.startswith(OPEN_PLACES)
    ]
    assert unexpected == [], "Take @login_not_required away, or name the place here."


def test_every_model_has_its_row_in_the_glossary() -> None:
    glossary = (PACKAGE.parent / "docs" / "glossary.md").read_text(encoding="utf-8")
    ours = [
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("zusammenplan.")
        and not model.__name__.startswith("Historical")
    ]

    assert [name for name in ours if f"`{name}`" not in glossary] == []


def test_templates_have_no_inline_script_or_style() -> None:
    templates = [*PACKAGE.rglob("templates/**/*.html")]
    offending = [
        f"{path.relative_to(PACKAGE)}: {found[0]}"
        for path in templates
        if (found := INLINE.search(path.read_text(encoding="utf-8")))
    ]

    assert len(templates) > 100
    assert offending == []


# What the demo says is German like its county.
COMMANDS = [path for path in PACKAGE.glob("*/management/commands/*.py") if path.name != "demo.py"]


def words_in(node: ast.AST) -> str:
    """Give what is written out, with no word of it looked up in a catalogue."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(map(words_in, node.values)) if isinstance(node, ast.JoinedStr) else ""


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_what_a_command_says_to_people_is_in_one_language(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    said = [
        words_in(call.args[0])
        for call in calls
        if call.args and ast.unparse(call.func) in {"CommandError", "self.stdout.write"}
    ]

    assert [words for words in said if re.search("[A-Za-z]{2}", words)] == [], "Write it in _()."
