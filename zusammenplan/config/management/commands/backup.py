"""Write database and files into one archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zusammenplan.config.archive import ArchiveError, make_backup


class Command(BaseCommand):
    help = "Write database, files and secret key into one archive; the server may be running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write, such as backup.tar.gz")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = make_backup(options["file"].resolve(), now=timezone.localtime())
        except (ArchiveError, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{options['file']}: {summary.files} files, {summary.made_at}")
