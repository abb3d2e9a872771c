"""``zusammenplan export plan``: write a plan as JSON or XLSX."""

import json
import shutil
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from zusammenplan.plans.exports.lists import plan_document, xlsx_file
from zusammenplan.plans.models import Plan


class Command(BaseCommand):
    """Write a plan to a file, or to standard output."""

    help = "Write a plan with its fields and measures as JSON or XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the plan's address, as at the end of its web address")
        parser.add_argument("--format", choices=["json", "xlsx"], default="json")
        parser.add_argument("--output", default="-", help="the file; - is standard output")

    def handle(self, *args: Any, slug: str, **options: Any) -> None:
        plan = Plan.objects.filter(slug=slug).first()
        if plan is None:
            known = ", ".join(Plan.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(
                _("There is no plan “%(slug)s”. There are: %(known)s")
                % {"slug": slug, "known": known or _("none yet")}
            )
        try:
            self._write(plan, options["format"], options["output"])
        except OSError as fault:
            raise CommandError(
                _("The file cannot be written: %(fault)s") % {"fault": fault}
            ) from fault

    def _write(self, plan: Plan, kind: str, output: str) -> None:
        if kind == "json":
            text = json.dumps(plan_document(plan), ensure_ascii=False, indent=2)
            if output == "-":
                self.stdout.write(text)
            else:
                Path(output).write_text(f"{text}\n", encoding="utf-8")
            return
        with xlsx_file(plan.measures.in_order(), title=plan.title_de) as file:
            if output == "-":
                shutil.copyfileobj(file, sys.stdout.buffer)
            else:
                with Path(output).open("wb") as target:
                    shutil.copyfileobj(file, target)
