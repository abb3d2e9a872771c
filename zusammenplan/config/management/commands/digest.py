"""What each day asks for: areas follow their versions, everybody gets the own tasks by mail."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

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
                    f"{mail.email}: {mail.overdue} overdue, {mail.due} due, {mail.new} new"
                )
            mails = "1 mail" if len(sent) == 1 else f"{len(sent)} mails"
            told = f"{mails} {'would be sent' if dry_run else 'sent'}."
            self.stdout.write(told if has_mail else "No mail server is set up: no mail sent.")
        if refused:
            told = "\n".join(f"{mail.email}: {mail.refusal}" for mail in refused)
            raise CommandError(told)
