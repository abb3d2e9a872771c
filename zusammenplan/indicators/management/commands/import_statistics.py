"""``zusammenplan import statistics FILE…``: take files of statistics over, all or none."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from zusammenplan.indicators.actions.imports import (
    ImportRefusedError,
    Origin,
    Outlook,
    SourceFile,
    Wishes,
    look_ahead,
    take_over,
)
from zusammenplan.indicators.actions.imports.shapes import FileOutcome
from zusammenplan.indicators.queries.import_words import SKIPPED

MOST_LINES = 20


class Command(BaseCommand):
    """Take over what could be read of all files, or nothing; name the rows that could not."""

    help = "Take over files of official statistics (GENESIS, Landesamt) or own tables."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="CSV, XLSX or ZIP")
        parser.add_argument("--dry-run", action="store_true", help="answer, but write nothing")
        parser.add_argument(
            "--known-areas-only",
            action="store_true",
            help="leave out regions that the list of areas does not know",
        )
        parser.add_argument("--publisher", default="", help="who published the figures")
        parser.add_argument("--licence", default="", help="under which licence")
        parser.add_argument("--url", default="", help="where they can be found")
        parser.add_argument(
            "--retrieved-on", type=date.fromisoformat, metavar="DATE", help="when they were fetched"
        )
        parser.add_argument("--json", action="store_true", help="answer with JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        files = [_file(Path(name)) for name in options["files"]]
        wishes = Wishes(known_areas_only=options["known_areas_only"])
        origin = Origin(
            options["publisher"], options["licence"], options["url"], options["retrieved_on"]
        )
        try:
            if options["dry_run"]:
                outlook = look_ahead(files, wishes)
                if outlook.contradictions:
                    raise CommandError("\n".join(outlook.contradictions))
            else:
                outlook = take_over(
                    files,
                    wishes,
                    origins=dict.fromkeys(range(len(files)), origin),
                    by=None,
                    now=timezone.now(),
                )
        except ImportRefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            answer = {"files": [_record(file) for file in outlook.files]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(_words(outlook, dry_run=options["dry_run"]))


def _file(path: Path) -> SourceFile:
    try:
        if path.is_dir():
            raise CommandError(
                _("“%(file)s” is a folder. Name the file with the table.") % {"file": path}
            )
        with path.open("rb"):
            return SourceFile(path.name, path)
    except FileNotFoundError as fault:
        raise CommandError(_("There is no file “%(file)s”.") % {"file": path}) from fault
    except OSError as fault:
        raise CommandError(
            _("The file “%(file)s” cannot be read: %(fault)s")
            % {"file": path, "fault": fault.strerror}
        ) from fault


def _record(file: FileOutcome) -> dict[str, object]:
    """Give the answer as scripts read it (docs/commands.md)."""
    return {
        "file": file.name,
        "layout": file.about.layout.value,
        "table": file.about.table,
        "encoding": file.about.encoding,
        "rows": file.about.rows,
        "values": file.values,
        "new": file.new,
        "changed": file.changed,
        "unchanged": file.unchanged,
        "refused": [
            {"row": fault.row, "column": fault.column, "reason": fault.reason}
            for fault in file.refused
        ],
        "refused_total": file.refused_count,
        "skipped": file.skipped_count,
        "areas_added": file.areas_added,
    }


def _words(outlook: Outlook, *, dry_run: bool) -> str:
    lines = []
    for file in outlook.files:
        lines += _file_words(file)
    if dry_run:
        lines += ["", _("Nothing was written.")]
    return "\n".join(lines)


def _file_words(file: FileOutcome) -> list[str]:
    about = file.about
    lines = [
        f"{file.name}: {about.title or about.table}",
        _("  %(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused")
        % {
            "new": file.new,
            "changed": file.changed,
            "unchanged": file.unchanged,
            "refused": file.refused_count,
        },
    ]
    if file.known is not None and not file.new:
        lines.append(_("  This file was taken over already. Nothing was changed."))
    lines += [
        _("  left out: %(count)s (%(why)s)") % {"count": count, "why": SKIPPED[why]}
        for why, count in file.skipped.items()
    ]
    lines += [
        _("  Row %(row)s, column %(column)s: %(reason)s")
        % {"row": fault.row, "column": fault.column, "reason": fault.reason}
        for fault in file.refused[:MOST_LINES]
    ]
    return lines
