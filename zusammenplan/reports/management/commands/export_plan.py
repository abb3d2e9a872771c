"""``zusammenplan export plan``: write a plan as JSON, XLSX, Word or PDF."""

import json
import shutil
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from zusammenplan.plans.exports.lists import plan_document, xlsx_file
from zusammenplan.plans.models import Plan, PlanVersion
from zusammenplan.reports.actions import make_now
from zusammenplan.reports.exports.pdf import TypesettingError
from zusammenplan.reports.queries.reading import frozen_source, live_source


class Command(BaseCommand):
    """Write a plan to a file, or to standard output."""

    help = "Write a plan as JSON or XLSX, or its document as Word or PDF."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the plan's address, as at the end of its web address")
        parser.add_argument("--format", choices=["json", "xlsx", "docx", "pdf"], default="json")
        parser.add_argument(
            "--version-number", type=int, help="a frozen version (docx and pdf only)", metavar="N"
        )
        parser.add_argument(
            "--language", choices=["de", "en"], default="de", help="of docx and pdf"
        )
        parser.add_argument("--output", default="-", help="the file; - is standard output")

    def handle(self, *args: Any, slug: str, **options: Any) -> None:
        plan = Plan.objects.filter(slug=slug).first()
        if plan is None:
            known = ", ".join(Plan.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(
                _("There is no plan “%(slug)s”. There are: %(known)s")
                % {"slug": slug, "known": known or _("none yet")}
            )
        is_document = options["format"] in {"docx", "pdf"}
        if options["version_number"] is not None and not is_document:
            raise CommandError(_("A frozen version can be written as Word or PDF only."))
        try:
            if is_document:
                self._write_document(plan, options)
            else:
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

    def _write_document(self, plan: Plan, options: dict[str, Any]) -> None:
        """Write the document; what bars an accessible PDF is told and not gone round."""
        kind, output, number = options["format"], options["output"], options["version_number"]
        if number is None:
            source = live_source(plan, timezone.now())
        else:
            version = PlanVersion.objects.filter(plan=plan, number=number).first()
            if version is None:
                raise CommandError(_("The plan has no version %(number)d.") % {"number": number})
            source = frozen_source(version)
        if not source.content.chapters:
            raise CommandError(_("The document has no chapter yet."))
        if kind == "pdf" and source.bars_pdf:
            raise CommandError(
                _("The PDF would not be accessible: a figure has no picture or alternative text.")
            )
        try:
            content = make_now(plan.pk, source.document(options["language"]), kind)
        except TypesettingError as refusal:
            raise CommandError(str(refusal)) from refusal
        if output == "-":
            sys.stdout.buffer.write(content)
        else:
            Path(output).write_bytes(content)
