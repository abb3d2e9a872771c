"""
Bring the demo county of each earlier state up to today's tables, and compare all rows.

A state is the last commit on the main line before its migrations became others. It fills its demo
with its own code; today's program brings the database up to date, and every row is looked for
again, column by column. Then the update is rolled back: the state's own program restores the backup
that it made before, and all is as it was. A state whose migrations stand no longer as they were was
never published and is named.
"""

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.databases import Cluster, postgresql_programs
from zusammenplan.config.tests.all_rows import Rows, rows_of

ROOT = Path(__file__).resolve().parents[1]
DEMO = "zusammenplan/config/management/commands/demo.py"
PROGRAM = "from zusammenplan.config.program import main; main()"
# What is kept for a while, what Django keeps for itself, what is made anew from the records, and a
# count of how often something public changed.
NOT_COMPARED = {
    *("django_migrations", "django_session", "people_session", "zusammenplan_cache"),
    *("core_searchword", "core_publicversion"),
}
# What the program itself adds where nothing stood, with what the catalogue has learned: which
# counts are parts of others, and so which ones are hidden. Nothing of it may go.
LEARNED = {
    "indicators_quantity": {"part_of_id", "is_subtracted"},
    "indicators_observation": {"secrecy"},
}


@dataclass(frozen=True, slots=True)
class State:
    """A commit on the main line, and its migrations by path and content."""

    commit: str
    title: str
    migrations: frozenset[tuple[str, str]]


def main() -> None:
    parser = ArgumentParser(prog="upgrades", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only on this one")
    chosen = parser.parse_args()
    today = migrations_of("HEAD")
    is_lossy = False
    for database in [chosen.database] if chosen.database else ["sqlite", "postgresql"]:
        if database == "postgresql" and postgresql_programs() is None:
            print("PostgreSQL: its server programs were not found; nothing was tried there.")
            continue
        print(f"\n{database}")
        for state in states():
            if not state.migrations <= today:
                print(f"  {state.commit}  not published: its migrations were replaced")
            elif git("ls-tree", state.commit, DEMO):
                is_lossy |= not is_brought_up(state, database)
    sys.exit(is_lossy)


def states() -> Iterator[State]:
    """Give the last commit of each set of migrations, the oldest first."""
    last = None
    for line in git("log", "--first-parent", "--reverse", "--format=%h %s").splitlines():
        commit, _space, title = line.partition(" ")
        found = State(commit, title, migrations_of(commit))
        if last and last.migrations and last.migrations != found.migrations:
            yield last
        last = found
    if last:
        yield last


def migrations_of(commit: str) -> frozenset[tuple[str, str]]:
    """Give the path and the content's name of each migration."""
    listed = git("ls-tree", "-r", "--format=%(path) %(objectname)", commit, "zusammenplan/")
    pairs = (line.split(" ") for line in listed.splitlines() if "/migrations/0" in line)
    return frozenset((path, name) for path, name in pairs)


def is_brought_up(state: State, database: str) -> bool:
    """Fill, bring up to date, compare; tell whether nothing was lost."""
    with tempfile.TemporaryDirectory(prefix="zusammenplan-upgrade.") as name:
        folder = Path(name)
        with tree_of(state.commit, folder / "tree") as tree, empty(folder, database) as environment:
            run(["demo", "--fill-only"], tree, environment)
            before = rows_of(environment)
            run(["backup", str(folder / "before.tar.gz")], tree, environment)
            run(["digest", "--dry-run"], ROOT, environment)  # any command brings it up to date
            after = rows_of(environment)
            run(["doctor"], ROOT, environment)
            back = dict(environment)
            if database == "postgresql":
                # Early states could not replace tables that a newer one had made.
                back["DATABASE_URL"] += "_back"
            run(["restore", str(folder / "before.tar.gz"), "--replace"], tree, back)
            is_back = rows_of(back) == before
    lost = losses(before, after)
    print(
        f"  {state.commit}  {len(before):>3} tables {count(before):>6} rows -> "
        f"{len(after):>3} tables {count(after):>6} rows; lost or other: {sum(lost.values())}; "
        f"rolled back: {'all as it was' if is_back else 'NOT as it was'}  ({state.title[:40]})",
        flush=True,
    )
    for what, number in sorted(lost.items()):
        print(f"    {what}: {number}")
    found = Counter(
        f"{table}.{column}" for table, column, *_row in learned(after) - learned(before)
    )
    for what, number in sorted(found.items()):
        print(f"    {what}: {number} learned")
    for table in sorted(set(before) & set(after) - NOT_COMPARED):
        if more := len(after[table]) - len(before[table]):
            print(f"    {table}: {more:+}")
    return is_back and not lost


def losses(before: Rows, after: Rows) -> Counter[str]:
    """Count what is not found again, in the columns that both have."""
    lost: Counter[str] = Counter()
    for table, rows in before.items():
        if table in NOT_COMPARED or not rows:
            continue
        if table not in after:
            lost[f"{table} is gone"] = len(rows)
            continue
        kept = after[table][0].keys() if after[table] else ()
        common = [it for it in rows[0] if it in kept and it not in LEARNED.get(table, ())]
        for column in set(rows[0]) - set(kept):
            lost[f"{table}.{column} is gone"] = sum(row[column] not in {None, ""} for row in rows)
        found = Counter(told(row, common) for row in after[table])
        missing = Counter(told(row, common) for row in rows) - found
        if missing:
            lost[table] = missing.total()
    lost["of what was learned"] = len(learned(before) - learned(after))
    return +lost


def learned(rows: Rows) -> set[tuple[str, str, int, Any]]:
    return {
        (table, column, row["id"], row[column])
        for table, columns in LEARNED.items()
        for row in rows.get(table, ())
        for column in columns
        if row.get(column)
    }


def told(row: dict[str, Any], columns: list[str]) -> str:
    return repr([row[column] for column in columns])


def count(rows: Rows) -> int:
    return sum(map(len, rows.values()))


@contextmanager
def tree_of(commit: str, folder: Path) -> Iterator[Path]:
    """Check the commit out beside this tree, with its translations."""
    git("worktree", "add", "--quiet", "--detach", str(folder), commit)
    try:
        for texts in folder.glob("zusammenplan/locale/*/LC_MESSAGES/django.po"):
            subprocess.run(["msgfmt", "-o", texts.with_suffix(".mo"), texts], check=True)
        yield folder
    finally:
        git("worktree", "remove", "--force", str(folder))


@contextmanager
def empty(folder: Path, database: str) -> Iterator[dict[str, str]]:
    """Give an installation without data."""
    environment = {key: value for key, value in os.environ.items() if "ZUSAMMENPLAN" not in key}
    environment.pop("DATABASE_URL", None)
    environment["ZUSAMMENPLAN_DATA"] = str(folder / "data")
    if database == "sqlite":
        yield environment
        return
    cluster = Cluster(folder)
    cluster.start()
    try:
        cluster.create("upgrade_back")
        yield environment | {"DATABASE_URL": cluster.create("upgrade")}
    finally:
        cluster.stop()


def run(words: list[str], tree: Path, environment: dict[str, str]) -> None:
    """Run the program of the tree, whichever is installed."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        env=environment | {"PYTHONPATH": str(tree)},
        cwd=tree,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} in {tree}: {done.stderr}")


def git(*words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(ROOT), *words], check=True, capture_output=True, text=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
