"""Put an archive back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from zusammenplan.config.archive import ArchiveError, restore_backup
from zusammenplan.config.database import make_ready
from zusammenplan.privacy.actions.persons import erase_again


class Command(BaseCommand):
    help = "Put database, files and secret key back from an archive. Stop the server first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive that `backup` wrote")
        parser.add_argument("--replace", action="store_true", help="replace the data that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = restore_backup(options["file"], replace=options["replace"])
        except (ArchiveError, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        # An archive of an older version is brought up to date at once.
        make_ready()
        told = ngettext(
            "%(archive)s: %(count)s file of %(moment)s restored",
            "%(archive)s: %(count)s files of %(moment)s restored",
            summary.files,
        )
        names = {"archive": options["file"], "moment": summary.made_at}
        self.stdout.write(told % {**names, "count": summary.files})
        self.stdout.write(
            _(
                "Everybody signs in anew; links to set a password are withdrawn. Do again what was "
                "done since: deactivated users, lost second factors, withdrawn links to vote and "
                "to rate."
            )
        )
        if again := erase_again(now=timezone.now()):
            told = ngettext(
                "Erased again: %(count)s record of people who were erased since.",
                "Erased again: %(count)s records of people who were erased since.",
                again,
            )
            self.stdout.write(told % {"count": again})
