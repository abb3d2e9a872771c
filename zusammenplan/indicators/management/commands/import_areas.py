"""``zusammenplan import areas FILE…``: take areas from the municipal directory or GeoJSON."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zusammenplan.core.tables import UnreadableFileError
from zusammenplan.indicators.actions.areas import follow_areas
from zusammenplan.places.actions.imports import FileChoice, take_areas, with_all_proposals
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.queries.area_file import demand_area_file_size, read_area_file
from zusammenplan.places.queries.area_import import compared
from zusammenplan.places.queries.area_import_page import associations_text, proposal_text, summary

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from zusammenplan.places.domain.area_files import AreaFile
    from zusammenplan.places.queries.area_import import Comparison


class Command(BaseCommand):
    """Take all areas that fit, of all files or of none; name those that do not."""

    help = "Take areas from the municipal directory (XLSX, CSV) or from GeoJSON in WGS 84."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="the files with the areas")
        parser.add_argument(
            "--as-of",
            type=_day,
            metavar="DATE",
            help="the day of the territory, such as 2021-01-01; else what the file says",
        )
        parser.add_argument(
            "--only", default="", metavar="KEY", help="only areas whose key begins so"
        )
        parser.add_argument(
            "--without-key",
            choices=[AreaKind.PLANNING_AREA.value, AreaKind.DISTRICT.value],
            default=AreaKind.PLANNING_AREA.value,
            help="what areas without a key are (default: planning areas)",
        )
        parser.add_argument(
            "--accept-changes",
            action="store_true",
            help="note what the outlines tell of merged areas",
        )
        parser.add_argument("--dry-run", action="store_true", help="answer, but write nothing")
        parser.add_argument("--json", action="store_true", help="answer with JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        read = [_read(Path(name)) for name in options["files"]]
        answers: list[tuple[str, AreaFile, Comparison]] = []
        with transaction.atomic():
            for name, content, file in read:
                answers.append((name, file, _take(name, content, file, options)))
            if options["dry_run"]:
                transaction.set_rollback(True)
            else:
                follow_areas()
        if options["json"]:
            records = {"files": [_record(*answer) for answer in answers]}
            self.stdout.write(json.dumps(records, ensure_ascii=False))
            return
        for answer in answers:
            self.stdout.write(_words(*answer))
        if options["dry_run"]:
            self.stdout.write(_("Nothing was written."))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise ArgumentTypeError(
            _("“%(text)s” is no day. Write it as 2021-01-01.") % {"text": text}
        ) from fault


def _read(path: Path) -> tuple[str, bytes, AreaFile]:
    try:
        if path.is_dir():
            raise CommandError(
                _("“%(file)s” is a folder. Name the file with the areas.") % {"file": path}
            )
        demand_area_file_size(path.name, path.stat().st_size)
        content = path.read_bytes()
        return path.name, content, read_area_file(path.name, content)
    except FileNotFoundError as fault:
        raise CommandError(_("There is no file “%(file)s”.") % {"file": path}) from fault
    except OSError as fault:
        raise CommandError(
            _("The file “%(file)s” cannot be read: %(fault)s")
            % {"file": path, "fault": fault.strerror}
        ) from fault
    except UnreadableFileError as refusal:
        raise CommandError(str(refusal)) from refusal


def _take(name: str, content: bytes, file: AreaFile, options: dict[str, Any]) -> Comparison:
    as_of = options["as_of"] or file.as_of
    if as_of is None:
        raise CommandError(
            _("“%(file)s” does not say of which day its territory is. Add --as-of.")
            % {"file": name}
        )
    choice = FileChoice(as_of, options["only"], options["without_key"])
    if options["accept_changes"]:
        preview = compared(file, as_of, only=choice.only, keyless=choice.keyless)
        choice = with_all_proposals(choice, preview)
    return take_areas(
        file,
        choice,
        name=name,
        checksum=sha256(content).hexdigest(),
        seen=None,
        by=None,
        now=timezone.now(),
    )


def _record(name: str, file: AreaFile, taken: Comparison) -> dict[str, object]:
    """Give the answer as scripts read it (docs/commands.md)."""
    return {
        "file": name,
        "layout": file.layout.value,
        "territory": taken.as_of.isoformat(),
        "source": file.source,
        "licence": file.licence,
        "new": taken.count("new"),
        "changed": taken.count("changed", "next"),
        "unchanged": taken.count("unchanged"),
        "associations": len(file.associations),
        "refused": [
            {"number": one.number, "name": one.name, "reason": one.reason} for one in taken.refused
        ],
        "changes_of_territory": [
            {
                "before": one.before.ags,
                "after": one.after_key,
                "on": one.on.isoformat(),
                "percent": one.percent,
            }
            for one in taken.proposals
        ],
        "warnings": taken.warnings,
    }


def _words(name: str, file: AreaFile, taken: Comparison) -> str:
    lines = [
        f"{name} ({file.layout.value}, {taken.as_of.isoformat()}): {summary(taken)}",
        *taken.warnings,
        *([associations_text(len(file.associations))] if file.associations else []),
        *(proposal_text(one) for one in taken.proposals),
    ]
    if taken.refused:
        lines.append(_("Not taken over:"))
        lines += [f"{one.number} {one.name}: {one.reason}" for one in taken.refused]
    return "\n".join(lines)
