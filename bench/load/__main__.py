"""
Let a crowd come to a server on this machine; tell how quick it was and that nothing was lost.

First people vote while projectors ask and visitors read, then editors work on one plan. The crowd
shares the processors with the server. An error or a lost mark ends this with 1.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from bench.databases import DATABASES, postgresql_programs
from bench.load.size import Size

Scene = dict[str, Any]


def main() -> None:
    chosen = _chosen()
    size = Size(**{one.name: getattr(chosen, one.name) for one in fields(Size)})
    allow_connections()
    told: dict[str, list[Scene]] = {}
    with tempfile.TemporaryDirectory(prefix="zusammenplan-load.") as folder:
        for database in [chosen.database] if chosen.database else DATABASES:
            if database == "postgresql" and postgresql_programs() is None:
                print("PostgreSQL: its server programs were not found; nobody came to it.")
                continue
            told[database] = play(database, Path(folder) / database, size)
            for scene in told[database]:
                print("\n".join(report(database, size, scene)), flush=True)
    target = Path(os.getenv("ZUSAMMENPLAN_DATA", "var")) / "load.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(told, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Written to {target}")
    if any(complaints(scene) for scenes in told.values() for scene in scenes):
        sys.exit(1)


def _chosen() -> Namespace:
    parser = ArgumentParser(prog="load", description=__doc__)
    parser.add_argument("--database", choices=DATABASES, help="only on this one")
    for one in fields(Size):
        kind = float if isinstance(one.default, float) else int
        name = f"--{one.name.replace('_', '-')}"
        parser.add_argument(name, type=kind, default=one.default, help=f"{one.default} if not said")
    return parser.parse_args()


def allow_connections() -> None:
    """Let this and what it starts hold as many connections as the machine allows at all."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def play(database: str, folder: Path, size: Size) -> list[Scene]:
    """Play both scenes on an empty database of this kind."""
    folder.mkdir()
    result = folder / "load.json"
    with DATABASES[database](folder) as fresh:
        subprocess.run(
            [sys.executable, "-m", "bench.load.inside", json.dumps(asdict(size)), str(result)],
            env=fresh("load"),
            check=True,
        )
    scenes: list[Scene] = json.loads(result.read_text(encoding="utf-8"))
    return scenes


def complaints(scene: Scene) -> list[str]:
    """Give what must not be: errors, and what is not kept as it was acknowledged."""
    errors = [f"{count} × {said}" for said, count in scene["errors"].items()]
    memory = [] if scene["is_flat"] else ["the server's memory grew"]
    return [*errors, *scene["faults"], *memory]


def report(database: str, size: Size, scene: Scene) -> list[str]:
    seconds = scene["seconds"]
    first, last = scene["memory"]
    return [
        (
            f"\n{scene['scene']} on {database}, {size.workers} process(es) of the server, "
            f"{seconds:.0f} s, {os.cpu_count()} processors, load {scene['busy']:.1f} before"
        ),
        f"{'':<28} {'count':>8} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'longest':>8}",
        *(
            f"{line['kind']:<28} {line['count']:>8} {line['p50']:>8.1f} {line['p95']:>8.1f} "
            f"{line['p99']:>8.1f} {line['longest']:>8.1f}"
            for line in scene["lines"]
        ),
        (
            f"{scene['requests'] / seconds:.0f} requests/s; of one processor the server took "
            f"{100 * scene['server_cpu'] / seconds:.0f} %, PostgreSQL "
            f"{100 * scene['database_cpu'] / seconds:.0f} %, the crowd "
            f"{100 * scene['own_cpu'] / seconds:.0f} %"
        ),
        (
            f"memory of the server: {first:.0f} MB in the first third, {last:.0f} MB in the last, "
            f"{max(scene['megabytes']):.0f} MB at most"
        ),
        *(f"{count} × {said}" for said, count in scene["events"].items()),
        *(f"WRONG: {said}" for said in complaints(scene)),
        *([] if complaints(scene) else ["no error, nothing lost"]),
    ]


if __name__ == "__main__":
    main()
