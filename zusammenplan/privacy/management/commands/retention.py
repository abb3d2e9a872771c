"""What each day asks for in data protection: data of people go in time, and stay gone."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from zusammenplan.privacy.actions.persons import erase_again
from zusammenplan.privacy.actions.remembering import known_again
from zusammenplan.privacy.actions.retention import Gone, let_go
from zusammenplan.privacy.queries.due import policies


class Command(BaseCommand):
    help = (
        "Let go what is kept of people and whose period is over: delete it, or take names and "
        "addresses out. The periods stand in the settings, under data protection."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="let nothing go, only tell")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = options["dry_run"]
        gone = _would_go() if dry_run else let_go(now=timezone.now())
        again = len(known_again()) if dry_run else erase_again(now=timezone.now())
        if not dry_run and known_again():
            self.stderr.write(_("Nobody else would be an administrator, so one account stays."))
        if options["json"]:
            told = [
                {"retention": one.retention.value, "outcome": one.outcome.value, "count": one.count}
                for one in gone
            ]
            shown = {"dry_run": dry_run, "gone": told, "erased_again": again}
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
            return
        for one in gone:
            self.stdout.write(f"{one.retention.label}: {one.count} ({one.outcome.label})")
        if again:
            self.stdout.write(_("Again, after a restore: %(count)s") % {"count": again})
        total = again + sum(one.count for one in gone)
        words = (
            ngettext("%(number)s record would go.", "%(number)s records would go.", total)
            if dry_run
            else ngettext("%(number)s record went.", "%(number)s records went.", total)
        )
        self.stdout.write(words % {"number": total})


def _would_go() -> list[Gone]:
    return [
        Gone(policy.retention, policy.outcome, policy.due)
        for policy in policies()
        if policy.due and not policy.is_held
    ]
