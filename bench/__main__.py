"""
Measure everything, print a table and write it to ``bench.json`` in the data folder.

It measures and does not judge: a missed goal is printed as "missed", the exit code is 0.
"""

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.databases import DATABASES, postgresql_programs
from bench.measure import Goal, Row

CASES = (
    *("cached", "page", "scale", "vote", "evaluation", "wall"),
    *("statistics-import", "data", "data-whole", "memory"),
)
Record = dict[str, Any]


def main() -> None:
    parser = ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", choices=CASES, action="append", help="only this one; repeatable")
    parser.add_argument("--database", choices=DATABASES, help="only on this one")
    chosen = parser.parse_args()
    records: list[Record] = []
    print(f"{'':<66} {'value':>9} {'floor':>9} {'ratio':>7}  goal")
    with tempfile.TemporaryDirectory(prefix="zusammenplan-bench.") as folder:
        for database in [chosen.database] if chosen.database else DATABASES:
            if database == "postgresql" and postgresql_programs() is None:
                print("PostgreSQL: its server programs were not found; nothing was measured on it.")
                continue
            for record in _measured(database, Path(folder) / database, chosen.only or CASES):
                records.append(record)
                print(_line(record), flush=True)
    target = Path(os.getenv("ZUSAMMENPLAN_DATA", "var")) / "bench.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Written to {target}")


def _measured(database: str, folder: Path, names: Iterable[str]) -> Iterator[Record]:
    folder.mkdir()
    with DATABASES[database](folder) as fresh:
        print(f"\n{database}")
        for name in names:
            result = folder / f"{name}.json"
            done = subprocess.run(
                [sys.executable, "-m", "bench.inside", name, str(result)],
                env=fresh(f"case_{name.replace('-', '_')}"),
                check=False,
            )
            if done.returncode:
                print(f"  {name}: could not be measured, see above.")
                continue
            for row in json.loads(result.read_text(encoding="utf-8")):
                yield Row(**{**row, "goal": Goal(**row["goal"])}).record(database)


def _line(record: Record) -> str:
    verdict = "met" if record["met"] else "missed"
    return (
        f"  {record['name']:<64} {record['value']:>9.1f} {record['floor']:>9.1f} "
        f"{record['ratio']:>7.2f}  {record['goal']}: {verdict}"
    )


main()
