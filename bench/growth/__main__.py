"""
Ask every page on data of 1, 10 and 100 counties; print queries and time side by side.

What asks more often or takes notably longer on the largest is marked. It measures and does not
judge: the exit code is 0.
"""

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path

from bench.databases import DATABASES, postgresql_programs

SIZES = (1, 10, 100)
# A page grows if it asks more often, or takes more than a fifth and more than this longer.
SHARE, MILLISECONDS = 1.2, 10.0
Cost = Mapping[str, float]
Costs = dict[str, dict[int, Cost]]


def main() -> None:
    parser = ArgumentParser(prog="growth", description=__doc__)
    parser.add_argument("--database", choices=DATABASES, help="only on this one")
    parser.add_argument("--largest", type=int, choices=SIZES, default=SIZES[-1])
    parser.add_argument("--all", action="store_true", help="print also what does not grow")
    chosen = parser.parse_args()
    sizes = [size for size in SIZES if size <= chosen.largest]
    told = {}
    with tempfile.TemporaryDirectory(prefix="zusammenplan-growth.") as folder:
        for database in [chosen.database] if chosen.database else DATABASES:
            if database == "postgresql" and postgresql_programs() is None:
                print("PostgreSQL: its server programs were not found; nothing was measured on it.")
                continue
            print(f"\n{database}, counties:", flush=True)
            told[database] = _measured(database, Path(folder) / database, sizes)
            print("\n".join(_table(told[database], sizes, is_whole=chosen.all)), flush=True)
    target = Path(os.getenv("ZUSAMMENPLAN_DATA", "var")) / "growth.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(told, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Written to {target}")


def _measured(database: str, folder: Path, sizes: list[int]) -> Costs:
    folder.mkdir()
    costs: Costs = {}
    with DATABASES[database](folder) as fresh:
        for size in sizes:
            result = folder / f"{size}.json"
            subprocess.run(
                [sys.executable, "-m", "bench.growth.inside", str(size), str(result)],
                env=fresh(f"counties_{size}"),
                check=True,
            )
            for cost in json.loads(result.read_text(encoding="utf-8")):
                costs.setdefault(cost["name"], {})[size] = cost
    return costs


def _table(costs: Costs, sizes: list[int], *, is_whole: bool) -> list[str]:
    heads = "".join(f"{f'×{size}':>8}" for size in sizes)
    lines = [
        f"{'':<46}{'queries':<{8 * len(sizes)}}ms of the processor, with the database",
        f"{'':<46}{heads}{heads}",
    ]
    shown = 0
    for name, found in costs.items():
        if len(found) < len(sizes):
            lines.append(f"{name:<46} was a page only with {sorted(found)}")
            continue
        grows = _grows(found, sizes)
        if grows or is_whole:
            shown += 1
            queries = "".join(f"{found[size]['queries']:>8}" for size in sizes)
            times = "".join(f"{found[size]['milliseconds']:>8.1f}" for size in sizes)
            lines.append(f"{name:<46}{queries}{times}{'  grows' if grows else ''}")
    return [*lines, f"{len(costs)} pages; {len(costs) - shown} that do not grow are not shown"]


def _grows(found: Mapping[int, Cost], sizes: list[int]) -> bool:
    first, last = found[sizes[0]], found[sizes[-1]]
    longer = last["milliseconds"] - first["milliseconds"]
    is_slower = last["milliseconds"] > first["milliseconds"] * SHARE and longer > MILLISECONDS
    return last["queries"] > first["queries"] or is_slower


if __name__ == "__main__":
    main()
