"""Write database and files into one archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import ngettext

from zusammenplan.config.archive import ArchiveError, make_backup


class Command(BaseCommand):
    help = "Write database, files and secret key into one archive; the server may be running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            help="the archive to write, or a folder: it is named by day and time",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now, target = timezone.localtime(), options["file"]
        if target.is_dir():
            target /= f"zusammenplan-{now:%Y-%m-%d-%H%M%S}.tar.gz"
        try:
            summary = make_backup(target.resolve(), now=now)
        except (ArchiveError, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        told = ngettext("%(count)s file", "%(count)s files", summary.files) % {
            "count": summary.files
        }
        self.stdout.write(f"{target}: {told}, {summary.made_at}")
