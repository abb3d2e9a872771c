"""Check the installation."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from zusammenplan import __version__
from zusammenplan.core.index import not_noted
from zusammenplan.core.uploads import sweep_uploads
from zusammenplan.core.viruses import scanner_answers
from zusammenplan.people.choices import Role
from zusammenplan.people.models import MunicipalRole


class Command(BaseCommand):
    help = "Check the installation: settings, database, data folder, mail, administrators."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        sweep_uploads(now=timezone.now())
        all_checks = (*(_settings, _database, _folder, _mail, _scanner, _administrators, _search),)
        findings = [finding for check in all_checks for finding in check()]
        facts = {
            "version": __version__,
            "database": connection.vendor,
            "data": str(settings.DATA),
            "url": settings.SITE_URL,
            "findings": findings,
        }
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
        else:
            for name in ("version", "database", "data", "url"):
                self.stdout.write(f"{name}: {facts[name]}")
            for finding in findings:
                self.stdout.write(f"- {finding}")
        if findings:
            raise CommandError(_("There is something to mend."))
        if not options["json"]:
            self.stdout.write(_("All is well."))


def _settings() -> list[str]:
    found = checks.run_checks(include_deployment_checks=settings.IS_HTTPS)
    return [
        str(message.msg)
        for message in found
        if message.level >= checks.WARNING and not message.is_silenced()
    ]


def _database() -> list[str]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        answer = cursor.fetchone()[0]
    return (
        []
        if answer == "ok"
        else [_("The database file is damaged: %(answer)s") % {"answer": answer}]
    )


def _folder() -> list[str]:
    key = Path(settings.DATA, "secret_key")
    if key.exists() and key.stat().st_mode & 0o077:
        return [_("%(file)s can be read by others; run: chmod 600 %(file)s") % {"file": key}]
    return []


def _mail() -> list[str]:
    if not settings.EMAIL_HOST:
        return []
    try:
        with get_connection() as mail:
            mail.open()
    except OSError as refusal:
        return [
            _("The mail server %(server)s does not answer: %(why)s")
            % {"server": settings.EMAIL_HOST, "why": refusal}
        ]
    return []


def _scanner() -> list[str]:
    if not settings.CLAMD or scanner_answers():
        return []
    return [
        _("The virus scanner at %(server)s does not answer; no file comes in")
        % {"server": settings.CLAMD}
    ]


def _administrators() -> list[str]:
    active = MunicipalRole.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
    if active.exists():
        return []
    return [_("Nobody is administrator; run: zusammenplan create-user")]


def _search() -> list[str]:
    return [
        _("The search does not know %(count)s records of %(kind)s; run: %(command)s")
        % {"count": count, "kind": kind, "command": "zusammenplan rebuild-search"}
        for kind, count in not_noted().items()
    ]
