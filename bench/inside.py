"""Run one benchmark on the database that the environment names; write its rows as JSON."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import django


def main() -> None:
    name, target = sys.argv[1:]
    django.setup()
    from bench.cases import CASES

    rows = CASES[name]()
    Path(target).write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")


main()
