"""Note all words of all records anew."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from zusammenplan.core.index import rebuild


class Command(BaseCommand):
    help = "Make the index of the search anew; needed only when doctor says so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = rebuild()
        if options["json"]:
            self.stdout.write(json.dumps({"records": counts}, ensure_ascii=False))
            return
        for kind, count in counts.items():
            self.stdout.write(f"{kind}: {count}")
