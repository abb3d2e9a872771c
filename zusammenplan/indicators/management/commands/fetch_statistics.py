"""``zusammenplan fetch statistics TABLE``: fetch one table of the online service into a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from zusammenplan.indicators.actions.imports import ImportRefusedError
from zusammenplan.indicators.actions.imports.service import fetch_table


class Command(BaseCommand):
    """Write what the service sends into a file, whole or not at all; importing it comes next."""

    help = "Fetch one table of the online service (GENESIS) by its number, into a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", help="the table's number, such as 12411-01-01-4")
        parser.add_argument("--from", dest="start", type=int, metavar="YEAR", help="from this year")
        parser.add_argument("--to", dest="end", type=int, metavar="YEAR", help="to this year")
        parser.add_argument("--output", metavar="FILE", help="the file (default: TABLE.zip)")

    def handle(self, *args: Any, **options: Any) -> None:
        table = options["table"]
        target = Path(options["output"] or f"{table}.zip")
        part = target.with_name(f"{target.name}.part")
        try:
            with part.open("wb") as file:
                for piece in fetch_table(
                    table, start_year=options["start"], end_year=options["end"]
                ):
                    file.write(piece)
            part.replace(target)
        except ImportRefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as fault:
            raise CommandError(
                _("The file “%(file)s” cannot be written: %(fault)s")
                % {"file": target, "fault": fault.strerror}
            ) from fault
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(_("Written to %(file)s.") % {"file": target})
