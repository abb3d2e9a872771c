"""What each day asks for: areas follow their versions, everybody gets the own tasks by mail."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from zusammenplan.core.mail import mails_arrive
from zusammenplan.people.actions.tasks import post_digests
from zusammenplan.places.actions.versions import follow_today


class Command(BaseCommand):
    help = (
        "Mail everybody the own tasks that are new, due or overdue, at most one mail a day, and "
        "let areas follow versions of theirs that have begun."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="send nothing, only tell")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = options["dry_run"]
        if not dry_run:
            follow_today()
        has_mail = dry_run or mails_arrive()
        posted = post_digests(now=timezone.now(), dry_run=dry_run) if has_mail else []
        refused = [mail for mail in posted if mail.refusal]
        sent = [mail for mail in posted if not mail.refusal]
        if options["json"]:
            shown = {
                "dry_run": dry_run,
                "sent": [
                    {name: value for name, value in asdict(mail).items() if name != "refusal"}
                    for mail in sent
                ],
                "refused": [{"email": mail.email, "reason": mail.refusal} for mail in refused],
            }
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
        else:
            for mail in sent:
                self.stdout.write(
                    _("%(email)s: %(overdue)s overdue, %(due)s due, %(new)s new") % asdict(mail)
                )
            self.stdout.write(_told(len(sent), has_mail=has_mail, dry_run=dry_run))
        if refused:
            told = "\n".join(f"{mail.email}: {mail.refusal}" for mail in refused)
            raise CommandError(told)


def _told(count: int, *, has_mail: bool, dry_run: bool) -> str:
    if not has_mail:
        return _("No mail server is set up: no mail sent.")
    told = (
        ngettext("%(count)s mail would be sent.", "%(count)s mails would be sent.", count)
        if dry_run
        else ngettext("%(count)s mail sent.", "%(count)s mails sent.", count)
    )
    return told % {"count": count}
