"""Fill the database that the environment names with so many counties; write what pages cost."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

import django


def main() -> None:
    counties, target = int(sys.argv[1]), sys.argv[2]
    django.setup()
    from bench.growth.fill import fill
    from bench.growth.pages import costs

    began = time.perf_counter()
    county = fill(counties)
    rows = ", ".join(f"{count:,} {name}" for name, count in county.rows.items())
    print(
        f"  {counties} of them: {rows}; filled in {time.perf_counter() - began:.0f} s", flush=True
    )
    found = [asdict(cost) for cost in costs(county)]
    Path(target).write_text(json.dumps(found), encoding="utf-8")


main()
